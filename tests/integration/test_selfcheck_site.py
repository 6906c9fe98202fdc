"""The official rules on a real small town: walked in process, kept, shown at the desk, with faults that are planted."""

import json

import pytest

from config import cli
from mingtang.demo.website import build_website
from mingtang.disclosure import columns
from mingtang.disclosure.actions import Content
from mingtang.events import follow
from mingtang.events.log import CONSOLE
from mingtang.events.models import Event
from mingtang.files.models import StoredFile
from mingtang.inspection import running
from mingtang.inspection.models import SiteCheck
from mingtang.people.models import Post
from mingtang.portal.keys import drop_own
from mingtang.portal.stored import page_store
from mingtang.search import service as search
from mingtang.towns.models import Jurisdiction
from tests.factories import acts
from tests.factories.cast import EDITOR, SIGNER, login
from tests.integration.desk_steps import text
from tests.integration.test_tombstones import _content

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def checked(town):
    """A town with its columns, marks and report, and one document with an attachment."""
    columns.open_all(town=town, owner=Post.objects.get(code="office-head"), by=CONSOLE)
    build_website(town)
    stored = _content(town, "")
    acts.published(town, Content("关于延长窗口时间的通知", "<p>赶集日窗口中午不休息。</p>", stored.attachments))
    follow.settle()
    search.ensure()
    return Jurisdiction.objects.get(pk=town.pk)


def outcomes(town) -> dict[str, dict]:
    return {row["code"]: row for row in running.run(town)[1].outcomes}


def failed(found: dict[str, dict]) -> set[str]:
    return {code for code, row in found.items() if row["verdict"] == "fail"}


def test_a_town_is_walked_printed_written_and_shown_at_the_desk(checked, client, capsys, tmp_path):
    """The columns are new and empty, the guide has no words yet: what the town has not done is named, nothing else."""
    assert cli.main(["selfcheck", "--json", str(tmp_path / "site.json")]) == 1
    printed = capsys.readouterr().out
    assert "没有空白栏目" in printed and "怎么改" in printed and "必须处理" in printed
    (written,) = json.loads((tmp_path / "site.json").read_text())
    found = {row["code"]: row for row in written["outcomes"]}
    assert written["town"] == checked.code and list(found) == [rule.code for rule in running.rules()]
    assert failed(found) == {"columns-empty", "guide"}, [found[code]["evidence"][:4] for code in failed(found)]
    assert all(row["evidence"] for row in found.values())
    assert "个附件都下载得到" in found["attachments"]["evidence"][0]["found"]
    login(client, EDITOR)
    page = text(client.get("/desk/site/"))
    assert "2 项不通过" in page and "没有空白栏目" in page and "补上，送审" in page
    kept = SiteCheck.objects.get()
    counted = {kind["form"]: (kind["seen"], kind["known"]) for kind in kept.kinds}
    assert kept.pages == sum(seen for seen, _ in counted.values()) > 50 and kept.kinds == written["kinds"]
    assert counted["/info/…"] == (2, 2) and "全部查了" in printed and "/info/c/…" in page


def test_faults_of_the_real_site_are_found(checked):
    """A file lost, a link to nowhere, marks taken away."""
    body = '<p>看<a href="/info/NO/2020-1">那一份</a>。<img src="/files/999"></p>'
    acts.published(checked, Content("第二份通知", body))
    StoredFile.objects.get(name="丁字附件.txt").path.unlink()
    Jurisdiction.objects.filter(pk=checked.pk).update(icp_record="", site_code="43")
    found = outcomes(Jurisdiction.objects.get(pk=checked.pk))
    assert failed(found) >= {"links", "attachments", "marks", "tags-site"}
    assert any(row["address"] == "/info/NO/2020-1" for row in found["links"]["evidence"])
    assert "还没有登记ICP备案号" in {row["found"] for row in found["marks"]["evidence"]}


def test_marks_are_registered_at_the_desk_and_every_stored_page_goes(client, town):
    login(client, EDITOR)
    assert client.post("/desk/site/marks", {"phone": "0730-5550001"}).status_code == 403
    login(client, SIGNER)
    assert "还没有登记：主办单位" in text(client.get("/desk/site/marks"))
    wrong = client.post("/desk/site/marks", {"icp_record": "12345"})
    assert wrong.status_code == 422 and "写法不对" in text(wrong) and "12345" in text(wrong)
    store = page_store()
    store.save(store.begin(town.code), "/x", {"any"}, b"page", "text/html; charset=utf-8")
    values = {"sponsor": "万庾镇人民政府", "icp_record": "湘ICP备12345678号", "phone": "0730-5550001"}
    assert client.post("/desk/site/marks", values).status_code == 302
    drop_own(list(Event.objects.filter(type="marks.registered")))
    assert store.find(town.code, "/x") is None
    assert "湘ICP备12345678号" in text(client.get("/accessibility"))
