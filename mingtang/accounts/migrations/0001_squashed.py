import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('accounts', '0001_initial')]

    initial = True

    dependencies = [
        ('cases', '0001_squashed'),
        ('events', '0001_squashed'),
        ('towns', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Resident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reach_hash', models.CharField(max_length=64, unique=True, verbose_name='号码散列')),
                ('reach_sealed', models.BinaryField(verbose_name='号码（密文）')),
                ('profile_sealed', models.BinaryField(blank=True, null=True, verbose_name='常用信息（密文）')),
                ('epoch', models.PositiveIntegerField(default=1, verbose_name='登录批次')),
                ('opened_at', models.DateTimeField(verbose_name='开立时间')),
                ('entered_at', models.DateTimeField(verbose_name='最近登录')),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.payloadkey')),
            ],
            options={
                'verbose_name': '群众账户',
                'indexes': [models.Index(fields=['entered_at'], name='accounts_unused')],
            },
        ),
        migrations.CreateModel(
            name='ResidentCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('added_at', models.DateTimeField(verbose_name='放进来的时间')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='accounts.resident')),
            ],
            options={
                'verbose_name': '账户里的办件',
                'constraints': [models.UniqueConstraint(fields=('resident', 'case'), name='accounts_case_once')],
            },
        ),
        migrations.CreateModel(
            name='ResidentDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('draft', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.applicationdraft')),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='accounts.resident')),
            ],
            options={
                'verbose_name': '账户里的草稿',
            },
        ),
        migrations.CreateModel(
            name='LoginCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reach_hash', models.CharField(max_length=64, verbose_name='号码散列')),
                ('reach_sealed', models.BinaryField(verbose_name='号码（密文）')),
                ('code_hash', models.CharField(max_length=64, verbose_name='验证码散列')),
                ('sent_at', models.DateTimeField(verbose_name='发出时间')),
                ('expires_at', models.DateTimeField(verbose_name='有效到')),
                ('failures', models.PositiveSmallIntegerField(default=0, verbose_name='输错次数')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='作废时间')),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.payloadkey')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '登录验证码',
                'indexes': [models.Index(fields=['reach_hash', 'sent_at'], name='accounts_codes_of_one'), models.Index(fields=['town', 'sent_at'], name='accounts_codes_of_town')],
            },
        ),
    ]
