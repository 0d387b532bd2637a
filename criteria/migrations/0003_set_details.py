"""Sets in full: owner, what was not read, rules and notes; a province's level with its rule."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communes', '0004_unit_events'),
        ('criteria', '0002_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='VersionCriterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lead_agency', models.CharField(blank=True, max_length=160)),
                ('lead_agency_unverified', models.BooleanField(default=False)),
                ('name_unverified', models.BooleanField(default=False)),
                ('indicators_incomplete', models.BooleanField(default=False)),
            ],
            options={
                'verbose_name': 'tiêu chí trong phiên bản',
            },
        ),
        migrations.AddField(
            model_name='criteriaset',
            name='province',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='own_sets', to='communes.unit'),
        ),
        migrations.AddField(
            model_name='provincelevel',
            name='part',
            field=models.CharField(blank=True, max_length=30),
        ),
        migrations.AddField(
            model_name='provincelevel',
            name='rule',
            field=models.CharField(choices=[('>=', '≥'), ('<=', '≤'), ('<', '<'), ('>', '>'), ('=', '='), ('yes', 'Đạt'), ('by-province', 'UBND tỉnh quy định')], default='>=', max_length=11),
        ),
        migrations.AddField(
            model_name='provincelevel',
            name='unit',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='setversion',
            name='commune_groups',
            field=models.JSONField(default=list, help_text='Nhóm xã: mã, tên, cách phân nhóm'),
        ),
        migrations.AddField(
            model_name='setversion',
            name='in_force_on_unverified',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='setversion',
            name='na_counts_as_unverified',
            # What was loaded before this column: no source said it.
            field=models.BooleanField(default=True),
        ),
        migrations.AlterField(
            model_name='setversion',
            name='na_counts_as_unverified',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='setversion',
            name='notes',
            field=models.JSONField(default=list, help_text='Điều người đọc bộ tiêu chí cần biết'),
        ),
        migrations.AddField(
            model_name='setversion',
            name='official_criteria',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='setversion',
            name='official_indicators',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='setversion',
            name='region_rules',
            field=models.JSONField(default=list, help_text='Xã áp dụng mức của vùng khác'),
        ),
        migrations.AddField(
            model_name='threshold',
            name='decision',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='threshold',
            name='part_when',
            field=models.CharField(blank=True, help_text='Điều kiện áp dụng', max_length=200),
        ),
        migrations.AlterField(
            model_name='criteriaset',
            name='period_from',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name='criteriaset',
            name='period_to',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name='setversion',
            name='decision_number',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddConstraint(
            model_name='provincelevel',
            constraint=models.CheckConstraint(condition=models.Q(('rule', 'by-province'), _negated=True), name='provincelevel_rule_is_a_rule'),
        ),
        migrations.AddField(
            model_name='versioncriterion',
            name='criterion',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wordings', to='criteria.criterion'),
        ),
        migrations.AddField(
            model_name='versioncriterion',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='criteria', to='criteria.setversion'),
        ),
        migrations.AddConstraint(
            model_name='versioncriterion',
            constraint=models.UniqueConstraint(fields=('version', 'criterion'), name='versioncriterion_once'),
        ),
    ]
