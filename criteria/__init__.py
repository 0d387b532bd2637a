"""First floor: what is asked, what was found, what was decided, what follows from it."""
