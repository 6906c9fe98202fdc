import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_letter_limit'),
        ('towns', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('leave', '请假'), ('training', '培训'), ('meeting', '开会'), ('field', '下村办事')], max_length=8, verbose_name='事由')),
                ('starts_at', models.DateTimeField(verbose_name='从')),
                ('ends_at', models.DateTimeField(verbose_name='到')),
                ('cancelled_at', models.DateTimeField(blank=True, null=True, verbose_name='取消时间')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to=settings.AUTH_USER_MODEL, verbose_name='人员')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '外出',
                'ordering': ['starts_at', 'pk'],
                'indexes': [models.Index(condition=models.Q(('cancelled_at__isnull', True)), fields=['staff', 'ends_at'], name='people_absences_of_staff')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='people_absence_ends_later')],
            },
        ),
        migrations.CreateModel(
            name='RosterRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateTimeField(verbose_name='生效时间')),
                ('valid_to', models.DateTimeField(blank=True, null=True, verbose_name='停用时间')),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='A岗')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roster', to='people.post', verbose_name='岗位')),
                ('substitute', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='B岗（人员）')),
                ('substitute_post', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.post', verbose_name='B岗（岗位）')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.jurisdiction')),
            ],
            options={
                'verbose_name': '值守安排',
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('post',), name='people_one_roster_row_a_post'), models.CheckConstraint(condition=models.Q(models.Q(('substitute__isnull', False), ('substitute_post__isnull', True)), models.Q(('substitute__isnull', True), ('substitute_post__isnull', False)), _connector='OR'), name='people_substitute_is_person_or_post'), models.CheckConstraint(condition=models.Q(('substitute__isnull', True), models.Q(('substitute', models.F('lead')), _negated=True), _connector='OR'), name='people_nobody_substitutes_for_themselves'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='people_roster_row_ends_after_start')],
            },
        ),
    ]
