import django.db.models.deletion
import mingtang.events.append_only
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('scrutiny', '0001_initial'), ('scrutiny', '0002_asked'), ('scrutiny', '0003_reading')]

    initial = True

    dependencies = [
        ('disclosure', '0001_squashed'),
        ('events', '0001_squashed'),
        ('files', '0001_squashed'),
        ('oversight', '0001_squashed'),
        ('people', '0001_squashed'),
        ('people', '__first__'),
        ('towns', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReadCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='编号')),
                ('questions', models.JSONField(verbose_name='三道题')),
                ('proposed_at', models.DateTimeField(verbose_name='送审时间')),
                ('reviewed_at', models.DateTimeField(blank=True, null=True, verbose_name='通过时间')),
                ('returned_reason', models.CharField(blank=True, max_length=200, verbose_name='退回理由')),
                ('answered', models.PositiveIntegerField(default=0, verbose_name='几个人答了')),
                ('right', models.JSONField(default=list, verbose_name='各题答对几个')),
                ('told', models.PositiveIntegerField(default=0, verbose_name='公布的人数')),
                ('told_right', models.JSONField(default=list, verbose_name='公布的各题答对几个')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='出题人')),
                ('duty', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oversight.duty', verbose_name='改写的任务')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='read_checks', to='disclosure.edition')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.post', verbose_name='改写的岗位')),
                ('reviewer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审核人')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '看得懂吗',
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('town', 'number'), name='scrutiny_read_number_once'), models.UniqueConstraint(condition=models.Q(('returned_reason', '')), fields=('edition',), name='scrutiny_read_once_an_edition'), models.CheckConstraint(condition=models.Q(('reviewer__isnull', True), models.Q(('reviewer', models.F('author')), _negated=True), _connector='OR'), name='scrutiny_read_two_persons'), models.CheckConstraint(condition=models.Q(('reviewed_at__isnull', True), models.Q(('returned_reason', ''), ('reviewer__isnull', False)), _connector='OR'), name='scrutiny_read_reviewed_by_someone'), models.CheckConstraint(condition=models.Q(('answered', 0), ('reviewed_at__isnull', False), _connector='OR'), name='scrutiny_read_answered_when_approved'), models.CheckConstraint(condition=models.Q(('told__lte', models.F('answered'))), name='scrutiny_read_tells_what_was_answered')],
            },
        ),
        migrations.CreateModel(
            name='ReadSlip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('serial', models.PositiveSmallIntegerField(verbose_name='第几张')),
                ('code_hash', models.CharField(max_length=64, verbose_name='答题码散列')),
                ('used', models.BooleanField(default=False, verbose_name='用过了')),
                ('check_of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slips', to='scrutiny.readcheck')),
            ],
            options={
                'verbose_name': '答题纸条',
                'ordering': ['serial'],
                'constraints': [models.UniqueConstraint(fields=('check_of', 'serial'), name='scrutiny_slip_serial_once')],
            },
        ),
        migrations.CreateModel(
            name='SampleRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.SlugField(max_length=24, verbose_name='抽查编号')),
                ('kinds', models.JSONField(verbose_name='抽哪几种')),
                ('from_on', models.DateField(verbose_name='从哪天公开的')),
                ('to_on', models.DateField(verbose_name='到哪天公开的')),
                ('wanted', models.PositiveSmallIntegerField(verbose_name='抽几条')),
                ('pool', models.JSONField(verbose_name='从哪些里抽')),
                ('pool_sha256', models.CharField(max_length=64, verbose_name='名单散列')),
                ('size', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='检查点条数')),
                ('root', models.CharField(blank=True, max_length=64, verbose_name='检查点根散列')),
                ('picked', models.JSONField(blank=True, null=True, verbose_name='抽中的')),
                ('announced_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='公告人')),
                ('announced_event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.event')),
                ('drawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='抽取人')),
                ('drawn_event', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.event')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sample_rounds', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '真实性抽查',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(fields=('town', 'number'), name='scrutiny_round_number_once'), models.CheckConstraint(condition=models.Q(('to_on__gte', models.F('from_on'))), name='scrutiny_round_runs_forward'), models.CheckConstraint(condition=models.Q(models.Q(('drawn_by__isnull', True), ('drawn_event__isnull', True), ('root', ''), ('size__isnull', True)), models.Q(('drawn_by__isnull', False), ('drawn_event__isnull', False), ('size__isnull', False), models.Q(('root', ''), _negated=True), models.Q(('drawn_by', models.F('announced_by')), _negated=True)), _connector='OR'), name='scrutiny_round_drawn_by_another')],
            },
        ),
        migrations.CreateModel(
            name='Sample',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField(verbose_name='第几个抽中')),
                ('kind', models.CharField(choices=[('figure', '文件里的数字'), ('row', '文件里的表格'), ('fee', '收费标准'), ('list', '公示表的行'), ('promise', '承诺')], max_length=8, verbose_name='哪一种')),
                ('about', models.CharField(max_length=120, verbose_name='出自')),
                ('spot', models.CharField(max_length=200, verbose_name='在哪里')),
                ('text', models.CharField(max_length=400, verbose_name='公开的内容')),
                ('state', models.CharField(choices=[('drawn', '已抽中'), ('assigned', '正在核对'), ('judged', '等单位说明'), ('replied', '单位说明了'), ('shown', '已公布')], default='drawn', max_length=8, verbose_name='状态')),
                ('verdict', models.CharField(blank=True, choices=[('matches', '相符'), ('differs', '不符'), ('unfounded', '查不到依据')], max_length=10, verbose_name='核对结果')),
                ('record', models.CharField(blank=True, max_length=200, verbose_name='看了哪一份原始记录')),
                ('found', models.CharField(blank=True, max_length=200, verbose_name='原始记录怎么写')),
                ('seen_on', models.DateField(blank=True, null=True, verbose_name='核对日期')),
                ('heard_until', models.DateField(blank=True, null=True, verbose_name='单位最迟说明')),
                ('reply', models.CharField(blank=True, max_length=200, verbose_name='单位的说明')),
                ('replied_at', models.DateTimeField(blank=True, null=True, verbose_name='说明时间')),
                ('shown_at', models.DateTimeField(blank=True, null=True, verbose_name='公布时间')),
                ('duty', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oversight.duty', verbose_name='改正的任务')),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='附件')),
                ('inspector', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='核对人')),
                ('key', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.payloadkey')),
                ('replied_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='说明人')),
                ('shown_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='公布人')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='samples', to='towns.jurisdiction')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit', verbose_name='公开的单位')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='samples', to='scrutiny.sampleround')),
            ],
            options={
                'verbose_name': '抽中的一条',
                'ordering': ['round_id', 'place'],
                'indexes': [models.Index(fields=['town', 'about'], name='scrutiny_about')],
                'constraints': [models.UniqueConstraint(fields=('round', 'place'), name='scrutiny_sample_place_once'), models.CheckConstraint(condition=models.Q(models.Q(('found', ''), ('heard_until__isnull', True), ('record', ''), ('seen_on__isnull', True), ('verdict', '')), models.Q(models.Q(('verdict', ''), _negated=True), models.Q(('found', ''), _negated=True), models.Q(('record', ''), _negated=True), ('heard_until__isnull', False), ('seen_on__isnull', False)), _connector='OR'), name='scrutiny_verdict_says_by_what'), models.CheckConstraint(condition=models.Q(models.Q(('inspector__isnull', True), ('state', 'drawn')), models.Q(models.Q(('state', 'drawn'), _negated=True), ('inspector__isnull', False)), _connector='OR'), name='scrutiny_looked_at_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('replied_at__isnull', True), ('replied_by__isnull', True), ('reply', '')), models.Q(('replied_at__isnull', False), ('replied_by__isnull', False), models.Q(('reply', ''), _negated=True)), _connector='OR'), name='scrutiny_reply_whole'), models.CheckConstraint(condition=models.Q(models.Q(('shown_at__isnull', True), ('shown_by__isnull', True), models.Q(('state', 'shown'), _negated=True)), models.Q(('shown_at__isnull', False), ('shown_by__isnull', False), ('state', 'shown'), models.Q(('verdict', ''), _negated=True), models.Q(('shown_by', models.F('inspector')), _negated=True)), _connector='OR'), name='scrutiny_shown_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'shown'), _negated=True), models.Q(('duty__isnull', True), ('verdict', 'matches')), models.Q(models.Q(('verdict', 'matches'), _negated=True), ('duty__isnull', False)), _connector='OR'), name='scrutiny_wrong_leaves_a_duty'), models.CheckConstraint(condition=models.Q(models.Q(('file__isnull', True), ('key__isnull', True)), models.Q(('file__isnull', False), ('key__isnull', False)), _connector='OR'), name='scrutiny_file_is_sealed')],
            },
        ),
        migrations.CreateModel(
            name='Asked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='序号')),
                ('key', models.CharField(max_length=80, verbose_name='哪一件')),
                ('way', models.CharField(max_length=8, verbose_name='怎样问的')),
                ('text', models.CharField(max_length=60, verbose_name='群众要知道什么')),
                ('count', models.PositiveIntegerField(verbose_name='人次')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='为什么不公开')),
                ('decided_at', models.DateTimeField(verbose_name='决定时间')),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='决定人')),
                ('duty', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='asked', to='oversight.duty', verbose_name='公开的任务')),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.event')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '群众最关心的事',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(fields=('town', 'number'), name='scrutiny_asked_number_once'), models.CheckConstraint(condition=models.Q(models.Q(('duty__isnull', False), ('reason', '')), models.Q(('duty__isnull', True), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='scrutiny_asked_gets_a_task_or_a_reason')],
            },
        ),
        mingtang.events.append_only.Frozen(
            table='scrutiny_sampleround',
            columns=['town_id', 'number', 'kinds', 'from_on', 'to_on', 'wanted', 'pool', 'pool_sha256', 'announced_by_id', 'announced_event_id'],
            when='1 = 1',
        ),
        mingtang.events.append_only.Frozen(
            table='scrutiny_sample',
            columns=['town_id', 'round_id', 'place', 'kind', 'about', 'unit_id', 'spot', 'text'],
            when='1 = 1',
        ),
        mingtang.events.append_only.Undeletable(
            table='scrutiny_sampleround',
        ),
        mingtang.events.append_only.Undeletable(
            table='scrutiny_sample',
        ),
        mingtang.events.append_only.Frozen(
            table='scrutiny_asked',
            columns=['town_id', 'number', 'key', 'way', 'text', 'count', 'duty_id', 'reason', 'decided_by_id', 'decided_at', 'event_id'],
            when='1 = 1',
        ),
        mingtang.events.append_only.Undeletable(
            table='scrutiny_asked',
        ),
        mingtang.events.append_only.Frozen(
            table='scrutiny_readcheck',
            columns=['town_id', 'number', 'edition_id', 'questions', 'owner_id', 'author_id', 'proposed_at'],
            when='1 = 1',
        ),
        mingtang.events.append_only.Frozen(
            table='scrutiny_readslip',
            columns=['check_of_id', 'serial', 'code_hash'],
            when='1 = 1',
        ),
        mingtang.events.append_only.Undeletable(
            table='scrutiny_readcheck',
        ),
        mingtang.events.append_only.Undeletable(
            table='scrutiny_readslip',
        ),
    ]
