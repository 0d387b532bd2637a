"""Tables of the top floor: what was made ready for drawing, how the program ran, reports made."""

from reports.models.monthly import OfficeSetting, ReportRun, SectionText
from reports.models.operations import BackupRecord, Pulse, TaskRun
from reports.models.prepared import PreparedSeries

__all__ = [
    "BackupRecord",
    "OfficeSetting",
    "PreparedSeries",
    "Pulse",
    "ReportRun",
    "SectionText",
    "TaskRun",
]
