"""和我遇到的不一样 by HTTP: begun at a fee, promise or line; answered by the unit, ended by the office, counted."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from mingtang.demo.boards import picture
from mingtang.demo.fees import CODE, build_fees
from mingtang.demo.utilities import build_utilities
from mingtang.ledger.frozen import told_rows
from mingtang.lib.errors import Refused
from mingtang.rulebook.models import Slip
from mingtang.voices import challenges, matters
from mingtang.voices.enums import MatterOutcome
from mingtang.voices.models import Matter
from tests.factories.cast import DISCIPLINE, EDITOR, JUSTICE, POWER, SIGNER, login, staff
from tests.factories.lists import granted, shown
from tests.integration.desk_steps import text

pytestmark = pytest.mark.django_db
HOME, HEAD = "居民电能表校验费", "diansuo"
MET = {"text": "收了我50元", "when": "3月1日", "where": "营业厅", "phone": "07305559876"}


@pytest.fixture
def clock():
    with time_machine.travel(datetime.fromisoformat("2026-03-02T10:00:00+08:00"), tick=False) as traveller:
        yield traveller


def link(client, page, name):
    """The quiet link beside a row of this name."""
    found = re.search(rf'href="(/challenge/[^"]+)">和我遇到的不一样<span class="vh">：{name}', text(client.get(page)))
    assert found, f"{page}: {name}"
    return found[1]


def told(client, path, **changes):
    answer = client.post(path, MET | {"form_token": ""} | changes)
    assert answer.status_code == 302, text(answer)
    return Matter.objects.order_by("-pk")[0], answer.url


def test_a_fee_is_challenged_answered_by_its_unit_and_ended_by_another(client, clock, town, other_town):
    build_fees(town)
    path = link(client, "/fees/power", HOME)
    assert path == link(client, f"/services/{CODE}", HOME), "the guide leads there too"
    form = text(client.get(path))
    assert f"{HOME} 30元／块" in form and "供电所说明情况" in form
    assert client.get(path, HTTP_HOST="other.example").status_code == 404
    assert client.get(f"/challenge/item/{CODE}/r-none").status_code == 404
    assert "请写明哪里不一样" in text(client.post(path, {"form_token": "", "where": "营业厅"}))
    wrong = SimpleUploadedFile("收据.png", b"no picture")
    refused = client.post(path, MET | {"form_token": "", "photo": wrong})
    assert refused.status_code == 422 and "收了我50元" in text(refused) and not Matter.objects.exists()

    matter, url = told(client, path, photo=SimpleUploadedFile("收据.png", picture()))
    assert matter.due_on.isoformat() == "2026-03-09" and matter.about == f"item:{CODE}"
    assert MET["text"].encode() not in bytes(matter.told_sealed) and matter.photo.sealed
    assert picture() not in matter.photo.path.read_bytes(), "the photo lies sealed"
    assert "最迟2026年3月9日有结果" in text(client.get(url)) and HOME in text(client.get(url))
    assert "次核对" not in text(client.get("/fees/power?again")), "not counted before it is answered"

    login(client, EDITOR)
    assert client.get(f"/desk/utilities/matters/{matter.pk}").status_code == 403
    login(client, "suozhang")
    assert client.get(f"/desk/utilities/matters/{matter.pk}").status_code == 404, "the head of another unit"
    login(client, HEAD)
    assert matter.number in text(client.get("/desk/"))
    seen = text(client.get(f"/desk/utilities/matters/{matter.pk}"))
    assert MET["text"] in seen and MET["phone"] not in seen
    assert client.get(f"/desk/utilities/matters/{matter.pk}/photo").content == picture()
    act = f"/desk/utilities/matters/{matter.pk}"
    sent = {"outcome": MatterOutcome.UPHELD, "text": "多收的20元已经退。"}
    assert client.post(f"{act}/propose", sent | {"outcome": "helped"}).status_code == 422
    assert client.post(f"{act}/answer", sent).status_code == 422, "it is no complaint"
    assert client.post(f"{act}/propose", sent).status_code == 302
    assert client.post(f"{act}/confirm").status_code == 422, "the unit does not end it"
    assert "多收的20元" not in text(client.get(url)), "nobody reads it before the office has looked"

    login(client, DISCIPLINE)
    assert matter.number in text(client.get("/desk/"))
    assert "请写明哪里要重新查" in text(client.post(f"{act}/send_back", {"text": ""}))
    assert client.post(f"{act}/send_back", {"text": "请附退款的日期。"}).status_code == 302
    login(client, HEAD)
    assert "请附退款的日期。" in text(client.get(act))
    client.post(f"{act}/propose", sent)
    login(client, DISCIPLINE)
    assert client.post(f"{act}/confirm").status_code == 302
    assert "多收的20元已经退。" in text(client.get(url)) and "有了结果" in text(client.get(url))
    for page in ("/fees/power?later", "/fees/?later"):
        assert "收到 1 次核对，1 次属实" in text(client.get(page)), page
    assert MET["text"] not in text(client.get("/fees/power?later"))
    assert Slip.objects.get().version.item.code == CODE, "it is a slip that obliges the unit"
    check = told_rows()["诉求"]
    assert list(check(town)) == []
    Matter.objects.update(edition=7)
    assert len(list(check(town))) == 1


def test_a_utility_answers_its_own_and_nobody_ends_what_they_answered(client, clock, town):
    build_utilities(town)
    page = text(client.get("/utilities/power"))
    assert page.count("和我遇到的不一样") == 6 and "收到 1 次核对，1 次属实" in page
    matter, url = told(client, link(client, "/utilities/power", "居民用电第二档"))
    assert matter.claim == "供电所：居民用电第二档 每度0.65元" and matter.edition == 1
    with pytest.raises(Refused):
        challenges.propose(matter=matter, outcome=MatterOutcome.UNFOUNDED, text="查过了。", by=staff("weisheng"))
    challenges.propose(matter=matter, outcome=MatterOutcome.UNFOUNDED, text="抄表的底数没有错。", by=staff(POWER))
    with pytest.raises(Refused):
        challenges.confirm(matter=matter, by=staff(POWER))
    challenges.confirm(matter=matter, by=staff(DISCIPLINE))
    assert "收到 1 次核对，0 次属实" in text(client.get("/utilities/power?later"))
    assert "这个答复您认可吗" not in text(client.get(url)), "two have looked already"
    promise, _ = told(client, link(client, "/utilities/power", "居民新装电表"))
    assert promise.claim == "供电所：居民新装电表 2个工作日"


def again(client, url, words):
    query = dict(part.split("=") for part in url.partition("?")[2].split("&"))
    return client.post("/utilities/matters/mine", query | {"act": "dispute", "text": words})


def ended(client, town, answered=POWER):
    """A challenge of a price of the power station that came to nothing, with the address of its holder's page."""
    build_utilities(town)
    matter, url = told(client, link(client, "/utilities/power", "居民用电第二档"))
    challenges.propose(matter=matter, outcome=MatterOutcome.UNFOUNDED, text="抄表的底数没有错。", by=staff(answered))
    assert again(client, url, "没有查电表。").status_code == 422, "not before it has ended"
    return challenges.confirm(matter=matter, by=staff(DISCIPLINE)), url


