"""One surface at a time says something else than the version: the look that finds nothing otherwise catches it."""

import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from mingtang.cases.models import Case, CaseMaterial
from mingtang.flows.model import FlowSpec
from mingtang.rulebook.fees import Line
from mingtang.rulebook.models import Item
from mingtang.rulebook.situations import Selected
from tests.agreement import cases, pages
from tests.agreement.oracle import Answers, Disagrees, Version
from tests.agreement.published import clock, published  # noqa: F401
from tests.factories.any_item import POSTS, TODAY
from tests.factories.books import exported
from tests.factories.rich_item import RICH

pytestmark = [pytest.mark.django_db, pytest.mark.once]
Look = Callable[[Client, str, Version], object]
How = Callable[[Any], Any]
OLD: Answers = {"kind": "old", "area": 200}
NEW: Answers = {"kind": "new", "area": 30}
BARRED: Answers = {"kind": "field", "area": 0}


# How one looks


def situation(answers: Answers) -> Look:
    return lambda client, code, version: pages.situation(client, code, version, answers)


def calculator(answers: Answers) -> Look:
    return lambda client, code, version: pages.worked_out(client, code, version, answers)


def board(client: Client, code: str, version: Version) -> None:
    pages.fees(client, code, Item.objects.get(code=code).unit.code, version)


def sheet(client: Client, code: str, version: Version) -> None:
    pages.spreadsheet(exported(Item.objects.get(code=code).town), code, version)


def case(answers: Answers, apply: Callable[..., Case] = cases.window) -> Look:
    """A whole case, handed in at the window or on the web."""

    def look(client: Client, code: str, version: Version) -> None:
        made = apply(client, code, version, answers)
        cases.taken_in(made, version, answers)
        cases.handled(client, made, version, answers)

    return look


def online(answers: Answers) -> Look:
    return case(answers, cases.online)


# What goes wrong with what a function of ours answers


def left_out(rows: Sequence[Any]) -> Any:
    return rows[:-1]


def doubled(rows: Sequence[Any]) -> list[Any]:
    return [*rows, rows[0]]


def nothing(value: Any) -> Any:
    return type(value)()


def more(number: Any) -> Any:
    return number + 1


def other(old: str, new: str) -> How:
    """Another text."""
    return lambda text: text.replace(old, new)


def each(**changes: How) -> How:
    """Of every row some values are others."""
    return lambda rows: [some(**changes)(row) for row in rows]


def some(**changes: How) -> How:
    """Of one row some values are others."""
    return lambda row: {**row, **{name: change(row[name]) for name, change in changes.items()}}


def fen_more(line: Line) -> Line:
    return replace(line, amount=line.amount + 1)


def reduction_ignored(line: Line) -> Line:
    return replace(line, amount=line.full)


