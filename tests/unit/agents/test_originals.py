"""Random ways of originals: whatever people do in whatever order, each is in one hand, and the events know whose."""

import itertools
from collections.abc import Callable

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from mingtang.agents import actions, originals
from mingtang.agents.enums import Ending, Way
from mingtang.agents.models import Handover, Order, Original
from mingtang.agents.originals import Paper, holder, offer_of
from mingtang.agents.proved import check_orders
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.people.models import Post
from tests.factories.cast import AGENT, CLERK_1, CLERK_3, staff
from tests.factories.orders import begun, fresh, station_of, window_post

pytestmark = pytest.mark.django_db
PEOPLE = st.sampled_from([AGENT, CLERK_1, CLERK_3])
POSTS = st.sampled_from(["station-changdi", "window-1", "window-3", "forest-check"])
SOME = st.sets(st.integers(1, 4), min_size=1)


class Ways(RuleBasedStateMachine):
    """One order; each rule either moves its papers whole or is refused and leaves nothing."""

    town = None

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize(sheets=st.lists(st.integers(1, 5), min_size=1, max_size=3))
    def begin(self, sheets: list[int]) -> None:
        self.order: Order = begun(self.town, papers=tuple(Paper(f"证件{n}", n) for n in sheets))

    def _some(self, lines: set[int]) -> list[Original]:
        return list(self.order.originals.filter(line__in=lines))

    def _try(self, do: Callable[[], object]) -> None:
        before, events = self._hands(), Event.objects.count()
        try:
            with transaction.atomic():
                do()
        except Refused as refusal:
            assert refusal.message.endswith("。")
            assert (self._hands(), Event.objects.count()) == (before, events)

    def _hands(self) -> dict[int, str | None]:
        held = {row.line: holder(row) for row in originals.of(self.order)}
        return {line: row.taker.code if row.taker else None for line, row in held.items()}

    @rule(lines=SOME, to=POSTS, by=PEOPLE)
    def offer(self, lines: set[int], to: str, by: str) -> None:
        before, post = self._hands(), Post.objects.get(town=self.town, code=to)
        self._try(lambda: actions.offer_papers(order=self.order, papers=self._some(lines), to=post, by=staff(by)))
        assert self._hands() == before, "what is only offered stays with the giver"

    @rule(lines=SOME, by=PEOPLE)
    def accept(self, lines: set[int], by: str) -> None:
        self._try(lambda: actions.accept_papers(order=self.order, papers=self._some(lines), by=staff(by)))

    @rule(lines=SOME, by=PEOPLE)
    def refuse(self, lines: set[int], by: str) -> None:
        before = self._hands()
        papers = self._some(lines)
        self._try(lambda: actions.refuse_papers(order=self.order, papers=papers, reason="没有收到。", by=staff(by)))
        assert self._hands() == before

    @rule(lines=SOME, by=PEOPLE)
    def give_back(self, lines: set[int], by: str) -> None:
        papers = self._some(lines)
        self._try(lambda: actions.return_papers(order=self.order, papers=papers, way=Way.SIGNED, by=staff(by)))

    @rule(lines=SOME, by=PEOPLE, ending=st.sampled_from(Ending.values), way=st.sampled_from(Way.values))
    def settle(self, lines: set[int], by: str, ending: str, way: str) -> None:
        papers, said = self._some(lines), {"ending": ending, "way": way, "reason": "雨天路上丢了，赔了新的。"}
        self._try(lambda: actions.settle_lost(order=self.order, papers=papers, by=staff(by), **said))

    @rule(by=PEOPLE, lines=SOME)
    def hand_in(self, by: str, lines: set[int]) -> None:
        papers = self._some(lines)
        self._try(lambda: actions.hand_in(order=self.order, to=window_post(), papers=papers, by=staff(by)))

    @rule(by=PEOPLE, lines=SOME)
    def receive(self, by: str, lines: set[int]) -> None:
        self._try(lambda: actions.receive(order=self.order, papers=self._some(lines), by=staff(by)))

    @rule(by=PEOPLE)
    def take_back(self, by: str) -> None:
        self._try(lambda: actions.take_back(order=self.order, by=staff(by)))

    @rule(by=PEOPLE)
    def entrust(self, by: str) -> None:
        self._try(lambda: actions.entrust(order=self.order, papers=[Paper("后补的证件")], by=staff(by)))

    @rule()
    def withdraw(self) -> None:
        self._try(lambda: actions.withdraw(order=self.order))

    @invariant()
    def each_is_in_one_hand_and_none_is_lost(self) -> None:
        if not hasattr(self, "order"):
            return
        for row in originals.of(self.order):
            accepted = [move for move in row.handovers.all() if move.accepted_at]
            assert accepted[0].giver is None, "it came from the resident"
            for one, other in itertools.pairwise(accepted):
                assert other.giver_id == one.taker_id, "nobody hands on what another holds"
            assert sum(offer_of(row) == move for move in row.handovers.all()) <= 1
        assert Handover.objects.filter(original__order=self.order).count() >= self.order.originals.count()
        assert list(check_orders(fresh(self.order).town)) == []


def test_no_original_is_ever_in_two_hands_or_in_none(town):
    station_of(town)
    Ways.town = town
    run_state_machine_as_test(Ways, settings=settings(max_examples=12, stateful_step_count=16, deadline=None))
