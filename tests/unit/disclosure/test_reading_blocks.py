import nh3
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mingtang.disclosure.reading import clean_html, text_of
from mingtang.disclosure.reading_blocks import ATTRIBUTES, TAGS
from mingtang.lib.errors import Refused

steady = settings(deadline=None, derandomize=True)


@pytest.mark.parametrize(
    ("source", "clean"),
    [
        ("<p>甲</p>", "<p>甲</p>"),
        ("甲<div>乙<p>丙</p>丁</div>", "<p>甲</p>\n<p>乙</p>\n<p>丙</p>\n<p>丁</p>"),
        ('<p style="color:red" class="x" onclick="y()">甲</p>', "<p>甲</p>"),
        ('<span style="font-weight: bold">甲</span><b>乙</b><i>丙</i>', "<p><strong>甲乙</strong><em>丙</em></p>"),
        ("<h1>一</h1><h4>二</h4>", "<h2>一</h2>\n<h3>二</h3>"),
        ("<p>　　首行\n    缩进</p>", "<p>首行缩进</p>"),
        ("<p>three\n words</p>", "<p>three words</p>"),
        ("<p>甲<br>乙</p>", "<p>甲<br>乙</p>"),
        ("<p>甲<br><br>乙<br>　　丙<br></p>", "<p>甲</p>\n<p>乙</p>\n<p>丙</p>"),
        ("<p>&nbsp;</p><p> </p><br>", ""),
        ("<script>x()</script><style>p{}</style><!-- 注 --><p>甲</p><iframe src=x></iframe>", "<p>甲</p>"),
        ('<div style="display: none">藏</div><p>甲</p>', "<p>甲</p>"),
        ("<ul><li>甲<ul><li>乙</li></ul></li><li> </li></ul>", "<ul><li>甲</li><li>乙</li></ul>"),
        ("x<sub>2</sub> &lt;b&gt;", "<p>x<sub>2</sub> &lt;b&gt;</p>"),
        ('<a href="/info/1">内</a><a href="javascript:x()">外</a>', '<p><a href="/info/1">内</a>外</p>'),
        ('<a href=" JaVa&#9;script:x()">外</a><a href="data:text/html,x">又</a>', "<p>外又</p>"),
        ('<a href="http://a/?b=1&amp;c=2">链</a>', '<p><a href="http://a/?b=1&amp;c=2">链</a></p>'),
    ],
)
def test_html_becomes_plain_blocks(source, clean):
    assert clean_html(source) == clean


def test_a_table_keeps_its_head_spans_caption_and_empty_cells():
    source = (
        '<table border=1><caption>收费</caption><thead><tr><th colspan="2">项目</th><th>元</th></tr></thead>'
        '<tbody><tr><td rowspan="2" style="x">甲</td><td></td><td><p>1</p><p>2</p></td></tr>'
        "<tr><td>乙</td><td>3</td></tr></table>"
    )
    assert clean_html(source) == (
        '<table><caption>收费</caption><thead><tr><th colspan="2">项目</th><th>元</th></tr></thead>'
        '<tbody><tr><td rowspan="2">甲</td><td></td><td>1<br>2</td></tr><tr><td>乙</td><td>3</td></tr></tbody></table>'
    )
    assert text_of(clean_html(source)) == "收费\n项目\t元\n甲\t\t1 2\n乙\t3"


def test_a_table_that_only_places_things_dissolves():
    inner = "<table><tr><td>甲</td><td>乙</td></tr></table>"
    assert clean_html(f"<table><tr><td><p>一</p>{inner}</td></tr></table>") == (
        "<p>一</p>\n<table><tbody><tr><td>甲</td><td>乙</td></tr></tbody></table>"
    )


def test_rows_cut_out_of_a_table_keep_their_text():
    assert clean_html('<tbody><tr><td id="UCAP-CONTENT"><p>甲</p></td></tr></tbody>') == "<p>甲</p>"


def test_a_list_keeps_the_text_between_its_items_and_a_page_inside_a_form_is_read():
    assert clean_html("<ul>甲<li>乙</li>丙<div><ul><li>丁</li></ul></div></ul>") == (
        "<ul><li>甲</li><li>乙</li><li>丙<br>丁</li></ul>"
    )
    assert clean_html("<form><input value=x><p>甲</p><button>搜</button></form>") == "<p>甲</p>"


def test_very_deep_html_loses_its_form_and_not_a_word():
    for inside in ("<div>{}</div>", "<font><b>{}", "<table><tr><td>{}</td></tr></table>", "<ul><li>{}</li></ul>"):
        before, after = inside.split("{}")
        body = clean_html("<p>甲</p>" + f"{before}字" * 500 + "<script>x</script><p>底</p>" + after * 500 + "<p>乙</p>")
        words = text_of(body)
        assert (words.count("字"), words.count("底"), words.count("乙"), "x" in words) == (500, 1, 1, False), inside
    # Deeper than the parser goes: half a text is none.
    for source in ("<div>" * 5000 + "底" + "</div>" * 5000, "<ul><li>" * 5000 + "底", "<b>" * 3000 + "<p>乙</p>"):
        with pytest.raises(Refused, match="套得太深"):
            clean_html("<p>甲</p>" + source)


tags = st.sampled_from(
    [
        "p",
        "div",
        "b",
        "strong",
        "i",
        "span",
        "br",
        "table",
        "tr",
        "td",
        "th",
        "thead",
        "tbody",
        "caption",
        "ul",
        "ol",
        "li",
        "h1",
        "h2",
        "h5",
        "a",
        "sub",
        "script",
        "style",
        "center",
        "form",
    ]
)
attributes = st.sampled_from(
    [
        "",
        ' style="font-weight:bold"',
        ' colspan="2"',
        ' colspan="x"',
        ' href="http://a/b"',
        ' href="javascript:1"',
        ' id="zoom"',
    ]
)
pieces = st.one_of(
    st.text(alphabet="甲乙 \n\u3000\xa0a<>&\"'.", max_size=8),
    st.builds(lambda tag, attribute: f"<{tag}{attribute}>", tags, attributes),
    st.builds(lambda tag: f"</{tag}>", tags),
)
markup = st.lists(pieces, max_size=30).map("".join)


@steady
@given(st.one_of(markup, st.text(max_size=200)))
@example("<caption><td><td>")
@example("<table><tr><td> <td></table>")
def test_any_text_becomes_allowed_html_and_cleaning_twice_changes_nothing(source):
    clean = clean_html(source)
    assert clean_html(str(clean)) == clean
    assert clean.text == text_of(str(clean))
    assert nh3.clean(clean, tags=TAGS, attributes=ATTRIBUTES, link_rel=None) == clean
    assert "javascript:" not in clean.replace("\n", "") or "href" not in clean


@steady
@given(markup)
def test_no_visible_character_is_lost(source):
    source = source.replace("<script", "<b").replace("<style", "<b")
    from lxml import html

    tree = html.document_fromstring(f"<div>{source}</div>")
    seen = "".join("".join(tree.itertext()).split()).replace("\u200b", "")
    assert sorted("".join(text_of(clean_html(f"<div>{source}</div>")).split())) == sorted(seen)
