"""How networks start: at zero, and at one constant."""
