"""公开指南: nine parts of the law, composed of what the house knows and of words two persons stand behind."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from mingtang.disclosure import guide
from mingtang.disclosure.guide_composed import compose
from mingtang.disclosure.models import GuideEdition
from mingtang.disclosure.proved_guide import check_guide
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer
from tests.factories.cast import EDITOR, REVIEWER, SIGNER, staff

pytestmark = pytest.mark.django_db
WORDS = {
    "reading": "镇便民服务中心一楼查阅点，工作日 8:30—12:00。",
    "apply": "当面交到党政办公室；信函寄万庾镇人民路。",
    "fax": "没有传真。",
}


def published(town, **changes) -> GuideEdition:
    edition = guide.propose(town=town, words=WORDS | changes, by=staff(SIGNER))
    return guide.publish(edition=edition, by=staff(REVIEWER))


def whole(town) -> dict[str, str]:
    composed = compose(Viewer(town=town))
    return {part.code: "\n".join(line.text for line in part.lines) + part.gap for part in composed.parts}


def test_the_nine_parts_of_the_law_stand_in_its_order():
    lawful = "政府信息的分类 编排体系 获取方式 工作机构名称 办公地址 办公时间 联系电话 传真号码 互联网联系方式"
    assert [part.title for part in guide.parts()] == lawful.split()


def test_what_nobody_wrote_is_a_gap_with_a_name(town):
    composed = compose(Viewer(town=town))
    assert [part.code for part in composed.gaps] == ["access", "fax"]
    assert composed.gaps[1].gap == "“传真号码”还没有写明，由党政办公室主任负责。"
    Jurisdiction.objects.filter(pk=town.pk).update(phone="", address="")
    assert {"address", "phone"} <= {
        part.code for part in compose(Viewer(town=Jurisdiction.objects.get(pk=town.pk))).gaps
    }


def test_the_house_says_what_it_knows_and_the_words_of_the_town_go_before(town):
    text = whole(town)
    assert town.phone in text["phone"] and town.address in text["address"] and town.base_url in text["internet"]
    assert "20个工作日" in text["access"] and "华容县人民政府" in text["access"] and "不用说明用途" in text["access"]
    assert "机构代码加校验位" in text["arrangement"]
    published(town, phone="0730-5550004（党政办公室）")
    text = whole(town)
    assert text["phone"] == "0730-5550004（党政办公室）" and "一楼查阅点" in text["access"]
    assert not compose(Viewer(town=town)).gaps


def test_another_person_publishes_and_until_then_nothing_changes(town):
    edition = guide.propose(town=town, words=WORDS, by=staff(SIGNER))
    assert guide.words_of(town) == {}
    with pytest.raises(Refused, match="权限"):
        guide.publish(edition=edition, by=staff(EDITOR))
    with pytest.raises(Refused, match="已经有一版在等审核"):
        guide.propose(town=town, words=WORDS | {"fax": "无"}, by=staff(SIGNER))
    guide.publish(edition=edition, by=staff(REVIEWER))
    assert guide.words_of(town)["fax"] == "没有传真。"
    with pytest.raises(Refused, match="已经审核过"):
        guide.publish(edition=edition, by=staff(REVIEWER))
    with pytest.raises(Refused, match="没有改动"):
        guide.propose(town=town, words=WORDS, by=staff(SIGNER))
    told = list(Event.objects.filter(subject=f"guide:{town.code}").order_by("pk").values_list("type", flat=True))
    assert told == ["guide.proposed", "guide.published"]


def test_an_edition_sent_back_names_the_reason_and_another_may_follow(town):
    edition = guide.propose(town=town, words=WORDS, by=staff(SIGNER))
    with pytest.raises(Refused, match="退回的理由"):
        guide.send_back(edition=edition, by=staff(REVIEWER), reason=" ")
    guide.send_back(edition=edition, by=staff(REVIEWER), reason="地址少了邮编")
    assert guide.words_of(town) == {}
    assert published(town, address="万庾镇人民路，邮编 414200").number == 2


def test_words_that_must_not_get_out_are_refused_at_their_field(town):
    with pytest.raises(Refused) as caught:
        guide.propose(town=town, words=WORDS | {"phone": "找老王 430623195001011239"}, by=staff(SIGNER))
    assert caught.value.field == "phone"
    with pytest.raises(Refused, match="最多 500 个字"):
        guide.propose(town=town, words=WORDS | {"reading": "长" * 501}, by=staff(SIGNER))


def test_the_database_keeps_two_persons_and_the_words(town):
    edition = published(town)
    with pytest.raises(IntegrityError), transaction.atomic():
        GuideEdition.objects.filter(pk=edition.pk).update(reviewer=edition.author)
    with pytest.raises(DatabaseError, match=r"frozen|append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE disclosure_guideedition SET words = '{}'")


def test_a_guide_changed_behind_the_events_is_found(town):
    published(town)
    assert not list(check_guide(town))
    GuideEdition.objects.update(reviewed_at="2026-01-01T00:00:00Z")
    assert [finding.table for finding in check_guide(town)] == ["disclosure_guideedition"]
