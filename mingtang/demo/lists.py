"""公示表 of the demo town: composed from its own cases, payments and penalties, checked and shown by three persons."""

from datetime import date

from django.utils import timezone

from mingtang.cases import actions as cases
from mingtang.cases.actions.intake import Received
from mingtang.cases.actions.payouts import read
from mingtang.cases.enums import Outcome
from mingtang.cases.models import Case, Payout
from mingtang.demo.cases import apply_for, person
from mingtang.disclosure.derived import actions, draws
from mingtang.disclosure.derived.compose import period_of
from mingtang.disclosure.derived.template import templates
from mingtang.disclosure.models import DerivedList, Draw
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.towns.models import Jurisdiction

VILLAGE = "长堤村"
EXPERTS = (
    ("路有平（演示）", "县公路中心（演示）"),
    ("桥安石（演示）", "县交通质监站（演示）"),
    ("石头坚（演示）", "市设计院（演示）"),
    ("田间道（演示）", "县农业农村局（演示）"),
    ("沈沙沉（演示）", "县水利局（演示）"),
)
# token: (name, serial). Two of one family name: their rows differ by the mark alone.
HELPED = {"demo-helped-1": ("周望春", 21), "demo-helped-2": ("周盼秋", 22), "demo-helped-3": ("吴守田", 23)}


def _staff(username: str) -> Staff:
    return Staff.objects.get(username=username)


def build_lists(town: Jurisdiction) -> None:
    """Aid that was given, on its village's board; fees; penalties; and one list that waits to be checked."""
    with act():
        for token, (name, serial) in HELPED.items():
            if not Case.objects.filter(town=town, submission=token).exists():
                _help(town, token, name, serial)
    today = timezone.localdate()
    with act():
        if not Draw.objects.filter(town=town).exists():
            _announce(town)
    with act():
        if not Payout.objects.filter(case__town=town).exists():
            _pay(town, today)
    for code, village in (("aid", VILLAGE), ("aid-paid", VILLAGE), ("fees", ""), ("penalties", "")):
        with act():
            if not DerivedList.objects.filter(town=town, template=code).exists():
                _show(town, code, village, today)
    with act():
        if not DerivedList.objects.filter(town=town, template="obstacles").exists():
            _make(town, "obstacles", "", today)


def _help(town: Jurisdiction, token: str, name: str, serial: int) -> None:
    clerk = _staff("chuangkou4")
    received = Received(seen=frozenset({"id", "hardship"}))
    case = apply_for(town, "JZ-001", token, person(name, serial, VILLAGE), received, clerk.username).case
    cases.accept(case=case, by=clerk)
    text = "两人入户看过，情况属实。"
    cases.opinion(case=case, step_key="home_visit", agrees=True, text=text, by=_staff("shehui"))
    cases.decide(case=case, outcome=Outcome.GRANTED, reasons="", by=_staff("zhenzhang"))
    for grant in case.grants.all():
        cases.publish(grant=grant, village=VILLAGE, by=_staff("zhenzhang"))


def _announce(town: Jurisdiction) -> None:
    """Experts of one field, and a draw among them that waits for somebody to press the button."""
    for name, workplace in EXPERTS:
        draws.enter_expert(town=town, name=name, field="道路工程", workplace=workplace, by=_staff("baomi"))
    draws.announce(town=town, purpose="长堤村公路硬化工程评审（演示）", field="道路工程", wanted=3, by=_staff("bianji"))


def _pay(town: Jurisdiction, today: date) -> None:
    """Two of the three have the money; one line was typed twice under another serial, and is void."""
    numbers = dict(Case.objects.filter(town=town, submission__in=HELPED).values_list("submission", "number"))
    rows = (("demo-helped-1", "720", "FF0001"), ("demo-helped-2", "1000", "FF0002"), ("demo-helped-2", "100", "FF0020"))
    text = "\n".join(f"{numbers[token]} {sum} {today} {serial}" for token, sum, serial in rows)
    *_, wrong = cases.pay_out(town=town, lines=read(text), by=_staff("shoufei"))
    cases.void_payout(payout=wrong, reason="流水号和金额抄错，这一笔没有发", by=_staff("qianfa"))


def _make(town: Jurisdiction, code: str, village: str, today: date) -> DerivedList:
    template = templates()[code]
    period = period_of(template, today, today)
    return actions.make(town=town, template=template, period=period, village=village, by=_staff("bianji"))


def _show(town: Jurisdiction, code: str, village: str, today: date) -> None:
    row = actions.check(row=_make(town, code, village, today), by=_staff("baomi"))
    row = actions.show(row=row, by=_staff("qianfa"))
    if village:
        actions.post_up(row=row, place=f"{village}公示栏", on=today, by=_staff("bianji"))
