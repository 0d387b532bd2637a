"""Attributes of units that the office pastes or uploads as a list: previewed, applied, undone."""
