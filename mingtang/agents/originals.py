"""The chain of originals: each is in exactly one hand. What is offered stays with the giver until it is accepted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from mingtang.agents.models import Handover, Order, Original
from mingtang.guard.clear import clear_text
from mingtang.lib.canonical import canonical_json, sha256_hex
from mingtang.lib.errors import Refused
from mingtang.people.models import Post, Staff

MOST, MAX_NAME, MAX_SHEETS = 20, 40, 999
OFFERED, ACCEPTED, REFUSED = "offered", "accepted", "refused"


@dataclass(frozen=True)
class Paper:
    """What was handed over: its name as on the paper, and how many sheets."""

    name: str
    sheets: int = 1


def checked(papers: Sequence[Paper], town: int) -> list[Paper]:
    """The papers with plain names; raises ``Refused`` for too many, no name, an impossible number of sheets."""
    if len(papers) > MOST:
        raise Refused(f"一张代办单最多记 {MOST} 种原件。多的请另开一张。", field="papers")
    found = []
    for paper in papers:
        name = clear_text(paper.name, "请写明是什么原件，例如“身份证”。", "papers", MAX_NAME, town=town)
        if not 1 <= paper.sheets <= MAX_SHEETS:
            raise Refused(f"“{name}”的张数写 1 到 {MAX_SHEETS}。", field="papers")
        found.append(Paper(name, paper.sheets))
    return found


def listed(line: int, name: str, sheets: int) -> str:
    """A paper as an event names it: line, sheets and a hash of what it is called."""
    return f"{line}:{sheets}:{sha256_hex(canonical_json(name))}"


def holder(original: Original) -> Handover:
    """The last hand-over that was accepted: its ``taker`` holds the paper, none is the resident."""
    return [row for row in original.handovers.all() if row.accepted_at][-1]


def offer_of(original: Original) -> Handover | None:
    """The offer that waits for an answer."""
    rows = [row for row in original.handovers.all() if row.accepted_at is None and row.refused_at is None]
    return rows[0] if rows else None


def of(order: Order) -> Iterable[Original]:
    """All originals of an order with their chains; read again unless a list has read them."""
    if "originals" in getattr(order, "_prefetched_objects_cache", {}):
        return order.originals.all()
    return order.originals.prefetch_related("handovers__giver__unit", "handovers__taker__unit").order_by("line")


def held_by(order: Order, post: Post) -> list[Original]:
    """What a post holds and has offered to nobody."""
    return [row for row in of(order) if holder(row).taker_id == post.pk and offer_of(row) is None]


class Moves:
    """The hand-overs of one act, and the words by which its event tells them. The order's row is locked."""

    def __init__(self, order: Order, by: Staff | None) -> None:
        self.order, self.by, self.at = order, by, timezone.now()
        self.told: list[str] = []
        self.papers: list[str] = []

    def receive(self, papers: Iterable[Paper], giver: Post | None, taker: Post, *, result: bool = False) -> None:
        """New papers enter the chain: handed over and acknowledged in the same moment."""
        known = self.order.originals.count()
        for line, paper in enumerate(papers, known + 1):
            row = Original.objects.create(
                order=self.order, line=line, name=paper.name, sheets=paper.sheets, is_result=result
            )
            self.papers.append(listed(line, paper.name, paper.sheets))
            self._put(row, 1, giver, taker, accepted=True)

    def offer(self, originals: Iterable[Original], giver: Post, taker: Post) -> None:
        """Papers that ``giver`` holds are offered. Raises ``Refused`` for one that is elsewhere or offered already."""
        for row in originals:
            self._check_at(row, giver)
            self._put(row, row.handovers.count() + 1, giver, taker)

    def give_back(self, originals: Iterable[Original], giver: Post, way: str, ending: str = "") -> None:
        """Papers go home: the resident acknowledges in the same moment; ``ending``: of one that was lost."""
        for row in originals:
            self._check_at(row, giver)
            self._put(row, row.handovers.count() + 1, giver, None, accepted=True, way=way, ending=ending)

    def answer(self, originals: Iterable[Original], why: str = "") -> None:
        """Waiting offers are accepted, or with ``why`` refused. Raises ``Refused`` where none waits."""
        for original in originals:
            row = offer_of(original)
            if row is None:
                raise Refused(f"“{original.name}”没有等着签收的交接。可能刚刚有人办过，请刷新再看。")
            if why:
                row.refused_at, row.refused_why = self.at, why
                row.save(update_fields=["refused_at", "refused_why"])
            else:
                row.accepted_at, row.accepted_by = self.at, self.by
                row.save(update_fields=["accepted_at", "accepted_by"])
            self._tell(original.line, row, REFUSED if why else ACCEPTED)

    def data(self) -> dict[str, list[str]]:
        """What the event of the act says of them."""
        return {"moves": self.told, "papers": self.papers}

    def _check_at(self, row: Original, giver: Post) -> None:
        if waiting := offer_of(row):
            raise Refused(f"“{row.name}”已经交给{_hand(waiting.taker)}，等对方签收。")
        if (last := holder(row)).taker_id != giver.pk:
            raise Refused(f"“{row.name}”现在在{_hand(last.taker)}手里，不在{giver}。")

    def _put(
        self,
        row: Original,
        turn: int,
        giver: Post | None,
        taker: Post | None,
        *,
        accepted: bool = False,
        way: str = "",
        ending: str = "",
    ) -> None:
        made = Handover.objects.create(
            original=row,
            turn=turn,
            giver=giver,
            taker=taker,
            offered_at=self.at,
            offered_by=self.by if giver else None,
            accepted_at=self.at if accepted else None,
            accepted_by=self.by if accepted and taker else None,
            way=way,
            ending=ending,
        )
        self._tell(row.line, made, ending or (ACCEPTED if accepted else OFFERED))

    def _tell(self, line: int, row: Handover, what: str) -> None:
        self.told.append(move(line, row, what))


def move(line: int, row: Handover, what: str) -> str:
    """One move as an event names it: line, turn, from, to (a post's code, ``-`` the resident), what."""
    giver, taker = (post.code if post else "-" for post in (row.giver, row.taker))
    return f"{line}:{row.turn}:{giver}:{taker}:{what}"


def _hand(post: Post | None) -> str:
    return str(post) if post else "本人"


@dataclass(frozen=True)
class Away:
    """An original that is not with its owner: who has it and for how many days, since it left the owner's hand."""

    original: Original
    post: Post
    offered_to: Post | None
    offered: bool
    days: int


def away(order: Order, now: datetime) -> list[Away]:
    """Every paper of an order that the resident does not hold."""
    found = []
    for row in of(order):
        last, waiting = holder(row), offer_of(row)
        if last.taker is None:
            continue
        first = row.handovers.all()[0]
        days = (timezone.localdate(now) - timezone.localdate(first.offered_at)).days
        found.append(Away(row, last.taker, waiting.taker if waiting else None, waiting is not None, days))
    return found
