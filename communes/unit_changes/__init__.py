"""Rearrangements of units that staff record: planned, previewed, written, corrected, withdrawn.

Whoever records one also has to look at what rests on the units in the rooms above: the actions
that see both are in ``criteria.rearranging``.
"""

from communes.unit_changes.correcting import EdgeWanted, edges_fingerprint, set_edges
from communes.unit_changes.planning import plan
from communes.unit_changes.refusals import ChangedMeanwhile, Fault, UnitsRefused
from communes.unit_changes.shapes import Alteration, Edge, NewUnit, Plan, Rearrangement

__all__ = [
    "Alteration",
    "ChangedMeanwhile",
    "Edge",
    "EdgeWanted",
    "Fault",
    "NewUnit",
    "Plan",
    "Rearrangement",
    "UnitsRefused",
    "edges_fingerprint",
    "plan",
    "set_edges",
]