def test_who_is_not_content_asks_once_more_and_a_third_person_decides(client, clock, town):
    matter, url = ended(client, town)
    assert "请镇里再核对一次" in text(client.get(url))
    assert "请写明答复哪里不对" in text(again(client, url, "")) and again(client, url, "长" * 2001).status_code == 422
    clock.shift(timedelta(days=2))
    shown_page = again(client, url, "没有查电表。")
    assert shown_page.status_code == 200 and "最迟2026年3月11日有结果" in text(shown_page)
    matter.refresh_from_db()
    assert (matter.due_on.isoformat(), matter.second_due_on.isoformat()) == ("2026-03-09", "2026-03-11")
    assert "不能请再核对一次" in text(again(client, url, "再说一次。"))
    assert "收到 1 次核对，0 次属实" in text(client.get("/utilities/power?again")), (
        "it stays counted as it was answered"
    )

    act = f"/desk/utilities/matters/{matter.pk}"
    sent = {"outcome": MatterOutcome.UPHELD, "text": "查了电表，走快了，已经换表，多收的退了。"}
    login(client, DISCIPLINE)
    assert matter.number not in text(client.get("/desk/")), "who confirmed it is not asked"
    assert client.post(f"{act}/decide_again", sent).status_code == 422
    login(client, HEAD)
    assert client.post(f"{act}/decide_again", sent).status_code == 422
    for who in (JUSTICE, SIGNER):
        login(client, who)
        assert matter.number in text(client.get("/desk/")), who
        seen = text(client.get(act))
        assert "没有查电表。" in seen and MET["phone"] not in seen and "3月11日前" in seen
    assert client.post(f"{act}/decide_again", sent | {"text": " "}).status_code == 422
    assert client.post(f"{act}/decide_again", sent | {"outcome": "helped"}).status_code == 422
    assert client.post(f"{act}/decide_again", sent).status_code == 302
    page = text(client.get(url))
    assert "镇里再核对的结论：属实，已经改正" in page and "已经换表" in page and "请镇里再核对一次" not in page
    assert "抄表的底数没有错。" in page, "the first answer stays to be read"
    assert "这是最后的结论" in text(again(client, url, "还是不对。"))
    assert "收到 1 次核对，1 次属实" in text(client.get("/utilities/power?later"))
    check = told_rows()["诉求"]
    assert list(check(town)) == []
    Matter.objects.filter(pk=matter.pk).update(second_due_on="2026-12-31")
    assert len(list(check(town))) == 1


