"""Attributes of units that the office pastes or uploads as a list: previewed, applied, undone."""

from communes.attribute_lists.applying import decided_keys

__all__ = ["decided_keys"]
