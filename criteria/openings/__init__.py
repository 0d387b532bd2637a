"""How a merged commune starts: what the office takes over from its predecessors, and its status.

The program proposes (``criteria.rules.opening``), people decide with a document. What was taken
over are ordinary rows of the ledger, true from the unit's first day, on the reported basis: a
department confirms them like any others.
"""

from criteria.openings.acts import take_over, take_over_proposed, undo
from criteria.openings.listing import Listed, new_units
from criteria.openings.loading import start, starts
from criteria.openings.records import Told, recorded, told
from criteria.openings.refusals import OpeningRefused, StartChanged
from criteria.openings.shapes import Choices, OldUnit, Recorded, Start
from criteria.openings.status import open_status, undo_status

__all__ = [
    "Choices",
    "Listed",
    "OldUnit",
    "OpeningRefused",
    "Recorded",
    "Start",
    "StartChanged",
    "Told",
    "new_units",
    "open_status",
    "recorded",
    "start",
    "starts",
    "take_over",
    "take_over_proposed",
    "told",
    "undo",
    "undo_status",
]
