"""Tables of the top floor: what was made ready for drawing, how the program ran, reports."""

from reports.models.monthly import OfficeSetting, ReportRun, SectionText
from reports.models.operations import BackupRecord, Pulse, TaskRun
from reports.models.prepared import PreparedSeries
from reports.models.schematic import Schematic, SchematicPlace

__all__ = [
    "BackupRecord",
    "OfficeSetting",
    "PreparedSeries",
    "Pulse",
    "ReportRun",
    "Schematic",
    "SchematicPlace",
    "SectionText",
    "TaskRun",
]
