"""Files and links that bear out results."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from communes.models import Change, Unit
from criteria.models.results import Result


class Evidence(models.Model):
    """A file or an address on the web, kept for a unit and known by the checksum of its content.

    The content lies under the media folder by its checksum, so equal files are stored once;
    `name` is what people call it. An address has `url` and no file.
    """

    class Type(models.TextChoices):
        PDF = "pdf", "PDF"
        PNG = "png", "Ảnh PNG"
        JPEG = "jpg", "Ảnh JPEG"
        WEBP = "webp", "Ảnh WebP"
        DOCX = "docx", "Word"
        XLSX = "xlsx", "Excel"
        PPTX = "pptx", "PowerPoint"
        LINK = "link", "Liên kết"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="evidence")
    file = models.FileField(blank=True)
    url = models.CharField(max_length=500, blank=True)
    name = models.CharField(max_length=200)
    type = models.CharField(max_length=4, choices=Type)
    size = models.PositiveBigIntegerField(default=0, help_text="Số byte")
    sha256 = models.CharField(max_length=64)

    unit_id: int

    class Meta:
        verbose_name = "minh chứng"
        constraints = [
            models.UniqueConstraint(fields=["unit", "sha256"], name="evidence_once_per_unit"),
            models.CheckConstraint(
                condition=Q(type="link") & ~Q(url="") & Q(file="")
                | ~Q(type="link") & Q(url="") & ~Q(file=""),
                name="evidence_file_or_link",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EvidenceLink(models.Model):
    """A file or address bears out a result, or no longer does. Append-only: the last row counts."""

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="links")
    result = models.ForeignKey(Result, models.PROTECT, related_name="evidence_links")
    withdrawn = models.BooleanField(default=False)
    change = models.ForeignKey(Change, models.PROTECT, related_name="evidence_links")

    evidence_id: int
    result_id: int

    class Meta:
        verbose_name = "gắn minh chứng"

    def __str__(self) -> str:
        return f"{self.evidence_id} → {self.result_id}"
