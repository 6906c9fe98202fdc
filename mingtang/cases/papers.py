"""The papers of a case: number and data are frozen here; how paper is made is the press's affair.

Each function below gives the data of one paper as plain JSON, with ISO dates in the town's time.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from mingtang.cases import permits
from mingtang.cases.enums import Channel, MaterialState, Outcome, Paper
from mingtang.cases.models import Case, CaseDocument, Clock, Permit, SupplementNotice
from mingtang.cases.remedies import remedies
from mingtang.events.log import Actor, record
from mingtang.ledger import service as ledger
from mingtang.lib.canonical import canonical_json, sha256_hex
from mingtang.lib.money import capital_yuan, format_yuan
from mingtang.lib.text import chinese_date
from mingtang.money.models import Notice
from mingtang.people.models import Post
from mingtang.rulebook import disclosed, fees, situations
from mingtang.rulebook.enums import SilenceRule

LETTERS = {
    Paper.RECEIPT: "收",
    Paper.ACCEPTANCE: "受",
    Paper.SUPPLEMENT: "补",
    Paper.NOT_ACCEPTED: "不受",
    Paper.PAYMENT: "缴",
    Paper.GRANT: "准",
    Paper.REFUSAL: "不准",
    Paper.SERVICE_RECORD: "送",
    Paper.SPECIAL: "特",
    Paper.EXTENSION: "延",
    Paper.NOT_REQUIRED: "不需",
    Paper.PASSED_ON: "转",
    Paper.WITHDRAWAL: "撤",
    Paper.CORRECTED: "纠",
    Paper.CLERICAL: "更",
    Paper.REMINDER: "催",
    Paper.LAPSED: "弃",
    Paper.PARTY: "利",
    Paper.HEARING: "听",
    Paper.PERMIT_ASKED: "证收",
    Paper.PERMIT_CHANGED: "证变",
    Paper.PERMIT_RENEWED: "证延",
    Paper.PERMIT_KEPT: "证不",
    Paper.PERMIT_WARNED: "证告",
    Paper.PERMIT_WITHDRAWN: "证回",
    Paper.PERMIT_REVOKED: "证撤",
    Paper.PERMIT_CANCELLED: "证销",
    Paper.PERMIT_REISSUED: "证补",
    Paper.SENT_UP: "报",
    Paper.RESULT_ABOVE: "上",
    Paper.REBASED: "法",
}
INTAKE_BASIS = "《中华人民共和国行政许可法》第三十二条"


def _day(moment: datetime) -> str:
    return timezone.localdate(moment).isoformat()


def _moment(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def _letterhead(case: Case) -> dict[str, Any]:
    """What stands on every paper of a case, the last signed checkpoint's words included."""
    spec, town = case.version.spec, case.town
    data: dict[str, Any] = {
        "organ": spec.holder,
        "demo": town.is_demo,
        "case_number": case.number,
        "applicant": case.applicant["organisation"] or case.applicant["name"],
        "item_name": spec.name,
        "item_code": case.item.code,
        "handler": _handler(case),
        "consult_phone": spec.phone,
        "complaint_phone": spec.complaint_phone,
    }
    if case.acting and not case.acting.lapsed(timezone.localdate()):
        data["agent"] = case.acting.shown
    if checkpoint := ledger.latest(town):
        data["checkpoint"] = {
            "origin": checkpoint.origin,
            "size": checkpoint.size,
            "words": ledger.words_of(checkpoint.root).split(),
        }
    return data


def _handler(case: Case) -> str:
    """The window, or the post that takes in what came online. Papers name posts, not persons."""
    if case.window:
        return str(case.window)
    post = Post.objects.filter(town=case.town, code=case.version.spec.window_post).select_related("unit").first()
    return str(post) if post else case.version.spec.place


def _limits(case: Case, expected: date | None, provisional: bool = False) -> dict[str, Any]:
    spec = case.version.spec
    data: dict[str, Any] = {
        "promised_limit": f"{spec.promised_days}个工作日" if spec.promised_days else "当场办结",
        "statutory_limit": "法律没有规定" if spec.statutory_days is None else f"{spec.statutory_days}个工作日",
    }
    if expected:
        data |= {"expected_on": expected.isoformat(), "provisional": provisional}
    return data


def _basis(case: Case) -> str:
    return "、".join(f"《{row.law}》{row.article}" for row in case.version.spec.basis)


def adverse(case: Case, decided_at: datetime) -> list[str]:
    """The remedies of an adverse paper; none is issued without them."""
    county = case.town.parent.name if case.town.parent else "上一级"
    return [remedies(county=county, decided_on=timezone.localdate(decided_at)).sentence]


def _materials(case: Case, *states: str) -> list[dict[str, Any]]:
    spec = case.version.spec
    rows = []
    for row in case.materials.filter(state__in=states):
        material = spec.material(row.material_key)
        rows.append({"name": material.name, "form": material.form, "copies": material.copies, "note": row.state_title})
    return rows