def test_nobody_decides_again_what_they_answered_or_confirmed(client, clock, town):
    matter, url = ended(client, town)
    again(client, url, "没有查电表。")
    matter = Matter.objects.get(pk=matter.pk)
    for column in ("answered_by", "checked_by"):
        Matter.objects.filter(pk=matter.pk).update(**{column: staff(SIGNER)})
        with pytest.raises(Refused, match="不能再核对"):
            challenges.decide_again(matter=matter, outcome=MatterOutcome.UPHELD, text="查过了。", by=staff(SIGNER))
        login(client, SIGNER)
        assert matter.number not in text(client.get("/desk/")), "it does not wait for them"
        assert "作出结论" not in text(client.get(f"/desk/utilities/matters/{matter.pk}"))
        with pytest.raises(IntegrityError), transaction.atomic():
            Matter.objects.filter(pk=matter.pk).update(state="ended", ruled_by=staff(SIGNER), ruled_at=timezone.now())
        Matter.objects.filter(pk=matter.pk).update(answered_by=staff(POWER), checked_by=staff(DISCIPLINE))
    for change in ({"second_due_on": None}, {"disputed_at": None}, {"state": "ended"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Matter.objects.filter(pk=matter.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Matter.objects.filter(pk=matter.pk).delete()


def test_a_fee_that_is_upheld_only_the_second_time_is_a_slip_too(client, clock, town):
    build_fees(town)
    matter, _ = told(client, link(client, "/fees/power", HOME))
    matter = challenges.propose(matter=matter, outcome=MatterOutcome.UNFOUNDED, text="没有多收。", by=staff(HEAD))
    matter = challenges.ask_again(matter=challenges.confirm(matter=matter, by=staff(DISCIPLINE)), text="有收据。")
    assert not Slip.objects.exists()
    challenges.decide_again(matter=matter, outcome=MatterOutcome.UPHELD, text="收据是真的。", by=staff(SIGNER))
    assert Slip.objects.get().version.item.code == CODE


def test_a_line_of_a_list_is_challenged_by_its_number(client, clock, town):
    granted(town, "欧阳测试", code="LM-001")
    row = shown(town, "licences-persons")
    path = f"/challenge/list/{row.number}/n-1"
    assert f'href="{path}"' in text(client.get(f"/lists/{row.number}"))
    assert client.get(f"/challenge/list/{row.number}/n-2").status_code == 404
    matter, _ = told(client, path)
    assert matter.about == row.subject and "第 1 行：" in matter.claim and "欧阳测试" not in matter.claim
    assert matters.can_matter("propose", matter, staff(SIGNER)), "where the unit has no head, the office's does"


def test_one_form_is_one_challenge_and_a_day_has_its_limit(client, clock, town, monkeypatch):
    build_fees(town)
    path = link(client, "/fees/power", HOME)
    token = "5f0c3c1e-0000-4000-8000-000000000001"
    first, again = (client.post(path, MET | {"form_token": token}).url for _ in range(2))
    assert first == again and Matter.objects.count() == 1
    monkeypatch.setattr(matters, "MOST_A_DAY", 1)
    refused = client.post(path, MET | {"form_token": ""})
    assert refused.status_code == 422 and "请明天再来" in text(refused) and "收了我50元" in text(refused)
