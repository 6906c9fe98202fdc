import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('people', '0001_initial'), ('people', '0002_unit_trade'), ('people', '0003_letter_limit'), ('people', '0004_duty_roster'), ('people', '0005_tenants'), ('people', '0006_villages')]

    initial = True

    dependencies = [
        ('towns', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Staff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('username', models.CharField(max_length=60, unique=True, verbose_name='用户名')),
                ('name', models.CharField(max_length=30, verbose_name='姓名')),
                ('number', models.CharField(max_length=20, verbose_name='工号')),
                ('is_active', models.BooleanField(default=True, verbose_name='在用')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='staff', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '人员',
                'constraints': [models.UniqueConstraint(fields=('town', 'number'), name='people_staff_number_once_per_town')],
            },
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('leave', '请假'), ('training', '培训'), ('meeting', '开会'), ('field', '下村办事')], max_length=8, verbose_name='事由')),
                ('starts_at', models.DateTimeField(verbose_name='从')),
                ('ends_at', models.DateTimeField(verbose_name='到')),
                ('cancelled_at', models.DateTimeField(blank=True, null=True, verbose_name='取消时间')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to=settings.AUTH_USER_MODEL, verbose_name='人员')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '外出',
                'ordering': ['starts_at', 'pk'],
                'indexes': [models.Index(condition=models.Q(('cancelled_at__isnull', True)), fields=['staff', 'ends_at'], name='people_absences_of_staff')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='people_absence_ends_later')],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, verbose_name='代码')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('roles', models.JSONField(default=list, verbose_name='角色')),
                ('is_leader', models.BooleanField(default=False, verbose_name='领导岗位')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '岗位',
                'ordering': ['unit__order', 'unit_id', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateTimeField(verbose_name='任职起')),
                ('valid_to', models.DateTimeField(blank=True, null=True, verbose_name='任职止')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to=settings.AUTH_USER_MODEL)),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='people.post')),
            ],
            options={
                'verbose_name': '任职',
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='people_assignment_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='RosterRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateTimeField(verbose_name='生效时间')),
                ('valid_to', models.DateTimeField(blank=True, null=True, verbose_name='停用时间')),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='A岗')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roster', to='people.post', verbose_name='岗位')),
                ('substitute', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='B岗（人员）')),
                ('substitute_post', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.post', verbose_name='B岗（岗位）')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '值守安排',
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('post',), name='people_one_roster_row_a_post'), models.CheckConstraint(condition=models.Q(models.Q(('substitute__isnull', False), ('substitute_post__isnull', True)), models.Q(('substitute__isnull', True), ('substitute_post__isnull', False)), _connector='OR'), name='people_substitute_is_person_or_post'), models.CheckConstraint(condition=models.Q(('substitute__isnull', True), models.Q(('substitute', models.F('lead')), _negated=True), _connector='OR'), name='people_nobody_substitutes_for_themselves'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='people_roster_row_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, verbose_name='代码')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('kind', models.CharField(choices=[('leading_group', '议事协调机构'), ('office', '内设机构'), ('centre', '便民服务中心'), ('station', '派驻站所'), ('utility', '公用事业单位')], max_length=16, verbose_name='类别')),
                ('trade', models.CharField(blank=True, choices=[('health', '卫生'), ('education', '教育'), ('power', '供电'), ('telecom', '电信'), ('mobile', '移动'), ('water', '供水'), ('gas', '燃气'), ('heat', '供热'), ('post', '邮政'), ('transport', '客运'), ('other', '其他')], max_length=12, verbose_name='行业')),
                ('duty', models.CharField(blank=True, max_length=300, verbose_name='职责')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='电话')),
                ('address', models.CharField(blank=True, max_length=100, verbose_name='地址')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='排序')),
                ('dissolved_on', models.DateField(blank=True, null=True, verbose_name='撤销日期')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='people.unit')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='units', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '单位',
                'ordering': ['order', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('town', 'code'), name='people_unit_code_once_per_town'), models.CheckConstraint(condition=models.Q(('trade', ''), ('kind', 'utility'), _connector='OR'), name='people_only_utilities_have_a_trade')],
            },
        ),
        migrations.AddField(
            model_name='post',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='people.unit'),
        ),
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40, verbose_name='授权书编号')),
                ('item_code', models.CharField(max_length=40, verbose_name='事项编码')),
                ('step_code', models.CharField(max_length=40, verbose_name='环节')),
                ('limit', models.CharField(blank=True, max_length=120, verbose_name='限度')),
                ('valid_from', models.DateTimeField(verbose_name='有效期起')),
                ('valid_to', models.DateTimeField(verbose_name='有效期止')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='撤销时间')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to='people.post', verbose_name='受权岗位')),
                ('grantor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations_given', to='people.unit', verbose_name='授权单位')),
            ],
            options={
                'verbose_name': '授权',
                'constraints': [models.UniqueConstraint(fields=('town', 'number', 'item_code', 'step_code'), name='people_delegation_once'), models.CheckConstraint(condition=models.Q(('valid_to__gt', models.F('valid_from'))), name='people_delegation_ends')],
            },
        ),
        migrations.CreateModel(
            name='Village',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=20, verbose_name='名称')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='排序')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='撤并日期')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='villages', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '村（社区）',
                'ordering': ['order', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('town', 'name'), name='people_village_name_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.UniqueConstraint(fields=('town', 'code'), name='people_post_code_once_per_town'),
        ),
    ]
