"""看得懂吗: three questions about what was published, answered by whoever holds a slip; nobody says who they are.

A slip gives one answer. What is kept of it is that the slip is used, and the counts. These are told by groups of
``GROUP`` answers, in events and on pages: a number that moved by one would tell of one.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Max
from django.utils import timezone

from mingtang.cases import numbers
from mingtang.disclosure.enums import EditionState
from mingtang.disclosure.models import Edition
from mingtang.disclosure.said import said as words_of
from mingtang.events import types
from mingtang.events.log import APPLICANT, SYSTEM, record
from mingtang.events.models import Event
from mingtang.guard.clear import clear_text
from mingtang.lib.canonical import canonical_json, sha256_hex
from mingtang.lib.codes import letters, plain
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.oversight.actions import Terms, lay_down
from mingtang.oversight.enums import Source, Trigger
from mingtang.oversight.models import Duty
from mingtang.people.models import Post, Staff
from mingtang.people.policies import actor, held_by
from mingtang.scrutiny.models import ReadCheck, ReadSlip
from mingtang.scrutiny.states import READ_CLERKS, READ_KEEPERS, READ_MAKERS, READ_REVIEWERS
from mingtang.towns.models import Jurisdiction
from mingtang.workdays.tables import calendar_for

PROPOSED = types.define("readcheck.proposed", "看得懂吗，送审")
APPROVED = types.define("readcheck.approved", "看得懂吗，通过", public=True)
RETURNED = types.define("readcheck.returned", "看得懂吗，退回修改")
PRINTED = types.define("readcheck.printed", "打印答题纸条")
ANSWERED = types.define("readcheck.answered", "答了一张纸条")
COUNTED = types.define("readcheck.counted", "看得懂吗，公布结果", public=True)

QUESTIONS, FEWEST, MOST = 3, 2, 4
TEXT, OPTION, QUOTE, SHORTEST = 120, 60, 200, 4
# House rules: fewer answers would tell of one person; working days to rewrite; slips a document.
GROUP, REWRITE, MOST_SLIPS = 5, 20, 999
CODE_LENGTH = 8  # 39 bits, with a back-off
WRONG = "编号或者答题码不对，或者这张纸条已经用过。请对照纸条再输一次；输错几次以后，要过几分钟才能再试。"
ENDED = "这份文件已经有了新的一版，或者不再有效，这三道题不用再答了。谢谢您。"
NAME = re.compile(r"K(\d{3,6})(\d{3})")


@dataclass(frozen=True)
class Asked:
    """A question as somebody writes it; ``correct`` counts the options from 0, ``quote`` stands in the text."""

    text: str
    options: tuple[str, ...]
    correct: int
    quote: str


def percent(right: Sequence[int], people: int) -> int:
    """Of all answers the right ones, rounded half up."""
    whole = QUESTIONS * people
    return (200 * sum(right) + whole) // (2 * whole)


def hash_of(check: ReadCheck) -> str:
    """SHA-256, hex, of everything the second person read."""
    return sha256_hex(canonical_json(check.facts()))


def propose(*, edition: Edition, questions: Sequence[Asked], owner: Post, by: Staff) -> ReadCheck:
    """Send three questions about a published edition to the second person.

    Raises ``Refused`` for an edition that does not stand, one that is asked about already, a quote that the text does
    not have and what the guard stops.
    """
    town = edition.document.town
    _check_may(by, edition, READ_MAKERS, "出题")
    if edition.state != EditionState.PUBLISHED:
        raise Refused("只有已经公开、现行的文件才能出题。")
    if owner.town_id != town.pk:
        raise Refused("请选择本镇的岗位。", field="owner")
    clear_text(_duty_name(edition), "", "owner", 120, town=by.town_id)
    said = _squeezed(words_of(edition))
    check = ReadCheck(
        town=town, edition=edition, owner=owner, author=by, right=[0] * QUESTIONS, told_right=[0] * QUESTIONS,
        questions=[_cleared(town, place, one, said) for place, one in enumerate(questions)],
    )  # fmt: skip
    if len(check.questions) != QUESTIONS:
        raise Refused(f"请写满 {QUESTIONS} 道题。")
    with act():
        Jurisdiction.objects.select_for_update().only("pk").get(pk=town.pk)
        check.number = (ReadCheck.objects.filter(town=town).aggregate(last=Max("number"))["last"] or 0) + 1
        check.proposed_at = _tell(check, PROPOSED, by).recorded_at
        try:
            check.save()
        except IntegrityError as error:
            raise Refused("这一版已经出过题了。请到“看得懂吗”里看。") from error
    return check


def _cleared(town: Jurisdiction, place: int, one: Asked, said: str) -> dict[str, str | int | list[str]]:
    """A question as it is kept. Refusals name its fields: ``q0_text``, ``q0_o1``, ``q0_correct``, ``q0_quote``."""
    at = f"q{place}_"
    text = clear_text(one.text, f"请写第 {place + 1} 题问什么。", f"{at}text", TEXT, town=town.pk)
    options = [
        clear_text(option, "选项不能空着。", f"{at}o{number}", OPTION, town=town.pk)
        for number, option in enumerate(one.options)
    ]
    if not FEWEST <= len(options) <= MOST or len(set(options)) != len(options):
        raise Refused(f"第 {place + 1} 题请写 {FEWEST} 到 {MOST} 个不一样的选项。", field=f"{at}o0")
    if not 0 <= one.correct < len(options):
        raise Refused(f"请选第 {place + 1} 题哪一个对。", field=f"{at}correct")
    quote = " ".join(one.quote.split())
    if not SHORTEST <= len(quote) <= QUOTE:
        raise Refused(
            f"请从文件里抄一句能看出第 {place + 1} 题答案的话，{SHORTEST} 到 {QUOTE} 个字。", field=f"{at}quote"
        )
    if _squeezed(quote) not in said:
        raise Refused(f"文件里没有“{quote}”这句话。请从公开的原文里照抄，标点也要一样。", field=f"{at}quote")
    return {"text": text, "options": options, "correct": one.correct, "quote": quote}


def _squeezed(text: str) -> str:
    return "".join(text.split())


def approve(*, check: ReadCheck, by: Staff) -> ReadCheck:
    """By another than wrote them: slips may be printed from now on."""
    with act():
        row = _waiting(check, by)
        if row.edition.state != EditionState.PUBLISHED:
            raise Refused("送审以后文件有了新的一版，这些题问的是旧的。请退回。")
        row.reviewer, row.reviewed_at = by, _tell(row, APPROVED, by).recorded_at
        row.save(update_fields=["reviewer", "reviewed_at"])
    return row


def send_back(*, check: ReadCheck, reason: str, by: Staff) -> ReadCheck:
    """Return them for good, with a reason; others may be written."""
    reason = clear_text(reason, "请写明退回的理由，出题人要照着修改。", "reason", town=by.town_id)
    with act():
        row = _waiting(check, by)
        _tell(row, RETURNED, by, reason)
        row.reviewer, row.returned_reason = by, reason
        row.save(update_fields=["reviewer", "returned_reason"])
    return row


def _waiting(check: ReadCheck, by: Staff) -> ReadCheck:
    row = _locked(check.pk)
    _check_may(by, row.edition, READ_REVIEWERS, "审核题目")
    if not row.waits:
        raise Refused("这一份已经审核过。请刷新后再看。")
    if row.author_id == by.pk:
        raise Refused("自己出的题不能自己审核，请由另一个人办理。")
    return row


def print_slips(*, check: ReadCheck, count: int, by: Staff) -> list[ReadSlip]:
    """So many more slips, each with a code of its own."""
    with act():
        row = _locked(check.pk)
        _check_may(by, row.edition, READ_KEEPERS, "打印答题纸条")
        if not row.is_open:
            raise Refused("题目还没有通过，或者文件已经有了新的一版，不能打印纸条。")
        last = row.slips.count()
        if not 1 <= count <= MOST_SLIPS - last:
            raise Refused(f"一份文件最多 {MOST_SLIPS} 张纸条，还可以打 {MOST_SLIPS - last} 张。", field="count")
        made = [ReadSlip(check_of=row, serial=serial) for serial in range(last + 1, last + count + 1)]
        for slip in made:
            slip.code_hash = numbers.code_hash(slip.number, code_of(slip))
        ReadSlip.objects.bulk_create(made)
        data = {"number": row.number, "slips": last + count}
        record(town=row.town, type=PRINTED, subject=row.subject, by=actor(by), data=data)
    return made


def code_of(slip: ReadSlip) -> str:
    """The code printed on a slip: derived with the key of this installation, stored nowhere."""
    text = f"read:{slip.check_of.town.code}:{slip.number}"
    return letters(hmac.new(settings.PAYLOAD_KEY.encode(), text.encode(), hashlib.sha256).digest(), CODE_LENGTH)


def find(town: Jurisdiction, number: str, code: str) -> ReadSlip:
    """The slip that can still give an answer. No such number, a wrong code, a used one: refused with the same words,
    and after some tries each further one must wait."""
    number = plain(number)[:20]
    named = NAME.fullmatch(number)
    slip = None
    if named:
        rows = ReadSlip.objects.filter(check_of__town=town, check_of__number=int(named[1]), serial=int(named[2]))
        slip = rows.select_related(
            "check_of__town", "check_of__edition__document", "check_of__edition__revision"
        ).first()
    try:
        numbers.check_code(town, number, code, slip.code_hash if slip else None)
    except Refused as refusal:
        raise Refused(WRONG, field="code") from refusal
    if slip is None or slip.used:
        raise Refused(WRONG, field="code")
    if not slip.check_of.is_open:
        raise Refused(ENDED)
    return slip


def answer(
    *, town: Jurisdiction, number: str, code: str, choices: Sequence[int | None], by: Staff | None = None
) -> ReadCheck:
    """Give the answer of a slip, once; ``by`` enters what stands on paper. None stands for 不知道, and is not right.

    Raises ``Refused`` for a slip that gives none and for a choice that does not stand there.
    """
    slip = find(town, number, code)
    if by is not None:
        _check_may(by, slip.check_of.edition, READ_CLERKS, "登记答题纸条")
    with act():
        check = _locked(slip.check_of_id)
        slip = ReadSlip.objects.select_for_update().get(pk=slip.pk)
        if slip.used:
            raise Refused(WRONG, field="code")
        if not check.is_open:
            raise Refused(ENDED)
        if len(choices) != QUESTIONS:
            raise Refused(f"请把 {QUESTIONS} 道题都答了，不知道的选“不知道”。")
        for place, (choice, question) in enumerate(zip(choices, check.questions, strict=True)):
            if choice is not None and not 0 <= choice < len(question["options"]):
                raise Refused("请从列出的答案里选一个。", field=f"q{place}")
            check.right[place] += choice == question["correct"]
        slip.used = True
        slip.save(update_fields=["used"])
        check.answered += 1
        data = {"number": check.number, "people": check.answered}
        record(town=check.town, type=ANSWERED, subject=check.subject, by=actor(by) if by else APPLICANT, data=data)
        if check.answered % GROUP == 0:
            _count(check)
        check.save(update_fields=["answered", "right", "told", "told_right", "duty"])
    return check


def _count(check: ReadCheck) -> None:
    """Tell the counts; what is not understood gets a task, once."""
    check.told, check.told_right = check.answered, [*check.right]
    if check.duty is None and percent(check.told_right, check.told) < check.town.pass_mark:
        check.duty = _duty(check)
    record(town=check.town, type=COUNTED, subject=check.subject, by=SYSTEM, data=counts(check))


def counts(check: ReadCheck) -> dict[str, str | int | list[int]]:
    """What an event says of the result."""
    return {
        "number": check.number,
        "people": check.told,
        "right": check.told_right,
        "duty": check.duty.code if check.duty else "",
        "statement": check.edition.document.subject,
    }


def _duty_name(edition: Edition) -> str:
    return f"改写：{edition.revision.title}"[:120]


def _duty(check: ReadCheck) -> Duty:
    terms = Terms(
        name=_duty_name(check.edition),
        source=Source.READ,
        basis=f"看得懂吗第 {check.number} 份：{check.told} 个人答题，答对 {percent(check.told_right, check.told)}%",
        owner=check.owner,
        trigger=Trigger.ONCE,
        due_on=calendar_for(check.town).last_day(timezone.localdate(), REWRITE).day,
    )
    return lay_down(town=check.town, code=f"read-{check.number}", terms=terms, by=SYSTEM)


def _tell(check: ReadCheck, type: str, by: Staff, reason: str = "") -> Event:
    data = {"number": check.number, "sha256": hash_of(check), "statement": check.edition.document.subject}
    return record(town=check.town, type=type, subject=check.subject, by=actor(by), reason=reason, data=data)


def _check_may(by: Staff, edition: Edition, powers: Sequence[str], what: str) -> None:
    """Raise ``Refused`` for who lacks the power: the town's own staff ask, also about what a utility published."""
    held = held_by(by)
    if by.town_id != edition.document.town_id or held.tenant or held.own.isdisjoint(powers):
        raise Refused(f"您的岗位不能{what}。请起草、审查或者签发政府信息的同事办理。")


def _locked(pk: int) -> ReadCheck:
    ReadCheck.objects.select_for_update().only("pk").get(pk=pk)
    related = ("town", "edition__document__town", "edition__revision", "owner", "author", "duty")
    return ReadCheck.objects.select_related(*related).get(pk=pk)
