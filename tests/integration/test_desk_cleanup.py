"""The clean-up of powers at the desk: opened, each power proposed, reviewed, settled by three persons, closed."""

import re

import pytest
from django.utils import timezone

from mingtang.demo.powers import build_powers
from mingtang.events.models import Event
from mingtang.people.models import Post, Unit
from mingtang.rulebook.models import Campaign, Power, PowerDecision
from mingtang.rulebook.powers import cleanup
from mingtang.rulebook.powers.actions import PowerText, list_power
from tests.factories.cast import BUILD, CENTRE, CLERK_1, FOREST, JUSTICE, LAND, SIGNER, SOCIAL, login, staff
from tests.integration.desk_steps import hidden, text

pytestmark = pytest.mark.django_db
MINUTES = "万政公组纪〔2026〕9号"
HERE = "/desk/powers/cleanup/"


@pytest.fixture
def powers(town):
    build_powers(town)
    return town


def listed(town, *codes: str, unit: str = "forestry") -> list[Power]:
    return [
        list_power(
            town=town,
            code=code,
            minutes_number=MINUTES,
            by=None,
            text=PowerText(
                name=f"检查{code}",
                type="06",
                plan_class="other",
                unit=Unit.objects.get(town=town, code=unit),
                post=Post.objects.get(code="forest-check") if unit == "forestry" else None,
                basis=(("森林法", "第五十七条"),),
                scope="林地",
                place="全镇",
            ),
        )
        for code in codes
    ]


def begun(client, **changes) -> str:
    login(client, CENTRE)
    typed = {"title": "全面清理", "from_on": "2026-11-01", "to_on": "2026-12-31", "minutes_number": MINUTES}
    return client.post(f"{HERE}open", typed | changes)


def keep(client, code: str, **changes):
    return client.post(f"{HERE}{code}/propose", {"verdict": "keep", "reason": "群众用得多。"} | changes)


def todo(client) -> list[str]:
    """The titles of the clean-up's rows on the to-do list."""
    page = text(client.get("/desk/"))
    return re.findall(r'<a href="/desk/powers/cleanup/[^"]*">.*?<strong>(.*?)</strong>', page)


def test_a_campaign_goes_from_the_first_power_to_the_last_and_each_time_the_next_is_offered(client, town):
    listed(town, "A-1", "A-2", "A-3")
    assert begun(client).url == HERE
    login(client, FOREST)
    assert todo(client) == ["等林业站提意见的权力 3 项"]
    page = text(client.get(f"{HERE}A-1"))
    assert "提出意见" in page and "先不办这一项，看下一项：检查A-2" in page and "审核通过" not in page
    assert keep(client, "A-1").url == f"{HERE}A-2"
    page = text(client.get(f"{HERE}A-2"))
    assert "下一项在这里，还有 2 项" in page and '<option value="群众用得多。">' in page
    assert keep(client, "A-3", verdict="cancel", reason="不用了。").url == f"{HERE}A-2", "round again"
    change = {"verdict": "change", "reason": "太宽。", "change_note": "只管自留山。"}
    assert keep(client, "A-2", **change).url == f"{HERE}?state=propose"
    assert todo(client) == []

    login(client, JUSTICE)
    assert todo(client) == ["等您审核的清理意见 3 项"]
    assert client.post(f"{HERE}A-1/review").url == f"{HERE}A-2"
    assert client.post(f"{HERE}A-2/send_back", {"back-reason": "理由没有写清楚。"}).url == f"{HERE}A-3"
    assert client.post(f"{HERE}A-3/review").url == f"{HERE}?state=review"
    login(client, FOREST)
    assert "退回的理由：理由没有写清楚。" in text(client.get(f"{HERE}A-2"))
    keep(client, "A-2", **change)
    login(client, JUSTICE)
    client.post(f"{HERE}A-2/review")

    login(client, CENTRE)
    refused = client.post(f"{HERE}close")
    assert refused.status_code == 422 and "还有 3 项权力没有决定，不能结束：“检查A-1”“检查A-2”“检查A-3”" in text(
        refused
    )
    login(client, SIGNER)
    assert todo(client) == ["等您登记集体决定的权力 3 项"]
    assert client.post(f"{HERE}A-1/settle", {"minutes_number": MINUTES}).url == f"{HERE}A-2"
    assert f'value="{MINUTES}"' in text(client.get(f"{HERE}A-2")), "one meeting decides about many"
    client.post(f"{HERE}settle", {"act": "settle", "power": ["A-2", "A-3"], "minutes_number": MINUTES})
    assert dict(Power.objects.values_list("code", "status")) == {"A-1": "listed", "A-2": "listed", "A-3": "cancelled"}
    login(client, CENTRE)
    assert todo(client) == ["决定调整、等您改好的权力 1 项"]
    assert 'href="/desk/powers/A-2/revise"' in text(client.get(f"{HERE}?state=carry_out"))
    refused = client.post(f"{HERE}close")
    assert refused.status_code == 422 and "没有改好，不能结束：“检查A-2”" in text(refused)
    PowerDecision.objects.filter(power__code="A-2").update(carried_out_at=timezone.now())
    assert client.post(f"{HERE}close").url == HERE
    page = text(client.get(HERE))
    assert "已经结束" in page and "启动一次清理" in page and "结束这次清理" not in page
    assert "/desk/powers/A-3" in page and "A-1" in page
    assert client.get(f"{HERE}A-1").status_code == 404
    assert Event.objects.filter(type="cleanup.closed").count() == 1


