"""The flowchart as page, pictures, file and paper: what runs, in words too, and how long it really took."""

import hashlib
import re
from datetime import timedelta
from io import BytesIO

import pypdf
import pytest
import time_machine
from lxml import etree

from config import background
from mingtang.cases import actions
from mingtang.cases.enums import ServeMode
from mingtang.events import follow
from mingtang.flows import wording
from mingtang.flows.times import NOTE
from mingtang.portal import keys
from mingtang.portal.stored import page_store
from mingtang.portal.wrapper import START
from mingtang.press import flow_paper
from mingtang.press.render import PaperUnavailable
from tests.factories import acts, rules
from tests.unit.cases.conftest import MONDAY
from tests.unit.flows.specs import LONGEST

pytestmark = pytest.mark.django_db
CODES = ("LN-001", "LM-001", "JF-001", "JZ-001")
PICTURES = ("flow.svg", "flow-narrow.svg", "flow-sheet.svg")


@pytest.fixture
def clock():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def text(answer) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", answer.content.decode()))


def paper(answer) -> tuple[pypdf.PageObject, str]:
    """The one page of a PDF, and what stands on it without spaces."""
    assert answer["Content-Type"] == "application/pdf", answer.content.decode()
    (page,) = pypdf.PdfReader(BytesIO(answer.content)).pages
    return page, "".join(page.extract_text().split())


def ended(town, code: str, count: int) -> None:
    for _ in range(count):
        case = acts.decided(town, code)
        actions.serve(case=case, mode=ServeMode.DIRECT, receiver="文小满（演示）", by=acts.clerk_of(code))


@pytest.mark.shared
@pytest.mark.parametrize("code", CODES)
def test_the_file_of_a_demo_item_is_valid_by_the_schema(client, town, shared, code):
    schema = etree.XMLSchema(etree.parse(shared / "data/standards/bpmn/xsd/BPMN20.xsd"))
    schema.assertValid(etree.fromstring(client.get(f"/services/{code}/flow.bpmn").content))


@pytest.mark.parametrize("code", CODES)
def test_the_page_shows_the_drawing_its_signs_the_words_and_what_it_is_known_by(client, town, code):
    version = acts.in_force(town, code)
    answer = client.get(f"/services/{code}/flow")
    page = answer.content.decode()
    for picture in PICTURES:
        assert f'"/services/{code}/{picture}"' in page
        assert client.get(f"/services/{code}/{picture}").content.startswith(b"<svg")
    assert version.sha256 in page and version.flow_sha256 in page and f"第 {version.number} 版" in page
    items = re.findall(r"<li>(.+?)</li>", page[page.index("用文字说") : page.index("这张图从哪里来")])
    assert items == [*wording.steps(bytes(version.bpmn)), *wording.specials(bytes(version.bpmn))]
    assert "横条：谁办" in page and ("几项同时办" in page) == (code == "JF-001")
    assert f'href="/services/{code}/flow"' in client.get(f"/services/{code}").content.decode()


@pytest.mark.parametrize("code", ["LN-001", "JF-001"])
def test_the_paper_is_one_sheet_of_a3(client, town, code):
    follow.settle()
    version = acts.in_force(town, code)
    page, told = paper(client.get(f"/services/{code}/flow.pdf"))
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [420, 297]
    for words in (version.name, version.sha256, version.flow_sha256, "公开日志检查点四词", f"/services/{code}/flow"):
        assert words in told
    for sentence in wording.steps(bytes(version.bpmn)):
        assert "".join(sentence.split()) in told


