"""Why a change of units was not recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong and what to do; `field` is the box it concerns, "" for the whole.

    A box of a row is named with its number from 0: ``ends.1``, ``begins.0.code``.
    """

    message: str
    field: str = ""


class UnitsRefused(ValueError):
    """Not done, and nothing written; `faults` says everything that is wrong, in Vietnamese."""

    def __init__(self, faults: Sequence[Fault] | str) -> None:
        self.faults = [Fault(message=faults)] if isinstance(faults, str) else list(faults)
        super().__init__(" ".join(fault.message for fault in self.faults))


class ChangedMeanwhile(UnitsRefused):
    """Somebody changed these units after the preview was made: it has to be looked at again."""
