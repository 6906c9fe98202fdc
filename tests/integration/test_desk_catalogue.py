"""The catalogue at the desk: a file to download, a file sent in, and the page that says what became of it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mingtang.events.models import Event
from mingtang.rulebook.catalogue import jobs
from mingtang.rulebook.models import CatalogueImport, Version
from tests.factories import books, rules
from tests.factories.books import book, put, tables
from tests.factories.cast import CENTRE, CLERK_1, EDITOR, login
from tests.integration.desk_steps import text

pytestmark = pytest.mark.django_db
HOME = "/desk/items/import"


def downloaded(client, query=""):
    answer = client.get(f"/desk/items/export{query}")
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    return b"".join(answer.streaming_content)


def send(client, data, name="目录.xlsx"):
    return client.post(HOME, {"table": SimpleUploadedFile(name, data)})


def test_the_file_goes_out_is_changed_and_comes_in(client, town):
    login(client, CENTRE)
    assert "/desk/items/export?which=newest" in text(client.get(HOME))
    found = tables(downloaded(client))
    put(found, "事项", "办什么", "表里改的。")
    sent = send(client, book(found))
    job = CatalogueImport.objects.get()
    assert (sent.status_code, sent.url) == (302, f"{HOME}/{job.pk}")
    waiting = client.get(sent.url)
    assert waiting["Refresh"] == "3" and "排队等候" in text(waiting) and "<progress" in text(waiting)
    assert not Version.objects.filter(state="draft").exists()
    jobs.claim()
    CatalogueImport.objects.update(stage="核对", done=1, total=4)
    assert "第 2 步，共 3 步：核对，25%" in text(client.get(sent.url))
    jobs.work(job.pk)
    done = client.get(sent.url)
    assert "Refresh" not in done and "全部收下" in text(done) and "1 项" in text(done)
    assert Version.objects.get(state="draft").data["summary"] == "表里改的。"
    assert "表里改的。" in [cell for row in tables(downloaded(client, "?which=newest"))["事项"] for cell in row]
    assert "表里改的。" not in [cell for row in tables(downloaded(client))["事项"] for cell in row]


def test_a_flawed_file_is_answered_with_its_cells(client, town, monkeypatch):
    monkeypatch.setattr("mingtang.rulebook.catalogue.reading.MOST_TOLD", 2)
    login(client, CENTRE)
    found = tables(books.exported(town))
    for row in (1, 2, 3):
        put(found, "材料", "份数", "两份", row)
    url = send(client, book(found)).url
    jobs.work(jobs.claim())
    page = text(client.get(url))
    assert "有 3 处要改，一项都没有导入" in page and "还有 1 处没有列出" in page
    assert "“材料”表第 2 行“份数”列（I2）" in page and "现在是“两份”" in page
    assert 'name="table"' in page
    assert "没有导入" in text(client.get(HOME))


@pytest.mark.parametrize(("name", "data"), [("目录.xlsx", b"a,b"), ("目录.xls", b""), ("图.png", b"\x89PNG\r\n\x1a\n")])
def test_what_is_no_table_is_refused_at_once(client, town, name, data):
    login(client, CENTRE)
    before = Event.objects.count()
    answer = send(client, data, name)
    assert answer.status_code == 422 and "错误：" in text(answer)
    assert client.post(HOME).status_code == 422
    assert (CatalogueImport.objects.count(), Event.objects.count()) == (0, before)


def test_whoever_only_reads_items_exports_and_does_not_import(client, town):
    login(client, CLERK_1)
    page = text(client.get(HOME))
    assert "/desk/items/export" in page and 'name="table"' not in page
    assert downloaded(client)
    assert send(client, books.exported(town)).status_code == 403
    login(client, EDITOR)
    assert client.get(HOME).status_code == client.get("/desk/items/export").status_code == 403


def test_another_towns_file_is_nobodys(client, town, other_town):
    login(client, CENTRE)
    send(client, books.exported(town))
    job = CatalogueImport.objects.get()
    CatalogueImport.objects.update(town=other_town)
    assert client.get(f"{HOME}/{job.pk}").status_code == 404
    assert client.get(f"{HOME}/{job.pk + 1}").status_code == 404


def test_a_text_too_long_for_a_cell_is_said_and_no_broken_file_goes_out(client, town):
    login(client, CENTRE)
    rules.drafted(town, "LM-001", summary="字" * 40_000)
    answer = client.get("/desk/items/export?which=newest", follow=True)
    assert "事项 LM-001 的“办什么”有 40000 个字" in text(answer)
