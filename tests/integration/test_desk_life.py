"""What time does to a document, at the desk by HTTP."""

from datetime import UTC, datetime

import pytest
import time_machine

from config.background import sweep
from mingtang.events import follow
from tests.factories import acts
from tests.factories.cast import EDITOR, REVIEWER, SIGNER, login
from tests.integration.desk_steps import text

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def act(client, edition, name, **typed):
    address = f"/desk/info/{edition.pk}/acts/{name}"
    return client.post(address, {f"{name}-{field}": value for field, value in typed.items()})


def test_a_time_is_set_shown_and_kept_to(clock, client, town):
    edition = acts.signed(town)
    address = f"/desk/info/{edition.pk}"
    login(client, SIGNER)
    assert "定一个时间公开" in text(client.get(address))
    refused = act(client, edition, "schedule", at="2026-03-01T09:00")
    assert refused.status_code == 422
    assert "已经过去了" in text(refused)
    assert 'value="2026-03-01T09:00"' in text(refused)
    assert "日期或者时间不存在" in text(act(client, edition, "schedule", at="2026-02-30 09:00"))
    assert "还要写几点" in text(act(client, edition, "schedule", at="2026年3月12日"))
    assert "日期或者时间不存在" in text(act(client, edition, "schedule", at="9999-12-31T23:59+00:00"))
    assert act(client, edition, "schedule", at="2026年3月12日 9:00").status_code == 302
    page = text(client.get(address))
    assert "定在 2026-03-12 09:00 公开" in page
    assert "不等了，现在公开" in page
    assert "2026-03-12 09:00" in text(client.get(f"{address}/preview"))
    assert "定时公开" in text(client.get("/desk/info/?state=scheduled"))
    clock.move_to(datetime(2026, 3, 12, 2, tzinfo=UTC))
    sweep()
    assert client.get(f"/info/{edition.document.index_number}").status_code == 200


def test_a_time_after_the_last_day_is_warned_of(clock, client, town):
    edition = acts.signed(town)
    login(client, SIGNER)
    act(client, edition, "schedule", at="2026-04-20 09:00")
    assert "会算晚公开" in text(client.get(f"/desk/info/{edition.pk}"))


def test_what_was_stopped_stands_on_the_desks_of_author_and_signer(clock, client, town, monkeypatch):
    edition = acts.signed(town)
    login(client, SIGNER)
    act(client, edition, "schedule", at="2026-03-12 09:00")
    type(edition).objects.filter(pk=edition.pk).update(reviewed_sha256="0" * 64)
    clock.move_to(datetime(2026, 3, 12, 2, tzinfo=UTC))
    sweep()
    for who in (EDITOR, SIGNER):
        login(client, who)
        page = text(client.get("/desk/"))
        assert "定了时间、到时没有公开的（1）" in page
        assert "审查以后正文或附件变过" in page
    assert "到了定好的时间，没有公开" in text(client.get(f"/desk/info/{edition.pk}"))


def test_an_act_that_does_not_exist_is_no_page(client, town):
    login(client, SIGNER)
    assert act(client, acts.signed(town), "nonsense").status_code == 404


def test_a_rule_is_shown_in_force_then_expired_and_can_be_repealed(clock, client, town):
    edition = acts.rule(town)
    address, number = f"/desk/info/{edition.pk}", edition.document.index_number
    page = text(client.get(f"/info/{number}"))
    assert "现行有效" in page
    assert "2031-03-01" in page
    assert '现行有效 <span class="strong nums">1</span> 件' in text(client.get("/info/validity"))
    clock.move_to(datetime(2030, 12, 1, 4, tzinfo=UTC))
    login(client, SIGNER)
    assert "有效期快到的文件（1）" in text(client.get("/desk/"))
    assert "还有 90 天" in text(client.get(address))
    clock.move_to(datetime(2031, 3, 2, 4, tzinfo=UTC))
    sweep()
    follow.settle()
    page = text(client.get(f"/info/{number}"))
    assert "有效期到2031年3月1日为止，依据：湖南省规范性文件管理办法" in page
    assert "集贸市场每天六点开门" in page
    assert "已失效" in text(client.get("/info/"))
    assert "已失效" in text(client.get("/info/validity?state=expired"))
    assert "（已失效）" in text(client.get("/search?q=集贸市场管理规定"))
    login(client, EDITOR)
    assert "出更正后的新版" in text(client.get(address))


def test_a_signer_repeals_by_a_document_of_the_town(clock, client, town):
    edition, paper = acts.rule(town), acts.published(town)
    login(client, SIGNER)
    refused = act(client, edition, "repeal", number="没有/1", reason="不再需要")
    assert refused.status_code == 422
    assert "没有索引号为“没有/1”的公开文件" in text(refused)
    number = paper.document.index_number
    assert act(client, edition, "repeal", number=number, reason="不再需要").status_code == 302
    page = text(client.get(f"/info/{edition.document.index_number}"))
    assert f'href="/info/{number}"' in page
    assert "已废止" in page
    assert edition.revision.title in text(client.get("/info/validity?state=repealed"))


def test_three_desks_decide_that_something_is_not_published(clock, client, town):
    edition = acts.drafted(town, acts.content("关于集镇规划方案的讨论记录", "<p>甲方案造价高。</p>"))
    address = f"/desk/info/{edition.pk}"
    login(client, EDITOR)
    refused = act(client, edition, "propose_withholding", ground="", reason="")
    assert refused.status_code == 422
    assert "请写明为什么不能主动公开" in text(refused)
    act(client, edition, "propose_withholding", ground="process", reason="方案还在讨论")
    login(client, REVIEWER)
    assert "拟不主动公开，等您审查、决定的（1）" in text(client.get("/desk/"))
    act(client, edition, "review_withholding")
    assert edition.revision.title not in text(client.get("/info/withheld"))
    login(client, SIGNER)
    assert act(client, edition, "withhold", months="13").status_code == 422
    assert act(client, edition, "withhold", months="3").status_code == 302
    page = text(client.get("/info/withheld"))
    assert edition.revision.title in page
    assert "信息公开条例 第十六条第二款：过程性信息" in page
    assert "甲方案" not in page
    assert client.get(f"/info/{edition.document.index_number}").status_code == 404
    clock.move_to(datetime(2026, 6, 15, 4, tzinfo=UTC))
    login(client, SIGNER)
    assert "晚了 5 天" in text(client.get("/desk/"))
    assert "晚了 5 天" in text(client.get(address))
    act(client, edition, "open_up", reason="方案定了")
    assert edition.revision.title not in text(client.get("/info/withheld"))


def test_a_title_that_may_not_be_read_stands_in_no_list(clock, client, town):
    edition = acts.drafted(town, acts.content("关于王某某患病救助的情况"))
    login(client, EDITOR)
    act(client, edition, "propose_withholding", ground="privacy", reason="涉及病情", hide_title="on")
    login(client, REVIEWER)
    act(client, edition, "review_withholding")
    login(client, SIGNER)
    act(client, edition, "withhold", months="12")
    page = text(client.get("/info/withheld"))
    assert "（标题不公开）" in page
    assert edition.document.index_number in page
    assert "王某某" not in page
