from django.db import migrations

from mingtang.events.append_only import Frozen, Undeletable

# What was asked, came in, was given and went back stays in the books.
BOOKS = ("account", "notice", "statement", "deposit", "receipt", "refund")


class Migration(migrations.Migration):
    dependencies = [("money", "0004_frozen_deposits"), ("events", "0002_append_only")]

    operations = [
        *(Undeletable(f"money_{name}") for name in BOOKS),
        Frozen("money_receipt", ["town_id", "notice_id", "number", "given_on", "entered_by_id", "entered_at"], "1 = 1"),
        Frozen(
            "money_statement",
            ["town_id", "account_id", "from_on", "to_on", "sha256", "count", "total", "known", "imported_at"],
            "1 = 1",
        ),
    ]
