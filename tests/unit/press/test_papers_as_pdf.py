"""Every paper as PDF: what stands on it, what cannot happen to it."""

import json
import subprocess
import sys
import threading
from io import BytesIO

import pypdf
import pytest

from mingtang.lib.errors import Refused
from mingtang.lib.paths import CHECKOUT
from mingtang.press import render as press
from mingtang.press.papers import PAPERS
from mingtang.press.render import PaperUnavailable, render
from tests.unit.press.samples import BARE, HOSTILE, LONG, RARE, SAMPLES


def read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """All text without spaces: where lines break says nothing about what is printed."""
    return "".join("".join(page.extract_text() for page in read(pdf).pages).split())


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("template", PAPERS)
def test_a_paper_carries_its_number_title_people_and_item(template):
    data = SAMPLES[template]
    text = text_of(render(template, data))
    for key in (
        "number",
        "index_number",
        "code",
        "item_name",
        "item_code",
        "applicant",
        "agent",
        "title",
        "organ",
        "issuer",
    ):
        if key in data:
            assert squeezed(data[key]) in text, key
    assert "".join(data["checkpoint"]["words"]) in text
    assert squeezed(data["check_url"]) in text
    if template not in {"document", "board"}:  # these bear their own title alone
        assert PAPERS[template][0] in text


@pytest.mark.parametrize("template", PAPERS)
def test_equal_data_give_equal_bytes(template):
    shuffled = dict(reversed(SAMPLES[template].items()))
    assert render(template, SAMPLES[template]) == render(template, shuffled)


@pytest.mark.parametrize("template", PAPERS)
def test_long_and_hostile_text_is_printed_as_it_stands(template):
    text = text_of(render(template, LONG[template]))
    assert squeezed(HOSTILE) in text
    assert RARE in text
    assert "root:" not in text


@pytest.mark.parametrize("template", PAPERS)
def test_each_persons_text_is_a_value_and_never_markup(template):
    """Every occurrence counts: one that was read as markup would lose its marks."""
    mark = "#[*粗*]$x$"
    data = json.loads(json.dumps(LONG[template]).replace(json.dumps(HOSTILE)[1:-1], mark))
    data = {key: value[:2] if key in {"materials", "missing"} else value for key, value in data.items()}
    if template == "service_record":
        data["applicant"] += "甲"  # not the recipient, so printed too
    printed = json.loads(json.dumps(data))
    printed.get("proof", {}).pop("file", None)  # attached, not printed
    assert text_of(render(template, data)).count(mark) >= json.dumps(printed, ensure_ascii=False).count(mark)


def test_a_long_run_without_spaces_stays_on_the_page_and_copies_clean():
    code = "A1" * 90
    pages = read(render("receipt", {**SAMPLES["receipt"], "item_code": code})).pages
    lines = "\n".join(page.extract_text() for page in pages).splitlines()
    assert max(line.count("A") for line in lines) < 30
    assert code in "".join("".join(lines).split())


@pytest.mark.parametrize("template", PAPERS)
def test_a_paper_without_any_optional_value_is_still_a_paper(template):
    pdf = render(template, BARE[template])
    assert "演示" not in text_of(pdf)
    assert "none" not in text_of(pdf)


@pytest.mark.parametrize("template", PAPERS)
def test_each_page_of_a_demo_paper_is_marked(template):
    for page in read(render(template, LONG[template])).pages:
        assert "演示数据，不具有法律效力" in page.extract_text()


def test_a_receipt_lists_every_material_and_the_dates_in_chinese():
    text = text_of(render("receipt", SAMPLES["receipt"]))
    for material in SAMPLES["receipt"]["materials"]:
        assert squeezed(material["name"]) in text
    assert "2026年3月4日9时30分" in text
    assert "2026年3月18日" in text
    assert "暂定" not in text
    provisional = text_of(render("receipt", {**SAMPLES["receipt"], "provisional": True}))
    assert "2026年3月18日（暂定" in provisional


def test_a_receipt_of_a_short_case_is_one_page():
    short = {**SAMPLES["receipt"], "told": [], "charges": {"lines": [], "total": 0, "said": "不收费"}}
    assert len(read(render("receipt", short)).pages) == 1


def test_a_receipt_tells_what_was_answered_and_what_it_costs():
    text = text_of(render("receipt", SAMPLES["receipt"]))
    for row in SAMPLES["receipt"]["answers"]:
        assert squeezed(row["question"] + row["answer"]) in text
    assert squeezed(SAMPLES["receipt"]["told"][0]) in text
    for row in SAMPLES["receipt"]["charges"]["lines"]:
        assert squeezed(f"{row['fee']['name']}：{row['working']}（{row['fee']['basis']}") in text
    free = {**SAMPLES["receipt"], "answers": [], "charges": {"lines": [], "total": 0, "said": "不收费"}}
    assert "收费不收费" in text_of(render("receipt", free)) and "您的情况" not in text_of(render("receipt", free))


def test_a_receipt_for_no_materials_says_so():
    assert "本次没有收到材料。" in text_of(render("receipt", {**SAMPLES["receipt"], "materials": []}))


