import json
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingtang.lib.errors import Refused
from mingtang.rulebook.reading import CALENDAR_DAYS, KINDS, SUBJECTS, Limit, phones, read_item, read_items, read_limit

steady = settings(deadline=None, derandomize=True)

ITEM = {
    "TASK_CODE": "11440000006940116U244010200300101",
    "TASK_NAME": "医疗救助给付",
    "matter_type": "行政给付",
    "DEPT_NAME": "演示县医疗保障局",
    "handle_time": "30(工作日)",
    "handle_time_limit": "10(工作日)",
    "accept_standard": "无条件受理",
    "material_intro": ["申请表", "居民身份证"],
    "consult_phone": "0730-5550101",
    "complain_phone": "0730-5550102",
    "handle_location": "办理地点：演示镇便民服务中心1号窗口 办理时间：周一至周五 8:30-17:30",
    "service_object_name": ["自然人"],
    "visit_number": "0",
    "ONLINECHECK": "1",
    "courier_service": "是",
    "co_department": "无",
    "theme_category": ["社会保障"],
}


def told(item, field):
    return [problem.sentence for problem in item.problems if problem.field == field]


def test_an_item_is_read_whole():
    item = read_item(ITEM)
    assert (item.statutory, item.promise) == (Limit(30), Limit(10))
    assert (item.kind_code, item.unconditional, item.visits, item.online, item.courier) == ("05", True, 0, True, True)
    assert (item.place, item.hours) == ("演示镇便民服务中心1号窗口", "周一至周五 8:30-17:30")
    assert item.joint == []
    assert item.problems == []
    assert not any("受理条件" in sentence or "时限：" in sentence for sentence in item.lacks)


@pytest.mark.parametrize("nothing", ["无", "", " 无 ", "暂无", "/", None, "null", "-"])
def test_words_for_nothing_are_nothing(nothing):
    empty = dict.fromkeys(ITEM, nothing) | {"TASK_CODE": ITEM["TASK_CODE"], "TASK_NAME": "甲"}
    item = read_item(empty)
    assert item.statutory is item.promise is item.visits is item.online is item.courier is None
    assert (item.conditions, item.materials, item.consult_phones, item.place, item.joint) == ("", [], [], "", [])
    assert [problem.field for problem in item.problems] == ["unit"]
    for word in (
        "受理条件",
        "申报材料",
        "法定办结时限",
        "承诺办结时限",
        "办理地点",
        "咨询电话",
        "监督投诉电话",
        "到现场次数",
    ):
        assert any(word in sentence for sentence in item.lacks), word


def test_the_six_disclosures_are_asked_for_in_the_plans_own_order():
    lacks = "".join(read_item({}).lacks)
    places = [
        lacks.index(word)
        for word in ("办理内容", "办理依据", "受理条件", "申报材料", "办理流程", "办结时限", "收费标准")
    ]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("said", "limit"),
    [
        ("30(工作日)", Limit(30)),
        ("180(工作日)", Limit(180)),
        ("90（自然日）", Limit(90, CALENDAR_DAYS)),
        ("20个工作日内", Limit(20)),
        ("2(小时)", Limit(2, "hours")),
        ("当场", Limit(0)),
        ("即办", Limit(0)),
        ("30", None),
        ("30(工作)", None),
        ("-3(工作日)", None),
        ("1.5(工作日)", None),
        ("99999(工作日)", None),
    ],
)
def test_limits_are_a_count_of_a_named_unit(said, limit):
    assert read_limit(said) == limit


def test_a_limit_nobody_understands_is_told_and_not_guessed():
    item = read_item(ITEM | {"handle_time": "三十天左右"})
    assert item.statutory is None
    assert "认不出来" in told(item, "statutory")[0]


def test_a_promise_longer_than_the_law_and_a_limit_longer_than_a_year_are_told():
    assert "还长" in told(read_item(ITEM | {"handle_time_limit": "31(工作日)"}), "promise")[0]
    assert "自然日" in told(read_item(ITEM | {"handle_time": "365(工作日)"}), "statutory")[0]


def test_a_catch_all_material_is_told():
    item = read_item(ITEM | {"material_intro": ["申请表", "其他材料", "其他需要提供的证明材料", "其他组织登记证"]})
    assert [sentence.split("”")[0] for sentence in told(item, "materials")] == [
        "材料“其他材料",
        "材料“其他需要提供的证明材料",
    ]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("020-83527072；020-83805040", ["020-83527072", "020-83805040"]),
        ("（020）38486800", ["020-38486800"]),
        ("省厅：020-86351219、0755-88127587", ["020-86351219", "0755-88127587"]),
        ("020-38356454转1", ["020-38356454转1"]),
        ("020-12333–9", ["020-12333-9"]),
        ("020- 12316", ["020-12316"]),
        ("95598", ["95598"]),
        ("400-7000-690", ["400-7000-690"]),
        ("见公告", []),
    ],
)
def test_telephone_numbers_are_found_and_written_alike(said, found):
    assert phones(said) == found


