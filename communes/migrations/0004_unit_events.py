"""Events say which units they concern, where they belong, and what of them is inferred."""

import django.db.models.deletion
from django.db import migrations, models

FILL = """
UPDATE communes_unitevent e SET clock_id = u.clock_id
  FROM communes_succession s JOIN communes_unit u ON u.id = s.new_id WHERE s.event_id = e.id;
UPDATE communes_succession s SET inferred = e.inferred
  FROM communes_unitevent e WHERE e.id = s.event_id;
INSERT INTO communes_eventunit (event_id, unit_id, part)
  SELECT DISTINCT event_id, old_id, 'ended' FROM communes_succession
  UNION SELECT DISTINCT event_id, new_id, 'began' FROM communes_succession;
"""


KINDS = [
    ("merge", "Sáp nhập"),
    ("split", "Chia tách"),
    ("establish", "Thành lập"),
    ("abolish", "Giải thể"),
    ("rename", "Đổi tên"),
    ("reclassify", "Chuyển loại"),
    ("move", "Chuyển về đơn vị cấp trên khác"),
]
PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [("communes", "0003_sign_ins")]

    operations = [
        migrations.CreateModel(
            name="EventUnit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("ended", "Chấm dứt"),
                            ("began", "Thành lập"),
                            ("changed", "Thay đổi"),
                        ],
                        max_length=7,
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="units", to="communes.unitevent"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=PROTECT, related_name="events", to="communes.unit"),
                ),
            ],
            options={"verbose_name": "đơn vị được sắp xếp"},
        ),
        migrations.AddConstraint(
            model_name="eventunit",
            constraint=models.UniqueConstraint(fields=("event", "unit"), name="eventunit_once"),
        ),
        migrations.AddField(
            model_name="unitevent",
            name="clock",
            field=models.ForeignKey(
                null=True, on_delete=PROTECT, related_name="unit_events", to="communes.dataclock"
            ),
        ),
        migrations.AddField(
            model_name="unitevent",
            name="key",
            field=models.CharField(blank=True, help_text="Khóa trong danh mục", max_length=40),
        ),
        migrations.AddField(
            model_name="unitevent",
            name="note",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="unitevent",
            name="change",
            field=models.ForeignKey(
                help_text="Trống: từ danh mục",
                null=True,
                on_delete=PROTECT,
                related_name="+",
                to="communes.change",
            ),
        ),
        migrations.AlterField(
            model_name="unitevent",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=10),
        ),
        migrations.AlterField(
            model_name="unitevent",
            name="instrument",
            field=models.CharField(
                blank=True, help_text="Nghị quyết, quyết định", max_length=200
            ),
        ),
        migrations.AddField(
            model_name="succession",
            name="inferred",
            field=models.BooleanField(default=False, help_text="Suy đoán, chưa đối chiếu"),
        ),
        migrations.AddField(
            model_name="succession",
            name="note",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AlterField(
            model_name="unitattribute",
            name="key",
            field=models.CharField(
                choices=[
                    ("in_programme", "Tham gia Chương trình"),
                    ("region", "Vùng"),
                    ("border", "Xã biên giới"),
                    ("khu_vuc", "Khu vực I, II, III"),
                    ("dac_biet_kho_khan", "Xã đặc biệt khó khăn"),
                    ("atk", "Xã an toàn khu (ATK)"),
                    ("commune_group", "Nhóm xã"),
                ],
                max_length=20,
            ),
        ),
        # Its deferred checks must be done before the table can be altered.
        migrations.RunSQL(
            ["SET CONSTRAINTS ALL IMMEDIATE", FILL, "SET CONSTRAINTS ALL DEFERRED"],
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name="unitevent",
            name="clock",
            field=models.ForeignKey(
                on_delete=PROTECT, related_name="unit_events", to="communes.dataclock"
            ),
        ),
        migrations.AddIndex(
            model_name="unitevent",
            index=models.Index(fields=["clock", "effective_on"], name="unitevent_clock_day"),
        ),
        migrations.AddConstraint(
            model_name="unitevent",
            constraint=models.UniqueConstraint(
                condition=~models.Q(key=""), fields=("key",), name="unitevent_key_once"
            ),
        ),
    ]
