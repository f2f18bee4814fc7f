"""Reports of a grading: each format is a pure function of the grades."""
