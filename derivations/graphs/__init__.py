"""Computation graphs: forward, backward, what they cost, and their pictures."""
