"""/deescalate: from what an agent typed to words worth saying."""
