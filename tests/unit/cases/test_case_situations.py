"""What was answered selects papers, steps and fees of the case, and nothing asks beyond it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from mingtang.cases import actions, papers
from mingtang.cases.actions.intake import Received
from mingtang.cases.enums import CaseState, MaterialState, Outcome, Paper
from mingtang.cases.line import line
from mingtang.cases.models import Case, CaseMaterial, Process
from mingtang.cases.requirements import missing
from mingtang.events.models import Event, PayloadKey
from mingtang.lib.errors import Refused
from mingtang.rulebook import situations
from mingtang.rulebook.models import Version
from mingtang.rulebook.spec import Fee, Material, Option, Reduction, Situation, Work
from tests.factories import acts, rules
from tests.factories.acts import apply, fresh
from tests.factories.cast import BUILD, CLERK_3, DECIDER, FOREST, LAND, staff
from tests.factories.specs import data

pytestmark = pytest.mark.django_db
HOUSE = {"id", "application", "resolution", "drawing"}
FOREST_ITEM = {"like": "LM-001", "unit": "forestry"}
OWNERS = {"conversion_check": LAND, "land_review": LAND, "build_review": BUILD}


def house(town, project: str = "new", land: str = "homestead", **more):
    answers = {"project": project, "land": land}
    return apply(town, "JF-001", answers=answers, **{"seen": HOUSE, **more})


def waiting(case: Case) -> set[str]:
    return set(case.steps.filter(done_at__isnull=True).values_list("key", flat=True))


def walked(case: Case, owners: dict[str, str] = OWNERS) -> list[str]:
    """Every step that waits is agreed to, until the decision; what was done, in order."""
    done = []
    while steps := sorted(waiting(case) - {"decide"}):
        done.append(steps[0])
        actions.opinion(case=case, step_key=steps[0], agrees=True, text="核对无误。", by=staff(owners[steps[0]]))
    return done


def stages(case: Case) -> list[str]:
    found = []
    for stage in line(fresh(case)).stages:
        found += [branch.key for branch in stage.branches] or [stage.key]
    return found


def test_checklist_process_and_line_are_those_of_the_answers_whatever_they_are(town):
    spec = acts.in_force(town, "JF-001").spec
    for answers in situations.combinations(spec):
        selected = situations.selected(spec, answers)
        case = apply(
            town,
            "JF-001",
            answers=answers,
            seen={material.key for material in selected.asked},
            by=staff(CLERK_3),
            told=bool(selected.bars),
        ).case
        assert [row.material_key for row in case.materials.all()] == [row.key for row in selected.materials]
        assert missing(case) == []
        actions.accept(case=case, by=staff(CLERK_3))
        steps = {step.key for step in selected.steps}
        assert set(walked(case)) == steps
        assert waiting(case) == {"decide"}
        assert steps == set(stages(case)) & {step.key for step in spec.steps}


def test_a_step_that_is_not_needed_waits_on_nobody_and_stands_on_no_line(town):
    plain, farmland = (house(town, land=land, by=staff(CLERK_3)).case for land in ("homestead", "farmland"))
    for case in (plain, farmland):
        actions.accept(case=case, by=staff(CLERK_3))
    assert waiting(plain) == {"land_review", "build_review"}
    assert waiting(farmland) == {"conversion_check"}
    assert "conversion_check" not in stages(plain)
    assert stages(farmland)[2:5] == ["conversion_check", "land_review", "build_review"]


def test_a_paper_of_another_situation_is_neither_missed_nor_taken_nor_demanded(town):
    plain, rebuilt = house(town).case, house(town, "rebuild").case
    assert missing(plain) == []
    assert [row.material.key for row in missing(rebuilt)] == ["old_house"]
    with pytest.raises(Refused, match="这一件不要求这项材料（old_house）"):
        house(town, seen=HOUSE | {"old_house"})
    with pytest.raises(Refused, match="这一件不要求这项材料"):
        actions.receive_materials(case=plain, received=Received(seen=frozenset({"old_house"})), by=staff(CLERK_3))
    with pytest.raises(Refused, match="这一件不要“旧屋的照片”") as caught:
        actions.request_supplement(case=plain, demands={"old_house": "请补照片"}, by=staff(CLERK_3))
    assert caught.value.field == "old_house"
    actions.request_supplement(case=rebuilt, demands={"old_house": "请补照片"}, by=staff(CLERK_3))
    assert fresh(rebuilt).state == CaseState.SUPPLEMENT_DUE


def test_what_we_look_up_ourselves_is_on_the_list_of_its_situation(town):
    case = house(town, land="farmland").case
    assert case.materials.get(material_key="conversion").state == MaterialState.FETCHED
    assert not CaseMaterial.objects.filter(case=house(town).case, material_key="conversion").exists()


@pytest.mark.parametrize(
    ("answers", "field", "words"),
    [
        ({}, "ask_project", "请回答“这次是哪一种建房？”"),
        ({"project": "new"}, "ask_land", "请回答“准备建在什么地上？”"),
        ({"project": "castle", "land": "homestead"}, "ask_project", "从列出的答案里选一个"),
        ({"project": "new", "land": ["homestead"]}, "ask_land", "从列出的答案里选一个"),
    ],
)
def test_an_answer_that_is_missing_or_not_offered_is_named_and_nothing_is_kept(town, answers, field, words):
    with pytest.raises(Refused, match=words) as caught:
        apply(town, "JF-001", answers=answers)
    assert caught.value.field == field
    assert not Case.objects.exists()


def test_answers_and_the_flags_of_the_process_lie_sealed(town):
    case = house(town, land="farmland", by=staff(CLERK_3)).case
    assert fresh(case).answers == {"project": "new", "land": "farmland"}
    event = Event.objects.get(type="case.submitted")
    held = [*Case.objects.filter(pk=case.pk).values_list().get(), *Process.objects.values_list().get(case=case)]
    for value in (*held, *event.__dict__.values()):
        assert b"farmland" not in (bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode())


def test_an_item_that_asks_nothing_keeps_no_answers(town):
    case = apply(town, "LM-001").case
    assert case.answers_sealed is None and fresh(case).answers == {}
    assert apply(town, "LM-001", answers={"land": "farmland"}).case.answers == {}


def test_the_answers_of_a_case_never_change(town):
    case = house(town).case
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET answers_sealed = NULL WHERE id = %s", [case.pk])


# An answer that bars


def test_whoever_is_barred_is_told_and_may_apply_all_the_same(town):
    with pytest.raises(Refused, match="永久基本农田上不能建住宅") as caught:
        house(town, land="basic_farmland")
    assert "0730-5550009" in str(caught.value) and "您仍然可以申请" in str(caught.value)
    assert not Case.objects.exists()
    made = house(town, land="basic_farmland", told=True)
    assert made.receipt.data["told"] == ["永久基本农田上不能建住宅（《土地管理法》第六十二条）"]


def test_who_was_barred_and_applied_is_refused_by_a_decision_with_remedies(town):
    case = house(town, land="basic_farmland", told=True, by=staff(CLERK_3)).case
    actions.accept(case=case, by=staff(CLERK_3))
    walked(case)
    paper = actions.decide(case=case, outcome=Outcome.REFUSED, reasons="占用永久基本农田。", by=staff(DECIDER))
    assert paper.kind == Paper.REFUSAL and "行政复议" in paper.data["remedies"][0]


# Back to the first step of this case


@pytest.mark.parametrize(
    ("land", "first", "all_of_them"),
    [
        ("homestead", {"land_review", "build_review"}, ["build_review", "land_review"]),
        ("farmland", {"conversion_check"}, ["conversion_check", "build_review", "land_review"]),
    ],
)
def test_a_return_begins_at_the_first_step_the_case_has(town, land, first, all_of_them):
    case = house(town, land=land, by=staff(CLERK_3)).case
    actions.accept(case=case, by=staff(CLERK_3))
    for _ in range(2):
        assert walked(case) == all_of_them
        actions.return_for_redo(case=case, reason="四至没有写清", by=staff(DECIDER))
        assert waiting(case) == first
    walked(case)
    assert waiting(case) == {"decide"}


def step(key: str, post: str = "forest-check", **more):
    more = {"working_days": 1, "standard": "核对", "basis": "森林法第五十七条", **more}
    return data(Work, key=key, name=f"核对{key}", post=post, **more)


def choice(key: str, *options: str):
    rows = [data(Option, key=option, label=f"情况{option}") for option in options]
    return data(Situation, key=key, question=f"{key}是哪一种？", options=rows)


def test_a_case_without_any_step_is_decided_and_not_returned(town):
    rules.listed(
        town,
        "LM-900",
        **FOREST_ITEM,
        situations=[choice("size", "small", "large")],
        steps=[step("visit", when="size == 'large'", when_label="大片采伐的")],
    )
    case = apply(town, "LM-900", answers={"size": "small"}, seen={"id", "right", "plan"}, by=staff(CLERK_3)).case
    actions.accept(case=case, by=staff(CLERK_3))
    assert waiting(case) == {"decide"}
    assert stages(case) == ["submit", "accept", "decide", "serve"]
    with pytest.raises(Refused, match="退不回去"):
        actions.return_for_redo(case=case, reason="再看看", by=staff(DECIDER))
    assert waiting(fresh(case)) == {"decide"}


def test_a_group_of_which_one_branch_is_left_reads_as_one_step(town):
    rules.listed(
        town,
        "LM-901",
        **FOREST_ITEM,
        situations=[choice("size", "small", "large")],
        steps=[
            step("visit", group="both"),
            step("survey", post="land-review", group="both", when="size == 'large'", when_label="大片采伐的"),
            step("quota"),
        ],
    )
    owners = {"visit": FOREST, "survey": LAND, "quota": FOREST}
    for size, done in (("small", ["visit", "quota"]), ("large", ["survey", "visit", "quota"])):
        case = apply(town, "LM-901", answers={"size": size}, seen={"id", "right", "plan"}, by=staff(CLERK_3)).case
        actions.accept(case=case, by=staff(CLERK_3))
        for _ in range(2):
            assert walked(case, owners) == done
            actions.return_for_redo(case=case, reason="再看看", by=staff(DECIDER))
        together = [stage for stage in line(fresh(case)).stages if stage.branches]
        assert len(together) == (size == "large")


# The bill


def charged(town) -> Version:
    fee = data(
        Fee,
        code="A1",
        name="森林植被恢复费",
        nature="administrative",
        fund="treasury",
        amount=1000,
        per="平方米",
        quantity="area",
        most=100_000,
        payer="申请人",
        scope="全镇",
        receipt="财政票据",
        basis="森林法第五十七条",
        when="area > 0",
        when_label="占用林地的",
        reductions=[data(Reduction, label="低保户", when="poor == 'yes'", percent=50, basis="森林法第五十七条")],
        valid_to="2026-03-31",
    )
    return rules.listed(
        town,
        "LM-902",
        **FOREST_ITEM,
        situations=[
            data(Situation, key="area", question="占用多少林地？", unit="平方米", most=100_000),
            choice("poor", "yes", "no"),
        ],
        materials=[
            data(
                Material, key="id", name="身份证", issuer="公安机关", form="原件", medium="paper", source="20", copies=1
            )
            | {"required": True, "standard": "清楚", "basis": "核验申请人"},
        ],
        fees=[fee],
    )


@pytest.mark.parametrize(
    ("area", "poor", "total", "fen"),
    [
        ("30", "no", "300元", [30_000]),
        ("３０", "yes", "150元", [15_000]),
        ("999", "yes", "500元", [50_000]),
        ("0", "no", "不收费", []),
    ],
)
def test_the_bill_of_the_day_is_frozen_on_the_receipt(town, clock, area, poor, total, fen):
    charged(town)
    case = apply(town, "LM-902", answers={"area": area, "poor": poor}, seen={"id"}).case
    clock.shift(timedelta(days=60))
    frozen = papers.billed(fresh(case))
    assert (frozen["said"], [row["amount"] for row in frozen["lines"]]) == (total, fen)
    assert frozen["total"] == sum(fen)
    later = apply(town, "LM-902", answers={"area": area, "poor": poor}, seen={"id"}).case
    assert timezone.localdate().isoformat() > "2026-03-31" and papers.billed(later)["said"] == "不收费"


def test_a_number_that_is_none_or_too_large_is_named(town):
    charged(town)
    for area, words in (("", "没有就填 0"), ("1.5", "只填整数"), ("-1", "只填整数"), ("100001", "最多填 100000")):
        with pytest.raises(Refused, match=words) as caught:
            apply(town, "LM-902", answers={"area": area, "poor": "no"}, seen={"id"})
        assert caught.value.field == "ask_area"


def test_a_case_whose_key_was_destroyed_still_shows_the_steps_it_had(town):
    case = house(town, by=staff(CLERK_3)).case
    actions.accept(case=case, by=staff(CLERK_3))
    walked(case)
    PayloadKey.objects.filter(pk=case.key_id).update(wrapped=None, destroyed_at=timezone.now())
    assert "conversion_check" not in stages(case) and {"land_review", "build_review"} <= set(stages(case))
