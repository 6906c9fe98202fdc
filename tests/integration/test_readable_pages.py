"""看得懂吗: the editor sees how hard the text is; the public page explains the terms, once two persons agreed."""

import pytest

from mingtang.disclosure import words
from mingtang.disclosure.enums import ListKind
from mingtang.lib.errors import Refused
from tests.factories import acts
from tests.factories.cast import EDITOR, REVIEWER, SIGNER, login, staff
from tests.integration.desk_steps import text

pytestmark = pytest.mark.django_db
BODY = "<p>材料不全的可以容缺受理，由有关部门及时处理。</p>"


def test_the_editor_is_told_and_the_reader_is_explained(town, client):
    draft = acts.drafted(town, acts.content(body=BODY))
    login(client, EDITOR)
    page = text(client.get(f"/desk/info/{draft.pk}"))
    assert "看得懂吗" in page and "“有关部门”：写明哪个部门" in page and "没有解释的名词" in page
    given = {"town": town, "kind": ListKind.TERM, "word": "容缺受理", "reason": "窗口常有人问。"}
    with pytest.raises(Refused, match="请填写解释"):
        words.add(**given, right="", by=staff(REVIEWER))
    with pytest.raises(Refused):
        words.add(**given, right="打13912345678问。", by=staff(REVIEWER))
    term = words.add(**given, right="缺一两样不要紧的材料，先收件，限期补上。", by=staff(REVIEWER))
    published = acts.published(town, acts.content("另一份", BODY)).document
    address = f"/info/{published.index_number}"
    assert "名词解释" not in text(client.get(address)), "one person alone explains nothing in public"
    with pytest.raises(Refused, match="不能自己同意"):
        words.agree(entry=term, by=staff(REVIEWER))
    words.agree(entry=term, by=staff(SIGNER))
    page = text(client.get(address))
    assert "名词解释" in page and "先收件，限期补上" in page
    assert "没有解释的名词" not in text(client.get(f"/desk/info/{draft.pk}"))
    other = acts.published(town, acts.content("第三份", "<p>赶集日不收停车费。</p>")).document
    assert "名词解释" not in text(client.get(f"/info/{other.index_number}"))
    words.end(entry=term, reason="改写了。", by=staff(SIGNER))
    assert "名词解释" not in text(client.get(address))
