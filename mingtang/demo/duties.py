"""What the demo town owes beside its columns: by law and by promise; some kept, one put off, some empty."""

from datetime import timedelta

from django.utils import timezone

from mingtang.oversight import actions, digest, lawful
from mingtang.oversight.actions import Terms
from mingtang.oversight.enums import Source, Trigger
from mingtang.oversight.models import Duty, Slot
from mingtang.oversight.sweep import sweep
from mingtang.people.models import Post, Staff
from mingtang.towns.models import Jurisdiction

KEEPER = "qianfa"
# Who agrees to what the keeper asks the town to take over, and what nobody has taken over yet.
WATCHER = "jiwei"
LEFT_OPEN = ("training", "assessment")
# How many asked for each of the empty slots that wait longest.
NUDGES = (6, 3, 1)


def build_duties(town: Jurisdiction) -> None:
    """Laid down by the office, answered by the posts; a second run changes nothing."""
    if Duty.objects.filter(town=town, code__startswith="own-").exists():
        return
    keeper = Staff.objects.get(username=KEEPER)
    owners = {code: post for code, post in lawful.usual(town).items() if code not in LEFT_OPEN}
    takeover = lawful.propose(town=town, owners=owners, by=keeper)
    lawful.agree(takeover=takeover, by=Staff.objects.get(username=WATCHER))
    for terms in _terms(town):
        actions.open_duty(town=town, terms=terms, by=keeper)
    sweep(town=town)
    own = {slot.duty.name: slot for slot in Slot.objects.filter(town=town, duty__code__startswith="own-")}
    actions.answer(
        slot=own["窗口工作人员每月学习一次办事规定"],
        document=None,
        statement="本月学习了一次性告知的规定，窗口人员都到了（演示）。",
        by=Staff.objects.get(username="zhuren"),
    )
    moved = own["把办事指南印成册子，送到各村"]
    actions.move_due(
        slot=moved, day=moved.due_on + timedelta(days=20), reason="等县里核完收费标准（演示）。", by=keeper
    )
    actions.excuse(slot=own["检查各村公开栏"], reason="本期已经和季度检查一起做，不再单独检查（演示）。", by=keeper)
    late = Slot.objects.filter(town=town, due_on__lt=timezone.localdate()).waiting().order_by("due_on", "pk")
    for slot, times in zip(late[: len(NUDGES)], NUDGES, strict=False):
        for _ in range(times):
            actions.nudge(slot=slot)


def _terms(town: Jurisdiction) -> list[Terms]:
    posts = {post.code: post for post in Post.objects.filter(town=town)}
    promise = "万庾镇政务公开工作要点（演示）"
    return [
        Terms(
            name="窗口工作人员每月学习一次办事规定",
            source=Source.PROMISE,
            basis=promise,
            owner=posts["centre-head"],
            trigger=Trigger.MONTH,
        ),
        Terms(
            name="把办事指南印成册子，送到各村",
            source=Source.PROMISE,
            basis=promise,
            owner=posts["centre-head"],
            trigger=Trigger.ONCE,
            due_on=timezone.localdate() + timedelta(days=25),
        ),
        Terms(source=Source.PROMISE, basis=promise, owner=posts["news-editor"], **digest.TERMS),
        Terms(
            name="检查各村公开栏",
            source=Source.PROMISE,
            basis=promise,
            owner=posts["discipline-head"],
            trigger=Trigger.QUARTER,
        ),
    ]
