import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('subscriptions', '0001_initial')]

    initial = True

    dependencies = [
        ('events', '0001_squashed'),
        ('towns', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reach_hash', models.CharField(max_length=64, verbose_name='邮箱散列')),
                ('handle_hash', models.CharField(max_length=64, unique=True, verbose_name='链接散列')),
                ('confirm_hash', models.CharField(blank=True, max_length=64, verbose_name='确认码散列')),
                ('sealed', models.BinaryField(verbose_name='邮箱和选择（密文）')),
                ('rhythm', models.CharField(choices=[('at_once', '一公开就告诉我'), ('daily', '每天早上八点一封'), ('weekly', '每周一早上八点一封')], max_length=8, verbose_name='多久一次')),
                ('asked_at', models.DateTimeField(verbose_name='提出时间')),
                ('confirm_until', models.DateTimeField(verbose_name='确认到')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='确认时间')),
                ('stopped_at', models.DateTimeField(blank=True, null=True, verbose_name='退信停发时间')),
                ('next_index', models.PositiveBigIntegerField(default=0, verbose_name='看到第几号事件')),
                ('told_on', models.DateField(blank=True, null=True, verbose_name='上一封的日期')),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.payloadkey')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '邮件订阅',
                'indexes': [models.Index(fields=['town', 'rhythm', 'next_index'], name='subscriptions_to_tell'), models.Index(fields=['reach_hash', 'asked_at'], name='subscriptions_of_one'), models.Index(fields=['confirm_hash'], name='subscriptions_by_link')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('confirmed_at__isnull', False)), fields=('town', 'reach_hash'), name='subscriptions_one_for_an_address'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), models.Q(('confirm_hash', ''), _negated=True)), models.Q(('confirm_hash', ''), ('confirmed_at__isnull', False)), _connector='OR'), name='subscriptions_confirmed_once')],
            },
        ),
    ]
