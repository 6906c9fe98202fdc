from django.db import migrations, models
from django.db.models import Q

from mingtang.events.append_only import AppendOnly, Barred

WRITER = "(NEW.by_id = (SELECT author_id FROM disclosure_revision WHERE id = NEW.revision_id))"


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0003_penalty_content")]
    operations = [
        migrations.RemoveConstraint("waiver", "disclosure_never_waived"),
        migrations.AddConstraint(
            "waiver",
            models.CheckConstraint(
                condition=~Q(kind__in=["secret", "resident_id", "formula"]) & ~Q(reason=""),
                name="disclosure_never_waived",
            ),
        ),
        AppendOnly("disclosure_waiver"),
        Barred("disclosure_waiver", {"postgresql": WRITER, "sqlite": WRITER}),
    ]
