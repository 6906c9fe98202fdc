"""What people do with lists from records: make, check, show, take down. Nobody writes a row."""

import os
from datetime import date, timedelta

from django.db.models import Max, QuerySet
from django.utils import timezone

from mingtang.disclosure.derived import commit
from mingtang.disclosure.derived.compose import Composed, Period, compose, villages
from mingtang.disclosure.derived.sources import Asked
from mingtang.disclosure.derived.states import LIST, check_list
from mingtang.disclosure.derived.template import Template, templates
from mingtang.disclosure.enums import ListState as S
from mingtang.disclosure.models import DerivedList, DerivedRow, Posting
from mingtang.events import types, vault
from mingtang.events.log import SYSTEM, Actor, record
from mingtang.events.models import Event, PayloadKey
from mingtang.guard.clear import clear_text
from mingtang.lib.canonical import canonical_json
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_may
from mingtang.towns.models import Jurisdiction

MADE = types.define("list.made", "从记录生成公示表")
CHECKED = types.define("list.checked", "核对公示表")
SHOWN = types.define("list.shown", "公开公示表", public=True)
DROPPED = types.define("list.dropped", "公示表作废重做")
SUPERSEDED = types.define("list.superseded", "公示表由新版代替", public=True)
ENDED = types.define("list.ended", "公示期满，撤下公示表", public=True)
TAKEN_BACK = types.define("list.taken_back", "提前撤下公示表", public=True)
POSTED = types.define("list.posted", "张贴公示表", public=True)
TAKEN_DOWN = types.define("list.taken_down", "取下公示表", public=True)
MAX_PLACE = 60


def template_of(row: DerivedList) -> Template:
    return templates()[row.template]


def _asked(row: DerivedList) -> Asked:
    return Asked(row.town, row.from_on, row.to_on, row.village)


def _event(row: DerivedList, type: str, by: Actor, *, reason: str = "", **more: str | int) -> Event:
    return record(town=row.town, type=type, subject=row.subject, by=by, reason=reason, data={**row.frozen(), **more})


def _locked(row: DerivedList) -> DerivedList:
    DerivedList.objects.select_for_update().only("pk").get(pk=row.pk)
    return DerivedList.objects.select_related("town", "key").get(pk=row.pk)


def make(*, town: Jurisdiction, template: Template, period: Period, by: Staff, village: str = "") -> DerivedList:
    """Compose a list for a period and freeze it. Raises ``Refused`` while another of the same period is on its way."""
    check_may(by, Permission.DOCUMENT_DRAFT, town)
    if template.scope == "board" and village not in villages(template, town):
        raise Refused("请选择在哪个村（社区）公示。", field="village")
    now = timezone.now()
    with act():
        Jurisdiction.objects.select_for_update().only("pk").get(pk=town.pk)
        same = DerivedList.objects.filter(town=town, template=template.code, village=village, from_on=period.first)
        row = DerivedList(
            town=town,
            number=_number(town, timezone.localdate(now).year),
            template=template.code,
            village=village,
            from_on=period.first,
            to_on=period.last,
            edition=(same.aggregate(last=Max("edition"))["last"] or 0) + 1,
            made_by=by,
            made_at=now,
        )
        if same.filter(state__in=(S.MADE, S.CHECKED)).exists():
            raise Refused("这段时间的公示表已经有一张在办。请接着办那一张，或者把它作废再生成。")
        _freeze(row, compose(template, _asked(row), row.number), template)
        _event(row, MADE, actor(by))
    return row


def _number(town: Jurisdiction, year: int) -> str:
    """No gaps: rows are never deleted."""
    held = DerivedList.objects.filter(town=town, number__startswith=f"{year}-").count()
    return f"{year}-{held + 1:04d}"


