"""Tables of the top floor: what was made ready, how the program ran, reports, meetings."""

from reports.models.meetings import MeetingDecision
from reports.models.monthly import OfficeSetting, ReportRun, SectionText
from reports.models.operations import BackupRecord, Pulse, TaskRun
from reports.models.prepared import PreparedSeries
from reports.models.schematic import Schematic, SchematicPlace

__all__ = [
    "BackupRecord",
    "MeetingDecision",
    "OfficeSetting",
    "PreparedSeries",
    "Pulse",
    "ReportRun",
    "Schematic",
    "SchematicPlace",
    "SectionText",
    "TaskRun",
]
