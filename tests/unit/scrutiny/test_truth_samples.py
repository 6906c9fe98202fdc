"""真实性抽查: drawn by a lot anybody computes, seen by who has no part in it, told after the unit could answer."""

from datetime import date, datetime
from hashlib import sha256

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mingtang.events import vault
from mingtang.events.follow import settle
from mingtang.files.actions import content
from mingtang.lib.errors import Refused
from mingtang.oversight.models import Duty, Slot
from mingtang.oversight.sweep import sweep
from mingtang.people.models import Assignment, Post
from mingtang.scrutiny import rounds, samples
from mingtang.scrutiny.enums import SampleState
from mingtang.scrutiny.models import Sample
from mingtang.scrutiny.proved import check_rounds, check_samples
from mingtang.towns.viewer import Viewer
from tests.factories.cast import BUILD, CASHIER, CLERK_1, DISCIPLINE, EDITOR, LAND, POWER, SIGNER, staff
from tests.factories.duties import on, post
from tests.factories.samples import PICTURE, announced, drawn, judged, scan, three_public
from tests.integration.test_events_tampered import tamper

pytestmark = pytest.mark.django_db


@pytest.fixture
def march(town):
    Assignment.objects.update(valid_from=datetime.fromisoformat("2026-01-05T08:00:00+08:00"))
    with on(2026, 3, 2) as traveller:
        three_public(town)
        yield traveller


def test_the_pool_is_told_first_and_the_lot_follows_from_the_log(town, march):
    row = announced(town)
    assert [cells[0] for cells in row.pool] == ["figure"] * 4 + ["row"] * 2
    assert row.pool[1][3:] == ["《2025年三公经费（测试）》", "公务用车辆数：3辆"]
    assert row.pool[4][3:] == [
        "《2025年三公经费（测试）》“三公经费表”第 1 行",
        "项目：公务接待费；上年决算数：12,000元；预算数：10,000元；实际支出：8,600元",
    ]
    with pytest.raises(Refused, match="检查点"):
        rounds.draw(round=row, by=staff(DISCIPLINE))
    settle()
    with pytest.raises(Refused, match="不能自己抽"):
        rounds.draw(round=row, by=staff(SIGNER))
    with pytest.raises(Refused, match="没有这个权限"):
        rounds.draw(round=row, by=staff(EDITOR))
    row = rounds.draw(round=row, by=staff(DISCIPLINE))
    # By hand, as the public page says it.
    marks = {n: sha256(f"{row.root}:{row.number}:{n}".encode()).hexdigest() for n in range(1, 7)}
    assert row.picked == sorted(marks, key=marks.get)[:2]
    assert [[one.spot, one.text] for one in row.samples.all()] == [row.pool[n - 1][3:] for n in row.picked]
    with pytest.raises(Refused, match="只抽一次"):
        rounds.draw(round=row, by=staff(DISCIPLINE))
    with pytest.raises(Refused, match="只有 6 条"):
        announced(town, wanted=6)
    with pytest.raises(Refused, match="没有这个权限"):
        rounds.announce(
            town=town, kinds=["fee"], from_on=date(2026, 1, 1), to_on=date(2026, 3, 2), wanted=1, by=staff(EDITOR)
        )
    with pytest.raises(Refused, match="还没有到"):
        rounds.announce(
            town=town, kinds=["fee"], from_on=date(2026, 1, 1), to_on=date(2199, 3, 2), wanted=1, by=staff(SIGNER)
        )


def test_fees_promises_and_lists_are_statements_too(town, march):
    kinds = {cells[0] for cells in announced(town, kinds=("fee", "promise", "row")).pool}
    assert {"promise", "row"} <= kinds


def test_who_has_a_part_in_it_does_not_look(town, march):
    sample = drawn(town).samples.get(place=1)

    def refused(username, match):
        with pytest.raises(Refused, match=match):
            samples.assign(sample=sample, inspector=staff(username), by=staff(DISCIPLINE))

    refused(CASHIER, "在财政所任职")
    refused(EDITOR, "经手过")
    refused(SIGNER, "经手过")
    refused(POWER, "没有镇里的岗位")
    with pytest.raises(Refused, match="不能指定核对人"):
        samples.assign(sample=sample, inspector=staff(LAND), by=staff(EDITOR))
    samples.assign(sample=sample, inspector=staff(LAND), by=staff(DISCIPLINE))
    # Who moves to the unit meanwhile looks no more.
    Assignment.objects.filter(staff=staff(LAND)).update(post=Post.objects.get(code="cashier"))
    with pytest.raises(Refused, match="在财政所任职"):
        judged_by(sample, LAND)
    with pytest.raises(Refused, match="指定的核对人"):
        judged_by(sample, BUILD)


def judged_by(sample, username, **changes):
    given = {"verdict": "matches", "record": "2025年12月第45号凭证", "found": "账上是3辆。", "scan": scan()}
    given |= {"seen_on": timezone.localdate()} | changes
    return samples.judge(sample=sample, by=staff(username), **given)