def _freeze(row: DerivedList, composed: Composed, template: Template) -> None:
    salts = [os.urandom(commit.SALT_BYTES) if template.personal else b"" for _ in composed.rows]
    commitments = [commit.commitment(salt, one.row) for salt, one in zip(salts, composed.rows, strict=True)]
    row.count, row.left_out, row.total = len(composed.rows), composed.left_out, composed.total
    row.root = commit.root(commitments)
    row.key = vault.new_key(row.town) if template.personal else None
    row.save()
    made = []
    for salt, committed, one in zip(salts, commitments, composed.rows, strict=True):
        frozen = DerivedRow(list=row, number=one.row["no"], commitment=committed)
        if row.key:
            frozen.case = one.case
            frozen.row_sealed = vault.seal(row.key, canonical_json({"salt": salt.hex(), "row": one.row}))
        else:
            frozen.cells = one.row["cells"]
        made.append(frozen)
    DerivedRow.objects.bulk_create(made, batch_size=500)


def check_still_so(row: DerivedList) -> None:
    """Raise ``Refused`` unless the records would make the same list now."""
    now = compose(template_of(row), _asked(row), row.number)
    held = [one.opened()[1]["cells"] if row.key else one.cells for one in rows_of(row)]
    same = held == [one.row["cells"] for one in now.rows]
    if not same or (row.left_out, row.total) != (now.left_out, now.total):
        raise Refused("生成以后，底下的记录有变动，这张表和记录不一样了。请作废这一张，重新生成。")


def rows_of(row: DerivedList) -> list[DerivedRow]:
    """The rows in order, each knowing its list."""
    rows = list(row.rows.all())
    for one in rows:
        one.list = row
    return rows


def check(*, row: DerivedList, by: Staff) -> DerivedList:
    """核对: another person has looked, and the records still say the same."""
    with act():
        row = _locked(row)
        check_list("check", row, by)
        check_still_so(row)
        row.state, row.checked_by = S.CHECKED, by
        row.checked_at = _event(row, CHECKED, actor(by)).recorded_at
        row.save(update_fields=["state", "checked_by", "checked_at"])
    return row


def show(*, row: DerivedList, by: Staff) -> DerivedList:
    """公开: the edition before it goes, and this one stays for its days, the first not counted."""
    with act():
        row = _locked(row)
        check_list("show", row, by)
        check_still_so(row)
        older = DerivedList.objects.filter(
            town=row.town, template=row.template, village=row.village, from_on=row.from_on, state=S.SHOWN
        )
        for before in older.select_related("town", "key"):
            _take_away(before, "supersede", SUPERSEDED, actor(by), by_list=row.number)
        template, today = template_of(row), timezone.localdate()
        row.state, row.shown_by = S.SHOWN, by
        row.until = today + timedelta(days=template.days) if template.days else None
        row.shown_at = _event(row, SHOWN, actor(by), until=_iso(row.until)).recorded_at
        row.save(update_fields=["state", "shown_by", "shown_at", "until"])
    return row


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def drop(*, row: DerivedList, reason: str, by: Staff) -> DerivedList:
    """作废重做: mended in the records and composed again. What it held of persons is destroyed."""
    reason = clear_text(reason, "请写明为什么作废。", "reason", town=by.town_id)
    with act():
        row = _locked(row)
        check_list("drop", row, by)
        _take_away(row, "drop", DROPPED, actor(by), reason)
    return row


def take_back(*, row: DerivedList, reason: str, by: Staff) -> DerivedList:
    """提前撤下. The reason is public."""
    reason = clear_text(reason, "请写明为什么提前撤下，这句话会公开。", "reason", town=by.town_id)
    with act():
        row = _locked(row)
        check_list("take_back", row, by)
        _take_away(row, "take_back", TAKEN_BACK, actor(by), reason)
    return row


def take_back_unsound(*, row: DerivedList, reason: str, by: Staff) -> DerivedList:
    """提前撤下 because a record it was made from no longer stands, for another room that asked whether the person may
    say so. The reason is public."""
    with act():
        row = _locked(row)
        _take_away(row, "take_back", TAKEN_BACK, actor(by), reason)
    return row


