"""The columns of a town's catalogue: opened from the pack, handed to a post, dated, told why they are empty, filled."""

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from mingtang.disclosure.derived.reading import newest_in
from mingtang.disclosure.enums import Rhythm
from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.models import Column, Document, Filing
from mingtang.disclosure.policies import check_own_unit
from mingtang.events import types
from mingtang.events.log import Actor, record, record_all
from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Post, Staff
from mingtang.people.policies import actor, can, check_may, posts_of
from mingtang.towns.models import Jurisdiction

PACK = Path(__file__).parent / "catalogue" / "columns.toml"
MOST_DAYS = 250  # a year of working days

OPENED = types.define("column.opened", "开设栏目", public=True)
ASSIGNED = types.define("column.assigned", "栏目换责任岗位", public=True)
REDATED = types.define("column.redated", "改栏目的更新时限", public=True)
EMPTY = types.define("column.empty", "说明栏目为什么是空的", public=True)
CLOSED = types.define("column.closed", "停用栏目", public=True)
FILED = types.define("document.filed", "归入栏目", public=True)


@dataclass(frozen=True)
class Scheme:
    """One way of dividing the catalogue. The leaves of one with ``duty`` must be filled or say why they are empty."""

    code: str
    name: str
    duty: bool
    rows: tuple[tuple[str, "Row"], ...]
    """(code of the heading or nothing, row)"""
    groups: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Row:
    code: str
    name: str
    basis: str = ""
    rhythm: str = ""
    days: int | None = None
    elements: str = ""


@cache
def schemes() -> dict[str, Scheme]:
    """The schemes of the pack in the order it names them."""

    def rows(under: str, listed: list[list[Any]]) -> Iterator[tuple[str, Row]]:
        yield from ((under, Row(*one)) for one in listed)

    found: dict[str, Scheme] = {}
    for scheme in tomllib.loads(PACK.read_text(encoding="utf-8"))["scheme"]:
        groups = scheme.get("group", [])
        leaves = [*rows("", scheme.get("rows", []))]
        for group in groups:
            leaves += rows(group["code"], group["rows"])
        found[scheme["code"]] = Scheme(
            scheme["code"],
            scheme["name"],
            scheme["duty"],
            tuple(leaves),
            tuple((group["code"], group["name"]) for group in groups),
        )
    return found


def open_all(*, town: Jurisdiction, owner: Post, by: Actor, since: date | None = None) -> int:
    """Open every column of the pack that the town does not have yet, owned by ``owner`` until handed on. How many.

    ``since``: the day from which a catalogue that existed before binds; today where none is stated.
    """
    today, opened = since or timezone.localdate(), 0
    with act():
        held = dict(Column.objects.filter(town=town).values_list("code", "pk"))
        for scheme in schemes().values():
            for order, (code, name) in enumerate(scheme.groups):
                if code not in held:
                    about = {"scheme": scheme.code, "code": code, "name": name, "order": order}
                    heading = Column.objects.create(town=town, opened_on=today, **about)
                    held[code] = heading.pk
                    _event(heading, OPENED, by)
            for order, (under, row) in enumerate(scheme.rows):
                if row.code in held:
                    continue
                column = Column.objects.create(
                    town=town,
                    scheme=scheme.code,
                    parent_id=held.get(under),
                    order=order,
                    opened_on=today,
                    owner=owner if row.rhythm else None,
                    **vars(row),
                )
                opened += 1
                _event(column, OPENED, by)
    return opened


def assign(*, column: Column, owner: Post, by: Staff) -> Column:
    """Hand a column to another post of the town: from now on its gaps carry that name."""
    check_may(by, Permission.CATALOGUE_KEEP, column.town)
    return hand_on(column=column, owner=owner, by=actor(by))


def hand_on(*, column: Column, owner: Post, by: Actor) -> Column:
    """``assign`` by whoever the calling room let do it."""
    if owner.town_id != column.town_id:
        raise Refused("请选择本镇的岗位。", field="owner")
    with act():
        column = _locked(column)
        before = column.owner.code if column.owner else ""
        if before == owner.code:
            return column
        column.owner = owner
        column.save(update_fields=["owner"])
        _event(column, ASSIGNED, by, owner_before=before)
    return column


def redate(*, column: Column, rhythm: str, days: int, reason: str, by: Staff) -> Column:
    """Change when a column is due. The reason is public, and so is what stood before."""
    check_may(by, Permission.CATALOGUE_KEEP, column.town)
    if rhythm not in Rhythm.values:
        raise Refused("请选择更新周期。", field="rhythm")
    if not 1 <= days <= MOST_DAYS:
        raise Refused(f"时限请写 1 到 {MOST_DAYS} 个工作日。", field="days")
    reason = clear_text(reason, "请写明为什么改时限，这句话会公开。", "reason", town=by.town_id)
    with act():
        column = _locked(column)
        _check_duty(column)
        before = {"rhythm_before": column.rhythm, "days_before": column.days}
        column.rhythm, column.days = rhythm, days
        column.save(update_fields=["rhythm", "days"])
        _event(column, REDATED, actor(by), reason=reason, **before)
    return column


