"""Top floor: reads, draws and prints what the lower floors know."""
