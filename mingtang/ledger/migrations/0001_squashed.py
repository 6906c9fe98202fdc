import django.db.models.deletion
import mingtang.events.append_only
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('ledger', '0001_initial'), ('ledger', '0002_append_only')]

    initial = True

    dependencies = [
        ('events', '0001_squashed'),
        ('towns', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.CharField(max_length=80, verbose_name='来源')),
                ('size', models.PositiveBigIntegerField(verbose_name='条数')),
                ('root', models.CharField(max_length=64, verbose_name='根散列')),
                ('note', models.TextField(verbose_name='签名原文')),
                ('signed_at', models.DateTimeField(verbose_name='签名时间')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '检查点',
                'constraints': [models.UniqueConstraint(fields=('origin', 'size'), name='ledger_one_checkpoint_per_size')],
            },
        ),
        migrations.CreateModel(
            name='Log',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='次序')),
                ('origin', models.CharField(max_length=80, unique=True, verbose_name='来源')),
                ('verifier', models.CharField(max_length=200, verbose_name='核对公钥')),
                ('opened_at', models.DateTimeField(verbose_name='开始时间')),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.event', verbose_name='另开日志的事件')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='logs', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '日志',
                'constraints': [models.UniqueConstraint(fields=('town', 'number'), name='ledger_one_log_per_number'), models.CheckConstraint(condition=models.Q(models.Q(('number', 1), ('opened_by__isnull', True)), models.Q(('number__gt', 1), ('opened_by__isnull', False)), _connector='OR'), name='ledger_reopened_by_an_event')],
            },
        ),
        migrations.CreateModel(
            name='Shown',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(max_length=60, verbose_name='事件类型')),
                ('since', models.PositiveBigIntegerField(verbose_name='起始序号')),
                ('shown', models.BooleanField(verbose_name='公示')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '公示规则',
                'constraints': [models.UniqueConstraint(fields=('town', 'type', 'since'), name='ledger_one_rule_per_number')],
            },
        ),
        mingtang.events.append_only.AppendOnly(
            table='ledger_log',
        ),
        mingtang.events.append_only.AppendOnly(
            table='ledger_shown',
        ),
        mingtang.events.append_only.AppendOnly(
            table='ledger_checkpoint',
        ),
    ]
