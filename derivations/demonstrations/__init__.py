"""Concept questions with a computable core: claims, the computation that settles each, and choices between claims."""
