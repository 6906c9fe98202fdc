from django.db import migrations, models
from django.db.models import OuterRef, Q, Subquery

LIMITS = {'intake': 'intake', 'decide': 'promise', 'serve': 'service'}


def fill(apps, schema_editor):
    """The open tasks of a town's earlier release are due with the limits that run."""
    get = apps.get_model
    open_steps = get('cases', 'CaseStep').objects.filter(done_at__isnull=True)
    running = get('cases', 'Clock').objects.filter(case=OuterRef('case'), stopped_at__isnull=True).order_by('-pk')
    for task, kind in LIMITS.items():
        open_steps.filter(key=task).update(due_on=Subquery(running.filter(kind=kind).values('due_on')[:1]))
    special = Q(key__startswith='suspended_')
    paused = get('cases', 'Pause').objects.filter(case=OuterRef('case'), ended_at__isnull=True)
    open_steps.filter(special).update(due_on=Subquery(paused.values('last_on')[:1]))
    own = running.filter(kind='step', step_key=OuterRef('key')).values('due_on')[:1]
    open_steps.exclude(special).exclude(key__in=LIMITS).update(due_on=Subquery(own))


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0013_has_recusals'),
    ]

    operations = [
        migrations.AddField(
            model_name='casestep',
            name='due_on',
            field=models.DateField(blank=True, null=True, verbose_name='到期日'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name='casestep', name='cases_todo_by_post'),
        migrations.AddIndex(
            model_name='casestep',
            index=models.Index(
                condition=models.Q(('done_at__isnull', True)),
                fields=['post_code', 'due_on'],
                name='cases_todo_by_post_and_day',
            ),
        ),
    ]
