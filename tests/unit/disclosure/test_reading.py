import json
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingtang.disclosure.reading import MOST_LETTERS, Reading, read_path, read_record, text_of
from mingtang.disclosure.reading_fields import SHANGHAI
from mingtang.lib.errors import Refused
from tests.unit.files import samples

steady = settings(deadline=None, derandomize=True)

TEXT = """索引号：1/2020-1
发布机构：演示镇
生成日期：2020-03-01
公开日期：2020-03-02
关于做好春季
防火工作的通知
来源：演示镇 2020-03-02 08:30
字号：大 中 小
各村、各单位：
  一、总体要求
  （一）落实责任，加强值守。各村要按照网格划分把责任落实到人，值班电话要保持畅通，发现火情要立即报告，不得迟报、漏报、瞒报，确保责任到人。
  1.明确分工；
村名\t责任人\t电话
甲村\t张三\t88
乙村\t李四\t
特此通知。
【打印本页】【关闭窗口】
扫一扫在手机打开当前页
版权所有：演示镇
"""


def read_one(tmp_path, name, data) -> Reading:
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    (reading,) = read_path(path)
    return reading


def sentences(reading: Reading, field: str) -> list[str]:
    return [problem.sentence for problem in reading.problems if problem.field == field]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_page_saved_as_text_gives_head_title_body_and_table(tmp_path, encoding):
    reading = read_one(tmp_path, "通知.txt", TEXT.encode(encoding))
    assert reading.title == "关于做好春季防火工作的通知"
    assert (reading.index_number, reading.issuer, reading.source) == ("1/2020-1", "演示镇", "演示镇")
    assert reading.generated_on == date(2020, 3, 1)
    assert reading.published_on == datetime(2020, 3, 2, 8, 30, tzinfo=SHANGHAI)
    assert reading.problems == []
    assert reading.body_html.split("\n")[:3] == [
        "<p>各村、各单位：</p>",
        "<h2>一、总体要求</h2>",
        "<h3>（一）落实责任，加强值守。</h3>",
    ]
    assert "<tr><td>乙村</td><td>李四</td><td></td></tr>" in reading.body_html
    assert reading.body_html.endswith("<p>特此通知。</p>")
    assert reading.dropped[-3:] == ["【打印本页】【关闭窗口】", "扫一扫在手机打开当前页", "版权所有：演示镇"]


def test_a_web_page_without_known_marks_is_read_between_its_title_and_its_end(tmp_path):
    page = """<html><head><meta charset="utf-8"><title>关于防汛工作的通知_演示县人民政府</title>
      <meta name="PubDate" content="2020-06-01 09:00"><meta name="ContentSource" content="演示镇">
      <link rel="canonical" href="http://www.example.gov.cn/a/1.html"></head><body>
      <ul><li><a href="/">首页</a></li><li><a href="/x">政务公开</a></li></ul>
      <div>您现在的位置：首页 > 政务公开</div>
      <h1>关于防汛工作的通知</h1><div>发布机构：演示镇　生成日期：2020-05-31</div>
      <div class="text"><p style="text-indent:2em">各村要做好防汛准备。</p>
      <p>附件：<a href="b.docx">值班表.docx</a></p></div>
      <div>相关阅读</div><ul><li>别的新闻</li></ul><p>ICP备案：湘ICP备1号</p></body></html>"""
    reading = read_one(tmp_path, "page.html", page)
    assert reading.title == "关于防汛工作的通知"
    assert (reading.issuer, reading.source) == ("演示镇", "演示镇")
    assert reading.published_on == datetime(2020, 6, 1, 9, 0, tzinfo=SHANGHAI)
    assert reading.body_text == "各村要做好防汛准备。\n附件：值班表.docx"
    assert [(item.name, item.url) for item in reading.attachments] == [
        ("值班表.docx", "http://www.example.gov.cn/a/b.docx")
    ]
    assert "别的新闻" in reading.dropped


