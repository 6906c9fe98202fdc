"""Service items of another platform: drafts nobody outside sees, with a report of what they lack."""

import json
import re
from html import unescape

import pytest

from mingtang.desk.views.items import lacks
from mingtang.events import follow
from mingtang.events.log import CONSOLE
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.rulebook import actions, requirements
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.importing import OTHER, SIX, import_items
from mingtang.rulebook.models import Item, Version
from mingtang.rulebook.reading import read_item, read_items
from mingtang.search import service as search
from tests.factories.cast import CENTRE, login, staff

pytestmark = pytest.mark.django_db
CODE = "11430623006382329L4000100001"


def run(town, readings):
    lines = []
    counts = import_items(town, readings, by=CONSOLE, report=lines.append)
    json.dumps(lines)
    return counts.as_dict(), lines


def record(**changes):
    given = {
        "TASK_CODE": CODE,
        "TASK_NAME": "某项许可",
        "DEPT_NAME": "林业站",
        "matter_type": "行政许可",
        "handle_time": "20(工作日)",
        "handle_time_limit": "5(工作日)",
        "accept_standard": "无",
        "material_intro": ["申请表"],
        "visit_number": "1",
    }
    return read_item(given | changes, "x.jsonl:1")


def only(**found):
    return {"created": 0, "unchanged": 0, "updated": 0, "refused": 0} | found


@pytest.mark.shared
def test_the_real_items_come_in_as_drafts_that_nobody_outside_sees(client, town, shared):
    path = shared / "data/service_items/gd_items_sample.jsonl"
    counts, lines = run(town, read_items(path))
    assert counts == only(created=285)
    assert all(line["asks"] for line in lines)
    assert {name for line in lines for name in line["asks"]} >= set(SIX)
    imported = Item.objects.filter(town=town).exclude(source_id="")
    assert imported.count() == 285 and not imported.filter(current__isnull=False).exists()
    assert set(Version.objects.filter(item__in=imported).values_list("state", flat=True)) == {VersionState.DRAFT}
    assert client.get(f"/services/{lines[0]['source_id']}").status_code == 404
    follow.settle()
    assert lines[0]["title"] not in {found.title for found in search.search(town.pk, lines[0]["title"]).hits}
    before = Event.objects.count()
    assert run(town, read_items(path))[0] == only(unchanged=285)
    assert Event.objects.count() == before


def told(page):
    """What the desk's page of a draft asks for: (disclosure, sentence)."""
    banner = page[page.index("还不能提出，缺") : page.index("</section>")] if "还不能提出，缺" in page else ""
    found = re.findall(r"<h3>([^（]+)（\d+）</h3><ul>(.*?)</ul>", banner, re.S)
    return [(name, unescape(one)) for name, rows in found for one in re.findall(r"<li>(.*?)</li>", rows)]


@pytest.mark.once
@pytest.mark.shared
def test_each_real_item_shows_exactly_what_keeps_it_from_publication(client, town, shared):
    """Report, gate, refusal and desk say the same of each of the 285, each sentence once."""
    _, lines = run(town, read_items(shared / "data/service_items/gd_items_sample.jsonl"))
    rows = Version.objects.filter(item__town=town).select_related("item__town", "item__unit")
    drafts = {version.item.code: version for version in rows.exclude(item__source_id="")}
    assert len(lines) == len(drafts) == 285
    login(client, CENTRE)
    for number, line in enumerate(lines):
        version = drafts[line["source_id"]]
        issues = requirements.gate(version)
        asked = [(name, sentence) for name, sentences in line["asks"].items() for sentence in sentences]
        assert set(asked) == {(issue.disclosure or OTHER, issue.sentence) for issue in issues}
        assert len(asked) == len(set(asked)) > 0
        with pytest.raises(Refused) as refusal:
            actions.propose(version=version, by=staff(CENTRE))
        assert refusal.value.message == "还不能提出：" + " ".join(issue.sentence for issue in issues)
        assert lacks(version) == [name for name in line["asks"] if name != OTHER]
        if number % 15 == 0:
            page = client.get(f"/desk/items/{line['source_id']}/1").content.decode()
            assert told(page) == asked and f"还不能提出，缺 {len(asked)} 处" in page


