"""A handful of cases in every stage. The people are invented, marked （演示） and born in 1900."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mingtang.cases import actions, numbers
from mingtang.cases.actions.intake import Received, Submission, new_case_key
from mingtang.cases.applicants import Applicant
from mingtang.cases.enums import ApplicantKind, Outcome, ServeMode, TellBy
from mingtang.cases.models import Case
from mingtang.lib.identifiers import id_check_character
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.rulebook.models import Item
from mingtang.towns.models import Jurisdiction

# The submission tokens: what tells a second run that a case stands already.
FINISHED, UNDER_WORK, JOINT, WAITING, FRESH, CHARGED = (
    f"demo-{name}" for name in ("finished", "under-work", "joint", "waiting", "fresh", "charged")
)


def demo_id(serial: int) -> str:
    """A resident number of this county, born on 1 January 1900, with a true check digit: of nobody alive."""
    body = f"43062319000101{serial:03d}"
    return body + id_check_character(body)


def person(name: str, serial: int, village: str, tell_by: str = TellBy.NO) -> Applicant:
    """An invented applicant."""
    return Applicant(
        kind=ApplicantKind.PERSON,
        name=f"{name}（演示）",
        id_number=demo_id(serial),
        phone=f"0730-555{100 + serial:04d}",
        address=f"万庾镇{village}（演示地址）",
        tell_by=tell_by,
    )


def _staff(username: str) -> Staff:
    return Staff.objects.get(username=username)


# What they answer who build a house on a new place, on land of the village that lies vacant.
HOUSE = {"project": "new", "land": "homestead"}


def apply_for(
    town: Jurisdiction,
    item: str,
    token: str,
    applicant: Applicant,
    received: Received,
    clerk: str = "",
    answers: Mapping[str, object] = MappingProxyType({}),
) -> Submission:
    """Hand in an application, at a clerk's window or online."""
    version = Item.objects.get(town=town, code=item).current
    return actions.submit(
        version=version,
        applicant=applicant,
        answers=answers,
        received=received,
        submission=token,
        key=new_case_key(version),
        by=_staff(clerk) if clerk else None,
    )


def _finished(town: Jurisdiction) -> None:
    """即办件: taken in, decided and handed over at one window."""
    clerk = _staff("chuangkou1")
    received = Received(seen=frozenset({"id", "photo"}))
    case = apply_for(town, "LN-001", FINISHED, person("张福寿", 1, "清水村"), received, clerk.username).case
    actions.accept(case=case, by=clerk)
    actions.decide(case=case, outcome=Outcome.GRANTED, reasons="", by=clerk)
    actions.serve(case=case, mode=ServeMode.DIRECT, receiver="张福寿（演示）", by=clerk)


def _under_work(town: Jurisdiction) -> None:
    """承诺件: the site was visited, the quota is being checked."""
    received = Received(seen=frozenset({"id", "right", "plan"}))
    case = apply_for(town, "LM-001", UNDER_WORK, person("李青山", 2, "青山村"), received, "chuangkou3").case
    actions.accept(case=case, by=_staff("chuangkou3"))
    actions.opinion(
        case=case,
        step_key="site_visit",
        agrees=True,
        text="两人到场核查，权属清楚，地块、树种和申请一致。",
        by=_staff("linye"),
    )


def _joint(town: Jurisdiction) -> None:
    """联办件: one office has agreed, the other is still at it."""
    received = Received(seen=frozenset({"id", "application", "resolution", "drawing"}))
    case = apply_for(town, "JF-001", JOINT, person("王建家", 3, "长堤村"), received, "chuangkou3", HOUSE).case
    actions.accept(case=case, by=_staff("chuangkou3"))
    actions.opinion(
        case=case,
        step_key="land_review",
        agrees=True,
        text="一户一宅，用的是原宅基地，面积没有超过标准。",
        by=_staff("guotu"),
    )


def _waiting(town: Jurisdiction) -> None:
    """Applied for online; the one notice says what is missing and how to mend it."""
    received = Received(to_bring=frozenset({"id"}))
    case = apply_for(town, "LM-001", WAITING, person("陈木生", 4, "松林村", TellBy.PRINT), received).case
    demands = {
        "id": "请拍身份证正反两面，照片要看得清字。",
        "right": "请补林权证或者承包合同的照片，写明地块名称的那一页也要。",
        "plan": "请写明在哪块地、砍什么树、砍多少、什么时候补种，窗口有样表。",
    }
    actions.request_supplement(case=case, demands=demands, by=_staff("chuangkou3"))


def _fresh(town: Jurisdiction) -> None:
    """Just come in online; papers will be brought to the window."""
    apply_for(town, "LN-001", FRESH, person("刘春英", 5, "荷花村"), Received(to_bring=frozenset({"id", "photo"})))


def _charged(town: Jurisdiction) -> None:
    """What would cost money is free for this household: the receipt shows how the sum comes about."""
    answers = {"user": "relief", "meters": 2}
    household = person("周顺意", 6, "新河村")
    apply_for(town, "GD-001", CHARGED, household, Received(seen=frozenset({"id"})), "chuangkou1", answers)


_CASES: dict[str, Callable[[Jurisdiction], None]] = {
    FINISHED: _finished,
    UNDER_WORK: _under_work,
    JOINT: _joint,
    WAITING: _waiting,
    FRESH: _fresh,
}


def build_cases(town: Jurisdiction) -> None:
    """One case of each kind under the town's own items."""
    _build(town, _CASES)


def build_charged(town: Jurisdiction) -> None:
    """One case under the item that charges."""
    _build(town, {CHARGED: _charged})


def _build(town: Jurisdiction, cases: dict[str, Callable[[Jurisdiction], None]]) -> None:
    """Each case whole or not at all; one that stands is left alone, whatever has become of it."""
    for token, tell in cases.items():
        with act():
            if not Case.objects.filter(town=town, submission=token).exists():
                tell(town)


def receipt_code(token: str) -> tuple[str, str]:
    """Number and receipt code of a demo case, to be printed for whoever tries the demo."""
    return Case.objects.get(submission=token).number, numbers.code_for(token)
