"""What a row alone cannot say: no more without a basis of its rank, no more the short way, no notice cut short."""

from django.conf import settings
from django.db import migrations, models

from mingtang.events.append_only import Barred

# 许可法 14-17, 58, as in rulebook.laws.levels on the day of this migration; a test compares the two.
RANKED = """(
    change.needs IN ('licence', 'certificate')
        AND change.level IN ('law', 'regulation', 'council_decision', 'local_regulation')
    OR change.needs = 'licence_fee' AND change.level IN ('law', 'regulation')
    OR change.needs IN ('condition', 'step', 'material') AND change.level IN
        ('law', 'regulation', 'council_decision', 'local_regulation', 'department_rule', 'local_rule')
)"""
WHEN = """(
    NEW.state IN ('announced', 'in_force') AND EXISTS (
        SELECT 1 FROM rulebook_proposedchange AS change WHERE change.version_id = NEW.id AND (
            NEW."strict" AND change.needs <> '' AND NOT {ranked}
            OR NOT NEW."strict" AND (change.needs <> '' OR change.direction = 'up')
        )
    )
    OR NEW.state = 'announced' AND NEW."strict" AND NOT NEW.initial AND NEW.posted_until < {noticed}
    OR NEW.state = 'in_force' AND {begun} < NEW.effective_on
)"""
BARRED = Barred(
    "rulebook_version",
    {
        "sqlite": WHEN.format(
            ranked=RANKED,
            noticed="date(NEW.announced_at, '+8 hours', '+' || NEW.notice_days || ' days')",
            begun="date(NEW.in_force_at, '+8 hours')",
        ),
        "postgresql": WHEN.format(
            ranked=RANKED,
            noticed="(NEW.announced_at AT TIME ZONE 'Asia/Shanghai')::date + NEW.notice_days",
            begun="(NEW.in_force_at AT TIME ZONE 'Asia/Shanghai')::date",
        ),
    },
)


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0002_append_only"),
        ("rulebook", "0011_lists"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("burden__in", ["", "new", "up"]),
                    ("replaces__isnull", False),
                    ("strict", True),
                    models.Q(("data__parts", []), _negated=True),
                    _connector="OR",
                ),
                name="rulebook_less_than_what",
            ),
        ),
        BARRED,
    ]
