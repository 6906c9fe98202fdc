"""What most of the demo town's people asked for, and what it said: a task that is done, a reason."""

from datetime import timedelta

from django.utils import timezone

from mingtang.oversight import actions
from mingtang.oversight.models import Slot
from mingtang.oversight.sweep import sweep
from mingtang.people.models import Post, Staff
from mingtang.rulebook.models import Wanted
from mingtang.scrutiny import demand
from mingtang.scrutiny.models import Asked
from mingtang.towns.models import Jurisdiction

KEEPER = "qianfa"


def build_asked(town: Jurisdiction) -> None:
    """Decided by the office; a second run changes nothing."""
    if Asked.objects.filter(town=town).exists():
        return
    keeper = Staff.objects.get(username=KEEPER)
    keys = {row.text: f"search-{row.pk}" for row in Wanted.objects.filter(town=town)}
    due_on = timezone.localdate() + timedelta(days=20)

    def task(words: str, text: str, post: str) -> Asked:
        owner = Post.objects.get(town=town, code=post)
        return demand.give_task(town=town, key=keys[words], text=text, owner=owner, due_on=due_on, by=keeper)

    done = task("夜市摆摊卖烧烤", "夜市摆摊要办什么手续", "centre-head")
    demand.give_reason(
        town=town,
        key=keys["村口路灯不亮"],
        text="村里的路灯归谁修",
        reason="线路由供电所修，灯具由村里换，已经贴在各村公开栏（演示）。",
        by=keeper,
    )
    sweep(town=town)
    actions.answer(
        slot=Slot.objects.get(duty=done.duty),
        document=None,
        statement="要办的手续、摆在哪里、几点收摊，已经写成一张纸，窗口可以领（演示）。",
        by=Staff.objects.get(username="zhuren"),
    )
