"""What `mingtang verify` recomputes of this room: the frozen data of every paper, and every case from its events."""

from collections.abc import Callable, Iterator
from functools import partial
from operator import attrgetter
from typing import Any

from mingtang.cases.actions import kinds
from mingtang.cases.enums import CaseState, Paper
from mingtang.cases.models import (
    Archive,
    Authority,
    Case,
    CaseDocument,
    Deferral,
    Delay,
    Extension,
    Hearing,
    LateEntry,
    Outage,
    Party,
    Pause,
    PermitAsk,
    PermitEntry,
    PermitWarning,
    Pledge,
    Recusal,
    Ruling,
    SendUp,
)
from mingtang.cases.proved_grants import check_grants
from mingtang.cases.proved_notices import check_notice
from mingtang.cases.proved_payouts import check_payouts
from mingtang.cases.proved_permits import LEAVES_PERMIT, check_permits
from mingtang.cases.proved_reopened import check_reopenings
from mingtang.events.log import iso
from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, frozen, readable, told
from mingtang.lib.canonical import canonical_json, sha256_hex
from mingtang.lib.errors import Refused
from mingtang.towns.models import Jurisdiction

BATCH = 500


def check_papers(events: list[Event]) -> Iterator[Finding]:
    """A paper whose key was destroyed by law cannot be opened: its event still proves it, and nothing is found."""
    papers = {
        row.event_id: row
        for row in CaseDocument.objects.filter(event__in=[event.pk for event in events]).select_related("case__key")
    }
    for event in events:
        paper = papers.get(event.pk)
        if paper is None:
            if "paper" in event.data:
                yield Finding("cases_casedocument", event.subject, "事件里的文书不见了")
            continue
        if paper.sha256 != event.data["sha256"] or paper.kind != event.data["paper"]:
            yield Finding("cases_casedocument", paper.pk, f"文书 {paper.number} 的种类或者散列值和制作时不一样")
        if paper.case.key.wrapped is None:
            continue
        try:
            same = sha256_hex(canonical_json(paper.data)) == event.data["sha256"]
        except Refused:
            same = False
        if not same:
            yield Finding("cases_casedocument", paper.pk, f"文书 {paper.number} 的内容和制作时不一样")
        elif paper.kind == Paper.RECEIPT and not _answered(paper):
            yield Finding("cases_case", paper.case_id, f"办件 {paper.number} 的情形回答和收件凭证上的不一样")


def _answered(receipt: CaseDocument) -> bool:
    """Whether the case still holds the answers that its receipt names."""
    try:
        held = receipt.case.answers
    except Refused:
        return False
    return {row["key"]: row["value"] for row in receipt.data.get("answers", [])} == {
        key: str(value) for key, value in held.items()
    }


# The rows that one event made, and that say the same as its data.
TELLS: dict[str, tuple[type[Any], ...]] = {
    kinds.SUSPENDED: (Pause,),
    kinds.EXTENDED: (Extension,),
    kinds.DELAY_EXPLAINED: (Delay,),
    kinds.DEFERRED: (Deferral,),
    kinds.RECUSED: (Recusal,),
    kinds.AUTHORITY: (Authority,),
    kinds.RULED: (Ruling,),
    kinds.ARCHIVED: (Archive,),
    kinds.PLEDGED: (Pledge,),
    kinds.SENT_UP: (SendUp,),
    kinds.PARTY_TOLD: (Party,),
    kinds.HEARING: (Pause, Hearing),
    **dict.fromkeys(LEAVES_PERMIT, (PermitEntry,)),
    kinds.PERMIT_ASKED: (PermitAsk,),
    kinds.PERMIT_WARNED: (PermitWarning,),
    kinds.ENTERED_LATE: (LateEntry,),
    kinds.OUTAGE: (Outage,),
}


def check_rows(events: list[Event]) -> Iterator[Finding]:
    """A pause, an extension, a reason, a recusal: as its event told it."""
    for type, model in [(type, model) for type, models in TELLS.items() for model in models]:
        wanted = [event for event in events if event.type == type]
        rows = {row.event_id: row for row in model.objects.filter(event__in=[event.pk for event in wanted])}
        table, title = model._meta.db_table, model._meta.verbose_name
        for event in wanted:
            row = rows.get(event.pk)
            if row is None:
                yield Finding(table, event.subject, f"事件里的{title}不见了")
            elif any(event.data.get(name) != value for name, value in row.told().items()):
                yield Finding(table, row.pk, f"{title}和事件里记的不一样")


