"""行政处罚: entered, confirmed by a second person, public only by its ground; revoked it leaves every list at once."""

import re
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pypdf
import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from config.background import sweep
from mingtang.disclosure.derived import actions, penalties
from mingtang.disclosure.derived.penalties import Entry
from mingtang.disclosure.enums import Party, PenaltyEnd, PenaltyGround, PenaltyKind
from mingtang.disclosure.models import DerivedList, Penalty
from mingtang.disclosure.proved_penalties import check_penalties
from mingtang.events.models import Event, PayloadKey
from mingtang.lib.errors import Refused
from mingtang.people.models import Post, Unit
from mingtang.people.policies import held_by
from mingtang.towns.viewer import Viewer
from tests.factories import acts
from tests.factories.cast import CLERK_3, EDITOR, POWER, REVIEWER, SIGNER, login, staff
from tests.factories.lists import made, shown
from tests.integration.desk_steps import text
from tests.integration.test_events_tampered import tamper

pytestmark = pytest.mark.django_db
HERE, NAME, NUMBER = "/desk/lists/penalties", "司马测试甲", "演罚决字〔2026〕1号"
IDENTITY, CHILD = acts.born("19700101", "011"), acts.born("20090316", "012")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-03-16T10:00:00+08:00", tick=False) as traveller:
        yield traveller


def entry(town, **changes) -> Entry:
    plain = Entry(
        unit=Unit.objects.get(town=town, code="construction"),
        number=NUMBER,
        cause="未取得乡村建设规划许可证建房",
        party=Party.PERSON,
        name=NAME,
        id_number=IDENTITY,
        kinds=(PenaltyKind.FINE, PenaltyKind.WARNING),
        amount=50_000,
        content="",
        law="城乡规划法",
        article="第六十五条",
        decided_on=timezone.localdate(),
        ground=PenaltyGround.INFLUENCE,
        why="占路边建房，群众反映多。",
    )
    return replace(plain, **changes)


def confirmed(town, **changes) -> Penalty:
    row = penalties.enter(town=town, entry=entry(town, **changes), by=staff(EDITOR))
    return penalties.confirm(penalty=row, by=staff(REVIEWER))


