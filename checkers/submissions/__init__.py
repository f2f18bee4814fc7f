"""What a person hands in: a file is read, its problems are found, and what was asked is told from what was answered."""