def _begun(event: Event) -> dict[str, Any]:
    return {
        "item": event.data["item"],
        "version": event.data["version"],
        "flow_sha256": event.data["flow"],
        "channel": event.data["channel"],
        "contact_at": event.data["contact_at"],
        "submitted_at": event.happened_at,
        "counted_from": event.happened_at,
    }


# What each act leaves on the case; an act that is not here changes none of these columns.
LEAVES: dict[str, Callable[[Event], dict[str, Any]]] = {
    kinds.SUBMITTED: lambda event: {**_begun(event), "state": CaseState.SUBMITTED},
    kinds.OPENED: lambda event: {**_begun(event), "state": CaseState.ACCEPTED, "accepted_at": event.happened_at},
    kinds.SUPPLEMENT: lambda event: {"state": CaseState.SUPPLEMENT_DUE},
    kinds.SUPPLY_COMPLETE: lambda event: {"state": CaseState.SUBMITTED, "counted_from": event.happened_at},
    kinds.ACCEPTED: lambda event: {"state": CaseState.ACCEPTED, "accepted_at": event.happened_at},
    kinds.ACCEPTED_BY_SILENCE: lambda event: {"state": CaseState.ACCEPTED, "accepted_by_silence": True},
    kinds.NOT_REQUIRED: lambda event: {"state": CaseState.NOT_REQUIRED, "ended_at": event.happened_at},
    kinds.LAPSED: lambda event: {"state": CaseState.LAPSED, "ended_at": event.happened_at},
    kinds.PASSED_ON: lambda event: {"state": CaseState.PASSED_ON, "ended_at": event.happened_at},
    kinds.NOT_ACCEPTED: lambda event: {"state": CaseState.NOT_ACCEPTED, "ended_at": event.happened_at},
    kinds.SELF_CORRECTED: lambda event: {
        **{name: value for name, value in NOT_YET.items() if name not in {"accepted_at", "accepted_by_silence"}},
        "state": CaseState.ACCEPTED,
        **({"accepted_at": event.happened_at} if event.data["accepted_anew"] else {}),
    },
    kinds.TAKEN_IN_AGAIN: lambda event: {
        "state": CaseState.SUBMITTED,
        "ended_at": None,
        "counted_from": event.happened_at,
    },
    kinds.SUSPENDED: lambda event: {"state": CaseState.SUSPENDED},
    kinds.HEARING: lambda event: {"state": CaseState.SUSPENDED},
    kinds.RESUMED: lambda event: {"state": CaseState.ACCEPTED},
    kinds.DECIDED: lambda event: {
        "state": CaseState.DECIDED,
        "decided_at": event.happened_at,
        "outcome": event.data["outcome"],
        "decided_by": event.actor,
        "delegation": event.data["delegation"],
    },
    kinds.SENT_UP: lambda event: {"state": CaseState.REPORTED_UP},
    kinds.TAKEN_BACK: lambda event: {"state": CaseState.ACCEPTED},
    kinds.RESULT_ABOVE: lambda event: {
        "state": CaseState.DECIDED,
        "decided_at": event.happened_at,
        "outcome": event.data["outcome"],
        "decided_by": event.actor,
        "superior_number": event.data["superior_number"],
    },
    kinds.SERVED: lambda event: {
        "state": CaseState.CLOSED,
        "ended_at": event.happened_at,
        "serve_mode": event.data["mode"],
    },
    kinds.WITHDRAWN: lambda event: {"state": CaseState.WITHDRAWN, "ended_at": event.happened_at},
}


# Each proved column, its name for people, and how the table holds it.
KEPT: dict[str, tuple[str, Callable[[Case], Any]]] = {
    "item": ("事项", attrgetter("item.code")),
    "version": ("版本", attrgetter("version.number")),
    "flow_sha256": ("流程", attrgetter("flow_sha256")),
    "channel": ("渠道", attrgetter("channel")),
    "state": ("状态", attrgetter("state")),
    "contact_at": ("首次接触", lambda case: iso(case.contact_at)),
    "submitted_at": ("收件时间", attrgetter("submitted_at")),
    "accepted_at": ("受理时间", attrgetter("accepted_at")),
    "accepted_by_silence": ("逾期视为受理", attrgetter("accepted_by_silence")),
    "decided_at": ("决定时间", attrgetter("decided_at")),
    "outcome": ("结果", attrgetter("outcome")),
    "decided_by": ("决定人", lambda case: case.decided_by.code if case.decided_by else ""),
    "delegation": ("授权书", lambda case: case.delegation.number if case.delegation else ""),
    "superior_number": ("上级决定文号", attrgetter("superior_number")),
    "ended_at": ("办结时间", attrgetter("ended_at")),
    "serve_mode": ("送达方式", attrgetter("serve_mode")),
}
NOT_YET = {
    "accepted_at": None,
    "accepted_by_silence": False,
    "decided_at": None,
    "outcome": "",
    "decided_by": "",
    "delegation": "",
    "superior_number": "",
    "ended_at": None,
    "serve_mode": "",
}


