from django.db import migrations

from mingtang.events.append_only import Frozen


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0001_initial"), ("events", "0002_append_only")]

    operations = [
        Frozen(
            "rulebook_version",
            ["item_id", "number", "name", "kind", "data", "bpmn", "flow_sha256", "sha256", "reviewed_by_id"],
            "OLD.sha256 <> ''",
        )
    ]
