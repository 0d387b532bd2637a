"""Tables of the top floor: what was made ready for drawing, how the program ran, meetings."""

from reports.models.meetings import MeetingDecision
from reports.models.operations import BackupRecord, Pulse, TaskRun
from reports.models.prepared import PreparedSeries

__all__ = ["BackupRecord", "MeetingDecision", "PreparedSeries", "Pulse", "TaskRun"]
