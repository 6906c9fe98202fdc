import django.core.validators
import django.db.models.deletion
import mingtang.events.append_only
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('hall', '0001_initial'), ('hall', '0002_registers'), ('hall', '0003_sites_and_bands'), ('hall', '0004_contacts'), ('hall', '0005_same_form'), ('hall', '0006_paper_slips')]

    initial = True

    dependencies = [
        ('files', '0001_squashed'),
        ('people', '0001_squashed'),
        ('people', '__first__'),
        ('rulebook', '0001_squashed'),
        ('towns', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('begun_at', models.DateTimeField(verbose_name='制订时间')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='完成时间')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hand_overs', to='rulebook.item', verbose_name='事项')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hand_overs', to='towns.jurisdiction')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hand_overs', to='people.unit', verbose_name='移交单位')),
            ],
            options={
                'verbose_name': '移交计划',
                'ordering': ['begun_at', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('done_at__isnull', True)), fields=('item',), name='hall_one_hand_over_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Milestone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(verbose_name='排序')),
                ('title', models.CharField(max_length=80, verbose_name='节点')),
                ('first_due_on', models.DateField(verbose_name='原定日期')),
                ('due_on', models.DateField(verbose_name='现定日期')),
                ('moved_reason', models.CharField(blank=True, max_length=200, verbose_name='改期原因')),
                ('unit_signed_at', models.DateTimeField(blank=True, null=True, verbose_name='移交单位签字时间')),
                ('centre_signed_at', models.DateTimeField(blank=True, null=True, verbose_name='中心签字时间')),
                ('centre_signed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='中心签字人')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='milestones', to='hall.handover')),
                ('unit_signed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='移交单位签字人')),
            ],
            options={
                'verbose_name': '移交节点',
                'ordering': ['order'],
                'constraints': [models.UniqueConstraint(fields=('plan', 'order'), name='hall_milestone_order_once'), models.CheckConstraint(condition=models.Q(models.Q(('unit_signed_at__isnull', True), ('unit_signed_by__isnull', True)), models.Q(('unit_signed_at__isnull', False), ('unit_signed_by__isnull', False)), _connector='OR'), name='hall_unit_signed_by_someone'), models.CheckConstraint(condition=models.Q(models.Q(('centre_signed_at__isnull', True), ('centre_signed_by__isnull', True)), models.Q(('centre_signed_at__isnull', False), ('centre_signed_by__isnull', False)), _connector='OR'), name='hall_centre_signed_by_someone'), models.CheckConstraint(condition=models.Q(('unit_signed_by__isnull', True), ('centre_signed_by__isnull', True), models.Q(('unit_signed_by', models.F('centre_signed_by')), _negated=True), _connector='OR'), name='hall_two_sides_are_two_persons'), models.CheckConstraint(condition=models.Q(('due_on', models.F('first_due_on')), models.Q(('moved_reason', ''), _negated=True), _connector='OR'), name='hall_moved_day_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Pad',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=12, verbose_name='本号')),
                ('first', models.PositiveIntegerField(verbose_name='首号')),
                ('last', models.PositiveIntegerField(verbose_name='末号')),
                ('issued_at', models.DateTimeField(verbose_name='发出时间')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pads', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '号单本',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='PadVoid',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slip', models.PositiveIntegerField(verbose_name='号')),
                ('reason', models.CharField(max_length=100, verbose_name='原因')),
                ('voided_at', models.DateTimeField(verbose_name='作废时间')),
                ('pad', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voids', to='hall.pad')),
                ('voided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '作废的号单',
                'ordering': ['slip'],
                'constraints': [models.UniqueConstraint(fields=('pad', 'slip'), name='hall_slip_spoiled_once'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='hall_spoiled_slip_says_why')],
            },
        ),
        migrations.CreateModel(
            name='PriorityRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='谁优先')),
                ('minutes', models.PositiveSmallIntegerField(verbose_name='提前几分钟')),
                ('basis', models.CharField(max_length=100, verbose_name='依据')),
                ('quick', models.BooleanField(default=False, verbose_name='快办')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='停用日期')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='priority_rules', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '优先规则',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_on__isnull', True)), fields=('town', 'name'), name='hall_priority_rule_once'), models.CheckConstraint(condition=models.Q(('minutes__range', (1, 60))), name='hall_priority_within_an_hour')],
            },
        ),
        migrations.CreateModel(
            name='Site',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(default='hall', max_length=40, verbose_name='代码')),
                ('letter', models.CharField(default='A', max_length=1, validators=[django.core.validators.RegexValidator('^[A-Z]$')], verbose_name='号头')),
                ('kind', models.CharField(choices=[('centre', '便民服务中心'), ('unit_hall', '单位服务厅'), ('station', '村级服务站')], default='centre', max_length=12, verbose_name='类别')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('address', models.CharField(max_length=100, verbose_name='地址')),
                ('hours', models.CharField(blank=True, max_length=100, verbose_name='开放时间')),
                ('phone', models.CharField(max_length=30, verbose_name='电话')),
                ('market_calendar', models.CharField(blank=True, choices=[('solar', '公历'), ('lunar', '农历')], max_length=8, verbose_name='赶集日历')),
                ('market_days', models.JSONField(default=list, verbose_name='赶集日')),
                ('book_share', models.PositiveSmallIntegerField(default=0, verbose_name='可预约的份额（%）')),
                ('visit_minutes', models.PositiveSmallIntegerField(default=15, verbose_name='一个人平均办几分钟')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sites', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '场所',
                'ordering': ['letter'],
                'constraints': [models.UniqueConstraint(fields=('town', 'code'), name='hall_site_code_once_per_town'), models.UniqueConstraint(fields=('town', 'letter'), name='hall_site_letter_once_per_town'), models.CheckConstraint(condition=models.Q(('book_share__lte', 50)), name='hall_half_is_for_who_walks_in'), models.CheckConstraint(condition=models.Q(('visit_minutes__range', (5, 60))), name='hall_visit_takes_5_to_60_minutes')],
            },
        ),
        migrations.AddField(
            model_name='pad',
            name='site',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pads', to='hall.site', verbose_name='服务站'),
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, verbose_name='号')),
                ('day', models.DateField(verbose_name='日期')),
                ('serial', models.PositiveIntegerField(blank=True, null=True, verbose_name='流水号')),
                ('slip', models.PositiveIntegerField(blank=True, null=True, verbose_name='号单号')),
                ('channel', models.CharField(choices=[('kiosk', '取号'), ('booking', '预约'), ('slip', '纸质号单'), ('walk_in', '当面')], max_length=8, verbose_name='怎么来的')),
                ('state', models.CharField(choices=[('booked', '已预约'), ('waiting', '等候叫号'), ('called', '正在叫号'), ('passed', '过号'), ('owned', '有人负责'), ('handing_over', '转交中'), ('ended', '已有下落')], max_length=12, verbose_name='状态')),
                ('opened_at', models.DateTimeField(verbose_name='来访时间')),
                ('recorded_at', models.DateTimeField(verbose_name='录入时间')),
                ('booked_for', models.DateTimeField(blank=True, null=True, verbose_name='预约时间')),
                ('place_at', models.DateTimeField(verbose_name='排队时间')),
                ('calls', models.PositiveSmallIntegerField(default=0, verbose_name='叫了几次')),
                ('called_at', models.DateTimeField(blank=True, null=True, verbose_name='叫号时间')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='接待时间')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                ('submission', models.UUIDField(blank=True, null=True, verbose_name='提交标识')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='towns.jurisdiction')),
                ('pad', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='hall.pad')),
                ('rule', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hall.priorityrule')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='hall.site')),
            ],
            options={
                'verbose_name': '来访',
                'ordering': ['day', 'serial', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Band',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('weekday', '工作日'), ('lunch', '工作日午间'), ('weekend', '周末'), ('market', '赶集日')], max_length=8, verbose_name='哪些日子')),
                ('starts', models.TimeField(verbose_name='开始')),
                ('ends', models.TimeField(verbose_name='结束')),
                ('posts', models.ManyToManyField(related_name='+', to='people.post', verbose_name='在岗')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bands', to='hall.site')),
            ],
            options={
                'verbose_name': '开放时段',
                'ordering': ['starts', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('site', 'kind', 'starts'), name='hall_band_starts_once'), models.CheckConstraint(condition=models.Q(('ends__gt', models.F('starts'))), name='hall_band_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='TicketDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='日期')),
                ('last', models.PositiveIntegerField(default=0, verbose_name='最后一号')),
                ('last_at', models.DateTimeField(blank=True, null=True, verbose_name='最后取号时间')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ticket_days', to='hall.site')),
            ],
            options={
                'verbose_name': '当天的号',
                'constraints': [models.UniqueConstraint(fields=('site', 'day'), name='hall_one_series_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Window',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('general', '综合窗口'), ('special', '专门窗口')], default='special', max_length=8, verbose_name='类别')),
                ('number', models.PositiveSmallIntegerField(verbose_name='窗口号')),
                ('name', models.CharField(max_length=40, verbose_name='名称')),
                ('is_open', models.BooleanField(default=True, verbose_name='开着')),
                ('closed_reason', models.CharField(blank=True, max_length=100, verbose_name='关闭原因')),
                ('back_at', models.DateTimeField(blank=True, null=True, verbose_name='预计恢复')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='windows', to='people.post')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='windows', to='hall.site')),
                ('substitute', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hall.window', verbose_name='替代窗口')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='windows', to='towns.jurisdiction')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='windows', to='people.unit')),
            ],
            options={
                'verbose_name': '窗口',
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('site', 'number'), name='hall_window_number_once'), models.CheckConstraint(condition=models.Q(models.Q(('back_at__isnull', True), ('closed_reason', ''), ('is_open', True)), models.Q(('is_open', False), models.Q(('closed_reason', ''), _negated=True)), _connector='OR'), name='hall_closed_window_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Owner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(verbose_name='顺序')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='转交原因')),
                ('offered_at', models.DateTimeField(verbose_name='转交时间')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='接下时间')),
                ('declined_at', models.DateTimeField(blank=True, null=True, verbose_name='退回时间')),
                ('declined_why', models.CharField(blank=True, max_length=200, verbose_name='退回原因')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='owners', to='hall.contact')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.post')),
                ('staff', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('window', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hall.window')),
            ],
            options={
                'verbose_name': '责任人',
                'ordering': ['order'],
                'constraints': [models.UniqueConstraint(fields=('contact', 'order'), name='hall_owner_order_once'), models.UniqueConstraint(condition=models.Q(('accepted_at__isnull', True), ('declined_at__isnull', True)), fields=('contact',), name='hall_one_offer_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', True), ('staff__isnull', True)), models.Q(('accepted_at__isnull', False), ('declined_at__isnull', True), ('staff__isnull', False)), _connector='OR'), name='hall_accepted_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('declined_at__isnull', True), ('declined_why', '')), models.Q(('declined_at__isnull', False), models.Q(('declined_why', ''), _negated=True)), _connector='OR'), name='hall_declined_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Errand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(verbose_name='排序')),
                ('outcome', models.CharField(blank=True, choices=[('case', '收件办理'), ('answered', '当场答复'), ('notice', '一次性告知'), ('refused', '不能办，写明条款'), ('left', '没等到，走了'), ('nobody', '窗口没人'), ('cancelled', '自己取消'), ('absent', '约了没来')], max_length=10, verbose_name='下落')),
                ('clause', models.CharField(blank=True, max_length=100, verbose_name='条款')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='errands', to='hall.contact')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rulebook.item')),
                ('window', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hall.window')),
            ],
            options={
                'verbose_name': '要办的事',
                'ordering': ['order'],
                'constraints': [models.UniqueConstraint(fields=('contact', 'order'), name='hall_errand_order_once'), models.CheckConstraint(condition=models.Q(models.Q(('clause', ''), ('ended_at__isnull', True), ('ended_by__isnull', True), ('note', ''), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='hall_errand_ends_in_an_outcome'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'refused'), _negated=True), models.Q(('clause', ''), _negated=True), _connector='OR'), name='hall_refused_names_its_clause'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'notice'), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='hall_notice_says_what_is_missing')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since_on', models.DateField(verbose_name='进驻日期')),
                ('left_on', models.DateField(blank=True, null=True, verbose_name='退出日期')),
                ('left_reason', models.CharField(blank=True, max_length=200, verbose_name='退出原因')),
                ('left_minutes', models.CharField(blank=True, max_length=40, verbose_name='退出的会议纪要号')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='rulebook.item', verbose_name='事项')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='towns.jurisdiction')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='people.unit', verbose_name='进驻单位')),
                ('window', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='hall.window', verbose_name='窗口')),
            ],
            options={
                'verbose_name': '进驻登记',
                'ordering': ['item__code', 'since_on'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('left_on__isnull', True)), fields=('item', 'window'), name='hall_item_enters_a_window_once'), models.CheckConstraint(condition=models.Q(models.Q(('left_minutes', ''), ('left_on__isnull', True), ('left_reason', '')), models.Q(('left_on__gte', models.F('since_on')), ('left_on__isnull', False), models.Q(('left_reason', ''), _negated=True), models.Q(('left_minutes', ''), _negated=True)), _connector='OR'), name='hall_who_leaves_says_why')],
            },
        ),
        migrations.CreateModel(
            name='EmptyWindow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_at', models.DateTimeField(verbose_name='第一次按')),
                ('last_at', models.DateTimeField(verbose_name='最后一次按')),
                ('presses', models.PositiveSmallIntegerField(default=1, verbose_name='次数')),
                ('met_at', models.DateTimeField(blank=True, null=True, verbose_name='有人应')),
                ('answer', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='说明时间')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
                ('window', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='empties', to='hall.window')),
            ],
            options={
                'verbose_name': '窗口没人',
                'ordering': ['-first_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True), ('answered_by__isnull', True)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='hall_answered_by_somebody')],
            },
        ),
        migrations.AddField(
            model_name='contact',
            name='window',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='hall.window'),
        ),
        migrations.CreateModel(
            name='Badge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('issued_on', models.DateField(verbose_name='发证日期')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='收回日期')),
                ('photo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='照片')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='badges', to='people.post', verbose_name='岗位')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='badges', to=settings.AUTH_USER_MODEL, verbose_name='持证人')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='badges', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '上岗证',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_on__isnull', True)), fields=('staff', 'post'), name='hall_one_badge_a_post'), models.CheckConstraint(condition=models.Q(('ended_on__isnull', True), ('ended_on__gte', models.F('issued_on')), _connector='OR'), name='hall_badge_ends_after_issue')],
            },
        ),
        migrations.CreateModel(
            name='Exemption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200, verbose_name='原因')),
                ('minutes_number', models.CharField(max_length=40, verbose_name='会议纪要号')),
                ('from_on', models.DateField(verbose_name='开始日期')),
                ('until_on', models.DateField(verbose_name='到期日')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='提前结束日期')),
                ('ended_reason', models.CharField(blank=True, max_length=60, verbose_name='结束原因')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exemptions', to='rulebook.item', verbose_name='事项')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exemptions', to='towns.jurisdiction')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exemptions', to='people.unit', verbose_name='单位')),
            ],
            options={
                'verbose_name': '暂缓进驻',
                'ordering': ['until_on', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_on__isnull', True)), fields=('item',), name='hall_one_exemption_at_a_time'), models.CheckConstraint(condition=models.Q(('until_on__gt', models.F('from_on'))), name='hall_exemption_ends_after_start'), models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), models.Q(('minutes_number', ''), _negated=True)), name='hall_exemption_has_reason_and_minutes'), models.CheckConstraint(condition=models.Q(models.Q(('ended_on__isnull', True), ('ended_reason', '')), models.Q(('ended_on__isnull', False), models.Q(('ended_reason', ''), _negated=True)), _connector='OR'), name='hall_exemption_ended_says_why')],
            },
        ),
        migrations.AddConstraint(
            model_name='pad',
            constraint=models.UniqueConstraint(fields=('town', 'code'), name='hall_pad_code_once'),
        ),
        migrations.AddConstraint(
            model_name='pad',
            constraint=models.CheckConstraint(condition=models.Q(('first__gte', 1), ('last__gte', models.F('first'))), name='hall_pad_has_numbers'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(fields=['site', 'state', 'place_at'], name='hall_queue'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.UniqueConstraint(fields=('town', 'number'), name='hall_contact_number_once'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.UniqueConstraint(fields=('site', 'day', 'serial'), name='hall_serial_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.UniqueConstraint(fields=('pad', 'slip'), name='hall_slip_used_once'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.UniqueConstraint(condition=models.Q(('submission__isnull', False)), fields=('town', 'submission'), name='hall_form_gives_one_number'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'called')), fields=('window',), name='hall_window_calls_one'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('pad__isnull', True), ('serial__isnull', False), ('slip__isnull', True)), models.Q(('pad__isnull', False), ('serial__isnull', True), ('slip__isnull', False)), _connector='OR'), name='hall_contact_of_a_series'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state', 'ended')), models.Q(models.Q(('state', 'ended'), _negated=True), ('ended_at__isnull', True)), _connector='OR'), name='hall_ended_contact_has_time'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'called'), _negated=True), models.Q(('called_at__isnull', False), ('window__isnull', False)), _connector='OR'), name='hall_called_to_a_window'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['owned', 'handing_over']), _negated=True), ('started_at__isnull', False), _connector='OR'), name='hall_owned_has_begun'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('booked_for__isnull', False), ('channel', 'booking')), models.Q(models.Q(('channel', 'booking'), _negated=True), ('booked_for__isnull', True)), _connector='OR'), name='hall_booking_has_its_time'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('opened_at__lte', models.F('recorded_at'))), name='hall_came_before_entered'),
        ),
        mingtang.events.append_only.Frozen(
            table='hall_contact',
            columns=['town_id', 'site_id', 'number', 'day', 'serial', 'pad_id', 'slip', 'channel', 'rule_id', 'opened_at', 'recorded_at', 'booked_for'],
            when='1 = 1',
        ),
        mingtang.events.append_only.Undeletable(
            table='hall_contact',
        ),
        mingtang.events.append_only.Undeletable(
            table='hall_errand',
        ),
        mingtang.events.append_only.Undeletable(
            table='hall_owner',
        ),
        mingtang.events.append_only.Undeletable(
            table='hall_ticketday',
        ),
        mingtang.events.append_only.Undeletable(
            table='hall_emptywindow',
        ),
        mingtang.events.append_only.Undeletable(
            table='hall_padvoid',
        ),
    ]
