"""诉求 by HTTP: four kinds with their clocks and ends, answered by the unit, disputed, ruled on; sealed, proved."""

import re
from datetime import datetime

import pytest
import time_machine

from mingtang.ledger.frozen import told_rows
from mingtang.lib.errors import Refused
from mingtang.people.models import Post, Unit
from mingtang.utilities import tenants
from mingtang.voices import matters
from mingtang.voices.enums import MatterKind, MatterOutcome
from mingtang.voices.models import Matter
from tests.factories.cast import DISCIPLINE, EDITOR, POWER, SIGNER, login, staff
from tests.integration.desk_steps import text

pytestmark = pytest.mark.django_db
TEXT = "报修三个小时才来人"


@pytest.fixture
def clock():
    with time_machine.travel(datetime.fromisoformat("2026-03-02T10:00:00+08:00"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def power(clock, town):
    return tenants.admit(
        unit=Unit.objects.get(code="power"), owner=Post.objects.get(code="power-head"), by=staff(SIGNER)
    )


def tell(client, kind="complaint", **changes):
    sent = {"kind": kind, "text": TEXT, "name": "欧阳测试", "phone": "07305559876", "form_token": ""} | changes
    return client.post("/utilities/power/tell", sent)


def told(client, kind="complaint", **changes):
    """A matter that was told, and the address under which its holder follows it."""
    answer = tell(client, kind, **changes)
    assert answer.status_code == 302, text(answer)
    return Matter.objects.order_by("-pk")[0], answer.url


def code_of(url):
    return re.search(r"code=(\w+)", url)[1]


def answered(matter, outcome=MatterOutcome.UNFOUNDED):
    return matters.answer(matter=matter, outcome=outcome, text="当时在抢修另一处。", by=staff(POWER))


@pytest.mark.parametrize(
    ("kind", "due"),
    [("complaint", "2026-03-09"), ("suggestion", "2026-03-23"), ("question", "2026-03-05"), ("help", "2026-03-03")],
)
def test_each_kind_has_its_own_clock_and_its_own_ends(client, power, kind, due):
    matter, url = told(client, kind)
    assert matter.due_on.isoformat() == due
    assert matter.number == "WYGY2026-0001"
    for outcome in MatterOutcome:
        if outcome not in matters.ENDS[kind]:
            with pytest.raises(Refused, match="没有这种结果"):
                answered(matter, outcome)
    assert "等答复" in text(client.get(url))
    matter = answered(matter, matters.ENDS[kind][0])
    assert "当时在抢修另一处。" in text(client.get(url))
    if kind in matters.DISPUTED:
        assert matters.dispute(matter=matter, text="不对").state == "disputed"
    else:
        with pytest.raises(Refused, match="不用复核"):
            matters.dispute(matter=matter, text="不对")


def test_what_was_written_lies_sealed_and_a_complaint_hides_who_wrote_it(client, power):
    matter, _ = told(client)
    assert TEXT.encode() not in bytes(matter.told_sealed)
    assert matter.words["name"] == "欧阳测试"
    login(client, POWER)
    shown = text(client.get(f"/desk/utilities/matters/{matter.pk}"))
    assert TEXT in shown and "欧阳测试" not in shown and "07305559876" not in shown
    login(client, DISCIPLINE)
    assert "欧阳测试" in text(client.get(f"/desk/utilities/matters/{matter.pk}"))
    asked, _ = told(client, "question")
    login(client, POWER)
    assert "欧阳测试" in text(client.get(f"/desk/utilities/matters/{asked.pk}")), "who asks wants to be called"
    for path in ("/utilities/", "/utilities/power"):
        public = text(client.get(path))
        assert "投诉" in public and TEXT not in public and matter.number not in public


def test_a_disputed_answer_is_ruled_on_by_the_office(client, power):
    matter, url = told(client)
    login(client, POWER)
    act = f"/desk/utilities/matters/{matter.pk}"
    assert client.post(f"{act}/answer", {"outcome": "unfounded", "text": ""}).status_code == 422
    assert client.post(f"{act}/answer", {"outcome": "unfounded", "text": "没有晚。"}).status_code == 302
    mine = {"number": matter.number, "code": code_of(url)}
    assert "请写明答复哪里不对" in text(client.post("/utilities/matters/mine", mine | {"act": "dispute", "text": ""}))
    assert "镇里监督检查的岗位在复核" in text(
        client.post("/utilities/matters/mine", mine | {"act": "dispute", "text": "电话没有人接"})
    )
    assert client.post(f"{act}/rule", {"outcome": "upheld", "text": "查过了"}).status_code == 422, "not by the unit"
    login(client, DISCIPLINE)
    assert "公用单位的诉求" in text(client.get("/desk/"))
    assert client.post(f"{act}/rule", {"outcome": "upheld", "text": "记录是晚了七十分钟。"}).status_code == 302
    shown = text(client.get(url))
    assert "记录是晚了七十分钟。" in shown and "属实，已经改正" in shown
    assert "不认可 1" in text(client.get("/utilities/?counted"))
    again = client.post("/utilities/matters/mine", mine | {"act": "dispute", "text": "还是不对"})
    assert again.status_code == 422 and "不能不认可答复" in text(again)


def test_taken_it_has_ended_and_late_it_is_counted(client, clock, power):
    matter, url = told(client, "help")
    clock.move_to(datetime.fromisoformat("2026-03-06T10:00:00+08:00"))
    assert "过期 1" in text(client.get("/utilities/?late"))
    answered(matter, MatterOutcome.HELPED)
    mine = {"number": matter.number, "code": code_of(url), "act": "accept"}
    assert "这件事有了结果" in text(client.post("/utilities/matters/mine", mine))
    page = text(client.get("/utilities/?answered"))
    assert "答复晚了 1" in page and "办好了 1" in page
    refused = client.post("/utilities/matters/mine", mine)
    assert refused.status_code == 422


def test_sent_twice_it_is_one_and_a_wrong_code_opens_nothing(client, power):
    token = {"form_token": "6f9619ff-8b86-4011-b42d-00c04fc964ff"}
    first, second = tell(client, **token), tell(client, **token)
    assert first.url == second.url and Matter.objects.count() == 1
    number = Matter.objects.get().number
    wrong = client.get("/utilities/matters/mine", {"number": number, "code": "AAAAAAAAAA"})
    assert wrong.status_code == 422 and TEXT not in text(wrong)
    bad = tell(client, kind="")
    assert bad.status_code == 422 and "请选是投诉、建议、咨询还是求助" in text(bad) and TEXT in text(bad)
    assert client.get("/utilities/news/tell").status_code == 404


def test_nobody_else_s_matter_is_read_or_answered(client, power):
    matter, _ = told(client)
    for name, status in (("weisheng", 404), (EDITOR, 403)):
        login(client, name)
        assert client.get(f"/desk/utilities/matters/{matter.pk}").status_code == status
        with pytest.raises(Refused):
            matters.answer(matter=matter, outcome=MatterOutcome.UPHELD, text="替别人答", by=staff(name))
    with pytest.raises(Refused):
        matters.rule(matter=matter, outcome=MatterOutcome.UPHELD, text="还没有答复", by=staff(DISCIPLINE))


def test_a_changed_or_missing_matter_is_found(client, power):
    matter, _ = told(client)
    answered(matter)
    check = told_rows()["诉求"]
    assert list(check(power.town)) == []
    Matter.objects.update(kind=MatterKind.QUESTION)
    (finding,) = check(power.town)
    assert matter.number in str(finding)
