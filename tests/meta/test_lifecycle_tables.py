"""Every act from every state, against the law as written down here, not as the code has it."""

import ast
from itertools import product
from pathlib import Path

import pytest

from mingtang.cases import actions as case_actions
from mingtang.cases.enums import CaseState, PermitState
from mingtang.cases.grants import GRANT
from mingtang.cases.models import Case, Permit
from mingtang.cases.permits import PERMIT, check_permit_state
from mingtang.cases.policies import can as can_case
from mingtang.cases.policies import check_state
from mingtang.cases.states import CASE
from mingtang.disclosure import actions as edition_actions
from mingtang.disclosure import linking, scheduling, taking_in, terms, withheld
from mingtang.disclosure.derived import actions as list_actions
from mingtang.disclosure.derived.states import LIST
from mingtang.disclosure.enums import EditionState
from mingtang.disclosure.models import Document, Edition
from mingtang.disclosure.policies import can as can_edition
from mingtang.disclosure.states import EDITION
from mingtang.hall.contacts import check as check_contact
from mingtang.hall.enums import ContactState
from mingtang.hall.models import Contact
from mingtang.hall.states import CONTACT
from mingtang.lib.errors import Refused
from mingtang.lib.paths import CHECKOUT
from mingtang.people.enums import ROLE_PERMISSIONS, Permission, Role
from mingtang.people.models import Assignment, Post, Staff, Unit
from mingtang.rulebook import actions as version_actions
from mingtang.rulebook.actions.common import check as check_version
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.models import Item, Version
from mingtang.rulebook.states import VERSION
from mingtang.scrutiny.states import SAMPLE
from mingtang.utilities.states import INTERRUPTION
from mingtang.voices import actions as obstacle_actions
from mingtang.voices.states import MATTER, OBSTACLE

OPEN = "submitted supplement_due accepted suspended reported_up decided"

