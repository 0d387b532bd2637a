"""The mass path: every figure of a province for many month-ends, from the ledger in one pass.

The same answers as ``criteria.rules.ledger`` and ``criteria.rules.rollup``, over arrays instead of
row by row: `reading` takes the ledger over as arrays, `holding` finds which result holds at each
moment, `standing` makes the criteria of each commune of it, `sums` the figures of the province
and its districts. Property tests hold it against the rules. It writes nothing.
"""

from criteria.mass.holding import Moment
from criteria.mass.standing import Stood, standings
from criteria.mass.sums import Sums, of_province

__all__ = ["Moment", "Stood", "Sums", "of_province", "standings"]
