import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('files', '0001_initial'), ('files', '0002_uploads'), ('files', '0003_blank')]

    initial = True

    dependencies = [
        ('events', '0001_squashed'),
        ('towns', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, verbose_name='哈希')),
                ('size', models.PositiveBigIntegerField(verbose_name='大小（字节）')),
                ('kind', models.CharField(max_length=16, verbose_name='类型代码')),
                ('media_type', models.CharField(max_length=100, verbose_name='媒体类型')),
                ('name', models.CharField(max_length=200, verbose_name='文件名')),
                ('purpose', models.CharField(max_length=40, verbose_name='用途')),
                ('sealed', models.BooleanField(default=False, verbose_name='加密存放')),
                ('created_at', models.DateTimeField(verbose_name='接收时间')),
                ('blank', models.BooleanField(blank=True, null=True, verbose_name='像是空白的')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction', verbose_name='地区')),
            ],
            options={
                'verbose_name': '文件',
                'constraints': [models.UniqueConstraint(fields=('town', 'sha256', 'name'), name='files_one_row_per_town_content_name'), models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='files_not_empty')],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handle', models.CharField(max_length=43, unique=True, verbose_name='地址')),
                ('owner', models.CharField(max_length=43, verbose_name='会话')),
                ('bound', models.CharField(max_length=64, verbose_name='表单')),
                ('slot', models.CharField(max_length=40, verbose_name='材料')),
                ('fingerprint_hash', models.CharField(max_length=64, verbose_name='文件散列')),
                ('size', models.PositiveBigIntegerField(verbose_name='大小（字节）')),
                ('offset', models.PositiveBigIntegerField(default=0, verbose_name='已收到（字节）')),
                ('expires_at', models.DateTimeField(verbose_name='保留到')),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='files.storedfile')),
                ('key', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.payloadkey')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '正在上传的文件',
                'indexes': [models.Index(fields=['town', 'owner', 'bound'], name='files_uploads_of_a_form'), models.Index(fields=['expires_at'], name='files_uploads_ending')],
                'constraints': [models.CheckConstraint(condition=models.Q(('offset__lte', models.F('size')), ('size__gt', 0)), name='files_upload_within_size'), models.CheckConstraint(condition=models.Q(models.Q(('file__isnull', True), ('key__isnull', True)), models.Q(('file__isnull', False), ('key__isnull', False), ('offset', models.F('size'))), _connector='OR'), name='files_upload_taken_whole')],
            },
        ),
    ]
