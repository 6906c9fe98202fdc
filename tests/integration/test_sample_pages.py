"""真实性抽查 by HTTP: from the announcement to the line under what was published; nothing told too early."""

import json
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from mingtang.disclosure import actions as documents
from mingtang.disclosure.enums import WithdrawGround
from mingtang.events.follow import settle
from mingtang.people.models import Assignment, Post, Staff
from mingtang.scrutiny.models import Sample, SampleRound
from tests.factories.cast import CASHIER, CLERK_1, DISCIPLINE, EDITOR, LAND, POWER, SIGNER, login, staff
from tests.factories.samples import PICTURE, announced, drawn, judged, three_public
from tests.integration.desk_steps import text

pytestmark = pytest.mark.django_db


def at_the_desk(username: str) -> Client:
    client = Client()
    login(client, username)
    return client


def act(client: Client, sample: Sample, name: str, **data):
    return client.post(
        f"/desk/samples/{sample.pk}/acts/{name}", {f"{name}-{field}": value for field, value in data.items()}
    )


def test_a_round_from_the_announcement_to_the_line_under_the_figure(town, client):
    document = three_public(town)
    keeper, overseer, inspector, unit = map(at_the_desk, (SIGNER, DISCIPLINE, LAND, CASHIER))
    today = timezone.localdate().isoformat()
    asked = {"kinds": ["figure"], "from_on": today[:4] + "-01-01", "to_on": today, "wanted": "9"}
    bad = keeper.post("/desk/samples/announce", asked)
    assert bad.status_code == 422 and "公开的只有 4 条" in text(bad)
    assert keeper.post("/desk/samples/announce", asked | {"wanted": "1"}).url == "/desk/samples/"
    row = SampleRound.objects.get()
    assert "请另一位同事抽" in text(keeper.get("/desk/samples/"))
    assert "等您抽取" in text(overseer.get("/desk/")) and "等您抽取" not in text(keeper.get("/desk/"))
    settle()
    assert overseer.post(f"/desk/samples/rounds/{row.pk}/draw").url == "/desk/samples/"
    sample, row = Sample.objects.get(), SampleRound.objects.get()

    # Anybody computes it again from what stands in public.
    lines = client.get(f"/board/samples/{row.number}/pool.txt").content.decode().splitlines()
    page = text(client.get(f"/board/samples/{row.number}"))
    assert all(line.split("\t", 1)[0] == sha256(line.split("\t", 1)[1].encode()).hexdigest() for line in lines)
    marks = "".join(line[:64] + "\n" for line in lines)
    assert sha256(marks.encode()).hexdigest() == row.pool_sha256 and row.pool_sha256 in page and row.root in page
    lots = {n: sha256(f"{row.root}:{row.number}:{n}".encode()).hexdigest() for n in range(1, 5)}
    assert f"第 {min(lots, key=lots.get)} 行" in page and sample.text in lines[row.picked[0] - 1]

    assert act(overseer, sample, "assign", inspector=staff(CASHIER).pk).status_code == 422, "not even offered"
    told = act(overseer, sample, "assign", inspector=staff(EDITOR).pk)
    assert told.status_code == 422 and "经手过" in text(told)
    assert act(overseer, sample, "assign", inspector=staff(LAND).pk).status_code == 302
    assert "等您核对" in text(inspector.get("/desk/"))
    seen = {"verdict": "differs", "found": "账上是4辆。", "record": "车辆台账第2页", "seen_on": today}
    bare = act(inspector, sample, "judge", **seen)
    assert bare.status_code == 422 and "照片" in text(bare) and "车辆台账第2页" in text(bare)
    scan = SimpleUploadedFile("台账.png", PICTURE, "image/png")
    assert act(inspector, sample, "judge", **seen, scan=scan).status_code == 302
    for nobody in (client, at_the_desk(CLERK_1), at_the_desk(POWER)):
        assert nobody.get(f"/desk/samples/{sample.pk}").status_code in (302, 403, 404)
        assert nobody.get(f"/desk/samples/{sample.pk}/scan").status_code in (302, 403, 404)
    assert b"".join(inspector.get(f"/desk/samples/{sample.pk}/scan")) == PICTURE
    assert unit.get(f"/desk/samples/{sample.pk}/scan").status_code == 404
    early = text(client.get(f"/board/samples/{row.number}")) + text(client.get(f"/info/{document.index_number}"))
    assert "账上是4辆" not in early and "不符" not in early.replace("查到不符", "") and "正在核对" in early
    assert act(overseer, sample, "show", owner="", due_on="").status_code == 422

    assert "以前说明" in text(unit.get("/desk/"))
    assert act(unit, sample, "reply", text="有一辆刚过户来。").status_code == 302
    owner = staff(CASHIER).assignments.get().post
    assert act(overseer, sample, "show", owner=owner.pk, due_on=f"{int(today[:4]) + 1}-03-31").status_code == 302
    under = text(client.get(f"/info/{document.index_number}"))
    month = f"{int(today[:4])}年{int(today[5:7])}月"
    assert f"{month}抽查：与原始账册不符" in under and "账上是4辆" in under and "有一辆刚过户来" in under
    for path in (f"/board/samples/{row.number}", "/board/samples/", f"/board/samples/{row.number}.json"):
        told = client.get(path).content.decode()
        assert "与原始账册不符" in told and "台账第2页" not in told, path
        assert not [one.name for one in Staff.objects.all() if one.name in told], "no inspector is named"
    assert json.loads(client.get(f"/board/samples/{row.number}.json").content)["results"][0]["duty"]
    assert "真实性抽查" in text(client.get("/board/sample-" + sample.number.lower()))


def test_what_was_taken_down_is_no_longer_told_by_the_pool(town, client):
    document = three_public(town, title="不该公开的经费")
    row = drawn(town, wanted=1)
    sample = row.samples.get()
    assert "不该公开的经费" in text(client.get(f"/board/samples/{row.number}"))
    documents.withdraw(
        edition=document.current, ground=WithdrawGround.values[0], reason="写错了单位，先撤下。", by=staff(SIGNER)
    )
    pool = client.get(f"/board/samples/{row.number}/pool.txt").content.decode()
    for told in (pool, *(client.get(f"/board/samples/{row.number}{end}").content.decode() for end in ("", ".json"))):
        assert "不该公开" not in told and sample.text not in told and "已撤下" in told
    marks = "".join(line[:64] + "\n" for line in pool.splitlines())
    assert sha256(marks.encode()).hexdigest() == row.pool_sha256


def test_a_utility_answers_for_its_own_and_sees_no_more(town):
    three_public(town, unit="power", title="供电所的经费")
    row = drawn(town, wanted=1)
    sample = judged(row.samples.get(), "unfounded")
    power = at_the_desk(POWER)
    assert "以前说明" in text(power.get("/desk/"))
    Assignment.objects.filter(staff=staff(POWER)).update(post=Post.objects.get(code="school-open"))
    assert power.get(f"/desk/samples/{sample.pk}").status_code == 404
    Assignment.objects.filter(staff=staff(POWER)).update(post=Post.objects.get(code="power-service"))
    page = text(power.get(f"/desk/samples/{sample.pk}"))
    assert "acts/reply" in page and "acts/assign" not in page and "acts/show" not in page
    assert power.get("/desk/samples/announce").status_code == 403
    assert act(power, sample, "reply", text="凭据在县公司。").status_code == 302
    three_public(town, title="财政所的经费")
    other = announced(town, wanted=1)
    settle()
    assert power.post(f"/desk/samples/rounds/{other.pk}/draw").status_code == 403
