"""A province's own level can be withdrawn; a responsibility names the document it rests on."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("criteria", "0005_review_department")]

    operations = [
        migrations.AlterField(
            model_name="provincelevel",
            name="replaces",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="criteria.provincelevel",
            ),
        ),
        migrations.AddField(
            model_name="provincelevel",
            name="withdrawn",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="provincelevel",
            constraint=models.CheckConstraint(
                condition=models.Q(("withdrawn", False), ("replaces__isnull", False), _connector="OR"),
                name="provincelevel_withdrawn_replaces",
            ),
        ),
        migrations.AddField(
            model_name="responsibility",
            name="document",
            field=models.CharField(blank=True, max_length=200),
        ),
    ]
