"""Networks: layers in matrix form, forward and backward, their numbers, their regions, and how they start."""
