"""What the guard proposes to hide, hidden: in title, marks, tables, lists and facts, with nothing else changed."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang import guard
from mingtang.disclosure import actions, requirements
from mingtang.disclosure.masking import mask, masked
from mingtang.disclosure.models import Revision
from mingtang.disclosure.reading import text_of
from mingtang.events.log import CONSOLE
from mingtang.files import actions as files
from mingtang.lib.errors import Refused
from tests.factories import acts
from tests.factories.cast import EDITOR, REVIEWER, staff

CARD = acts.born("19560308")
BODY = (
    f'<p>联系<strong>138</strong>1234<em>5678</em>，<a href="https://a.example/x">看这里</a>。</p>'
    f"<ul><li>身份证{CARD}</li><li>无</li></ul>"
    "<table><thead><tr><th>姓名</th><th>病种</th></tr></thead><tbody><tr><td>王小满</td><td>尿毒症</td></tr>"
    '<tr><td colspan="2">以上</td></tr></tbody></table>'
)
PIECES = ["<p>", "</p>", "<b>", "</b>", "13812345678", "138", "12345678", CARD, "。", "\n"]
PIECES += ["<table><tr><td>", "</td><td>", "</td></tr></table>", "<ul><li>", "</li></ul>"]


def revision(**changes) -> Revision:
    values = {"title": "通知", "body_html": BODY, "facts": {}} | changes
    return Revision(**values)


def test_numbers_across_marks_and_cells_of_tables_are_hidden_and_the_rest_stays():
    made = masked(revision())
    assert '<strong>138****5678</strong>，<a href="https://a.example/x">看这里</a>' in made.body_html
    assert CARD not in made.body_html and "<li>无</li>" in made.body_html
    assert "<td>王小满</td><td>***</td>" in made.body_html and '<td colspan="2">以上</td>' in made.body_html
    assert not any(one.blocks for one in guard.check(text_of(made.body_html)))
    assert len(made.said) == 3


def test_title_and_facts_are_hidden_too():
    facts = {"fields": {"who": "联系13812345678", "money": 1200}, "sheets": {"a": {"rows": [["13812345678", 3]]}}}
    made = masked(revision(title="请打13812345678", body_html="<p>正文。</p>", facts=facts))
    assert made.title == "请打138****5678" and made.body_html == "<p>正文。</p>"
    assert made.facts["fields"] == {"who": "联系138****5678", "money": 1200}
    assert made.facts["sheets"]["a"]["rows"] == [["138****5678", 3]]


@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_whatever_stands_in_a_body_nothing_that_can_be_hidden_blocks_afterwards(pieces):
    text = text_of("".join(pieces))
    made = masked(revision(body_html="".join(pieces)))
    after = text_of(made.body_html)
    assert after == guard.accepted(text, guard.proposals(text)) or "\n" in text or "\t" in text
    assert not any(one.blocks for one in guard.check(after))


@pytest.mark.django_db
def test_one_act_saves_the_hidden_draft_and_what_a_colleague_saved_stays(town):
    file = files.store(town=town, name="名单.txt", stream=io.BytesIO(b"x"), by=CONSOLE, purpose="document")
    body = "<p>打13812345678。</p>"
    content = actions.Content("通知", body, [(file, "名单.txt", [("", "无")])])
    edition = acts.drafted(town, content)
    with pytest.raises(Refused, match="有同事保存过"):
        mask(edition=edition, by=staff(EDITOR), seen_revision=7)
    with pytest.raises(Refused):
        mask(edition=edition, by=staff(REVIEWER))
    edition = mask(edition=edition, by=staff(EDITOR), seen_revision=1)
    assert (edition.revision.number, edition.revision.body_text) == (2, "打138****5678。")
    assert edition.revision.attachments.get().name == "名单.txt"
    assert not [one for one in requirements.issues(edition.document, edition.revision) if one.blocks]
    with pytest.raises(Refused, match="没有可以遮的号码"):
        mask(edition=edition, by=staff(EDITOR))
