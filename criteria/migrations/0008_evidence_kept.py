"""Evidence is a file or an address, of a known type, once for each unit; a link can be taken back."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("communes", "0007_room_for_the_longest_name"), ("criteria", "0007_submitting_the_month")]

    operations = [
        migrations.RenameField("evidence", "original_name", "name"),
        migrations.AlterField("evidence", "file", models.FileField(blank=True, upload_to="")),
        migrations.AddField("evidence", "url", models.CharField(blank=True, default="", max_length=500), preserve_default=False),
        migrations.AddField(
            "evidence",
            "type",
            models.CharField(
                choices=[
                    ("pdf", "PDF"),
                    ("png", "Ảnh PNG"),
                    ("jpg", "Ảnh JPEG"),
                    ("webp", "Ảnh WebP"),
                    ("docx", "Word"),
                    ("xlsx", "Excel"),
                    ("pptx", "PowerPoint"),
                    ("link", "Liên kết"),
                ],
                default="pdf",
                max_length=4,
            ),
            preserve_default=False,
        ),
        migrations.AddField("evidence", "size", models.PositiveBigIntegerField(default=0, help_text="Số byte")),
        migrations.AddConstraint(
            "evidence",
            models.UniqueConstraint(fields=("unit", "sha256"), name="evidence_once_per_unit"),
        ),
        migrations.AddConstraint(
            "evidence",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("type", "link"), models.Q(("url", ""), _negated=True), ("file", "")),
                    models.Q(
                        models.Q(("type", "link"), _negated=True),
                        ("url", ""),
                        models.Q(("file", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="evidence_file_or_link",
            ),
        ),
        migrations.AddField("evidencelink", "withdrawn", models.BooleanField(default=False)),
        migrations.AlterField(
            "evidencelink",
            "change",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence_links",
                to="communes.change",
            ),
        ),
    ]
