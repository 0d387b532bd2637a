"""Points of prepared series now count each criterion and tier; the worker makes them anew."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0006_tasks_from_meetings'),
    ]

    operations = [
        migrations.RunSQL('DELETE FROM reports_preparedseries', migrations.RunSQL.noop),
    ]
