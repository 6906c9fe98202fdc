"""What the data of a paper must hold before anything is printed."""

import pytest

from mingtang.lib.errors import Refused
from mingtang.press.papers import PAPERS, check
from mingtang.press.render import render
from tests.unit.press.samples import BARE, LONG, SAMPLES


@pytest.mark.parametrize("template", PAPERS)
def test_the_samples_are_complete(template):
    for data in (SAMPLES[template], LONG[template], BARE[template]):
        check(template, data)


@pytest.mark.parametrize("template", PAPERS)
def test_each_required_value_is_missed_when_it_is_absent_or_empty(template):
    for key in PAPERS[template][1].__required_keys__:
        for broken in ({k: v for k, v in SAMPLES[template].items() if k != key}, {**SAMPLES[template], key: ""}):
            with pytest.raises(Refused) as caught:
                check(template, broken)
            assert caught.value.field == key
            assert PAPERS[template][0] in str(caught.value)


@pytest.mark.parametrize(
    ("template", "key", "value"),
    [
        ("receipt", "issued_on", "2026-02-30"),
        ("receipt", "issued_on", "2026年3月4日"),
        ("receipt", "issued_on", "20260304"),
        ("receipt", "received_at", "2026-03-04"),
        ("receipt", "received_at", "2026-03-04T09:30:00+00:00"),
        ("receipt", "received_at", "2026-03-04T25:30"),
        ("receipt", "provisional", "yes"),
        ("receipt", "materials", "身份证"),
        ("receipt", "materials", [{"name": "身份证", "form": "原件", "copies": True}]),
        ("receipt", "materials", [{"name": "身份证", "form": "原件"}]),
        ("receipt", "materials", ["身份证"]),
        ("acceptance", "silence", "maybe"),
        ("refusal", "reasons", [1]),
        ("document", "body", [{"type": "script", "text": "x"}]),
        ("document", "body", [{"type": "table", "rows": [[1]]}]),
        ("grant", "applicnt", "张三"),
    ],
)
def test_a_wrong_value_is_named(template, key, value):
    with pytest.raises(Refused) as caught:
        render(template, {**SAMPLES[template], key: value})
    assert key in str(caught.value)


def test_an_unknown_paper_is_refused():
    with pytest.raises(Refused, match="没有名为"):
        render("../../etc/passwd", {})


def test_a_cell_without_text_is_a_true_cell():
    check("document", {**SAMPLES["document"], "body": [{"type": "table", "rows": [[{"text": ""}, ""]]}]})
