"""Points of prepared series now name their set and its number of criteria; the worker makes them anew."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL('DELETE FROM reports_preparedseries', migrations.RunSQL.noop),
    ]
