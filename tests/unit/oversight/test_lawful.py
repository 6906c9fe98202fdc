"""Duties of the law: shown while nobody answers for them, taken over by two persons, ended with their article."""

from datetime import date

import pytest

from mingtang.lib.errors import Refused
from mingtang.oversight import lawful
from mingtang.oversight.models import Duty, Slot
from mingtang.oversight.proved import check_duties, check_takeovers
from mingtang.oversight.sweep import sweep
from mingtang.people.enums import Permission as P
from mingtang.people.models import Staff
from mingtang.people.policies import powers_of
from mingtang.rulebook.laws import actions as laws
from mingtang.rulebook.laws.actions import NewArticle, NewLaw
from mingtang.rulebook.models import Law
from tests.factories.cast import SIGNER, SOCIAL, login, staff
from tests.factories.duties import on, open_catalogue, post

pytestmark = pytest.mark.django_db
LAW = "政府信息公开条例"


@pytest.fixture
def opened(town):
    return open_catalogue(town)


def watcher(town) -> Staff:
    """Of the discipline office: watches over the duties, keeps none."""
    return next(one for one in Staff.objects.filter(town=town) if P.OVERSEE in powers_of(one))


def standing(town, code: str) -> lawful.Standing:
    return next(one for one in lawful.of_town(town) if one.row.code == code)


def test_the_pack_is_whole():
    for row in lawful.rows().values():
        assert row.name and row.article.startswith("第") and (row.watch != "") == (row.trigger == "always"), row.code
    assert lawful.rows()["annual-report"].month == 1 and lawful.rows()["annual-report"].years_after == 1


def test_a_town_takes_them_over_by_two_persons_through_the_desk(opened, client):
    with on(2026, 8, 3):
        text = client.get("/board/law").content.decode()
        assert text.count("还没有岗位负责") >= 10 and "开设了 15 栏" in text and "第二十一条" in text
        login(client, SIGNER)
        page = client.get("/desk/duties/law/").content.decode()
        assert "接下还没有接的" in page and 'name="annual-report"' in page
        assert client.post("/desk/duties/law/", {}).status_code == 422
        sent = {"annual-report": post("office-head").pk, "guide": post("office-head").pk}
        assert client.post("/desk/duties/law/", sent).status_code == 302
        waiting = lawful.Takeover.objects.get()
        assert not Duty.objects.filter(source="law").exists()
        with pytest.raises(Refused, match="提出的人以外"):
            lawful.agree(takeover=waiting, by=staff(SIGNER))
        with pytest.raises(Refused, match="提出的人以外"):
            lawful.agree(takeover=waiting, by=staff(SOCIAL))
        assert client.post("/desk/duties/law/", sent).status_code == 422
        client.force_login(watcher(opened))
        assert "等您同意" in client.get("/desk/").content.decode()
        assert client.post(f"/desk/duties/law/{waiting.pk}/refuse", {"refuse-reason": ""}).status_code == 422
        assert client.post(f"/desk/duties/law/{waiting.pk}/agree").status_code == 302
        assert client.post(f"/desk/duties/law/{waiting.pk}/agree").status_code == 422
    with on(2027, 1, 20):
        sweep(town=opened)
        report = Slot.objects.get(duty__code="law-annual-report", period="2026")
        assert (report.due_on, report.duty.basis) == (date(2027, 1, 31), f"{LAW} 第四十九条")
        guide = Duty.objects.get(code="law-guide")
        assert (guide.trigger, guide.watch, guide.slots.count()) == ("always", "guide", 1)
        html = client.get("/board/law").content.decode()
        assert "责任：" in html and "哪一天都不能空" in html
    assert [*check_duties(opened), *check_takeovers(opened)] == []
    lawful.Takeover.objects.update(owners={"guide": "office-head"})
    assert len([*check_takeovers(opened)]) == 1


def test_what_was_refused_may_be_asked_for_again(opened):
    with on(2026, 8, 3):
        owners = {"places": post("centre-head")}
        row = lawful.propose(town=opened, owners=owners, by=staff(SIGNER))
        with pytest.raises(Refused, match="为什么不同意"):
            lawful.refuse(takeover=row, reason=" ", by=watcher(opened))
        lawful.refuse(takeover=row, reason="先定岗位。", by=watcher(opened))
        lawful.agree(takeover=lawful.propose(town=opened, owners=owners, by=staff(SIGNER)), by=watcher(opened))
        assert standing(opened, "places").state == "taken"
        with pytest.raises(Refused, match="已经接下"):
            lawful.propose(town=opened, owners=owners, by=staff(SIGNER))
    assert [*check_takeovers(opened)] == []


def test_a_duty_ends_when_its_article_is_repealed(opened):
    assert not Law.objects.filter(found_under__name=LAW).exists()
    articles = [NewArticle(number, text="条文。") for number in (12, 49)]
    law = laws.add_law(NewLaw(f"中华人民共和国{LAW}", "regulation", date(2019, 5, 15), articles), by=None)
    with on(2026, 8, 3):
        owners = {"annual-report": post("office-head"), "guide": post("office-head")}
        lawful.agree(takeover=lawful.propose(town=opened, owners=owners, by=staff(SIGNER)), by=watcher(opened))
        sweep(town=opened)
        assert standing(opened, "guide").state == "taken"
    laws.abolish(law=law, on=date(2027, 3, 1), reason="新条例施行", by=None)
    with on(2027, 2, 28):
        sweep(town=opened)
        assert not Duty.objects.filter(source="law", closed_on__isnull=False).exists()
    with on(2027, 3, 1):
        sweep(town=opened)
        assert set(Duty.objects.filter(source="law").values_list("closed_on", flat=True)) == {date(2027, 3, 1)}
        assert standing(opened, "guide").state == "dead" and "已废止" in standing(opened, "guide").why
    assert [*check_duties(opened)] == []
