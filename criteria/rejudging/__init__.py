"""Judging again what was found, after a level changed: a new version, a province's own level.

A result is judged again only where what is required of its commune changed and the program may
judge: the same figures, the new level, the new verdict, appended with cause REJUDGED. Where the
program may not, the verdict stands as it was recorded and the cell is listed as "cần đánh giá
lại". A level that did not change leaves the result alone, and the department's confirmation with
it. Judging again twice therefore changes nothing the second time.
"""

from criteria.rejudging.listing import Moved, moved_by
from criteria.rejudging.plans import Carried, Plan, Rejudged, plan
from criteria.rejudging.reassess import Due, Why, due
from criteria.rejudging.writing import REJUDGE, counts, rejudge, rejudge_version, write

__all__ = [
    "REJUDGE",
    "Carried",
    "Due",
    "Moved",
    "Plan",
    "Rejudged",
    "Why",
    "counts",
    "due",
    "moved_by",
    "plan",
    "rejudge",
    "rejudge_version",
    "write",
]