def charges(bill: fees.Bill) -> dict[str, Any]:
    """A bill as it is frozen: with the names of ``fees.Bill``, sums in fen; ``said`` is what paper prints."""
    lines = [
        {
            "fee": {name: getattr(line.fee, name) for name in ("code", "name", "basis", "receipt")},
            "working": line.working,
            "amount": line.amount,
        }
        for line in bill.lines
    ]
    return {"lines": lines, "total": bill.total, "said": format_yuan(bill.total) if lines else "不收费"}


def billed(case: Case) -> dict[str, Any] | None:
    """The bill of the day on which the case was handed in, as its receipt froze it; None before there were bills."""
    return case.documents.get(kind=Paper.RECEIPT).data.get("charges")


def _answers(case: Case) -> list[dict[str, str]]:
    """In words for people, with the codes by which they are proved to be those of the case."""
    words = situations.words(case.version.spec, case.answers)
    return [
        {"key": key, "value": str(value), "question": question, "answer": said}
        for (key, value), (question, said) in zip(case.answers.items(), words, strict=True)
    ]


def receipt(case: Case, code: str, expected: str, at: datetime, recorded: datetime) -> dict[str, Any]:
    """What came in and what not, what was pledged, answered and told, what it costs by the fees of that day.
    ``expected`` says what comes next and by when. Both times where it was entered after it was handed in."""
    spec = case.version.spec
    missing = _materials(case, MaterialState.MISSING, MaterialState.TO_BRING)
    data = {
        **_limits(case, None),
        "code": code,
        "received_at": _moment(at),
        "channel": case.get_channel_display(),
        "materials": _materials(case, MaterialState.RECEIVED, MaterialState.FETCHED),
        "outstanding": [row["name"] for row in missing],
        "answers": _answers(case),
        "told": list(case.selected.bars),
        "charges": charges(fees.bill(spec, case.answers, timezone.localdate(at))),
        "expected_note": expected,
    }
    if pledged := pledges(case):
        data["pledges"] = pledged
    if case.channel == Channel.OFFICE:
        data["opened"] = spec.ex_officio
    if recorded != at:
        data["recorded_at"] = _moment(recorded)
    if disclosed_how := disclosed.sentence(spec.publication):
        data["expected_note"] += f"准予以后，结果{disclosed_how}。"
    if spec.silence_rule != SilenceRule.NONE:
        data["silence_note"] = SilenceRule(spec.silence_rule).label + "。"
    return data


def brought(case: Case) -> list[str]:
    """The names of the papers in the file of the case."""
    return [row["name"] for row in _materials(case, MaterialState.RECEIVED, MaterialState.FETCHED)]


def pledges(case: Case) -> list[str]:
    """What the applicant signs in the place of papers, one sentence each (告知承诺)."""
    rows = case.materials.filter(state=MaterialState.PLEDGED)
    found = [case.version.spec.material(key) for key in rows.values_list("material_key", flat=True)]
    return [f"{material.name}：{material.pledge}" for material in found]


def acceptance(case: Case, promise: Clock, since: datetime, *, silence: bool, conditions: list[str]) -> dict[str, Any]:
    """``conditions``: what follows and by when, one sentence each."""
    data = {
        **_limits(case, promise.due_on, promise.provisional),
        "received_on": _day(case.submitted_at),
        "accepted_on": _day(since),
        "basis": INTAKE_BASIS,
        "materials": _materials(case, MaterialState.RECEIVED, MaterialState.FETCHED),
    }
    if conditions:
        data["conditions"] = conditions
    if silence:
        data["silence"] = case.version.spec.silence_rule
    return data


def supplement(case: Case, demands: Mapping[str, str], notice: SupplementNotice) -> dict[str, Any]:
    """All that is missing, once; and where the item's own law sets a period, what its end would mean."""
    spec = case.version.spec
    held = {row.material_key: row.state for row in case.materials.all()}
    missing = []
    for key, text in demands.items():
        material = spec.material(key)
        problem = "已收到，但不符合要求" if held.get(key) == MaterialState.RECEIVED else "还没有收到"
        missing.append({"name": material.name, "problem": problem, "mend": text, "basis": material.basis})
    data = {
        "received_on": _day(case.submitted_at),
        "basis": INTAKE_BASIS,
        "missing": missing,
        "submit_to": f"{spec.place}，或者在网上凭编号和查询码补交",
    }
    if notice.reply_by:
        data["reply_by"] = notice.reply_by.isoformat()
        data["lapse_note"] = (
            f"到期没有补齐，也没有说明理由的，依据{notice.lapse_basis}，可以视为放弃申请。放弃以前会再书面提醒您；"
            "以后可以重新申请。"
        )
    return data


def not_accepted(
    case: Case, lacking: list[str], reasons: str, at: datetime, competent_organ: str = ""
) -> dict[str, Any]:
    """For what the one notice listed and still lacks; or because the matter is ``competent_organ``'s."""
    why = f"告知补正后仍然缺少：{'、'.join(lacking)}。" if lacking else "申请事项依法不属于本机关职权范围。"
    data = {
        "received_on": _day(case.submitted_at),
        "basis": INTAKE_BASIS,
        "reasons": [why, reasons],
        "remedies": adverse(case, at),
    }
    return data | ({"competent_organ": competent_organ} if competent_organ else {})


