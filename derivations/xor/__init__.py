"""XOR: why one unit cannot, and the weights of two layers that can."""
