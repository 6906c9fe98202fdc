"""An order ends without a result: the resident takes the mandate back, or it cannot be done."""

from django.utils import timezone

from mingtang.agents import originals
from mingtang.agents.actions.kinds import locked, step, tell
from mingtang.agents.enums import OrderState
from mingtang.agents.models import Order
from mingtang.agents.originals import Moves, offer_of
from mingtang.agents.policies import check_can, check_state
from mingtang.events.log import APPLICANT
from mingtang.guard.clear import clear_text
from mingtang.hall import counter, tickets
from mingtang.hall.enums import ErrandOutcome
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.people.policies import actor


def withdraw(*, order: Order, by: Staff | None = None) -> Order:
    """The mandate is taken back, by the resident with number and code or on their word by the agent: at any time, with
    no reason asked. What was taken in goes on as the resident's own case; the originals are to go home.
    """
    with act():
        order = locked(order)
        if by is None:
            check_state("withdraw", order)
        else:
            check_can("withdraw", order, by)
        moves = Moves(order, by)
        moves.answer([row for row in originals.of(order) if offer_of(row)], "委托收回了")
        if order.contact is not None and order.contact.ended_at is None:
            tickets.withdraw(contact=order.contact, by=by)
        step(order, OrderState.WITHDRAWN, moves.at)
        tell("withdraw", order, actor(by) if by else APPLICANT, **moves.data())
    return order


def not_possible(*, order: Order, note: str, by: Staff) -> Order:
    """It cannot be done as it stands. The one-time notice says all that is missing; it stands on each open errand."""
    note = clear_text(note, "请一次写全：为什么办不了，还差什么，怎样补。", "note", town=by.town_id)
    with act():
        order = locked(order)
        check_can("not_possible", order, by)
        assert order.contact is not None
        if order.cases.exists():
            raise Refused("已经收件的，由窗口在办件里一次性告知，不能在代办单上结束。")
        for errand in order.contact.errands.filter(outcome="").select_related("contact"):
            counter.settle(errand=errand, outcome=ErrandOutcome.NOTICE, note=note, by=by)
        step(order, OrderState.NOT_POSSIBLE, timezone.now(), note)
        tell("not_possible", order, actor(by), reason=note)
    return order