def test_what_was_seen_is_named_pictured_and_kept_inside(town, march):
    sample = drawn(town).samples.get(place=1)
    samples.assign(sample=sample, inspector=staff(LAND), by=staff(DISCIPLINE))
    for changes, match in (
        ({"scan": None}, "照片"),
        ({"record": ""}, "原始记录"),
        ({"found": ""}, "原始记录怎么写"),
        ({"verdict": "perhaps"}, "请选择"),
        ({"seen_on": date(2026, 3, 1)}, "核对日期"),
        ({"seen_on": date(2026, 3, 3)}, "核对日期"),
        ({"found": "电话13912345678"}, "."),
    ):
        with pytest.raises(Refused, match=match):
            judged_by(sample, LAND, **changes)
    sample = judged_by(sample, LAND)
    assert sample.file.sealed and PICTURE not in sample.file.path.read_bytes()
    assert content(sample.file, seal_key=vault.key_bytes(sample.key)) == ("账本.png", PICTURE)
    with pytest.raises(Refused, match="自己核对的"):
        Assignment.objects.filter(staff=staff(LAND)).update(post=Post.objects.get(code="discipline-head"))
        samples.show(sample=sample, owner=None, due_on=None, by=staff(LAND))


def test_a_good_result_is_told_at_once_a_bad_one_after_the_unit_was_heard(town, march):
    good, bad = drawn(town).samples.all()
    shown = samples.show(sample=judged(good), owner=None, due_on=None, by=staff(DISCIPLINE))
    assert shown.state == SampleState.SHOWN and shown.duty is None
    bad = judged(bad, "differs")
    # Five working days from Monday the second.
    assert bad.heard_until == date(2026, 3, 9)
    mend = {"owner": post("cashier"), "due_on": date(2026, 3, 31)}
    with pytest.raises(Refused, match="可以说明到2026年03月09日"):
        samples.show(sample=bad, **mend, by=staff(DISCIPLINE))
    with pytest.raises(Refused, match="由公开的单位来写"):
        samples.reply(sample=bad, text="看错了。", by=staff(CLERK_1))
    late = bad.pk
    bad = samples.reply(sample=bad, text="另一辆还没有过户。", by=staff(CASHIER))
    bad = samples.send_back(sample=bad, reason="请看过户的日期。", by=staff(DISCIPLINE))
    bad = judged_by(bad, LAND, verdict="differs", found="过户是2026年1月的事。")
    assert (bad.state, bad.reply, bad.replied_by) == ("judged", "", None), "the unit is heard again"
    march.move_to(datetime.fromisoformat("2026-03-10T09:00:00+08:00"))
    with pytest.raises(Refused, match="期限到2026年03月09日为止"):
        samples.reply(sample=bad, text="又来说。", by=staff(CASHIER))
    with pytest.raises(Refused, match="哪个岗位改正"):
        samples.show(sample=bad, owner=None, due_on=None, by=staff(DISCIPLINE))
    with pytest.raises(Refused, match="不能早于今天"):
        samples.show(sample=bad, owner=post("cashier"), due_on=date(2026, 3, 9), by=staff(DISCIPLINE))
    assert Sample.objects.get(pk=late).state == "judged" and not Duty.objects.filter(source="sample").exists()
    samples.show(sample=bad, **mend, by=staff(DISCIPLINE))
    sweep(town=town)
    slot = Slot.objects.get(duty__source="sample")
    assert (slot.due_on, slot.duty.owner.code) == (date(2026, 3, 31), "cashier")
    assert "改正：《2025年三公经费" in slot.duty.name and "第 2 条" in slot.duty.basis


def test_only_what_was_told_is_seen_outside(town, march):
    first, second = drawn(town).samples.all()
    judged(first, "differs")
    samples.show(sample=judged(second), owner=None, due_on=None, by=staff(DISCIPLINE))
    seen = {
        None: {2},
        CLERK_1: {2},
        LAND: {1, 2},
        CASHIER: {1, 2},
    }
    for username, places in seen.items():
        viewer = Viewer(town, staff(username).pk if username else None)
        assert set(Sample.objects.visible_to(viewer).values_list("place", flat=True)) == places, username
    power = Viewer(town, staff(POWER).pk, frozenset({"tenant.keep"}), frozenset({post("power-service").unit_id}))
    assert not Sample.objects.visible_to(power).exists()


def test_verify_names_a_changed_round_and_a_changed_sample(town, march):
    row = drawn(town)
    first, second = row.samples.all()
    samples.show(sample=judged(first), owner=None, due_on=None, by=staff(DISCIPLINE))
    settle()
    assert not list(check_rounds(town)) and not list(check_samples(town))
    for table, change, pk, checks in (
        ("scrutiny_sampleround", "picked = '[6, 6]'", row.pk, check_rounds),
        ("scrutiny_sampleround", f"root = '{'ab' * 32}'", row.pk, check_rounds),
        ("scrutiny_sampleround", "pool = '[]'", row.pk, check_rounds),
        ("scrutiny_sample", "text = '公务用车辆数：2辆'", second.pk, check_rounds),
        ("scrutiny_sample", "found = '账上写的是2辆。'", first.pk, check_samples),
        ("scrutiny_sample", "record = '别的凭证'", first.pk, check_samples),
        ("scrutiny_sample", "seen_on = '2026-03-01'", first.pk, check_samples),
        ("scrutiny_sample", f"inspector_id = {staff(BUILD).pk}", first.pk, check_samples),
        ("scrutiny_sample", f"shown_by_id = {staff(SIGNER).pk}", first.pk, check_samples),
    ):
        with transaction.atomic():
            tamper(table, change, pk)
            assert list(checks(town)), change
            transaction.set_rollback(True)
    with pytest.raises(IntegrityError, match="wrong_leaves_a_duty"):
        tamper("scrutiny_sample", "verdict = 'differs'", first.pk)
