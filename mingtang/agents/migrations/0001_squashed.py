import django.db.models.deletion
import mingtang.events.append_only
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('agents', '0001_initial'), ('agents', '0002_lost')]

    initial = True

    dependencies = [
        ('events', '0001_squashed'),
        ('hall', '0001_squashed'),
        ('people', '0001_squashed'),
        ('people', '__first__'),
        ('rulebook', '0001_squashed'),
        ('towns', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, verbose_name='代办单号')),
                ('place', models.CharField(choices=[('station', '到服务站办'), ('home', '上门办')], max_length=8, verbose_name='在哪里办')),
                ('asked_by', models.CharField(choices=[('in_person', '当面'), ('online', '网上'), ('kiosk', '取号机'), ('phone', '电话')], max_length=10, verbose_name='怎么来的')),
                ('state', models.CharField(choices=[('asked', '等代办员接单'), ('taken', '代办员已接单'), ('handing_in', '等窗口接收'), ('handed_in', '已交窗口'), ('collected', '结果已领取'), ('delivered', '已送到'), ('declined', '没有接单'), ('withdrawn', '委托已收回'), ('not_possible', '办不了，已一次性告知')], max_length=12, verbose_name='状态')),
                ('person_sealed', models.BinaryField(verbose_name='委托人（密文）')),
                ('submission', models.CharField(max_length=64, verbose_name='提交标识')),
                ('asked_at', models.DateTimeField(verbose_name='提出时间')),
                ('since', models.DateTimeField(verbose_name='这个状态从何时起')),
                ('late', models.PositiveSmallIntegerField(default=0, verbose_name='晚了几次')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                ('ended_why', models.CharField(blank=True, max_length=200, verbose_name='结束原因')),
                ('contact', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agency', to='hall.contact')),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.payloadkey')),
                ('station', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='hall.site', verbose_name='服务站')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='towns.jurisdiction')),
                ('wanted', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rulebook.item', verbose_name='要办的事项')),
                ('window_post', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.post', verbose_name='窗口')),
            ],
            options={
                'verbose_name': '代办单',
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['station', 'state', 'since'], name='agents_by_station')],
                'constraints': [models.UniqueConstraint(fields=('town', 'number'), name='agents_number_once'), models.UniqueConstraint(fields=('town', 'submission'), name='agents_submitted_once'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_why', ''), ('state__in', ('asked', 'taken', 'handing_in', 'handed_in', 'collected'))), models.Q(models.Q(('state__in', ('asked', 'taken', 'handing_in', 'handed_in', 'collected')), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='agents_ended_order_has_time'), models.CheckConstraint(condition=models.Q(('state__in', ('asked', 'declined', 'withdrawn')), ('contact__isnull', False), _connector='OR'), name='agents_taken_order_has_contact'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('declined', 'not_possible')), _negated=True), models.Q(('ended_why', ''), _negated=True), _connector='OR'), name='agents_refusal_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hands_in', models.BooleanField(default=True, verbose_name='递交材料')),
                ('answers', models.BooleanField(default=True, verbose_name='补交材料')),
                ('collects', models.BooleanField(default=True, verbose_name='领取结果')),
                ('until', models.DateField(verbose_name='有效期到')),
                ('way', models.CharField(choices=[('signed', '在纸上签字'), ('code', '报查询码')], max_length=8, verbose_name='怎样同意的')),
                ('given_at', models.DateTimeField(verbose_name='同意时间')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='agents.order')),
            ],
            options={
                'verbose_name': '委托',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('hands_in', True), ('answers', True), ('collects', True), _connector='OR'), name='agents_consent_to_something')],
            },
        ),
        migrations.CreateModel(
            name='OrderSerial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年份')),
                ('last', models.PositiveIntegerField(default=0, verbose_name='最后流水号')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '代办单流水号',
                'constraints': [models.UniqueConstraint(fields=('town', 'year'), name='agents_one_serial_a_year')],
            },
        ),
        migrations.CreateModel(
            name='Original',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveSmallIntegerField(verbose_name='序号')),
                ('name', models.CharField(max_length=40, verbose_name='名称')),
                ('sheets', models.PositiveSmallIntegerField(verbose_name='张数')),
                ('is_result', models.BooleanField(default=False, verbose_name='办理结果')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='originals', to='agents.order')),
            ],
            options={
                'verbose_name': '原件',
                'ordering': ['line'],
                'constraints': [models.UniqueConstraint(fields=('order', 'line'), name='agents_original_line_once'), models.CheckConstraint(condition=models.Q(('sheets__range', (1, 999))), name='agents_original_has_sheets')],
            },
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('turn', models.PositiveSmallIntegerField(verbose_name='次序')),
                ('offered_at', models.DateTimeField(verbose_name='交出时间')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='签收时间')),
                ('way', models.CharField(blank=True, choices=[('signed', '在纸上签字'), ('code', '报查询码')], max_length=8, verbose_name='本人怎样签收')),
                ('ending', models.CharField(blank=True, choices=[('found', '找到了，已经还给本人'), ('replaced', '补办了新的，费用我们出，已经交给本人'), ('waived', '本人签字，不要了')], max_length=8, verbose_name='丢失的怎样了结')),
                ('refused_at', models.DateTimeField(blank=True, null=True, verbose_name='没有签收')),
                ('refused_why', models.CharField(blank=True, max_length=100, verbose_name='没有签收的原因')),
                ('accepted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('giver', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.post', verbose_name='交出')),
                ('offered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taker', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.post', verbose_name='接收')),
                ('original', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='agents.original')),
            ],
            options={
                'verbose_name': '交接',
                'ordering': ['turn'],
                'constraints': [models.UniqueConstraint(fields=('original', 'turn'), name='agents_handover_turn_once'), models.UniqueConstraint(condition=models.Q(('accepted_at__isnull', True), ('refused_at__isnull', True)), fields=('original',), name='agents_one_offer_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('giver__isnull', False), ('taker__isnull', True)), models.Q(('giver__isnull', True), ('taker__isnull', False)), models.Q(('giver__isnull', False), ('taker__isnull', False), models.Q(('giver', models.F('taker')), _negated=True)), _connector='OR'), name='agents_from_one_hand_to_another'), models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', True), ('accepted_by__isnull', True), ('way', '')), models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False), ('refused_at__isnull', True), ('taker__isnull', False)), models.Q(('accepted_at__isnull', False), ('refused_at__isnull', True), ('taker__isnull', True), models.Q(('way', ''), _negated=True)), _connector='OR'), name='agents_accepted_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('refused_at__isnull', True), ('refused_why', '')), models.Q(('refused_at__isnull', False), models.Q(('refused_why', ''), _negated=True)), _connector='OR'), name='agents_refused_offer_says_why'), models.CheckConstraint(condition=models.Q(('ending', ''), models.Q(('accepted_at__isnull', False), ('taker__isnull', True), models.Q(models.Q(('ending', 'waived'), _negated=True), ('way', 'signed'), _connector='OR')), _connector='OR'), name='agents_lost_paper_ends_with_its_owner')],
            },
        ),
        mingtang.events.append_only.Frozen(
            table='agents_order',
            columns=['town_id', 'number', 'station_id', 'place', 'asked_by', 'wanted_id', 'submission', 'asked_at'],
            when='1 = 1',
        ),
        mingtang.events.append_only.Frozen(
            table='agents_original',
            columns=['order_id', 'line', 'name', 'sheets', 'is_result'],
            when='1 = 1',
        ),
        mingtang.events.append_only.Frozen(
            table='agents_handover',
            columns=['original_id', 'turn', 'giver_id', 'taker_id', 'offered_at'],
            when='1 = 1',
        ),
        mingtang.events.append_only.Undeletable(
            table='agents_order',
        ),
        mingtang.events.append_only.Undeletable(
            table='agents_original',
        ),
        mingtang.events.append_only.Undeletable(
            table='agents_handover',
        ),
        mingtang.events.append_only.Undeletable(
            table='agents_consent',
        ),
    ]