# act: (states it may begin from, state it leads to or "" when it stays)
CASE_LAW = {
    "submit": ("", "submitted"),
    "open_ex_officio": ("", "accepted"),
    "correct_on_the_spot": ("submitted", ""),
    "request_supplement": ("submitted", "supplement_due"),
    # A reminder is served before a lapse.
    "remind": ("supplement_due", ""),
    "supply": ("supplement_due", ""),
    "supply_complete": ("supplement_due", "submitted"),
    "accept": ("submitted", "accepted"),
    # 容缺: its day is an act with outcomes.
    "hand_in_deferred": ("accepted suspended", ""),
    "miss_deferred": ("accepted suspended", ""),
    "accept_by_silence": ("submitted", "accepted"),
    "not_required": ("submitted", "not_required"),
    "pass_on": ("submitted", "passed_on"),
    "not_accept": ("submitted", "not_accepted"),
    "charge": ("accepted suspended reported_up decided", ""),
    "opinion": ("accepted", ""),
    "recuse": (OPEN, ""),
    # 民法典 165, 173: an authority ends with its term, or is given anew, while the case runs.
    "record_authority": (OPEN, ""),
    "return_for_redo": ("accepted", ""),
    "tell_interested_party": ("accepted", ""),
    # 许可法 36, 47, 48: what they answered, and what was said at the hearing.
    "record_views": ("accepted suspended", ""),
    "record_hearing": ("accepted suspended", ""),
    "hold_hearing": ("accepted", "suspended"),
    "suspend": ("accepted", "suspended"),
    "resume": ("suspended", "accepted"),
    "extend": ("accepted", ""),
    # 营商条例 36: whoever is late says why in public; asked for before the date.
    "explain_delay": ("submitted accepted suspended decided", ""),
    # 安阳条例 25–29: what was pledged is looked into once something was granted.
    "verify_pledge": ("decided closed", ""),
    "send_up": ("accepted", "reported_up"),
    "record_result": ("reported_up", "decided"),
    "take_back": ("reported_up", "accepted"),
    "decide": ("accepted", "decided"),
    "serve": ("decided", "closed"),
    "withdraw": (OPEN, "withdrawn"),
    "lapse": ("supplement_due", "lapsed"),
    # Suspended it waits; above and decided, it is another's to decide or a permit's to change.
    "rebase": ("submitted supplement_due accepted", ""),
    "enter_ruling": ("closed decided not_accepted not_required lapsed", ""),
    "self_correct": ("closed decided not_accepted not_required withdrawn", "accepted"),
    # 32: what nobody had judged goes back to where it is judged.
    "take_in_again": ("withdrawn lapsed", "submitted"),
    "correct_clerical_error": ("decided closed", ""),
    "archive": ("closed", ""),
}
EDITION_LAW = {
    "revise": ("draft", "draft"),
    "submit": ("draft", "in_review"),
    "return_to_draft": ("in_review reviewed signed to_withhold withhold_ok", "draft"),
    # 条例 14–18: what is not published goes through three persons too, and is looked at again.
    "propose_withholding": ("draft", "to_withhold"),
    "review_withholding": ("to_withhold", "withhold_ok"),
    "withhold": ("withhold_ok", "not_public"),
    "give_on_request": ("withhold_ok", "on_request"),
    "keep_withheld": ("not_public on_request", ""),
    "open_up": ("not_public on_request", "draft"),
    "review": ("in_review", "reviewed"),
    "sign": ("reviewed", "signed"),
    "schedule": ("signed", "scheduled"),
    "unschedule": ("scheduled", "signed"),
    # Every check again at the time: what fails goes no further.
    "stop": ("scheduled", "signed"),
    "publish": ("signed scheduled", "published"),
    # 湖南省规范性文件管理办法: five years, two on trial; ended by another document before.
    "expire": ("published", "expired"),
    # 国办发〔2016〕80号: the interpretation and what it explains lead to each other.
    "link": ("draft published expired repealed", ""),
    "unlink": ("draft published expired repealed", ""),
    "repeal": ("published", "repealed"),
    "adopt_historical": ("draft", "published"),
    "supersede": ("published", "superseded"),
    # An edition that gave way stays beside the newer one: it is taken down by itself.
    "withdraw": ("published expired repealed superseded", "withdrawn"),
}
VERSION_LAW = {
    "edit": ("draft", "draft"),
    "ask_waiver": ("draft", "draft"),
    "waive": ("draft", "draft"),
    "refuse_waiver": ("draft", "draft"),
    "propose": ("draft", "diffed"),
    "check_basis": ("diffed", "basis_checked"),
    "review": ("basis_checked", "reviewed"),
    "decide": ("reviewed", "decided"),
    "agree_head": ("diffed", "head_agreed"),
    "agree_office": ("head_agreed", "office_agreed"),
    "announce": ("decided office_agreed announced", "announced"),
    "put_in_force": ("announced", "in_force"),
    "send_back": ("diffed basis_checked reviewed decided head_agreed office_agreed", "draft"),
    "refuse": ("diffed basis_checked reviewed decided head_agreed office_agreed announced", "refused"),
    "supersede": ("in_force suspended", "superseded"),
    "suspend": ("in_force", "suspended"),
    "resume": ("suspended", "in_force"),
    "cancel": ("in_force suspended", "cancelled"),
}
# 证照 after the grant: 许可法 7, 8, 49, 50, 69, 70.
PERMIT_LAW = {
    "issue": ("", "valid"),
    "ask_change": ("valid", ""),
    "ask_renewal": ("valid", ""),
    "change": ("valid", ""),
    "renew": ("valid", ""),
    "refuse_ask": ("valid", ""),
    "deem_renewed": ("valid", ""),
    # 7, 47: whoever loses a permit is told and heard first.
    "warn": ("valid", ""),
    "serve_warning": ("valid", ""),
    "withdraw_permit": ("valid", "withdrawn"),
    "revoke": ("valid", "revoked"),
    # 70(四): what was revoked or withdrawn is cancelled too.
    "cancel": ("valid withdrawn revoked", "cancelled"),
    "reissue": ("valid", ""),
}
# 诉求: answered by the unit, taken or disputed by the person, ruled on by the office.
MATTER_LAW = {
    "tell": ("", "open"),
    "answer": ("open", "answered"),
    "accept": ("answered", "ended"),
    "dispute": ("answered", "disputed"),
    "rule": ("disputed", "ended"),
    "challenge": ("", "open"),
    "propose": ("open", "proposed"),
    "confirm": ("proposed", "ended"),
    "send_back": ("proposed", "open"),
    "ask_again": ("ended", "disputed"),
    "decide_again": ("disputed", "ended"),
}
# 停供通知: a plan is checked before it is told, what is urgent afterwards; it ends by the word that it is back.
INTERRUPTION_LAW = {
    "propose": ("", "proposed"),
    "announce_urgent": ("", "out"),
    "announce": ("proposed", "out"),
    "confirm": ("out", ""),
    "change": ("proposed out", ""),
    "restore": ("out", "restored"),
    "withdraw": ("proposed out", "withdrawn"),
}
# 许可法 40: results are open; 个保 47: what named a person goes when its purpose is met.
GRANT_LAW = {
    "publish": ("waiting withheld", "shown"),
    "withhold": ("waiting shown", "withheld"),
    "end": ("shown", "ended"),
}
# 条例 17, 26: another person looks before it is public; 个保 47: persons' rows go when their days are over.
LIST_LAW = {
    "make": ("", "made"),
    "check": ("made", "checked"),
    "show": ("checked", "shown"),
    "drop": ("made checked", "dropped"),
    "supersede": ("shown", "superseded"),
    "end": ("shown", "ended"),
    "take_back": ("shown", "withdrawn"),
    "post_up": ("shown", ""),
}
SYSTEM = {"accept_by_silence", "miss_deferred"}
EDITION_SYSTEM = {"stop", "expire"}
CONTACT_LAW = {
    "take": ("", "waiting"),
    "book": ("", "booked"),
    "enter_slip": ("", "owned"),
    "receive": ("", "owned"),
    "check_in": ("booked", "waiting"),
    "call": ("waiting", "called"),
    "recall": ("called", ""),
    "skip": ("called", "passed"),
    "come_back": ("passed", "waiting"),
    "start": ("called", "owned"),
    "add": ("owned", ""),
    "settle": ("owned", "ended"),
    "forward": ("owned", "waiting"),
    "offer": ("owned", "handing_over"),
    "take_over": ("handing_over", "owned"),
    "decline": ("handing_over", "owned"),
    "leave": ("waiting called passed", "ended"),
    "nobody": ("waiting called passed", "ended"),
    "cancel": ("booked", "ended"),
    # 民法典 173: who sent an agent takes the mandate back.
    "withdraw": ("owned handing_over", "ended"),
    "close_day": ("booked waiting called passed", "ended"),
}
OBSTACLE_LAW = {
    "report": ("", "open"),
    "sort": ("open", ""),
    "offer": ("open", "handing_over"),
    "take_over": ("handing_over", "open"),
    "decline": ("handing_over", "open"),
    "assign": ("open handing_over", "open"),
    # No end without a case, a draft, a published reason or a receipt.
    "solve": ("open", "ended"),
    "change": ("open", "ended"),
    "explain": ("open", "ended"),
    "pass_on": ("open", "ended"),
}
# 真实性抽查: no result is told before the unit could answer, nor by who inspected.
SAMPLE_LAW = {
    "draw": ("", "drawn"),
    "assign": ("drawn assigned", "assigned"),
    "judge": ("assigned", "judged"),
    "reply": ("judged", "replied"),
    "send_back": ("judged replied", "assigned"),
    "show": ("judged replied", "shown"),
}
BEGIN = {"submit", "open_ex_officio"}
# Acts whose function is called otherwise, or that happen inside another act.
CALLED = {"correct_on_the_spot": "receive_materials", "stop": "publish_scheduled", "give_on_request": "withhold"}
INSIDE = {"supersede"}
EDITION_ACTS = (edition_actions, linking, scheduling, taking_in, terms, withheld)
TABLES = {
    "case": (CASE, CASE_LAW),
    "edition": (EDITION, EDITION_LAW),
    "version": (VERSION, VERSION_LAW),
    "contact": (CONTACT, CONTACT_LAW),
    "obstacle": (OBSTACLE, OBSTACLE_LAW),
    "permit": (PERMIT, PERMIT_LAW),
    "grant": (GRANT, GRANT_LAW),
    "list": (LIST, LIST_LAW),
    "interruption": (INTERRUPTION, INTERRUPTION_LAW),
    "matter": (MATTER, MATTER_LAW),
    "sample": (SAMPLE, SAMPLE_LAW),
}


