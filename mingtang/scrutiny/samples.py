"""One sampled statement: somebody without a part in it looks, the unit may answer, a second person publishes."""

from datetime import date
from typing import BinaryIO, NamedTuple

from django.utils import timezone

from mingtang.events import types, vault
from mingtang.events.log import Actor, record
from mingtang.files import actions as files
from mingtang.files.policies import MATERIALS
from mingtang.guard.clear import clear_text
from mingtang.lib.canonical import canonical_json, sha256_hex
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.oversight.actions import Terms, lay_down
from mingtang.oversight.enums import Source, Trigger
from mingtang.oversight.models import Duty
from mingtang.people.models import Post, Staff
from mingtang.people.policies import actor
from mingtang.scrutiny.enums import SampleState, Truth
from mingtang.scrutiny.models import Sample
from mingtang.scrutiny.policies import check, check_free
from mingtang.scrutiny.states import SAMPLE
from mingtang.workdays.tables import calendar_for

EVENTS = {
    "draw": types.define("sample.draw", "抽中一条"),
    "assign": types.define("sample.assign", "指定核对人"),
    "judge": types.define("sample.judge", "写核对结果"),
    "reply": types.define("sample.reply", "单位说明"),
    "send_back": types.define("sample.send_back", "退回重新核对"),
    "show": types.define("sample.show", "公布抽查结果", public=True),
}
MEND = {Truth.DIFFERS: "改正", Truth.UNFOUNDED: "补上依据，或者改正"}
PURPOSE = "sample"


class Scan(NamedTuple):
    """A picture of the record that was seen."""

    name: str
    stream: BinaryIO


def facts(row: Sample) -> dict[str, str]:
    """What an event says of a sample: all that an act can change, the words as one hash."""
    return {
        "statement": row.about,
        "unit": row.unit.code,
        "state": row.state,
        "inspector": row.inspector.code if row.inspector else "",
        "verdict": row.verdict,
        "seen": row.seen_on.isoformat() if row.seen_on else "",
        "heard_until": row.heard_until.isoformat() if row.heard_until else "",
        "replied": row.replied_by.code if row.replied_by else "",
        "file": row.file.sha256 if row.file else "",
        "duty": row.duty.code if row.duty else "",
        "words": sha256_hex(canonical_json([row.kind, row.spot, row.text, row.record, row.found, row.reply])),
    }


def tell(name: str, row: Sample, by: Actor, *, reason: str = "") -> None:
    """One event of a sample, inside the caller's act. ``reason`` keeps words that a later act may write over."""
    record(town=row.town, type=EVENTS[name], subject=row.subject, by=by, reason=reason, data=facts(row))


def assign(*, sample: Sample, inspector: Staff, by: Staff) -> Sample:
    """Name who looks: nobody who belongs to the unit or had a hand in the statement."""
    with act():
        row = _locked(sample)
        check("assign", row, by)
        check_free(row, inspector)
        row.inspector = inspector
        return _saved("assign", row, by)


def judge(
    *, sample: Sample, verdict: str, record: str, found: str, seen_on: date, scan: Scan | None, by: Staff
) -> Sample:
    """What the source record says. The unit has the town's working days (``limits``) from now to answer.

    ``record`` names the record, ``scan`` is a picture of it: both stay inside. Raises ``Refused`` without a picture
    where a record was found, and for a day that has not come or lies before the draw.
    """
    if verdict not in Truth.values:
        raise Refused("请选择核对结果。", field="verdict")
    record = clear_text(record, "请写明看了哪一份原始记录，例如凭证的年月和编号。", "record", town=by.town_id)
    found = clear_text(found, "请写明原始记录怎么写，这句话会公开。", "found", town=by.town_id)
    with act():
        row = _locked(sample)
        check("judge", row, by)
        check_free(row, by)
        today = timezone.localdate()
        if not timezone.localdate(row.round.drawn_event.recorded_at) <= seen_on <= today:
            raise Refused("核对日期不能早于抽中的那天，也不能晚于今天。", field="seen_on")
        if scan is None and verdict != Truth.UNFOUNDED:
            raise Refused("请附上原始记录的照片或者扫描件，只有监督岗位和您看得到。", field="scan")
        row.key, row.file = None, None
        if scan is not None:
            row.key = vault.new_key(row.town)
            row.file = files.store(
                town=row.town, name=scan.name, stream=scan.stream, by=actor(by), purpose=PURPOSE, allowed=MATERIALS,
                seal_key=vault.key_bytes(row.key),
            )  # fmt: skip
        row.verdict, row.record, row.found, row.seen_on = verdict, record, found, seen_on
        row.heard_until = calendar_for(row.town).last_day(today, row.town.heard_days).day
        row.reply, row.replied_by, row.replied_at = "", None, None
        return _saved("judge", row, by, reason=found)


