"""The power list: nothing enters, changes or is kept without what the law and the plan ask."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.people.models import Post, Unit
from mingtang.rulebook.models import Campaign, Item, Power, PowerDecision
from mingtang.rulebook.powers import actions, cleanup
from mingtang.rulebook.powers.actions import DutyText, PowerText
from mingtang.rulebook.powers.enums import DecisionState, DutyKind, PlanClass, PowerKind, PowerStatus, Verdict
from tests.factories.cast import BUILD, CENTRE, CLERK_1, FOREST, JUSTICE, LAND, SIGNER, staff

pytestmark = pytest.mark.django_db
MINUTES = "纪〔2026〕9号"


def text(town, **changes) -> PowerText:
    values = {
        "name": "采伐许可",
        "type": PowerKind.LICENCE,
        "plan_class": PlanClass.LICENCE,
        "unit": Unit.objects.get(town=town, code="forestry"),
        "basis": (("森林法", "第五十七条"),),
        "scope": "自留山的林木",
        "place": "全镇",
        "duties": (DutyText("duty", "两人到场核查"), DutyText("blame", "超过时限")),
    }
    return PowerText(**{**values, **changes})


def listed(town, code="WY-1", **changes) -> Power:
    return actions.list_power(
        town=town, code=code, text=text(town, **changes), minutes_number=MINUTES, by=staff(CENTRE)
    )


@pytest.fixture
def campaign(town):
    today = timezone.localdate()
    return cleanup.open_campaign(
        town=town,
        title="全面清理",
        minutes_number=MINUTES,
        from_on=today,
        to_on=today + timedelta(days=60),
        by=staff(CENTRE),
    )


def proposed(campaign, power, verdict=Verdict.KEEP, **changes) -> PowerDecision:
    values = {"campaign": campaign, "power": power, "verdict": verdict, "reason": "群众用得多。", "by": staff(CENTRE)}
    return cleanup.propose(**{**values, **changes})


def settled(campaign, power, verdict=Verdict.KEEP, **changes) -> PowerDecision:
    decision = cleanup.review(decision=proposed(campaign, power, verdict, **changes), by=staff(JUSTICE))
    return cleanup.settle(decision=decision, minutes_number=MINUTES, by=staff(SIGNER))


def test_a_listed_power_keeps_basis_and_responsibilities_and_leaves_a_public_event(town):
    power = listed(town)
    assert [str(row) for row in power.basis.all()] == ["《森林法》第五十七条"]
    assert [(row.kind, row.text) for row in power.duties.all()] == [("blame", "超过时限"), ("duty", "两人到场核查")]
    assert Event.objects.filter(type="power.listed", subject="power:WY-1").count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"basis": ()}, "要有依据"),
        ({"basis": (("森林法", " "),)}, "缺一不可"),
        ({"basis": (("森林法", "一"), ("森林法", "一"))}, "两遍"),
        ({"type": PowerKind.PENALTY}, "要一致"),
        ({"type": "99", "plan_class": PlanClass.OTHER}, "权力类型"),
        ({"name": ""}, "名称"),
        ({"name": "长" * 121}, "名称"),
        ({"scope": ""}, "管什么"),
        ({"duties": (DutyText("x", "写了"),)}, "责任要选"),
        ({"duties": (DutyText(DutyKind.DUTY, "推动乡村振新"),)}, "固定的写法是“乡村振兴”"),
        ({"plan_class": PlanClass.NON_LICENCE, "type": PowerKind.OTHER}, "已经取消"),
    ],
)
def test_a_power_that_lacks_something_is_refused_whole(town, changes, said):
    with pytest.raises(Refused, match=said):
        listed(town, **changes)
    assert not Power.objects.exists()


@pytest.mark.parametrize("code", ["cleanup", "a", "有1", "x/1", "a b1", "1" * 41])
def test_a_code_has_a_figure_and_no_strange_sign(town, code):
    with pytest.raises(Refused, match="权力编码"):
        listed(town, code=code)


def test_a_power_needs_minutes_the_right_to_edit_and_a_code_of_its_own(town):
    with pytest.raises(Refused, match="会议纪要"):
        actions.list_power(town=town, code="WY-1", text=text(town), minutes_number=" ", by=staff(CENTRE))
    with pytest.raises(Refused, match="身份证"):
        actions.list_power(
            town=town, code="WY-1", text=text(town), minutes_number="430623195603080012", by=staff(CENTRE)
        )
    with pytest.raises(Refused, match="权限"):
        actions.list_power(town=town, code="WY-1", text=text(town), minutes_number=MINUTES, by=staff(CLERK_1))
    listed(town)
    with pytest.raises(Refused, match="已经用过"):
        listed(town)


def test_a_post_of_another_unit_or_a_dissolved_unit_is_refused(town):
    with pytest.raises(Refused, match="不在林业站"):
        listed(town, post=Post.objects.get(code="land-review"))
    Unit.objects.filter(code="forestry").update(dissolved_on="2026-01-01")
    with pytest.raises(Refused, match="已经撤销"):
        listed(town)


def test_nothing_of_another_town_is_taken(town, other_town):
    unit = Unit.objects.create(town=other_town, code="x", name="北洲办公室", kind="office")
    with pytest.raises(Refused, match="本镇"):
        listed(town, unit=unit)
    item = Item.objects.create(town=other_town, code="BZ-001")
    with pytest.raises(Refused, match="本镇"):
        actions.link_items(power=listed(town), items=[item], by=staff(CENTRE))


def test_a_verdict_goes_from_the_unit_over_another_person_to_the_group(town, campaign):
    power = listed(town)
    decision = proposed(campaign, power, by=staff(FOREST))
    with pytest.raises(Refused, match="不能登记集体决定"):
        cleanup.settle(decision=decision, minutes_number=MINUTES, by=staff(SIGNER))
    with pytest.raises(Refused, match="权限"):
        cleanup.review(decision=decision, by=staff(FOREST))
    decision = cleanup.review(decision=decision, by=staff(JUSTICE))
    with pytest.raises(Refused, match="会议纪要"):
        cleanup.settle(decision=decision, minutes_number="", by=staff(SIGNER))
    decision = cleanup.settle(decision=decision, minutes_number=MINUTES, by=staff(SIGNER))
    assert decision.state == DecisionState.SETTLED
    types = Event.objects.filter(subject="power:WY-1").order_by("pk").values_list("type", flat=True)
    assert list(types) == ["power.listed", "cleanup.proposed", "cleanup.reviewed", "cleanup.settled"]


def test_only_the_holder_or_the_editor_proposes(town, campaign):
    with pytest.raises(Refused, match="归林业站"):
        proposed(campaign, listed(town), by=staff(LAND))


def test_who_proposed_does_not_review(town, campaign):
    post = Post.objects.get(code="forest-check")
    post.roles = ["justice"]
    post.save()
    decision = proposed(campaign, listed(town), by=staff(FOREST))
    with pytest.raises(Refused, match="不能审核自己"):
        cleanup.review(decision=decision, by=staff(FOREST))


def test_who_proposed_or_reviewed_does_not_enter_the_decision_either(town, campaign):
    every = ["centre_head", "justice", "office_head"]
    Post.objects.filter(code__in=["justice-head", "centre-head"]).update(roles=every)
    decision = cleanup.review(decision=proposed(campaign, listed(town)), by=staff(JUSTICE))
    for one in (CENTRE, JUSTICE):
        with pytest.raises(Refused, match="三个人"):
            cleanup.settle(decision=decision, minutes_number=MINUTES, by=staff(one))
        values = {"settled_by": staff(one), "settled_at": timezone.now(), "minutes_number": MINUTES, "state": "settled"}
        with pytest.raises(IntegrityError), transaction.atomic():
            PowerDecision.objects.update(**values)


def test_one_meeting_settles_all_it_decided_or_none(town, campaign):
    ready = cleanup.review(decision=proposed(campaign, listed(town, "WY-1")), by=staff(JUSTICE))
    not_yet = proposed(campaign, listed(town, "WY-2", name="运输许可"))
    with pytest.raises(Refused, match=r"“运输许可”.*一项都没有登记"):
        cleanup.settle_all(decisions=[ready, not_yet], minutes_number=MINUTES, by=staff(SIGNER))
    ready.refresh_from_db()
    assert ready.state == DecisionState.REVIEWED
    with pytest.raises(Refused, match="先勾选"):
        cleanup.settle_all(decisions=[], minutes_number=MINUTES, by=staff(SIGNER))
    cleanup.review(decision=not_yet, by=staff(JUSTICE))
    both = cleanup.settle_all(decisions=[ready, not_yet], minutes_number=MINUTES, by=staff(SIGNER))
    assert [row.state for row in both] == [DecisionState.SETTLED] * 2


def test_a_change_changes_something(town, campaign):
    power = listed(town)
    decision = settled(campaign, power, Verdict.CHANGE, change_note="改名。")
    assert actions.text_of(power) == text(town)
    with pytest.raises(Refused, match="没有调整"):
        actions.revise_power(decision=decision, text=text(town), by=staff(CENTRE))


def test_a_returned_verdict_says_why_and_is_proposed_again(town, campaign):
    power = listed(town)
    decision = cleanup.review(decision=proposed(campaign, power), by=staff(JUSTICE))
    returned = cleanup.send_back(decision=decision, by=staff(JUSTICE), reason="没有写清楚")
    assert (returned.state, returned.reviewed_by) == (DecisionState.RETURNED, None)
    again = proposed(campaign, power, Verdict.CANCEL)
    assert (again.pk, again.state, again.returned_reason) == (decision.pk, DecisionState.PROPOSED, "")


def test_a_cancelled_power_ends_and_takes_no_items(town, campaign):
    power = listed(town)
    settled(campaign, power, Verdict.CANCEL)
    power.refresh_from_db()
    assert (power.status, power.ended_on) == (PowerStatus.CANCELLED, timezone.localdate())
    with pytest.raises(Refused, match="已取消"):
        actions.link_items(power=power, items=[], by=staff(CENTRE))


@pytest.mark.parametrize(
    ("verdict", "changes", "said"),
    [
        (Verdict.CHANGE, {}, "怎样调整"),
        (Verdict.HAND_UP, {}, "上交给"),
        (Verdict.KEEP, {"change_note": "改"}, "只有选“调整”"),
        (Verdict.KEEP, {"handed_to": "县里"}, "只有选“上交”"),
        (Verdict.KEEP, {"reason": " "}, "写明理由"),
        (Verdict.KEEP, {"reason": "长" * 301}, "最多 300"),
        ("drop", {}, "只能是"),
    ],
)
def test_a_verdict_says_what_it_must(town, campaign, verdict, changes, said):
    with pytest.raises(Refused, match=said):
        proposed(campaign, listed(town), verdict, **changes)


def test_a_decided_change_is_carried_out_once(town, campaign):
    power = listed(town)
    with pytest.raises(Refused, match="不是“调整”"):
        actions.revise_power(decision=settled(campaign, power), text=text(town), by=staff(CENTRE))
    other = listed(town, "WY-2")
    decision = settled(campaign, other, Verdict.CHANGE, change_note="改名。")
    assert actions.settled_change(other) == decision
    with pytest.raises(Refused, match="没有改好"):
        cleanup.close_campaign(campaign=campaign, by=staff(CENTRE))
    actions.revise_power(decision=decision, text=text(town, name="采伐许可（改）"), by=staff(CENTRE))
    other.refresh_from_db()
    assert other.name == "采伐许可（改）"
    assert actions.settled_change(other) is None
    with pytest.raises(Refused, match="已经完成过"):
        actions.revise_power(decision=decision, text=text(town), by=staff(CENTRE))


def test_the_abolished_class_is_never_kept_and_must_end_at_zero(town, campaign):
    power = listed(town, plan_class=PlanClass.NON_LICENCE, type=PowerKind.OTHER)
    with pytest.raises(Refused, match="不能保留"):
        proposed(campaign, power)
    decision = settled(campaign, power, Verdict.CHANGE, change_note="改为内部管理。")
    assert [row.code for row in cleanup.non_licence(town)] == ["WY-1"]
    with pytest.raises(Refused, match="要清零"):
        cleanup.close_campaign(campaign=campaign, by=staff(CENTRE))
    stays = text(town, plan_class=PlanClass.NON_LICENCE, type=PowerKind.OTHER)
    with pytest.raises(Refused, match="不能还是"):
        actions.revise_power(decision=decision, text=stays, by=staff(CENTRE))
    internal = text(town, plan_class=PlanClass.INTERNAL, type=PowerKind.OTHER)
    actions.revise_power(decision=decision, text=internal, by=staff(CENTRE))
    closed = cleanup.close_campaign(campaign=campaign, by=staff(CENTRE))
    assert not closed.is_open
    assert cleanup.non_licence(town) == []


def test_a_campaign_counts_every_power_once_and_closes_only_when_none_is_left(town, campaign):
    settled(campaign, listed(town, "WY-1"))
    settled(campaign, listed(town, "WY-2"), Verdict.CANCEL)
    waiting = listed(town, "WY-3", unit=Unit.objects.get(code="construction"))
    found = cleanup.tally(campaign, timezone.localdate())
    assert found.total == 3
    assert found.by_verdict == {"keep": 1, "change": 0, "cancel": 1, "hand_up": 0}
    assert [(row.unit.code, row.total, row.undecided) for row in found.units] == [
        ("construction", 1, 1),
        ("forestry", 2, 0),
    ]
    (left,) = found.undecided
    assert (left.power, left.state, left.owner, left.days_left) == (
        waiting,
        "还没有提出意见",
        "村镇建设办公室提出意见",
        60,
    )
    with pytest.raises(Refused, match="还有 1 项"):
        cleanup.close_campaign(campaign=campaign, by=staff(CENTRE))
    decision = proposed(campaign, waiting, by=staff(BUILD))
    assert cleanup.tally(campaign, timezone.localdate()).undecided[0].owner == "司法所审核"
    cleanup.review(decision=decision, by=staff(JUSTICE))
    assert cleanup.tally(campaign, timezone.localdate()).undecided[0].owner == "领导小组集体决定"
    cleanup.settle(decision=decision, minutes_number=MINUTES, by=staff(SIGNER))
    campaign = cleanup.close_campaign(campaign=campaign, by=staff(CENTRE))
    listed(town, "WY-4")
    assert cleanup.tally(campaign, timezone.localdate()).total == 3, "what came later is not of this clean-up"
    with pytest.raises(Refused, match="已经结束"):
        proposed(campaign, waiting)


def test_one_campaign_runs_at_a_time_and_the_last_one_is_shown(town, campaign):
    today = timezone.localdate()
    with pytest.raises(Refused, match="还没有结束"):
        cleanup.open_campaign(
            town=town, title="再来", minutes_number=MINUTES, from_on=today, to_on=today + timedelta(1), by=staff(CENTRE)
        )
    assert cleanup.latest(town) == campaign
    cleanup.close_campaign(campaign=campaign, by=staff(CENTRE))
    assert cleanup.latest(town) == campaign


def _database_refuses(change) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        change()


def test_the_database_holds_the_pairs_by_itself(town, campaign):
    decision = proposed(campaign, listed(town))
    rows, now = PowerDecision.objects.filter(pk=decision.pk), timezone.now()
    justice = staff(JUSTICE)
    _database_refuses(lambda: rows.update(reviewed_by=justice))
    _database_refuses(lambda: rows.update(state="reviewed"))
    _database_refuses(lambda: rows.update(reviewed_by=decision.proposed_by, reviewed_at=now, state="reviewed"))
    _database_refuses(lambda: rows.update(reviewed_by=justice, reviewed_at=now, state="settled"))
    _database_refuses(lambda: rows.update(plan_class="non_licence"))
    _database_refuses(lambda: rows.update(verdict="change"))
    _database_refuses(lambda: rows.update(verdict="hand_up"))
    _database_refuses(lambda: rows.update(state="returned"))
    _database_refuses(lambda: rows.update(carried_out_at=now))
    _database_refuses(lambda: Power.objects.update(status="cancelled"))
    _database_refuses(lambda: Power.objects.update(type="02"))
    _database_refuses(lambda: Power.objects.update(minutes_number=""))
    _database_refuses(lambda: Campaign.objects.update(closed_at=now))
    again = {"number": "2", "title": "x", "minutes_number": "x", "from_on": "2026-01-01", "to_on": "2026-02-01"}
    _database_refuses(lambda: Campaign.objects.create(town=town, opened_by=justice, **again))


def test_a_settled_decision_is_frozen(town, campaign):
    decision = settled(campaign, listed(town))
    for column, value in (("verdict", "cancel"), ("reason", "改"), ("minutes_number", "改")):
        with (
            pytest.raises(DatabaseError, match=r"frozen|append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE rulebook_powerdecision SET {column} = %s WHERE id = %s", (value, decision.pk))
