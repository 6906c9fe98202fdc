from django.db import migrations, models

from mingtang.events import vault
from mingtang.events.append_only import Frozen

KEPT = Frozen(
    "cases_case",
    ["town_id", "number", "item_id", "version_id", "flow_sha256", "submitted_at", "contact_at", "answers_sealed"],
    "1 = 1",
)


def drop_frozen(apps, editor):
    for statement in KEPT.unmaking(editor.connection.vendor):
        editor.execute(statement, params=None)


def _rewrite(apps, change):
    rows = apps.get_model("cases", "Process").objects.select_related("case__key")
    for pk in list(rows.values_list("pk", flat=True)):
        row = rows.get(pk=pk)
        if row.case.key.wrapped is not None:  # else destroyed by law, with all that lies under it
            row.state_sealed = change(row.case.key, bytes(row.state_sealed))
            row.save(update_fields=["state_sealed"])


def seal(apps, editor):
    _rewrite(apps, vault.seal)


def unseal(apps, editor):
    _rewrite(apps, vault.open_sealed)


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_frozen")]

    operations = [
        migrations.RenameField("process", "state", "state_sealed"),
        migrations.AlterField("process", "state_sealed", models.BinaryField("流程状态（密文）")),
        migrations.RunPython(seal, unseal),
        migrations.RunPython(drop_frozen, migrations.RunPython.noop),
        migrations.AddField("case", "answers_sealed", models.BinaryField("情形回答（密文）", null=True, blank=True)),
        KEPT,
    ]
