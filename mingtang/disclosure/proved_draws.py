"""What `mingtang verify` computes again of draws: the order, by the root in the log, of those told before."""

from collections.abc import Iterator
from functools import partial

from mingtang.disclosure.models import Draw
from mingtang.ledger.frozen import Finding, readable, told
from mingtang.ledger.lots import order_of, seed_after
from mingtang.towns.models import Jurisdiction

TABLE = "disclosure_draw"


def check_draws(town: Jurisdiction) -> Iterator[Finding]:
    rows = Draw.objects.filter(town=town).select_related(
        "town", "announced_event__town", "announced_event__sequenced", "announced_by", "drawn_event", "drawn_by"
    )
    for row in rows.order_by("pk"):
        yield from readable(TABLE, row.pk, partial(_check, row))


def _check(row: Draw) -> Iterator[Finding]:
    held = {"purpose": row.purpose, "field": row.field, "wanted": row.wanted, "pool": row.pool}
    if held != row.announced_event.data or row.announced_by.code != row.announced_event.actor:
        yield Finding(TABLE, row.pk, f"抽取 {row.number} 的公告和事件里记的不一样")
    if row.drawn_event is None:
        return
    if {"size": row.size, "root": row.root, "order": row.order} != row.drawn_event.data:
        yield Finding(TABLE, row.pk, f"抽取 {row.number} 的结果和事件里记的不一样")
    seed = seed_after(row.announced_event)
    if seed is None or (seed.size, seed.root) != (row.size, row.root):
        yield Finding(TABLE, row.pk, f"抽取 {row.number} 用的数不是公告以后第一个检查点的")
    elif order_of(row.root, row.number, row.pool) != row.order:
        yield Finding(TABLE, row.pk, f"抽取 {row.number} 的顺序不是算出来的那个")


told("抽取专家", check_draws)
