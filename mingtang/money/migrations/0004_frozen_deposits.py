"""No fen lost or counted twice, whoever writes the rows: sums over more than one table, held by the database."""

from django.db import migrations

from mingtang.events.append_only import Barred, Frozen

LINES = {
    "sqlite": "(SELECT COALESCE(SUM(json_extract(value, '$.amount')), 0) FROM json_each(NEW.lines))",
    "postgresql": "(SELECT COALESCE(SUM((line->>'amount')::bigint), 0) FROM jsonb_array_elements(NEW.lines) AS line)",
}
# What is asked is the sum of its lines; a notice is paid when a deposit pays it, and only then.
NOTICE = """({lines} <> NEW.total
    OR (NEW.state IN ('paid', 'refunded')) <> EXISTS (SELECT 1 FROM money_deposit WHERE notice_id = NEW.id))"""
# The refunds of a deposit that are not refused: of its fee, or of what pays no notice.
BACK = """(SELECT COALESCE(SUM(amount), 0) FROM money_refund
    WHERE deposit_id = {deposit} AND {kind} of_fee AND state <> 'refused')"""
TOTAL = "COALESCE((SELECT total FROM money_notice WHERE id = {notice}), 0)"
# A deposit pays no more than it is, in its own town; what pays a notice does not go back as loose money.
DEPOSIT = f"""({TOTAL.format(notice="NEW.notice_id")} + {BACK.format(deposit="NEW.id", kind="NOT")} > NEW.amount
    OR {BACK.format(deposit="NEW.id", kind="")} > {TOTAL.format(notice="NEW.notice_id")}
    OR NEW.notice_id IS NOT NULL AND EXISTS (SELECT 1 FROM money_notice AS notice WHERE notice.id = NEW.notice_id
        AND (notice.town_id <> NEW.town_id OR notice.account_id <> NEW.account_id)))"""
# No more goes back than came in.
REFUND = f"""EXISTS (SELECT 1 FROM money_deposit AS paid WHERE paid.id = NEW.deposit_id AND (
    {BACK.format(deposit="paid.id", kind="")} > {TOTAL.format(notice="paid.notice_id")}
    OR {BACK.format(deposit="paid.id", kind="NOT")} + {TOTAL.format(notice="paid.notice_id")} > paid.amount))"""


def _both(when: str) -> dict[str, str]:
    return {"sqlite": when, "postgresql": when}


class Migration(migrations.Migration):
    dependencies = [("money", "0003_deposits"), ("events", "0002_append_only")]

    operations = [
        Barred("money_notice", {vendor: NOTICE.format(lines=lines) for vendor, lines in LINES.items()}),
        Barred("money_deposit", _both(DEPOSIT)),
        Barred("money_refund", _both(REFUND)),
        Frozen(
            "money_deposit",
            ["town_id", "account_id", "statement_id", "serial", "came_on", "amount", "said_sealed", "named_id"],
            "1 = 1",
        ),
        Frozen("money_refund", ["town_id", "deposit_id", "of_fee", "amount", "reason", "asked_by_id"], "1 = 1"),
    ]
