"""Telling the applicant of what happened to the case, by the way they chose; nobody else, and nobody who did not ask.

Queued by a listener after the event. What a person did or was handed at the window is not told once more.
"""

import json
import logging
from collections.abc import Mapping
from datetime import date, timedelta

from django.utils import timezone

from mingtang.cases.actions import kinds
from mingtang.cases.actions.intake import locked
from mingtang.cases.enums import CancelGround, Channel, ServeMode, TellBy
from mingtang.cases.models import Case
from mingtang.cases.wordings import CASE, LIMITS, MONEY, PERMIT, WORDS
from mingtang.events import follow
from mingtang.events.log import APPLICANT, iso, record
from mingtang.events.models import Event, Sequenced
from mingtang.hall.hours import hours_words
from mingtang.hall.models import Window
from mingtang.hall.opening import Opening
from mingtang.lib.errors import Refused
from mingtang.lib.money import format_yuan
from mingtang.lib.text import chinese_date
from mingtang.lib.tx import act
from mingtang.money.actions import kinds as money
from mingtang.money.models import Notice
from mingtang.notices import actions as notices
from mingtang.notices import transports, wording
from mingtang.notices.enums import Channel as Way
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_may
from mingtang.towns.models import Jurisdiction

log = logging.getLogger(__name__)
# What a node first sees later than this is no news: it was restored, or is new, and others have told of it.
NEWS = timedelta(days=3)
CASE_OF, PAYMENT = "case:", "payment:"


def _known_already(event: Event, case: Case) -> bool:
    """Whether the applicant did this, or stood there when it was done."""
    at_once = not case.version.spec.promised_days
    match event.type:
        case kinds.SUBMITTED:
            return case.channel == Channel.WINDOW
        case kinds.ACCEPTED | kinds.DECIDED:
            return at_once and case.channel == Channel.WINDOW
        case kinds.SERVED:
            return case.serve_mode == ServeMode.DIRECT
        case kinds.WITHDRAWN | money.CANCELLED:
            return event.actor == APPLICANT.code
        case kinds.PERMIT_ASKED:
            return event.actor != APPLICANT.code
    return False


def _nobody_left(event: Event) -> bool:
    """The permit is cancelled because its holder has died: the family is not written to in the name of the dead."""
    return event.type == kinds.PERMIT_CANCELLED and event.data["ground"] == CancelGround.DIED


def values(event: Event, case: Case) -> dict[str, str]:
    """What stands in the places. An item that is looked up by its code alone is not named: a telephone lies about."""
    spec, town = case.version.spec, case.town
    found = {
        "编号": case.number,
        "事项": "事项" if case.sealed else spec.name,
        "地点": str(case.window) if case.window else spec.place,
        "开放": hours(case),
        "网址": f"{town.base_url}/cases/",
        "电话": spec.phone or town.phone,
    }
    if event.type in LIMITS:
        clock = case.clocks.filter(kind=LIMITS[event.type]).order_by("pk").last()
        found["期限"] = chinese_date(clock.due_on) if clock else "期限"
    if event.type == kinds.SERVED:
        found["方式"] = ServeMode(event.data["mode"]).label
    if event.type in PERMIT:
        found |= _permit_values(event, case)
    if event.type in MONEY:
        found |= _money_values(event, case)
    return found


def hours(case: Case) -> str:
    """When the window of a case is open, else the one of the post that works its item; where to ask if none is kept."""
    post = case.version.spec.window_post
    window = case.window or Window.objects.filter(town=case.town, post__code=post).first()
    words = hours_words(Opening(case.town), window.site, window.post.code) if window else []
    return "；".join(words) or f"哪天开门请问{case.version.spec.phone or case.town.phone}"


def _permit_values(event: Event, case: Case) -> dict[str, str]:
    """The permit as it is after this event, and the day that the event set."""
    permit = case.permits.get(number=event.data["permit"])
    permit.case = case
    ends, due = event.data.get("valid_to") or permit.valid_to, event.data.get("due_on")
    return {
        "证照": "证照" if case.sealed else permit.given.name,
        "到期": chinese_date(date.fromisoformat(str(ends))) if ends else "长期",
        "期限": chinese_date(date.fromisoformat(due)) if due else "期限",
    }


def _money_values(event: Event, case: Case) -> dict[str, str]:
    """The notice that the event is about, and its sum; of a refund the sum that goes back."""
    number = event.data["payment"] if event.type == kinds.CHARGED else event.subject.removeprefix(PAYMENT)
    notice = Notice.objects.get(town=case.town, number=number)
    back = event.type in {money.REFUND_APPROVED, money.REFUND_DONE}
    return {
        "缴款号": notice.number,
        "金额": format_yuan(event.data["amount"] if back else notice.total),
        "期限": chinese_date(notice.due_on),
    }


