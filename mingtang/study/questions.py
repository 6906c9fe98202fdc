"""案例题: made from a real record of the house, without a name; a second person approves it; its article may die."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError
from django.db.models import Max
from django.utils import timezone

from mingtang.events import types
from mingtang.events.log import record
from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_may
from mingtang.study import bases, second
from mingtang.study.enums import Mistake
from mingtang.study.mistakes import find
from mingtang.study.models import Question
from mingtang.study.powers import KEEPING
from mingtang.study.subjects import Cited
from mingtang.towns.models import Jurisdiction

PROPOSED = types.define("question.proposed", "案例题送审")
PUBLISHED = types.define("question.published", "案例题通过")
RETURNED = types.define("question.returned", "案例题退回修改")
RETIRED = types.define("question.retired", "取下案例题")

STORY, OPTION, WHY = 400, 80, 400
FEWEST, MOST = 2, 5


@dataclass(frozen=True)
class Draft:
    """A question as somebody writes it; ``correct`` counts the options from 0."""

    mistake: str
    source: str
    story: str
    options: tuple[str, ...]
    correct: int
    why: str
    cites: tuple[Cited, ...]


def propose(*, town: Jurisdiction, draft: Draft, by: Staff) -> Question:
    """Send a question to the second person.

    Raises ``Refused`` where no such record stands in the house, for a name of staff or what the guard stops, fewer than
    two answers, and a basis that is not in force.
    """
    check_may(by, KEEPING, town)
    if draft.mistake not in Mistake.values or find(town, draft.mistake, draft.source) is None:
        raise Refused("找不到这道题的来源。题目要从镇里自己出过的错里来，请从列出的记录里选。")
    if not FEWEST <= len(draft.options) <= MOST or len(set(draft.options)) != len(draft.options):
        raise Refused(f"请写 {FEWEST} 到 {MOST} 个不一样的选项。", field="o0")
    if not 0 <= draft.correct < len(draft.options):
        raise Refused("请选哪一个对。", field="correct")
    question = Question(
        town=town,
        mistake=draft.mistake,
        source=draft.source,
        story=_nameless(town, clear_text(draft.story, "请写明案例。", "story", STORY, town=by.town_id), "story"),
        options=[
            _nameless(town, clear_text(one, "选项不能空着。", f"o{place}", OPTION, town=by.town_id), f"o{place}")
            for place, one in enumerate(draft.options)
        ],
        correct=draft.correct,
        why=_nameless(
            town, clear_text(draft.why, "请写明为什么，答完马上看得到。", "why", WHY, town=by.town_id), "why"
        ),
        bases=bases.keep(town, draft.cites, "cites"),
        author=by,
    )
    if not question.bases:
        raise Refused("请写明对的那个选项依据哪一条。", field="cites")
    with act():
        last = Question.objects.filter(town=town).aggregate(last=Max("number"))["last"] or 0
        question.number = last + 1
        try:
            question.proposed_at = second.tell(question, PROPOSED, by).recorded_at
            question.save()
        except IntegrityError as error:
            raise Refused("有人同时出了一道题，请再送审一次。") from error
    return question


def _nameless(town: Jurisdiction, text: str, field: str) -> str:
    """The words of a question name nobody who works here."""
    names = (name.partition("（")[0] for name in Staff.objects.filter(town=town).values_list("name", flat=True))
    if found := next((name for name in names if len(name) > 1 and name in text), ""):
        raise Refused(f"“{found}”是同事的姓名。案例题不写人名，请写岗位或者换个说法。", field=field)
    return text


def publish(*, question: Question, by: Staff) -> Question:
    """Approve it: sessions may ask it from now on."""
    with act():
        question = second.locked(question, by)
        if gone := dead([question], timezone.localdate()):
            raise Refused(f"送审以后依据变了：{gone[question.pk]}请退回重写。")
        second.published(question, PUBLISHED, by)
    return question


def send_back(*, question: Question, by: Staff, reason: str) -> Question:
    """Return it with a reason."""
    with act():
        question = second.locked(question, by)
        second.returned(question, RETURNED, by, reason)
    return question


def retire(*, question: Question, reason: str, by: Staff) -> Question:
    """Take an approved question out for good, with the reason; what was answered stays."""
    check_may(by, KEEPING, question.town)
    reason = clear_text(reason, "请写明为什么取下。", "reason", town=by.town_id)
    with act():
        row = Question.objects.select_for_update(of=("self",)).select_related("town").get(pk=question.pk)
        if row.reviewed_at is None or row.retired_at:
            raise Refused("这道题没有在用，不用取下。请刷新后再看。")
        data = {"number": row.number}
        event = record(town=row.town, type=RETIRED, subject=row.event_subject, by=actor(by), reason=reason, data=data)
        row.retired_at, row.retired_reason = event.recorded_at, reason
        row.save(update_fields=["retired_at", "retired_reason"])
    return row


def dead(questions: Iterable[Question], on: date) -> dict[int, str]:
    """Of these the ones whose article is not what it was, with the sentence why: nobody is asked them any more."""
    rows = list(questions)
    if not rows:
        return {}
    shelf = bases.shelf_for(rows[0].town, [base for row in rows for base in row.bases])
    found = {}
    for row in rows:
        if gone := [one.gone for one in bases.judge(shelf, row.bases, on) if one.gone]:
            found[row.pk] = gone[0]
    return found


def usable(town: Jurisdiction, on: date) -> list[Question]:
    """Approved, not taken out, and on an article that still reads as it did."""
    rows = list(Question.objects.filter(town=town, reviewed_at__isnull=False, retired_at__isnull=True))
    gone = dead(rows, on)
    return [row for row in rows if row.pk not in gone]