def test_a_word_file_keeps_its_table_and_says_what_it_could_not_take(tmp_path):
    cell = "".join(f"<w:tc>{samples.paragraph(text)}</w:tc>" for text in ("序号", "项目"))
    row = "".join(f"<w:tc>{samples.paragraph(text)}</w:tc>" for text in ("1", "道路"))
    numbered = "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>公开以下项目。</w:t></w:r></w:p>"
    body = samples.paragraph("2020年项目公示") + numbered + f"<w:tbl><w:tr>{cell}</w:tr><w:tr>{row}</w:tr></w:tbl>"
    reading = read_one(tmp_path, "公示.docx", samples.docx(body))
    assert reading.title == "2020年项目公示"
    assert (
        "<thead><tr><th>序号</th><th>项目</th></tr></thead><tbody><tr><td>1</td><td>道路</td></tr>" in reading.body_html
    )
    assert "自动编号" in sentences(reading, "body")[0]


def test_what_is_missing_is_said_field_by_field(tmp_path):
    reading = read_one(tmp_path, "a.txt", "关于放假的通知\n各村：\n端午放假一天。\n")
    assert reading.title == "关于放假的通知"
    assert {problem.field for problem in reading.problems} == {"issuer", "index_number", "generated_on", "published_on"}
    assert all(problem.sentence.endswith("。") for problem in reading.problems)
    assert reading.found == ["title", "body"]


def test_records_take_their_keys_and_odd_values_become_problems():
    reading = read_record(
        {
            "id": 12,
            "title": "关于“六公开”的通知",
            "text": "第一段。\n第二段。",
            "issuer": ["x"],
            "index_number": "../1",
            "generated_on": "2021-02-30",
            "publish_date": "2021年3月1日",
            "url": "javascript:alert(1)",
            "views": "多",
        }
    )
    assert reading.source_id == "12"
    assert reading.body_text == "第一段。\n第二段。"
    assert reading.published_on == date(2021, 3, 1)
    assert (reading.issuer, reading.index_number, reading.generated_on, reading.url, reading.views) == (
        "",
        "",
        None,
        "",
        None,
    )
    assert sentences(reading, "generated_on") == ["生成日期“2021-02-30”这个日期不存在，请核对后改正。"]
    for field in ("issuer", "index_number", "url", "views"):
        assert len(sentences(reading, field)) == 1, field


def test_two_statements_of_one_thing_are_both_named():
    page = "<p>索引号：2/2020-2</p><p>公开日期：2020-03-05</p><p>来源：甲 2020-03-06 10:00</p><p>正文在此。</p>"
    reading = read_record({"title": "通知", "html": page, "index_number": "1/2020-1", "generated_on": "2020-04-01"})
    assert reading.index_number == "1/2020-1"
    assert "2/2020-2" in sentences(reading, "index_number")[0]
    assert reading.published_on == date(2020, 3, 5)
    assert "2020-03-06" in sentences(reading, "published_on")[0]
    assert sentences(reading, "generated_on") == ["生成日期晚于公开日期，请核对哪一个写错了。"]


def test_a_number_under_a_title_is_kept_unless_it_is_the_stated_one():
    reading = read_record({"title": "办法", "text": "镇长令\n第7号\n办法\n现予公布。", "doc_number": "镇令第7号"})
    assert reading.body_text == "镇长令\n第7号\n现予公布。"
    reading = read_record({"title": "办法", "text": "办法\n万政发[2020]7号\n现予公布。"})
    assert (reading.doc_number, reading.body_text) == ("万政发〔2020〕7号", "现予公布。")


def test_a_meeting_notice_keeps_its_time_and_place():
    reading = read_record(
        {"title": "会议通知", "text": "时间：10月20日上午9时\n地点：镇政府会议室\n主办单位：党政办\n请准时参加。"}
    )
    assert reading.body_text.split("\n") == [
        "时间：10月20日上午9时",
        "地点：镇政府会议室",
        "主办单位：党政办",
        "请准时参加。",
    ]


