from django.db import migrations

from mingtang.events.append_only import AppendOnly, Frozen


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0001_initial"), ("events", "0002_append_only")]

    operations = [
        AppendOnly("disclosure_revision"),
        AppendOnly("disclosure_attachment"),
        Frozen(
            "disclosure_edition",
            ["document_id", "number", "revision_id", "published_at", "published_event_id", "reviewer_id", "signer_id"],
            "OLD.published_at IS NOT NULL",
        ),
        Frozen("disclosure_document", ["town_id", "index_number"], "1 = 1"),
    ]
