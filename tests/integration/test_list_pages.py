"""公示表 over HTTP: what everybody reads, the row only its person opens, the desk; no route tells who is who."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from config.background import sweep
from mingtang.cases.models import Payout
from mingtang.cases.numbers import code_for
from mingtang.disclosure import columns
from mingtang.disclosure.derived import actions, commit, reading
from mingtang.disclosure.derived.owed import owed
from mingtang.disclosure.derived.sources import SOURCES, Found, Record
from mingtang.disclosure.models import DerivedList
from mingtang.events import follow
from mingtang.events.log import CONSOLE
from mingtang.people.models import Post
from tests.factories import acts
from tests.factories.cast import CASHIER, CLERK_3, EDITOR, REVIEWER, SIGNER, login, staff
from tests.factories.lists import VILLAGE, granted, made, shown
from tests.integration.desk_steps import text
from tests.meta.routes import Values, all_routes

pytestmark = pytest.mark.django_db
NAME, OTHER = "司马测试甲", "买买提·测试乙"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-03-16T10:00:00+08:00", tick=False) as traveller:
        yield traveller


def asked(client: Client, row: DerivedList, case, code: str = ""):
    data = {"number": case.number, "code": code or code_for(case.submission)}
    return client.post(f"/lists/{row.number}/check", data, follow=True)


def test_whoever_holds_the_receipt_sees_their_row_and_nobody_else_learns_anything(town, clock):
    mine, theirs = granted(town, NAME, 1), granted(town, OTHER, 2)
    row, public = shown(town), Client()
    page = text(public.get(f"/lists/{row.number}"))
    assert "名单贴在长堤村，不上网" in page and "noindex" in page and row.root in page
    assert "司*" not in page, "rows of a village's board are on no page of the net"
    answer = asked(public, row, mine)
    found = text(answer)
    assert "表里有您" in found and NAME in found and "司****" in found and OTHER not in found and "买" not in found
    assert mine.applicant["id_number"] not in found
    kept = public.get(f"/lists/{row.number}/check?case={mine.number}&file=1")
    opening = json.loads(kept.content)
    assert commit.check(opening, row.root, row.count).stands and "attachment" in kept["Content-Disposition"]
    # Other people's case, a wrong code, a number that does not exist: one answer.
    stranger = Client()
    said = set()
    for number, code in ((theirs.number, "22222-22222"), (mine.number, "AAAAAAAAAA"), ("ZZZZZZ", "AAAAAAAAAA")):
        answer = stranger.post(f"/lists/{row.number}/check", {"number": number, "code": code})
        said.update(re.findall(r'class="error"[^>]*>([^<]*)<', text(answer)))
        assert answer.status_code == 422
    assert len(said) == 1, said
    assert "表里有您" not in text(stranger.get(f"/lists/{row.number}/check?case={mine.number}"))
    assert f"/lists/{row.number}/check?case={mine.number}" in text(public.get(f"/cases/{mine.number}/mine"))
    other = acts.decided(town, "LN-001")
    assert "这张表里没有您的这一件" in text(asked(Client(), row, other))
    # Kept openings: right, changed, broken.
    post = f"/lists/{row.number}/check"
    assert "对得上" in text(public.post(post, {"opening": json.dumps(opening)}))
    opening["row"]["cells"]["content"] = "别的"
    assert "对不上" in text(public.post(post, {"opening": json.dumps(opening)}))
    for junk in ("{", "[" * 9000, "null", ""):
        assert public.post(post, {"opening": junk}).status_code == 422
    opening = kept.content.decode()
    clock.move_to(timezone.now() + timedelta(days=9))
    sweep()
    gone = text(public.get(f"/lists/{row.number}"))
    assert "内容也销毁了" in gone and "2 行" in gone and row.root in gone
    assert NAME not in text(asked(Client(), row, mine)), "we no longer know"
    assert "对得上" in text(public.post(post, {"opening": opening})), "who kept it can still prove it"
    lines = text(public.get(f"/lists/{row.number}/commitments.txt")).split()
    assert commit.root(lines) == row.root


def test_no_public_route_tells_a_name_or_a_number_of_whoever_stands_in_a_list(town, clock):
    people = [granted(town, NAME, 31), granted(town, OTHER, 32), granted(town, "测试小丙", 33, "LM-001")]
    for grant in people[2].grants.all():
        # Shown one by one by the older page; here only what lists add is looked at.
        type(grant).objects.filter(pk=grant.pk).update(state="ended", text_sealed=None)
    for code in ("aid", "licences-persons"):
        shown(town, code)
    made(town, "fees")
    follow.settle()
    words = {NAME, OTHER, "测试小丙", *(case.applicant["id_number"] for case in people)}
    words |= {case.number for case in people if case.sealed}
    values, client, looked = Values(town), Client(), 0
    for route in all_routes():
        if route.is_desk:
            continue
        wanted = values.addresses(route) if "lists" in route.template else values.addresses(route)[:3]
        for address in wanted:
            answer = client.get(address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            found = [word for word in words if word.encode() in body and word not in address]
            assert not found, f"{address}: {found}"
            looked += 1
    for query in (NAME, OTHER, "测试小丙", "司*", people[0].applicant["id_number"]):
        assert "/lists/" not in re.sub(
            r"<(nav|footer).*?</\1>", "", text(client.get("/search", {"q": query})), flags=re.S
        )
    assert looked > 100
    page = text(client.get(f"/lists/{DerivedList.objects.get(template='licences-persons').number}"))
    assert "测***" in page and "noindex" in page
    draft = DerivedList.objects.get(template="fees")
    for tail in ("", ".csv", "/check", "/commitments.txt"):
        assert client.get(f"/lists/{draft.number}{tail}").status_code == 404, "a draft is nobody's"


def test_five_thousand_rows_are_paged_and_told_apart(town, monkeypatch, django_assert_max_num_queries):
    case = granted(town, NAME, 1)
    cells = {"name": "张三丰", "village": VILLAGE, "item": "临时救助", "content": "救助金", "number": "号", "valid": ""}
    records = [Record({**cells, "decided": "2026年3月2日"}, case, "张三丰", "1234")] * 5000
    monkeypatch.setitem(SOURCES, "grants", lambda template, asked: Found(records))
    row, public = shown(town, "licences-persons"), Client()
    assert row.count == 5000 and len(set(reading.commitments(row))) == 5000
    with django_assert_max_num_queries(12):
        first = text(public.get(f"/lists/{row.number}"))
    with django_assert_max_num_queries(12):
        deep = text(public.get(f"/lists/{row.number}?after=4950"))
    assert first.count("张**") == 100 and "after=100" in first
    assert deep.count("张**") == 50 and ">5000</td>" in deep and "after=5000" not in deep
    assert text(public.get(f"/lists/{row.number}?after=x")).count("张**") == 100


def test_the_desk_makes_checks_shows_prints_and_takes_down(town, clock):
    granted(town, NAME, 1)
    editor, reviewer, signer = Client(), Client(), Client()
    for client, who in ((editor, EDITOR), (reviewer, REVIEWER), (signer, SIGNER)):
        login(client, who)
    assert "还没有公示表" in text(editor.get("/desk/lists/"))
    assert editor.get("/desk/lists/new?kind=nothing").status_code == 404
    page = text(editor.get("/desk/lists/new?kind=aid"))
    assert "长堤村" in page and "2026年3月（到今天为止）" in page and "三个人" in page
    wrong = editor.post("/desk/lists/new?kind=aid", {"period": "2031-01", "village": VILLAGE})
    assert wrong.status_code == 422 and "请从列出的里面选一个" in text(wrong)
    answer = editor.post("/desk/lists/new?kind=aid", {"period": "2026-03", "village": VILLAGE})
    address = answer.url
    again = editor.post("/desk/lists/new?kind=aid", {"period": "2026-03", "village": VILLAGE})
    assert again.status_code == 422 and "已经有一张在办" in text(again)
    assert "等保密审查员核对" in text(editor.get(address)) and "司****" in text(editor.get(address))
    assert editor.post(f"{address}/acts/check").status_code == 422
    assert "等您核对" in text(reviewer.get("/desk/"))
    assert reviewer.post(f"{address}/acts/check").url == address
    assert "第三位同事" in text(reviewer.get(address)) and "等您公开" in text(signer.get("/desk/"))
    assert signer.get(f"{address}/sheet.pdf").status_code == 404, "a draft is not hung up by mistake"
    assert signer.post(f"{address}/acts/show").url == address
    bad = editor.post(f"{address}/acts/post_up", {"post_up-place": "", "post_up-on": "2026-02-30"})
    assert bad.status_code == 422 and "贴在哪里" in text(bad)
    editor.post(f"{address}/acts/post_up", {"post_up-place": "长堤村公示栏", "post_up-on": "2026-03-16"})
    posting = DerivedList.objects.get().postings.get()
    assert "长堤村公示栏" in text(Client().get(f"/lists/{DerivedList.objects.get().number}"))
    early = editor.post(f"{address}/postings/{posting.pk}", {f"down-{posting.pk}-on": "2026-03-15"})
    assert early.status_code == 422
    assert signer.post(f"{address}/acts/take_back", {"take_back-reason": ""}).status_code == 422
    signer.post(f"{address}/acts/take_back", {"take_back-reason": "一户还在核实"})
    assert "一户还在核实" in text(Client().get(f"/lists/{DerivedList.objects.get().number}"))
    assert "该取下了" in text(editor.get("/desk/"))
    assert editor.post(f"{address}/postings/{posting.pk}", {f"down-{posting.pk}-on": "2026-03-16"}).url == address
    page = text(editor.get(address))
    assert "没有贴满 7 天" in page and "内容销毁了" in page
    assert editor.post(f"{address}/acts/nothing").status_code == 404
    stranger = Client()
    login(stranger, CLERK_3)
    assert stranger.get("/desk/lists/").status_code == 403


def test_a_list_that_was_begun_is_owed_for_each_period(town, clock):
    assert owed(town, timezone.localdate()) == []
    granted(town, NAME, 1)
    shown(town)
    actions.drop(row=made(town, "obstacles"), reason="试一试", by=staff(EDITOR))
    clock.move_to(timezone.now() + timedelta(days=20))
    (one,) = owed(town, timezone.localdate())
    assert (one.template.code, one.village, one.period.code) == ("aid", VILLAGE, "2026-03")
    assert one.due_on.isoformat() == "2026-04-10", "seven working days, three of the festival not counted"
    made(town, day=one.period.first)
    assert owed(town, timezone.localdate()) == []


def test_what_names_nobody_is_a_table_for_everybody(town):
    acts.decided(town, "LN-001")
    row, public = shown(town, "late"), Client()
    page = text(public.get(f"/lists/{row.number}"))
    assert "noindex" not in page and "1 行" in page and "查我的一行" not in page
    table = public.get(f"/lists/{row.number}.csv")
    assert table["Content-Type"].startswith("text/csv") and "办结件数" in text(table)
    assert public.get(f"/lists/{row.number}/check").status_code == 404
    empty = shown(town, "refunds")
    assert "这段时间是零" in text(public.get(f"/lists/{empty.number}"))
    columns.open_all(town=town, owner=Post.objects.first(), by=CONSOLE)
    assert f"/lists/{empty.number}" in text(public.get("/info/c/a20-08"))
    index = text(public.get("/lists/"))
    assert f"/lists/{row.number}" in index and "合计 0元" in index
    assert f"/lists/{row.number}" in text(public.get("/lists/?kind=late&before=x"))
    granted(town, NAME, 1)
    person = shown(town)
    assert public.get(f"/lists/{person.number}.csv").status_code == 404
    actions.take_back(row=row, reason="一行写错了", by=staff(SIGNER))
    gone = text(public.get(f"/lists/{row.number}"))
    assert "内容不再公开" in gone and "办结件数" not in gone and ".csv" not in gone and row.root in gone
    for tail in (".csv", "/commitments.txt"):
        assert public.get(f"/lists/{row.number}{tail}").status_code == 404, "without a salt a mark tells its row"


def test_what_was_paid_out_is_pasted_voided_and_made_public(town, clock):
    case = granted(town, NAME, 1)
    cashier, head = Client(), Client()
    login(cashier, CASHIER)
    login(head, SIGNER)
    wrong = cashier.post("/desk/money/payouts", {"lines": f"{case.number} 720"})
    assert (
        wrong.status_code == 422 and "第 1 行有 2 栏" in text(wrong) and f"{case.number} 720</textarea>" in text(wrong)
    )
    lines = f"{case.number} 720 2026-03-16 S1\n{case.number} 1 2026-03-16 S2"
    assert cashier.post("/desk/money/payouts", {"lines": lines}).url == "/desk/money/payouts"
    page = text(cashier.get("/desk/money/payouts"))
    assert "720元" in page and "有效" in page and "<summary>作废" not in page
    payout = Payout.objects.get(serial="S2")
    address = f"/desk/money/payouts/{payout.pk}/void"
    assert cashier.post(address, {f"void-{payout.pk}-reason": "抄错"}).status_code == 403
    assert head.post(address, {f"void-{payout.pk}-reason": ""}).status_code == 422
    assert head.post(address, {f"void-{payout.pk}-reason": "抄错"}).url == "/desk/money/payouts"
    assert "作废：抄错" in text(head.get("/desk/money/payouts?before=x"))
    row = shown(town, "aid-paid")
    page = text(Client().get(f"/lists/{row.number}"))
    assert "720元" in page and NAME not in page
    assert "720元" in text(asked(Client(), row, case))