def say_nothing(*, column: Column, reason: str, by: Staff) -> Column:
    """Say in public why a column holds nothing; its owner says it, or whoever keeps the catalogue. It is shown as long
    as nothing is published there."""
    if not can(by, Permission.CATALOGUE_KEEP, column.town) and column.owner not in posts_of(by):
        raise Refused("这个栏目归别的岗位管，您不能替它说明。请联系责任岗位。")
    reason = clear_text(reason, "请写一句为什么这个栏目是空的，这句话会公开。", "reason", town=by.town_id)
    with act():
        column = _locked(column)
        _check_duty(column)
        if Document.objects.filter(filings__column=column).published().exists():
            raise Refused("这个栏目里已经有公开的信息，不能说它是空的。")
        if newest_in(column.town, column.code, 1):
            raise Refused("这个栏目里已经有从记录算出来的公示表，不能说它是空的。")
        column.nothing, column.nothing_on = reason, timezone.localdate()
        column.save(update_fields=["nothing", "nothing_on"])
        _event(column, EMPTY, actor(by), reason=reason)
    return column


def close(*, column: Column, reason: str, by: Staff) -> Column:
    """No longer used from today. What stands in it stays readable there; nothing is filed into it any more."""
    check_may(by, Permission.CATALOGUE_KEEP, column.town)
    reason = clear_text(reason, "请写明为什么停用，这句话会公开。", "reason", town=by.town_id)
    with act():
        column = _locked(column)
        _check_open(column)
        column.closed_on = timezone.localdate()
        column.save(update_fields=["closed_on"])
        _event(column, CLOSED, actor(by), reason=reason)
    return column


def usual(document: Document) -> list[str]:
    """The columns into which documents of this kind go, as far as the town has them open."""
    wanted = kind_of(document.kind).columns
    open_now = Column.objects.filter(town=document.town_id, code__in=wanted, closed_on__isnull=True)
    return list(open_now.values_list("code", flat=True))


def refile(*, document: Document, codes: Iterable[str], by: Staff) -> None:
    """``file_under`` by an editor, before and after the document is public."""
    check_may(by, Permission.DOCUMENT_DRAFT, document.town)
    check_own_unit(document.unit, by)
    file_under(document=document, codes=codes, by=actor(by))


def file_under(*, document: Document, codes: Iterable[str], by: Actor) -> None:
    """``file_all`` of one document."""
    file_all(town=document.town, wanted={document: codes}, by=by)


def file_all(*, town: Jurisdiction, wanted: Mapping[Document, Iterable[str]], by: Actor) -> None:
    """Set the columns these documents stand in, all of them at once; an event for each whose columns change.

    Asks the database as often for many as for one. Raises ``Refused`` for a code that no open column of the town
    bears, and for a heading.
    """
    with act():
        list(Document.objects.select_for_update().filter(pk__in=[row.pk for row in wanted]).order_by("pk").only("pk"))
        held: dict[int, dict[str, int]] = {document.pk: {} for document in wanted}
        stand = Filing.objects.filter(document__in=held).values_list("document_id", "column__code", "pk")
        for document_id, code, pk in stand:
            held[document_id][code] = pk
        changed = {row: codes for row, listed in wanted.items() if (codes := set(listed)) != set(held[row.pk])}
        new = [(row, code) for row, codes in changed.items() for code in sorted(codes - set(held[row.pk]))]
        rows = takers(town, {code for _, code in new})
        gone = [pk for row, codes in changed.items() for code, pk in held[row.pk].items() if code not in codes]
        Filing.objects.filter(pk__in=gone).delete()
        Filing.objects.bulk_create(Filing(document=row, column=rows[code]) for row, code in new)
        told = [
            (FILED, row.subject, {"columns": sorted(codes), "before": sorted(held[row.pk])})
            for row, codes in changed.items()
        ]
        record_all(town=town, by=by, rows=told)


def takers(town: Jurisdiction, codes: Collection[str]) -> dict[str, Column]:
    """The columns of these codes, into which documents may be filed. Raises ``Refused``."""
    headings = Exists(Column.objects.filter(parent=OuterRef("pk")))
    rows = {row.code: row for row in Column.objects.filter(town=town, code__in=codes).annotate(heading=headings)}
    if missing := set(codes) - set(rows):
        raise Refused(f"没有代码为“{min(missing)}”的栏目。请重新选择栏目。", field="columns")
    for row in rows.values():
        _check_open(row)
        if row.heading:
            raise Refused(f"“{row.name}”下面还分栏目，请选下面的一个。", field="columns")
    return rows


def _locked(column: Column) -> Column:
    Column.objects.select_for_update().only("pk").get(pk=column.pk)
    return Column.objects.select_related("town", "owner").get(pk=column.pk)


def _check_open(column: Column) -> None:
    if column.closed_on:
        raise Refused(f"栏目“{column.name}”已经停用，不能再用。请选别的栏目。", field="columns")


def _check_duty(column: Column) -> None:
    _check_open(column)
    if not column.is_duty:
        raise Refused(f"“{column.name}”只用来分类，没有更新时限。")


def facts(column: Column) -> dict[str, str | int | None]:
    """What an event says of a column: all of it that an act can change but the sentences, which are its reason."""
    return {
        "owner": column.owner.code if column.owner else "",
        "rhythm": column.rhythm,
        "days": column.days,
        "closed_on": column.closed_on.isoformat() if column.closed_on else "",
    }


def _event(column: Column, type: str, by: Actor, *, reason: str = "", **before: str | int | None) -> None:
    data = {**facts(column), **before}
    record(town=column.town, type=type, subject=column.subject, by=by, reason=reason, data=data)
