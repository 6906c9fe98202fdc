"""The demo town: whole, invented, and the same after a second run."""

import re
from collections import Counter

import pytest
from django.apps import apps
from django.db.models import F
from django.utils import timezone

from mingtang.cases.enums import CaseState
from mingtang.cases.models import Case
from mingtang.cases.numbers import code_hash
from mingtang.cases.papers import billed
from mingtang.demo import cases as demo_cases
from mingtang.demo import documents as demo_documents
from mingtang.demo import lists as demo_lists
from mingtang.demo import money as demo_money
from mingtang.demo import orders as demo_orders
from mingtang.demo import town as demo_town
from mingtang.demo.build import build
from mingtang.demo.town import LOGINS
from mingtang.disclosure.enums import EditionState
from mingtang.disclosure.models import Attachment, Document, Edition
from mingtang.disclosure.stories.claims import NEWS
from mingtang.events.models import Event
from mingtang.files.extract import extract
from mingtang.guard import check_many
from mingtang.lib.identifiers import check_resident_id
from mingtang.oversight.enums import SlotState
from mingtang.oversight.models import Slot
from mingtang.people.models import Staff
from mingtang.people.policies import held_by
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer
from tests.factories import snapshot

pytestmark = pytest.mark.django_db


_kept: dict[int, snapshot.Snapshot] = {}


@pytest.fixture
def built(db):
    """The whole demo town; made once for each hour the clock shows, afterwards put back."""
    hour = int(timezone.now().timestamp()) // 3600
    if hour in _kept:
        snapshot.put_back(_kept[hour])
    else:
        build()
        _kept[hour] = snapshot.take()


def test_a_second_run_changes_nothing(built):
    before = Event.objects.count()
    build()
    assert Event.objects.count() == before


def test_the_board_shows_every_way_a_slot_can_stand(built):
    states = Counter(Slot.objects.standing(timezone.localdate()).values_list("state", flat=True))
    # No quarter has passed in which a promise could be measured.
    assert set(states) == {*SlotState.values} - {SlotState.BROKEN}
    assert Slot.objects.filter(nudges__gt=0).count() == 3
    assert Slot.objects.exclude(due_on=F("first_due_on")).count() == 1


def test_who_joined_with_a_later_release_gets_the_next_number(db, monkeypatch):
    """The town of an earlier release is built on, wherever the new ones stand in the list."""
    monkeypatch.setattr(demo_town, "LOGINS", (*LOGINS[:3], *LOGINS[5:]))
    town = demo_town.build_town()
    demo_town.build_organisation(town)
    held = dict(Staff.objects.values_list("username", "number"))
    monkeypatch.setattr(demo_town, "LOGINS", LOGINS)
    demo_town.build_organisation(town)
    now = dict(Staff.objects.values_list("username", "number"))
    assert held.items() <= now.items()
    assert len(set(now.values())) == len(LOGINS)


def test_documents_stand_in_every_stage_and_by_several_units(built):
    rows = Edition.objects.exclude(document__kind__in=NEWS).exclude(document__kind__startswith="utility-")
    states = [row.state for row in rows]
    assert states.count(EditionState.PUBLISHED) == 18
    assert (states.count(EditionState.DRAFT), states.count("superseded")) == (1, 2)
    assert states.count(EditionState.IN_REVIEW) == 2
    assert len(set(Document.objects.values_list("unit", flat=True))) >= 6


def test_each_published_edition_went_through_three_persons(built):
    for edition in Edition.objects.filter(state__in=["published", "superseded"], adopted_by=""):
        assert len({edition.author_id, edition.reviewer_id, edition.signer_id} - {None}) == 3


def test_everything_of_the_demo_says_so(built):
    for edition in Edition.objects.select_related("revision"):
        assert "演示" in edition.revision.title
    for case in Case.objects.all():
        assert "（演示）" in case.applicant["name"]


def test_attachments_can_be_read(built):
    texts = dict(Attachment.objects.values_list("name", "text"))
    assert "占地110平方米" in texts["农房通用图样目录（演示）.docx"]
    assert "户口簿" in texts["建房申请自查清单（演示）.txt"]


