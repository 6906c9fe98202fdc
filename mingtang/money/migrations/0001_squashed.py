import django.db.models.deletion
import mingtang.events.append_only
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('money', '0001_initial'), ('money', '0002_frozen'), ('money', '0003_deposits'), ('money', '0004_frozen_deposits'), ('money', '0005_kept'), ('money', '0006_zero_bills')]

    initial = True

    dependencies = [
        ('events', '0001_squashed'),
        ('people', '0001_squashed'),
        ('people', '__first__'),
        ('rulebook', '0001_squashed'),
        ('towns', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('payee', models.CharField(max_length=60, verbose_name='户名')),
                ('bank', models.CharField(max_length=60, verbose_name='开户行')),
                ('number', models.CharField(max_length=32, verbose_name='账号')),
                ('pay_text', models.CharField(blank=True, max_length=200, verbose_name='扫码缴款的网址')),
                ('set_at', models.DateTimeField(verbose_name='启用时间')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='停用时间')),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='启用人')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='towns.jurisdiction')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='people.unit', verbose_name='单位')),
            ],
            options={
                'verbose_name': '收款账户',
                'ordering': ['unit__order', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('unit__isnull', True)), fields=('town',), name='money_one_treasury_account'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('unit__isnull', False)), fields=('unit',), name='money_one_account_of_a_unit')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=12, verbose_name='缴款号')),
                ('case_number', models.CharField(max_length=24, verbose_name='办件编号')),
                ('lines', models.JSONField(verbose_name='收费项目')),
                ('total', models.PositiveBigIntegerField(verbose_name='应缴（分）')),
                ('state', models.CharField(choices=[('issued', '待缴款'), ('paid', '已缴款'), ('refunded', '已退款'), ('cancelled', '已取消'), ('expired', '逾期未缴')], default='issued', max_length=10, verbose_name='状态')),
                ('issued_at', models.DateTimeField(verbose_name='发出时间')),
                ('due_on', models.DateField(verbose_name='缴款期限')),
                ('paid_at', models.DateTimeField(blank=True, null=True, verbose_name='缴款登记时间')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                ('ended_reason', models.CharField(blank=True, max_length=200, verbose_name='结束原因')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='money.account')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='结束人')),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='发出人')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='towns.jurisdiction')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='rulebook.version')),
            ],
            options={
                'verbose_name': '缴款通知',
                'indexes': [models.Index(fields=['town', 'state', '-id'], name='money_notices_by_state')],
                'constraints': [models.UniqueConstraint(fields=('town', 'number'), name='money_notice_number_once'), models.UniqueConstraint(condition=models.Q(('state__in', ('issued', 'paid'))), fields=('town', 'case_number'), name='money_one_notice_a_case'), models.CheckConstraint(condition=models.Q(('total__gt', 0)), name='money_notice_asks_something'), models.CheckConstraint(condition=models.Q(models.Q(('paid_at__isnull', True), ('state', 'issued')), models.Q(('paid_at__isnull', False), ('state__in', ['paid', 'refunded'])), models.Q(('paid_at__isnull', True), ('state__in', ['cancelled', 'expired'])), _connector='OR'), name='money_paid_has_its_time'), models.CheckConstraint(condition=models.Q(models.Q(models.Q(('state__in', ['cancelled', 'expired']), _negated=True), ('ended_at__isnull', True), ('ended_by__isnull', True), ('ended_reason', '')), models.Q(('ended_at__isnull', False), ('state__in', ['cancelled', 'expired']), models.Q(('ended_reason', ''), _negated=True)), _connector='OR'), name='money_ended_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Deposit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('serial', models.CharField(max_length=64, verbose_name='流水号')),
                ('came_on', models.DateField(verbose_name='到账日期')),
                ('amount', models.PositiveBigIntegerField(verbose_name='金额（分）')),
                ('said_sealed', models.BinaryField(verbose_name='付款人和附言（密文）')),
                ('matched_at', models.DateTimeField(blank=True, null=True, verbose_name='核销时间')),
                ('matched_reason', models.CharField(blank=True, max_length=200, verbose_name='核销理由')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deposits', to='money.account')),
                ('matched_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deposits', to='towns.jurisdiction')),
                ('named', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='named_by', to='money.notice')),
                ('notice', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deposit', to='money.notice')),
            ],
            options={
                'verbose_name': '到账',
            },
        ),
        migrations.CreateModel(
            name='NoticeSerial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年份')),
                ('last', models.PositiveIntegerField(default=0, verbose_name='最后流水号')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '缴款通知流水号',
                'constraints': [models.UniqueConstraint(fields=('town', 'year'), name='money_one_serial_a_year')],
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40, verbose_name='票据号码')),
                ('given_on', models.DateField(verbose_name='开票日期')),
                ('entered_at', models.DateTimeField(verbose_name='登记时间')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('notice', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='receipt', to='money.notice')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '票据',
                'constraints': [models.UniqueConstraint(fields=('town', 'number'), name='money_receipt_number_once')],
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('of_fee', models.BooleanField(verbose_name='退的是费')),
                ('amount', models.PositiveBigIntegerField(verbose_name='金额（分）')),
                ('state', models.CharField(choices=[('asked', '待批准'), ('approved', '已批准，待退'), ('done', '已退'), ('refused', '不批准')], default='asked', max_length=8, verbose_name='状态')),
                ('reason', models.CharField(max_length=200, verbose_name='理由')),
                ('asked_at', models.DateTimeField(verbose_name='申请时间')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='批准时间')),
                ('refused_reason', models.CharField(blank=True, max_length=200, verbose_name='不批准的理由')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='退款登记时间')),
                ('serial', models.CharField(blank=True, max_length=64, verbose_name='退款流水号')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请人')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='批准人')),
                ('deposit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='money.deposit')),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='退款人')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '退款',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0), models.Q(('reason', ''), _negated=True)), name='money_refund_is_money'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='money_refund_two_persons'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('done_at__isnull', True), ('done_by__isnull', True), ('refused_reason', ''), ('serial', ''), ('state', 'asked')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('done_at__isnull', True), ('done_by__isnull', True), ('serial', ''), ('state', 'refused'), models.Q(('refused_reason', ''), _negated=True)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('done_at__isnull', True), ('done_by__isnull', True), ('refused_reason', ''), ('serial', ''), ('state', 'approved')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('done_at__isnull', False), ('done_by__isnull', False), ('refused_reason', ''), ('state', 'done'), models.Q(('serial', ''), _negated=True)), _connector='OR'), name='money_refund_step_by_step'), models.UniqueConstraint(condition=models.Q(('serial', ''), _negated=True), fields=('town', 'serial'), name='money_refund_serial_once')],
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_on', models.DateField(verbose_name='从哪天')),
                ('to_on', models.DateField(verbose_name='到哪天')),
                ('sha256', models.CharField(max_length=64, verbose_name='散列值')),
                ('count', models.PositiveIntegerField(verbose_name='新登记笔数')),
                ('total', models.PositiveBigIntegerField(verbose_name='新登记金额（分）')),
                ('known', models.PositiveIntegerField(verbose_name='以前登记过的笔数')),
                ('imported_at', models.DateTimeField(verbose_name='导入时间')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='money.account', verbose_name='收款账户')),
                ('imported_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='导入人')),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.payloadkey')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '银行流水',
                'constraints': [models.UniqueConstraint(fields=('account', 'sha256', 'from_on', 'to_on'), name='money_same_file_once'), models.CheckConstraint(condition=models.Q(('to_on__gte', models.F('from_on'))), name='money_statement_runs_forward')],
            },
        ),
        migrations.AddField(
            model_name='deposit',
            name='statement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deposits', to='money.statement'),
        ),
        migrations.CreateModel(
            name='ZeroBill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case_number', models.CharField(max_length=24, verbose_name='办件编号')),
                ('made_at', models.DateTimeField(verbose_name='登记时间')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='zero_bills', to='towns.jurisdiction')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='zero_bills', to='rulebook.version')),
            ],
            options={
                'verbose_name': '不收费的办件',
                'constraints': [models.UniqueConstraint(fields=('town', 'case_number'), name='money_zero_bill_once')],
            },
        ),
        migrations.AddIndex(
            model_name='deposit',
            index=models.Index(fields=['town', '-id'], name='money_deposits_newest'),
        ),
        migrations.AddConstraint(
            model_name='deposit',
            constraint=models.UniqueConstraint(fields=('account', 'serial'), name='money_deposit_once'),
        ),
        migrations.AddConstraint(
            model_name='deposit',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='money_deposit_is_money'),
        ),
        migrations.AddConstraint(
            model_name='deposit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('matched_at__isnull', True), ('matched_by__isnull', True), ('matched_reason', ''), ('notice__isnull', True)), models.Q(('matched_at__isnull', False), ('matched_by__isnull', True), ('matched_reason', ''), ('notice__isnull', False)), models.Q(('matched_at__isnull', False), ('matched_by__isnull', False), ('notice__isnull', False), models.Q(('matched_reason', ''), _negated=True)), _connector='OR'), name='money_matched_by_number_or_hand'),
        ),
        mingtang.events.append_only.Barred(
            table='money_notice',
            when={'postgresql': "((SELECT COALESCE(SUM((line->>'amount')::bigint), 0) FROM jsonb_array_elements(NEW.lines) AS line) <> NEW.total\n    OR (NEW.state IN ('paid', 'refunded')) <> EXISTS (SELECT 1 FROM money_deposit WHERE notice_id = NEW.id))", 'sqlite': "((SELECT COALESCE(SUM(json_extract(value, '$.amount')), 0) FROM json_each(NEW.lines)) <> NEW.total\n    OR (NEW.state IN ('paid', 'refunded')) <> EXISTS (SELECT 1 FROM money_deposit WHERE notice_id = NEW.id))"},
        ),
        mingtang.events.append_only.Frozen(
            table='money_notice',
            columns=['town_id', 'number', 'case_number', 'version_id', 'account_id', 'lines', 'total', 'issued_at', 'issued_by_id', 'due_on'],
            when='1 = 1',
        ),
        mingtang.events.append_only.Frozen(
            table='money_account',
            columns=['town_id', 'unit_id', 'payee', 'bank', 'number', 'pay_text', 'set_at', 'set_by_id'],
            when='1 = 1',
        ),
        mingtang.events.append_only.Barred(
            table='money_deposit',
            when={'postgresql': "(COALESCE((SELECT total FROM money_notice WHERE id = NEW.notice_id), 0) + (SELECT COALESCE(SUM(amount), 0) FROM money_refund\n    WHERE deposit_id = NEW.id AND NOT of_fee AND state <> 'refused') > NEW.amount\n    OR (SELECT COALESCE(SUM(amount), 0) FROM money_refund\n    WHERE deposit_id = NEW.id AND  of_fee AND state <> 'refused') > COALESCE((SELECT total FROM money_notice WHERE id = NEW.notice_id), 0)\n    OR NEW.notice_id IS NOT NULL AND EXISTS (SELECT 1 FROM money_notice AS notice WHERE notice.id = NEW.notice_id\n        AND (notice.town_id <> NEW.town_id OR notice.account_id <> NEW.account_id)))", 'sqlite': "(COALESCE((SELECT total FROM money_notice WHERE id = NEW.notice_id), 0) + (SELECT COALESCE(SUM(amount), 0) FROM money_refund\n    WHERE deposit_id = NEW.id AND NOT of_fee AND state <> 'refused') > NEW.amount\n    OR (SELECT COALESCE(SUM(amount), 0) FROM money_refund\n    WHERE deposit_id = NEW.id AND  of_fee AND state <> 'refused') > COALESCE((SELECT total FROM money_notice WHERE id = NEW.notice_id), 0)\n    OR NEW.notice_id IS NOT NULL AND EXISTS (SELECT 1 FROM money_notice AS notice WHERE notice.id = NEW.notice_id\n        AND (notice.town_id <> NEW.town_id OR notice.account_id <> NEW.account_id)))"},
        ),
        mingtang.events.append_only.Barred(
            table='money_refund',
            when={'postgresql': "EXISTS (SELECT 1 FROM money_deposit AS paid WHERE paid.id = NEW.deposit_id AND (\n    (SELECT COALESCE(SUM(amount), 0) FROM money_refund\n    WHERE deposit_id = paid.id AND  of_fee AND state <> 'refused') > COALESCE((SELECT total FROM money_notice WHERE id = paid.notice_id), 0)\n    OR (SELECT COALESCE(SUM(amount), 0) FROM money_refund\n    WHERE deposit_id = paid.id AND NOT of_fee AND state <> 'refused') + COALESCE((SELECT total FROM money_notice WHERE id = paid.notice_id), 0) > paid.amount))", 'sqlite': "EXISTS (SELECT 1 FROM money_deposit AS paid WHERE paid.id = NEW.deposit_id AND (\n    (SELECT COALESCE(SUM(amount), 0) FROM money_refund\n    WHERE deposit_id = paid.id AND  of_fee AND state <> 'refused') > COALESCE((SELECT total FROM money_notice WHERE id = paid.notice_id), 0)\n    OR (SELECT COALESCE(SUM(amount), 0) FROM money_refund\n    WHERE deposit_id = paid.id AND NOT of_fee AND state <> 'refused') + COALESCE((SELECT total FROM money_notice WHERE id = paid.notice_id), 0) > paid.amount))"},
        ),
        mingtang.events.append_only.Frozen(
            table='money_deposit',
            columns=['town_id', 'account_id', 'statement_id', 'serial', 'came_on', 'amount', 'said_sealed', 'named_id'],
            when='1 = 1',
        ),
        mingtang.events.append_only.Frozen(
            table='money_refund',
            columns=['town_id', 'deposit_id', 'of_fee', 'amount', 'reason', 'asked_by_id'],
            when='1 = 1',
        ),
        mingtang.events.append_only.Undeletable(
            table='money_account',
        ),
        mingtang.events.append_only.Undeletable(
            table='money_notice',
        ),
        mingtang.events.append_only.Undeletable(
            table='money_statement',
        ),
        mingtang.events.append_only.Undeletable(
            table='money_deposit',
        ),
        mingtang.events.append_only.Undeletable(
            table='money_receipt',
        ),
        mingtang.events.append_only.Undeletable(
            table='money_refund',
        ),
        mingtang.events.append_only.Frozen(
            table='money_receipt',
            columns=['town_id', 'notice_id', 'number', 'given_on', 'entered_by_id', 'entered_at'],
            when='1 = 1',
        ),
        mingtang.events.append_only.Frozen(
            table='money_statement',
            columns=['town_id', 'account_id', 'from_on', 'to_on', 'sha256', 'count', 'total', 'known', 'imported_at'],
            when='1 = 1',
        ),
    ]
