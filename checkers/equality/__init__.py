"""The judge of equality: exact points, balls, and what they say about two tensors."""
