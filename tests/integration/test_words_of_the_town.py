"""The town's word lists hold in every room, once for a request, and nobody else's do."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mingtang.boards import actions as boards
from mingtang.boards.actions import Facts
from mingtang.boards.models import Board
from mingtang.disclosure import words
from mingtang.disclosure.enums import ListKind
from mingtang.disclosure.models import ListEntry
from mingtang.disclosure.requirements import issues
from mingtang.hall import actions as hall
from mingtang.lib.errors import Refused
from mingtang.money.actions import set_account
from mingtang.notices import wording
from mingtang.oversight.actions import open_duty
from mingtang.people.enums import Role
from mingtang.people.models import Assignment, Post, Staff, Unit
from mingtang.rulebook import actions, wanted
from mingtang.rulebook.models import Wanted
from mingtang.rulebook.powers.cleanup import open_campaign
from mingtang.scrutiny import demand
from mingtang.study import outreach
from mingtang.study.outreach import Held
from mingtang.voices import actions as voices
from tests.factories import acts, duties, rules
from tests.factories.cast import CENTRE, CLERK_1, JUSTICE, REVIEWER, SIGNER, login, staff
from tests.factories.hall import window
from tests.factories.obstacles import told
from tests.integration.desk_steps import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def neighbour(other_town) -> Staff:
    """The secrecy reviewer of a second town on the same installation."""
    unit = Unit.objects.create(town=other_town, code="office", name="北洲党政办", kind="office")
    post = Post.objects.create(
        town=other_town, unit=unit, code="secrecy", name="保密审查员", roles=[Role.SECRECY_REVIEWER]
    )
    person = Staff.objects.create(town=other_town, username="beizhou", name="邻镇（演示）", number="1")
    Assignment.objects.create(staff=person, post=post, valid_from=timezone.now() - timedelta(days=9))
    return person


def add(kind: str, word: str, right: str = "", by: Staff | None = None) -> ListEntry:
    by = by or staff(REVIEWER)
    return words.add(town=by.town, kind=kind, word=word, right=right, reason="县里通报", by=by)


def written(town, said: str):
    """The same sentence where each room writes one for everybody to read."""
    today, post = timezone.localdate(), Post.objects.get(code="office-head")
    wanted.add(town=town, counted={"夜市摆摊": 9}, day=today)
    key = f"search-{Wanted.objects.get().pk}"
    yield "hall", lambda: hall.close_window(window=window(3), reason=said, by=staff(CENTRE))
    yield "boards", lambda: boards.open_board(town=town, facts=Facts(said, "村部", post, 90), by=staff(SIGNER))
    obstacle = told(town).obstacle
    yield "voices", lambda: voices.offer(obstacle=obstacle, post=post, reason=said, by=staff(CLERK_1))
    held = Held(today, "集镇", "market", said, 30, "counted")
    yield "study", lambda: outreach.enter(town=town, held=held, by=staff(JUSTICE))
    campaign = {"minutes_number": "〔2026〕5号", "from_on": today, "to_on": today + timedelta(days=9)}
    yield "rulebook", lambda: open_campaign(town=town, title=said, **campaign, by=staff(CENTRE))
    yield "scrutiny", lambda: demand.give_reason(town=town, key=key, text="夜市", reason=said, by=staff(SIGNER))
    account = {"bank": "农商银行", "number": "6228480000"}
    yield "money", lambda: set_account(town=town, payee=said, **account, by=staff(SIGNER))
    yield "oversight", lambda: open_duty(town=town, terms=duties.terms(name=said), by=staff(SIGNER))
    kind = wording.kinds()[0].code
    yield "notices", lambda: wording.write(town=town, code=kind, text=said, is_told=True, by=staff(CENTRE))


def test_a_phrase_stops_a_text_in_every_room_of_its_town_and_of_no_other(town, neighbour):
    add(ListKind.PHRASE, "赶集坪", "集贸市场", by=neighbour)
    add(ListKind.PHRASE, "万瘐", "万庾")
    for room, write in written(town, "万瘐镇政府"):
        with pytest.raises(Refused, match="“万瘐”写错了，固定的写法是“万庾”"):
            write()
            pytest.fail(room)
    words.agree(entry=add(ListKind.ALLOWED, "万瘐商店"), by=staff(SIGNER))
    for _, write in written(town, "赶集坪万瘐商店"):
        write()


def test_an_item_is_not_announced_with_a_word_that_the_town_calls_wrong(town, neighbour):
    add(ListKind.PHRASE, "老龄证", "老年优待证", by=neighbour)
    version = rules.announced(rules.drafted(town, "LN-001", summary="办老龄证。"))
    add(ListKind.PHRASE, "老龄证", "老年优待证")
    actions.put_in_force(version=version, by=staff(CENTRE))
    with pytest.raises(Refused, match="“老龄证”写错了"):
        rules.proposed(town, "LN-001", place="集镇")
    add(ListKind.PHRASE, "林木证", "林木采伐许可证")
    with pytest.raises(Refused, match="“林木证”写错了"):
        rules.proposed(town, "LM-001", conditions=["没有林木证的。"])


def test_what_people_look_for_is_not_shown_with_a_word_that_the_town_calls_wrong(town, neighbour):
    add(ListKind.PHRASE, "赶集坪", "集贸市场", by=neighbour)
    counted = {"town": town, "day": timezone.localdate()}
    wanted.add(counted={"万瘐办证": 3, "赶集坪摆摊": 3}, **counted)
    add(ListKind.PHRASE, "万瘐", "万庾")
    given = {"note": "归县里办。", "by": staff(CENTRE)}
    with pytest.raises(Refused, match="请删去这一条"):
        wanted.decline(wanted=Wanted.objects.get(text="万瘐办证"), **given)
    assert wanted.add(counted={"万瘐的证": 3}, **counted) == 0
    wanted.decline(wanted=Wanted.objects.get(text="赶集坪摆摊"), **given)


def test_what_a_document_warns_of_is_its_own_towns(town, neighbour):
    add(ListKind.TYPO, "赶集坪", "集贸市场", by=neighbour)
    add(ListKind.TYPO, "粮占", "粮站")
    edition = acts.drafted(town, acts.content(body="<p>粮占前坪和赶集坪停车。</p>"))
    warned = [issue.finding.shown for issue in issues(edition.document, edition.revision) if issue.warns]
    assert warned == ["粮占"]


def test_a_request_asks_for_the_lists_once_and_goes_by_a_change_at_once(client, town):
    login(client, SIGNER)
    board = {
        "name": "万瘐村公示栏",
        "place": "村部",
        "keeper": Post.objects.get(code="office-head").pk,
        "check_days": 30,
    }
    with CaptureQueriesContext(connection) as queries:
        assert client.post("/desk/boards/new", board).status_code == 302
    assert sum("disclosure_listentry" in query["sql"] for query in queries) == 1
    add(ListKind.PHRASE, "万瘐", "万庾")
    refused = client.post("/desk/boards/new", board | {"name": "第二块", "place": "万瘐村部"})
    assert refused.status_code == 422 and "“万瘐”写错了" in text(refused)
    assert Board.objects.count() == 1
