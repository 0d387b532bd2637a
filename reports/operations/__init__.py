"""Vận hành: whether the program's own machinery is well, for those who answer for it."""
