import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mingtang.events.append_only import Barred, Frozen, Undeletable

COLUMNS = ["version_id", "part", "identity", "kind", "sentence", "why", "proposed_by_id", "proposed_at", "event_id"]
# The policy knows everybody who wrote on the text; the table knows the last of them.
BY_ITS_WRITER = "NEW.agreed AND NEW.settled_by_id = (SELECT edited_by_id FROM rulebook_version WHERE id = NEW.version_id)"


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0002_by_type'),
        ('rulebook', '0001_squashed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Waiver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('proposed_at', models.DateTimeField(verbose_name='提出时间')),
                ('agreed', models.BooleanField(default=False, verbose_name='同意')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='办结时间')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='为什么不同意')),
                ('identity', models.CharField(max_length=32, verbose_name='哪一处')),
                ('kind', models.CharField(max_length=16, verbose_name='种类')),
                ('sentence', models.TextField(verbose_name='查出的是什么')),
                ('part', models.CharField(max_length=120, verbose_name='哪一项的哪段文字')),
                ('why', models.CharField(max_length=200, verbose_name='为什么可以照样公开')),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.event')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='同意或者退回的人')),
                ('settled_event', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.event')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='waivers', to='rulebook.version')),
            ],
            options={
                'verbose_name': '事项的放行',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('settled_at__isnull', True), ('agreed', True), _connector='OR'), fields=('version', 'identity'), name='rulebook_waived_once'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['secret', 'resident_id', 'formula']), _negated=True), models.Q(('why', ''), _negated=True)), name='rulebook_never_waived'), models.CheckConstraint(condition=models.Q(models.Q(('agreed', False), ('reason', ''), ('settled_at__isnull', True), ('settled_by__isnull', True)), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False), models.Q(('settled_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='rulebook_waived_by_two'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('settled_event__isnull', True)), models.Q(('settled_at__isnull', False), ('settled_event__isnull', False)), _connector='OR'), name='rulebook_waiver_settled_by_event')],
            },
        ),
        Frozen("rulebook_waiver", COLUMNS, "1 = 1"),
        Undeletable("rulebook_waiver"),
        Barred("rulebook_waiver", {vendor: f"({BY_ITS_WRITER})" for vendor in ("postgresql", "sqlite")}),
    ]
