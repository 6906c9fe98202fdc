"""What people of the demo town looked for in vain in the last weeks, and what it answered."""

from datetime import timedelta

from django.utils import timezone

from mingtang.people.models import Staff, Unit
from mingtang.rulebook import wanted
from mingtang.rulebook.models import Item, Wanted
from mingtang.towns.models import Jurisdiction

# Words, and how many asked on each of the last days.
SAID = {
    "夜市摆摊卖烧烤": (1, 3, 0, 2, 4, 2),
    "办护照": (2, 0, 1, 3, 1, 1),
    "村口路灯不亮": (0, 1, 1, 2, 0, 1),
    "屋场重做": (1, 0, 2, 0, 1, 0),
    "火星移民": (0, 0, 1, 0, 0, 0),
}


def build_wanted(town: Jurisdiction) -> None:
    """Counts by day; three sayings are answered, two wait."""
    if Wanted.objects.filter(town=town).exists():
        return
    today = timezone.localdate()
    for text, days in SAID.items():
        for ago, times in enumerate(days):
            wanted.add(town=town, counted={text: times}, day=today - timedelta(days=ago))
    head = Staff.objects.get(town=town, username="zhuren")

    def said(text: str) -> Wanted:
        return Wanted.objects.get(town=town, text=text)

    wanted.decline(
        wanted=said("办护照"), note="护照由县公安局出入境窗口办，镇里不办。电话 0730-5550110（演示）。", by=head
    )
    wanted.pass_on(
        wanted=said("村口路灯不亮"),
        unit=Unit.objects.get(town=town, code="power"),
        note="请查是线路还是灯具，线路由供电所修，灯具告诉村里换。",
        by=head,
    )
    wanted.link(wanted=said("屋场重做"), item=Item.objects.get(town=town, code="JF-001"), by=head)
