from django.db import migrations

from mingtang.events.append_only import Barred, Frozen

# What is asked is the sum of its lines, to the fen.
SUM = {
    "sqlite": "(SELECT COALESCE(SUM(json_extract(value, '$.amount')), 0) FROM json_each(NEW.lines)) <> NEW.total",
    "postgresql": "(SELECT COALESCE(SUM((line->>'amount')::bigint), 0) FROM jsonb_array_elements(NEW.lines) AS line)"
    " <> NEW.total",
}


class Migration(migrations.Migration):
    dependencies = [("money", "0001_initial"), ("events", "0002_append_only")]

    operations = [
        Barred("money_notice", SUM),
        Frozen(
            "money_notice",
            [
                "town_id",
                "number",
                "case_number",
                "version_id",
                "account_id",
                "lines",
                "total",
                "issued_at",
                "issued_by_id",
                "due_on",
            ],
            "1 = 1",
        ),
        Frozen(
            "money_account",
            ["town_id", "unit_id", "payee", "bank", "number", "pay_text", "set_at", "set_by_id"],
            "1 = 1",
        ),
    ]