@pytest.mark.pure
@pytest.mark.parametrize("name", TABLES)
def test_the_table_is_the_law_row_by_row(name):
    table, law = TABLES[name]
    found = {act: (set(row.sources), row.target or "") for act, row in table.items()}
    assert found == {act: (set(sources.split()), target) for act, (sources, target) in law.items()}


@pytest.mark.pure
@pytest.mark.parametrize("name", TABLES)
def test_every_row_names_its_basis_its_words_and_real_powers(name):
    for act, row in TABLES[name][0].items():
        assert row.basis, act
        assert row.title, act
        powers = row.powers if hasattr(row, "powers") else (row.power,)
        assert set(powers) <= set(Permission.values), act
        who = getattr(row, "who", ("staff",))
        anybody = who == ("system",) or "resident" in who
        assert powers or anybody, f"{act}: only the system and residents act without a power"


@pytest.mark.pure
def test_nothing_happens_to_a_case_that_has_ended_but_what_the_law_names():
    dead = {CaseState.PASSED_ON}
    for act, row in CASE.items():
        assert not dead & set(row.sources), act
    leaving_withdrawn = {act for act, row in CASE.items() if CaseState.WITHDRAWN in row.sources}
    assert leaving_withdrawn == {"self_correct", "take_in_again"}