def test_an_order_without_minutes_or_with_wrong_dates_is_told_and_kept(client, town):
    for changes, said in (
        ({"minutes_number": ""}, "不能启动清理"),
        ({"to_on": "2026-10-01"}, "截止日期要晚于开始日期"),
        ({"from_on": "2026-13-01"}, "日期"),
        ({"title": ""}, "请写明清理的名称"),
    ):
        answer = begun(client, **changes)
        assert answer.status_code == 422 and said in text(answer), changes
        assert ("title" in changes) or 'value="全面清理"' in text(answer)
    assert not Campaign.objects.exists()
    begun(client)
    assert "还没有结束，不能再启动一次" in text(begun(client))


def test_what_an_opinion_lacks_is_told_and_what_was_typed_stays(client, powers):
    login(client, BUILD)
    for changes, said in (
        ({"reason": ""}, "请写明理由"),
        ({"verdict": ""}, "请选保留、调整、取消或者上交"),
        ({"verdict": "change"}, "请写明怎样调整"),
        ({"verdict": "hand_up"}, "请写明上交给哪个上级机关"),
        ({"handed_to": "县里"}, "只有选“上交”才写"),
        ({"reason": "张三身份证430623195603080012"}, "身份证"),
    ):
        answer = keep(client, "WY-CF-01", **changes)
        assert answer.status_code == 422 and said in text(answer), changes
        assert changes.get("reason", "群众用得多。") in text(answer)
    assert not PowerDecision.objects.filter(power__code="WY-CF-01").exists()
    for act in ("review", "settle", "send_back"):
        answer = client.post(f"{HERE}WY-CF-01/{act}", {"minutes_number": MINUTES, "back-reason": "x"})
        assert answer.status_code == 422 and "还没有提出意见" in text(answer)
    assert client.post(f"{HERE}WY-CF-01/burn").status_code == 404


def test_the_abolished_class_is_not_offered_to_be_kept(client, town):
    begun(client)
    (power,) = listed(town, "A-1")
    Power.objects.filter(pk=power.pk).update(plan_class="non_licence", type="10")
    login(client, FOREST)
    page = text(client.get(f"{HERE}A-1"))
    assert 'value="keep"' not in page and "不能保留" in page
    assert keep(client, "A-1").status_code == 422
    assert "“非行政许可审批”还剩 1 项" in text(client.get(HERE))


def test_each_is_offered_and_allowed_the_acts_of_their_post_alone(client, powers):
    offered = {
        (LAND, "WY-JC-02"): {"propose"},
        (LAND, "WY-JC-01"): set(),
        (CENTRE, "WY-JC-01"): {"propose"},
        (CLERK_1, "WY-JC-01"): set(),
        (JUSTICE, "WY-GG-01"): {"review", "send_back"},
        (SOCIAL, "WY-GG-01"): {"propose"},
        (SIGNER, "WY-GG-01"): set(),
        (JUSTICE, "WY-JF-01"): {"send_back"},
        (SIGNER, "WY-JF-01"): {"settle"},
        (CENTRE, "WY-NB-02"): set(),
    }
    for (who, code), acts in offered.items():
        login(client, who)
        page = text(client.get(f"{HERE}{code}"))
        assert set(re.findall(rf'action="{HERE}{code}/([a-z_]+)"', page)) == acts, (who, code)
    login(client, CLERK_1)
    before = Event.objects.count()
    for code, act in (
        ("WY-JC-01", "propose"),
        ("WY-GG-01", "review"),
        ("WY-GG-01", "send_back"),
        ("WY-JF-01", "settle"),
    ):
        typed = {"verdict": "keep", "reason": "要用。", "back-reason": "不行。", "minutes_number": MINUTES}
        assert client.post(f"{HERE}{code}/{act}", typed).status_code == 422
    for act in ("close", "settle", "open"):
        assert client.post(f"{HERE}{act}", {"power": "WY-JF-01", "minutes_number": MINUTES}).status_code == 403
    assert Event.objects.count() == before


