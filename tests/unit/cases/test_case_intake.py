"""From the first paper to acceptance: the resident starts the clock, and one notice binds."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from mingtang.cases import actions
from mingtang.cases.actions.intake import Received, new_case_key
from mingtang.cases.enums import CaseState, ClockKind, MaterialState, Paper
from mingtang.cases.models import Case, CaseDocument, CaseMaterial, SupplementNotice
from mingtang.cases.requirements import missing
from mingtang.events.models import Event, Payload
from mingtang.hall import actions as hall
from mingtang.hall.models import Window
from mingtang.lib.errors import Refused
from mingtang.people.models import Staff
from mingtang.rulebook import actions as rulebook
from mingtang.rulebook.models import Item, Version
from mingtang.towns.viewer import Viewer
from tests.factories import acts, rules
from tests.factories.acts import APPLICANT, apply, fresh
from tests.factories.cast import CENTRE, CLERK_1, CLERK_3, LAND, staff

pytestmark = pytest.mark.django_db
ALL = acts.WORK["LM-001"][1]
MEND = {"right": "请补林权证", "plan": "请写明树种和数量"}


def clock_of(case: Case, kind: str = ClockKind.INTAKE, round: int = 1):
    return case.clocks.get(kind=kind, round=round)


def states(case: Case) -> dict[str, str]:
    return dict(CaseMaterial.objects.filter(case=case).values_list("material_key", "state"))


def noticed(town, demands: dict[str, str] = MEND) -> Case:
    """Applied with only the identity card; the window told what is missing."""
    case = apply(town, "LM-001", seen={"id"}).case
    actions.request_supplement(case=case, demands=demands, by=staff(CLERK_3))
    return fresh(case)


# Submission


def test_an_application_online_needs_no_account_and_gets_number_code_and_receipt(town):
    made = apply(town, "JF-001")
    assert made.case.state == CaseState.SUBMITTED
    assert made.case.number[:6] == "WY2026"
    assert made.receipt.kind == Paper.RECEIPT
    assert made.receipt.data["code"] == made.code
    assert made.receipt.data["case_number"] == made.case.number
    assert Event.objects.get(type="case.submitted").actor == "applicant"


def test_an_application_at_the_window_names_window_and_clerk(town):
    made = apply(town, "JF-001", by=staff(CLERK_3))
    event = Event.objects.get(type="case.submitted")
    assert (made.case.channel, str(made.case.window)) == ("window", "3号窗口（建房用地）")
    assert (event.actor, event.place) == (staff(CLERK_3).code, "3号窗口（建房用地）")


def test_an_incomplete_application_is_taken_in(town):
    case = apply(town, "LM-001", seen=()).case
    assert case.state == CaseState.SUBMITTED
    assert {row.material.key for row in missing(case)} == ALL


def test_the_checklist_is_the_versions_whole_and_nothing_else(town):
    case = apply(town, "LM-001", seen={"id"}).case
    assert states(case) == {
        "id": MaterialState.RECEIVED,
        "right": MaterialState.MISSING,
        "plan": MaterialState.MISSING,
        "map": MaterialState.FETCHED,
    }
    assert [row.material_key for row in case.materials.all()] == [m.key for m in case.version.spec.materials]


def test_a_paper_the_version_does_not_hold_is_not_taken(town):
    with pytest.raises(Refused, match="不要求这项材料（deposit）"):
        apply(town, "LM-001", seen={"id", "deposit"})
    assert not Case.objects.exists()
    case = apply(town, "LM-001", by=staff(CLERK_3)).case
    with pytest.raises(Refused, match="不要求这项材料"):
        actions.receive_materials(case=case, received=Received(seen=frozenset({"deposit"})), by=staff(CLERK_3))


def test_what_is_to_be_brought_later_is_noted_and_still_missing(town):
    version = acts.in_force(town, "LM-001")
    case = actions.submit(
        version=version,
        applicant=APPLICANT,
        answers={},
        received=Received(to_bring=frozenset({"id", "map"})),
        submission="later",
        key=new_case_key(version),
    ).case
    assert states(case)["id"] == MaterialState.TO_BRING
    assert states(case)["map"] == MaterialState.FETCHED
    assert "id" in {row.material.key for row in missing(case)}


def test_the_same_form_sent_twice_is_one_case_with_one_code(town):
    first, second = (apply(town, "JF-001", token="one-form") for _ in range(2))
    assert (first.case, first.code) == (second.case, second.code)
    assert (first.repeated, second.repeated) == (False, True)
    assert Case.objects.count() == Event.objects.filter(type="case.submitted").count() == 1


def test_the_database_takes_one_form_once(town):
    first, second = apply(town, "JF-001").case, apply(town, "JF-001").case
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=second.pk).update(submission=first.submission)


def test_a_form_that_lost_the_race_to_itself_gets_the_same_answer(town, monkeypatch):
    first = apply(town, "JF-001", token="one-form")
    intake = actions.intake
    answers = iter([None, intake.earlier(town, "one-form")])
    # The first look came before the other was committed.
    monkeypatch.setattr(intake, "earlier", lambda *_: next(answers))
    second = apply(town, "JF-001", token="one-form")
    assert (second.case, second.code, second.repeated) == (first.case, first.code, True)


def test_an_item_that_is_not_online_is_taken_at_the_window_only(town):
    version = acts.in_force(town, "LN-001")
    version.__dict__["spec"] = replace(version.spec, online=False)
    form = {
        "version": version,
        "applicant": APPLICANT,
        "answers": {},
        "received": Received(),
        "key": new_case_key(version),
    }
    with pytest.raises(Refused, match="不能在网上申请"):
        actions.submit(**form, submission="a")
    assert actions.submit(**form, submission="b", by=staff(CLERK_1)).case.channel == "window"


def test_a_closed_windows_clerk_takes_nothing_in_and_names_the_substitute(town):
    first, third = (Window.objects.get(town=town, number=number) for number in (1, 3))
    waiting = apply(town, "LM-001").case
    hall.close_window(window=third, by=staff(CENTRE), reason="下村收件", substitute=first)
    for act in (
        lambda: apply(town, "LM-001", by=staff(CLERK_3)),
        lambda: actions.accept(case=waiting, by=staff(CLERK_3)),
        lambda: actions.request_supplement(case=waiting, demands=MEND, by=staff(CLERK_3)),
    ):
        with pytest.raises(Refused, match="现在关闭（下村收件）.*1号窗口（综合）"):  # noqa: RUF043
            act()


def test_only_windows_take_applications_in(town):
    with pytest.raises(Refused, match="没有“窗口收件”的权限"):
        apply(town, "LM-001", by=staff(LAND))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "甲"}, "name"),
        ({"id_number": "430623190001010010"}, "id_number"),
        ({"id_number": "430623195002301234"}, "id_number"),
        ({"phone": "12"}, "phone"),
        ({"kind": "robot"}, "kind"),
        ({"kind": "organisation", "organisation": ""}, "organisation"),
        ({"kind": "organisation", "organisation": "合作社（演示）", "uscc": "123"}, "uscc"),
        ({"address": "长" * 101}, "address"),
    ],
)
def test_a_wrong_entry_is_named_with_its_field_and_nothing_is_kept(town, change, field):
    with pytest.raises(Refused) as caught:
        apply(town, "LM-001", applicant=replace(APPLICANT, **change))
    assert caught.value.field == field
    assert not Case.objects.exists()


def test_the_applicant_is_sealed_everywhere(town):
    case = apply(town, "LM-001").case
    row = Case.objects.filter(pk=case.pk).values().get()
    event = Event.objects.get(type="case.submitted")
    assert case.applicant["name"] == APPLICANT.name
    for secret in (APPLICANT.name, APPLICANT.id_number, APPLICANT.phone):
        for held in (*row.values(), *event.__dict__.values(), Payload.objects.get(event=event).sealed):
            assert secret.encode() not in (bytes(held) if isinstance(held, bytes | memoryview) else str(held).encode())


def test_resident_days_run_from_the_first_contact(town, clock):
    contact = timezone.now() - timedelta(days=3)
    case = apply(town, "LM-001", by=staff(CLERK_3), contact_at=contact).case
    assert case.contact_at == contact
    later = apply(town, "LM-001", contact_at=timezone.now() + timedelta(days=1)).case
    assert later.contact_at == later.submitted_at


def test_what_a_case_is_about_never_changes(town):
    case = apply(town, "LM-001").case
    for change in ("number = 'x'", "flow_sha256 = 'x'", "submitted_at = contact_at, contact_at = NULL"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE cases_case SET {change} WHERE id = %s", [case.pk])
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        CaseDocument.objects.filter(case=case).update(sha256="x")


# The one notice


def test_the_notice_stops_the_intake_clock_and_lists_how_to_mend(town):
    case = noticed(town)
    assert case.state == CaseState.SUPPLEMENT_DUE
    assert clock_of(case).stopped_at
    paper = case.documents.get(kind=Paper.SUPPLEMENT).data
    assert [row["mend"] for row in paper["missing"]] == list(MEND.values())


def test_the_notice_must_list_all_that_is_missing(town):
    case = apply(town, "LM-001", seen={"id"}).case
    with pytest.raises(Refused, match="采伐地点") as caught:
        actions.request_supplement(case=case, demands={"right": "请补林权证"}, by=staff(CLERK_3))
    assert "以后不能再要" in str(caught.value)
    assert fresh(case).state == CaseState.SUBMITTED


@pytest.mark.parametrize(
    ("demands", "words"),
    [
        ({}, "请选出要补正的材料"),
        ({**MEND, "deposit": "请交押金"}, "没有这项材料"),
        ({**MEND, "right": "  "}, "怎样补正"),
        ({**MEND, "right": "长" * 201}, "最多 200 个字"),
        ({**MEND, "map": "请交地块图"}, "由我们调取"),
    ],
    ids=["nothing", "not of this version", "no words", "too many words", "fetched by us"],
)
def test_the_notice_demands_only_what_the_version_asks_in_words_that_help(town, demands, words):
    case = apply(town, "LM-001", seen={"id"}).case
    with pytest.raises(Refused, match=words):
        actions.request_supplement(case=case, demands=demands, by=staff(CLERK_3))
    assert not SupplementNotice.objects.exists()


def test_an_optional_paper_is_not_demanded(town):
    case = apply(town, "LM-001", seen={"id"}).case
    spec = case.version.spec
    rows = [replace(row, fetched_by_us=False) if row.key == "map" else row for row in spec.materials]
    case.version.__dict__["spec"] = replace(spec, materials=tuple(rows))
    with pytest.raises(Refused, match="不是必须交的"):
        actions.intake._check_demand(case, case.version.spec.material("map"), "请交地块图")


def test_a_second_notice_is_impossible(town):
    case = noticed(town)
    actions.supply_complete(case=case)
    with pytest.raises(Refused, match="已经一次性告知过"):
        actions.request_supplement(case=case, demands=MEND, by=staff(CLERK_3))
    with pytest.raises(IntegrityError), transaction.atomic():
        SupplementNotice.objects.create(case=case, issued_at=timezone.now(), issued_by=staff(CLERK_3))


def test_what_the_notice_forgot_can_no_longer_be_asked_for(town):
    case = noticed(town)
    # The identity card turns out to be unreadable after the notice: it was not listed.
    CaseMaterial.objects.filter(case=case, material_key="id").update(state=MaterialState.MISSING, received_at=None)
    actions.supply(case=case, received=Received(seen=frozenset(MEND)))
    case = fresh(case)
    assert missing(case) == []
    actions.accept(case=case, by=staff(CLERK_3))
    assert fresh(case).state == CaseState.ACCEPTED


def test_papers_come_in_as_often_as_need_be_and_the_last_one_restarts_the_clock(town, clock):
    case = noticed(town)
    actions.supply(case=case, received=Received(seen=frozenset({"right"})))
    assert fresh(case).state == CaseState.SUPPLEMENT_DUE
    assert [row.material.key for row in missing(fresh(case))] == ["plan"]
    clock.shift(timedelta(days=2))
    actions.supply(case=case, received=Received(seen=frozenset({"plan"})), by=staff(CLERK_3))
    case = fresh(case)
    assert case.state == CaseState.SUBMITTED
    assert clock_of(case, round=2).started_on == date(2026, 3, 18)
    assert case.notice.completed_at == timezone.now()
    assert list(Event.objects.filter(subject=case.subject).order_by("pk").values_list("type", flat=True)) == [
        "case.submitted",
        "case.supplement_requested",
        "case.supplied",
        "case.supplied",
        "case.supply_complete",
    ]


def test_supplying_nothing_is_refused(town):
    with pytest.raises(Refused, match="还没有选材料"):
        actions.supply(case=noticed(town), received=Received(to_bring=frozenset({"plan"})))


def test_the_applicants_word_that_this_is_all_is_enough(town):
    case = noticed(town)
    actions.supply_complete(case=case)
    assert fresh(case).state == CaseState.SUBMITTED
    with pytest.raises(Refused, match="还缺"):
        actions.accept(case=case, by=staff(CLERK_3))


def test_after_the_notice_the_case_is_accepted_or_refused_for_what_it_listed(town):
    case = noticed(town)
    decider = staff("zhenzhang")
    with pytest.raises(Refused, match="不能不予受理"):
        actions.not_accept(case=case, reasons="缺材料", by=decider)
    actions.supply(case=case, received=Received(seen=frozenset({"right"})))
    actions.supply_complete(case=case)
    with pytest.raises(Refused, match="请写明不予受理的理由"):
        actions.not_accept(case=case, reasons=" ", by=decider)
    paper = actions.not_accept(case=case, reasons="补正后仍缺采伐说明。", by=decider)
    assert fresh(case).state == CaseState.NOT_ACCEPTED
    assert "采伐地点" in paper.data["reasons"][0]
    assert "华容县人民政府申请行政复议" in paper.data["remedies"][0]
    assert not case.clocks.filter(stopped_at__isnull=True).exists()


def test_nobody_is_refused_acceptance_without_the_notice_or_with_everything_in(town):
    decider = staff("zhenzhang")
    with pytest.raises(Refused, match="还没有一次性告知"):
        actions.not_accept(case=apply(town, "LM-001", seen={"id"}).case, reasons="缺", by=decider)
    case = noticed(town)
    actions.supply(case=case, received=Received(seen=frozenset(MEND)))
    with pytest.raises(Refused, match="应当受理"):
        actions.not_accept(case=case, reasons="不想办", by=decider)


# Acceptance


def test_acceptance_starts_the_statutory_and_the_promised_clock_and_the_steps(town):
    case = acts.accepted(town, "LM-001")
    assert case.state == CaseState.ACCEPTED
    assert clock_of(case).stopped_at
    due = {clock.kind: clock.due_on for clock in case.clocks.filter(stopped_at__isnull=True)}
    assert due == {
        ClockKind.STATUTORY: date(2026, 4, 14),  # 20 working days; Qingming is 4 to 6 April
        ClockKind.PROMISE: date(2026, 3, 23),
        ClockKind.STEP: date(2026, 3, 18),
    }
    assert list(case.steps.filter(done_at__isnull=True).values_list("key", "post_code")) == [
        ("site_visit", "forest-check")
    ]


def test_an_incomplete_application_is_not_accepted(town):
    case = apply(town, "LM-001", seen={"id"}).case
    with pytest.raises(Refused, match="还缺“林权证或者承包合同”“采伐地点"):
        actions.accept(case=case, by=staff(CLERK_3))
    actions.receive_materials(case=case, received=Received(seen=ALL), by=staff(CLERK_3))
    actions.accept(case=case, by=staff(CLERK_3))


def test_acceptance_comes_once(town):
    with pytest.raises(Refused, match="不能受理.*刷新"):  # noqa: RUF043
        actions.accept(case=acts.accepted(town, "LM-001"), by=staff(CLERK_3))


@pytest.mark.parametrize(("code", "words"), [("LM-001", "行政许可法第三十二条"), ("JZ-001", "我们承诺")])
def test_silence_accepts_after_the_limit_and_not_before_by_the_items_own_rule(town, clock, code, words):
    case = apply(town, code, seen=()).case
    clock.shift(timedelta(days=7))  # Monday 23 March: the last of the five working days
    with pytest.raises(Refused, match="期限还没有过"):
        actions.accept_by_silence(case=case)
    assert list(actions.silent()) == []
    clock.shift(timedelta(days=1))
    assert list(actions.silent()) == [case]
    actions.accept_by_silence(case=case)
    case = fresh(case)
    event = Event.objects.get(type="case.accepted_by_silence")
    assert (case.state, case.accepted_by_silence) == (CaseState.ACCEPTED, True)
    assert (event.actor, words in event.reason) == ("system", True)


def test_after_silence_every_limit_runs_from_the_day_of_receipt(town, clock):
    case = apply(town, "LM-001").case
    clock.shift(timedelta(days=8))
    actions.accept_by_silence(case=case)
    case = fresh(case)
    assert case.accepted_at == case.submitted_at
    running = case.clocks.filter(stopped_at__isnull=True)
    assert {clock.kind for clock in running} == {ClockKind.STATUTORY, ClockKind.PROMISE, ClockKind.STEP}
    assert {clock.started_on for clock in running} == {date(2026, 3, 16)}


def test_after_a_supplement_the_day_of_receipt_is_the_day_it_was_in(town, clock):
    case = noticed(town)
    clock.shift(timedelta(days=2))
    actions.supply(case=case, received=Received(seen=frozenset(MEND)))
    clock.shift(timedelta(days=8))
    actions.accept_by_silence(case=case)
    assert clock_of(case, ClockKind.PROMISE).started_on == date(2026, 3, 18)


def test_silence_accepts_nothing_where_no_rule_says_so(town, clock):
    case = apply(town, "JZ-001").case
    data = {**case.version.data, "silence_rule": "none"}
    version = renewed(case.item, data, clock)
    case = apply(town, "JZ-001").case
    assert case.version == version
    clock.shift(timedelta(days=30))
    assert case not in list(actions.silent())
    with pytest.raises(Refused, match="没有“逾期视为受理”的规定"):
        actions.accept_by_silence(case=case)


def renewed(item: Item, data: dict, clock) -> Version:
    """A version that asks more: it holds after its notice period."""
    changes = {name: value for name, value in data.items() if value != item.current.data[name]}
    version = rules.announced(rules.drafted(item.town, item.code, **changes))
    clock.shift(timedelta(days=31))
    return rulebook.put_in_force(version=version, by=staff(CENTRE))


def test_silence_does_not_accept_what_waits_for_the_applicant(town, clock):
    case = noticed(town)
    clock.shift(timedelta(days=30))
    assert list(actions.silent()) == []
    with pytest.raises(Refused, match="待补正"):
        actions.accept_by_silence(case=case)


def test_another_towns_clerk_touches_nothing(town, other_town):
    case = apply(town, "LM-001").case
    stranger = Staff.objects.create(town=other_town, username="wailai", name="外人（演示）", number="1")
    with pytest.raises(Refused, match="不属于您所在的乡镇"):
        actions.accept(case=case, by=stranger)
    assert not Case.objects.visible_to(Viewer(other_town, powers=frozenset({"case.read"}))).exists()
