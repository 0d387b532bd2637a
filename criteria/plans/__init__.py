"""What is planned for a year: targets of a province, and communes registered to pass."""
