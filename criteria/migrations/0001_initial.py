import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('communes', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='FigureCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField()),
                ('compared', models.PositiveIntegerField()),
                ('differences', models.JSONField(default=list)),
            ],
            options={
                'verbose_name': 'kiểm tra số tổng hợp',
            },
        ),
        migrations.CreateModel(
            name='Measure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=90, unique=True)),
                ('name', models.CharField(max_length=400)),
                ('unit', models.CharField(blank=True, max_length=60)),
                ('value_kind', models.CharField(choices=[('boolean', 'Có/không'), ('percent', 'Phần trăm'), ('number', 'Số'), ('money', 'Số tiền'), ('text-rule', 'Theo quy định')], max_length=9)),
            ],
            options={
                'verbose_name': 'nội dung đo',
            },
        ),
        migrations.CreateModel(
            name='CriteriaSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('level', models.CharField(choices=[('commune', 'Xã'), ('district', 'Huyện'), ('province', 'Tỉnh'), ('village', 'Thôn, bản'), ('garden', 'Vườn')], max_length=8)),
                ('tier', models.CharField(choices=[('standard', 'Đạt chuẩn'), ('advanced', 'Nâng cao'), ('model', 'Kiểu mẫu'), ('modern', 'Hiện đại')], max_length=8)),
                ('period_from', models.PositiveSmallIntegerField()),
                ('period_to', models.PositiveSmallIntegerField()),
                ('base', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='overlays', to='criteria.criteriaset')),
            ],
            options={
                'verbose_name': 'bộ tiêu chí',
            },
        ),
        migrations.CreateModel(
            name='Criterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=160)),
                ('group_name', models.CharField(blank=True, max_length=120)),
                ('set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='criteria', to='criteria.criteriaset')),
            ],
            options={
                'verbose_name': 'tiêu chí',
                'ordering': ['set', 'number'],
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(upload_to='evidence/%Y/%m')),
                ('original_name', models.CharField(max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='communes.unit')),
            ],
            options={
                'verbose_name': 'minh chứng',
            },
        ),
        migrations.CreateModel(
            name='Indicator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=12)),
                ('position', models.PositiveSmallIntegerField()),
                ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='indicators', to='criteria.criterion')),
                ('measure', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='indicators', to='criteria.measure')),
            ],
            options={
                'verbose_name': 'chỉ tiêu',
                'ordering': ['criterion', 'position'],
            },
        ),
        migrations.CreateModel(
            name='MonthClosing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(help_text='Ngày cuối tháng')),
                ('no', models.PositiveSmallIntegerField()),
                ('seq', models.BigIntegerField(help_text='Số ghi nhận cuối cùng được tính')),
                ('basis', models.CharField(choices=[('reported', 'Số liệu xã báo cáo'), ('confirmed', 'Số liệu đã xác nhận')], max_length=9)),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closings', to='communes.change')),
                ('province', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closings', to='communes.unit')),
            ],
            options={
                'verbose_name': 'chốt số liệu tháng',
            },
        ),
        migrations.CreateModel(
            name='MonthFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('basis', models.CharField(choices=[('reported', 'Số liệu xã báo cáo'), ('confirmed', 'Số liệu đã xác nhận')], max_length=9)),
                ('figures', models.JSONField()),
                ('closing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='criteria.monthclosing')),
                ('set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='criteria.criteriaset')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='month_figures', to='communes.unit')),
            ],
            options={
                'verbose_name': 'số tổng hợp khi chốt tháng',
            },
        ),
        migrations.CreateModel(
            name='MonthReopening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='communes.change')),
                ('closing', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reopening', to='criteria.monthclosing')),
            ],
            options={
                'verbose_name': 'mở lại tháng',
            },
        ),
        migrations.CreateModel(
            name='MonthStanding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.CharField(blank=True, max_length=20)),
                ('border', models.BooleanField(default=False)),
                ('in_programme', models.BooleanField()),
                ('recognised_tier', models.CharField(blank=True, max_length=8)),
                ('met', models.PositiveSmallIntegerField()),
                ('met_confirmed', models.PositiveSmallIntegerField()),
                ('of', models.PositiveSmallIntegerField()),
                ('outcomes', models.JSONField()),
                ('outcomes_confirmed', models.JSONField()),
                ('closing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='standings', to='criteria.monthclosing')),
                ('district', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communes.unit')),
                ('set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='criteria.criteriaset')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='month_standings', to='communes.unit')),
            ],
            options={
                'verbose_name': 'kết quả của xã khi chốt tháng',
            },
        ),
        migrations.CreateModel(
            name='PublishedFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('communes', models.PositiveIntegerField(null=True)),
                ('recognised', models.PositiveIntegerField(null=True)),
                ('criteria_met', models.PositiveIntegerField(null=True)),
                ('average', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('source', models.CharField(max_length=300)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='published_figures', to='communes.unit')),
            ],
            options={
                'verbose_name': 'số liệu đã công bố',
            },
        ),
        migrations.CreateModel(
            name='Registration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('tier', models.CharField(choices=[('standard', 'Đạt chuẩn'), ('advanced', 'Nâng cao'), ('model', 'Kiểu mẫu'), ('modern', 'Hiện đại')], max_length=8)),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('withdrawn', models.BooleanField(default=False)),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='communes.change')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='registrations', to='communes.unit')),
            ],
            options={
                'verbose_name': 'đăng ký phấn đấu đạt chuẩn',
            },
        ),
        migrations.CreateModel(
            name='Requirement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=500)),
                ('rule', models.CharField(choices=[('>=', '≥'), ('<=', '≤'), ('<', '<'), ('>', '>'), ('=', '='), ('yes', 'Đạt'), ('by-province', 'UBND tỉnh quy định')], max_length=11)),
                ('when', models.JSONField(help_text='Điều kiện áp dụng', null=True)),
                ('text_unverified', models.BooleanField(default=False)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requirements', to='criteria.indicator')),
            ],
            options={
                'verbose_name': 'yêu cầu của chỉ tiêu',
            },
        ),
        migrations.CreateModel(
            name='ProvinceLevel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('selector', models.CharField(default='all', max_length=40)),
                ('value', models.DecimalField(decimal_places=4, max_digits=18)),
                ('from_on', models.DateField()),
                ('decision', models.CharField(max_length=200)),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='communes.change')),
                ('province', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='communes.unit')),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, to='criteria.provincelevel')),
                ('requirement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='province_levels', to='criteria.requirement')),
            ],
            options={
                'verbose_name': 'quy định cụ thể của tỉnh',
            },
        ),
        migrations.CreateModel(
            name='Responsibility',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('unverified', models.BooleanField(default=True)),
                ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='responsibilities', to='criteria.criterion')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='responsibilities', to='communes.department')),
                ('province', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='communes.unit')),
            ],
            options={
                'verbose_name': 'cơ quan phụ trách tiêu chí',
            },
        ),
        migrations.CreateModel(
            name='Result',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('true_from', models.DateField()),
                ('value', models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                ('part_values', models.JSONField(null=True)),
                ('verdict', models.CharField(choices=[('met', 'Đạt'), ('not_met', 'Chưa đạt'), ('not_assessed', 'Chưa đánh giá'), ('not_applicable', 'Không áp dụng')], max_length=14)),
                ('judged_by', models.CharField(choices=[('rule', 'Phần mềm xác định'), ('officer', 'Cán bộ đánh giá')], max_length=7)),
                ('note', models.TextField(blank=True)),
                ('cause', models.CharField(choices=[('entry', 'Nhập'), ('import', 'Nạp từ tệp'), ('opening', 'Số liệu đầu kỳ'), ('rejudged', 'Đánh giá lại theo mức mới')], max_length=8)),
                ('void', models.BooleanField(default=False)),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='communes.change')),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='criteria.indicator')),
                ('province_level', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='criteria.provincelevel')),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='criteria.result')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='communes.unit')),
            ],
            options={
                'verbose_name': 'kết quả',
            },
        ),
        migrations.CreateModel(
            name='EvidenceLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='communes.change')),
                ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='criteria.evidence')),
                ('result', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence_links', to='criteria.result')),
            ],
            options={
                'verbose_name': 'gắn minh chứng',
            },
        ),
        migrations.CreateModel(
            name='CellHead',
            fields=[
                ('pk', models.CompositePrimaryKey('unit_id', 'indicator_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('verdict', models.CharField(choices=[('met', 'Đạt'), ('not_met', 'Chưa đạt'), ('not_assessed', 'Chưa đánh giá'), ('not_applicable', 'Không áp dụng')], max_length=14)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='heads', to='communes.unit')),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='criteria.indicator')),
                ('confirmed_result', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='criteria.result')),
                ('result', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='criteria.result')),
            ],
            options={
                'verbose_name': 'kết quả hiện hành',
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('confirm', 'Xác nhận'), ('return', 'Trả lại')], max_length=7)),
                ('result_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField())),
                ('reason', models.TextField(blank=True)),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='communes.change')),
                ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='criteria.criterion')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='communes.unit')),
            ],
            options={
                'verbose_name': 'xác nhận, trả lại',
            },
        ),
        migrations.CreateModel(
            name='SetAdoption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_on', models.DateField()),
                ('in_headline', models.BooleanField(default=True)),
                ('decision', models.CharField(max_length=200)),
                ('province', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adoptions', to='communes.unit')),
                ('set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adoptions', to='criteria.criteriaset')),
            ],
            options={
                'verbose_name': 'áp dụng bộ tiêu chí',
            },
        ),
        migrations.CreateModel(
            name='SetVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('no', models.PositiveSmallIntegerField(default=1)),
                ('status', models.CharField(choices=[('draft', 'Dự thảo'), ('in_force', 'Có hiệu lực'), ('superseded', 'Đã thay thế')], default='draft', max_length=10)),
                ('in_force_on', models.DateField()),
                ('decision_number', models.CharField(max_length=60)),
                ('decision_date', models.DateField(null=True)),
                ('issuer', models.CharField(max_length=120)),
                ('method', models.CharField(default='all-indicators', max_length=20)),
                ('na_counts_as', models.CharField(choices=[('met', 'Tính là đạt'), ('left_out', 'Không tính')], default='met', max_length=8)),
                ('bracket_cuts', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), help_text='Mốc phân nhóm xã, từ cao xuống thấp')),
                ('checksum', models.CharField(blank=True, help_text='SHA-256 của tệp đã nạp', max_length=64)),
                ('set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='criteria.criteriaset')),
            ],
            options={
                'verbose_name': 'phiên bản bộ tiêu chí',
            },
        ),
        migrations.AddField(
            model_name='result',
            name='set_version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='criteria.setversion'),
        ),
        migrations.AddField(
            model_name='requirement',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requirements', to='criteria.setversion'),
        ),
        migrations.CreateModel(
            name='Recognition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('recognise', 'Công nhận'), ('revoke', 'Thu hồi quyết định công nhận'), ('correct', 'Đính chính'), ('opening', 'Tình trạng khi thành lập')], max_length=9)),
                ('tier', models.CharField(choices=[('standard', 'Đạt chuẩn'), ('advanced', 'Nâng cao'), ('model', 'Kiểu mẫu'), ('modern', 'Hiện đại')], max_length=8)),
                ('number', models.CharField(max_length=60)),
                ('decided_on', models.DateField()),
                ('effective_on', models.DateField()),
                ('year', models.PositiveSmallIntegerField(help_text='Năm đánh giá')),
                ('round', models.PositiveSmallIntegerField(default=1, help_text='Đợt')),
                ('document', models.CharField(blank=True, max_length=200)),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recognitions', to='communes.change')),
                ('refers_to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='criteria.recognition')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recognitions', to='communes.unit')),
                ('set_version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='criteria.setversion')),
            ],
            options={
                'verbose_name': 'quyết định công nhận',
            },
        ),
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('pk', models.CompositePrimaryKey('unit_id', 'set_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('met', models.PositiveSmallIntegerField(default=0)),
                ('met_confirmed', models.PositiveSmallIntegerField(default=0)),
                ('of', models.PositiveSmallIntegerField(default=0)),
                ('outcomes', models.JSONField(default=dict)),
                ('outcomes_confirmed', models.JSONField(default=dict)),
                ('change', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='communes.change')),
                ('set', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='criteria.criteriaset')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='standings', to='communes.unit')),
            ],
            options={
                'verbose_name': 'kết quả tổng hợp của xã',
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(help_text='Ngày đầu tháng')),
                ('act', models.CharField(choices=[('submit', 'Gửi số liệu tháng'), ('return', 'Trả lại')], max_length=6)),
                ('reason', models.TextField(blank=True)),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='communes.change')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='communes.unit')),
            ],
            options={
                'verbose_name': 'gửi số liệu tháng',
            },
        ),
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('what', models.CharField(choices=[('recognised', 'Số xã đạt chuẩn'), ('average', 'Bình quân tiêu chí/xã')], max_length=12)),
                ('value', models.DecimalField(decimal_places=2, max_digits=12)),
                ('decision', models.CharField(max_length=200)),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='communes.change')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='targets', to='communes.unit')),
            ],
            options={
                'verbose_name': 'chỉ tiêu kế hoạch',
            },
        ),
        migrations.CreateModel(
            name='Threshold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(blank=True, max_length=30)),
                ('part_text', models.CharField(blank=True, max_length=160)),
                ('part_unit', models.CharField(blank=True, max_length=60)),
                ('rule', models.CharField(choices=[('>=', '≥'), ('<=', '≤'), ('<', '<'), ('>', '>'), ('=', '='), ('yes', 'Đạt'), ('by-province', 'UBND tỉnh quy định')], max_length=11)),
                ('selector', models.CharField(max_length=40)),
                ('value', models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                ('by_province', models.BooleanField(default=False)),
                ('source', models.CharField(blank=True, max_length=300)),
                ('unverified', models.BooleanField(default=False)),
                ('requirement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='thresholds', to='criteria.requirement')),
            ],
            options={
                'verbose_name': 'mức quy định',
            },
        ),
        migrations.AddField(
            model_name='result',
            name='threshold',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='criteria.threshold'),
        ),
        migrations.CreateModel(
            name='ThresholdCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.CharField(max_length=200)),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='communes.change')),
                ('threshold', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='criteria.threshold')),
            ],
            options={
                'verbose_name': 'đối chiếu mức quy định',
            },
        ),
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='communes.unit')),
                ('set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='criteria.criteriaset')),
            ],
            options={
                'verbose_name': 'phiếu đánh giá năm',
                'constraints': [models.UniqueConstraint(fields=('unit', 'year', 'set'), name='assessment_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='criterion',
            constraint=models.UniqueConstraint(fields=('set', 'number'), name='criterion_number_once'),
        ),
        migrations.AddConstraint(
            model_name='indicator',
            constraint=models.UniqueConstraint(fields=('criterion', 'code'), name='indicator_code_once'),
        ),
        migrations.AddConstraint(
            model_name='indicator',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('code', '*'), ('measure', None)), models.Q(models.Q(('code', '*'), _negated=True), ('measure__isnull', False)), _connector='OR'), name='indicator_measure_unless_conclusion'),
        ),
        migrations.AddConstraint(
            model_name='monthclosing',
            constraint=models.UniqueConstraint(fields=('province', 'month', 'no'), name='closing_no_once'),
        ),
        migrations.AddConstraint(
            model_name='monthfigure',
            constraint=models.UniqueConstraint(fields=('closing', 'unit', 'set', 'basis'), name='monthfigure_once'),
        ),
        migrations.AddConstraint(
            model_name='monthstanding',
            constraint=models.UniqueConstraint(fields=('closing', 'unit', 'set'), name='monthstanding_once'),
        ),
        migrations.AddConstraint(
            model_name='publishedfigure',
            constraint=models.UniqueConstraint(fields=('unit', 'on'), name='published_once'),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(fields=['unit', 'criterion'], name='review_unit_criterion'),
        ),
        migrations.AddConstraint(
            model_name='setadoption',
            constraint=models.UniqueConstraint(fields=('province', 'set', 'from_on'), name='adoption_once'),
        ),
        migrations.AddConstraint(
            model_name='setversion',
            constraint=models.UniqueConstraint(fields=('set', 'no'), name='setversion_no_once'),
        ),
        migrations.AddConstraint(
            model_name='setversion',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'in_force')), fields=('set',), name='setversion_one_in_force'),
        ),
        migrations.AddConstraint(
            model_name='requirement',
            constraint=models.UniqueConstraint(fields=('version', 'indicator'), name='requirement_once'),
        ),
        migrations.AddIndex(
            model_name='recognition',
            index=models.Index(fields=['unit', 'effective_on'], name='recognition_unit_day'),
        ),
        migrations.AddConstraint(
            model_name='threshold',
            constraint=models.UniqueConstraint(fields=('requirement', 'part', 'selector'), name='threshold_selector_once'),
        ),
        migrations.AddConstraint(
            model_name='threshold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('by_province', True), ('value', None)), models.Q(('by_province', False), ('value__isnull', False)), _connector='OR'), name='threshold_value_or_province'),
        ),
        migrations.AddIndex(
            model_name='result',
            index=models.Index(fields=['unit', 'indicator', '-true_from'], name='result_cell_history'),
        ),
        migrations.AddConstraint(
            model_name='result',
            constraint=models.UniqueConstraint(fields=('unit', 'indicator', 'change'), name='result_once_per_change'),
        ),
        migrations.AddConstraint(
            model_name='result',
            constraint=models.CheckConstraint(condition=models.Q(('void', False), ('replaces__isnull', False), _connector='OR'), name='result_void_replaces'),
        ),
        migrations.AddConstraint(
            model_name='result',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['met', 'not_met', 'not_assessed', 'not_applicable'])), name='result_verdict_known'),
        ),
    ]
