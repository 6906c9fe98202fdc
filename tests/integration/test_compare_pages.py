"""What changed, for the reviewer between two texts and for everybody between two published editions."""

import io

import pytest

from mingtang.disclosure import actions
from mingtang.disclosure.comparing import compared
from mingtang.events.log import CONSOLE
from mingtang.files import actions as files
from tests.factories import acts
from tests.factories.cast import EDITOR, REVIEWER, SIGNER, login, staff
from tests.integration.desk_steps import text

pytestmark = pytest.mark.django_db
OLD = "<p>三个工作日内办好。</p><table><tr><th>村</th><th>元</th></tr><tr><td>甲村</td><td>86.00</td></tr></table>"
NEW = OLD.replace("三个", "两个").replace("86.00", "96.00")


def corrected(town):
    first = acts.published(town, acts.content(body=OLD))
    second = actions.new_edition(document=first.document, content=acts.content(body=NEW), by=staff(EDITOR), note="改快")
    second = acts.passed(actions.submit(edition=second, by=staff(EDITOR)), staff(REVIEWER))
    return actions.publish(edition=actions.sign(edition=second, by=staff(SIGNER)), by=staff(SIGNER))


def test_a_correction_shows_in_public_what_changed_beside_its_note(client, town):
    second = corrected(town)
    number = second.document.index_number
    url = f"/info/compare/1-2/{number}"
    assert f'href="{url}"' in text(client.get(f"/info/{number}"))
    page = text(client.get(url))
    assert "<sup>删</sup><del>三</del><sup>增</sup><ins>两</ins>" in page
    assert "甲村　｜　<sup>删</sup><del>" in page and "96.00</ins>" in page and "改快" in page
    for wrong in ("2-1", "1-1", "1-3", "0-2"):
        assert client.get(f"/info/compare/{wrong}/{number}").status_code == 404


def test_nothing_that_was_taken_down_is_compared(client, town):
    second = corrected(town)
    document = second.document
    actions.withdraw(edition=second, by=staff(SIGNER), ground="personal", reason="里面有个人信息。")
    gone = client.get(f"/info/compare/1-2/{document.index_number}")
    assert gone.status_code == 410 and "96.00" not in text(gone)
    third = actions.new_edition(
        document=document, content=acts.content(body="<p>改好了。</p>"), by=staff(EDITOR), note="改"
    )
    third = acts.passed(actions.submit(edition=third, by=staff(EDITOR)), staff(REVIEWER))
    actions.publish(edition=actions.sign(edition=third, by=staff(SIGNER)), by=staff(SIGNER))
    for pair in ("1-2", "2-3"):
        assert client.get(f"/info/compare/{pair}/{document.index_number}").status_code == 404
    page = text(client.get(f"/info/{document.index_number}"))
    assert f"/info/compare/1-3/{document.index_number}" in page and "/info/compare/1-2/" not in page


def test_the_reviewer_sees_what_changed_since_it_was_sent_back(client, town):
    edition = acts.in_review(town, acts.content(body="<p>原来的话。</p>"))
    login(client, REVIEWER)
    assert "没有别的稿可以比" in text(client.get(f"/desk/info/{edition.pk}/compare"))
    actions.return_to_draft(edition=edition, by=staff(REVIEWER), reason="请改")
    actions.revise(edition=edition, content=acts.content(body="<p>改过的话。</p>"), by=staff(EDITOR))
    edition = actions.revise(edition=edition, content=acts.content(body="<p>又改过的话<b>。</b></p>"), by=staff(EDITOR))
    actions.submit(edition=edition, by=staff(EDITOR))
    url = f"/desk/info/{edition.pk}/compare"
    assert f'href="{url}"' in text(client.get(f"/desk/info/{edition.pk}/review"))
    page = text(client.get(url))
    assert "退回的那一稿" in page and "原来</del>" in page
    assert "又</ins>" in text(client.get(f"{url}?since=2")) and client.get(f"{url}?since=9").status_code == 404


def test_attachments_facts_and_form_are_compared_too(town):
    def file(data: bytes):
        return files.store(town=town, name="f.txt", stream=io.BytesIO(data), by=CONSOLE, purpose="document")

    one, other, third = file(b"1"), file(b"2"), file(b"3")
    first = acts.drafted(town, actions.Content("甲", "<p>文字</p>", [(one, "一.txt", []), (other, "二.txt", [])]))
    before = first.revision
    rows = [(third, "一.txt", []), (other, "两.txt", []), (file(b"4"), "三.txt", [])]
    after = actions.revise(
        edition=first, content=actions.Content("甲", "<h2>文字</h2>", rows), by=staff(EDITOR)
    ).revision
    found = compared(before, after)
    assert found.only_form and [part.title for part in found.parts] == ["附件"]
    said = ["".join(f"{span.kind}:{span.text} " for span in line.spans).strip() for line in found.parts[0].lines]
    assert said == ["same:一.txt　换了文件", "del:二.txt ins:两.txt", "ins:三.txt"]
    assert compared(before, before).nothing
