"""抽查: announced with everything it is drawn among, drawn by another person with a number that nobody had then."""

from datetime import date

from django.utils import timezone

from mingtang.events import types
from mingtang.events.log import record
from mingtang.ledger.lots import order_of, seed_after
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Staff, Unit
from mingtang.people.policies import actor
from mingtang.scrutiny.enums import StatementKind
from mingtang.scrutiny.models import Sample, SampleRound
from mingtang.scrutiny.policies import check_oversees
from mingtang.scrutiny.samples import tell
from mingtang.scrutiny.statements import Span, Statement, collect, digest
from mingtang.towns.models import Jurisdiction

ANNOUNCED = types.define("sampling.announced", "公告真实性抽查", public=True)
DRAWN = types.define("sampling.drawn", "抽取要核对的内容", public=True)
# House rules: what a page still shows whole, and what a town can look into.
MOST_POOL, MOST_WANTED = 5_000, 50


def announce(
    *, town: Jurisdiction, kinds: list[str], from_on: date, to_on: date, wanted: int, by: Staff
) -> SampleRound:
    """公告: what is drawn among, how many. From now on nobody can choose what it will be.

    Raises ``Refused`` for no kind, a span that runs backwards or into the future, a pool that is too small or too large
    to be read.
    """
    check_oversees(by, town)
    kinds = [kind for kind in StatementKind.values if kind in kinds]
    if not kinds:
        raise Refused("请至少选一种要抽查的内容。", field="kinds")
    if to_on < from_on:
        raise Refused("“到哪天”早于“从哪天”。请改正。", field="to_on")
    if to_on > timezone.localdate():
        raise Refused("“到哪天”还没有到。请写今天或者以前的日期。", field="to_on")
    if not 1 <= wanted <= MOST_WANTED:
        raise Refused(f"一次抽 1 到 {MOST_WANTED} 条。", field="wanted")
    pool = [one.cells for one in collect(town, kinds, Span(from_on, to_on))]
    if len(pool) <= wanted:
        raise Refused(
            f"这个范围里公开的只有 {len(pool)} 条，抽的条数要比这个少。请放宽日期，或者多选几种。", field="wanted"
        )
    if len(pool) > MOST_POOL:
        raise Refused(
            f"这个范围里有 {len(pool):,} 条，最多 {MOST_POOL:,} 条。请缩短日期，或者少选几种。", field="from_on"
        )
    with act():
        Jurisdiction.objects.select_for_update().only("pk").get(pk=town.pk)
        year = timezone.localdate().year
        serial = SampleRound.objects.filter(town=town, number__startswith=f"{year}-").count() + 1
        row = SampleRound(
            town=town, number=f"{year}-Z{serial:03d}", kinds=kinds, from_on=from_on, to_on=to_on, wanted=wanted,
            pool=pool, pool_sha256=digest(pool), announced_by=by,
        )  # fmt: skip
        row.announced_event = record(town=town, type=ANNOUNCED, subject=row.subject, by=actor(by), data=facts(row))
        row.save()
    return row


def facts(row: SampleRound) -> dict[str, str | int | list[str]]:
    """What the announcement says of a round."""
    return {
        "kinds": row.kinds,
        "from": row.from_on.isoformat(),
        "to": row.to_on.isoformat(),
        "wanted": row.wanted,
        "pool": row.pool_sha256,
        "count": len(row.pool),
    }


def lot(root: str, row: SampleRound) -> list[int]:
    """The places in the pool, from 1, that a root draws, in their order."""
    return order_of(root, row.number, list(range(1, len(row.pool) + 1)))[: row.wanted]


def draw(*, round: SampleRound, by: Staff) -> SampleRound:
    """抽取, by another person than announced it; there is nothing to choose."""
    check_oversees(by, round.town)
    with act():
        SampleRound.objects.select_for_update().only("pk").get(pk=round.pk)
        row = SampleRound.objects.select_related("town", "announced_event__town", "announced_event__sequenced").get(
            pk=round.pk
        )
        if by.pk == row.announced_by_id:
            raise Refused("公告的人不能自己抽，请由另一位同事抽取。")
        if row.drawn_event_id:
            raise Refused("已经抽过了。一次公告只抽一次。")
        seed = seed_after(row.announced_event)
        if seed is None:
            raise Refused("公告还没有编进公开日志的检查点，抽取用的数还没有。过一分钟再来抽。")
        row.size, row.root, row.drawn_by = seed.size, seed.root, by
        row.picked = lot(seed.root, row)
        data = {"size": seed.size, "root": seed.root, "picked": row.picked}
        row.drawn_event = record(town=row.town, type=DRAWN, subject=row.subject, by=actor(by), data=data)
        row.save(update_fields=["size", "root", "picked", "drawn_by", "drawn_event"])
        units = {unit.code: unit for unit in Unit.objects.filter(town=row.town)}
        for place, number in enumerate(row.picked, 1):
            said = Statement(*row.pool[number - 1])
            sample = Sample.objects.create(
                town=row.town, round=row, place=place, kind=said.kind, about=said.about, unit=units[said.unit],
                spot=said.spot, text=said.text,
            )  # fmt: skip
            tell("draw", sample, actor(by))
    return row
