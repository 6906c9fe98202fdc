import django.db.models.deletion
import mingtang.events.append_only
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('study', '0001_pages'), ('study', '0002_training_and_quiz')]

    initial = True

    dependencies = [
        ('files', '0001_squashed'),
        ('people', '0001_squashed'),
        ('people', '__first__'),
        ('towns', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Outreach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('held_on', models.DateField(verbose_name='日期')),
                ('place', models.CharField(max_length=60, verbose_name='地点')),
                ('manner', models.CharField(choices=[('market', '赶集日摆台'), ('meeting', '村民会、屋场会'), ('visit', '上门讲解'), ('class', '讲课'), ('broadcast', '村里广播'), ('poster', '张贴、发放材料'), ('other', '其他')], max_length=10, verbose_name='形式')),
                ('about', models.CharField(max_length=200, verbose_name='讲了什么')),
                ('people', models.PositiveIntegerField(verbose_name='到了多少人')),
                ('counting', models.CharField(choices=[('counted', '清点、签到'), ('estimated', '估计')], max_length=10, verbose_name='人数怎么来的')),
                ('struck_reason', models.CharField(blank=True, max_length=200, verbose_name='划去的原因')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '宣传活动',
                'ordering': ['-held_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='OutreachFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=100, verbose_name='图片说明')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('outreach', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='study.outreach')),
            ],
            options={
                'verbose_name': '宣传活动的材料',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='编号')),
                ('proposed_at', models.DateTimeField(verbose_name='送审时间')),
                ('reviewed_at', models.DateTimeField(blank=True, null=True, verbose_name='公布时间')),
                ('returned_reason', models.CharField(blank=True, max_length=200, verbose_name='退回理由')),
                ('mistake', models.CharField(choices=[('returned', '审查退回的信息'), ('corrected', '更正过的信息'), ('withdrawn', '撤下的信息'), ('reopened', '重新办理的办件'), ('slip', '出格单'), ('late', '迟了的任务'), ('obstacle', '办不成的事')], max_length=10, verbose_name='从哪里来')),
                ('source', models.CharField(max_length=120, verbose_name='来源')),
                ('story', models.CharField(max_length=400, verbose_name='案例')),
                ('options', models.JSONField(verbose_name='选项')),
                ('correct', models.PositiveSmallIntegerField(verbose_name='第几个对')),
                ('why', models.CharField(max_length=400, verbose_name='为什么')),
                ('bases', models.JSONField(verbose_name='依据')),
                ('retired_at', models.DateTimeField(blank=True, null=True, verbose_name='取下时间')),
                ('retired_reason', models.CharField(blank=True, max_length=200, verbose_name='取下的原因')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='起草人')),
                ('reviewer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审核人')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '案例题',
                'ordering': ['-number'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('reviewer__isnull', True), models.Q(('reviewer', models.F('author')), _negated=True), _connector='OR'), name='study_question_two_persons'), models.CheckConstraint(condition=models.Q(('reviewed_at__isnull', True), models.Q(('returned_reason', ''), ('reviewer__isnull', False)), _connector='OR'), name='study_question_reviewed_by_someone'), models.UniqueConstraint(fields=('town', 'number'), name='study_question_number_once'), models.CheckConstraint(condition=models.Q(models.Q(('retired_at__isnull', True), ('retired_reason', '')), models.Q(('retired_at__isnull', False), ('reviewed_at__isnull', False), models.Q(('retired_reason', ''), _negated=True)), _connector='OR'), name='study_retired_for_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Requirement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='从哪一年起')),
                ('minutes', models.PositiveIntegerField(verbose_name='每人每年（分钟）')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '学习要求',
                'constraints': [models.UniqueConstraint(fields=('town', 'year'), name='study_requirement_once_a_year')],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('held_on', models.DateField(verbose_name='日期')),
                ('minutes', models.PositiveIntegerField(verbose_name='多久（分钟）')),
                ('subject', models.CharField(max_length=80, verbose_name='主题')),
                ('speaker', models.CharField(max_length=60, verbose_name='主讲')),
                ('studied', models.JSONField(verbose_name='学了什么')),
                ('struck_reason', models.CharField(blank=True, max_length=200, verbose_name='划去的原因')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '学习培训',
                'ordering': ['-held_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('present', models.BooleanField(blank=True, null=True, verbose_name='到了没有')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='本人确认时间')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.post', verbose_name='岗位')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='人员')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='study.session')),
            ],
            options={
                'verbose_name': '参加学习',
                'ordering': ['post__unit__order', 'post_id', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('session', 'staff'), name='study_once_in_a_session'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('present__isnull', True)), models.Q(('answered_at__isnull', False), ('present__isnull', False)), _connector='OR'), name='study_present_by_own_word')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('choice', models.PositiveSmallIntegerField(verbose_name='选了第几个')),
                ('answered_at', models.DateTimeField(verbose_name='答题时间')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='答题人')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='study.question')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='study.session')),
            ],
            options={
                'verbose_name': '答案',
                'constraints': [models.UniqueConstraint(fields=('session', 'question', 'staff'), name='study_answered_once')],
            },
        ),
        migrations.CreateModel(
            name='SessionFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='study.session')),
            ],
            options={
                'verbose_name': '学习材料',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SessionQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='study.question')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asked', to='study.session')),
            ],
            options={
                'verbose_name': '学习的案例题',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('session', 'question'), name='study_asked_once')],
            },
        ),
        migrations.CreateModel(
            name='PageEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='编号')),
                ('proposed_at', models.DateTimeField(verbose_name='送审时间')),
                ('reviewed_at', models.DateTimeField(blank=True, null=True, verbose_name='公布时间')),
                ('returned_reason', models.CharField(blank=True, max_length=200, verbose_name='退回理由')),
                ('subject', models.SlugField(max_length=24, verbose_name='主题代码')),
                ('title', models.CharField(max_length=40, verbose_name='主题')),
                ('lead', models.CharField(max_length=120, verbose_name='一句话')),
                ('statements', models.JSONField(verbose_name='内容')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='起草人')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.post', verbose_name='责任岗位')),
                ('reviewer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审核人')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '学法页',
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('reviewer__isnull', True), models.Q(('reviewer', models.F('author')), _negated=True), _connector='OR'), name='study_pageedition_two_persons'), models.CheckConstraint(condition=models.Q(('reviewed_at__isnull', True), models.Q(('returned_reason', ''), ('reviewer__isnull', False)), _connector='OR'), name='study_pageedition_reviewed_by_someone'), models.UniqueConstraint(fields=('town', 'subject', 'number'), name='study_page_number_once'), models.UniqueConstraint(condition=models.Q(('returned_reason', ''), ('reviewed_at__isnull', True)), fields=('town', 'subject'), name='study_one_page_waits')],
            },
        ),
        mingtang.events.append_only.Frozen(
            table='study_pageedition',
            columns=['town_id', 'subject', 'number', 'title', 'lead', 'statements', 'owner_id', 'author_id', 'proposed_at'],
            when='1 = 1',
        ),
        mingtang.events.append_only.Undeletable(
            table='study_pageedition',
        ),
        mingtang.events.append_only.Frozen(
            table='study_outreach',
            columns=['town_id', 'held_on', 'place', 'manner', 'about', 'people', 'counting', 'entered_by_id'],
            when='1 = 1',
        ),
        mingtang.events.append_only.Undeletable(
            table='study_outreach',
        ),
        mingtang.events.append_only.AppendOnly(
            table='study_answer',
        ),
        mingtang.events.append_only.Frozen(
            table='study_question',
            columns=['town_id', 'number', 'mistake', 'source', 'story', 'options', 'correct', 'why', 'bases', 'author_id', 'proposed_at'],
            when='1 = 1',
        ),
        mingtang.events.append_only.Undeletable(
            table='study_question',
        ),
        mingtang.events.append_only.Frozen(
            table='study_session',
            columns=['town_id', 'held_on', 'minutes', 'subject', 'speaker', 'studied', 'entered_by_id'],
            when='1 = 1',
        ),
        mingtang.events.append_only.Undeletable(
            table='study_session',
        ),
        mingtang.events.append_only.Frozen(
            table='study_attendance',
            columns=['session_id', 'post_id', 'staff_id'],
            when='1 = 1',
        ),
        mingtang.events.append_only.Undeletable(
            table='study_attendance',
        ),
    ]
