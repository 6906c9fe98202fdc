"""办不成事 through HTTP: told online, at the screen, at the counter; what the public reads and what it never does."""

import re

import pytest

from mingtang.hall import numbers
from mingtang.voices import actions
from mingtang.voices.models import Obstacle
from tests.factories.acts import apply
from tests.factories.cast import CENTRE, CLERK_1, CLERK_3, CLERK_4, POWER, login, staff
from tests.factories.hall import taken
from tests.factories.obstacles import SAID, told

pytestmark = pytest.mark.django_db


def text(response) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode()


def tell(client, path="/obstacles/new", **typed):
    return client.post(path, {"text": SAID, "reason": "sent_around", **typed})


def test_a_resident_tells_it_and_follows_it_by_number_and_code(client, town):
    assert "/obstacles/new?item=LM-001" in text(client.get("/services/LM-001"))
    answer = tell(client, "/obstacles/new?item=LM-001")
    assert answer.status_code == 302
    shown = text(client.get(answer["Location"]))
    row = Obstacle.objects.get()
    assert row.item.code == "LM-001"
    assert row.number in shown and "建房用地窗口" in shown and "给结果" in shown
    assert SAID not in shown, "the paper may be lost: what was written is not shown again"
    wrong = client.get("/obstacles/mine", {"number": row.number, "code": "AAAAAAAAAA"})
    unknown = client.get("/obstacles/mine", {"number": "WYBB2026-9999", "code": "AAAAAAAAAA"})
    assert wrong.status_code == unknown.status_code == 422
    said = re.compile(r'class="error"[^>]*>([^<]+)')
    assert said.findall(text(wrong)) == said.findall(text(unknown))


