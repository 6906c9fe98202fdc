import django.db.models.deletion
import mingtang.events.append_only
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('events', '0001_initial'), ('events', '0002_append_only')]

    initial = True

    dependencies = [
        ('towns', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(max_length=60, verbose_name='类型')),
                ('happened_at', models.DateTimeField(verbose_name='发生时间')),
                ('recorded_at', models.DateTimeField(verbose_name='记录时间')),
                ('actor', models.CharField(max_length=60, verbose_name='行为人')),
                ('place', models.CharField(blank=True, max_length=60, verbose_name='地点')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='理由')),
                ('subject', models.CharField(max_length=120, verbose_name='对象')),
                ('data', models.JSONField(default=dict, verbose_name='数据')),
                ('payload_commit', models.CharField(blank=True, max_length=64, verbose_name='附件承诺')),
                ('salt', models.BinaryField(max_length=16, verbose_name='盐')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '事件',
                'indexes': [models.Index(fields=['town', 'subject', 'id'], name='events_by_subject')],
                'constraints': [models.CheckConstraint(condition=models.Q(('happened_at__lte', models.F('recorded_at'))), name='events_happened_before_recorded')],
            },
        ),
        migrations.CreateModel(
            name='Unsequenced',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='+', serialize=False, to='events.event')),
            ],
            options={
                'verbose_name': '待编号事件',
            },
        ),
        migrations.CreateModel(
            name='PayloadKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wrapped', models.BinaryField(null=True, verbose_name='密钥（已加封）')),
                ('destroyed_at', models.DateTimeField(blank=True, null=True, verbose_name='销毁时间')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '附件密钥',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('destroyed_at__isnull', False), ('wrapped__isnull', True)), models.Q(('destroyed_at__isnull', True), ('wrapped__isnull', False)), _connector='OR'), name='events_key_destroyed_with_date')],
            },
        ),
        migrations.CreateModel(
            name='Sequenced',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('index', models.PositiveBigIntegerField(verbose_name='序号')),
                ('logged_at', models.DateTimeField(verbose_name='入册时间')),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='sequenced', to='events.event')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '已编号事件',
                'constraints': [models.UniqueConstraint(fields=('town', 'index'), name='events_one_number_each')],
            },
        ),
        migrations.CreateModel(
            name='Cursor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('node', models.CharField(max_length=40, verbose_name='节点')),
                ('listener', models.CharField(max_length=40, verbose_name='监听者')),
                ('next_index', models.PositiveBigIntegerField(default=0, verbose_name='下一序号')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '游标',
                'constraints': [models.UniqueConstraint(fields=('node', 'listener', 'town'), name='events_one_cursor_each')],
            },
        ),
        migrations.CreateModel(
            name='Payload',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='payload', serialize=False, to='events.event')),
                ('sealed', models.BinaryField(verbose_name='密文')),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payloads', to='events.payloadkey')),
            ],
            options={
                'verbose_name': '事件附件',
            },
        ),
        mingtang.events.append_only.AppendOnly(
            table='events_event',
        ),
        mingtang.events.append_only.AppendOnly(
            table='events_sequenced',
        ),
    ]
