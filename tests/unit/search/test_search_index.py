"""One index: what is put in is found, by its own town only, whatever is typed."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.search.entries import Entry
from mingtang.search.index import Index
from mingtang.search.ranking import MAX_SIZE, WINDOW
from tests.unit.search.samples import OTHER, TOWN, entry, town

FILLED_KEYS = {"document:1", "document:2", "item:3", "item:4", "document:5"}


@pytest.fixture(scope="module")
def index(tmp_path_factory) -> Index:
    made = Index(tmp_path_factory.mktemp("index"))
    made.put(town())
    return made


def keys(results) -> list[str]:
    return [hit.key for hit in results.hits]


def test_a_name_finds_its_document_with_the_places_marked(index):
    found = index.query(TOWN, "农村低保")
    assert keys(found)[0] == "document:2"
    hit = found.hits[0]
    assert ("农村低保", True) in hit.title_segments
    assert hit.title_html == "关于做好<mark>农村低保</mark>工作的通知"
    assert "<mark>农村低保</mark>" in hit.snippet_html
    assert hit.url == "/info/2" and hit.source_id == "s2" and hit.kind == "document" and hit.score > 0


def test_a_question_in_plain_words_finds_the_item(index):
    assert keys(index.query(TOWN, "在农村盖房子需要什么手续？"))[0] == "item:3"
    assert keys(index.query(TOWN, "医保怎么办理"))[0] == "item:4"


def test_an_everyday_name_puts_its_item_first(index):
    assert keys(index.query(TOWN, "建房证"))[0] == "item:3"


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("006382329L/2018-1430766", "document:1"),
        ("００６３８２３２９ｌ/2018－1430766", "document:1"),
        ("万政发[2018]5号", "document:1"),
        ("请找万政发（2018）5号文件", "document:1"),
        ("wy-001", "item:3"),
        ("WY001", "item:3"),
    ],
)
def test_a_number_puts_what_it_names_first(index, typed, key):
    assert keys(index.query(TOWN, typed))[0] == key


def test_a_number_beats_documents_that_only_cite_it(tmp_path):
    index = Index(tmp_path)
    citing = "万政发〔2018〕5号文件解读"
    index.put([entry(1, "规划", codes=("万政发〔2018〕5号",)), *(entry(n, citing, citing * 9) for n in range(2, 9))])
    assert keys(index.query(TOWN, "万政发〔2018〕5号"))[0] == "document:1"
    assert keys(index.query(TOWN, "万政发（2018）5号文件解读"))[0] == "document:1"


def test_no_query_of_one_town_reaches_another(index):
    assert "document:6" not in keys(index.query(TOWN, "低保金发放公示"))
    assert keys(index.query(OTHER, "低保金发放公示")) == ["document:6"]
    assert index.query(OTHER, "政务公开").total == 0
    assert index.query(3, "低保").total == 0 and index.query(3, "").total == 0
    assert index.query(OTHER, "身份正").suggestion is None
    issuers = index.query(OTHER, "").facets["issuer"]
    assert issuers == [("外镇民政办", 1)]


def test_a_filter_cannot_be_bent_into_another_town(index):
    assert index.query(TOWN, "低保", filters={"issuer": "外镇民政办"}).total == 0
    assert index.query(1, "", filters={f"{OTHER}:": ""}).total == 0


def test_nothing_typed_lists_the_newest_first(index):
    found = index.query(TOWN, "  ")
    assert keys(found) == ["document:5", "item:4", "item:3", "document:2", "document:1"]
    assert found.total == 5 and not found.total_capped
    assert keys(index.query(TOWN, "", page=2, size=2)) == ["item:3", "document:2"]


def test_kind_and_filters_narrow_and_facets_count_entries(index):
    assert set(keys(index.query(TOWN, "", kind="item"))) == {"item:3", "item:4"}
    found = index.query(TOWN, "2018", filters={"year": "2018"})
    assert set(keys(found)) <= {"document:1", "document:2", "document:5"}
    newest = index.query(TOWN, "")
    assert newest.facets["kind"] == [("document", 3), ("item", 2)]
    assert newest.facets["year"] == [("2018", 3)]
    asked = index.query(TOWN, "低保")
    assert asked.facets["issuer"] == [("民政办", 1)] and asked.total == 1


def test_a_page_past_the_end_is_empty_and_sizes_are_bounded(index):
    for q in ("低保", ""):
        assert index.query(TOWN, q, page=10**12).hits == []
        assert index.query(TOWN, q, page=-3, size=-1).hits
        assert len(index.query(TOWN, q, size=10**9).hits) <= MAX_SIZE


def test_a_lone_character_of_a_title_finds_it_but_one_of_many_does_not(index):
    assert "document:5" in keys(index.query(TOWN, "财"))
    assert index.query(TOWN, "鲲鹏万里").total == 0


def test_putting_again_changes_nothing_and_a_change_replaces(tmp_path):
    index = Index(tmp_path)
    assert index.put(town()) == 6
    assert index.put(town()) == 0
    assert index.put([entry(2, "关于做好特困供养工作的通知", "特困人员")]) == 1
    assert index.query(TOWN, "低保").total == 0
    assert keys(index.query(TOWN, "特困供养")) == ["document:2"]
    assert index.count() == 6


def test_dropping_takes_out_every_passage_and_tolerates_the_absent(tmp_path):
    index = Index(tmp_path)
    index.put([entry(1, "长文", "甲乙丙丁戊。" * 500), entry(2, "短文", "子丑寅卯")])
    assert index.drop([(TOWN, "document:1"), (TOWN, "document:9"), (OTHER, "document:2")]) == 1
    assert index.query(TOWN, "甲乙丙丁").total == 0
    assert index.count() == 1


def test_the_last_of_two_entries_with_one_key_stays(tmp_path):
    index = Index(tmp_path)
    index.put([entry(1, "旧文稿"), entry(1, "新标题")])
    assert keys(index.query(TOWN, "新标题")) == ["document:1"] and index.count() == 1
    assert index.query(TOWN, "旧文稿").total == 0


def test_another_reader_sees_what_is_written(tmp_path):
    writer, reader = Index(tmp_path), Index(tmp_path)
    assert reader.query(TOWN, "低保").total == 0
    writer.put(town())
    assert keys(reader.query(TOWN, "农村低保"))[0] == "document:2"


def test_a_failing_batch_leaves_nothing_behind(tmp_path):
    index = Index(tmp_path)

    def broken():
        yield entry(1, "半截文件")
        raise RuntimeError("source failed")

    with pytest.raises(RuntimeError):
        index.put(broken())
    assert index.count() == 0
    assert index.put([entry(1, "半截文件")]) == 1


def test_long_documents_do_not_crowd_the_others_out(tmp_path):
    index = Index(tmp_path)
    law = [
        entry(n, f"土地管理法第{n}版", "\n".join(f"第{i}条 土地管理。" + "甲" * 390 for i in range(WINDOW)))
        for n in range(2)
    ]
    index.put([*law, *(entry(n, f"土地公告{n}号", "某地块。") for n in range(10, 20))])
    found = index.query(TOWN, "土地管理法", size=50)
    assert set(keys(found)[:2]) == {"document:0", "document:1"}
    assert found.total == 12


def test_a_full_window_says_that_there_is_more(tmp_path):
    index = Index(tmp_path)
    index.put([entry(n, f"公告{n}", "水库蓄水通告") for n in range(WINDOW + 30)])
    found = index.query(TOWN, "水库", size=50)
    assert found.total_capped and found.total == WINDOW and len(found.hits) == 50
    everything = index.query(TOWN, "")
    assert everything.total == WINDOW + 30 and not everything.total_capped
    assert dict(everything.facets["kind"]) == {"document": WINDOW + 30}


def test_only_one_match_in_a_long_text_is_shown_around_its_place(tmp_path):
    index = Index(tmp_path)
    index.put([entry(1, "通告", "开头" * 100 + "。接种疫苗的时间为周一。" + "结尾" * 60)])
    hit = index.query(TOWN, "接种疫苗").hits[0]
    assert hit.snippet.startswith("…") and hit.snippet.endswith("…")
    assert ("接种疫苗", True) in hit.snippet_segments
    assert len(hit.snippet) <= 130


def test_marks_follow_the_text_as_written(tmp_path):
    index = Index(tmp_path)
    index.put([entry(1, "㈱ＡＢＣ<b>公司</b>", "㎡测量ＡＢＣ公司 abcd")])
    hit = index.query(TOWN, "abc公司").hits[0]
    assert hit.title_html == "㈱<mark>ＡＢＣ</mark>&lt;b&gt;<mark>公司</mark>&lt;/b&gt;"
    assert hit.snippet_html == "㎡测量<mark>ＡＢＣ公司</mark> abcd"


def assert_just_text(index: Index, text: str) -> None:
    found = index.query(TOWN, text, filters={"issuer": text} if len(text) % 3 == 1 and text else None)
    assert set(keys(found)) <= FILLED_KEYS
    for hit in found.hits:
        assert "".join(piece for piece, _ in hit.title_segments) == hit.title
        assert "<" not in hit.snippet_html.replace("<mark>", "").replace("</mark>", "")
    json.dumps([found.suggestion, [hit.snippet for hit in found.hits]]).encode()


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400) | st.text(alphabet='低保身份证AND OR NOT +-"():*~^[]{}\\/<>\x00\ud800🀄?', max_size=200))
def test_any_string_is_just_text(index, text):
    assert_just_text(index, text)


@pytest.mark.parametrize(
    "text", ["低" * 10_000, "🀄" * 10_000, "a" * 10_000, "a-" * 5_000, "低保 " * 4_000, "﷽" * 2_000]
)
def test_ten_thousand_characters_are_just_text(index, text):
    assert_just_text(index, text)


@pytest.mark.shared
def test_the_naughty_strings_are_just_text(index, shared):
    for text in json.loads((shared / "data/security/blns.json").read_text()):
        assert_just_text(index, text)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=600), st.text(max_size=40), st.text(max_size=40))
def test_any_entry_can_be_written(tmp_path_factory, title, body, value, code):
    index = Index(tmp_path_factory.mktemp("any"))
    facets = {"issuer": value}
    odd = Entry(
        "document:x", TOWN, "document", value, title, "/x", body, synonyms=(value,), codes=(code,), facets=facets
    )
    assert index.put([odd]) == 1
    assert index.put([odd]) == 0
    assert index.query(TOWN, "").total == 1
    index.query(TOWN, title), index.query(TOWN, body)
