"""收费公示 on the site: the board follows the versions in force and the calendar, every town sees its own."""

import copy
import json
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mingtang.demo.fees import CODE, build_fees
from mingtang.events import follow
from mingtang.lib.errors import Refused
from mingtang.people.models import Staff
from mingtang.portal import keys
from mingtang.portal.stored import page_store
from mingtang.portal.wrapper import START
from mingtang.rulebook import actions, board, facts
from mingtang.rulebook.laws.actions import abolish
from mingtang.rulebook.models import Item, Law
from tests.factories import rules
from tests.factories.cast import CENTRE, SIGNER, staff

pytestmark = pytest.mark.django_db
HOME, FIRM = "居民电能表校验费", "企业电能表校验费"
OTHER = {"host": "other.example"}


@pytest.fixture
def charging(town):
    build_fees(town)
    follow.settle()
    return town


def page(client, path: str, status: int = 200) -> str:
    """The page, asked for behind the store as a browser does."""
    answer = client.get(path, **{START: page_store().begin("430623107")})
    assert answer.status_code == status, path
    return answer.content.decode()


def is_stored(path: str) -> bool:
    return page_store().find("430623107", path) is not None


def changed(town, **fee) -> list[dict]:
    """The fees of the item, the first with some columns changed."""
    first, *rest = copy.deepcopy(Item.objects.get(town=town, code=CODE).current.data["fees"])
    return [{**first, **fee}, *rest]


def eased(town, **fee) -> None:
    """A version that asks less, put in force by the short way."""
    rules.in_force(rules.drafted(town, CODE, fees=changed(town, **fee)))
    follow.settle()


def names(town) -> list[str]:
    return [
        row.fee.name for row in board.charges(town) if row.standing(timezone.localdate()) == board.Standing.IN_FORCE
    ]


# What is shown


def test_a_unit_s_board_has_every_column_and_leads_to_the_law(client, charging):
    text = page(client, "/fees/power")
    assert is_stored("/fees/power")
    for word in (
        HOME, "30元／块", "一件最多收 90元", "居民用户", "低保户、特困户：不用交", "经营服务性收费，单位收入",
        "万电价〔2026〕1号（演示文件，金额是编的）", "用户申请校验电能表时收", "增值税电子普通发票",
        "0730-5550002", "12345、12315", "现行",
    ):  # fmt: skip
        assert word in text, word
    assert re.search(r'<a href="/laws/\d+#article-6">《中华人民共和国价格法》第六条、第十三条（法律）</a>', text)
    sheet = text[text.index('class="paper"') :]
    heads = re.findall(r'<th scope="col">([^<]+)</th>', sheet)
    assert heads[:3] == ["序号", "执收单位", "项目名称、编码"] and len(heads) == 13
    assert "（演示）" in sheet, "a printed sheet of the demo says so too"


def test_a_unit_without_a_fee_says_zero_aloud_and_a_silent_utility_says_that_it_is_silent(client, charging):
    assert "林业站不收任何费用。" in page(client, "/fees/forestry")
    assert "卫生院还没有公布收费项目。" in page(client, "/fees/health")
    page(client, "/fees/nowhere", 404)


def test_the_town_s_board_narrows_by_payer_trade_and_unit(client, charging):
    everything = page(client, "/fees/")
    assert is_stored("/fees/") and HOME in everything and FIRM in everything
    assert "不收任何费用的单位" in everything and "还没有公布收费项目的单位" in everything
    firm, farmer = page(client, "/fees/?payer=firm"), page(client, "/fees/?payer=farmer")
    assert FIRM in firm and HOME not in firm and "企业缴费卡" in firm
    assert HOME in farmer and FIRM not in farmer and "农民负担卡" in farmer
    assert "没有符合条件的收费" in page(client, "/fees/?trade=health")
    assert HOME in page(client, "/fees/?trade=power&unit=power")
    for strange in ("payer=x", "trade=%27", "unit=" + "长" * 300, "payer=firm&payer=x"):
        page(client, f"/fees/?{strange}")


def test_the_data_beside_the_pages_say_the_same(client, charging):
    told = json.loads(page(client, "/fees/power.json"))
    assert [row["name"] for row in told["in_force"]] == [HOME, FIRM]
    assert (told["in_force"][0]["amount_fen"], told["in_force"][0]["since"]) == (3000, timezone.localdate().isoformat())
    assert json.loads(page(client, "/fees.json"))["fees"] == told["in_force"]
    assert json.loads(page(client, "/fees/forestry.json"))["in_force"] == []


