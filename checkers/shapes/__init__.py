"""Answers that are shapes."""