def test_it_comes_from_a_case_a_number_and_a_slip(client, town):
    applied, contact = apply(town, "LN-001"), taken(town, "LM-001")
    assert tell(client, number=applied.case.number, code=applied.code).status_code == 302
    assert tell(client, number=contact.number, code=numbers.code_of(town, contact.number)).status_code == 302
    client.post("/services/LM-001/slip", {"asked": "还要村里盖章"})
    slip = town.obstacles.model.slip.field.related_model.objects.get()
    assert tell(client, number=slip.number).status_code == 302
    first, second, third = Obstacle.objects.order_by("pk")
    assert (first.case, second.contact, third.slip) == (applied.case, contact, slip)
    assert [row.item.code for row in (first, second, third)] == ["LN-001", "LM-001", "LM-001"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": ""}, "请写明办什么事"),
        ({"text": "长" * 501}, "最多 500 个字"),
        ({"reason": ""}, "请选一个最像的"),
        ({"reason": "no such"}, "请从列出的里面选"),
        ({"number": "WY2026000001X", "code": "AAAA"}, "编号或者查询码不对"),
        ({"number": "A-261127-001", "code": ""}, "号码或者查询码不对"),
        ({"text": "办\x00事"}, "看不见的字符"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, town, typed, said):
    answer = tell(client, name="老张", **typed)
    assert answer.status_code == 422
    assert said in text(answer) and "老张" in text(answer)
    assert not Obstacle.objects.exists()


def test_at_the_screen_of_a_hall_the_next_person_sees_nothing(client, town):
    assert "/obstacles/new?kiosk=hall" in text(client.get("/hall/hall/kiosk"))
    answer = tell(client, "/obstacles/new?kiosk=hall")
    shown = client.get(answer["Location"])
    row = Obstacle.objects.get()
    assert row.channel == "kiosk"
    assert row.number in text(shown) and "抄下" in text(shown)
    assert shown["Refresh"].endswith("url=/hall/hall/kiosk") and "no-store" in shown["Cache-Control"]


def test_a_clerk_writes_it_down_and_says_number_and_code(client, town):
    login(client, CLERK_1)
    bad = client.post("/desk/obstacles/new", {"text": SAID, "reason": "rule", "item": "火星移民"})
    assert bad.status_code == 422 and "没有名称或者编码是“火星移民”的事项" in text(bad) and SAID in text(bad)
    answer = client.post("/desk/obstacles/new", {"text": SAID, "reason": "rule", "item": "采伐"}, follow=True)
    row = Obstacle.objects.get()
    assert (row.item.code, row.owner.code) == ("LM-001", "window-1")
    assert re.search(rf"编号 {row.number}，查询码 [0-9A-Z]{{10}}", text(answer))
    assert SAID in text(answer)
    assert row.number in text(client.get("/desk/")), "it waits in the to-do list"
    login(client, CLERK_4)
    other = text(client.get(f"/desk/obstacles/{row.pk}"))
    assert SAID not in other and "封存" in other and "给结果" not in other
    assert row.number not in text(client.get("/desk/"))
    answer = client.post(f"/desk/obstacles/{row.pk}/pass_on", {"pass_on-organ": "县局", "pass_on-receipt": "1"})
    assert answer.status_code == 422 and "由便民服务中心综合窗口负责" in text(answer)


def test_handed_over_at_the_desk_and_ended_by_a_published_reason(client, town):
    row = told(town, code="LM-001").obstacle
    before = text(client.get("/obstacles/"))
    assert "还没有公布过理由" in before and "跑了几个窗口" in before
    login(client, CLERK_1)
    post = row.owner.__class__.objects.get(code="centre-head")
    client.post(f"/desk/obstacles/{row.pk}/offer", {"offer-post": post.pk, "offer-reason": "要公布理由"})
    login(client, CENTRE)
    assert "转给您，请接下或者退回" in text(client.get("/desk/"))
    client.post(f"/desk/obstacles/{row.pk}/take_over")
    act = f"/desk/obstacles/{row.pk}/explain"
    bad = client.post(act, {"explain-clause": "《森林法》", "explain-text": "打 13812345678 问。"})
    assert bad.status_code == 422 and "打 13812345678 问。" in text(bad)
    said = {"explain-clause": "《森林法》第五十六条", "explain-text": "自留地上的不用许可，直接砍。"}
    assert client.post(act, said).status_code == 302
    client.cookies.clear()
    after = text(client.get("/obstacles/"))
    assert "自留地上的不用许可" in after and "《森林法》第五十六条" in after and "便民服务中心负责解释" in after
    assert SAID not in after and "张某" not in after and row.number not in after


def test_a_draft_is_begun_from_the_desk_and_its_way_is_public(client, town):
    row = actions.assign(
        obstacle=told(town, code="LM-001").obstacle,
        post=staff(CENTRE).assignments.get().post,
        reason="要改规定",
        by=staff(CENTRE),
    )
    login(client, CENTRE)
    page = text(client.get(f"/desk/obstacles/{row.pk}"))
    assert "按现行的一版新开一份草案" in page
    assert client.post(f"/desk/obstacles/{row.pk}/change", {"change-version": "999999"}).status_code == 422
    assert client.post(f"/desk/obstacles/{row.pk}/change", {"change-version": "new"}).status_code == 302
    row.refresh_from_db()
    assert row.version.number == 2
    client.cookies.clear()
    public = text(client.get("/obstacles/"))
    assert "因为办不成，要改的规定" in public and "正在起草" in public


def test_whoever_serves_nobody_is_told_so(client, town):
    told(town)
    login(client, POWER)
    assert client.get("/desk/obstacles/").status_code == 403
    login(client, CLERK_3)
    assert client.get("/desk/obstacles/?state=open&page=0").status_code == 200
    assert client.get("/desk/obstacles/999999").status_code == 404
    assert client.post(f"/desk/obstacles/{Obstacle.objects.get().pk}/destroy").status_code == 404


def test_lists_cost_the_same_for_one_and_for_many(client, town, django_assert_max_num_queries):
    for number in range(12):
        told(town, f"form-{number}", code="LM-001" if number % 2 else "JF-001")
    login(client, CLERK_1)
    for path, budget in (("/desk/obstacles/", 10), ("/obstacles/", 9)):
        with django_assert_max_num_queries(budget):
            assert client.get(path).status_code == 200
