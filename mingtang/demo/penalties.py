"""Penalties of the demo town: one of a person, one of a firm, one that was revoked, one that waits for the second
person; all of them invented."""

from datetime import date

from django.utils import timezone

from mingtang.demo.cases import person
from mingtang.disclosure.derived import penalties
from mingtang.disclosure.enums import Party, PenaltyEnd, PenaltyGround, PenaltyKind
from mingtang.disclosure.models import Penalty
from mingtang.lib.tx import act
from mingtang.people.models import Staff, Unit
from mingtang.towns.models import Jurisdiction

WHY = "占路边建房，过往群众都看得见，反映多。"
Paper = tuple[Party, str, str, tuple[PenaltyKind, ...], int | None, str, PenaltyGround, str]


def build_penalties(town: Jurisdiction) -> None:
    """Entered by the editor, confirmed by the reviewer."""
    with act():
        if not Penalty.objects.filter(town=town).exists():
            _build(town, timezone.localdate())


def build_waiting_penalty(town: Jurisdiction) -> None:
    """Once the list is out: none is made while a decision of its days waits."""
    today = timezone.localdate()
    with act():
        if Penalty.objects.filter(town=town).count() == len(_papers()):
            _enter(town, today, len(_papers()) + 1, _papers()[1])


def _enter(town: Jurisdiction, today: date, serial: int, paper: Paper) -> Penalty:
    party, name, id_number, kinds, amount, content, ground, why = paper
    entry = penalties.Entry(
        unit=Unit.objects.get(town=town, code="construction"),
        number=f"演罚决字〔{today.year}〕{serial}号",
        cause="未取得乡村建设规划许可证建房（演示）",
        party=party,
        name=name,
        id_number=id_number,
        kinds=kinds,
        amount=amount,
        content=content,
        law="城乡规划法",
        article="第六十五条",
        decided_on=today,
        ground=ground,
        why=why,
    )
    return penalties.enter(town=town, entry=entry, by=Staff.objects.get(username="bianji"))


def _build(town: Jurisdiction, today: date) -> None:
    editor, reviewer = (Staff.objects.get(username=username) for username in ("bianji", "baomi"))
    made = [
        penalties.confirm(penalty=_enter(town, today, serial, paper), by=reviewer)
        for serial, paper in enumerate(_papers(), 1)
    ]
    penalties.carry_out(penalty=made[0], on=today, by=editor)
    reason = "复议决定撤销：建房前已经领到许可证（演示）"
    penalties.end(penalty=made[2], ending=PenaltyEnd.REVOKED, reason=reason, by=reviewer)


def _papers() -> list[Paper]:
    one, two = person("范大樟", 61, "长堤村"), person("范小榆", 62, "长堤村")
    return [
        (Party.PERSON, one.name, one.id_number, (PenaltyKind.FINE,), 50_000, "", PenaltyGround.INFLUENCE, WHY),
        (
            Party.ORGANISATION,
            "河口沙石经营部（演示）",
            "",
            (PenaltyKind.WARNING, PenaltyKind.FINE),
            300_000,
            "限期三十日内补办许可证",
            PenaltyGround.INFLUENCE,
            WHY,
        ),
        (
            Party.PERSON,
            two.name,
            two.id_number,
            (PenaltyKind.OTHER,),
            None,
            "限期三十日内自行拆除",
            PenaltyGround.INFLUENCE,
            WHY,
        ),
    ]