def test_three_persons_have_a_hand_in_it_though_one_post_could_do_all(client, powers):
    Post.objects.filter(code="centre-head").update(roles=["centre_head", "justice", "office_head"])
    decision = PowerDecision.objects.get(power__code="WY-GG-01")
    cleanup.propose(campaign=decision.campaign, power=decision.power, verdict="keep", reason="要用。", by=staff(CENTRE))
    login(client, CENTRE)
    page = text(client.get(f"{HERE}WY-GG-01"))
    assert 'WY-GG-01/review"' not in page and 'WY-GG-01/send_back"' in page
    assert "不能审核自己的意见" in text(client.post(f"{HERE}WY-GG-01/review"))
    cleanup.review(decision=decision, by=staff(JUSTICE))
    assert "勾选" in text(client.get(f"{HERE}?state=settle"))
    assert 'name="power" value="WY-GG-01"' not in text(client.get(f"{HERE}?state=settle"))
    typed = {"act": "settle", "power": ["WY-GG-01", "WY-JF-01"], "minutes_number": MINUTES}
    answer = client.post(f"{HERE}settle?state=settle", typed)
    assert answer.status_code == 422 and "“老年人优待证办理”：" in text(answer) and "一项都没有登记" in text(answer)
    assert PowerDecision.objects.get(power__code="WY-JF-01").state == "reviewed", "all or none"


def test_several_are_settled_under_one_number_and_what_is_ticked_stays_ticked(client, town):
    begun(client)
    campaign = Campaign.objects.get()
    for power in listed(town, "A-1", "A-2", "A-3"):
        decision = cleanup.propose(campaign=campaign, power=power, verdict="keep", reason="要用。", by=staff(FOREST))
        cleanup.review(decision=decision, by=staff(JUSTICE))
    login(client, SIGNER)
    assert text(client.get(HERE)).count('name="power"') == 3, "where their turn is first"
    ticked = client.post(f"{HERE}settle?state=settle", {"act": "all", "listed": ["A-1", "A-2"], "minutes_number": "纪"})
    assert text(ticked).count(" checked") == 2 and hidden(ticked, "minutes_number") == "纪"
    none = client.post(f"{HERE}settle?state=settle", {"act": "settle", "minutes_number": MINUTES})
    assert none.status_code == 422 and "请先勾选" in text(none) and 'id="id_power"' in text(none)
    bare = client.post(f"{HERE}settle?state=settle", {"act": "settle", "power": ["A-1", "A-3"], "minutes_number": ""})
    assert bare.status_code == 422 and "没有集体决定" in text(bare) and text(bare).count(" checked") == 2
    done = client.post(
        f"{HERE}settle?state=settle", {"act": "settle", "power": ["A-1", "A-3"], "minutes_number": MINUTES}
    )
    assert done.url == f"{HERE}?state=settle"
    assert f"2 项权力的集体决定已经登记（{MINUTES}）" in text(client.get(done.url))
    assert set(PowerDecision.objects.values_list("power__code", "state")) == {
        ("A-1", "settled"),
        ("A-2", "reviewed"),
        ("A-3", "settled"),
    }


def test_the_list_of_a_campaign_narrows_and_an_earlier_one_can_be_read(client, powers):
    login(client, JUSTICE)
    page = text(client.get(HERE))
    assert "等审核的（1）" in page and "/desk/powers/cleanup/WY-GG-01" in page, "where their turn is first"
    assert "WY-JC-02" in text(client.get(f"{HERE}?state=propose&unit=land"))
    assert "WY-JC-02" not in text(client.get(f"{HERE}?state=propose&unit=construction"))
    assert client.get(f"{HERE}?number=1999-1").status_code == 404
    number = Campaign.objects.get().number
    assert "万庾镇" in text(client.get(f"{HERE}?number={number}&state=done"))
    Campaign.objects.update(closed_at=timezone.now(), closed_by=staff(CENTRE))
    page = text(client.get(f"{HERE}?number={number}"))
    assert "已经结束" in page and "/desk/powers/WY-FX-01" in page and "等审核的" not in page
    assert todo(client) == []


def test_the_other_town_has_its_own_clean_up(client, powers, other_town):
    login(client, CENTRE)
    for path in (HERE, f"{HERE}WY-GG-01"):
        answer = client.get(path, headers={"host": "other.example"})
        assert answer.status_code == 302 and answer.url.startswith("/desk/login")
    Campaign.objects.update(town=other_town)
    login(client, CENTRE)
    assert "还没有开展过权力清理" in text(client.get(HERE))
    assert client.get(f"{HERE}WY-GG-01").status_code == 404
