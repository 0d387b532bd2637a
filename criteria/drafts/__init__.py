"""Drafts of criteria sets: started from a version or by hand, edited, put in force or dropped.

A version in force is never edited: the database refuses, and so does every action here, with
the same advice. What several versions share (criteria, indicators, what an indicator measures)
stays as it is once one of them is in force.
"""

from criteria.drafts.dropping import drop
from criteria.drafts.editing import (
    drop_criterion,
    drop_indicator,
    put_criterion,
    put_indicator,
    set_head,
)
from criteria.drafts.faults import Fault, faults, warnings
from criteria.drafts.forcing import put_in_force, refusal_of_day
from criteria.drafts.pasting import Pasted, paste, read_table
from criteria.drafts.records import DraftRefused, spec_of
from criteria.drafts.starting import new_set, new_version

__all__ = [
    "DraftRefused",
    "Fault",
    "Pasted",
    "drop",
    "drop_criterion",
    "drop_indicator",
    "faults",
    "new_set",
    "new_version",
    "paste",
    "put_criterion",
    "put_in_force",
    "put_indicator",
    "read_table",
    "refusal_of_day",
    "set_head",
    "spec_of",
    "warnings",
]