def test_short_lines_without_a_sentence_are_still_a_body(tmp_path):
    reading = read_one(tmp_path, "名单.txt", "低保户名单\n发布机构：甲镇\n张三 甲村\n李四 乙村\n")
    assert (reading.title, reading.issuer, reading.body_text) == ("低保户名单", "甲镇", "张三 甲村\n李四 乙村")


@pytest.mark.parametrize("tag", ["h1", "h2", "p", 'p style="text-align:center"', "div"])
def test_a_title_broken_into_lines_is_one_and_is_not_said_again(tmp_path, tag):
    title = f"<{tag}>关于做好防汛<br>工作的通知</{tag.split()[0]}>"
    page = f"<html><title>关于做好防汛工作的通知-某县政府</title>{title}<div>各村：<br>请做好准备。</div></html>"
    reading = read_one(tmp_path, "a.html", page)
    assert (reading.title, reading.body_text) == ("关于做好防汛工作的通知", "各村：\n请做好准备。")


def test_lines_made_to_slow_the_reader_down_do_not():
    reading = read_record({"title": "甲", "text": ("打印 " * 60 + "乙\n") * 30 + "正文。" + "一、" * 5000})
    assert "正文。" in reading.body_text
    assert read_record({"title": "甲", "html": "<p>" + "乙<br>" * 20000 + "</p>"}).body_text.count("乙") == 20000
    assert read_record({"title": "甲", "html": "<p>" + "<br>" * 20000 + "乙。</p>"}).body_text == "乙。"


def test_one_bad_line_or_file_does_not_stop_the_others(tmp_path):
    lines = [b'{"title": "x", ', b"\xff\xfe\x00", b"[1]", json.dumps({"title": "好", "text": "正文。"}).encode(), b""]
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(lines))
    (tmp_path / "b.docx").write_bytes(samples.JPEG)
    (tmp_path / "c.doc").write_bytes(samples.ole("WordDocument"))
    (tmp_path / "d.txt").write_bytes(b"\0\1\2")
    (tmp_path / "e.html").write_text("<html></html>")
    (tmp_path / "e_files").mkdir()
    (tmp_path / "e_files" / "x.js").write_text("var x")
    (tmp_path / "f.txt").write_text("标题\n正文一句。")
    (tmp_path / "g.txt").symlink_to(tmp_path / "nowhere")
    readings = list(read_path(tmp_path))
    assert [reading.origin for reading in readings if reading.usable] == ["a.jsonl:4", "f.txt"]
    told = {reading.origin: reading.problems[0].sentence for reading in readings if not reading.usable}
    assert "第1行不是完整的 JSON" in told["a.jsonl:1"]
    assert "第3行不是完整的 JSON" in told["a.jsonl:3"]
    assert "内容却是JPEG 图片" in told["b.docx"]
    assert "另存为 .docx" in told["c.doc"]
    assert set(told) == {"a.jsonl:1", "a.jsonl:2", "a.jsonl:3", "b.docx", "c.doc", "d.txt", "e.html", "g.txt"}


def test_a_text_longer_than_anybody_reads_is_refused_as_that_and_stops_nothing(tmp_path):
    long = "字" * (MOST_LETTERS + 20_000)
    (tmp_path / "a.html").write_text(f"<title>甲</title><h1>甲</h1><p>{long}</p><p>尾</p>")
    (tmp_path / "b.jsonl").write_text(
        "\n".join(json.dumps(row) for row in ({"title": "乙", "text": long}, {"title": "丙", "text": "短"}))
    )
    (tmp_path / "c.html").write_text("<title>丁</title><p>丁</p>" + "<div>" * 5000 + "底")
    found = [(one.usable, "".join(problem.sentence for problem in one.problems)) for one in read_path(tmp_path)]
    assert [usable for usable, _ in found] == [False, False, True, False]
    assert all("302 万字" in said and "拆成几份" in said for _, said in found[:2])
    assert "套得太深" in found[3][1] and "没有找到正文" not in found[3][1]


