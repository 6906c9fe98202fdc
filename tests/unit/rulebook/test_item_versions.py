"""What is published is what runs: the gate before a version, and the version that never changes after it."""

import copy
import hashlib
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from mingtang.cases import actions as cases
from mingtang.cases.actions.intake import Received, new_case_key
from mingtang.demo.items import ITEMS
from mingtang.events.log import CONSOLE
from mingtang.events.models import Event
from mingtang.flows import engine
from mingtang.flows.compile import compile_bpmn
from mingtang.lib.errors import Refused
from mingtang.people.models import Staff, Unit
from mingtang.rulebook import actions
from mingtang.rulebook.models import Item, Version
from mingtang.rulebook.requirements import gate, lanes
from mingtang.rulebook.spec import Fee, flow_of, parse, spec_hash
from mingtang.towns.viewer import Viewer
from tests.factories import acts, rules, specs
from tests.factories.cast import CENTRE, CLERK_3, JUSTICE, staff

pytestmark = pytest.mark.django_db
SPECS = {code: data for code, _, data in ITEMS}


def changed(code: str = "LM-001", **values) -> dict:
    return {**copy.deepcopy(SPECS[code]), **values}


def material(code: str = "LM-001", row: int = 0, **values) -> list[dict]:
    rows = copy.deepcopy(SPECS[code]["materials"])
    rows[row] |= values
    return rows


def step(**values) -> list[dict]:
    rows = copy.deepcopy(SPECS["LM-001"]["steps"])
    rows[0] |= values
    return rows


def listed(town, data: dict, code: str = "SY-001") -> Version:
    return actions.list_item(
        town=town,
        code=code,
        unit=Unit.objects.get(town=town, code="forestry"),
        data=data,
        by=CONSOLE,
        editor=staff(CENTRE),
    )


def issues(town, data: dict) -> list[tuple[str, str]]:
    version = Item.objects.get(town=town, code="LM-001").current
    return [(issue.field, issue.sentence) for issue in gate(version, parse(data))]


def raw(statement: str, *values) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


# The gate


@pytest.mark.parametrize("code", sorted(SPECS))
def test_the_demo_items_pass(town, code):
    assert gate(Item.objects.get(town=town, code=code).current, parse(SPECS[code])) == []


FEE = specs.data(Fee, name="工本费", amount=500, per="本", basis="湘价费〔2010〕1号（演示）")


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        # The six disclosures
        (changed(summary=" "), "summary", "办什么"),
        (changed(results=[]), "summary", "办成后得到什么"),
        (changed(basis=[]), "basis", "法律名称和条款"),
        (changed(basis=[{"law": "森林法", "article": ""}]), "basis", "法律名称和条款"),
        (changed(conditions=[]), "conditions", "申请条件"),
        (changed(materials=[]), "materials", "申报材料"),
        (changed(decider_post=""), "steps", "决定岗位"),
        (changed(promised_days=0), "promised_days", "不能是 0"),
        (changed(fees=[{**FEE, "amount": 0}]), "fees", "的标准是 0"),
        (changed(fees=[{**FEE, "basis": ""}]), "fees", "依据"),
        # The rules
        (changed(kind="slow"), "kind", "即办件、承诺件、联办件"),
        (changed(power_type="99"), "power_type", "事项类型"),
        (changed(power_holder="mine"), "power_holder", "职权来源"),
        (changed(visibility="seald"), "visibility", "进度是否公开"),
        (changed(silence_rule="maybe"), "silence_rule", "逾期不告知"),
        (changed("LN-001", promised_days=3), "promised_days", "即办件当场办结"),
        (changed("LN-001", steps=SPECS["LM-001"]["steps"]), "steps", "不能再有审核环节"),
        (changed(promised_days=21), "promised_days", "比法定时限长"),
        (changed(kind="joint"), "steps", "同时办理"),
        (changed(silence_rule="promise"), "silence_rule", "法律规定，不能改"),
        (changed("LN-001", silence_rule="statutory"), "silence_rule", "不是行政许可"),
        (changed("JZ-001", visibility="public"), "visibility", "凭查询码"),
        (changed(complaint_phone=""), "phone", "监督电话"),
        (changed(complaint_phone=SPECS["LM-001"]["phone"]), "complaint_phone", "同一个号码"),
        (changed(hours=""), "place", "办理时间"),
        (changed(intake_days=6), "intake_days", "最长 5 个工作日"),
        (changed(materials=material(row=1, key="id")), "materials", "同一个代码"),
        (changed(materials=material(basis="")), "materials", "份数和依据"),
        # Words
        (changed(materials=material(name="身份证等其他材料")), "materials", "其他材料"),
        (changed(conditions=["经相关部门同意"]), "conditions", "相关部门"),
        # Posts and flow
        (changed(window_post="nobody"), "steps", "没有代码为“nobody”的岗位"),
        (changed(steps=step(post="nobody")), "steps", "没有代码为“nobody”的岗位"),
        (changed(window_post="land-review"), "steps", "没有“窗口收件”的权限"),
        (changed(steps=step(post="deputy-mayor")), "steps", "没有“办理环节”的权限"),
        (changed(decider_post="window-3"), "steps", "没有“作出决定”的权限"),
        (changed(steps=step(key="intake")), "steps", "系统专用"),
        (changed(steps=step(working_days=0)), "steps", "1 个以上工作日"),
    ],
)
def test_the_gate_names_what_is_missing_and_where(town, data, field, words):
    assert any(name == field and words in sentence for name, sentence in issues(town, data)), issues(town, data)


