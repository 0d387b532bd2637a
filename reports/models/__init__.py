"""Tables of the top floor: what was made ready for drawing, and how the program ran."""

from reports.models.operations import BackupRecord, Pulse, TaskRun
from reports.models.prepared import PreparedSeries
from reports.models.schematic import Schematic, SchematicPlace

__all__ = ["BackupRecord", "PreparedSeries", "Pulse", "Schematic", "SchematicPlace", "TaskRun"]