def _as_told(events: list[Event]) -> dict[str, Any]:
    """The case as its events leave it. Accepted by silence, it was accepted when its papers were in (许可法 32)."""
    case: dict[str, Any] = dict(NOT_YET)
    for event in events:
        if event.type in LEAVES:
            case |= LEAVES[event.type](event)
    counted_from = case.pop("counted_from")
    return case | {"accepted_at": counted_from} if case["accepted_by_silence"] else case


def check_authorities(town: Jurisdiction) -> Iterator[Finding]:
    """Whoever acts for an applicant is whom the last change of the authority named."""
    for row in Authority.objects.filter(case__town=town).select_related("case__key", "event__payload__key"):
        if row.case.key.wrapped is not None and not row.case.authorities.filter(pk__gt=row.pk).exists():
            yield from readable("cases_authority", row.pk, partial(_acts, row))


def _acts(row: Authority) -> Iterator[Finding]:
    if row.case.acting != row.acting:
        yield Finding("cases_authority", row.pk, f"办件 {row.case.number} 现在代申请人办的人和事件里记的不一样")


def check_cases(town: Jurisdiction) -> Iterator[Finding]:
    """Every case is what its events made of it: version, state, dates, decision, authority, the one notice."""
    rows = Case.objects.filter(town=town).select_related(
        "item", "version", "decided_by", "delegation", "notice__issued_by"
    )
    rows, last = rows.defer("applicant_sealed", "version__data", "version__bpmn").order_by("pk"), 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        events: dict[str, list[Event]] = {row.subject: [] for row in batch}
        for event in Event.objects.filter(town=town, subject__in=list(events)).order_by("pk"):
            events[event.subject].append(event)
        for row in batch:
            yield from readable("cases_case", row.pk, partial(_check, row, events[row.subject]))
            yield from readable("cases_supplementnotice", row.pk, partial(check_notice, row, events[row.subject]))


def _check(case: Case, events: list[Event]) -> Iterator[Finding]:
    if not events or events[0].type not in {kinds.SUBMITTED, kinds.OPENED}:
        yield Finding("cases_case", case.pk, f"办件 {case.number} 没有提交申请的事件")
        return
    expected = _as_told(events)
    differ = [title for name, (title, kept) in KEPT.items() if kept(case) != expected[name]]
    if differ:
        yield Finding("cases_case", case.pk, f"办件 {case.number} 的{'、'.join(differ)}和事件里记的不一样")


frozen(
    "办件文书",
    [
        kinds.SUBMITTED,
        kinds.OPENED,
        kinds.SENT_UP,
        kinds.RESULT_ABOVE,
        kinds.REBASED,
        kinds.SUPPLEMENT,
        kinds.ACCEPTED,
        kinds.ACCEPTED_BY_SILENCE,
        kinds.NOT_ACCEPTED,
        kinds.CHARGED,
        kinds.DECIDED,
        kinds.SERVED,
        kinds.SUSPENDED,
        kinds.EXTENDED,
        kinds.NOT_REQUIRED,
        kinds.PASSED_ON,
        kinds.WITHDRAWN,
        kinds.SELF_CORRECTED,
        kinds.TAKEN_IN_AGAIN,
        kinds.CLERICAL,
        kinds.REMINDED,
        kinds.LAPSED,
        kinds.PARTY_TOLD,
        kinds.HEARING,
        kinds.PERMIT_ASKED,
        kinds.PERMIT_KEPT,
        kinds.PERMIT_WARNED,
        *(type for type in LEAVES_PERMIT if type != kinds.PERMIT_ISSUED),
    ],
    check_papers,
)
frozen("办件的变动", TELLS, check_rows)
told("办件", check_cases)
told("委托变动", check_authorities)
told("重新办理", check_reopenings)
told("证照", check_permits)
told("结果公开", check_grants)
told("发放", check_payouts)
