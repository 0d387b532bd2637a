"""Where each commune of a province stands on its schematic map, kept so that it stays there."""

from django.db import models

from communes.models import Unit


class Schematic(models.Model):
    """One placing of one list of communes of a province.

    Lists change by mergers and by who takes part in the programme; `digest` names the list, so
    that every page of the same list has the same places. Made by our own code from points and
    districts, and made anew where it is missing.
    """

    province = models.ForeignKey(Unit, models.CASCADE, related_name="schematics")
    digest = models.CharField(max_length=32)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "sơ đồ xã"
        constraints = [
            models.UniqueConstraint(fields=["province", "digest"], name="schematic_once")
        ]

    def __str__(self) -> str:
        return f"{self.province_id} {self.digest}"


class SchematicPlace(models.Model):
    """The hexagon of one commune: x + y is even, neighbours in a row are two apart."""

    schematic = models.ForeignKey(Schematic, models.CASCADE, related_name="places")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    x = models.SmallIntegerField()
    y = models.SmallIntegerField()

    class Meta:
        verbose_name = "ô của xã trên sơ đồ"
        constraints = [
            models.UniqueConstraint(fields=["schematic", "unit"], name="schematicplace_unit_once"),
            models.UniqueConstraint(
                fields=["schematic", "x", "y"], name="schematicplace_none_overlap"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} ({self.x}, {self.y})"
