"""What is meant: tensors as general elements, the functions of the table, their values, and SymPy and JAX beside them."""
