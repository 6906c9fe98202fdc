"""An interpretation and what it explains lead to each other; what lacks one stands on the desk."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine

from mingtang.disclosure import actions, linking
from mingtang.disclosure.actions import Content
from mingtang.disclosure.models import Link
from mingtang.disclosure.proved_links import check_links
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from tests.factories import acts
from tests.factories.cast import EDITOR, REVIEWER, SIGNER, login, staff
from tests.integration.desk_steps import text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2026, 3, 10, 4, tzinfo=UTC), tick=False) as clock:
        yield clock


def explaining(town, number):
    fields = {"explains": number, "author_unit": "党政办公室", "contact": "0730-5550004"}
    words = Content("一张图看懂集市管理规定", "<p>说白话。</p>", facts={"fields": fields, "sheets": {}})
    about = acts.metadata(town, kind="interpretation")
    return actions.draft(town=town, metadata=about, content=words, by=staff(EDITOR))


def test_an_interpretation_is_linked_as_it_is_published(client, town):
    rule = acts.rule(town)
    ((missing, last, late),) = linking.unexplained(town)
    assert (missing, last, late) == (rule, date(2026, 3, 13), 0)
    login(client, EDITOR)
    assert "还没有政策解读的文件（1）" in text(client.get("/desk/"))
    draft = explaining(town, rule.document.index_number)
    assert not Link.objects.exists()
    paper = acts.publish_draft(draft)
    assert not linking.unexplained(town)
    assert not list(check_links(town))
    there, here = rule.document.index_number, paper.document.index_number
    page = text(client.get(f"/info/{there}"))
    assert f'href="/info/{here}"' in page and "政策解读" in page
    page = text(client.get(f"/info/{here}"))
    assert f'href="/info/{there}"' in page and "被解读的文件" in page


def test_what_lacks_an_interpretation_is_late_after_three_working_days(clock, town):
    acts.rule(town)
    clock.move_to(datetime(2026, 3, 17, 4, tzinfo=UTC))
    ((_, _, late),) = linking.unexplained(town)
    assert late == 2


def test_a_relation_is_said_once_and_taken_back_with_a_reason(town):
    first, second = acts.published(town), acts.published(town)
    number = first.document.index_number
    linking.link(edition=second, relation="amends", number=number, by=staff(EDITOR))
    with pytest.raises(Refused, match="已经注明过"):
        linking.link(edition=second, relation="amends", number=number, by=staff(EDITOR))
    assert Event.objects.get(type="document.linked").data["target"] == number
    with pytest.raises(Refused, match="为什么取消"):
        linking.unlink(edition=second, relation="amends", number=number, reason="", by=staff(EDITOR))
    linking.unlink(edition=second, relation="amends", number=number, reason="写错了", by=staff(EDITOR))
    with pytest.raises(Refused, match="没有注明过"):
        linking.unlink(edition=second, relation="amends", number=number, reason="写错了", by=staff(EDITOR))
    assert not list(check_links(town))


@pytest.mark.parametrize("number", ["没有/1", "self"])
def test_only_another_published_document_can_be_named(town, number):
    edition = acts.published(town)
    number = edition.document.index_number if number == "self" else number
    with pytest.raises(Refused, match="另一份公开文件"):
        linking.link(edition=edition, relation="rests_on", number=number, by=staff(EDITOR))
    with pytest.raises(Refused, match="权限"):
        linking.link(edition=edition, relation="rests_on", number=number, by=staff(REVIEWER))


def test_verify_notices_a_relation_no_event_tells_of(town):
    first, second = acts.published(town), acts.published(town)
    Link.objects.create(document=first.document, relation="interprets", target=second.document)
    assert len(list(check_links(town))) == 1


def test_a_matter_stands_whole_on_the_page_of_each_of_its_documents(client, town):
    """What a field names by its index number is followed: both pages show the course, in the order of publication."""
    notice = acts.published(town, Content("征求意见的公告", "<p>想听大家怎么说。</p>")).document
    alone = text(client.get(f"/info/{notice.index_number}"))
    assert "这件事的经过" not in alone
    rules = [acts.rule(town, acts.rule_text(consulted=notice.index_number)).document for _ in range(2)]
    assert {row.relation for row in Link.objects.filter(target=notice)} == {"follows"}
    assert not list(check_links(town))
    for row in (notice, *rules):
        page = text(client.get(f"/info/{row.index_number}"))
        card = page.partition("这件事的经过")[2].partition("</ul>")[0]
        assert re.findall(r'href="/info/([^"]+)"', card) == [one.index_number for one in (notice, *rules)]
        assert card.count("就是这份") == 1 and "规范性文件" in card


def test_what_a_document_repeals_it_does_not_follow(town):
    first = acts.rule(town).document
    acts.rule(town, acts.rule_text(repeals=first.index_number))
    assert not Link.objects.exists()


def test_a_document_named_by_its_number_stands_with_its_title(client, town):
    notice = acts.published(town, Content("征求意见的公告", "<p>想听大家怎么说。</p>")).document
    rule = acts.rule(town, acts.rule_text(consulted=notice.index_number, discussed="镇长办公会议\n当场通过"))
    page = client.get(f"/info/{rule.document.index_number}").content.decode()
    assert f'<a href="/info/{notice.index_number}">征求意见的公告</a>' in page
    actions.withdraw(edition=notice.current, ground="wrong", reason="写错了", by=staff(SIGNER))
    page = client.get(f"/info/{rule.document.index_number}").content.decode()
    assert f"<dd>{notice.index_number}</dd>" in page, "a title that is not public any more is not told"