def test_a_supplement_notice_lists_each_gap_with_its_remedy_and_binds_once():
    text = text_of(render("supplement", SAMPLES["supplement"]))
    for missing in SAMPLES["supplement"]["missing"]:
        assert squeezed(missing["name"] + missing["problem"] + missing["mend"]) in text
    assert "本通知只发一次" in text


@pytest.mark.parametrize("template", ["not_accepted", "refusal"])
def test_an_adverse_paper_names_reasons_and_remedies(template):
    text = text_of(render(template, SAMPLES[template]))
    for sentence in SAMPLES[template]["reasons"] + SAMPLES[template]["remedies"]:
        assert sentence in text


def test_silence_of_an_office_is_told_apart_from_acceptance():
    ordinary, statutory, promise = (
        text_of(render("acceptance", {**SAMPLES["acceptance"], **extra}))
        for extra in ({}, {"silence": "statutory"}, {"silence": "promise"})
    )
    assert "决定自2026年3月4日起予以受理" in ordinary
    # Papers that may follow later are not called complete.
    assert "材料齐全" not in ordinary and SAMPLES["acceptance"]["conditions"]
    assert "材料齐全" in text_of(render("acceptance", {**SAMPLES["acceptance"], "conditions": []}))
    assert "没有在法定期限内" in statutory and "即为受理" in statutory
    assert "公开承诺" in promise and "视为受理" in promise


def test_the_proof_is_printed_and_attached_for_programs():
    data = SAMPLES["receipt"]
    pdf = render("receipt", data)
    assert data["proof"]["commitment"] in text_of(pdf)
    (attached,) = read(pdf).attachments["proof.json"]
    assert json.loads(attached) == {"format": "mingtang-receipt-1"}


def test_a_document_prints_headings_lists_and_tables():
    text = text_of(render("document", SAMPLES["document"]))
    for words in ("一、总体要求", "（一）工作目标", "1.公开目录完整；", "任务分工表", "目录编制", "附件：1.任务清单"):
        assert words in text


def test_characters_without_a_printed_form_show_as_such():
    name = "张\x00三\u202e李\ud800四\tA\nB"
    text = text_of(render("receipt", {**SAMPLES["receipt"], "applicant": name}))
    assert "张\N{REPLACEMENT CHARACTER}三\N{REPLACEMENT CHARACTER}李?四AB" in text


def test_the_document_names_no_time_of_making_and_its_language_is_chinese():
    reader = read(render("grant", SAMPLES["grant"]))
    assert "/CreationDate" not in reader.metadata
    assert reader.metadata.title == f"准予决定书 {SAMPLES['grant']['number']}"
    assert str(reader.trailer["/Root"]["/Lang"]).lower() == "zh-cn"


def test_typst_never_enters_the_process_that_asks_for_paper():
    program = (
        "import sys, mingtang.press.render as r; from tests.unit.press.samples import SAMPLES;"
        "assert r.render('grant', SAMPLES['grant']).startswith(b'%PDF');"
        "print('typst' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_child_does_not_see_the_servers_secrets(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:secret@host/db")
    monkeypatch.setenv("MINGTANG_SECRET_KEY", "secret")
    given = {}

    def run(*_, **options):
        given.update(options)
        return subprocess.CompletedProcess([], 0, b"%PDF", b"")

    monkeypatch.setattr(press.subprocess, "run", run)
    render("grant", SAMPLES["grant"])
    assert given["env"] and "secret" not in " ".join(given["env"].values())


def test_a_paper_that_takes_too_long_is_given_up(monkeypatch):
    def slow(command, *, timeout, **_):
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr(press.subprocess, "run", slow)
    with pytest.raises(PaperUnavailable, match="用时过长"):
        render("grant", SAMPLES["grant"])


def test_a_child_that_runs_out_of_memory_is_a_sentence_not_a_crash(monkeypatch, caplog):
    monkeypatch.setattr(press, "MEMORY_BYTES", 40 * 1024 * 1024)
    with pytest.raises(PaperUnavailable, match="暂时生成不了"):
        render("grant", SAMPLES["grant"])
    assert "paper grant failed" in caplog.text


def test_a_machine_without_chinese_fonts_says_how_to_get_them(monkeypatch):
    answer = subprocess.CompletedProcess([], press.fonts.NO_FONT, b"", b"")
    monkeypatch.setattr(press.subprocess, "run", lambda *_, **__: answer)
    with pytest.raises(PaperUnavailable, match="apt install fonts-noto-cjk"):
        render("grant", SAMPLES["grant"])


def test_when_all_children_are_busy_the_next_is_told_to_wait(monkeypatch):
    monkeypatch.setattr(press, "_slots", threading.BoundedSemaphore(1))
    monkeypatch.setattr(press, "QUEUE_SECONDS", 0)
    with press._slot(), pytest.raises(PaperUnavailable, match="人较多"):
        render("grant", SAMPLES["grant"])
    assert render("grant", SAMPLES["grant"])


def test_an_unavailable_paper_is_an_ordinary_refusal():
    assert issubclass(PaperUnavailable, Refused)
