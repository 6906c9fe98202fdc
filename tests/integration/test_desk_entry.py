"""进驻 at the desk: the centre enters, exempts and plans, both sides sign, the public page follows."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from mingtang.events.log import CONSOLE
from mingtang.hall.models import Entry, Exemption, HandOver, Window
from mingtang.hall.standing import StandingKind, standing_of
from mingtang.people import actions as people
from mingtang.people.models import Post
from mingtang.rulebook.models import Item
from tests.factories import rules
from tests.factories.cast import CENTRE, CLERK_1, FOREST, JUSTICE, SIGNER, login, staff
from tests.integration.desk_steps import text

pytestmark = pytest.mark.django_db
BASE = "/desk/entry/LM-001"
MINUTES = "万政公组纪〔2026〕9号"


def item(code: str = "LM-001") -> Item:
    return Item.objects.select_related("facts", "unit").get(code=code)


def kind(code: str = "LM-001") -> str:
    return standing_of(item(code), timezone.localdate()).kind


def day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def enter(client, number: int = 3, **values):
    window = Window.objects.get(number=number).pk
    return client.post(f"{BASE}/enter", {"enter-window": window, "enter-since_on": day(0), **values})


def exempt(client, **values):
    said = {"reason": "专线没有接到窗口。", "minutes_number": MINUTES, "from_on": day(0), "until_on": day(20)}
    return client.post(f"{BASE}/exempt", {f"exempt-{name}": value for name, value in (said | values).items()})


def plan(client, *rows: tuple[str, str], **more):
    said = {"rows": "4"}
    for n, (title, due) in enumerate(rows, 1):
        said |= {f"plan-title_{n}": title, f"plan-due_{n}": due}
    return client.post(f"{BASE}/plan", said | more)


def test_from_missing_by_exemption_and_plan_into_the_hall(client, town):
    login(client, CENTRE)
    assert kind() == StandingKind.MISSING
    assert "没有进驻，也没有批准暂缓" in text(client.get("/desk/entry/"))
    assert exempt(client).status_code == 302
    assert kind() == StandingKind.EXEMPT
    assert plan(client, ("材料清单交给窗口", day(1)), ("双方验收", day(9))).status_code == 302
    assert "登记进驻" not in text(client.get(BASE)), "not before both sides have signed"
    first, second = HandOver.objects.get().milestones.all()
    for milestone in (first, second):
        for username, side in ((FOREST, "unit"), (CENTRE, "centre")):
            login(client, username)
            assert "签字" in text(client.get(BASE))
            assert client.post(f"/desk/entry/milestones/{milestone.pk}/sign", {"side": side}).status_code == 302
    login(client, CENTRE)
    assert "双方都签完了" in text(client.get(BASE))
    assert enter(client).status_code == 302
    assert kind() == StandingKind.ENTERED
    assert Exemption.objects.get().ended_reason == "已经进驻"
    public = text(client.get("/entry/"))
    assert "专线没有接到窗口" in public
    assert "双方已签" in public


def test_what_waits_in_the_register_stands_on_the_todo_list(client, town):
    login(client, CENTRE)
    plan(client, ("材料清单交给窗口", day(0)), ("双方验收", day(9)))
    first = HandOver.objects.get().milestones.get(order=1)
    for username in (CENTRE, FOREST):
        login(client, username)
        home = text(client.get("/desk/"))
        assert "签收移交节点：材料清单交给窗口" in home
        assert "今天到期" in home
        assert "双方验收" not in home, "one after the other"
    login(client, JUSTICE)
    assert "签收移交节点" not in text(client.get("/desk/")), "neither side"
    login(client, FOREST)
    client.post(f"/desk/entry/milestones/{first.pk}/sign", {"side": "unit"})
    assert "签收移交节点：双方验收" in text(client.get("/desk/")), "the next"
    login(client, CENTRE)
    assert "签收移交节点：材料清单交给窗口" in text(client.get("/desk/"))


@pytest.mark.parametrize("side", ["centre", "unit"])
def test_whoever_signed_for_one_side_is_not_asked_for_the_other(client, town, side):
    """Two sides are two persons, also where one person belongs to both."""
    login(client, CENTRE)
    plan(client, ("材料清单交给窗口", day(3)))
    row = HandOver.objects.get().milestones.get()
    post = Post.objects.get(town=town, code="forest-check")
    people.appoint(staff=staff(CENTRE), post=post, by=CONSOLE)
    assert "签收移交节点" in text(client.get("/desk/"))
    client.post(f"/desk/entry/milestones/{row.pk}/sign", {"side": side})
    assert "签收移交节点" not in text(client.get("/desk/"))


def test_who_runs_the_windows_is_told_of_an_exemption_that_ran_out(client, town):
    login(client, CENTRE)
    exempt(client)
    with time_machine.travel(timezone.now() + timedelta(days=20), tick=False):
        login(client, CENTRE)
        assert "暂缓到期" not in text(client.get("/desk/")), "the last day still counts"
    with time_machine.travel(timezone.now() + timedelta(days=21), tick=False):
        login(client, CENTRE)
        assert "1 个事项暂缓到期，还没有进驻" in text(client.get("/desk/"))


def test_it_leaves_by_decision_of_the_group(client, town):
    login(client, CENTRE)
    enter(client)
    row = Entry.objects.get()
    said = {f"e{row.pk}-reason": "窗口装修。", f"e{row.pk}-minutes_number": ""}
    answer = client.post(f"/desk/entry/rows/{row.pk}/leave", said)
    assert answer.status_code == 422
    assert "没有集体决定，不能登记退出" in text(answer)
    assert "窗口装修。" in text(answer)
    client.post(f"/desk/entry/rows/{row.pk}/leave", said | {f"e{row.pk}-minutes_number": MINUTES})
    row.refresh_from_db()
    assert (row.left_on, row.left_minutes) == (timezone.localdate(), MINUTES)


def test_a_day_is_moved_with_its_reason(client, town):
    login(client, CENTRE)
    plan(client, ("交材料清单", day(1)))
    row = HandOver.objects.get().milestones.get()
    name = f"m{row.order}"
    assert client.post(f"/desk/entry/milestones/{row.pk}/move", {f"{name}-due_on": day(5)}).status_code == 422
    said = {f"{name}-due_on": day(5), f"{name}-reason": "专线要等县里排期。"}
    assert client.post(f"/desk/entry/milestones/{row.pk}/move", said).status_code == 302
    assert "专线要等县里排期。" in text(client.get(BASE))
    row.refresh_from_db()
    assert (row.due_on.isoformat(), row.first_due_on.isoformat()) == (day(5), day(1))


def test_more_rows_of_a_plan_come_with_what_was_typed(client, town):
    login(client, CENTRE)
    answer = plan(client, ("交材料清单", day(1)), more="1")
    page = text(answer)
    assert (answer.status_code, page.count("做什么</label>") + page.count("做什么<span")) == (200, 8)
    assert 'value="交材料清单"' in page
    assert not HandOver.objects.exists()


@pytest.mark.parametrize(
    ("send", "says"),
    [
        (lambda c: enter(c, 1), "请从列出的里面选一个"),
        (lambda c: enter(c, **{"enter-since_on": day(3)}), "不能晚于今天"),
        (lambda c: exempt(c, until_on=day(-1)), "到期日要晚于开始日期"),
        (lambda c: exempt(c, reason="找文小满，13912345678"), "手机"),
        (lambda c: plan(c, ("交材料清单", day(1)), ("验收", "")), "两样都要填"),
        (lambda c: plan(c, ("后一步", day(9)), ("前一步", day(1))), "先后排列"),
    ],
)
def test_what_cannot_be_is_said_and_kept(client, town, send, says):
    login(client, CENTRE)
    answer = send(client)
    assert answer.status_code == 422
    assert says in text(answer)
    assert not any(model.objects.exists() for model in (Entry, Exemption, HandOver))


def test_only_the_centre_keeps_the_register_and_only_the_two_sides_sign(client, town):
    login(client, CENTRE)
    plan(client, ("交材料清单", day(1)))
    milestone = HandOver.objects.get().milestones.get()
    for username in (JUSTICE, SIGNER, FOREST):
        login(client, username)
        assert client.get(BASE).status_code == 200, "everybody reads it"
        assert exempt(client).status_code == enter(client).status_code == 403
        assert client.post(f"/desk/entry/milestones/{milestone.pk}/sign", {"side": "centre"}).status_code == 422
    login(client, CLERK_1)
    assert client.post(f"/desk/entry/milestones/{milestone.pk}/sign", {"side": "unit"}).status_code == 422
    milestone.refresh_from_db()
    assert not (milestone.unit_signed_at or milestone.centre_signed_at)


def test_the_register_is_found_by_name_and_paged(client, town):
    login(client, CENTRE)
    rules.listed(town, "LN-009", name="高龄补贴申领")
    page = text(client.get("/desk/entry/?q=高龄"))
    assert "高龄补贴申领" in page
    assert "农村居民采伐林木许可" not in page
    assert staff(CENTRE).name in page