def test_from_the_paper_to_the_list_and_off_it_again(town, clock):
    editor, reviewer, public = Client(), Client(), Client()
    login(editor, EDITOR)
    login(reviewer, REVIEWER)
    assert "还没有登记过" in text(editor.get(HERE)) and HERE in text(editor.get("/desk/lists/"))
    typed = {
        "number": " 演罚决字[2026] 1号 ", "unit": "construction", "cause": "未经许可建房", "party": "person",
        "name": NAME,
        "id_number": IDENTITY, "kinds": ["warning", "fine"], "amount": "500", "law": "城乡规划法", "article": "第65条",
        "decided_on": "2026-03-16", "ground": "influence", "why": "群众反映多",
    }  # fmt: skip
    wrong = editor.post(f"{HERE}/new", typed | {"amount": "五百", "kinds": []})
    assert wrong.status_code == 422 and "处罚种类：请选择。" in text(wrong) and NAME in text(wrong), "typed is kept"
    wrong = editor.post(f"{HERE}/new", typed | {"amount": "五百"})
    assert wrong.status_code == 422 and not Penalty.objects.exists()
    assert editor.post(f"{HERE}/new", typed).url == HERE
    row = Penalty.objects.get()
    assert (row.number, row.amount, row.result) == (NUMBER, 50_000, "警告、罚款，500元")
    address = f"{HERE}/{row.pk}/acts"
    with pytest.raises(Refused, match="没有人确认"):
        made(town, "penalties")
    assert "登记的人不能确认" in text(editor.get(HERE)) and "等确认 1 份" in text(reviewer.get("/desk/lists/"))
    waits = f"{HERE}?before={row.pk + 1}"
    todo = text(reviewer.get("/desk/"))
    assert waits in todo and "等您确认" in todo and NAME not in todo and waits not in text(editor.get("/desk/"))
    assert f"{address}/confirm" in text(reviewer.get(waits))
    refused = editor.post(f"{address}/confirm")
    assert refused.status_code == 422 and "没有“保密审查”的权限" in text(refused)
    assert reviewer.post(f"{address}/confirm").url == HERE
    assert waits not in text(reviewer.get("/desk/"))
    assert reviewer.post(f"{address}/confirm").status_code == 422
    assert reviewer.post(f"{address}/nothing").status_code == 404
    early = editor.post(f"{address}/carry-out", {f"carry-out-{row.pk}-on": "2026-03-15"})
    assert early.status_code == 422 and "在决定那天和今天之间" in text(early)
    editor.post(f"{address}/carry-out", {f"carry-out-{row.pk}-on": "2026-03-16"})
    page = text(editor.get(HERE))
    code = re.search(r"查询码 <b[^>]*>([^<]+)<", page)[1]
    assert NAME in page and "2026年3月16日执行完毕" in page and IDENTITY not in page
    assert code not in text(reviewer.get(HERE))

    other = {"kinds": (PenaltyKind.OTHER,), "amount": None, "content": "限期三十日内自行拆除"}
    confirmed(
        town, number="演罚决字〔2026〕2号", party=Party.ORGANISATION, name="河口沙石经营部", id_number="", **other
    )
    for serial, ground in enumerate((PenaltyGround.ORDINARY, PenaltyGround.SAFETY), 3):
        confirmed(town, number=f"演罚决字〔2026〕{serial}号", ground=ground)
    listed = shown(town, "penalties")
    assert (listed.count, listed.left_out, str(listed.until)) == (2, 2, "2027-03-16")
    page = text(public.get(f"/lists/{listed.number}"))
    assert "司****" in page and "河口沙石经营部" in page and "〔2026〕3号" not in page and "noindex" in page
    assert "其他处罚：限期三十日内自行拆除" in page
    for one in ("", "/check", "/commitments.txt"):
        body = text(public.get(f"/lists/{listed.number}{one}"))
        assert NAME not in body and IDENTITY not in body and code not in body

    sheet = pypdf.PdfReader(BytesIO(editor.get(f"/desk/lists/{listed.number}/sheet.pdf").content)).pages[0]
    assert "凭处罚决定书的文号和查询码" in "".join(sheet.extract_text().split())

    check = f"/lists/{listed.number}/check"
    mine = text(public.post(check, {"number": "演罚决字(2026)1号", "code": code.lower()}))
    assert "表里有您" in mine and NAME in mine and IDENTITY not in mine
    said = set()
    for number in ("演罚决字〔2026〕2号", "演罚决字〔2026〕9号"):
        answer = Client().post(check, {"number": number, "code": code})
        assert answer.status_code == 422 and "表里有您" not in text(answer)
        said.update(re.findall(r'class="error"[^>]*>([^<]*)<', text(answer)))
    assert len(said) == 1, "a wrong code and no such decision are answered alike"

    bad = reviewer.post(f"{address}/end", {f"end-{row.pk}-ending": "revoked", f"end-{row.pk}-reason": f"{NAME}胜诉"})
    assert bad.status_code == 422 and "不写当事人的姓名" in text(bad)
    ending = {f"end-{row.pk}-ending": "revoked", f"end-{row.pk}-reason": "复议决定撤销"}
    assert editor.post(f"{address}/end", ending).status_code == 422
    assert listed.number in text(reviewer.post(f"{address}/end", ending, follow=True))
    page = text(public.get(f"/lists/{listed.number}"))
    assert "复议决定撤销" in page and "司****" not in page and "河口沙石" not in page
    again = shown(town, "penalties")
    page = text(public.get(f"/lists/{again.number}"))
    assert again.count == 1 and "司****" not in page and "河口沙石经营部" in page
    assert not list(check_penalties(town))
    clock.move_to(timezone.now() + timedelta(days=366))
    sweep()
    page = text(public.get(f"/lists/{again.number}"))
    assert "河口沙石" not in page and "1 行" in page and again.root in page, "the counted stub stays"


def test_whom_it_struck_is_forgotten_in_time(town, clock):
    firm = confirmed(town, number="演罚决字〔2026〕2号", party=Party.ORGANISATION, name="沙石部", id_number="")
    row = confirmed(town)
    mistaken = confirmed(town, number="演罚决字〔2026〕3号")
    penalties.end(penalty=mistaken, ending=PenaltyEnd.MISTAKEN, reason="抄错了人", by=staff(REVIEWER))
    listed = shown(town, "penalties")
    sweep()
    assert not Penalty.objects.get(pk=mistaken.pk).forgotten, "a list of its days is shown"
    clock.move_to(timezone.now() + timedelta(days=366))
    sweep()
    assert DerivedList.objects.get(pk=listed.pk).state == "ended"
    assert Penalty.objects.get(pk=mistaken.pk).forgotten, "it was never theirs"
    with pytest.raises(Refused, match="不到销毁的时候"):
        penalties.forget(penalty=row)
    clock.move_to(timezone.now() + timedelta(days=365 * 4 + 2))
    held = made(town, "penalties", day=date(2026, 3, 16))
    sweep()
    assert Penalty.objects.get(pk=row.pk).person()["name"] == NAME, "a list in the making may tell of it"
    actions.drop(row=held, reason="不用了", by=staff(EDITOR))
    sweep()
    row = Penalty.objects.get(pk=row.pk)
    assert row.forgotten and not Penalty.objects.get(pk=firm.pk).forgotten
    with pytest.raises(Refused, match="依法销毁"):
        row.person()
    told = Event.objects.filter(town=town, type=penalties.FORGOTTEN).values_list("subject", "actor")
    assert set(told) == {(one.subject, "system") for one in (row, mistaken)}
    assert not list(check_penalties(town))
    editor = Client()
    login(editor, EDITOR)
    page = text(editor.get(HERE))
    assert row.number in page and row.cause in page and page.count("姓名和证件号码已于") == 2 and NAME not in page
    again = made(town, "penalties", day=date(2026, 3, 16))
    assert (again.count, again.left_out) == (1, 1), "only the firm can be told of"
    penalties.end(penalty=row, ending=PenaltyEnd.VOID, reason="再审确认无效", by=staff(REVIEWER))
    PayloadKey.objects.filter(pk=row.key_id).update(destroyed_at=timezone.now() + timedelta(1))
    assert list(check_penalties(town)), "destroyed at another time than its event says"