def test_forty_steps_still_are_one_sheet(client, clock, town):
    """Folded into columns whose boxes are the text themselves."""
    first, second = (row for row in acts.in_force(town, "JF-001").data["steps"] if row["group"])
    steps = [
        {**(first, second)[n % 2], "key": step.key, "name": step.name, "group": step.group}
        for n, step in enumerate(LONGEST.steps)
    ]
    version = rules.announced(rules.drafted(town, "JF-001", steps=steps, statutory_days=300, promised_days=250))
    clock.shift(timedelta(days=40))
    rules.actions.put_due_in_force()
    assert acts.in_force(town, "JF-001").pk == version.pk
    _, told = paper(client.get("/services/JF-001/flow.pdf"))
    for name in {step.name for step in LONGEST.steps}:
        assert told.count("".join(name.split())) >= sum(step.name == name for step in LONGEST.steps)
    assert "接上一栏" in told and "36.结束：办结" in told
    page = client.get("/services/JF-001/flow").content.decode()
    assert 'class="wrap page sheet folded"' in page and page.count("<li>") >= 36


def test_nothing_answers_in_another_town_or_without_a_version_in_force(client, other_town):
    for path in ("flow", "flow.pdf", *PICTURES, "flow.bpmn"):
        assert client.get(f"/services/JF-001/{path}", headers={"host": "other.example"}).status_code == 404
        assert client.get(f"/services/XX-404/{path}").status_code == 404


def test_real_times_appear_a_day_after_and_the_file_stays_as_it_was(client, clock, town):
    before = client.get("/services/LM-001/flow.bpmn").content
    words = "实际：3件里一半当天办完"
    for path in ("flow", *PICTURES, ""):
        assert words not in text(client.get(f"/services/LM-001/{path}".rstrip("/")))
    ended(town, "LM-001", 3)
    assert words not in text(client.get("/services/LM-001/flow"))
    clock.shift(timedelta(days=1))
    assert client.get("/services/LM-001/flow.svg").content.decode().count(">当天</text>") == 5
    for path in ("flow", *PICTURES, ""):
        assert words in text(client.get(f"/services/LM-001/{path}".rstrip("/"))), path
    assert NOTE in client.get("/services/LM-001/flow").content.decode()
    after = client.get("/services/LM-001/flow.bpmn").content
    assert after == before
    assert hashlib.sha256(after).hexdigest() == acts.in_force(town, "LM-001").flow_sha256


def test_of_a_sealed_kind_ten_cases_are_needed(client, clock, town):
    ended(town, "JZ-001", 9)
    clock.shift(timedelta(days=1))
    assert "实际" not in text(client.get("/services/JZ-001/flow"))
    ended(town, "JZ-001", 1)
    clock.shift(timedelta(days=1))
    assert "实际：10件里一半当天办完" in text(client.get("/services/JZ-001/flow"))


def test_a_stored_flowchart_outlives_the_end_of_a_case_and_goes_with_the_day(client, clock, town):
    """However many cases end, each page is drawn again once a day at most."""
    paths = ["/services/LM-001", *(f"/services/LM-001/{name}" for name in ("flow", *PICTURES))]

    def stored() -> list[bool]:
        return [page_store().find(town.code, path) is not None for path in paths]

    follow.settle()
    for path in paths:
        client.get(path, **{START: page_store().begin(town.code)})
    assert all(stored())
    ended(town, "LM-001", 1)
    follow.settle()
    assert all(stored())
    keys.new_day()
    assert not any(stored())


def test_a_days_rounds_begin_with_dropping_what_counts_days(monkeypatch):
    """Also after a round that failed, and in a server that was not running at midnight."""
    done = []
    monkeypatch.setattr(background.keys, "new_day", lambda: done.append("dropped"))
    monkeypatch.setattr(background.time, "sleep", lambda seconds: done.append("waited"))
    monkeypatch.setattr(background, "sweep", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        background._sweep()
    assert done == ["dropped", "waited"]


def test_a_paper_that_cannot_be_made_says_so_and_is_asked_again(client, town, monkeypatch):
    def busy(*arguments):
        raise PaperUnavailable("正在生成文书的人较多，请过一会儿再试。")

    with monkeypatch.context() as patched:
        patched.setattr(flow_paper, "render", busy)
        answer = client.get("/services/LN-001/flow.pdf", **{START: page_store().begin(town.code)})
        assert answer.status_code == 503 and "过一会儿再试" in answer.content.decode()
    assert client.get("/services/LN-001/flow.pdf").status_code == 200
