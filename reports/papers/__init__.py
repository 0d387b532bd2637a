"""Decisions and plans as tables, for their workbooks."""
