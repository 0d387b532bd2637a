"""Tables of the top floor: what was made ready for drawing."""

from reports.models.prepared import PreparedSeries

__all__ = ["PreparedSeries"]
