"""The change gate: nothing that asks more of people comes into force without each of its approvals and its notice."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from config.background import sweep
from mingtang.events import follow
from mingtang.events.log import CONSOLE
from mingtang.lib.errors import Refused
from mingtang.people import actions as people
from mingtang.people.models import Post, Staff, Unit
from mingtang.rulebook import actions
from mingtang.rulebook.actions import Basis
from mingtang.rulebook.laws.actions import NewArticle, NewLaw, add_law
from mingtang.rulebook.models import Item, ProposedChange, Version
from mingtang.rulebook.spec import Fee, Material
from tests.factories import acts, rules, specs
from tests.factories.cast import CENTRE, CLERK_3, JUSTICE, SIGNER, login, staff
from tests.factories.rules import FOREST_LAW, MINUTES, announced, approved, based, drafted, proposed, reviewed

pytestmark = pytest.mark.django_db
MORE = {"promised_days": 9}
LESS = {"promised_days": 4}
NOW = datetime(2026, 3, 16, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def now(version: Version) -> Version:
    return Version.objects.select_related("item").get(pk=version.pk)


def paper(name: str, **values) -> dict:
    said = {"key": "extra", "name": name, "issuer": "村民委员会", "form": "原件", "copies": 1, "required": True}
    return specs.data(Material, **said, medium="paper", source="10", standard="清楚", basis="演示", **values)


def with_paper(town, name: str = "采伐承诺书") -> Version:
    materials = acts.in_force(town, "LM-001").data["materials"]
    return proposed(town, materials=[*materials, paper(name)])


def decide(version: Version, by: str = SIGNER, **values) -> Version:
    said = {"minutes_number": MINUTES, "decided_on": timezone.localdate(), **values}
    return actions.decide(version=version, by=staff(by), **said)


# The diff is computed, not declared


@pytest.mark.parametrize(
    ("changes", "burden", "strict"),
    [(MORE, "up", True), (LESS, "down", False), ({"phone": "0730-5550099"}, "same", False)],
)
def test_the_burden_is_computed_and_chooses_the_way(town, changes, burden, strict):
    version = proposed(town, **changes)
    assert (version.burden, version.strict, version.state) == (burden, strict, "diffed")
    assert version.replaces == acts.in_force(town, "LM-001")
    assert version.changes.count() == 1


def test_a_version_like_the_one_in_force_is_no_proposal(town):
    with pytest.raises(Refused, match="没有差别"):
        proposed(town)


def test_what_cannot_be_published_is_not_proposed(town):
    with pytest.raises(Refused, match=r"还不能提出.*同一个号码"):
        proposed(town, phone="0730-5550002")


def test_to_drop_a_condition_of_law_is_not_a_relief_the_town_may_grant(town):
    version = proposed(town, conditions=acts.in_force(town, "LM-001").data["conditions"][1:])
    assert (version.burden, version.strict) == ("down", True)
    with pytest.raises(Refused, match="取消了法定条件"):
        actions.agree_head(version=version, by=rules.head_of(version))
    service = proposed(town, "LN-001", conditions=acts.in_force(town, "LN-001").data["conditions"][1:])
    assert (service.burden, service.strict) == ("down", False), "what the town gives, it may give on easier terms"


def test_to_replace_the_proof_of_a_condition_is_a_relief(town):
    materials = acts.in_force(town, "LM-001").data["materials"]
    fetched = [{**materials[0], "fetched_by_us": True, "form": "由我们调取"}, *materials[1:]]
    assert proposed(town, materials=fetched).strict is False


# The long way


def test_more_goes_by_basis_justice_group_and_notice(town, clock):
    version = reviewed(proposed(town, **MORE))
    version = actions.announce(version=decide(version), by=staff(CENTRE))
    follow.settle()
    assert (version.state, version.notice_days) == ("announced", 30)
    assert version.effective_on == timezone.localdate() + timedelta(days=31), "thirty whole days, then the next"
    clock.shift(timedelta(days=30))
    with pytest.raises(Refused, match="还没有到"):
        actions.put_in_force(version=version, by=staff(CENTRE))
    assert acts.in_force(town, "LM-001").number == 1
    clock.shift(timedelta(days=1))
    assert actions.put_in_force(version=version, by=staff(CENTRE)).state == "in_force"
    assert acts.in_force(town, "LM-001").spec.promised_days == 9


@pytest.mark.parametrize(
    ("act", "by"),
    [("review", JUSTICE), ("decide", SIGNER), ("announce", CENTRE), ("put_in_force", CENTRE)],
)
def test_no_step_of_the_long_way_is_left_out(town, act, by):
    version = proposed(town, **MORE)
    more = {"minutes_number": MINUTES, "decided_on": timezone.localdate()} if act == "decide" else {}
    with pytest.raises(Refused, match="不能"):
        getattr(actions, act)(version=version, by=staff(by), **more)


def test_more_does_not_take_the_short_way_and_less_not_the_long(town):
    more, less = proposed(town, **MORE), proposed(town, "JZ-001", promised_days=5)
    with pytest.raises(Refused, match="增加了负担"):
        actions.agree_head(version=more, by=rules.head_of(more))
    with pytest.raises(Refused, match="没有增加负担"):
        based(less)


def test_each_change_that_is_more_names_its_basis(town):
    version = with_paper(town)
    with pytest.raises(Refused, match="没有写明依据") as caught:
        actions.check_basis(version=version, bases={}, by=staff(CENTRE))
    assert caught.value.field == "basis_1"
    with pytest.raises(Refused, match="依据不成立"):
        actions.check_basis(version=version, bases={0: Basis("森林法", "第九十九条")}, by=staff(CENTRE))
    assert now(version).state == "diffed", "a wrong citation may be mended"
    version = actions.check_basis(version=version, bases={1: FOREST_LAW}, by=staff(CENTRE))
    [change] = version.changes.all()
    assert (change.law, change.level, change.needs) == ("中华人民共和国森林法", "law", "material")


@pytest.fixture
def low_laws(town):
    """A rule of a ministry, and a paper of the town itself."""
    day = date(2020, 1, 1)
    add_law(NewLaw("采伐管理办法", "department_rule", day, (NewArticle(3),), issuer="部"))
    paper = NewLaw("万庾镇采伐管理规定", "normative", day, (NewArticle(3),), issuer="万庾镇人民政府")
    add_law(paper, town=town)
    return {"rule": Basis("采伐管理办法", "第三条"), "paper": Basis("万庾镇采伐管理规定", "第三条")}


@pytest.mark.parametrize(
    ("name", "law", "state"),
    [
        ("采伐承诺书", "rule", "basis_checked"),
        ("采伐承诺书", "paper", "refused"),
        ("无违规采伐证明", "rule", "refused"),  # a certificate needs law, regulation or a decision of the State Council
    ],
)
def test_below_the_rank_a_proposal_is_dead_whoever_votes_for_it(town, low_laws, name, law, state):
    version = actions.check_basis(version=with_paper(town, name), bases={0: low_laws[law]}, by=staff(CENTRE))
    assert version.state == state
    if state == "refused":
        assert "不能作" in version.refused_reason
        for act in (actions.review, actions.announce):
            with pytest.raises(Refused, match="不予通过"):
                act(version=version, by=staff(JUSTICE if act is actions.review else CENTRE))
        with pytest.raises(Refused, match="不予通过"):
            decide(version)


def test_a_licence_fee_needs_law_or_regulation(town, low_laws):
    fee = specs.data(
        Fee, name="工本费", nature="administrative", fund="treasury", amount=500, per="本", payer="申请人",
        scope="领证", receipt="财政票据", basis="《森林法》第五十七条",
    )  # fmt: skip
    for basis, state in ((low_laws["rule"], "refused"), (FOREST_LAW, "basis_checked")):
        version = actions.check_basis(version=proposed(town, fees=[fee]), bases={0: basis}, by=staff(CENTRE))
        assert version.state == state


def test_the_town_never_makes_a_licence(town, low_laws):
    data = {**acts.in_force(town, "LM-001").data, "name": "采伐登记许可"}
    unit = Unit.objects.get(town=town, code="forestry")
    version = actions.list_item(town=town, code="LM-009", unit=unit, data=data, by=CONSOLE, editor=staff(CENTRE))
    version = actions.propose(version=version, by=staff(CENTRE))
    assert (version.burden, version.strict, [row.needs for row in version.changes.all()]) == ("new", True, ["licence"])
    dead = actions.check_basis(version=version, bases={0: low_laws["rule"]}, by=staff(CENTRE))
    assert "不能作“设定行政许可”的依据" in dead.refused_reason


# Different persons


def all_roles(town, username: str) -> Staff:
    person = staff(username)
    for code in ("justice-head", "office-head", "centre-head", "forestry-head"):
        people.appoint(staff=person, post=Post.objects.get(town=town, code=code), by=CONSOLE)
    return person


def test_the_long_way_takes_three_persons(town):
    one = all_roles(town, CENTRE)
    version = based(proposed(town, **MORE))
    with pytest.raises(Refused, match="编制人不能审核"):
        actions.review(version=version, by=one)
    version = actions.review(version=version, by=all_roles(town, JUSTICE))
    for person in (one, staff(JUSTICE)):
        with pytest.raises(Refused, match="不同的人"):
            decide(version, by=person.username)
    assert decide(version).state == "decided"


def test_the_short_way_takes_three_persons(town):
    one = all_roles(town, CENTRE)
    version = proposed(town, **LESS)
    with pytest.raises(Refused, match="编制人不能同意"):
        actions.agree_head(version=version, by=one)
    version = actions.agree_head(version=version, by=all_roles(town, "zhanzhang"))
    for person in (one, staff("zhanzhang")):
        with pytest.raises(Refused, match="三个不同的人"):
            actions.agree_office(version=version, by=person)
    assert actions.agree_office(version=version, by=staff(SIGNER)).state == "office_agreed"


def test_only_the_head_of_the_units_own_agrees(town):
    version = proposed(town, **LESS)
    with pytest.raises(Refused, match="不是您单位实施的"):
        actions.agree_head(version=version, by=staff("suozhang"))
    with pytest.raises(Refused, match="没有“实施单位同意”的权限"):
        actions.agree_head(version=version, by=staff(CLERK_3))


# The group's decision


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"minutes_number": "  "}, "minutes_number"),
        ({"minutes_number": "长" * 41}, "minutes_number"),
        ({"decided_on": NOW.date() + timedelta(days=1)}, "decided_on"),
        ({"decided_on": NOW.date() - timedelta(days=1)}, "decided_on"),  # before the justice office had passed it
        ({"initial": True}, "initial"),  # it stands already
    ],
)
def test_a_decision_is_entered_whole_and_in_its_order(town, values, field):
    version = reviewed(proposed(town, **MORE))
    with pytest.raises(Refused) as caught:
        decide(version, **values)
    assert caught.value.field == field


# The notice


@pytest.mark.parametrize(
    ("changes", "days", "words"),
    [
        (MORE, -1, "早于公布日期"),
        (MORE, 30, "公布满 30 天"),
        (LESS, -1, "早于公布日期"),
        (LESS, 800, "两年"),
    ],
)
def test_a_day_of_effect_before_the_notice_has_run_is_refused(town, changes, days, words):
    version = approved(proposed(town, **changes))
    with pytest.raises(Refused, match=words) as caught:
        actions.announce(version=version, by=staff(CENTRE), effective_on=NOW.date() + timedelta(days=days))
    assert caught.value.field == "effective_on"


def test_less_may_hold_at_once_and_a_later_day_may_be_named(town):
    assert rules.in_force(drafted(town, **LESS)).state == "in_force"
    later = announced(proposed(town, **MORE), effective_on=NOW.date() + timedelta(days=60))
    assert later.effective_on == NOW.date() + timedelta(days=60)


def test_the_notice_counts_from_the_day_it_stands_in_the_public_log(town, clock):
    version = actions.announce(version=approved(proposed(town, **MORE)), by=staff(CENTRE))
    clock.shift(timedelta(days=5))
    follow.settle()  # five days late
    clock.shift(timedelta(days=26))
    with pytest.raises(Refused, match="公开日志的时间"):
        actions.put_in_force(version=version, by=staff(CENTRE))
    again = actions.announce(version=version, by=staff(CENTRE))
    assert again.effective_on == timezone.localdate() + timedelta(days=31), "announced anew, counted anew"


def test_the_sweep_puts_in_force_on_the_day_and_not_before(town, clock):
    version = announced(proposed(town, **MORE))
    clock.shift(timedelta(days=30))
    sweep()
    assert now(version).state == "announced"
    clock.shift(timedelta(days=1))
    sweep()
    assert (now(version).state, now(version).published_event.actor) == ("in_force", "system")
    assert acts.in_force(town, "LM-001") == version


def test_the_sweep_leaves_what_cannot_hold_to_a_person(town, clock):
    version, other = announced(proposed(town, **MORE)), announced(proposed(town, "JZ-001", promised_days=5))
    Unit.objects.filter(code="forestry").update(dissolved_on=NOW.date())
    clock.shift(timedelta(days=31))
    assert actions.put_due_in_force() == 1
    assert (now(version).state, now(other).state) == ("announced", "in_force")


def test_an_initial_item_holds_at_once_and_says_why(town):
    version = acts.in_force(town, "JF-001")
    assert (version.burden, version.initial, version.notice_days) == ("new", True, 0)
    data = {**version.data, "name": "另一个事项"}
    unit = Unit.objects.get(town=town, code="land")
    new = actions.list_item(town=town, code="JF-009", unit=unit, data=data, by=CONSOLE, editor=staff(CENTRE))
    assert announced(new).notice_days == 30, "a new item that is not of the first catalogue waits like any rule"


# Return and refusal


def test_a_return_opens_the_text_and_takes_every_approval_back(town):
    version = approved(proposed(town, **MORE))
    version = actions.send_back(version=version, reason="请写明理由。", by=staff(JUSTICE))
    row = now(version)
    assert (row.state, row.returned_reason) == ("draft", "请写明理由。")
    assert not any((row.reviewed_by, row.basis_by, row.decided_by, row.proposed_by, row.minutes_number, row.sha256))
    assert not ProposedChange.objects.filter(version=row).exists()
    edited = actions.edit(version=row, data={**row.data, **LESS}, by=staff(CENTRE))
    assert actions.propose(version=edited, by=staff(CENTRE)).burden == "down"


def test_a_refusal_needs_a_reason_is_public_and_final(town, client):
    version = proposed(town, **MORE)
    with pytest.raises(Refused, match="请写明理由"):
        actions.refuse(version=version, reason=" ", by=staff(JUSTICE))
    with pytest.raises(Refused, match="身份证"):
        actions.refuse(version=version, reason=f"张某 {acts.APPLICANT.id_number} 反对", by=staff(JUSTICE))
    actions.refuse(version=version, reason="五天已经够用。", by=staff(JUSTICE))
    page = client.get("/services/LM-001/changes").content.decode()
    assert "五天已经够用。" in page
    assert "承诺时限由5 个工作日改为9 个工作日" in re.sub(r"\s+", " ", page)
    with pytest.raises(Refused, match="不予通过"):
        actions.send_back(version=version, reason="再想想", by=staff(JUSTICE))


def test_an_announced_proposal_is_refused_in_public_and_not_returned_in_silence(town):
    version = announced(proposed(town, **MORE))
    with pytest.raises(Refused, match="不能退回"):
        actions.send_back(version=version, reason="改一改", by=staff(JUSTICE))
    assert actions.refuse(version=version, reason="群众意见很大。", by=staff(JUSTICE)).state == "refused"


# Cases, pages, desk


def test_a_case_begun_before_keeps_the_version_it_was_begun_with(town, clock):
    case = acts.accepted(town, "LM-001")
    promise = case.clocks.get(kind="promise")
    version = announced(proposed(town, **MORE))
    clock.shift(timedelta(days=31))
    actions.put_in_force(version=version, by=None)
    assert acts.fresh(case).version.number == 1
    assert acts.fresh(case).clocks.get(pk=promise.pk).working_days == 5
    assert acts.apply(town, "LM-001").case.version.number == 2


def test_the_guide_says_what_will_change_while_the_notice_runs(town, client, clock):
    assert "将改为" not in client.get("/services/LM-001").content.decode()
    announced(proposed(town, **MORE))
    guide = client.get("/services/LM-001").content.decode()
    assert "自2026年4月16日起将改为（负担增加）" in guide
    assert "承诺时限由5 个工作日改为9 个工作日" in guide
    assert "承诺 5 个工作日" in guide, "until then the old one holds"
    clock.shift(timedelta(days=31))
    actions.put_due_in_force()
    guide = client.get("/services/LM-001").content.decode()
    assert "将改为" not in guide
    assert "第 2 版" in guide


def test_the_change_page_shows_versions_words_posts_minutes_and_proof(town, client, clock):
    version = announced(proposed(town, **MORE))
    clock.shift(timedelta(days=31))
    actions.put_in_force(version=version, by=None)
    follow.settle()
    page = client.get("/services/LM-001/changes").content.decode()
    for words in (
        "第 2 版", "负担增加", "承诺时限由5 个工作日改为9 个工作日", "《中华人民共和国森林法》第五十七条（法律）",
        "司法所所长", "党政办公室主任", "便民服务中心主任", MINUTES, "公布满 30 天", "公开日志第",
        "第 1 版", "首次编入目录", "新增事项",
    ):  # fmt: skip
        assert words in page, words
    for person in Staff.objects.all():
        assert person.name not in page, "posts, never persons"


def test_nobody_outside_sees_a_proposal_before_it_is_announced(town, client):
    before = client.get("/services/LM-001/changes").content.decode()
    approved(proposed(town, **MORE))
    assert client.get("/services/LM-001/changes").content.decode() == before
    assert client.get("/services/XX-999/changes").status_code == 404


def test_the_change_page_of_one_town_is_not_found_in_another(town, other_town, client):
    assert client.get("/services/LM-001/changes", HTTP_HOST="other.example").status_code == 404


def post(client, version: Version, act: str, by: str, **typed):
    login(client, by)
    return client.post(f"/desk/items/{version.item.code}/{version.number}/acts/{act}", typed)


def test_the_desk_carries_a_proposal_through_the_gate(town, client, clock):
    version = drafted(town, **MORE)
    assert post(client, version, "propose", CENTRE).status_code == 302
    page = client.get("/desk/items/LM-001/2").content.decode()
    assert "改了什么：负担增加" in page
    assert "/acts/agree_head" not in page
    bare = post(client, version, "check_basis", CENTRE)
    assert bare.status_code == 422
    assert "没有写明依据" in bare.content.decode()
    assert post(client, version, "check_basis", CENTRE, basis_0="森林法", article_0="第五十七条").status_code == 302
    assert post(client, version, "review", JUSTICE).status_code == 302
    login(client, SIGNER)
    assert "等您登记集体决定的（1）" in client.get("/desk/").content.decode()
    bare = post(client, version, "decide", SIGNER, minutes_number="", decided_on="2026-03-16")
    assert "没有集体决定，事项不能发布" in bare.content.decode()
    typed = {"minutes_number": MINUTES, "decided_on": "2026-03-16"}
    assert post(client, version, "decide", SIGNER, **typed).status_code == 302
    early = post(client, version, "announce", CENTRE, effective_on="2026-03-20")
    assert "最早是2026年4月16日" in early.content.decode()
    assert 'value="2026-03-20"' in early.content.decode(), "what was typed stays"
    assert post(client, version, "announce", CENTRE).status_code == 302
    assert now(version).state == "announced"
    assert post(client, version, "supersede", CENTRE).status_code == 404


def test_the_desk_tells_a_proposal_that_died_of_its_basis(town, client, low_laws):
    version = with_paper(town)
    answer = post(client, version, "check_basis", CENTRE, basis_0="万庾镇采伐管理规定", article_0="第三条")
    assert answer.status_code == 302
    assert "依据的级别不够" in client.get("/desk/items/LM-001/2").content.decode()
    assert Item.objects.get(code="LM-001").current.number == 1


def test_a_proposal_is_returned_or_refused_at_the_desk_each_with_its_own_reason(town, client):
    version = based(proposed(town, **MORE))
    login(client, JUSTICE)
    page = client.get("/desk/items/LM-001/2").content.decode()
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids)), "an id stands once on a page"
    bare = post(client, version, "refuse", JUSTICE, **{"refuse-reason": ""})
    assert bare.status_code == 422
    assert "请写明理由" in bare.content.decode()
    assert post(client, version, "send_back", JUSTICE, **{"send-back-reason": "期限太长。"}).status_code == 302
    assert "期限太长。" in client.get("/desk/items/LM-001/2").content.decode()
    assert now(version).state == "draft"
