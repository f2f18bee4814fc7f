"""Functions of one number, and softmax: derived with their steps, examined, drawn."""