def reply(*, sample: Sample, text: str, by: Staff) -> Sample:
    """What the unit says to it, on or before its last day; shown with the result."""
    text = clear_text(text, "请写明单位的说明，这句话会和结果一起公开。", "text", town=by.town_id)
    with act():
        row = _locked(sample)
        check("reply", row, by)
        if row.heard_until < timezone.localdate():
            raise Refused(f"说明的期限到{row.heard_until:%Y年%m月%d日}为止，已经过了。")
        row.reply, row.replied_by, row.replied_at = text, by, timezone.now()
        return _saved("reply", row, by, reason=text)


def send_back(*, sample: Sample, reason: str, by: Staff) -> Sample:
    """What the unit says is worth a second look; what was found and answered stays in the events."""
    reason = clear_text(reason, "请写明要重新核对什么。", "reason", town=by.town_id)
    with act():
        row = _locked(sample)
        check("send_back", row, by)
        return _saved("send_back", row, by, reason=reason)


def waits_for_unit(sample: Sample, today: date) -> bool:
    """Whether the result must not be told yet: it is not a good one, the unit has not answered and still may."""
    return (
        sample.state == SampleState.JUDGED
        and sample.verdict != Truth.MATCHES
        and sample.heard_until is not None
        and today <= sample.heard_until
    )


def show(*, sample: Sample, owner: Post | None, due_on: date | None, by: Staff) -> Sample:
    """公布, by another than inspected. What does not match leaves a duty to mend: who, until when."""
    with act():
        row = _locked(sample)
        check("show", row, by)
        if waits_for_unit(row, timezone.localdate()):
            raise Refused(f"单位可以说明到{row.heard_until:%Y年%m月%d日}。收到说明，或者过了这一天，再公布。")
        if row.verdict != Truth.MATCHES:
            row.duty = _duty(row, owner, due_on, by)
        row.shown_by, row.shown_at = by, timezone.now()
        return _saved("show", row, by)


def _duty(row: Sample, owner: Post | None, due_on: date | None, by: Staff) -> Duty:
    if owner is None or due_on is None:
        raise Refused(
            "不相符、查不到依据的，要写明由哪个岗位改正、哪天以前改好。", field="owner" if owner is None else "due_on"
        )
    terms = Terms(
        name=f"{MEND[Truth(row.verdict)]}：{row.spot}"[:120],
        source=Source.SAMPLE,
        basis=f"真实性抽查 {row.round.number} 第 {row.place} 条",
        owner=owner,
        trigger=Trigger.ONCE,
        due_on=due_on,
    )
    return lay_down(town=row.town, code=f"sample-{row.number.lower()}", terms=terms, by=actor(by))


def _saved(name: str, row: Sample, by: Staff, *, reason: str = "") -> Sample:
    row.state = SAMPLE[name].target or row.state
    row.save()
    tell(name, row, actor(by), reason=reason)
    return row


def _locked(sample: Sample) -> Sample:
    Sample.objects.select_for_update().only("pk").get(pk=sample.pk)
    related = ("town", "round__drawn_event", "unit", "inspector", "replied_by", "file", "duty")
    return Sample.objects.select_related(*related).get(pk=sample.pk)
