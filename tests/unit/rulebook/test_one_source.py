"""Whatever may be published agrees with itself: papers, fees, file, words, drawings and the process that runs."""

import json

import pytest
from hypothesis import given, settings

from mingtang.flows import draw, model, sheet, wording
from mingtang.flows.compile import compile_bpmn
from mingtang.rulebook import fees, situations
from mingtang.rulebook.requirements import listed, situated, text
from mingtang.rulebook.spec import as_json, flow_of, parse
from tests.agreement import flows
from tests.agreement.oracle import Version, agree
from tests.factories.any_item import POSTS, TODAY, items

pytestmark = pytest.mark.pure


@settings(max_examples=150)
@given(items())
def test_an_item_made_at_random_passes_the_gate(data):
    spec = parse(data)
    found = [*text.six(spec), *text.rules(spec), *listed.rules(spec), *situated.rules(spec)]
    assert [row.sentence for row in found] == []
    assert model.validate(flow_of(spec, code="SJ-001", number=1, lanes=POSTS)) == []


@settings(max_examples=60)
@given(items())
def test_whatever_is_answered_papers_fees_and_process_are_those_of_the_version(data):
    version, spec = Version(data, POSTS, TODAY), parse(data)
    bpmn = compile_bpmn(flow_of(spec, code="SJ-001", number=1, lanes=POSTS))
    flows.file_holds(bpmn, version)
    flows.words_say(wording.steps(bpmn), version)
    for svg in (draw.svg(bpmn), draw.svg(bpmn, narrow=True), sheet.sheet_svg(bpmn)):
        flows.drawing_shows(svg, version)
    assert json.loads(json.dumps(as_json(spec))) == data
    for answers in version.few_ways(40):
        selected = situations.selected(spec, answers)
        agree(
            "selected", "answers", situations.check(spec, {key: str(value) for key, value in answers.items()}), answers
        )
        agree(
            "selected",
            "papers",
            [row.key for row in selected.materials],
            [row["key"] for row in version.materials(answers)],
        )
        agree(
            "selected", "brought", [row.key for row in selected.asked], [row["key"] for row in version.brought(answers)]
        )
        agree("selected", "steps", [row.key for row in selected.steps], [row["key"] for row in version.steps(answers)])
        agree("selected", "bars", list(selected.bars), version.bars(answers))
        agree("selected", "words", situations.words(spec, answers), version.answered(answers))
        agree("selected", "days", situations.longest_way(spec, answers), version.longest(answers))
        bill = fees.bill(spec, answers, TODAY)
        agree("bill", "lines", [(line.fee.name, line.amount) for line in bill.lines], version.bill(answers))
        agree("bill", "total", bill.total, version.total(answers))
        flows.process_runs(bpmn, situations.flags(spec, answers), version, answers)
