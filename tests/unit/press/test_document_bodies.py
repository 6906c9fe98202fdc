"""The HTML of a published document as blocks for paper."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.press.body import blocks, squared
from mingtang.press.papers import check
from tests.unit.press.samples import SAMPLES


def test_headings_paragraphs_and_lists_keep_their_order_and_text():
    found = blocks("<h2>一、要求</h2><p>正文<strong>要紧</strong></p><ol><li>甲</li><li> </li><li>乙</li></ol><p> </p>")
    assert found == [
        {"type": "h2", "text": "一、要求"},
        {"type": "p", "text": "正文要紧"},
        {"type": "ol", "items": ["甲", "乙"]},
    ]


def test_a_table_keeps_caption_heading_rows_and_spans():
    (table,) = blocks(
        "<table><caption>表一</caption><thead><tr><th>序号</th><th>内容</th></tr></thead>"
        "<tbody><tr><td rowspan='2'>1</td><td>甲</td></tr><tr><td>乙</td></tr></tbody></table>"
    )
    assert table["caption"] == "表一" and table["header"] == 1
    assert [[cell["text"] for cell in row] for row in table["rows"]] == [["序号", "内容"], ["1", "甲"], ["乙"]]
    assert table["rows"][1][0]["rows"] == 2
    check("document", {**SAMPLES["document"], "body": [table]})


def test_no_text_is_no_blocks():
    assert blocks("") == blocks("<p></p><table></table>") == []


CELLS = st.tuples(st.text("字", max_size=20), st.integers(1, 9), st.integers(1, 9))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=5), max_size=6))
def test_any_table_becomes_a_grid_without_holes_or_overlaps_and_loses_no_text(rows):
    placed, widths = squared(rows)
    assert [c["text"] for row in placed for c in row if c["text"]] == [c[0] for row in rows for c in row if c[0]]
    taken: set[tuple[int, int]] = set()
    for y, row in enumerate(placed):
        x = 0
        for cell in row:
            while (x, y) in taken:
                x += 1
            area = {(x + i, y + j) for i in range(cell["cols"]) for j in range(cell["rows"])}
            assert cell["cols"] >= 1 and not area & taken
            taken |= area
    assert taken == {(x, y) for x in range(len(widths)) for y in range(len(placed))}
