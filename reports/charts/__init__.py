"""Charts as pure functions: plain data in, drawing instructions out."""
