import django.db.models.deletion
import mingtang.events.append_only
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('utilities', '0001_tenants'), ('utilities', '0002_interruptions'), ('utilities', '0003_villages')]

    initial = True

    dependencies = [
        ('people', '0001_squashed'),
        ('people', '__first__'),
        ('towns', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tenant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(verbose_name='进驻日期')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.post', verbose_name='责任岗位')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tenants', to='towns.jurisdiction')),
                ('unit', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='tenancy', to='people.unit', verbose_name='公用单位')),
            ],
            options={
                'verbose_name': '公用单位',
                'ordering': ['unit__order', 'unit_id'],
            },
        ),
        migrations.CreateModel(
            name='Interruption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cut', models.CharField(choices=[('power', '停电'), ('water', '停水'), ('gas', '停气'), ('heat', '停暖'), ('network', '断网'), ('clinic', '停诊'), ('school', '停课'), ('bus', '停运'), ('counter', '停止营业')], max_length=8, verbose_name='停什么')),
                ('urgency', models.CharField(choices=[('planned', '计划内'), ('repair', '临时检修'), ('urgent', '突发')], max_length=8, verbose_name='哪一种')),
                ('state', models.CharField(choices=[('proposed', '等核对'), ('out', '已通知'), ('restored', '已恢复'), ('withdrawn', '已撤回')], max_length=10, verbose_name='状态')),
                ('places', models.CharField(max_length=300, verbose_name='哪些地方')),
                ('starts_at', models.DateTimeField(verbose_name='从')),
                ('ends_at', models.DateTimeField(verbose_name='到')),
                ('reason', models.CharField(max_length=200, verbose_name='为什么停')),
                ('advice', models.CharField(blank=True, max_length=200, verbose_name='群众要做什么')),
                ('announced_at', models.DateTimeField(blank=True, null=True, verbose_name='发出时间')),
                ('checked_at', models.DateTimeField(blank=True, null=True, verbose_name='核对时间')),
                ('short_hours', models.PositiveIntegerField(default=0, verbose_name='晚了几小时')),
                ('restored_at', models.DateTimeField(blank=True, null=True, verbose_name='恢复时间')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='起草人')),
                ('checked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='核对人')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='interruptions', to='towns.jurisdiction')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='interruptions', to='people.unit', verbose_name='停供单位')),
                ('villages', models.ManyToManyField(related_name='interruptions', to='people.village', verbose_name='哪些村（社区）')),
            ],
            options={
                'verbose_name': '停供通知',
                'indexes': [models.Index(fields=['town', 'state', 'starts_at'], name='utilities_cuts_by_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='utilities_cut_ends_later'), models.CheckConstraint(condition=models.Q(models.Q(('checked_at__isnull', True), ('checked_by__isnull', True)), models.Q(('checked_at__isnull', False), ('checked_by__isnull', False), models.Q(('checked_by', models.F('author')), _negated=True)), _connector='OR'), name='utilities_checked_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['out', 'restored']), _negated=True), models.Q(('announced_at__isnull', False), models.Q(('urgency', 'urgent'), ('checked_at__isnull', False), _connector='OR')), _connector='OR'), name='utilities_a_plan_is_checked_first'), models.CheckConstraint(condition=models.Q(models.Q(('restored_at__isnull', False), ('state', 'restored')), models.Q(models.Q(('state', 'restored'), _negated=True), ('restored_at__isnull', True)), _connector='OR'), name='utilities_restored_at_a_moment')],
            },
        ),
        mingtang.events.append_only.Undeletable(
            table='utilities_interruption',
        ),
    ]
