import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('oversight', '0001_initial'), ('oversight', '0002_lists_and_nudges'), ('oversight', '0003_law_and_promises'), ('oversight', '0004_sources'), ('oversight', '0005_read_source')]

    initial = True

    dependencies = [
        ('disclosure', '0001_squashed'),
        ('people', '0001_squashed'),
        ('people', '__first__'),
        ('rulebook', '0001_squashed'),
        ('towns', '0001_squashed'),
        ('utilities', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60, verbose_name='代码')),
                ('name', models.CharField(max_length=120, verbose_name='任务')),
                ('source', models.CharField(choices=[('law', '法律规定'), ('column', '公开栏目'), ('plan', '工作规划'), ('promise', '公开承诺'), ('sample', '真实性抽查'), ('demand', '群众要求'), ('read', '群众看不懂')], max_length=8, verbose_name='来源')),
                ('basis', models.CharField(blank=True, max_length=120, verbose_name='依据')),
                ('kind', models.SlugField(blank=True, max_length=24, verbose_name='信息种类')),
                ('clause', models.CharField(blank=True, max_length=60, verbose_name='条款')),
                ('watch', models.SlugField(blank=True, max_length=12, verbose_name='系统自己看什么')),
                ('trigger', models.CharField(blank=True, choices=[('event', '有了就公开'), ('month', '每月'), ('quarter', '每季度'), ('half', '每半年'), ('year', '每年'), ('once', '一次'), ('always', '持续公开')], max_length=8, verbose_name='周期')),
                ('days', models.PositiveSmallIntegerField(default=0, verbose_name='时限（工作日）')),
                ('month', models.PositiveSmallIntegerField(default=0, verbose_name='期限的月份')),
                ('day', models.PositiveSmallIntegerField(default=0, verbose_name='期限的日子')),
                ('years_after', models.PositiveSmallIntegerField(default=0, verbose_name='期限在几年以后')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='一次性的期限')),
                ('offered_why', models.CharField(blank=True, max_length=200, verbose_name='为什么移交')),
                ('opened_on', models.DateField(verbose_name='开始日期')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='停止日期')),
                ('column', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='disclosure.column', verbose_name='公开栏目')),
                ('item', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='promise', to='rulebook.item', verbose_name='哪个事项的承诺')),
                ('offered_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.post', verbose_name='想移交给')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='people.post', verbose_name='责任岗位')),
                ('plan', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosure.document', verbose_name='写明任务的文件')),
                ('tenant', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='promise', to='utilities.tenant', verbose_name='哪个公用单位的承诺')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '任务',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('town', 'code'), name='oversight_duty_code_once'), models.UniqueConstraint(condition=models.Q(('source', 'column')), fields=('column',), name='oversight_one_duty_of_a_column'), models.CheckConstraint(condition=models.Q(models.Q(('basis', ''), ('column__isnull', False), ('owner__isnull', True), ('source', 'column'), ('trigger', '')), models.Q(models.Q(('source', 'column'), _negated=True), ('owner__isnull', False), models.Q(('trigger', ''), _negated=True), models.Q(('basis', ''), _negated=True)), _connector='OR'), name='oversight_duty_has_owner_rule_and_basis'), models.CheckConstraint(condition=models.Q(models.Q(('due_on__isnull', False), ('trigger', 'once')), models.Q(models.Q(('trigger', 'once'), _negated=True), ('due_on__isnull', True)), _connector='OR'), name='oversight_once_has_its_day'), models.CheckConstraint(condition=models.Q(models.Q(('offered_to__isnull', True), ('offered_why', '')), models.Q(('offered_to__isnull', False), models.Q(('offered_why', ''), _negated=True)), _connector='OR'), name='oversight_offered_for_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('source', 'plan'), _negated=True), models.Q(('plan__isnull', False), models.Q(('clause', ''), _negated=True)), _connector='OR'), name='oversight_plan_task_names_its_clause'), models.CheckConstraint(condition=models.Q(models.Q(('trigger', 'always'), _negated=True), ('column__isnull', False), models.Q(('kind', ''), _negated=True), models.Q(('watch', ''), _negated=True), _connector='OR'), name='oversight_on_every_day_of_something'), models.CheckConstraint(condition=models.Q(models.Q(('item__isnull', True), ('tenant__isnull', True)), models.Q(('source', 'promise'), ('trigger', 'quarter'), models.Q(('item__isnull', True), ('tenant__isnull', True), _connector='OR')), _connector='OR'), name='oversight_measured_by_the_quarter')],
            },
        ),
        migrations.CreateModel(
            name='Sentence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('anchor', models.CharField(max_length=16, verbose_name='第几段第几句')),
                ('verdict', models.CharField(choices=[('task', '是任务'), ('none', '不是任务')], max_length=4, verbose_name='结论')),
                ('decided_at', models.DateTimeField(verbose_name='决定时间')),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='决定人')),
                ('duty', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sentences', to='oversight.duty', verbose_name='任务')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosure.revision', verbose_name='正文')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '规划里的一句话',
                'constraints': [models.UniqueConstraint(fields=('revision', 'anchor'), name='oversight_sentence_decided_once'), models.CheckConstraint(condition=models.Q(models.Q(('duty__isnull', False), ('verdict', 'task')), models.Q(('duty__isnull', True), ('verdict', 'none')), _connector='OR'), name='oversight_a_task_has_its_duty')],
            },
        ),
        migrations.CreateModel(
            name='Slot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(max_length=24, verbose_name='期')),
                ('first_on', models.DateField(verbose_name='从哪天起')),
                ('first_due_on', models.DateField(verbose_name='原来的期限')),
                ('due_on', models.DateField(verbose_name='期限')),
                ('provisional', models.BooleanField(default=False, verbose_name='期限是暂定的')),
                ('proved_on', models.DateField(blank=True, null=True, verbose_name='办成日期')),
                ('statement', models.CharField(blank=True, max_length=200, verbose_name='怎么办成的')),
                ('excused_on', models.DateField(blank=True, null=True, verbose_name='说明日期')),
                ('excuse', models.CharField(blank=True, max_length=200, verbose_name='为什么没有')),
                ('broken', models.PositiveIntegerField(default=0, verbose_name='几件没有做到')),
                ('nudges', models.PositiveIntegerField(default=0, verbose_name='催了几次')),
                ('nudges_untold', models.PositiveIntegerField(default=0, verbose_name='记进日志以前催了几次')),
                ('about', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosure.document', verbose_name='哪一份信息')),
                ('duty', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slots', to='oversight.duty')),
                ('excuse_paper', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosure.document', verbose_name='说明的依据')),
                ('listed', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosure.derivedlist', verbose_name='作凭据的公示表')),
                ('proof', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proves', to='disclosure.document', verbose_name='凭据')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slots', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '空格',
                'ordering': ['due_on', 'pk'],
                'indexes': [models.Index(condition=models.Q(('excused_on__isnull', True), ('proved_on__isnull', True)), fields=['town', 'due_on'], name='oversight_waiting')],
                'constraints': [models.UniqueConstraint(fields=('duty', 'period'), name='oversight_slot_once_a_period'), models.CheckConstraint(condition=models.Q(models.Q(('listed__isnull', True), ('proof__isnull', True), ('proved_on__isnull', True), ('statement', '')), models.Q(('proved_on__isnull', False), models.Q(('proof__isnull', False), ('listed__isnull', False), models.Q(('statement', ''), _negated=True), _connector='OR')), _connector='OR'), name='oversight_proved_by_something'), models.CheckConstraint(condition=models.Q(models.Q(('excuse', ''), ('excuse_paper__isnull', True), ('excused_on__isnull', True)), models.Q(('excused_on__isnull', False), models.Q(('excuse', ''), _negated=True)), _connector='OR'), name='oversight_excused_for_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Takeover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('proposed_at', models.DateTimeField(verbose_name='提出时间')),
                ('agreed', models.BooleanField(default=False, verbose_name='同意')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='办结时间')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='为什么不同意')),
                ('owners', models.JSONField(verbose_name='哪些任务由哪个岗位负责')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='同意或者退回的人')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '接下法定任务',
                'constraints': [models.UniqueConstraint(condition=models.Q(('settled_at__isnull', True)), fields=('town',), name='oversight_one_takeover_waits'), models.CheckConstraint(condition=models.Q(models.Q(('agreed', False), ('reason', ''), ('settled_at__isnull', True), ('settled_by__isnull', True)), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False), models.Q(('settled_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='oversight_taken_over_by_two')],
            },
        ),
    ]
