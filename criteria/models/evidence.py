"""Files that bear out results."""

from django.db import models

from communes.models import Change, Unit
from criteria.models.results import Result


class Evidence(models.Model):
    """A file kept for a unit, known by the checksum of its content."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="evidence")
    file = models.FileField(upload_to="evidence/%Y/%m")
    original_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = "minh chứng"

    def __str__(self) -> str:
        return self.original_name


class EvidenceLink(models.Model):
    """A file bears out a result. Append-only."""

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="links")
    result = models.ForeignKey(Result, models.PROTECT, related_name="evidence_links")
    change = models.ForeignKey(Change, models.PROTECT)

    class Meta:
        verbose_name = "gắn minh chứng"

    def __str__(self) -> str:
        return f"{self.evidence_id} → {self.result_id}"
