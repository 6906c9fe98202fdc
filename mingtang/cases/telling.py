"""Telling the applicant of what happened to the case, by the way they chose; nobody else, and nobody who did not ask.

Queued by a listener after the event. What a person did or was handed at the window is not told once more.
"""

import json
import logging
from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from mingtang.cases.actions import kinds
from mingtang.cases.actions.intake import locked
from mingtang.cases.enums import Channel, ClockKind, ServeMode, TellBy
from mingtang.cases.models import Case
from mingtang.events import follow
from mingtang.events.log import APPLICANT, iso, record
from mingtang.events.models import Event, Sequenced
from mingtang.lib.errors import Refused
from mingtang.lib.text import chinese_date
from mingtang.lib.tx import act
from mingtang.notices import actions as notices
from mingtang.notices import transports, wording
from mingtang.notices.enums import Channel as Way
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_may

log = logging.getLogger(__name__)
# What a node first sees later than this is no news: it was restored, or is new, and others have told of it.
NEWS = timedelta(days=3)

PLACES = {
    "编号": "WY202600018K",
    "事项": "林木采伐许可",
    "地点": "便民服务中心3号窗口",
    "网址": "http://www.example.gov.cn/cases/",
    "电话": "0730-5550100",
}
DATED = {**PLACES, "期限": "2026年12月4日"}
# event type: the clock whose last day is told as 期限
LIMITS = {
    kinds.SUBMITTED: ClockKind.INTAKE,
    kinds.ACCEPTED: ClockKind.PROMISE,
    kinds.ACCEPTED_BY_SILENCE: ClockKind.PROMISE,
    kinds.EXTENDED: ClockKind.STATUTORY,
    kinds.SUSPENDED: ClockKind.PROMISE,
    kinds.RESUMED: ClockKind.PROMISE,
    kinds.OPENED: ClockKind.PROMISE,
    kinds.TAKEN_BACK: ClockKind.PROMISE,
}
WORDS = {
    kinds.SUBMITTED: "您申请的{事项}收到了，编号{编号}。{期限}前告诉您是否受理。凭编号到窗口或者{网址}查进度。",
    kinds.SUPPLEMENT: "您申请的{事项}（{编号}）要补材料。补什么、怎样补，告知书都写了：到{地点}拿，或者在{网址}看。",
    kinds.ACCEPTED: "您申请的{事项}（{编号}）已经受理，{期限}前办完。",
    kinds.ACCEPTED_BY_SILENCE: "您申请的{事项}（{编号}）我们没有按时答复，按规定视为受理，{期限}前办完。",
    kinds.NOT_ACCEPTED: "您申请的{事项}（{编号}）不予受理。理由和不服怎么办写在决定书上：到{地点}拿，或者在{网址}看。",
    kinds.NOT_REQUIRED: "您申请的{事项}（{编号}）不需要办理，原因写在告知书上：到{地点}拿，或者在{网址}看。",
    kinds.PASSED_ON: "您申请的{事项}（{编号}）转给有权办的单位了，转给谁写在告知书上：到{地点}拿，或者在{网址}看。",
    kinds.CHARGED: "您申请的{事项}（{编号}）要缴费。多少钱、缴到哪里，在{网址}看。窗口不收现金，不要转给个人。",
    kinds.DEFERRED_MISSED: "您申请的{事项}（{编号}）说好后补的材料已经到期，请尽快补到{地点}。有困难请打{电话}。",
    kinds.EXTENDED: "您申请的{事项}（{编号}）要延期，最迟{期限}办完。延期告知书写明了理由，可以在{网址}看。",
    kinds.SUSPENDED: "您申请的{事项}（{编号}）要走特别程序，这段时间依法不计，预计{期限}前办完，详情在{网址}看。",
    kinds.RESUMED: "您申请的{事项}（{编号}）恢复办理，{期限}前办完。",
    kinds.DELAY_EXPLAINED: "您申请的{事项}（{编号}）会晚，原因写在进度里，可以在{网址}看。急用请打{电话}。",
    kinds.OPENED: "您符合{事项}的条件，我们主动启动了，编号{编号}，{期限}前有结果，不用交材料。不愿意办的，打{电话}。",
    kinds.SENT_UP: "您申请的{事项}（{编号}）审查完了，已经报上级决定，结果由我们送给您。可以在{网址}看。",
    kinds.RESULT_ABOVE: "您申请的{事项}（{编号}）上级已经作出决定，请带身份证到{地点}领取。",
    kinds.TAKEN_BACK: "您申请的{事项}（{编号}）上级退回镇里再看，{期限}前重新报送，不用您再交材料。",
    kinds.REBASED: "您申请的{事项}（{编号}）有新的法律规定，要的材料有变动，写在告知书上：到{地点}拿，或者在{网址}看。",
    kinds.DECIDED: "您申请的{事项}（{编号}）已经作出决定，请带身份证到{地点}领取。",
    kinds.SERVED: "您申请的{事项}（{编号}）的决定书已经送达。没有收到的，请打{电话}。",
    kinds.CLERICAL: "您申请的{事项}（{编号}）的文书有一处写错，已经更正：到{地点}换，或者在{网址}看。意思没有变。",
    kinds.SELF_CORRECTED: "您申请的{事项}（{编号}）我们发现办错了，重新办理。怎么纠正的，在{网址}看，或者打{电话}。",
    kinds.WITHDRAWN: "您申请的{事项}（{编号}）已经撤回。不是您的意思的，请马上打{电话}。以后可以重新申请。",
}
for _code, _text in WORDS.items():
    wording.define(_code, _text, DATED if _code in LIMITS else PLACES)


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
        case kinds.WITHDRAWN:
            return event.actor == APPLICANT.code
    return False


def values(case: Case, code: str) -> dict[str, str]:
    """What stands in the places. An item that is looked up by its code alone is not named: a telephone lies about."""
    spec, town = case.version.spec, case.town
    found = {
        "编号": case.number,
        "事项": "事项" if case.sealed else spec.name,
        "地点": str(case.window) if case.window else spec.place,
        "网址": f"{town.base_url}/cases/",
        "电话": spec.phone or town.phone,
    }
    if code in LIMITS:
        clock = case.clocks.filter(kind=LIMITS[code]).order_by("pk").last()
        found["期限"] = chinese_date(clock.due_on) if clock else "期限"
    return found


def _tell_applicant(event: Event, case: Case) -> None:
    person: Mapping[str, str] = case.applicant
    tell_by = person.get("tell_by", TellBy.NO)
    text, is_told = wording.current(case.town, event.type)
    if tell_by == TellBy.NO or not is_told or _known_already(event, case):
        return
    title = wording.get(event.type).title
    told = wording.filled(text, values(case, event.type))
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
    """To another system, without a person's data; a sealed case is nobody's business."""
    if case.sealed or Way.WEBHOOK not in transports.configured():
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


@follow.listener("notices")
def on_events(rows: list[Sequenced]) -> None:
    """Follow a town's events; rows may come twice."""
    since = timezone.now() - NEWS
    events = [row.event for row in rows if row.event.type in WORDS and row.event.recorded_at > since]
    if not events:
        return
    numbers = {event.subject.removeprefix("case:") for event in events}
    found = Case.objects.filter(town=events[0].town, number__in=numbers)
    cases = {case.subject: case for case in found.select_related("town", "item", "version", "key", "window")}
    for event in events:
        tell(event, cases[event.subject])