def test_a_dissolved_unit_publishes_nothing(town):
    version = listed(town, changed())
    Unit.objects.filter(town=town, code="forestry").update(dissolved_on=date(2026, 1, 1))
    with pytest.raises(Refused, match="已经撤销") as caught:
        actions.propose(version=version, by=staff(CENTRE))
    assert caught.value.field == "unit"


def test_an_item_without_a_unit_is_listed_but_not_published(town):
    version = actions.list_item(town=town, code="SY-002", unit=None, data=changed(), by=CONSOLE, editor=staff(CENTRE))
    with pytest.raises(Refused, match="没有选定实施单位"):
        actions.propose(version=version, by=staff(CENTRE))


@pytest.mark.parametrize("code", ["", "ab", "-ab", "采伐", "A" * 41, "compose", "LM-001\n"])
def test_a_code_that_cannot_stand_in_an_address_is_refused(town, code):
    with pytest.raises(Refused) as caught:
        listed(town, changed(), code=code)
    assert caught.value.field == "code"


def test_a_code_is_used_once(town):
    with pytest.raises(Refused, match="已经用过"):
        listed(town, changed(), code="LM-001")


def test_a_name_that_does_not_fit_is_refused_before_the_database_cuts_it(town):
    with pytest.raises(Refused, match="最多 120 个字"):
        listed(town, changed(name="长" * 121))


def test_another_towns_unit_holds_no_item_here(town, other_town):
    unit = Unit.objects.create(town=other_town, code="office", name="外镇办公室", kind="office")
    with pytest.raises(Refused, match="不属于本镇"):
        actions.list_item(town=town, code="SY-001", unit=unit, data=changed(), by=CONSOLE)


# From draft to force: the gate itself is walked in tests/integration/test_proposals.py


def published(town, **values) -> Version:
    return rules.in_force(listed(town, changed(**values)), initial=True)


def test_a_version_comes_into_force_by_basis_review_and_decision(town):
    version = published(town)
    assert (version.state, version.minutes_number, version.reviewed_by) == ("in_force", rules.MINUTES, staff(JUSTICE))
    assert Item.objects.get(pk=version.item_id).current_id == version.pk
    data = version.published_event.data
    assert (data["minutes"], data["burden"], data["initial"]) == (rules.MINUTES, "new", True)


def test_what_changed_since_the_announcement_is_seen_at_publication(town):
    version = rules.announced(listed(town, changed()), initial=True)
    Unit.objects.filter(town=town, code="forestry").update(dissolved_on=date(2026, 1, 1))
    with pytest.raises(Refused, match=r"公布以后情况有变.*已经撤销"):
        actions.put_in_force(version=version, by=staff(CENTRE))


def test_only_the_justice_office_reviews_and_only_editors_edit(town):
    version = rules.based(actions.propose(version=listed(town, changed()), by=staff(CENTRE)))
    with pytest.raises(Refused, match="没有“合法性审核通过”的权限"):
        actions.review(version=version, by=staff(CLERK_3))
    with pytest.raises(Refused, match="没有“修改”的权限"):
        actions.edit(version=version, data=changed(), by=staff(CLERK_3))


