import django.db.models.deletion
import mingtang.events.append_only
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('boards', '0001_initial')]

    initial = True

    dependencies = [
        ('disclosure', '0001_squashed'),
        ('files', '0001_squashed'),
        ('hall', '0001_squashed'),
        ('people', '0001_squashed'),
        ('people', '__first__'),
        ('towns', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Board',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='名称')),
                ('place', models.CharField(max_length=100, verbose_name='在哪里')),
                ('check_days', models.PositiveSmallIntegerField(default=90, verbose_name='几天查看一次')),
                ('opened_on', models.DateField(verbose_name='登记日期')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='撤掉日期')),
                ('closed_reason', models.CharField(blank=True, max_length=200, verbose_name='为什么撤掉')),
                ('keeper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.post', verbose_name='看管的岗位')),
                ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='boards', to='hall.site', verbose_name='大厅')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='boards', to='towns.jurisdiction')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='boards', to='people.unit', verbose_name='哪个单位的')),
                ('village', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='boards', to='people.village', verbose_name='村（社区）')),
            ],
            options={
                'verbose_name': '公示栏',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_on__isnull', True)), fields=('town', 'name'), name='boards_name_once'), models.CheckConstraint(condition=models.Q(('check_days__gte', 1), ('check_days__lte', 365)), name='boards_looked_at_within_a_year'), models.CheckConstraint(condition=models.Q(models.Q(('closed_on__isnull', True), ('closed_reason', '')), models.Q(('closed_on__gte', models.F('opened_on')), models.Q(('closed_reason', ''), _negated=True)), _connector='OR'), name='boards_closed_with_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='看到的问题')),
                ('checked_at', models.DateTimeField(verbose_name='查看时间')),
                ('board', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='boards.board')),
                ('checked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='查看人')),
                ('photo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='照片')),
            ],
            options={
                'verbose_name': '查看',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Sheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('fees', '公用单位收费表'), ('document', '一份公开信息'), ('list', '公示表')], max_length=10, verbose_name='贴什么')),
                ('template', models.SlugField(blank=True, max_length=24, verbose_name='哪一种公示表')),
                ('since', models.DateField(verbose_name='从哪天起该贴')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='不用再贴的日期')),
                ('board', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='boards.board')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosure.document')),
            ],
            options={
                'verbose_name': '该贴的',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('document__isnull', True), ('template', ''), ('what', 'fees')), models.Q(('document__isnull', False), ('template', ''), ('what', 'document')), models.Q(('document__isnull', True), ('what', 'list'), models.Q(('template', ''), _negated=True)), _connector='OR'), name='boards_sheet_says_what'), models.UniqueConstraint(condition=models.Q(('ended_on__isnull', True), ('what', 'fees')), fields=('board',), name='boards_fees_once'), models.UniqueConstraint(condition=models.Q(('ended_on__isnull', True), ('what', 'document')), fields=('board', 'document'), name='boards_document_once'), models.UniqueConstraint(condition=models.Q(('ended_on__isnull', True), ('what', 'list')), fields=('board', 'template'), name='boards_list_once')],
            },
        ),
        migrations.CreateModel(
            name='Hanging',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateField(verbose_name='贴到哪天')),
                ('up_at', models.DateTimeField(verbose_name='贴上的时间')),
                ('down_at', models.DateTimeField(blank=True, null=True, verbose_name='取下的时间')),
                ('down_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='取下人')),
                ('edition', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hangings', to='disclosure.edition')),
                ('list', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hangings', to='disclosure.derivedlist')),
                ('photo', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='照片')),
                ('up_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='张贴人')),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hangings', to='boards.sheet')),
            ],
            options={
                'verbose_name': '张贴',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('down_at__isnull', True)), fields=('sheet',), name='boards_one_hangs_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('edition__isnull', False), ('list__isnull', True)), models.Q(('edition__isnull', True), ('list__isnull', False)), _connector='OR'), name='boards_hanging_is_one_edition'), models.CheckConstraint(condition=models.Q(models.Q(('down_at__isnull', True), ('down_by__isnull', True)), models.Q(('down_at__gte', models.F('up_at')), ('down_by__isnull', False)), _connector='OR'), name='boards_taken_down_by_someone')],
            },
        ),
        mingtang.events.append_only.Undeletable(
            table='boards_board',
        ),
        mingtang.events.append_only.Undeletable(
            table='boards_sheet',
        ),
        mingtang.events.append_only.Undeletable(
            table='boards_hanging',
        ),
        mingtang.events.append_only.AppendOnly(
            table='boards_check',
        ),
    ]