def test_nothing_is_nothing_and_working_days_are_numbers(town):
    _, lines = run(town, [record(handle_location="无")])
    spec = Item.objects.get(code=CODE).versions.get().spec
    assert (spec.statutory_days, spec.promised_days) == (20, 5)
    assert spec.conditions == () and spec.place == "" and spec.window_post == ""
    assert "没有写明申请条件。" in lines[0]["asks"]["条件和申报材料"]


@pytest.mark.parametrize(
    ("served", "persons", "firms"),
    [
        (["自然人"], ("文化体育",), ()),
        (["自然人", "企业法人"], ("文化体育",), ("文化体育",)),
        (["企业法人"], (), ("文化体育",)),
    ],
)
def test_the_implementation_list_holds_what_the_source_says(town, served, persons, firms):
    said = {"theme_category": ["文化体育"], "service_object_name": served, "matter_level": "县级"}
    run(town, [record(**said, ONLINECHECK="1", courier_service="是", online_book="否")])
    listing = Item.objects.get(code=CODE).versions.get().spec.listing
    assert (listing.person_themes, listing.firm_themes) == (persons, firms)
    assert (listing.task_code, listing.level, listing.ways) == (CODE, "4", ("1", "2", "3"))
    assert listing.courier and not listing.appointment


def test_an_unknown_fee_is_asked_for_and_not_shown_as_none(town):
    _, lines = run(town, [record()])
    assert lines[0]["asks"]["收费标准"] == ["没有写明收不收费、收多少。不收费的，请删去空着的收费项。"]


def test_days_of_another_kind_are_left_out_and_said(town):
    _, lines = run(town, [record(handle_time="90（自然日）")])
    assert Item.objects.get(code=CODE).versions.get().spec.statutory_days is None
    assert "90天（自然日）" in "".join(problem["sentence"] for problem in lines[0]["problems"])


def test_the_unit_is_linked_by_its_name(town):
    run(town, [record()])
    assert Item.objects.get(code=CODE).unit.code == "forestry"


def test_an_untouched_draft_follows_its_source_and_an_edited_one_does_not(town):
    run(town, [record()])
    assert run(town, [record(TASK_NAME="某项许可（新）")])[0] == only(updated=1)
    version = Item.objects.get(code=CODE).versions.get()
    assert version.name == "某项许可（新）"
    actions.edit(version=version, data=version.data | {"summary": "写清楚了。"}, by=staff(CENTRE))
    counts, lines = run(town, [record(TASK_NAME="又改了")])
    assert counts == only(refused=1)
    assert "同事已经编过" in lines[0]["reasons"][0]


def test_our_own_item_is_never_touched(town):
    counts, lines = run(town, [record(TASK_CODE="LM-00100")])
    assert counts == only(created=1)
    Item.objects.filter(code="LM-00100").update(source_id="")
    counts, lines = run(town, [record(TASK_CODE="LM-00100")])
    assert counts == only(refused=1) and "本镇自己的事项" in lines[0]["reasons"][0]


def test_a_code_twice_in_one_file_is_taken_once(town):
    again = [record(), record(TASK_NAME="同一编码的另一项")]
    assert run(town, again)[0] == only(created=1, refused=1)
    assert run(town, [record(), record(TASK_NAME="同一编码的另一项")])[0] == only(unchanged=1, refused=1)


def test_lines_that_are_no_items_are_listed(town, tmp_path):
    path = tmp_path / "items.jsonl"
    path.write_text('{"TASK_NAME": "没有编码"}\n[1]\n', "utf-8")
    counts, lines = run(town, read_items(path))
    assert counts == only(refused=2)
    assert all(line["reasons"][0] for line in lines)


def test_a_draft_cannot_pass_the_gate_before_it_is_completed(town):
    run(town, [record()])
    with pytest.raises(Refused, match="还不能提出"):
        actions.propose(version=Item.objects.get(code=CODE).versions.get(), by=staff(CENTRE))
