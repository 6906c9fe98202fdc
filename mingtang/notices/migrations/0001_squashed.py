import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('notices', '0001_initial'), ('notices', '0002_addressee_ends'), ('notices', '0003_until')]

    initial = True

    dependencies = [
        ('events', '0001_squashed'),
        ('people', '__first__'),
        ('towns', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=120, verbose_name='对象')),
                ('kind', models.CharField(max_length=60, verbose_name='哪一种')),
                ('channel', models.CharField(choices=[('sms', '短信'), ('email', '电子邮件'), ('webhook', '推送给其他系统'), ('print', '寄信')], max_length=8, verbose_name='方式')),
                ('state', models.CharField(choices=[('waiting', '等着发'), ('sending', '正在发'), ('sent', '已发出'), ('failed', '没有发成'), ('given_up', '不再发'), ('printed', '已打印寄出')], default='waiting', max_length=8, verbose_name='状态')),
                ('once', models.CharField(max_length=120, verbose_name='防重号')),
                ('owner_post', models.CharField(blank=True, max_length=40, verbose_name='负责岗位代码')),
                ('sealed', models.BinaryField(null=True, verbose_name='收信人和内容（密文）')),
                ('queued_at', models.DateTimeField(verbose_name='排队时间')),
                ('due_at', models.DateTimeField(verbose_name='该发的时间')),
                ('next_at', models.DateTimeField(verbose_name='下一次发的时间')),
                ('until', models.DateTimeField(blank=True, null=True, verbose_name='最晚发的时间')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='发过几次')),
                ('lease', models.CharField(blank=True, max_length=32, verbose_name='这一次的凭据')),
                ('leased_until', models.DateTimeField(blank=True, null=True, verbose_name='这一次的期限')),
                ('problem', models.CharField(blank=True, choices=[('unreachable', '连不上对方的服务'), ('timeout', '对方在时限内没有回答'), ('busy', '对方说现在办不了，请稍后再试'), ('unclear', '对方的回答看不懂，不知道发出去没有'), ('setup', '对方不认我们的账号或者地址，请系统管理员核对设置'), ('locked', '本机的密钥打不开它，请系统管理员核对密钥文件夹'), ('refused', '对方拒收，多半是号码或者地址不对'), ('broken', '发送的程序几次中断'), ('destroyed', '资料已经依法销毁，打不开了'), ('over', '过了时候，本人用不上了')], max_length=12, verbose_name='没有发成的原因')),
                ('detail', models.CharField(blank=True, max_length=40, verbose_name='对方的代码')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='不再发的理由')),
                ('destroyed_at', models.DateTimeField(blank=True, null=True, verbose_name='内容销毁时间')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.payloadkey')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '通知',
                'indexes': [models.Index(condition=models.Q(('state__in', ['waiting', 'sending'])), fields=['channel', 'next_at'], name='notices_due'), models.Index(fields=['town', 'state', '-id'], name='notices_by_state'), models.Index(fields=['town', 'subject', 'id'], name='notices_by_subject'), models.Index(condition=models.Q(('destroyed_at__isnull', True), ('ended_at__isnull', False)), fields=['ended_at'], name='notices_to_destroy')],
                'constraints': [models.UniqueConstraint(fields=('town', 'once'), name='notices_queued_once'), models.CheckConstraint(condition=models.Q(models.Q(('leased_until__isnull', False), ('state', 'sending'), models.Q(('lease', ''), _negated=True)), models.Q(models.Q(('state', 'sending'), _negated=True), ('lease', ''), ('leased_until__isnull', True)), _connector='OR'), name='notices_sending_is_leased'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ('sent', 'printed', 'given_up'))), models.Q(models.Q(('state__in', ('sent', 'printed', 'given_up')), _negated=True), ('ended_at__isnull', True)), _connector='OR'), name='notices_ended_has_time'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), ('state', 'printed')), models.Q(('ended_at__isnull', False), ('state', 'given_up')), models.Q(models.Q(('state__in', ['printed', 'given_up']), _negated=True), ('ended_by__isnull', True)), _connector='OR'), name='notices_ended_by_someone'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'given_up'), models.Q(('reason', ''), _negated=True)), models.Q(models.Q(('state', 'given_up'), _negated=True), ('reason', '')), _connector='OR'), name='notices_given_up_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('channel', 'print'), _negated=True), ('state__in', ['waiting', 'printed', 'given_up']), _connector='OR'), name='notices_paper_is_not_transmitted'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'printed'), _negated=True), ('channel', 'print'), _connector='OR'), name='notices_printed_is_paper'), models.CheckConstraint(condition=models.Q(models.Q(('destroyed_at__isnull', False), ('ended_at__isnull', False), ('sealed__isnull', True)), models.Q(('destroyed_at__isnull', True), ('sealed__isnull', False)), _connector='OR'), name='notices_destroyed_has_time')],
            },
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60, verbose_name='哪一种')),
                ('text', models.CharField(max_length=300, verbose_name='用语')),
                ('is_told', models.BooleanField(default=True, verbose_name='发通知')),
                ('edited_at', models.DateTimeField(verbose_name='修改时间')),
                ('edited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '通知用语',
                'constraints': [models.UniqueConstraint(fields=('town', 'kind'), name='notices_one_wording_each')],
            },
        ),
    ]
