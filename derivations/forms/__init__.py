"""Elements written again: as matrices, entry by entry, and as Kronecker products."""