def test_a_number_with_a_digit_missing_and_one_number_for_both_ends_are_told():
    assert "位数不对" in told(read_item(ITEM | {"complain_phone": "020-8313603"}), "complain_phones")[0]
    assert "相同" in told(read_item(ITEM | {"complain_phone": ITEM["consult_phone"]}), "complain_phones")[0]


def test_a_joint_item_names_each_office_with_its_steps():
    item = read_item(ITEM | {"co_department": "省级司法（审核,决定）、市级司法（受理,审核）"})
    assert item.joint == [("省级司法", "审核,决定"), ("市级司法", "受理,审核")]


def test_odd_values_are_told_field_by_field():
    odd = {
        "matter_type": "神秘",
        "visit_number": "多次",
        "ONLINECHECK": "也许",
        "URL": "javascript:x",
        "TASK_CODE": "../x",
    }
    item = read_item(ITEM | odd | {"service_object_name": ["外星人"], "co_department": "某某"})
    for field in ("kind", "visits", "online", "online_url", "code", "service_objects", "joint"):
        assert len(told(item, field)) == 1, field
    assert (item.code, item.visits, item.online, item.online_url) == ("", None, None, "")
    assert not item.usable


def test_bad_lines_and_repeated_codes_are_told_and_the_others_are_read(tmp_path):
    path = tmp_path / "items.jsonl"
    good = json.dumps(ITEM, ensure_ascii=False).encode()
    path.write_bytes(b"\n".join([good, b"{", b"\xff\xfe", b"", b"[]", good]))
    items = list(read_items(path))
    assert [item.usable for item in items] == [True, False, False, False, True]
    assert told(items[1], "file") == ["第2行不是完整的 JSON 记录，请核对这一行的引号、括号和逗号。"]
    assert "与第1行重复" in told(items[4], "code")[0]
    with pytest.raises(Refused, match="找不到事项文件"):
        list(read_items(tmp_path / "none.jsonl"))


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(["30(工作日)", "无", "是"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)


@steady
@given(st.dictionaries(st.sampled_from([*ITEM, "URL", "subTaskName"]), values, max_size=12))
def test_any_record_is_read_without_a_crash(record):
    item = read_item(record)
    assert item.usable == bool(item.code and item.name)
    assert all(sentence.endswith("。") for sentence in item.lacks)


@settings(steady, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_told(tmp_path, data):
    (tmp_path / "a.jsonl").write_bytes(data)
    for item in read_items(tmp_path / "a.jsonl"):
        assert item.usable or item.problems


@pytest.mark.shared
def test_all_sample_items_are_read_and_none_is_lost(shared):
    source = shared / "data" / "service_items" / "gd_items_sample.jsonl"
    records = [json.loads(line) for line in source.read_text().splitlines()]
    items = list(read_items(source))
    assert len(items) == len({item.code for item in items}) == 285
    assert all(item.usable and item.unit and item.kind in KINDS for item in items)
    assert all(set(item.service_objects) <= set(SUBJECTS) for item in items)
    for record, item in zip(records, items, strict=True):
        assert (item.statutory is None) == (record["handle_time"] == "无")
        assert (item.promise is None) == (record["handle_time_limit"] == "无")
        assert (item.joint == []) == (record["co_department"] == "无")
        assert bool(item.consult_phones) == (record["consult_phone"] != "无")
        assert bool(item.complain_phones) == (record["complain_phone"] != "无")
        assert len(item.materials) == (
            len(set(record["material_intro"])) if isinstance(record["material_intro"], list) else 0
        )
        assert bool(item.place) != item.no_window
    assert Counter(item.statutory for item in items)[Limit(180)] == 4


@pytest.mark.shared
def test_handle_time_is_the_law_and_handle_time_limit_the_promise(shared):
    items = list(read_items(shared / "data" / "service_items" / "gd_items_sample.jsonl"))
    both = [item for item in items if item.statutory and item.promise]
    assert len(both) == 191
    assert all(item.promise.count <= item.statutory.count for item in both)
    assert any(item.promise.count < item.statutory.count for item in both)
