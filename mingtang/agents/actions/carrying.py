"""An order on its way: to the window, through it, and home again."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils import timezone

from mingtang.agents import numbers, originals
from mingtang.agents.actions.asking import consent, said
from mingtang.agents.actions.kinds import locked, step, tell
from mingtang.agents.enums import OrderState, Way
from mingtang.agents.models import Order, Original
from mingtang.agents.originals import Moves, Paper, held_by, holder, offer_of
from mingtang.agents.policies import check_can
from mingtang.agents.principals import Terms
from mingtang.agents.promises import ready_at
from mingtang.agents.states import SCOPE
from mingtang.cases import actions as cases
from mingtang.cases.actions.intake import Received, Submission
from mingtang.cases.applicants import Applicant
from mingtang.cases.enums import Outcome
from mingtang.events.models import PayloadKey
from mingtang.guard.clear import clear_text
from mingtang.hall import counter
from mingtang.hall.enums import ContactState
from mingtang.hall.models import Errand, Window
from mingtang.lib.errors import Refused
from mingtang.lib.text import chinese_date
from mingtang.lib.tx import act
from mingtang.people.models import Post, Staff
from mingtang.people.policies import actor
from mingtang.rulebook import in_person
from mingtang.rulebook.models import Version

CARRIED = "代办员把这件事交到窗口"
NOT_THERE = "没有收到这份原件"


def check_consent(order: Order, what: str) -> None:
    """Raise ``Refused`` unless the resident lets the agent do this, today."""
    last = order.consents.last()
    if last is None or not getattr(last, what):
        raise Refused(f"委托人没有委托{SCOPE[what]}。请先请委托人重新签委托，或者请本人自己办。")
    if last.until < timezone.localdate():
        raise Refused(f"委托到{chinese_date(last.until)}就过期了。请先请委托人重新签委托。")


def renew(*, order: Order, terms: Terms, by: Staff, code: str = "") -> Order:
    """The resident consents anew: another scope, a longer term."""
    if terms.way == Way.CODE:
        numbers.check_code(order, code)
    with act():
        order = locked(order)
        check_can("renew", order, by)
        consent(order, terms, by)
        tell("renew", order, actor(by), **said(terms))
    return order


def entrust(*, order: Order, papers: Sequence[Paper], by: Staff) -> Order:
    """The resident hands over more originals; once the case runs that is to answer a notice."""
    if not papers:
        raise Refused("请写明收了什么原件。", field="papers")
    with act():
        order = locked(order)
        post = check_can("entrust", order, by)
        check_consent(order, "hands_in" if order.state == OrderState.TAKEN else "answers")
        moves = Moves(order, by)
        moves.receive(originals.checked(papers, order.town_id), None, post)
        tell("entrust", order, actor(by), **moves.data())
    return order


def windows_for(order: Order) -> list[Post]:
    """The posts to which an order can be handed in: those of the windows outside its station."""
    rows = Window.objects.filter(town=order.town_id).exclude(site=order.station_id).select_related("post__unit")
    return list({row.post_id: row.post for row in rows.order_by("site__letter", "number")}.values())


def hand_in(*, order: Order, to: Post, papers: Iterable[Original], by: Staff) -> Order:
    """The agent hands the order to a window, with these originals; until the window accepts all of it stays as it was.

    The contact is handed over with it: who accepts is responsible for its errands from then on.
    """
    with act():
        order = locked(order)
        post = check_can("hand_in", order, by)
        check_consent(order, "hands_in")
        if to.pk not in {row.pk for row in windows_for(order)}:
            raise Refused("请选一个窗口。", field="post")
        moves = Moves(order, by)
        moves.offer(chosen(order, papers), post, to)
        if order.contact is not None and order.contact.state == ContactState.OWNED:
            counter.offer(contact=order.contact, post=to, reason=CARRIED, by=by)
        order.window_post = to
        step(order, OrderState.HANDING_IN, moves.at)
        tell("hand_in", order, actor(by), to=to.code, **moves.data())
    return order


def chosen(order: Order, papers: Iterable[Original]) -> list[Original]:
    """These originals, read again under the lock; one of another order is refused."""
    wanted = {paper.pk for paper in papers}
    found = [row for row in originals.of(order) if row.pk in wanted]
    if len(found) != len(wanted):
        raise Refused("有一份原件不是这张代办单上的。请刷新再选。", field="papers")
    return found


def _waiting(order: Order, post: Post) -> list[Original]:
    return [row for row in originals.of(order) if (offer := offer_of(row)) and offer.taker_id == post.pk]


def receive(*, order: Order, papers: Iterable[Original], by: Staff) -> Order:
    """The window accepts the bundle: the order, its contact and the originals that are really there. What of the
    offered is not there is refused and stays with the agent.
    """
    with act():
        order = locked(order)
        post = check_can("receive", order, by)
        there, moves = {paper.pk for paper in papers}, Moves(order, by)
        offered = _waiting(order, post)
        moves.answer([row for row in offered if row.pk in there])
        moves.answer([row for row in offered if row.pk not in there], NOT_THERE)
        if order.contact is not None and order.contact.state == ContactState.HANDING_OVER:
            counter.take_over(contact=order.contact, by=by)
        step(order, OrderState.HANDED_IN, moves.at)
        tell("receive", order, actor(by), **moves.data())
    return order


def send_back(*, order: Order, reason: str, by: Staff) -> Order:
    """The window does not take the bundle, and says why; everything stays with the agent."""
    return _undo(
        "send_back",
        order,
        clear_text(reason, "请写明为什么退回，委托人看得到这句话。", "reason", 100, town=by.town_id),
        by,
    )


def take_back(*, order: Order, by: Staff) -> Order:
    """The agent takes back what the window has not accepted yet."""
    return _undo("take_back", order, "代办员取回", by)


def _undo(name: str, order: Order, reason: str, by: Staff) -> Order:
    with act():
        order = locked(order)
        check_can(name, order, by)
        assert order.window_post is not None
        moves = Moves(order, by)
        moves.answer(_waiting(order, order.window_post), reason)
        if order.contact is not None and order.contact.state == ContactState.HANDING_OVER:
            counter.decline(contact=order.contact, reason=reason, by=by)
        order.window_post = None
        step(order, OrderState.TAKEN, moves.at)
        tell(name, order, actor(by), reason=reason, **moves.data())
    return order


def submit(
    *,
    order: Order,
    errand: Errand,
    version: Version,
    applicant: Applicant,
    answers: Mapping[str, object],
    received: Received,
    submission: str,
    key: PayloadKey,
    by: Staff,
    told: bool = False,
    sure: bool = False,
) -> Submission:
    """The application of one errand is taken in, at the window that accepted the order or by the agent at the station.

    As ``cases.actions.submit``; the resident-days begin when the order was asked for.
    """
    with act():
        order = locked(order)
        if errand.contact_id != order.contact_id:
            raise Refused("这件事不是这张代办单上的。请回到代办单，从那件事点“收件”。")
        if why := in_person.refuses(version.spec, "apply"):
            raise Refused(why)
        made = cases.submit(
            version=version,
            applicant=applicant,
            answers=answers,
            received=received,
            submission=submission,
            key=key,
            by=by,
            errand=errand,
            told=told,
            sure=sure,
            contact_at=order.asked_at,
        )
        if not made.repeated:
            check_can("submit", order, by)
            check_consent(order, "hands_in")
            order.contact.refresh_from_db()  # the last errand may have ended it
            if order.state != OrderState.HANDED_IN:
                step(order, OrderState.HANDED_IN, timezone.now())
            tell("submit", order, actor(by), case=made.case.number)
    return made


def collect(*, order: Order, results: Sequence[Paper], by: Staff) -> Order:
    """The agent fetches the results: each paper of them is an original on its way to the resident from here on."""
    with act():
        order = locked(order)
        post = check_can("collect", order, by)
        check_consent(order, "collects")
        if ready_at(order) is None:
            raise Refused("还有没办完的，结果还没有出来。办完以后再来领。")
        for case in order.cases.select_related("version"):
            if case.outcome != Outcome.REFUSED and (why := in_person.refuses(case.version.spec, "collect")):
                raise Refused(why)
        moves = Moves(order, by)
        if results:
            moves.receive(originals.checked(results, order.town_id), _giver(order, post), post, result=True)
        step(order, OrderState.COLLECTED, moves.at)
        tell("collect", order, actor(by), **moves.data())
    return order


def _giver(order: Order, post: Post) -> Post:
    """Who hands the results over: the window that took the application in, or the post that decided."""
    rows = order.cases.select_related("window__post__unit", "delegation__post__unit")
    posts = [case.window.post for case in rows if case.window]
    posts += [case.delegation.post for case in rows if case.delegation]
    found = next((row for row in posts if row.pk != post.pk), None)
    if found is None:
        raise Refused("结果是您自己的岗位出的，不用登记领取。", field="papers")
    return found


def deliver(*, order: Order, way: str, by: Staff, code: str = "") -> Order:
    """Everything goes home: results and originals, acknowledged by the resident. Refused while a paper is elsewhere."""
    check_way(order, way, code)
    with act():
        order = locked(order)
        post = check_can("deliver", order, by)
        for row in originals.of(order):
            last = holder(row).taker
            if last is not None and (last.pk != post.pk or offer_of(row)):
                raise Refused(f"“{row.name}”还在{last}，没有回到您手里。先取回来，一次送齐。")
        moves = Moves(order, by)
        moves.give_back(held_by(order, post), post, way)
        step(order, OrderState.DELIVERED, moves.at)
        tell("deliver", order, actor(by), way=way, **moves.data())
    return order


def check_way(order: Order, way: str, code: str) -> None:
    if way not in Way.values:
        raise Refused("请选本人是在代办单上签字，还是报查询码。", field="way")
    if way == Way.CODE:
        numbers.check_code(order, code)
