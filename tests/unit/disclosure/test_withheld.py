"""What is not published: three persons, a clause, a public title, and another look within a year."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from mingtang.disclosure import actions, withheld
from mingtang.disclosure.enums import Ground
from mingtang.disclosure.models import Document, Edition, Withholding
from mingtang.disclosure.policies import can
from mingtang.disclosure.proved import check_documents
from mingtang.disclosure.proved_withheld import check_rhythm, check_withheld
from mingtang.events.log import CONSOLE
from mingtang.lib.errors import Refused
from mingtang.people import actions as people
from mingtang.people.models import Post
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer
from tests.factories import acts
from tests.factories.cast import EDITOR, REVIEWER, SIGNER, login, staff

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)
ID = acts.born("19500101")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def again(edition: Edition) -> Edition:
    return Edition.objects.select_related("document", "revision").get(pk=edition.pk)


def proposed(town, ground=Ground.PROCESS, hide=False, title="关于集镇规划方案的讨论记录") -> Edition:
    draft = acts.drafted(town, acts.content(title))
    return withheld.propose_withholding(
        edition=draft, ground=ground, reason="方案还在讨论", hide_title=hide, by=staff(EDITOR)
    )


def decided(town, months=12, **more) -> Edition:
    edition = withheld.review_withholding(edition=proposed(town, **more), by=staff(REVIEWER))
    return withheld.withhold(edition=edition, months=months, by=staff(SIGNER))


def wrong(town) -> list[str]:
    return [str(one) for check in (check_documents, check_withheld) for one in check(town)]


def test_three_persons_decide_and_a_day_is_set(town):
    edition = again(decided(town, months=6))
    row = edition.withholding
    assert (edition.state, row.review_on, row.clause) == (
        "not_public",
        date(2026, 9, 10),
        "信息公开条例 第十六条第二款",
    )
    assert len({edition.author_id, edition.reviewer_id, edition.signer_id}) == 3
    assert edition.document.scope == "not_public"
    assert not wrong(town)


def test_what_is_given_on_request_has_a_state_of_its_own(town):
    edition = decided(town, ground=Ground.ASKED)
    assert (edition.state, again(edition).document.scope) == ("on_request", "on_request")
    assert not wrong(town)


def test_nobody_does_two_of_the_steps(town):
    edition = proposed(town)
    for username, post in ((EDITOR, "office-secrecy"), (REVIEWER, "office-head")):
        people.appoint(staff=staff(username), post=Post.objects.get(town=town, code=post), by=CONSOLE)
    with pytest.raises(Refused, match="起草人不能审查"):
        withheld.review_withholding(edition=edition, by=staff(EDITOR))
    edition = withheld.review_withholding(edition=edition, by=staff(REVIEWER))
    with pytest.raises(Refused, match="三个不同的人"):
        withheld.withhold(edition=edition, months=12, by=staff(REVIEWER))


def test_the_public_sees_neither_document_nor_proposal(town):
    edition = proposed(town)
    anyone = Viewer(town)
    assert not Withholding.objects.visible_to(anyone).exists()
    edition = withheld.review_withholding(edition=edition, by=staff(REVIEWER))
    withheld.withhold(edition=edition, months=12, by=staff(SIGNER))
    assert Withholding.objects.visible_to(anyone).get().edition == edition
    assert not Document.objects.visible_to(anyone).exists()
    assert not Edition.objects.visible_to(anyone).exists()


def test_a_title_that_leaks_is_hidden_or_changed(town):
    with pytest.raises(Refused, match="标题会公开") as refused:
        proposed(town, Ground.PRIVACY, title=f"关于{ID}的救助情况")
    assert refused.value.field == "hide_title"
    assert proposed(town, Ground.PRIVACY, hide=True, title=f"关于{ID}的救助情况").withholding.hide_title


@pytest.mark.parametrize("months", [0, 13, -1])
def test_another_look_is_taken_within_a_year(town, months):
    edition = withheld.review_withholding(edition=proposed(town), by=staff(REVIEWER))
    with pytest.raises(Refused, match="1 到 12 个月"):
        withheld.withhold(edition=edition, months=months, by=staff(SIGNER))


def test_the_town_sets_how_often_it_looks_again_and_nobody_goes_beyond_it(town, client):
    with pytest.raises(Refused, match="权限"):
        withheld.set_rhythm(town=town, months=6, reason="半年一次。", by=staff(EDITOR))
    with pytest.raises(Refused, match="为什么这样定"):
        withheld.set_rhythm(town=town, months=6, reason=" ", by=staff(SIGNER))
    for months in (0, 13, 12):
        with pytest.raises(Refused):
            withheld.set_rhythm(town=town, months=months, reason="试试。", by=staff(SIGNER))
    login(client, SIGNER)
    sent = {"months": "6", "reason": "县里要求半年评估一次。"}
    assert client.post("/desk/info/rhythm", sent | {"reason": ""}).status_code == 422
    assert client.post("/desk/info/rhythm", sent).status_code == 302
    town.refresh_from_db()
    edition = proposed(town)
    withheld.review_withholding(edition=again(edition), by=staff(REVIEWER))
    with pytest.raises(Refused, match="1 到 6 个月"):
        withheld.withhold(edition=again(edition), months=7, by=staff(SIGNER))
    assert 'value="6"' in client.get(f"/desk/info/{edition.pk}").content.decode()
    withheld.withhold(edition=again(edition), months=6, by=staff(SIGNER))
    page = client.get("/info/withheld").content.decode()
    assert "最长 6 个月再审查一次" in page and "县里要求半年评估一次。" in page
    assert [*check_rhythm(town)] == []
    Jurisdiction.objects.filter(pk=town.pk).update(review_months=12)
    town.refresh_from_db()
    assert len([*check_rhythm(town)]) == 1


def test_looked_at_again_it_stays_or_becomes_a_draft(clock, town):
    edition = decided(town, months=1)
    assert not withheld.asked_again(town).filter(review_on__gt=date(2026, 4, 10)).exists()
    clock.move_to(datetime(2026, 4, 15, 4, tzinfo=UTC))
    assert withheld.asked_again(town).get().edition == edition
    withheld.keep_withheld(edition=edition, months=12, reason="方案还没有定", by=staff(REVIEWER))
    assert not withheld.asked_again(town).exists()
    assert again(edition).withholding.review_on == date(2027, 4, 15)
    assert not wrong(town)
    withheld.open_up(edition=edition, reason="方案已经定了", by=staff(SIGNER))
    edition = again(edition)
    assert (edition.state, edition.returned_reason, edition.document.scope) == ("draft", "方案已经定了", "all")
    assert not Withholding.objects.exists()
    assert not wrong(town)
    assert acts.publish_draft(edition).state == "published"
    assert not wrong(town)


def test_it_is_sent_back_from_either_step(town):
    edition = actions.return_to_draft(edition=proposed(town), by=staff(REVIEWER), reason="不属于过程性信息")
    assert edition.state == "draft"
    assert not Withholding.objects.exists()
    edition = withheld.propose_withholding(
        edition=edition, ground="trade", reason="有报价", hide_title=False, by=staff(EDITOR)
    )
    edition = withheld.review_withholding(edition=edition, by=staff(REVIEWER))
    edition = actions.return_to_draft(edition=edition, by=staff(SIGNER), reason="删去报价就能公开")
    assert (edition.state, edition.reviewer) == ("draft", None)
    assert not wrong(town)


def test_what_was_published_is_withdrawn_instead(town):
    first = acts.published(town)
    draft = actions.new_edition(document=first.document, content=acts.content(), by=staff(EDITOR), note="更正")
    with pytest.raises(Refused, match="请撤下"):
        withheld.propose_withholding(
            edition=draft, ground="process", reason="不想公开", hide_title=False, by=staff(EDITOR)
        )


def test_a_proposal_cannot_be_signed_or_published_by_the_other_way(town):
    edition = proposed(town)
    for act, who in (("submit", EDITOR), ("revise", EDITOR), ("review", REVIEWER), ("sign", SIGNER)):
        assert not can(act, edition, staff(who)), act


def test_verify_notices_a_day_that_was_put_off(town):
    decided(town)
    Withholding.objects.update(review_on=date(2030, 1, 1))
    assert len(wrong(town)) == 1
    assert "再审查" in wrong(town)[0]


def test_the_database_holds_no_decision_without_a_day(town):
    decided(town)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE disclosure_withholding SET review_on = NULL")