def test_another_town_sees_nothing_and_no_page_names_a_person(client, charging, other_town):
    people = [name.removesuffix("（演示）") for name in Staff.objects.values_list("name", flat=True)]
    for path in ("/fees/", "/fees/power", "/fees.json", "/fees/power.json", f"/services/{CODE}/fees"):
        answer = client.get(path, headers=OTHER)
        assert answer.status_code == (200 if path in ("/fees/", "/fees.json") else 404), path
        assert not any(word in answer.content.decode() for word in (HOME, FIRM, CODE, "万庾")), path
        text = page(client, path)
        assert not any(name in text for name in people), path


# It follows the rules and the calendar


def test_the_board_is_exactly_the_fees_of_the_versions_in_force(client, charging):
    eased(charging, amount=2000)
    in_force = [fee.name for item in Item.objects.filter(current__state="in_force") for fee in item.current.spec.fees]
    assert names(charging) == in_force == [HOME, FIRM]
    assert "20元／块" in page(client, "/fees/power") and "30元／块" not in page(client, "/fees/")


def test_a_lower_fee_drops_the_stored_pages_and_its_history_keeps_both(client, charging):
    paths = ("/fees/", "/fees/power", "/fees.json", "/fees/power.json", f"/services/{CODE}/fees")
    for path in paths:
        page(client, path)
        assert is_stored(path), path
    eased(charging, amount=2000)
    assert not any(is_stored(path) for path in paths)
    text = page(client, f"/services/{CODE}/fees")
    assert text.index("20元／块") < text.index("30元／块") and "以后不再收" in text
    assert f'href="/services/{CODE}/changes#v1"' in text and f'href="/services/{CODE}/changes#v2"' in text
    assert len(re.findall(r'<a href="/ledger/entry/\d+">公开日志第 \d+ 号，可验</a>', text)) == 3
    ended = page(client, "/fees/power")
    assert "<s>30元／块</s>" in ended[ended.index('id="ended"') :]


def test_a_dearer_fee_is_shown_before_it_holds_and_charged_only_then(client, charging):
    version = rules.approved(rules.drafted(charging, CODE, fees=changed(charging, amount=3500)))
    follow.settle()
    page(client, "/fees/power")
    version = actions.announce(version=version, by=staff(CENTRE))
    follow.settle()
    assert not is_stored("/fees/power")
    for path in ("/fees/", "/fees/power", f"/services/{CODE}/fees"):
        text = page(client, path)
        assert "由 30元／块 改为 35元／块" in text and "在那以前，按现在的收" in text, path
    assert json.loads(page(client, "/fees/power.json"))["announced"][0]["from"] == version.effective_on.isoformat()
    noon = datetime.combine(version.effective_on, datetime.min.time(), ZoneInfo("Asia/Shanghai")) + timedelta(hours=12)
    with time_machine.travel(noon, tick=False):
        actions.put_due_in_force()
        follow.settle()
        text = page(client, "/fees/power")
    assert "35元／块" in text and "改为 35元／块" not in text


def test_a_fee_leaves_the_board_the_day_after_its_last_and_comes_on_its_first(client, charging):
    today = timezone.localdate()
    last, first = today + timedelta(days=9), today + timedelta(days=5)
    eased(charging, valid_to=last.isoformat())
    assert f"现行，收到{last.year}年{last.month}月{last.day}日为止" in page(client, "/fees/power")
    assert is_stored("/fees/power")
    with time_machine.travel(timezone.now() + timedelta(days=10), tick=False):
        keys.new_day()
        assert not is_stored("/fees/power"), "the scheduler drops it at midnight"
        text = page(client, "/fees/power")
        assert names(charging) == [FIRM]
        assert HOME in text[text.index('id="ended"') :] and HOME not in text[: text.index('id="ended"')]
        assert "现在不能再收" in text
        assert HOME not in page(client, f"/services/{CODE}")
        bill = page(client, f"/services/{CODE}/fees?ask_user=home&ask_meters=1")
        assert "按您说的情况，不收费。" in bill
    later = changed(charging, valid_from=first.isoformat())
    rules.in_force(rules.drafted(charging, CODE, fees=later[:1]))
    text = page(client, "/fees/power")
    assert names(charging) == [] and "公布了、还没开始收的" in text
    assert f"{first.year}年{first.month}月{first.day}日起收" in text


