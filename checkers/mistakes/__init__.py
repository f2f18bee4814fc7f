"""The family of known mistakes, and the repairs of answers whose shapes do not fit."""