@pytest.mark.pure
@pytest.mark.parametrize(("act", "state"), list(product(CASE_LAW, CaseState.values)))
def test_a_case_refuses_every_act_the_law_does_not_name(act, state):
    case = Case(state=state)
    if state in CASE_LAW[act][0].split():
        check_state(act, case)
    else:
        with pytest.raises(Refused, match="不能"):
            check_state(act, case)


@pytest.mark.pure
@pytest.mark.parametrize(("act", "state"), list(product(CONTACT_LAW, ContactState.values)))
def test_a_contact_refuses_every_act_the_table_does_not_name(act, state):
    contact = Contact(state=state, number="A-261127-001", serial=1)
    if state in CONTACT_LAW[act][0].split():
        check_contact(act, contact)
    else:
        with pytest.raises(Refused, match="不能"):
            check_contact(act, contact)


@pytest.mark.pure
@pytest.mark.parametrize(("act", "state"), list(product(PERMIT_LAW, PermitState.values)))
def test_a_permit_refuses_every_act_the_law_does_not_name(act, state):
    permit = Permit(state=state)
    if state in PERMIT_LAW[act][0].split():
        check_permit_state(act, permit)
    else:
        with pytest.raises(Refused, match="不能"):
            check_permit_state(act, permit)


@pytest.fixture
def mighty(town):
    """Someone with every role: only the state can refuse them."""
    unit = Unit.objects.filter(town=town).first()
    post = Post.objects.create(town=town, unit=unit, code="every-role", name="全能岗", roles=list(Role.values))
    person = Staff.objects.create(town=town, username="mighty", name="全能（演示）", number="mighty")
    Assignment.objects.create(staff=person, post=post, valid_from="2020-01-01T00:00:00+08:00")
    return person


def test_a_person_with_every_power_may_do_exactly_what_the_state_allows(mighty):
    town = mighty.town
    for act, state in product(CASE_LAW, CaseState.values):
        expected = state in CASE_LAW[act][0].split() and act not in SYSTEM
        assert can_case(act, Case(town=town, state=state), mighty) is expected, (act, state)
    document = Document.objects.create(town=town, index_number="meta/1", unit=Unit.objects.first(), issuer="党政办公室")
    for act, state in product(EDITION_LAW, EditionState.values):
        edition = Edition(document=document, number=1, state=state)
        expected = state in EDITION_LAW[act][0].split() and act not in EDITION_SYSTEM
        assert can_edition(act, edition, mighty) is expected, (act, state)
    for act, state in product(VERSION_LAW, VersionState.values):
        version = Version(item=Item(town=town), state=state)
        assert _may_version(act, version, mighty) is (state in VERSION_LAW[act][0].split()), (act, state)


