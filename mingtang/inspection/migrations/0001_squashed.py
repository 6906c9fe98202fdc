import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('inspection', '0001_initial')]

    initial = True

    dependencies = [
        ('towns', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='SiteCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='检查时间')),
                ('seconds', models.PositiveIntegerField(verbose_name='用时（秒）')),
                ('pages', models.PositiveIntegerField(verbose_name='查了几页')),
                ('left', models.PositiveIntegerField(verbose_name='没有查到的地址')),
                ('failed', models.PositiveSmallIntegerField(verbose_name='不通过的项数')),
                ('outcomes', models.JSONField(verbose_name='结果')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='site_checks', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '网站自查',
            },
        ),
    ]
