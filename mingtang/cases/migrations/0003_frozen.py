from django.db import migrations

from mingtang.events.append_only import AppendOnly, Frozen


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_initial"), ("events", "0002_append_only")]

    operations = [
        AppendOnly("cases_casedocument"),
        Frozen(
            "cases_case",
            ["town_id", "number", "item_id", "version_id", "flow_sha256", "submitted_at", "contact_at"],
            "1 = 1",
        ),
    ]
