"""Tables of the first floor."""

from criteria.models.adoptions import KeptStamp, Responsibility, SetAdoption
from criteria.models.evidence import Evidence, EvidenceLink
from criteria.models.levels import ProvinceLevel, Requirement, Threshold, ThresholdCheck
from criteria.models.months import (
    Basis,
    FigureCheck,
    MonthClosing,
    MonthFigure,
    MonthReopening,
    MonthStanding,
    PublishedFigure,
)
from criteria.models.recognition import Recognition
from criteria.models.results import (
    Assessment,
    Result,
    Submission,
    SubmissionReminder,
    Verdict,
)
from criteria.models.reviews import Review
from criteria.models.sets import (
    CONCLUSION_CODE,
    CriteriaSet,
    Criterion,
    Indicator,
    Measure,
    SetVersion,
    VersionCriterion,
)
from criteria.models.standings import CellHead, Standing
from criteria.models.targets import Registration, Target

__all__ = [
    "CONCLUSION_CODE",
    "Assessment",
    "Basis",
    "CellHead",
    "CriteriaSet",
    "Criterion",
    "Evidence",
    "EvidenceLink",
    "FigureCheck",
    "Indicator",
    "KeptStamp",
    "Measure",
    "MonthClosing",
    "MonthFigure",
    "MonthReopening",
    "MonthStanding",
    "ProvinceLevel",
    "PublishedFigure",
    "Recognition",
    "Registration",
    "Requirement",
    "Responsibility",
    "Result",
    "Review",
    "SetAdoption",
    "SetVersion",
    "Standing",
    "Submission",
    "SubmissionReminder",
    "Target",
    "Threshold",
    "ThresholdCheck",
    "Verdict",
    "VersionCriterion",
]