def test_a_path_that_is_not_there_is_refused():
    with pytest.raises(Refused, match="找不到"):
        list(read_path("/nowhere/at/all"))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
keys = st.sampled_from(
    [
        "id",
        "title",
        "text",
        "body",
        "html",
        "content_html",
        "page_html",
        "issuer",
        "index_number",
        "written",
        "url",
        "views",
    ]
)
fragments = st.sampled_from(
    [
        "索引号：",
        "来源：",
        "2018-10-18",
        "14:52",
        "\n",
        "<p>",
        "</p>",
        "<table><tr><td>",
        "一、",
        "（一）",
        "。",
        "通知",
        "扫一扫",
        "\ud800",
        "\0",
    ]
)


@steady
@given(st.dictionaries(keys, json_values | st.lists(fragments, max_size=20).map("".join), max_size=8))
def test_any_record_is_read_and_its_text_is_the_text_of_its_html(record):
    reading = read_record(record)
    assert reading.body_text == text_of(reading.body_html)
    assert reading.title or any(problem.field == "title" for problem in reading.problems)
    json.dumps([reading.title, reading.body_html, reading.issuer], ensure_ascii=False).encode()


@settings(steady, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.html", "a.jsonl", "a.docx", "a"]))
def test_any_bytes_under_any_name_are_read_or_refused_in_words(tmp_path, data, name):
    (tmp_path / name).write_bytes(data)
    for reading in read_path(tmp_path / name):
        assert reading.usable or reading.problems


@pytest.mark.shared
def test_the_plan_is_taken_as_it_is(shared):
    (plan,) = read_path(shared / "data" / "plan")
    assert plan.title == "万庾镇2018年政务公开工作规划"
    assert plan.index_number == "006382329L/2018-1430766"
    assert (plan.issuer, plan.source, plan.scope, plan.method) == ("万庾镇", "万庾镇", "全部公开", "政府网站")
    assert plan.generated_on == plan.published_day == date(2018, 10, 18)
    assert plan.published_on == datetime(2018, 10, 18, 14, 52, tzinfo=SHANGHAI)
    assert plan.views == 1
    assert plan.problems == []
    assert plan.body_html.startswith("<h2>一、指导思想</h2>\n<p>2018年,")
    assert (plan.body_html.count("<h2>"), plan.body_html.count("<h3>")) == (3, 7)
    assert plan.body_text.endswith("促进全镇政务公开工作平衡发展。")
    source = next((shared / "data" / "plan").glob("*.txt")).read_text()
    start, end = source.index("一、指导思想"), source.index("扫一扫")
    assert "".join(plan.body_text.split()) == "".join(source[start:end].split())


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.shared
def test_gov_cn_pages_are_right_as_records_and_as_saved_pages(shared, tmp_path):
    source = shared / "data" / "govcn_policies" / "pages_sample.jsonl"
    records = [json.loads(line) for line in source.read_text().splitlines()]
    for number, record in enumerate(records):
        (tmp_path / f"{number:02}.html").write_text(record["page_html"])
    as_records, as_pages = list(read_path(source)), list(read_path(tmp_path))
    assert len(records) == len(as_records) == len(as_pages) == 11
    for record, one, other in zip(records, as_records, as_pages, strict=True):
        for reading in (one, other):
            for field in ("title", "issuer", "index_number", "doc_number", "theme"):
                assert getattr(reading, field) == record[field], field
            assert f"{reading.generated_on:%Y年%m月%d日}" == record["written"]
            assert f"{reading.published_on:%Y年%m月%d日}" == record["published"]
            assert reading.problems == []
        assert one.body_html == other.body_html
        # Nothing of the content is lost: what is not in the body is the title with the number under it.
        said, body = squeezed(text_of(record["content_html"])), squeezed(one.body_text)
        assert said in (squeezed(one.title) + one.doc_number + body, body)
