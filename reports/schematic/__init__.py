"""Sơ đồ xã: where each commune stands on a grid of hexagons, and the keeping of it."""
