import django.db.models.deletion
import mingtang.events.append_only
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('voices', '0001_initial'), ('voices', '0002_frozen'), ('voices', '0003_matters'), ('voices', '0004_challenges')]

    initial = True

    dependencies = [
        ('cases', '0001_squashed'),
        ('events', '0001_squashed'),
        ('files', '0001_squashed'),
        ('hall', '0001_squashed'),
        ('people', '0001_squashed'),
        ('people', '__first__'),
        ('rulebook', '0001_squashed'),
        ('towns', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Matter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=24, verbose_name='编号')),
                ('submission', models.CharField(max_length=64, verbose_name='提交标识')),
                ('code_hash', models.CharField(max_length=64, verbose_name='查询码散列')),
                ('kind', models.CharField(choices=[('complaint', '投诉'), ('suggestion', '建议'), ('question', '咨询'), ('help', '求助'), ('challenge', '核对')], max_length=12, verbose_name='哪一种')),
                ('state', models.CharField(choices=[('open', '等答复'), ('proposed', '单位答了，镇里在核对'), ('answered', '已答复'), ('disputed', '不认可，镇里在复核'), ('ended', '有了结果')], max_length=10, verbose_name='状态')),
                ('outcome', models.CharField(blank=True, choices=[('upheld', '属实，已经改正'), ('partly', '部分属实，改了一部分'), ('unfounded', '不属实，已经说明'), ('adopted', '采纳'), ('some', '采纳了一部分'), ('not_adopted', '没有采纳，说明了理由'), ('explained', '答复清楚'), ('helped', '办好了'), ('referred', '告诉了该找谁'), ('cannot', '帮不了，说明了理由'), ('passed_on', '转给有权的机关办')], max_length=12, verbose_name='结果')),
                ('told_sealed', models.BinaryField(verbose_name='来往的话（密文）')),
                ('told_at', models.DateTimeField(verbose_name='反映时间')),
                ('due_on', models.DateField(verbose_name='最迟答复')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='答复时间')),
                ('disputed_at', models.DateTimeField(blank=True, null=True, verbose_name='不认可的时间')),
                ('about', models.CharField(blank=True, max_length=80, verbose_name='核对什么')),
                ('edition', models.PositiveIntegerField(blank=True, null=True, verbose_name='第几版')),
                ('row', models.SlugField(blank=True, max_length=24, verbose_name='哪一行')),
                ('claim', models.CharField(blank=True, max_length=300, verbose_name='公布的是')),
                ('checked_at', models.DateTimeField(blank=True, null=True, verbose_name='认定时间')),
                ('ruled_at', models.DateTimeField(blank=True, null=True, verbose_name='复核时间')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('checked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.payloadkey')),
                ('photo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='照片（密文）')),
                ('ruled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matters', to='towns.jurisdiction')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matters', to='people.unit', verbose_name='公用单位')),
            ],
            options={
                'verbose_name': '诉求',
                'indexes': [models.Index(fields=['town', 'unit', 'state', 'due_on'], name='voices_matter_by_state'), models.Index(condition=models.Q(('about', ''), _negated=True), fields=['town', 'about'], name='voices_challenges_by_subject')],
                'constraints': [models.UniqueConstraint(fields=('town', 'number'), name='voices_matter_number_once'), models.UniqueConstraint(fields=('town', 'submission'), name='voices_matter_told_once'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True), ('outcome', ''), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='voices_matter_answered_with_an_outcome'), models.CheckConstraint(condition=models.Q(models.Q(('ruled_at__isnull', True), ('ruled_by__isnull', True)), models.Q(('disputed_at__isnull', False), ('ruled_at__isnull', False), ('ruled_by__isnull', False), ('state', 'ended')), _connector='OR'), name='voices_matter_ruled_after_a_dispute'), models.CheckConstraint(condition=models.Q(models.Q(('edition__isnull', False), ('kind', 'challenge'), models.Q(('about', ''), _negated=True), models.Q(('row', ''), _negated=True), models.Q(('claim', ''), _negated=True)), models.Q(models.Q(('kind', 'challenge'), _negated=True), ('about', ''), ('claim', ''), ('edition__isnull', True), ('row', '')), _connector='OR'), name='voices_challenge_names_what'), models.CheckConstraint(condition=models.Q(models.Q(('checked_at__isnull', True), ('checked_by__isnull', True), models.Q(('kind', 'challenge'), ('state', 'ended'), _negated=True)), models.Q(('kind', 'challenge'), ('state', 'ended'), ('checked_at__isnull', False), ('checked_by__isnull', False), models.Q(('checked_by', models.F('answered_by')), _negated=True)), _connector='OR'), name='voices_challenge_ended_by_another')],
            },
        ),
        migrations.CreateModel(
            name='MatterSerial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年份')),
                ('last', models.PositiveIntegerField(default=0, verbose_name='最后流水号')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '诉求流水号',
                'constraints': [models.UniqueConstraint(fields=('town', 'year'), name='voices_one_matter_serial_a_year')],
            },
        ),
        migrations.CreateModel(
            name='Obstacle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=24, verbose_name='编号')),
                ('submission', models.CharField(max_length=64, verbose_name='提交标识')),
                ('code_hash', models.CharField(max_length=64, verbose_name='查询码散列')),
                ('channel', models.CharField(choices=[('online', '网上'), ('kiosk', '大厅的屏幕'), ('desk', '当面')], max_length=8, verbose_name='怎么反映的')),
                ('reason', models.CharField(choices=[('off_list', '要了指南上没有的材料或者手续'), ('sent_around', '跑了几个窗口，互相推'), ('nobody_knows', '没有人知道归谁管'), ('rule', '规定本身做不到'), ('other_organ', '要别的机关先办，那边办不了'), ('system', '系统、网络、机器出问题'), ('no_clause', '说不能办，不说依据哪一条'), ('waiting', '等得太久，没有下文'), ('other', '别的原因')], max_length=12, verbose_name='原因')),
                ('told_sealed', models.BinaryField(verbose_name='反映的内容（密文）')),
                ('state', models.CharField(choices=[('open', '正在办'), ('handing_over', '转交中'), ('ended', '有了结果')], max_length=12, verbose_name='状态')),
                ('opened_at', models.DateTimeField(verbose_name='反映时间')),
                ('due_on', models.DateField(verbose_name='最迟给结果')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='结果时间')),
                ('outcome', models.CharField(blank=True, choices=[('solved', '办成了'), ('change', '提出改规定'), ('explained', '公布办不成的理由'), ('passed_on', '转给有权办的机关')], max_length=10, verbose_name='结果')),
                ('clause', models.CharField(blank=True, max_length=100, verbose_name='依据哪一条')),
                ('text', models.CharField(blank=True, max_length=300, verbose_name='为什么办不成')),
                ('organ', models.CharField(blank=True, max_length=60, verbose_name='转给哪个机关')),
                ('receipt', models.CharField(blank=True, max_length=60, verbose_name='对方的回执')),
                ('answers', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit', verbose_name='负责解释的单位')),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='obstacles', to='cases.case')),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='obstacles', to='hall.contact')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_event', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.event')),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='obstacles', to='rulebook.item', verbose_name='事项')),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.payloadkey')),
                ('offered', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.post', verbose_name='转给')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.post', verbose_name='负责的岗位')),
                ('slip', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='obstacles', to='rulebook.slip')),
                ('solved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case', verbose_name='办成的件')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='obstacles', to='towns.jurisdiction')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit', verbose_name='涉及单位')),
                ('version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='obstacles', to='rulebook.version', verbose_name='改规定的草案')),
            ],
            options={
                'verbose_name': '办不成事',
                'indexes': [models.Index(fields=['town', 'state', 'due_on'], name='voices_obstacle_by_state')],
                'constraints': [models.UniqueConstraint(fields=('town', 'number'), name='voices_obstacle_number_once'), models.UniqueConstraint(fields=('town', 'submission'), name='voices_obstacle_told_once'), models.CheckConstraint(condition=models.Q(models.Q(('offered__isnull', False), ('state', 'handing_over')), models.Q(models.Q(('state', 'handing_over'), _negated=True), ('offered__isnull', True)), _connector='OR'), name='voices_offered_to_a_post'), models.CheckConstraint(condition=models.Q(models.Q(models.Q(('state', 'ended'), _negated=True), ('ended_at__isnull', True), ('ended_by__isnull', True), ('ended_event__isnull', True), ('outcome', ''), ('solved_by__isnull', True), ('version__isnull', True), ('answers__isnull', True), ('clause', ''), ('text', ''), ('organ', ''), ('receipt', '')), models.Q(('state', 'ended'), ('ended_at__isnull', False), ('ended_by__isnull', False), ('ended_event__isnull', False), models.Q(models.Q(('outcome', 'solved'), ('solved_by__isnull', False), ('version__isnull', True), ('answers__isnull', True), ('clause', ''), ('text', ''), ('organ', ''), ('receipt', '')), models.Q(('outcome', 'change'), ('version__isnull', False), ('solved_by__isnull', True), ('answers__isnull', True), ('clause', ''), ('text', ''), ('organ', ''), ('receipt', '')), models.Q(('answers__isnull', False), ('outcome', 'explained'), models.Q(('clause', ''), _negated=True), models.Q(('text', ''), _negated=True), ('solved_by__isnull', True), ('version__isnull', True), ('organ', ''), ('receipt', '')), models.Q(('outcome', 'passed_on'), models.Q(('organ', ''), _negated=True), models.Q(('receipt', ''), _negated=True), ('solved_by__isnull', True), ('version__isnull', True), ('answers__isnull', True), ('clause', ''), ('text', '')), _connector='OR')), _connector='OR'), name='voices_obstacle_ends_in_one_of_four')],
            },
        ),
        migrations.CreateModel(
            name='ObstacleSerial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年份')),
                ('last', models.PositiveIntegerField(default=0, verbose_name='最后流水号')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '办不成事流水号',
                'constraints': [models.UniqueConstraint(fields=('town', 'year'), name='voices_one_serial_a_year')],
            },
        ),
        mingtang.events.append_only.Undeletable(
            table='voices_obstacle',
        ),
        mingtang.events.append_only.Frozen(
            table='voices_obstacle',
            columns=['town_id', 'number', 'submission', 'code_hash', 'channel', 'reason', 'item_id', 'unit_id', 'case_id', 'contact_id', 'slip_id', 'key_id', 'told_sealed', 'owner_id', 'opened_at', 'due_on', 'ended_at', 'ended_by_id', 'ended_event_id', 'outcome', 'solved_by_id', 'version_id', 'clause', 'text', 'answers_id', 'organ', 'receipt'],
            when='OLD.ended_at IS NOT NULL',
        ),
        mingtang.events.append_only.Undeletable(
            table='voices_matter',
        ),
    ]