def _take_away(row: DerivedList, name: str, type: str, by: Actor, reason: str = "", **more: str | int) -> None:
    """The rows of persons go with their key; the counted stub stays, and so do the commitments."""
    row.state, row.reason = LIST[name].target or "", reason
    row.gone_at = _event(row, type, by, reason=reason, **more).recorded_at
    row.save(update_fields=["state", "reason", "gone_at"])
    if row.key_id:
        PayloadKey.objects.select_for_update(no_key=True).get(pk=row.key_id)
        row.rows.update(row_sealed=None, case=None)
        PayloadKey.objects.filter(pk=row.key_id).update(wrapped=None, destroyed_at=row.gone_at)


def lists_over(today: date | None = None) -> QuerySet[DerivedList]:
    """Lists whose last day is over."""
    return DerivedList.objects.filter(state=S.SHOWN, until__lt=today or timezone.localdate()).order_by("pk")


def end(*, row: DerivedList) -> DerivedList:
    """公示期满: only the counted stub stays (个人信息保护法 47). Raises ``Refused`` where a colleague was quicker."""
    with act():
        row = _locked(row)
        if not lists_over().filter(pk=row.pk).exists():
            raise Refused("公示的天数还没有满，或者已经撤下了。")
        _take_away(row, "end", ENDED, SYSTEM)
    return row


def post_up(*, row: DerivedList, place: str, on: date, by: Staff) -> Posting:
    """张贴: its days are counted from here, so the list stays at least as long."""
    place = clear_text(place, "请写明贴在哪里，例如：长堤村公示栏。", "place", MAX_PLACE, town=by.town_id)
    check_list("post_up", row, by)
    return hung(row=row, place=place, on=on, by=by)


def hung(*, row: DerivedList, place: str, on: date, by: Staff) -> Posting:
    """The same where another room has asked whether the person may hang sheets up there."""
    with act():
        row = _locked(row)
        if row.state not in LIST["post_up"].sources:
            raise Refused(f"这张公示表现在是“{row.get_state_display()}”，不能张贴。请刷新后再看。")
        assert row.shown_at is not None  # it is shown
        if not timezone.localdate(row.shown_at) <= on <= timezone.localdate():
            raise Refused("张贴的日期要在公开这天和今天之间。请核对日期。", field="on")
        if row.postings.filter(place=place, down_on__isnull=True).exists():
            raise Refused("这里已经登记过张贴，还没有取下。", field="place")
        posting = Posting.objects.create(list=row, place=place, up_on=on, up_by=by)
        if row.until:
            row.until = max(row.until, on + timedelta(days=template_of(row).days))
            row.save(update_fields=["until"])
        _event(row, POSTED, actor(by), place=place, on=on.isoformat(), until=_iso(row.until))
    return posting


def take_down(*, posting: Posting, on: date, by: Staff) -> Posting:
    """取下, also after the list has ended: the sheet must not hang on."""
    check_may(by, Permission.DOCUMENT_DRAFT, posting.list.town)
    return taken(posting=posting, on=on, by=by)


def taken(*, posting: Posting, on: date, by: Staff) -> Posting:
    """The same where another room has asked whether the person may take it down."""
    with act():
        row = _locked(posting.list)
        posting = Posting.objects.select_for_update().get(pk=posting.pk)
        if posting.down_on:
            raise Refused("这一处已经登记过取下。")
        if not posting.up_on <= on <= timezone.localdate():
            raise Refused("取下的日期要在张贴这天和今天之间。请核对日期。", field="on")
        posting.down_on, posting.down_by = on, by
        posting.save(update_fields=["down_on", "down_by"])
        _event(row, TAKEN_DOWN, actor(by), place=posting.place, on=on.isoformat())
    return posting
