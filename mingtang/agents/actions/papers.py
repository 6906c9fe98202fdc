"""Originals change hands by themselves: to the other post of the order, or home, whatever the order's state."""

from collections.abc import Iterable

from mingtang.agents.actions.carrying import check_way, chosen, windows_for
from mingtang.agents.actions.kinds import locked, tell
from mingtang.agents.enums import Ending, Way
from mingtang.agents.models import Order, Original
from mingtang.agents.originals import Moves, holder, offer_of
from mingtang.agents.policies import check_powers, check_state
from mingtang.guard.clear import clear_text
from mingtang.hall.models import Window
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Post, Staff
from mingtang.people.policies import actor, posts_of

PICK = "请选是哪几份原件。"


def _begin(name: str, order: Order, papers: Iterable[Original], by: Staff) -> tuple[Order, list[Original]]:
    order = locked(order)
    check_powers(name, order.town_id, by)
    check_state(name, order)
    found = chosen(order, papers)
    if not found:
        raise Refused(PICK, field="papers")
    return order, found


def _mine(found: list[Original], by: Staff) -> Post:
    """The post of this person that holds the papers; raises ``Refused`` where another does."""
    mine = {post.pk: post for post in posts_of(by)}
    for row in found:
        last = holder(row).taker
        if last is None or last.pk not in mine:
            raise Refused(f"“{row.name}”现在在{last or '本人'}手里，不在您手里。请刷新再看。")
    return mine[holder(found[0]).taker_id]


def takers(order: Order, givers: Iterable[Post]) -> list[Post]:
    """To which other posts of the order an original can go: its agents, the windows."""
    agents = [row.post for row in Window.objects.filter(site=order.station_id).select_related("post__unit")]
    not_to = {post.pk for post in givers}
    return [row for row in dict.fromkeys([*agents, *windows_for(order)]) if row.pk not in not_to]


def offer_papers(*, order: Order, papers: Iterable[Original], to: Post, by: Staff) -> Order:
    """Hand originals on; until the other signs they are with whoever gives them."""
    with act():
        order, found = _begin("offer_papers", order, papers, by)
        giver = _mine(found, by)
        if to.pk not in {post.pk for post in takers(order, [giver])}:
            raise Refused("请选交给代办员，还是交给哪个窗口。", field="post")
        moves = Moves(order, by)
        moves.offer(found, giver, to)
        tell("offer_papers", order, actor(by), to=to.code, **moves.data())
    return order


def accept_papers(*, order: Order, papers: Iterable[Original], by: Staff) -> Order:
    """Sign for originals that are really there."""
    with act():
        order, found = _begin("accept_papers", order, papers, by)
        mine = {post.pk for post in posts_of(by)}
        for row in found:
            offer = offer_of(row)
            if offer is not None and offer.taker_id not in mine:
                raise Refused(f"“{row.name}”是交给{offer.taker}的，请由那里签收。")
        moves = Moves(order, by)
        moves.answer(found)
        tell("accept_papers", order, actor(by), **moves.data())
    return order


def refuse_papers(*, order: Order, papers: Iterable[Original], reason: str, by: Staff) -> Order:
    """Do not sign for originals, or take back what was offered: they are with whoever gave them, as before."""
    reason = clear_text(reason, "请写明为什么不签收，例如“没有收到”。", "reason", 100, town=by.town_id)
    with act():
        order, found = _begin("refuse_papers", order, papers, by)
        mine = {post.pk for post in posts_of(by)}
        for row in found:
            offer = offer_of(row)
            if offer is not None and mine.isdisjoint({offer.taker_id, offer.giver_id}):
                raise Refused(f"“{row.name}”是交给{offer.taker}的，请由那里办。")
        moves = Moves(order, by)
        moves.answer(found, reason)
        tell("refuse_papers", order, actor(by), reason=reason, **moves.data())
    return order


def settle_lost(
    *, order: Order, papers: Iterable[Original], ending: str, reason: str, way: str, by: Staff, code: str = ""
) -> Order:
    """了结丢失的原件: whoever answers for it says how it was made good, and the resident signs for that.

    What the house promised and missed stays counted as it is. To go without is signed on paper, never by the code.
    """
    if ending not in Ending.values:
        raise Refused("请选丢失的原件怎样了结。", field="ending")
    if ending == Ending.WAIVED and way != Way.SIGNED:
        raise Refused("本人不要了的，要在纸上签字，不能只报查询码。", field="way")
    reason = clear_text(reason, "请写明怎样丢的、怎样了结的。不要写姓名、号码。", "reason", 200, town=by.town_id)
    check_way(order, way, code)
    with act():
        order, found = _begin("settle_lost", order, papers, by)
        moves = Moves(order, by)
        moves.give_back(found, _mine(found, by), way, ending)
        tell("settle_lost", order, actor(by), reason=reason, way=way, **moves.data())
    return order


def return_papers(*, order: Order, papers: Iterable[Original], way: str, by: Staff, code: str = "") -> Order:
    """Originals go home, signed for by the resident: to the agent at the door, or at the window to whoever comes."""
    check_way(order, way, code)
    with act():
        order, found = _begin("return_papers", order, papers, by)
        moves = Moves(order, by)
        moves.give_back(found, _mine(found, by), way)
        tell("return_papers", order, actor(by), way=way, **moves.data())
    return order
