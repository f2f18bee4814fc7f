"""Where a ReLU network is linear, exactly: cells, lines of its units, the boundary between classes."""
