"""A submission names the month by its last day, as a closing does; reminders that were sent."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communes', '0007_room_for_the_longest_name'),
        ('criteria', '0006_editing_of_sets'),
    ]

    operations = [
        migrations.CreateModel(
            name='SubmissionReminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(help_text='Ngày cuối tháng')),
                ('sent_on', models.DateField()),
            ],
            options={
                'verbose_name': 'thư nhắc gửi số liệu',
            },
        ),
        migrations.AlterField(
            model_name='submission',
            name='month',
            field=models.DateField(help_text='Ngày cuối tháng'),
        ),
        migrations.AddIndex(
            model_name='submission',
            index=models.Index(fields=['month', 'unit'], name='submission_month_unit'),
        ),
        migrations.AddField(
            model_name='submissionreminder',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='communes.unit'),
        ),
        migrations.AddConstraint(
            model_name='submissionreminder',
            constraint=models.UniqueConstraint(fields=('unit', 'month', 'sent_on'), name='reminder_once_a_day'),
        ),
    ]
