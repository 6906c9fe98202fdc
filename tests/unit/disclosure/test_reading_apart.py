"""Reading in a process of its own: the same answers, and a document that is too much costs only itself."""

import json

import pytest

from mingtang.disclosure.reading import clean_html, read_path, text_of
from mingtang.disclosure.reading_apart import TOO_HARD, cleaned_apart, read_apart
from mingtang.lib.errors import Refused
from tests.unit.files import samples

GOOD = {"title": "清淤通知", "text": "正文。\n\n[附件](https://a.example/b.pdf)", "issuer": "甲镇", "views": "7"}


def _lines(path, *records):
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records), encoding="utf-8")
    return path


def test_it_reads_what_is_read_in_ones_own_process(tmp_path):
    link = '<p>正文。</p><p><a href="https://a.example/b.pdf">附件一</a></p>'
    _lines(
        tmp_path / "a.jsonl",
        GOOD | {"published_on": "2026-03-02 08:30"},
        GOOD | {"html": link, "written": "2026-03-01"},
    )
    (tmp_path / "b.docx").write_bytes(samples.JPEG)
    (tmp_path / "c.txt").write_text("标题\n正文一句。", encoding="utf-8")
    apart = list(read_apart(tmp_path))
    assert apart == list(read_path(tmp_path)) and len(apart) == 4
    assert apart[0].published_on.hour == 8 and apart[1].attachments and apart[2].problems


@pytest.mark.parametrize(
    ("limits", "much"),
    [({"memory": 256 * 1024 * 1024}, "文字\n" * 2_000_000), ({"seconds": 0.5}, "<p>文</p>" * 400_000)],
)
def test_a_document_that_takes_too_much_costs_only_itself(tmp_path, limits, much):
    path = _lines(tmp_path / "a.jsonl", GOOD, {"title": "大", "text": much}, GOOD, {"title": "大", "text": much}, GOOD)
    readings = list(read_apart(path, **limits))
    assert [reading.usable for reading in readings] == [True, False, True, False, True]
    assert readings[1].origin == "a.jsonl:2" and readings[1].problems[0].sentence == TOO_HARD


def test_who_stops_asking_leaves_no_child_and_what_is_not_there_is_refused(tmp_path):
    path = _lines(tmp_path / "a.jsonl", *[GOOD] * 3000)
    readings = read_apart(path)
    assert next(readings).title == "清淤通知"
    readings.close()
    with pytest.raises(Refused, match="找不到"):
        next(read_apart(tmp_path / "nowhere"))


def test_a_body_that_came_from_the_child_is_clean_whatever_it_sent(tmp_path):
    (reading,) = read_apart(_lines(tmp_path / "a.jsonl", GOOD))
    assert clean_html(reading.body_html) is reading.body_html and text_of(reading.body_html) == reading.body_text
    assert cleaned_apart('<p onclick="x()">文<script>y()</script></p>', "文") == "<p>文</p>"