def cap_ignored(line: Line) -> Line:
    return replace(line, amount=line.fee.amount * line.quantity * (100 - line.percent) // 100)


def first_step_gone(flow: FlowSpec) -> FlowSpec:
    return replace(flow, steps=flow.steps[1:])


def last_step_gone(flow: FlowSpec) -> FlowSpec:
    return replace(flow, steps=flow.steps[:-1])


def other_edge(flow: FlowSpec) -> FlowSpec:
    moved = [replace(one, condition=one.condition and one.condition.replace("120", "121")) for one in flow.steps]
    return replace(flow, steps=tuple(moved))


def all_asked(found: Selected) -> Selected:
    return replace(found, materials=tuple(replace(one, fetched_by_us=False) for one in found.materials))


def demanded(rows: Sequence[Any]) -> list[Any]:
    return [replace(one, required=True) for one in rows]


def laid_out_more(_: None) -> None:
    CaseMaterial.objects.create(case=Case.objects.latest("pk"), material_key="map", order=9, state="missing")


def day_later(found: Any) -> Any:
    return replace(found, day=found.day + timedelta(days=1))


def step_unwritten(line: Any) -> Any:
    return replace(line, data={**line.data, "steps": line.data["steps"][1:]})


# Who notices, what, by which look, in what a function answers, and how it is wrong.
WRONG: list[tuple[str, str, Look, str, How]] = [
    ("guide", "a paper left out", pages.guide, "portal.guide_shown.materials", left_out),
    ("guide", "a paper too many", pages.guide, "portal.guide_shown.materials", doubled),
    ("guide", "copies", pages.guide, "portal.guide_shown.materials", each(copies=more)),
    ("guide", "for whom a paper is", pages.guide, "portal.guide_shown.materials", each(when=nothing)),
    ("guide", "a paper demanded", pages.guide, "rulebook.guide_words.grace", nothing),
    ("guide", "a step left out", pages.guide, "rulebook.guide_words.steps", left_out),
    ("guide", "the promise", pages.guide, "rulebook.guide_words.days_text", other("9", "8")),
    ("guide", "the legal limit", pages.guide, "rulebook.guide_words.statutory", other("20", "30")),
    ("guide", "a standard", pages.guide, "rulebook.guide_words.price", other("3.33", "3.34")),
    ("guide", "a fee left out", pages.guide, "portal.guide_shown.fees", left_out),
    ("guide", "a reduction left out", pages.guide, "portal.guide_shown.fees", each(less=nothing)),
    ("guide", "the number of papers", pages.guide, "portal.guide_shown.six", left_out),
    ("words", "a step unsaid", pages.guide, "portal.views.services.wording.steps", left_out),
    ("slip", "a paper left out", pages.slip, "portal.views.find.item_shown", some(bring=left_out)),
    ("slip", "a paper demanded", pages.slip, "portal.views.find.grace", nothing),
    ("slip", "the promise", pages.slip, "portal.views.find.days_text", other("9", "8")),
    ("data", "a paper too many", pages.as_data, "portal.views.services.as_json", some(materials=doubled)),
    ("drawing", "a step not drawn", pages.flowchart, "flows.draw.wide_svg", other("汇总意见", "")),
    ("drawing", "a limit", pages.flowchart, "flows.draw.narrow_svg", other("限 1 ", "限 2 ")),
    ("words", "a step unsaid there", pages.flowchart, "portal.views.flow.wording.steps", left_out),
    ("flowchart", "no hearing", pages.flowchart, "portal.views.flow.wording.specials", nothing),
    ("file", "another process", pages.flowchart, "rulebook.actions.gate.flow_of", first_step_gone),
    ("file", "another condition", pages.flowchart, "rulebook.actions.gate.flow_of", other_edge),
    ("fee board", "a sum", board, "portal.fee_shown.as_data", some(amount_fen=more)),
    ("fee board", "a fee left out", board, "portal.views.fees.charges", left_out),
    ("fee board", "a price", board, "portal.fee_shown.price", other("3", "4")),
    ("spreadsheet", "a step left out", sheet, "rulebook.catalogue.exporting.Line", step_unwritten),
    ("situation", "a paper left out", situation(OLD), "portal.guide_shown.materials", left_out),
    ("situation", "what we fetch", situation(OLD), "portal.views.situation.situations.selected", all_asked),
    ("situation", "a step too many", situation(NEW), "rulebook.guide_words.steps", doubled),
    ("situation", "a bar unsaid", situation(BARRED), "portal.views.situation.requirements.barred", nothing),
    ("situation", "a fen more", situation(OLD), "rulebook.fees._line", fen_more),
    ("calculator", "a question too many", calculator(OLD), "rulebook.fees.questions", doubled),
    ("calculator", "a reduction ignored", calculator(OLD), "rulebook.fees._line", reduction_ignored),
    ("form", "a paper left out", online(OLD), "portal.applying.Draft.asked.func", left_out),
    ("form", "a paper demanded", online(OLD), "portal.applying.Draft.asked.func", demanded),
    ("form", "a bar unsaid", online(BARRED), "portal.applying.requirements.barred", nothing),
    ("form", "the cap ignored", online(OLD), "rulebook.fees._line", cap_ignored),
    ("form", "a fee not yet in force", online(NEW), "rulebook.fees.in_force", lambda _: True),
    ("form", "the promise", online(NEW), "portal.views.apply.days_text", other("9", "8")),
    ("my case", "a paper left out", online(OLD), "portal.views.cases._material_states", left_out),
    ("window", "a paper too many", case(NEW), "desk.intake_sheet.Sheet.asked.func", doubled),
    ("window", "a bar unsaid", case(BARRED), "desk.intake_sheet.requirements.barred", nothing),
    ("window", "a fen more", case(OLD), "rulebook.fees._line", fen_more),
    ("checklist", "a paper too many", case(NEW), "cases.actions.intake._lay_out_checklist", laid_out_more),
    ("bill", "a fen more frozen", case(OLD), "cases.papers.charges", some(total=more)),
    ("bill", "a fee not frozen", case(OLD), "cases.papers.charges", some(lines=left_out)),
    ("receipt", "an answer left out", case(OLD), "cases.papers._answers", left_out),
    ("receipt", "the promise", case(OLD), "cases.papers._limits", some(promised_limit=other("9", "8"))),
    ("process", "other answers", case(OLD), "cases.process.situations.flags", some(area=lambda _: 1)),
    ("process", "another process", case(OLD), "rulebook.actions.gate.flow_of", last_step_gone),
    ("clocks", "a longer step", case(OLD), "cases.process._limit", lambda days: days and days + 1),
    ("clocks", "a later day", case(OLD), "workdays.calendar.WorkCalendar.last_day", day_later),
    ("desk", "a step not offered", case(OLD), "desk.views.cases.my_steps", nothing),
    ("line", "a step left out", case(OLD), "cases.line._works", left_out),
    ("line", "an owner", case(OLD), "cases.line._owners", some(**{"land-review": nothing})),
    ("line data", "a branch left out", case(OLD), "portal.views.cases._stage_json", some(branches=left_out)),
]


@pytest.mark.parametrize("wrong", WRONG, ids=[f"{surface}: {what}" for surface, what, *_ in WRONG])
def test_a_surface_that_differs_is_caught(town, monkeypatch, wrong):
    surface, _, look, name, how = wrong
    look(Client(), published(town, RICH)[0], Version(RICH, POSTS, TODAY))
    right = pkgutil.resolve_name(f"mingtang.{name}")
    monkeypatch.setattr(f"mingtang.{name}", lambda *given, **named: how(right(*given, **named)))
    again = {**RICH, "name": "另一种摊棚搭建许可"}
    code, _ = published(town, again)
    with pytest.raises(Disagrees) as caught:
        look(Client(), code, Version(again, POSTS, TODAY))
    assert caught.value.surface == surface