def grant(case: Case, outcome: str, reasons: str, at: datetime, kept: Sequence[Permit] = ()) -> dict[str, Any]:
    """What is granted, and in part: why not the rest, with the remedies for it; ``kept``: the permits that stay."""
    spec = case.version.spec
    partly = outcome == Outcome.PARTLY
    decision = [f"准予您申请的“{spec.name}”。" if not partly else f"部分准予您申请的“{spec.name}”。"]
    if reasons:
        decision.append(("不予准许的部分及理由：" if partly else "") + reasons)
    if kept:
        decision.append("原来发的证照继续有效，不另发新证照。")
    decision += _heard(case)
    today = timezone.localdate(at)
    data = {
        "accepted_on": _day(case.accepted_at),
        "basis": _basis(case),
        "decision": decision,
        "results": [_kept(permit) for permit in kept]
        or [_given(case, number, today) for number in range(1, len(spec.results) + 1)],
    }
    if partly:
        data["remedies"] = adverse(case, at)
    return data


def _given(case: Case, number: int, today: date) -> dict[str, str]:
    """One result as the grant names it; a 证照 or 批文 with its number and days, by which it lives on."""
    result = case.version.spec.results[number - 1]
    if result.kind not in permits.PAPERS:
        return {"name": result.name}
    _, paper = next_number(case, Paper.GRANT)
    return {"name": result.name, "number": f"{paper}-{number}", **permits.days_of(result, today)}


def _kept(permit: Permit) -> dict[str, str]:
    return {"name": permit.given.name, "number": permit.number} | permits.dated(permit.valid_from, permit.valid_to)


def refusal(case: Case, reasons: str, at: datetime) -> dict[str, Any]:
    return {
        "accepted_on": _day(case.accepted_at),
        "basis": _basis(case),
        "reasons": [reasons, *_heard(case)],
        "remedies": adverse(case, at),
    }


def _heard(case: Case) -> list[str]:
    """A hearing that was held binds the decision, which says so (许可法 48)."""
    return [
        f"本机关于{chinese_date(row.held_on)}举行听证，本决定根据听证笔录作出。"
        for row in case.hearings.filter(recorded_at__isnull=False)
    ]


def payment(case: Case, notice: Notice, bill: fees.Bill) -> dict[str, Any]:
    """What is asked, how it comes about, into which account it is paid."""
    account = notice.account
    data = {
        "payment_number": notice.number,
        "charges": charges(bill),
        "capital": capital_yuan(notice.total),
        "due_on": notice.due_on.isoformat(),
        "payee": account.payee,
        "bank": account.bank,
        "account": account.number,
    }
    return data | ({"pay_text": account.pay_text} if account.pay_text else {})


def service_record(case: Case, mode: str, receiver: str, at: datetime) -> dict[str, Any]:
    decisions = [Paper.GRANT, Paper.REFUSAL, Paper.RESULT_ABOVE]
    served = case.documents.filter(kind__in=decisions, created_at__gte=case.decided_at)
    return {
        "recipient": case.applicant["organisation"] or case.applicant["name"],
        "documents": [{"name": row.kind_title, "number": row.number, "copies": 1} for row in served],
        "mode": mode,
        "served_at": _moment(at),
        "receiver": receiver,
        "place": case.version.spec.place,
    }


def next_number(case: Case, kind: str) -> tuple[int, str]:
    """The serial of the next paper of this kind, and its number."""
    serial = case.documents.filter(kind=kind).count() + 1
    return serial, case.number if kind == Paper.RECEIPT else f"{case.number}-{LETTERS[Paper(kind)]}{serial}"


def freeze(
    case: Case,
    kind: str,
    data: dict[str, Any],
    *,
    type: str,
    by: Actor,
    at: datetime,
    happened_at: datetime | None = None,
    reason: str = "",
    facts: dict[str, Any] | None = None,
    payload: dict[str, Any] | None = None,
    place: str = "",
) -> CaseDocument:
    """Record the act's event and keep its paper, numbered and hashed, under the event.

    ``at`` is the moment of the act unless ``happened_at`` says that it was done earlier: the event bears it to the
    microsecond, so that the dates of the case are proved by it. The event carries the hash of the data; what opens the
    event is added when the paper is made.
    """
    serial, number = next_number(case, kind)
    data = {**_letterhead(case), **data, "number": number, "issued_on": _day(at)}
    digest = sha256_hex(canonical_json(data))
    event = record(
        town=case.town,
        type=type,
        subject=case.subject,
        by=by,
        happened_at=happened_at or at,
        place=place,
        reason=reason,
        data={"paper": kind, "number": serial, "sha256": digest, "flow": case.flow_sha256, **(facts or {})},
        payload=payload,
        payload_key=case.key if payload is not None else None,
    )
    return CaseDocument.objects.create(
        case=case, kind=kind, number=number, sealed=case.seal(data), sha256=digest, event=event, created_at=at
    )
