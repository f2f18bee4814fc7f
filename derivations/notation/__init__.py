"""How mathematics is written: the tree, the table of spellings, and the writer in four styles."""