def _may_version(act, version, by):
    try:
        check_version(act, version, by)
    except Refused:
        return False
    return True


def test_without_a_power_nothing_is_allowed_in_any_state(town):
    nobody = Staff.objects.create(town=town, username="nobody", name="无岗", number="none")
    for act, state in product(CASE_LAW, CaseState.values):
        assert not can_case(act, Case(town=town, state=state), nobody), (act, state)
    for act, state in product(EDITION_LAW, EditionState.values):
        assert not can_edition(act, Edition(document=Document(town=town), state=state), nobody), (act, state)


def test_staff_of_another_town_may_do_nothing(mighty, other_town):
    for act, state in product(CASE_LAW, CaseState.values):
        assert not can_case(act, Case(town=other_town, state=state), mighty), (act, state)
    for act, state in product(EDITION_LAW, EditionState.values):
        assert not can_edition(act, Edition(document=Document(town=other_town), state=state), mighty), (act, state)


ASKING = ("check_can", "check_head", "check_state", "check")


def _acts_asked(room: str, asking: tuple[str, ...] = ASKING) -> set[str]:
    """The acts that the room's own code asks its table about, by the functions that ask."""
    found = set()
    for path in Path(CHECKOUT, "mingtang", room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                first = node.args[0] if node.args else None
                if name in asking and isinstance(first, ast.Constant):
                    found.add(first.value)
    return found


@pytest.mark.pure
def test_each_act_is_a_function():
    for act in CASE:
        function = CALLED.get(act, act)
        assert hasattr(case_actions, function), act
    for act in (*PERMIT, *GRANT):
        assert hasattr(case_actions, act), act
    for act in set(LIST) - INSIDE:
        assert hasattr(list_actions, act), act
    for act in set(EDITION) - INSIDE:
        assert any(hasattr(module, CALLED.get(act, act)) for module in EDITION_ACTS), act
    for act in set(VERSION) - INSIDE:
        assert hasattr(version_actions, act), act
    for act in OBSTACLE:
        assert hasattr(obstacle_actions, act), act


@pytest.mark.pure
def test_the_code_asks_only_for_acts_of_the_table():
    assert _acts_asked("cases") <= set(CASE)
    assert _acts_asked("disclosure") <= set(EDITION)
    assert _acts_asked("rulebook") <= set(VERSION)
    assert _acts_asked("hall") <= set(CONTACT)
    begun = {"propose", "announce_urgent"}
    assert _acts_asked("utilities") == set(INTERRUPTION) - begun, "these begin a notice: there is no state to ask"
    assert _acts_asked("voices") == set(OBSTACLE) - {"report"}, "a report begins it: there is no state to ask"
    asked = _acts_asked("voices", ("check_matter", "check_matter_state"))
    assert asked == set(MATTER) - {"tell", "challenge"}, "these begin a matter"
    permits = _acts_asked("cases", ("check_permit", "check_permit_head", "check_permit_state", "_ask"))
    assert _acts_asked("cases", ("check_grant", "check_grant_state")) == set(GRANT)
    asked = _acts_asked("disclosure", ("check_list",))
    assert asked == set(LIST) - {"make", "supersede", "end"}, "made of records; the other two are the system's"
    assert permits == set(PERMIT) - {"issue"}, "a permit begins inside the decision"
    assert _acts_asked("cases") == set(CASE) - BEGIN, "these begin a case: there is no state to ask"


@pytest.mark.pure
def test_every_permission_is_held_by_a_role_and_every_role_holds_some():
    assert set().union(*ROLE_PERMISSIONS.values()) == set(Permission.values)
    assert set(ROLE_PERMISSIONS) == set(Role.values)
    assert all(ROLE_PERMISSIONS.values())
