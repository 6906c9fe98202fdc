from django.db import migrations

from mingtang.events.append_only import Frozen, Undeletable


class Migration(migrations.Migration):
    dependencies = [("voices", "0001_initial")]
    operations = [
        Undeletable("voices_obstacle"),
        Frozen(
            "voices_obstacle",
            [
                "town_id",
                "number",
                "submission",
                "code_hash",
                "channel",
                "reason",
                "item_id",
                "unit_id",
                "case_id",
                "contact_id",
                "slip_id",
                "key_id",
                "told_sealed",
                "owner_id",
                "opened_at",
                "due_on",
                "ended_at",
                "ended_by_id",
                "ended_event_id",
                "outcome",
                "solved_by_id",
                "version_id",
                "clause",
                "text",
                "answers_id",
                "organ",
                "receipt",
            ],
            when="OLD.ended_at IS NOT NULL",
        ),
    ]
