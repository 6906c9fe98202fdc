from django.db import migrations, models

from mingtang.events.append_only import Frozen, Undeletable

COLUMNS = ["town_id", "unit_id", "serial", "number", "token", "cause", "kinds", "amount", "content", "article_id"]
COLUMNS += ["decided_on", "party", "organisation", "uscc", "key_id", "person_sealed", "ground", "why", "entered_by_id"]


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0002_edition_states")]
    operations = [
        migrations.AddField(
            "penalty", "content", models.CharField(blank=True, default="", max_length=100, verbose_name="处罚内容"), False
        ),
        Frozen("disclosure_penalty", [*COLUMNS, "event_id"], "1 = 1"),
        Undeletable("disclosure_penalty"),
    ]
