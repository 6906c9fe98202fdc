"""Who gets into the desk, what each page shows, and what it costs."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from mingtang.demo.items import _ELDER
from mingtang.demo.town import PASSWORD
from mingtang.desk.views import session
from mingtang.disclosure import actions as disclosure
from mingtang.disclosure.actions import Content, Metadata
from mingtang.disclosure.enums import Theme
from mingtang.events.log import CONSOLE
from mingtang.hall.models import Window
from mingtang.people.models import Staff, Unit
from mingtang.rulebook import actions as rulebook
from mingtang.rulebook.models import Version
from tests.factories.cast import ADMINISTRATOR, CENTRE, CLERK_3, EDITOR, JUSTICE, LAND, SIGNER, login, staff
from tests.integration.desk_steps import act, taken_in, text

pytestmark = pytest.mark.django_db
PAGES = [
    "/desk/",
    "/desk/info/",
    "/desk/cases/",
    "/desk/items/",
    "/desk/wanted/",
    "/desk/entry/",
    "/desk/letters/",
    "/desk/money/",
    "/desk/money/import",
    "/desk/people/",
    "/desk/calendar/",
]


@pytest.mark.parametrize("path", PAGES)
def test_nobody_is_sent_to_the_login_and_back_again(client, town, path):
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.url.startswith("/desk/login?next=")
    back = client.post(answer.url, {"username": "guanli", "password": PASSWORD, "next": path})
    assert back.url == path


def test_a_post_without_login_comes_to_the_todo_list(client, town):
    assert client.post("/desk/info/1/submit").url == "/desk/login?next=%2Fdesk%2F"


def test_the_login_leads_nowhere_else(client, town):
    sent = {"username": EDITOR, "password": PASSWORD}
    for wanted in ("https://example.org/", "//example.org/desk/", "/info/", "/desk/../info/"):
        other = Client()
        assert other.post("/desk/login", sent | {"next": wanted}).url in {"/desk/", "/desk/../info/"}


def test_a_wrong_password_is_said_and_the_sixth_is_locked_out(client, town):
    for _ in range(4):
        answer = client.post("/desk/login", {"username": EDITOR, "password": "wrong-words"})
        assert answer.status_code == 422
        assert "用户名或者密码不对" in text(answer)
    locked = client.post("/desk/login", {"username": EDITOR, "password": "wrong-words"})
    assert locked.status_code == 429
    assert "以后再试" in text(locked)
    right = client.post("/desk/login", {"username": EDITOR, "password": PASSWORD})
    assert right.status_code == 429


def test_staff_of_another_town_do_not_get_in_here(client, town, other_town):
    Staff.objects.create(town=other_town, username="beizhou", name="别镇", number="1", password=_hash())
    answer = client.post("/desk/login", {"username": "beizhou", "password": PASSWORD})
    assert answer.status_code == 422
    assert "这个账号不属于万庾镇" in text(answer)
    assert client.get("/desk/").status_code == 302


def _hash() -> str:
    return staff(EDITOR).password


def test_a_switched_off_account_is_out_at_once(client, town):
    login(client, EDITOR)
    Staff.objects.filter(username=EDITOR).update(is_active=False)
    assert client.get("/desk/").status_code == 302


def test_only_a_demo_town_prints_its_accounts(client, town):
    assert session.DEMO_PASSWORD == PASSWORD
    assert PASSWORD in text(client.get("/desk/login"))
    town.is_demo = False
    town.save()
    page = text(client.get("/desk/login"))
    assert PASSWORD not in page
    assert EDITOR not in page


def test_logging_out_is_a_post(client, town):
    login(client, EDITOR)
    assert client.get("/desk/logout").status_code == 405
    assert client.post("/desk/logout").status_code == 302
    assert client.get("/desk/").status_code == 302


def test_the_powerless_get_a_sentence(client, town):
    login(client, LAND)
    answer = client.get("/desk/info/new")
    assert answer.status_code == 403
    assert "要有“起草政府信息”的权限" in text(answer)


def test_acts_are_refused_without_the_forms_token(town):
    guarded = Client(enforce_csrf_checks=True)
    login(guarded, EDITOR)
    assert guarded.post("/desk/info/new", {"title": "x"}).status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_desk_pages_are_never_cached(client, town, path):
    login(client, CENTRE)
    assert "no-store" in client.get(path).headers["Cache-Control"]


def _documents(town, count: int) -> None:
    editor, unit = staff(EDITOR), Unit.objects.get(code="news")
    for number in range(count):
        disclosure.draft(
            town=town,
            metadata=Metadata(unit=unit, theme=Theme.OTHER, generated_on=timezone.localdate()),
            content=Content(title=f"第{number}号通知", body_html="<p>正文。</p>"),
            by=editor,
        )


@pytest.mark.parametrize(
    ("path", "budget"),
    [("/desk/", 29), ("/desk/info/", 10), ("/desk/info/?q=通知&state=draft", 10)],
)
def test_lists_of_documents_cost_the_same_for_one_and_for_many(
    client, town, django_assert_max_num_queries, path, budget
):
    login(client, EDITOR)
    _documents(town, 40)
    with django_assert_max_num_queries(budget):
        answer = client.get(path)
    assert "第39号通知" in text(answer)


def test_older_documents_are_a_page_further(client, town):
    login(client, EDITOR)
    _documents(town, 31)
    first = client.get("/desk/info/")
    assert "第0号通知" not in text(first)
    older = re.search(r'href="(\?[^"]*before=[^"]*)"', text(first)).group(1).replace("&amp;", "&")
    assert "第0号通知" in text(client.get("/desk/info/" + older))


def test_lists_of_cases_cost_the_same_for_one_and_for_many(client, town, django_assert_max_num_queries):
    for _ in range(12):
        taken_in(client, check_resolution="ok")
    for path, budget in (("/desk/", 32), ("/desk/cases/", 9), ("/desk/cases/?q=WY2026&state=submitted", 9)):
        with django_assert_max_num_queries(budget):
            assert text(client.get(path)).count("WY2026") >= 12


def test_a_case_page_stays_within_its_budget(client, town, django_assert_max_num_queries):
    case = taken_in(client, check_resolution="ok")
    act(client, CLERK_3, case, "accept")
    login(client, LAND)
    with django_assert_max_num_queries(42):
        client.get(f"/desk/cases/{case.number}")


def test_nothing_found_says_what_to_do(client, town):
    login(client, EDITOR)
    assert "还没有政府信息" in text(client.get("/desk/info/"))
    assert "没有找到" in text(client.get("/desk/info/?q=没有这样的"))
    assert "没有等您办的事" in text(client.get("/desk/"))


@pytest.mark.parametrize("rest", ["?before=x", "?state=nonsense", "?before=99999999999999999999999", "?q=%26%3D"])
def test_a_damaged_address_still_answers(client, town, rest):
    login(client, "guanli")
    assert client.get(f"/desk/info/{rest}").status_code == 200
    login(client, CENTRE)
    for path in ("/desk/cases/", "/desk/items/"):
        assert client.get(path + rest).status_code == 200


def test_a_program_is_told_in_a_sentence_what_it_may_ask(client, town):
    answer = client.get("/api/v1/search", {"size": "51", "kind": "case", "page": "0", "q": "长" * 1001})
    assert answer.status_code == 422
    said = answer.json()["detail"]
    for words in ("size 是 1 到 50", "kind 只能是", "page 是 1 到 1000", "最长 1000 个字"):
        assert words in said


@pytest.mark.parametrize("path", ["/desk/info/?q=%00", "/info/?issuer=%00", "/search?q=%00", "/api/v1/search?q=%00"])
def test_a_nul_in_a_question_is_no_address_of_ours(client, town, path):
    login(client, "guanli")
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["info/99999999999999999999", "cases/x%00y", "items/%00", "cases/WY2026999999Z", "items/NO-1"]
)
def test_what_does_not_exist_is_said_to_be_missing(client, town, path):
    login(client, "guanli" if "info" in path else CENTRE)
    assert client.get(f"/desk/{path}").status_code == 404


def test_the_words_searched_for_stay_in_every_link(client, town):
    login(client, EDITOR)
    _documents(town, 31)
    page = text(client.get("/desk/info/?q=通知&state=draft"))
    assert "?state=draft&amp;q=%E9%80%9A%E7%9F%A5" in page
    assert "before=" in page


def test_an_item_draft_says_what_it_lacks(client, town):
    bare = {**_ELDER, "basis": [], "materials": [], "phone": ""}
    rulebook.list_item(town=town, code="XX-001", unit=None, data=bare, by=CONSOLE)
    login(client, JUSTICE)
    assert "依据、条件和申报材料" in text(client.get("/desk/items/"))
    page = text(client.get("/desk/items/XX-001", follow=True))
    assert "依据要写到法律名称和条款" in page
    assert "没有选定实施单位" in page
    login(client, CENTRE)
    answer = client.post("/desk/items/XX-001/1/acts/propose")
    assert answer.status_code == 422
    assert "还不能提出" in text(answer)


def test_a_new_item_passes_the_gate_at_the_desk(client, town):
    """Its steps one by one are in test_proposals.py."""
    rulebook.list_item(
        town=town,
        code="XX-002",
        unit=Unit.objects.get(code="social"),
        data={**_ELDER, "name": "老年人优待证补领"},
        by=CONSOLE,
        editor=staff(CENTRE),
    )
    minutes = {"minutes_number": "万政公组纪〔2026〕2号", "decided_on": str(timezone.localdate()), "initial": "on"}
    for username, name, typed in (
        (CENTRE, "propose", {}),
        (CENTRE, "check_basis", {}),
        (JUSTICE, "review", {}),
        (SIGNER, "decide", minutes),
        (CENTRE, "announce", {}),
        (CENTRE, "put_in_force", {}),
    ):
        login(client, username)
        assert "事项变动，等您" in text(client.get("/desk/")) or name == "put_in_force"
        assert client.get("/desk/items/XX-002/1/flow.svg").status_code == 200
        assert client.post(f"/desk/items/XX-002/1/acts/{name}", typed).status_code == 302, name
    assert Version.objects.get(item__code="XX-002").state == "in_force"
    assert client.get("/services/XX-002").status_code == 200


def test_the_list_of_items_costs_the_same_for_one_and_for_many(client, town, django_assert_max_num_queries):
    for number in range(25):
        rulebook.list_item(town=town, code=f"YY-{number:03}", unit=None, data=_ELDER, by=CONSOLE)
    login(client, JUSTICE)
    with django_assert_max_num_queries(8):
        assert "YY-024" in text(client.get("/desk/items/"))


def test_imported_drafts_are_one_row_of_the_to_do_list_until_somebody_works_on_one(client, town):
    for number in range(3):
        rulebook.list_item(town=town, code=f"YY-{number:03}", unit=None, data=_ELDER, by=CONSOLE)
    login(client, CENTRE)
    page = text(client.get("/desk/"))
    assert "导入的草案 3 个" in page and "YY-" not in page
    draft = Version.objects.get(item__code="YY-001")
    rulebook.edit(version=draft, data={**_ELDER, "summary": "写清楚了。"}, by=staff(CENTRE))
    page = text(client.get("/desk/"))
    assert "导入的草案 2 个" in page and "YY-001" in page


def test_a_window_is_closed_with_a_reason_and_a_substitute(client, town):
    login(client, CENTRE)
    window, other = Window.objects.get(number=3), Window.objects.get(number=1)
    bare = client.post(f"/desk/people/windows/{window.pk}/close", {"wA3-reason": "", "wA3-substitute": ""})
    assert bare.status_code == 422
    assert "请写明关窗的原因" in text(bare)
    sent = {"wA3-reason": "停电", "wA3-substitute": str(other.pk)}
    assert client.post(f"/desk/people/windows/{window.pk}/close", sent).status_code == 302
    again = client.post(f"/desk/people/windows/{window.pk}/close", sent)
    assert again.status_code == 422
    assert "已经关着" in text(again)
    assert client.post(f"/desk/people/windows/{window.pk}/open").status_code == 302
    assert client.post(f"/desk/people/windows/{window.pk}/open").status_code == 422


def test_only_whoever_runs_the_hall_closes_windows(client, town):
    login(client, ADMINISTRATOR)
    assert "关这个窗口" not in text(client.get("/desk/people/"))
    assert client.post(f"/desk/people/windows/{Window.objects.first().pk}/close").status_code == 403


def test_a_letter_of_delegation_that_ends_soon_stands_out(client, town):
    letter = staff("zhenzhang").assignments.get().post.delegations.first()
    letter.valid_to = timezone.now() + timedelta(days=10, hours=1)
    letter.save()
    login(client, CENTRE)
    assert "还有 10 天" in text(client.get("/desk/letters/"))


def test_an_administrator_changes_a_day_and_says_why(client, town):
    login(client, ADMINISTRATOR)
    bare = client.post("/desk/calendar/day", {"day": "2026-12-07", "is_workday": "no", "reason": "", "source": "x"})
    assert bare.status_code == 422
    sent = {"day": "2026-12-07", "is_workday": "no", "reason": "镇庆", "source": "县政府办通知〔2026〕9号"}
    assert client.post("/desk/calendar/day", sent).status_code == 302
    page = text(client.get("/desk/calendar/?year=2026&month=12"))
    assert "镇庆" in page
    assert "本镇调整" in page


def test_others_read_the_calendar_only(client, town):
    login(client, LAND)
    assert "调整一天" not in text(client.get("/desk/calendar/"))
    assert client.post("/desk/calendar/day", {}).status_code == 403


@pytest.mark.parametrize("query", ["?year=2026&month=13", "?year=abc&month=1", "?year=9999&month=1", "?month=2"])
def test_an_impossible_month_is_this_month(client, town, query):
    login(client, LAND)
    today = timezone.localdate()
    assert f"{today.year} 年 {today.month} 月，" in text(client.get(f"/desk/calendar/{query}"))
