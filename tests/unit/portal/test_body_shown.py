"""The text of a document as its page shows it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.disclosure.reading import clean_html, text_of
from mingtang.portal.body_shown import LABEL, shown

pytestmark = pytest.mark.pure
LONG = "<p>" + "为了让群众看得见、看得懂、能监督。" * 80 + "</p>"


def test_a_long_text_has_contents_from_headings_and_numbered_paragraphs():
    body, contents = shown(
        "<h2>一、公开什么</h2><p>（一）凡是和群众办事有关的。都要公开。</p>" + LONG + "<h3>附则</h3><p>一九九八年。</p>"
    )
    assert [(part["label"], part["level"]) for part in contents] == [
        ("一、公开什么", 1),
        ("（一）凡是和群众办事有关的", 2),
        ("附则", 2),
    ]
    for part in contents:
        assert f'id="{part["url"][1:]}"' in body


@pytest.mark.parametrize("text", ["<h2>一、甲</h2><h2>二、乙</h2><h2>三、丙</h2>", LONG, "<h2>一、甲</h2>" + LONG, ""])
def test_a_short_text_or_one_without_parts_has_none(text):
    assert shown(text)[1] == []


def test_each_table_scrolls_in_a_frame_that_the_keyboard_reaches():
    body, _ = shown("<p>前</p><table><tr><td>一</td></tr></table><p>后</p><table><tr><td>二</td></tr></table>")
    assert body.count('<div class="frame" role="region" tabindex="0" aria-label="表格') == 2
    assert body.index("前") < body.index("一") < body.index("后") < body.index("二")


def test_a_heading_as_long_as_a_paragraph_is_cut():
    _, contents = shown(f"<h2>一、{'长' * 90}</h2><h2>二、乙</h2><h2>三、丙</h2>" + LONG)
    assert len(contents[0]["label"]) == LABEL and contents[0]["label"].endswith("…")


@given(st.text(max_size=200))
def test_nothing_of_a_text_is_lost_or_changed(text):
    cleaned = clean_html(text)
    body, _ = shown(cleaned)
    assert text_of(body) == text_of(cleaned)
