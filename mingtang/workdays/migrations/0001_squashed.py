import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('workdays', '0001_initial')]

    initial = True

    dependencies = [
        ('towns', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarStamp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(max_length=32, verbose_name='标记')),
            ],
            options={
                'verbose_name': '日历版本',
            },
        ),
        migrations.CreateModel(
            name='CalendarYear',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(unique=True, verbose_name='年份')),
                ('confirmed', models.BooleanField(default=False, verbose_name='已确认')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='来源')),
            ],
            options={
                'verbose_name': '日历年份',
            },
        ),
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(verbose_name='日期')),
                ('is_workday', models.BooleanField(verbose_name='上班')),
                ('reason', models.CharField(max_length=60, verbose_name='缘由')),
                ('source', models.CharField(max_length=200, verbose_name='来源')),
                ('town', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='towns.jurisdiction', verbose_name='地区')),
            ],
            options={
                'verbose_name': '日历中的一天',
                'constraints': [models.UniqueConstraint(condition=models.Q(('town__isnull', True)), fields=('date',), name='workdays_one_national_row_a_day'), models.UniqueConstraint(condition=models.Q(('town__isnull', False)), fields=('town', 'date'), name='workdays_one_row_a_day_and_town')],
            },
        ),
    ]
