"""The pages of powers, clean-up and entry: what they show, that they follow the acts, that a town sees its own."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from mingtang.demo.powers import build_powers
from mingtang.events import follow
from mingtang.hall import entry
from mingtang.hall.models import Window
from mingtang.people.models import Delegation, Staff
from mingtang.portal.stored import page_store
from mingtang.portal.wrapper import START
from mingtang.rulebook.laws.actions import abolish
from mingtang.rulebook.models import Item, Law, Power, PowerDecision
from mingtang.rulebook.powers import cleanup
from tests.factories import acts
from tests.factories.cast import CENTRE, JUSTICE, SIGNER, staff

pytestmark = pytest.mark.django_db
PAGES = ("/powers/", "/powers/WY-XK-01", "/powers/cleanup", "/powers/findings", "/entry/", "/entry/delegations")
OTHER = {"host": "other.example"}


@pytest.fixture
def powers(town):
    build_powers(town)
    follow.settle()
    return town


def page(client, path: str) -> str:
    """The page, asked for behind the store as a browser does."""
    store = page_store()
    answer = client.get(path, **{START: store.begin("430623107")})
    assert answer.status_code == 200, path
    return answer.content.decode()


def is_stored(town, path: str) -> bool:
    return page_store().find(town.code, path) is not None


@pytest.mark.parametrize("path", PAGES)
def test_a_page_answers_names_no_person_and_is_stored(client, powers, path):
    text = page(client, path)
    assert is_stored(powers, path)
    for name in Staff.objects.values_list("name", flat=True):
        assert name.removesuffix("（演示）") not in text


@pytest.mark.parametrize("path", PAGES)
def test_the_other_town_sees_nothing_of_it(client, powers, other_town, path):
    answer = client.get(path, headers=OTHER)
    assert answer.status_code == (404 if "WY-" in path else 200)
    for word in ("万庾", "WY-", "LM-001", "建房", "便民服务中心综合窗口"):
        assert word not in answer.content.decode()


def test_the_list_shows_basis_responsibilities_and_items_of_powers_in_use(client, powers):
    text = page(client, "/powers/")
    assert "《森林法》第五十七条" in text and 'href="/services/LM-001"' in text and "责任 2 条" in text
    assert "/powers/WY-XK-01" in text and "/powers/WY-FX-01" not in text, "cancelled ones are a choice"
    gone = page(client, "/powers/?status=cancelled")
    assert "/powers/WY-FX-01" in gone and "/powers/WY-XK-01" not in gone


def test_choices_narrow_together_and_a_strange_one_is_passed_over(client, powers):
    text = page(client, "/powers/?type=01&unit=forestry")
    assert re.findall(r'href="/powers/(WY-[A-Z]+-\d+)"', text) == ["WY-XK-03"]
    assert "没有符合条件" in page(client, "/powers/?unit=nowhere")
    for query in ("type=99", "status=x", "class=%27", "after=ZZZ", "unit=" + "长" * 999, "type=01&type=02"):
        page(client, f"/powers/?{query}")
    assert client.get("/powers/?after=%00").status_code == 404


def test_a_long_list_turns_pages_by_type_and_code(client, powers):
    first = Power.objects.get(code="WY-GG-01")
    for n in range(60):
        first.pk, first.code = None, f"ZZ-{n:03}"
        first.save()
    text = page(client, "/powers/")
    (after,) = re.findall(r'rel="next" href="([^"]+)"', text)
    assert "ZZ-059" not in text
    assert "ZZ-059" in page(client, after)


def test_a_power_tells_everything_and_its_clean_up(client, powers):
    text = page(client, "/powers/WY-FX-01")
    for word in (
        "已取消",
        "建房图纸预先审核",
        "责任事项",
        "追责情形",
        "司法所所长",
        "万政公组纪〔2026〕3号",
        "还没有记录",
    ):
        assert word in text
    assert client.get("/powers/NONE-1").status_code == 404


def test_a_power_shows_the_articles_in_force_quotes_them_and_tells_when_one_is_gone(client, powers):
    path, law = "/powers/WY-GG-01", Law.objects.get(title="中华人民共和国老年人权益保障法")
    law.articles.filter(number=53).update(text="县级以上人民政府应当优待老年人。")
    text = page(client, path)
    anchor = law.articles.get(number=53).anchor
    assert f'href="/laws/{law.pk}#{anchor}"' in text and "今天有效" in text and "应当优待老年人" in text
    assert is_stored(powers, path)
    abolish(law=law, on=timezone.localdate(), reason="新法")
    follow.settle()
    assert not is_stored(powers, path)
    text = page(client, path)
    assert "已废止" in text and "的依据对不上" in text
    assert "今天有效" not in text and "应当优待" not in text
    assert "依据查不到，或者已经失效（1 处）" in page(client, "/powers/findings")


def test_last_use_is_seen_after_the_decision(client, powers):
    path = "/powers/WY-GG-01"
    assert "还没有记录" in page(client, path)
    assert is_stored(powers, path)
    acts.decided(powers, "LN-001")
    follow.settle()
    assert not is_stored(powers, path)
    assert "还没有记录" not in page(client, path)


def test_the_tally_counts_and_follows_each_act(client, powers):
    text = page(client, "/powers/cleanup")
    assert "“非行政许可审批”剩 0 项" in text
    assert "还有 60 天" in text
    assert is_stored(powers, "/powers/cleanup")
    decision = PowerDecision.objects.get(power__code="WY-JF-01")
    assert "领导小组集体决定" in text
    cleanup.settle(decision=decision, minutes_number="万政公组纪〔2026〕4号", by=staff(SIGNER))
    follow.settle()
    assert not is_stored(powers, "/powers/cleanup")
    assert "万政公组纪〔2026〕4号" in page(client, "/powers/cleanup")


def test_what_remains_of_the_abolished_class_is_shown_in_red(client, town):
    build_powers(town)
    Power.objects.filter(code="WY-FX-01").update(status="listed", ended_on=None)
    assert "“非行政许可审批”还剩 1 项" in page(client, "/powers/cleanup")


def test_a_cancelled_power_makes_its_item_show(client, powers):
    decision = cleanup.propose(
        campaign=PowerDecision.objects.first().campaign,
        power=Power.objects.get(code="WY-GG-01"),
        verdict="cancel",
        reason="法律改了。",
        by=staff(CENTRE),
    )
    cleanup.review(decision=decision, by=staff(JUSTICE))
    cleanup.settle(decision=decision, minutes_number="纪", by=staff(SIGNER))
    text = page(client, "/powers/findings")
    assert "权力已经取消或上交，事项还在办（1 处）" in text
    assert "老年人优待证申领" in text


def test_the_index_shows_its_parts_and_never_a_percentage(client, powers):
    text = page(client, "/entry/")
    assert "%" not in re.sub(r"<[^>]+>", "", text) and "％" not in text and "百分" not in text
    figures = re.findall(r'<span class="fig">(\d+)</span> / <span class="fig">(\d+)</span>', text)
    assert figures == [("3", "3"), ("4", "4"), ("3", "4"), ("1", "4")]
    assert text.count("怎么数的") >= 5


def test_a_register_too_long_for_a_page_shows_the_worst_and_says_how_many(client, powers, monkeypatch):
    Item.objects.get(code="LN-001").entries.all().delete()
    monkeypatch.setattr("mingtang.portal.views.entry.SHOWN_ROWS", 2)
    text = page(client, "/entry/")
    assert "共 4 个事项，要紧的在前，这里列 2 个" in text
    register = text[text.index('id="register"') : text.index('id="exemptions"')]
    assert "老年人优待证申领" in register and "采伐" not in register


def test_an_exemption_is_red_by_itself_when_its_day_is_past(client, powers):
    assert "还有 45 天" in page(client, "/entry/")
    with time_machine.travel(timezone.now() + timedelta(days=46), tick=False):
        page_store().drop(powers.code, {"day"})
        text = page(client, "/entry/")
    assert "已过期 1 天" in text and "暂缓已到期，还没有进驻" in text and "过期没签完" in text


def test_the_register_follows_an_entry_and_the_guide_page_too(client, town):
    build_powers(town)
    follow.settle()
    page(client, "/entry/")
    assert is_stored(town, "/entry/")
    row = Item.objects.get(code="LN-001").entries.get()
    entry.leave(entry=row, reason="窗口装修。", minutes_number="纪", by=staff(CENTRE))
    follow.settle()
    assert not is_stored(town, "/entry/")
    assert "没有进驻，也没有批准暂缓" in page(client, "/entry/")
    today = timezone.localdate()
    entry.enter(
        item=Item.objects.get(code="LN-001"), window=Window.objects.get(number=1), since_on=today, by=staff(CENTRE)
    )
    assert "没有进驻，也没有批准暂缓" not in page(client, "/entry/")


def test_letters_tell_grantor_post_item_step_dates_and_state(client, powers):
    now, letters = timezone.now(), Delegation.objects.order_by("pk")
    first, second, third, _ = letters
    Delegation.objects.filter(pk=first.pk).update(revoked_at=now)
    Delegation.objects.filter(pk=second.pk).update(valid_to=now - timedelta(days=1))
    Delegation.objects.filter(pk=third.pk).update(valid_from=now + timedelta(days=1))
    text = page(client, "/entry/delegations")
    for word in (first.number, "政务公开领导小组分管副镇长", "作出决定", "撤销", "已到期", "还没生效", "现在有效 1 份"):
        assert word in text
    for query in ("before=x", "before=99999999999999999999", "before=-1", "before=０"):
        page(client, f"/entry/delegations?{query}")


def test_what_was_set_up_without_powers_answers_too(client, town):
    for path in PAGES:
        assert client.get(path).status_code == (404 if "WY-" in path else 200)
    assert "没有对应的权力" in page(client, "/powers/findings")
    assert "还没有开展过权力清理" in page(client, "/powers/cleanup")
