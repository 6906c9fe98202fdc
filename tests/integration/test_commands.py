"""The commands as a person at the console meets them: what they print, how they end, what they leave behind."""

import json

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.db.migrations.recorder import MigrationRecorder

from config import cli
from mingtang.disclosure.models import Document, Edition
from mingtang.events import follow
from mingtang.events.log import CONSOLE, record
from mingtang.events.models import Event, Sequenced, Unsequenced
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.portal.stored import page_store
from mingtang.rulebook.models import Item, ItemFacts, ItemResult
from mingtang.search import service as search
from mingtang.towns.models import Jurisdiction
from tests.factories.books import book, put, tables
from tests.factories.cast import ADMINISTRATOR, CENTRE, EDITOR, SIGNER, staff

pytestmark = pytest.mark.django_db
ONE = {"id": "a-1", "title": "一份通知", "text": "正文第一段。", "issuer": "甲县", "published_on": "2019-05-06"}


@pytest.fixture
def no_fonts(monkeypatch):
    """Fonts are the press's own test; here nothing is fetched."""
    monkeypatch.setattr("mingtang.press.fonts.ensure", lambda progress: True)


@pytest.fixture
def kept_connection():
    """A request that ends closes old connections: not the one that holds this test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def documents(tmp_path):
    def write(*rows):
        path = tmp_path / "in.jsonl"
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
        return str(path)

    return write


def last_line(capsys) -> dict:
    return json.loads(capsys.readouterr().out.strip().splitlines()[-1])


def test_demo_prints_where_to_go_and_who_may_log_in(db, capsys, no_fonts, monkeypatch):
    monkeypatch.setenv("PORT", "8123")
    assert cli.main(["demo"]) == 0
    said = capsys.readouterr().out
    assert "http://127.0.0.1:8123/" in said and "wanyu-demo" in said
    assert all(name in said for name in ("bianji", "baomi", "qianfa", "chuangkou3", "zhenzhang"))
    assert not Unsequenced.objects.exists()
    assert json.loads(page_store().hosts_file.read_text())["default"] == "430623107"
    town = Jurisdiction.objects.get(is_default=True)
    assert search.search(town.pk, "供电所收费").hits
    before = Event.objects.count()
    assert cli.main(["demo"]) == 0
    assert Event.objects.count() == before


def test_an_import_ends_with_its_counts_and_is_searchable(town, capsys, documents, tmp_path):
    report = tmp_path / "report.jsonl"
    assert cli.main(["import", "documents", documents(ONE, {"id": "2"}), "--report", str(report)]) == 0
    said = capsys.readouterr().out
    assert json.loads(said.splitlines()[-1]) == {"created": 1, "unchanged": 0, "updated": 0, "refused": 1}
    assert "归入栏目 0 份。全镇导入的信息还有 1 份没有归栏" in said and "/desk/columns/unfiled" in said
    lines = [json.loads(line) for line in report.read_text("utf-8").splitlines()]
    assert [line["result"] for line in lines] == ["created", "refused"]
    assert search.search(town.pk, "一份通知").hits[0].source_id == "a-1"
    assert not Unsequenced.objects.exists()
    assert cli.main(["import", "documents", documents(ONE)]) == 0
    assert last_line(capsys) == {"created": 0, "unchanged": 1, "updated": 0, "refused": 0}


def test_a_refused_document_is_listed_with_its_reason(town, capsys, documents):
    cli.main(["import", "documents", documents(ONE | {"text": "联系人手机13812345678。"})])
    assert "手机" in capsys.readouterr().out


def test_publish_adopts_what_has_no_date(town, documents):
    path = documents({key: value for key, value in ONE.items() if key != "published_on"})
    cli.main(["import", "documents", path])
    assert Document.objects.get().current is None
    cli.main(["import", "documents", path, "--publish"])
    assert Document.objects.get().current is not None


def test_a_named_importer_needs_the_power_and_is_kept(town, capsys, documents):
    assert cli.main(["import", "documents", documents(ONE), "--by", "bianji"]) == 2
    assert "权限" in capsys.readouterr().err
    assert cli.main(["import", "documents", documents(ONE), "--by", "nobody"]) == 2
    assert "--by" in capsys.readouterr().err
    assert not Document.objects.exists()
    assert cli.main(["import", "documents", documents(ONE), "--by", ADMINISTRATOR]) == 0
    assert Edition.objects.get().adopted_by == staff(ADMINISTRATOR).code


def test_an_import_goes_to_the_town_it_names(town, other_town, capsys, documents):
    assert cli.main(["import", "documents", documents(ONE), "--town", other_town.code]) == 0
    assert Document.objects.get().town == other_town
    assert cli.main(["import", "documents", documents(ONE), "--town", "999999"]) == 2
    assert "999999" in capsys.readouterr().err


def test_a_path_or_report_that_cannot_be_used_is_one_sentence(town, capsys, documents):
    assert cli.main(["import", "documents", "/nowhere/at/all"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert cli.main(["import", "documents", documents(ONE), "--report", "/nowhere/at/all"]) == 2
    assert "报告文件" in capsys.readouterr().err
    assert not Document.objects.exists()


def test_an_import_without_any_town_says_what_to_do(db, capsys, documents):
    assert cli.main(["import", "documents", documents(ONE)]) == 2
    assert "mingtang demo" in capsys.readouterr().err


def test_items_come_in_as_drafts_with_a_report(town, capsys, documents, tmp_path):
    report = tmp_path / "report.jsonl"
    path = documents({"TASK_CODE": "11430623000000000001", "TASK_NAME": "某项服务"})
    assert cli.main(["import", "items", path, "--report", str(report)]) == 0
    said = capsys.readouterr().out.strip().splitlines()
    assert json.loads(said[-1]) == {"created": 1, "unchanged": 0, "updated": 0, "refused": 0}
    assert "不公开的草案" in said[-2]
    assert json.loads(report.read_text("utf-8"))["asks"]["依据"]
    assert Item.objects.get(code="11430623000000000001").current is None


def test_a_calendar_is_loaded_once(town, capsys, tmp_path):
    path = tmp_path / "2027.csv"
    path.write_text("date,is_workday,reason\n2027-01-01,0,元旦\n2027-10-01,0,国庆节\n", "utf-8")
    assert cli.main(["import", "calendar", str(path)]) == 0
    assert last_line(capsys)["created"] == 2
    assert cli.main(["import", "calendar", str(path)]) == 0
    assert last_line(capsys) == {"created": 0, "unchanged": 1, "updated": 0, "refused": 0}
    path.write_text("date,is_workday\n2027-02-30,0\n", "utf-8")
    assert cli.main(["import", "calendar", str(path)]) == 2
    assert "第2行" in capsys.readouterr().err


def test_deadlines_come_back_as_rows(db, capsys, tmp_path):
    path = tmp_path / "days.csv"
    path.write_text("received,working_days\n2026-09-28,5\n2026-12-30,20\n", "utf-8")
    assert cli.main(["deadline", "--csv", str(path)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "received,working_days,due,provisional",
        "2026-09-28,5,2026-10-10,false",
        "2026-12-30,20,2027-01-27,true",
    ]
    path.write_text("received,working_days\n2026-02-30,5\n", "utf-8")
    assert cli.main(["deadline", "--csv", str(path)]) == 1
    assert "第2行" in capsys.readouterr().err


def test_a_rebuilt_search_answers_as_before(town, capsys, documents):
    cli.main(["import", "documents", documents(ONE)])
    before = [hit.url for hit in search.search(town.pk, "通知 建房").hits]
    assert cli.main(["rebuild", "search"]) == 0
    assert [hit.url for hit in search.search(town.pk, "通知 建房").hits] == before
    assert "检索索引已重建" in capsys.readouterr().out


def test_rebuilt_items_are_listed_as_before(town, client, capsys):
    before = client.get("/services/").content
    ItemFacts.objects.filter(item__code="JF-001").update(name="写错了", days=99)
    assert client.get("/services/?q=写错了").content != before
    assert cli.main(["rebuild", "items"]) == 0
    assert client.get("/services/").content == before
    assert f"共 {Item.objects.count()} 项" in capsys.readouterr().out


def test_an_upgrade_lists_what_an_older_release_put_in_force(town, client):
    before = client.get("/services/").content
    ItemFacts.objects.all().delete()
    ItemResult.objects.all().delete()
    assert cli.main(["migrate"]) == 0
    assert client.get("/services/").content == before
    assert ItemResult.objects.filter(item__code="JF-001").exists()


def test_a_rebuilt_ledger_has_the_same_tiles(town, own_data_folder, capsys):
    follow.settle()
    folder = own_data_folder / "ledger"
    tiles = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert len(tiles) > 2
    assert cli.main(["rebuild", "ledger"]) == 0
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == tiles
    assert f"共 {Sequenced.objects.count()} 条" in capsys.readouterr().out


def test_rebuilt_pages_are_stored_with_the_same_bytes(town, documents, kept_connection):
    cli.main(["import", "documents", documents(ONE)])
    assert cli.main(["rebuild", "pages"]) == 0
    number = Document.objects.get().index_number
    paths = ["/", "/info/", f"/info/{number}", "/services/JF-001", "/sitemap"]
    first = {path: page_store().find(town.code, path).body for path in paths}
    assert "一份通知" in first[f"/info/{number}"].decode()
    assert cli.main(["rebuild", "pages"]) == 0
    assert {path: page_store().find(town.code, path).body for path in paths} == first


def test_selfcheck_says_what_is_well_and_what_is_not(town, capsys, monkeypatch):
    # The rules for the site have their own tests: tests/integration/test_selfcheck_site.py.
    monkeypatch.setattr("config.selfcheck_site.run", lambda json_file: 0)
    follow.settle()
    search.ensure()
    assert cli.main(["selfcheck"]) == 0
    assert "自检通过" in capsys.readouterr().out
    Staff.objects.filter(username=SIGNER).update(name=staff(EDITOR).name)
    with act():
        record(town=town, type="document.catalogued", subject="document:x", by=CONSOLE)
    assert cli.main(["selfcheck"]) == 0
    said = capsys.readouterr().out
    assert "有 1 条事件还没有编号" in said and "2 个在用的账号都叫“苏禾（演示）”（bianji、qianfa）" in said


def test_selfcheck_fails_when_the_log_does_not_fit(town, capsys, monkeypatch):
    monkeypatch.setattr("config.selfcheck_site.run", lambda json_file: 0)
    follow.settle()
    from mingtang.ledger import verifying

    real = verifying.opening
    monkeypatch.setattr(verifying, "opening", lambda event: real(event) | {"salt": "00" * 16})
    assert cli.main(["selfcheck"]) == 1
    assert "mingtang verify" in capsys.readouterr().out


def test_migrate_leaves_a_house_that_can_be_served(town, capsys):
    assert cli.main(["migrate"]) == 0
    assert page_store().hosts_file.exists()
    assert search.is_ready()


def test_a_database_from_before_the_squash_is_told_its_way(db, capsys):
    MigrationRecorder(connection).record_unapplied("cases", "0024_payouts")
    assert cli.main(["migrate"]) == 2
    assert "git checkout b548ffb" in capsys.readouterr().err


def test_fonts_end_badly_only_where_paper_cannot_be_made(db, capsys, monkeypatch):
    monkeypatch.setattr("mingtang.press.fonts.ensure", lambda progress: False)
    assert cli.main(["fonts"]) == 1


def test_the_catalogue_goes_out_and_comes_in_again(town, capsys, tmp_path):
    path, report = tmp_path / "目录.xlsx", tmp_path / "report.jsonl"
    assert cli.main(["export", "items", str(path)]) == 0
    assert last_line(capsys) == {"items": 4}
    assert cli.main(["import", "items", str(path)]) == 0
    assert last_line(capsys) == {"created": 0, "updated": 0, "unchanged": 4, "refused": 0}
    assert cli.main(["export", "items", str(path)]) == 2
    assert "没有覆盖" in capsys.readouterr().err
    found = tables(path.read_bytes())
    put(found, "事项", "办什么", "控制台改的。")
    path.write_bytes(book(found))
    assert cli.main(["import", "items", str(path), "--by", "bianji"]) == 2
    assert cli.main(["import", "items", str(path), "--by", CENTRE, "--report", str(report)]) == 0
    assert last_line(capsys)["updated"] == 1
    assert json.loads(report.read_text("utf-8"))["result"] == "updated"
    assert not Unsequenced.objects.exists()


def test_a_flawed_table_is_listed_and_refused_whole(town, capsys, tmp_path):
    path, report = tmp_path / "目录.xlsx", tmp_path / "report.jsonl"
    cli.main(["export", "items", str(path), "--newest"])
    found = tables(path.read_bytes())
    put(found, "材料", "份数", "两份")
    path.write_bytes(book(found))
    before = Event.objects.count()
    assert cli.main(["import", "items", str(path), "--report", str(report)]) == 2
    said = capsys.readouterr()
    assert "✗ “材料”表第 2 行“份数”列（I2）：要填整数" in said.out and "一项都没有导入" in said.err
    assert json.loads(report.read_text("utf-8"))["origin"] == "“材料”表第 2 行“份数”列（I2）"
    (tmp_path / "目录.csv").write_text("事项编码\n", "utf-8")
    assert cli.main(["import", "items", str(tmp_path / "目录.csv")]) == 2
    assert "Excel 表格" in capsys.readouterr().err
    assert Event.objects.count() == before