def test_a_suspended_item_charges_nothing(client, charging):
    item = Item.objects.get(code=CODE)
    actions.suspend(version=item.current, reason="标准表送检。", by=staff(SIGNER))
    follow.settle()
    assert names(charging) == []
    assert "还没有公布收费项目" in page(client, "/fees/power") and "以后不再收" in page(client, "/fees/power")
    assert "这件事现在不办，不能收费" in page(client, f"/services/{CODE}/fees")


def test_a_basis_that_died_is_marked_at_once(client, charging):
    assert "已失效" not in page(client, "/fees/power")
    law = Law.objects.get(key="价格法")
    abolish(law=law, on=timezone.localdate(), reason="演示")
    follow.settle()
    assert not is_stored("/fees/power")
    assert "已失效" in page(client, "/fees/power")


# The sum, and what was really asked


def test_the_calculator_works_out_the_sum(client, charging):
    for query, said, total in (
        ("ask_user=home&ask_meters=2", "2 块 × 30元 = 60元", "60元"),
        ("ask_user=home&ask_meters=４", "4 块 × 30元 = 120元，一件最多收 90元", "90元"),
        ("ask_user=relief&ask_meters=3", "3 块 × 30元 = 90元，低保户、特困户，不用交", "0元"),
        ("ask_user=firm&ask_meters=3", "3 块 × 80元 = 240元", "240元"),
        ("ask_user=firm&ask_meters=0", "0 块 × 80元 = 0元", "0元"),
    ):
        text = page(client, f"/services/{CODE}/fees?{query}")
        assert said in text and f"一共交 {total}" in text, query


def test_a_bad_answer_is_told_at_its_field_and_what_was_typed_stays(client, charging):
    for query, said in (
        ("ask_user=home", "没有就填 0"),
        ("ask_user=home&ask_meters=-1", "只填整数"),
        ("ask_user=home&ask_meters=51", "最多填 50"),
        ("ask_user=king&ask_meters=1", "从列出的答案里选一个"),
        ("ask_meters=" + "9" * 500, "只填整数"),
    ):
        text = page(client, f"/services/{CODE}/fees?{query}", 422)
        assert said in text and 'id="errors"' in text and "一共交" not in text, query
        assert ("home" in query) is bool(re.search(r'value="home" checked', text)), query


def test_an_item_that_never_charged_says_so(client, charging):
    assert "这件事不收费，从公布以来也没有收过" in page(client, "/services/LN-001/fees")
    page(client, "/services/NONE-1/fees", 404)


def test_the_guide_lists_its_fees_and_leads_to_the_sum(client, charging):
    text = page(client, f"/services/{CODE}")
    section = text[text.index('id="fees"') :]
    for word in (HOME, "30元／块，一件最多 90元", "低保户、特困户：不用交", f'href="/services/{CODE}/fees"'):
        assert word in section, word
    assert "不收费。有人收钱，您可以不交。" in page(client, "/services/LN-001")


# The gate, and the cost


def test_the_demo_item_passes_the_gate_and_a_bad_fee_does_not(charging):
    version = rules.drafted(charging, CODE, fees=changed(charging, amount=-1, receipt=""))
    with pytest.raises(Refused) as refused:
        actions.propose(version=version, by=staff(CENTRE))
    assert "负数" in str(refused.value) and "票据" in str(refused.value)


def copies(town, count: int) -> None:
    """More items in force with the same fees, written as rows."""
    item = Item.objects.get(town=town, code=CODE)
    version = item.current
    for number in range(count):
        item.pk, item.code, item.current = None, f"ZZ-{number:03}", None
        item.save()
        version.pk, version.item, version.number = None, item, 1
        version.save()
        Item.objects.filter(pk=item.pk).update(current=version)
        facts.enter(version)


def test_a_board_costs_as_many_queries_for_one_fee_as_for_sixty(client, charging):
    def asked(path: str) -> int:
        page_store().clear(charging.code)
        with CaptureQueriesContext(connection) as queries:
            assert text_count < page(client, path).count(FIRM), path
        return len(queries)

    paths, text_count = ("/fees/?payer=firm", "/fees/power", "/fees.json"), 0
    few = [asked(path) for path in paths]
    copies(charging, 30)
    text_count = 30
    many = [asked(path) for path in paths]
    assert many == few and max(many) <= 16


def test_too_many_fees_for_one_page_are_counted_not_dropped(client, charging, monkeypatch):
    copies(charging, 3)
    monkeypatch.setattr("mingtang.portal.views.fees.SHOWN", 5)
    text = page(client, "/fees/")
    assert "共 8 项" in text and "还有 3 项请选单位看" in text