def test_what_is_wrong_is_named_and_a_minor_is_never_public(town):
    by = staff(EDITOR)
    day = timezone.localdate()
    for field, changes in (
        ("number", {"number": " "}),
        ("kinds", {"kinds": ()}),
        ("amount", {"amount": None}),
        ("amount", {"kinds": (PenaltyKind.WARNING,)}),
        ("id_number", {"id_number": ""}),
        ("id_number", {"party": Party.ORGANISATION, "id_number": "123"}),
        ("unit", {"unit": Unit.objects.filter(town=town, kind="utility").first()}),
        ("law", {"law": "没有的法"}),
        ("law", {"article": "第九百条"}),
        ("decided_on", {"decided_on": day + timedelta(days=1)}),
        ("cause", {"cause": f"{NAME}建房"}),
        ("cause", {"content": f"限{NAME}三十日内拆除"}),
        ("content", {"kinds": (PenaltyKind.OTHER,), "amount": None}),
        ("ground", {"id_number": CHILD}),
        ("ground", {"id_number": CHILD, "ground": PenaltyGround.ORDINARY}),
        ("ground", {"ground": PenaltyGround.MINOR}),
    ):
        with pytest.raises(Refused) as refused:
            penalties.enter(town=town, entry=entry(town, **changes), by=by)
        assert refused.value.field == field, changes
    with pytest.raises(Refused):
        penalties.enter(town=town, entry=entry(town), by=staff(CLERK_3))
    child = confirmed(town, id_number=CHILD, ground=PenaltyGround.MINOR)
    with pytest.raises(Refused, match="已经登记过"):
        penalties.enter(town=town, entry=entry(town), by=by)
    listed = made(town, "penalties")
    assert (listed.count, listed.left_out) == (0, 1)
    held = str(list(Event.objects.filter(town=town, type__startswith="penalty.").values_list("data", "reason")))
    assert NAME not in held and CHILD not in held and NAME.encode() not in bytes(child.person_sealed)


def test_who_sees_the_register(town):
    confirmed(town)
    for username, sees in ((EDITOR, 1), (SIGNER, 1), (POWER, 0), (CLERK_3, 0)):
        held = held_by(staff(username))
        viewer = Viewer(town=town, powers=held.powers, tenant=held.tenant)
        assert Penalty.objects.visible_to(viewer).count() == sees, username
    stranger = Client()
    login(stranger, POWER)
    assert NUMBER not in text(stranger.get(HERE)) and stranger.get(f"{HERE}/new").status_code == 404
    with pytest.raises(Refused, match="公用单位"):
        penalties.enter(town=town, entry=entry(town, number="演罚决字〔2026〕7号"), by=staff(POWER))
    login(stranger, CLERK_3)
    assert stranger.get(HERE).status_code == 403 and Client().get(HERE).status_code == 302
    waiting = penalties.enter(town=town, entry=entry(town, number="演罚决字〔2026〕8号"), by=staff(EDITOR))
    Post.objects.filter(code="news-editor").update(roles=["editor", "secrecy_reviewer"])
    for username, sees in ((EDITOR, False), (REVIEWER, True), (SIGNER, False)):
        login(stranger, username)
        assert (waiting.number in text(stranger.get("/desk/"))) is sees, "nobody confirms what they entered"


def test_the_database_and_verify_hold_what_was_entered(town):
    row = confirmed(town)
    assert not list(check_penalties(town))
    for change in ("amount = 1", "cause = '别的'", "ground = 'ordinary'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE disclosure_penalty SET {change} WHERE id = %s", [row.pk])
    penalties.end(penalty=row, ending=PenaltyEnd.MISTAKEN, reason="金额抄错", by=staff(REVIEWER))
    assert not list(check_penalties(town)) and not DerivedList.objects.exists()
    for name, wrong in (("amount", "1"), ("ending", "'void'"), ("carried_out_on", "'2026-03-16'")):
        before = Penalty.objects.values_list(name, flat=True).get(pk=row.pk)
        tamper("disclosure_penalty", f"{name} = {wrong}", row.pk)
        assert list(check_penalties(town)), name
        Penalty.objects.filter(pk=row.pk).update(**{name: before})
    Penalty.objects.filter(pk=row.pk).update(person_sealed=b"other")
    assert list(check_penalties(town))
