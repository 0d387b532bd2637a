"""Simulated history of the demo provinces: a pure plan, and the loader that records it."""
