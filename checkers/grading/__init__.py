"""A whole submission graded: the claims of each problem, its points, and what is left for a person."""