def test_a_word_file_is_the_same_bytes_each_time():
    lines = ("一", "二 < 三")
    assert demo_documents.docx(lines) == demo_documents.docx(lines)
    assert extract(demo_documents.docx(lines)).text.split() == ["一", "二", "<", "三"]


def test_the_cases_stand_in_every_stage(built):
    found = dict(Case.objects.values_list("submission", "state"))
    assert found == {
        demo_cases.FINISHED: CaseState.CLOSED,
        demo_cases.UNDER_WORK: CaseState.ACCEPTED,
        demo_cases.JOINT: CaseState.ACCEPTED,
        demo_cases.WAITING: CaseState.SUPPLEMENT_DUE,
        **dict.fromkeys(demo_lists.HELPED, CaseState.DECIDED),
        demo_cases.FRESH: CaseState.SUBMITTED,
        demo_cases.CHARGED: CaseState.SUBMITTED,
        demo_money.OWING: CaseState.ACCEPTED,
        demo_money.PAID: CaseState.ACCEPTED,
        f"{demo_orders.AT_WINDOW}-case": CaseState.SUBMITTED,
        f"{demo_orders.DELIVERED}-case": CaseState.CLOSED,
        # Written on slips while the light was out.
        "demo-slip-1": CaseState.SUBMITTED,
        "demo-slip-2": CaseState.SUBMITTED,
    }


def test_one_case_shows_how_its_bill_comes_about(built):
    bill = billed(Case.objects.get(submission=demo_cases.CHARGED))
    assert bill["total"] == 0 and [line["working"] for line in bill["lines"]] == [
        "2 块 × 30元 = 60元，低保户、特困户，不用交"
    ]


def test_identity_numbers_are_valid_and_belong_to_nobody_alive(built):
    for case in Case.objects.all():
        number = case.applicant["id_number"]
        assert check_resident_id(number).valid
        assert number[6:14] == "19000101"


def test_telephones_are_the_invented_ones(built):
    for case in Case.objects.all():
        assert re.fullmatch(r"07305550\d{3}", case.applicant["phone"])
    texts = [row.revision.body_text for row in Edition.objects.select_related("revision")]
    numbers = [found for text in texts for found in re.findall(r"\d{3,4}-\d{7,8}", text)]
    assert numbers and all(number.startswith("0730-5550") for number in numbers)


def test_the_guard_finds_nothing_to_mend_in_the_documents(built):
    """But for the one that shows how a second person lets a finding stand."""
    rows = Edition.objects.filter(waivers=None).select_related("revision")
    assert check_many([(row.revision.title, row.revision.body_text) for row in rows]) == []
    assert Edition.objects.exclude(waivers=None).count() == 1


def test_the_printed_code_opens_its_case(built):
    number, code = demo_cases.receipt_code(demo_cases.WAITING)
    assert Case.objects.get(number=number).code_hash == code_hash(number, code)


def _unit_of(row) -> int | None:
    """The unit whose thing a row is: its own, or that of the document, edition or slot it belongs to."""
    for name in ("unit_id", "edition", "document", "slot", "duty", "matter", "owner", "tenant"):
        found = getattr(row, name, None)
        if isinstance(found, int):
            return found
        if found is not None and (unit := _unit_of(found)) is not None:
            return unit
    return None


@pytest.mark.parametrize("username", ["weisheng", "yuanzhang", "dianxin"])
def test_a_utility_s_staff_see_of_nothing_more_than_the_public_but_their_own(built, username):
    town = Jurisdiction.objects.get(is_demo=True)
    held = held_by(Staff.objects.get(username=username))
    public, tenant = Viewer(town=town), Viewer(town=town, person_id=1, powers=held.powers, tenant=held.tenant)
    for model in apps.get_models():
        if not hasattr(model.objects, "visible_to"):
            continue
        shown = set(model.objects.visible_to(public))
        more = [row for row in model.objects.visible_to(tenant) if row not in shown]
        assert {_unit_of(row) for row in more} <= held.tenant, (model, more[:3])