def test_a_proposed_text_is_not_edited(town):
    version = rules.proposed(town, promised_days=4)
    with pytest.raises(Refused, match="不能修改"):
        actions.edit(version=version, data=changed(), by=staff(CENTRE))


@pytest.mark.parametrize(
    "change",
    ["data = '{}'", "name = '改'", "flow_sha256 = 'x'", "sha256 = 'x'", "number = 9", "bpmn = NULL", "kind = ''"],
)
def test_the_database_freezes_a_version_from_its_proposal_on(town, change):
    version = rules.proposed(town, promised_days=4)
    with pytest.raises(DatabaseError, match=r"frozen|append-only"):
        raw(f"UPDATE rulebook_version SET {change} WHERE id = %s", version.pk)


def test_a_draft_may_still_be_edited(town):
    version = actions.edit(version=listed(town, changed()), data=changed(name="改过的名称"), by=staff(CENTRE))
    assert Version.objects.get(pk=version.pk).name == "改过的名称"


def test_one_version_is_in_force_and_the_one_before_is_kept(town):
    first = acts.in_force(town, "LM-001")
    second = rules.in_force(rules.drafted(town, promised_days=4))
    states = dict(Version.objects.filter(item=first.item).values_list("number", "state"))
    assert states == {1: "superseded", 2: "in_force"}
    assert acts.in_force(town, "LM-001") == second
    with pytest.raises(IntegrityError):
        raw("UPDATE rulebook_version SET state = 'in_force' WHERE id = %s", first.pk)


def test_a_proposal_compared_with_a_version_that_is_gone_does_not_come_into_force(town):
    older, newer = rules.drafted(town, promised_days=4), rules.drafted(town, promised_days=3)
    waiting = rules.announced(older)
    rules.in_force(newer)
    with pytest.raises(Refused, match="现行的版本已经变了"):
        actions.put_in_force(version=waiting, by=staff(CENTRE))


def test_running_cases_keep_their_version_and_new_ones_are_told(town):
    case = acts.accepted(town, "LM-001")
    old = acts.in_force(town, "LM-001")
    form = {
        "applicant": acts.APPLICANT,
        "answers": {},
        "received": cases_received(),
        "submission": "late",
        "key": new_case_key(old),
    }
    rules.in_force(rules.drafted(town, promised_days=4))
    assert acts.fresh(case).version == old
    with pytest.raises(Refused, match="刚刚发布了新版"):
        cases.submit(version=old, **form)


def cases_received():
    return Received(seen=acts.WORK["LM-001"][1])


# The hashes


@pytest.mark.parametrize("code", sorted(SPECS))
def test_the_published_hashes_are_those_of_the_published_bytes(town, code):
    version = acts.in_force(town, code)
    flow = flow_of(version.spec, code=code, number=1, lanes=lanes(town, version.spec))
    assert hashlib.sha256(bytes(version.bpmn)).hexdigest() == version.flow_sha256
    assert compile_bpmn(flow) == bytes(version.bpmn)
    assert version.sha256 == spec_hash(code=code, number=1, data=version.data, flow_sha256=version.flow_sha256)
    event = Event.objects.get(pk=version.published_event_id)
    assert (event.data["sha256"], event.data["flow"]) == (version.sha256, version.flow_sha256)


@pytest.mark.parametrize("code", sorted(SPECS))
def test_the_published_flow_is_the_one_that_runs(town, code):
    version = acts.in_force(town, code)
    assert [task.key for task in engine.start(bytes(version.bpmn)).ready] == ["intake"]
    assert acts.apply(town, code).case.flow_sha256 == version.flow_sha256


def test_the_public_sees_no_drafts(town, other_town):
    listed(town, changed())
    assert not Item.objects.visible_to(Viewer(town)).filter(code="SY-001").exists()
    assert Version.objects.visible_to(Viewer(town)).count() == len(SPECS)
    assert not Item.objects.visible_to(Viewer(other_town, powers=frozenset({"item.edit"}))).exists()
    assert Staff.objects.visible_to(Viewer(other_town)).count() == 0