def _tell_applicant(event: Event, case: Case) -> None:
    person: Mapping[str, str] = case.applicant
    tell_by = person.get("tell_by", TellBy.NO)
    text, is_told = wording.current(case.town, event.type)
    if tell_by == TellBy.NO or not is_told or _known_already(event, case) or _nobody_left(event):
        return
    title = wording.get(event.type).title
    told = wording.filled(text, values(event, case))
    notices.queue(
        town=case.town,
        subject=case.subject,
        kind=event.type,
        channel=tell_by,
        key=case.key,
        to={TellBy.SMS: person["phone"], TellBy.EMAIL: person.get("email", "")}.get(tell_by, person["address"]),
        name=person["organisation"] or person["name"],
        title=f"{case.town.name}：{title}（{case.number}）",
        text=wording.signed(case.town, told) if tell_by == TellBy.SMS else told,
        once=f"event:{event.pk}:applicant",
        owner_post=case.version.spec.window_post,
        letter_to=person["address"],
    )


def _push(event: Event, case: Case) -> None:
    """To another system, without a person's data; a sealed case is nobody's business, nor is money or a permit."""
    if case.sealed or event.type not in CASE or Way.WEBHOOK not in transports.configured():
        return
    said = {
        "type": event.type,
        "happened_at": iso(event.happened_at),
        "town": case.town.code,
        "case": case.number,
        "item": case.item.code,
        "url": f"{case.town.base_url}/cases/{case.number}.json",
    }
    notices.queue(
        town=case.town,
        subject=case.subject,
        kind=event.type,
        channel=Way.WEBHOOK,
        key=case.key,
        to="",
        name="",
        title="",
        text=json.dumps(said, ensure_ascii=False),
        once=f"event:{event.pk}:webhook",
        owner_post=case.version.spec.window_post,
    )


def chosen(case: Case) -> str:
    """How this applicant wants to be told; ``no`` also where the key of the case was destroyed."""
    try:
        return case.applicant.get("tell_by", TellBy.NO)
    except Refused:
        return TellBy.NO


def reaches(case: Case, code: str) -> bool:
    """Whether a message of this kind would be written to the applicant of the case."""
    return chosen(case) != TellBy.NO and wording.current(case.town, code)[1]


def stop(*, case: Case, by: Staff | None = None) -> Case:
    """The applicant takes the consent back, on the own page or at the window (个人信息保护法 15). Nothing is told from
    now on, nor is what waits to be sent; the case goes on as before."""
    if by is not None:
        check_may(by, Permission.NOTICE_SEND, case.town)
    with act():
        case = locked(case)
        person = case.applicant
        if person.get("tell_by", TellBy.NO) == TellBy.NO:
            raise Refused("这一件本来就不发通知。")
        case.applicant_sealed = case.seal({**person, "tell_by": TellBy.NO, "email": ""})
        case.save(update_fields=["applicant_sealed"])
        author = actor(by) if by else APPLICANT
        record(town=case.town, type=kinds.TELLING_STOPPED, subject=case.subject, by=author)
        notices.drop(town=case.town, subject=case.subject, by=author)
    return case


def tell(event: Event, case: Case) -> None:
    """Queue what this event tells; called again, nothing more."""
    with act():
        _push(event, case)
        try:
            _tell_applicant(event, case)
        except Refused as refusal:
            # The key was destroyed: there is nobody left to tell.
            log.info("event %s tells nobody: %s", event.pk, refusal)


def _numbers(town: Jurisdiction, events: list[Event]) -> dict[str, str]:
    """Subject → number of the case it is about; what pays no notice is about none."""
    found = {
        event.subject: event.subject.removeprefix(CASE_OF) for event in events if event.subject.startswith(CASE_OF)
    }
    paid = [event.subject.removeprefix(PAYMENT) for event in events if event.subject.startswith(PAYMENT)]
    rows = Notice.objects.filter(town=town, number__in=paid).values_list("number", "case_number")
    return found | {f"{PAYMENT}{number}": case for number, case in rows}


@follow.listener("notices")
def on_events(rows: list[Sequenced]) -> None:
    """Follow a town's events; rows may come twice."""
    since = timezone.now() - NEWS
    events = [row.event for row in rows if row.event.type in WORDS and row.event.recorded_at > since]
    if not events:
        return
    numbers = _numbers(events[0].town, events)
    found = Case.objects.filter(town=events[0].town, number__in=set(numbers.values()))
    related = found.select_related("town", "item", "version", "key", "window")
    cases = {case.number: case for case in related}
    for event in events:
        if event.subject in numbers:
            tell(event, cases[numbers[event.subject]])
