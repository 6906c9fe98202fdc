"""What a second person lets stand in an item: exactly this text in this field, never secrets and ID numbers."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from mingtang import guard
from mingtang.events.log import CONSOLE
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.people import actions as people
from mingtang.people.models import Post
from mingtang.people.policies import actor
from mingtang.rulebook import actions
from mingtang.rulebook.actions import common
from mingtang.rulebook.importing import asks
from mingtang.rulebook.models import Version, Waiver
from mingtang.rulebook.proved import check_waivers
from mingtang.rulebook.requirements import gate, words
from mingtang.rulebook.spec import parse
from mingtang.towns.viewer import Viewer
from tests.factories import rules
from tests.factories.cast import CENTRE, JUSTICE, SIGNER, staff

pytestmark = pytest.mark.django_db
DUTY = "值班手机13812345678，夜里也有人接。"
WHY = "值班公用手机，不是哪个人的"


def drafted(town, place: str = DUTY, **changes: Any) -> Version:
    return rules.drafted(town, place=place, **changes)


def asked(version: Version, by: str = CENTRE, **changes: Any) -> Waiver:
    values = {"version": version, "identity": rules.stopped(version), "reason": WHY, "by": staff(by)} | changes
    return actions.ask_waiver(**values)


def edited(version: Version, **changes: Any) -> Version:
    return actions.edit(version=version, data={**version.data, **changes}, by=staff(CENTRE))


def stopped(version: Version) -> list[str]:
    """By what the guard stops it, wherever the gate is asked: as it is, as it would be saved, as an import tells."""
    version = Version.objects.get(pk=version.pk)
    found = [issue.sentence for issue in gate(version)]
    assert found == [issue.sentence for issue in gate(version, parse(version.data))]
    assert found == [one for sentences in asks(gate(version, lists=guard.lists.NONE)).values() for one in sentences]
    return found


def test_a_duty_mobile_is_asked_for_let_stand_and_in_force(town):
    version = drafted(town)
    [sentence] = stopped(version)
    assert "手机" in sentence
    waiver = asked(version)
    assert waiver.event.data["part"] == waiver.part and waiver.field == "place" and "13812345678" not in waiver.sentence
    assert stopped(version) == [sentence], "asked for is not let stand"
    with pytest.raises(Refused, match=r"还不能提出.*手机"):
        actions.propose(version=version, by=staff(CENTRE))
    waiver = actions.waive(waiver=waiver, by=staff(JUSTICE))
    assert (waiver.settled_event.actor, waiver.settled_event.reason) == (staff(JUSTICE).code, WHY)
    assert stopped(version) == []
    assert rules.in_force(version).spec.place == DUTY
    assert list(check_waivers(town)) == []


def test_it_holds_through_the_long_way_and_a_return(town):
    version = drafted(town, promised_days=9)
    rules.waived(version)
    version = rules.reviewed(actions.propose(version=version, by=staff(CENTRE)))
    version = actions.send_back(version=version, reason="请核对天数", by=staff(CENTRE))
    assert rules.announced(version).state == "announced"


def test_another_text_another_field_another_version_are_not_let_stand(town):
    version = drafted(town)
    rules.waived(version)
    assert stopped(edited(version, hours="工作日")) == [], "what is elsewhere changes nothing"
    for changes in ({"place": DUTY + "请轻声。"}, {"place": "窗口", "hours": DUTY}):
        with pytest.raises(Refused, match="手机"):
            actions.propose(version=edited(version, **changes), by=staff(CENTRE))
    # The guard masks these two alike; their texts are not the same.
    with pytest.raises(Refused, match="手机"):
        actions.propose(version=edited(version, place="值班手机13898765678，夜里也有人接。"), by=staff(CENTRE))
    assert stopped(edited(version, place=DUTY, hours="工作日")) == [], "the very text again"
    assert stopped(drafted(town)) != []


@pytest.mark.parametrize("text", ["机密★10年", "身份证430623195603080012", "430623195603080012"])
def test_what_nobody_lets_stand(town, text):
    version = drafted(town, hours=text)
    rules.waived(version)
    [finding] = [one.finding for one in words.rules(version.spec, guard.lists.NONE) if not one.may_be_waived]
    with pytest.raises(Refused, match="谁也不能放行"):
        asked(version, identity=finding.identity)
    with pytest.raises(IntegrityError), transaction.atomic():
        forged(version, identity=finding.identity, kind=finding.kind)
    forged(version, identity=finding.identity, kind="mobile", settled_by=staff(JUSTICE), agreed=True)
    assert len(stopped(version)) == 1, "the gate asks what it is, not what the row says"


def forged(version: Version, **values: Any) -> Waiver:
    """A row as no action writes it."""
    event = Event.objects.exclude(pk__in=Waiver.objects.values("event")).order_by("pk").first()
    if "settled_by" in values:
        values |= {"settled_at": event.recorded_at, "settled_event": event}
    return Waiver.objects.create(**{
        "version": version, "identity": "1" * 32, "kind": "mobile", "part": "place x", "sentence": "x", "why": "x",
        "proposed_by": staff(SIGNER), "proposed_at": event.recorded_at, "event": event, **values,
    })  # fmt: skip


def test_who_asks_needs_a_reason_a_finding_and_the_draft(town):
    version = drafted(town)
    for changes, said in (
        ({"by": JUSTICE}, "没有“请求放行”的权限"),
        ({"reason": " "}, "请写明为什么"),
        ({"reason": "就是13812345678"}, "手机"),
        ({"identity": "0" * 32}, "没有这一处"),
    ):
        with pytest.raises(Refused, match=said):
            asked(version, **changes)
    assert not Waiver.objects.exists() and not Event.objects.filter(type="item.waiver_asked").exists()
    asked(version)
    with pytest.raises(Refused, match="已经请求过"):
        asked(version)
    other = rules.proposed(town, "LN-001", phone="0730-5550099")
    with pytest.raises(Refused, match="不能请求放行"):
        actions.ask_waiver(version=other, identity="0" * 32, reason=WHY, by=staff(CENTRE))


def test_who_settles_is_another_with_the_power_once(town):
    for user, code in ((CENTRE, "justice-head"), (JUSTICE, "centre-head")):
        people.appoint(staff=staff(user), post=Post.objects.get(town=town, code=code), by=CONSOLE)
    version = drafted(town)
    waiver = asked(version, by=JUSTICE)
    for by, said in ((SIGNER, "没有“(不)?放行”的权限"), (CENTRE, "编制人不能放行"), (JUSTICE, "请求放行的人")):
        with pytest.raises(Refused, match=said):
            actions.waive(waiver=waiver, by=staff(by))
        with pytest.raises(Refused, match=said):
            actions.refuse_waiver(waiver=waiver, reason="请改", by=staff(by))
    assert stopped(version) != []


def test_a_refusal_has_its_reason_and_it_may_be_asked_for_again(town):
    version = drafted(town)
    waiver = asked(version)
    with pytest.raises(Refused, match="请写明为什么不放行"):
        actions.refuse_waiver(waiver=waiver, reason=" ", by=staff(JUSTICE))
    waiver = actions.refuse_waiver(waiver=waiver, reason="请写座机", by=staff(JUSTICE))
    assert stopped(version) != []
    with pytest.raises(Refused, match="已经办过了"):
        actions.waive(waiver=waiver, by=staff(JUSTICE))
    actions.waive(waiver=asked(version, reason="夜里座机没有人接"), by=staff(JUSTICE))
    assert stopped(version) == [] and list(check_waivers(town)) == []


def test_nothing_is_let_stand_that_was_changed_meanwhile(town):
    version = drafted(town)
    waiver = asked(version)
    edited(version, place="窗口")
    with pytest.raises(Refused, match="没有这一处"):
        actions.waive(waiver=waiver, by=staff(JUSTICE))


def test_the_database_wants_two_persons_no_writer_and_a_reason(town):
    version = drafted(town)
    row = rules.waived(version)
    for values in (
        {"proposed_by": staff(JUSTICE), "settled_by": staff(JUSTICE), "agreed": True},
        {"settled_by": staff(CENTRE), "agreed": True},
        {"why": ""},
        {"identity": row.identity},
        {"agreed": True},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            forged(version, **values)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE rulebook_waiver SET why = 'y' WHERE id = %s", [row.pk])
    assert Waiver.objects.count() == 1


@pytest.mark.parametrize(
    "change", [{"agreed": False, "reason": "不行"}, {"settled_by": SIGNER}, {"settled_at": "2026-01-01T00:00:00+08:00"}]
)
def test_what_was_changed_in_the_table_is_noticed(town, change):
    row = rules.waived(drafted(town))
    values = {name: staff(value) if name == "settled_by" else value for name, value in change.items()}
    Waiver.objects.filter(pk=row.pk).update(**values)
    assert len(list(check_waivers(town))) == 1


def test_a_row_without_its_event_and_an_event_without_its_row_are_noticed(town):
    version = drafted(town)
    row = forged(version)
    assert [found.row for found in check_waivers(town)] == [row.pk]
    said = {"identity": "2" * 32, "kind": "mobile", "part": "place x"}
    gone = common.event(version, "item.waiver_asked", actor(staff(CENTRE)), WHY, **said)
    assert [found.row for found in check_waivers(town)] == [row.pk, f"事件 {gone.pk}"]


def test_the_public_and_whoever_only_works_on_cases_see_none(town):
    rules.waived(drafted(town))
    assert not Waiver.objects.visible_to(Viewer(town)).exists()
    assert not Waiver.objects.visible_to(Viewer(town, powers=frozenset({"case.read"}))).exists()
    assert Waiver.objects.visible_to(Viewer(town, powers=frozenset({"item.approve"}))).exists()
