import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('towns', '0001_initial'), ('towns', '0002_site_marks'), ('towns', '0003_review_months')]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Jurisdiction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=12, unique=True, validators=[django.core.validators.RegexValidator('^\\d{6,12}$')], verbose_name='区划代码')),
                ('prefix', models.CharField(max_length=4, unique=True, validators=[django.core.validators.RegexValidator('^[A-Z]{2,4}$')], verbose_name='编号字头')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('level', models.CharField(choices=[('county', '县'), ('town', '乡镇')], default='town', max_length=8, verbose_name='层级')),
                ('uscc', models.CharField(blank=True, max_length=18, verbose_name='统一社会信用代码')),
                ('index_template', models.CharField(default='{org}/{year}-{serial:07d}', max_length=60, verbose_name='索引号格式')),
                ('index_next', models.PositiveBigIntegerField(default=1, verbose_name='下一个索引流水号')),
                ('site_name', models.CharField(max_length=60, verbose_name='站名')),
                ('site_code', models.CharField(blank=True, max_length=10, verbose_name='网站标识码')),
                ('icp_record', models.CharField(blank=True, max_length=40, verbose_name='ICP备案号')),
                ('police_record', models.CharField(blank=True, max_length=40, verbose_name='公安备案号')),
                ('party_mark', models.CharField(blank=True, max_length=32, verbose_name='党政机关网站标识')),
                ('sponsor', models.CharField(blank=True, max_length=60, verbose_name='主办单位')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='咨询电话')),
                ('complaint_phone', models.CharField(blank=True, max_length=30, verbose_name='监督电话')),
                ('address', models.CharField(blank=True, max_length=100, verbose_name='地址')),
                ('base_url', models.CharField(default='http://127.0.0.1:8000', max_length=100, verbose_name='网址')),
                ('review_months', models.PositiveSmallIntegerField(default=12, verbose_name='不公开的信息最长几个月再审查一次')),
                ('is_default', models.BooleanField(default=False, verbose_name='未登记的域名归此')),
                ('is_demo', models.BooleanField(default=False, verbose_name='演示')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '地区',
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('is_default',), name='towns_one_default_jurisdiction')],
            },
        ),
        migrations.CreateModel(
            name='Host',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='域名')),
                ('jurisdiction', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hosts', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '域名',
            },
        ),
    ]
