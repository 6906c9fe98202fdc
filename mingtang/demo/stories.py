"""News of the demo town: a story from what changed, one of which the source was corrected afterwards, a digest.

Whatever the sources say was made up for the demo; the figures of the digest are counted from its records.
"""

from collections.abc import Sequence

from django.utils import timezone

from mingtang.demo.documents import DRAFT, PUBLISHED, html_of, identity, walk
from mingtang.demo.life import people
from mingtang.disclosure import actions
from mingtang.disclosure.actions import Content, Metadata
from mingtang.disclosure.enums import Mark, Theme
from mingtang.disclosure.models import Document, Edition
from mingtang.disclosure.stories.claims import Typed, take
from mingtang.lib.tx import act
from mingtang.oversight import digest
from mingtang.people.models import Unit
from mingtang.towns.models import Jurisdiction

PARKING = (
    "story-parking",
    "关于赶集日停车的通告（演示）",
    ("赶集日，粮站前坪可以停车，有 40 个车位，不收费。", "从早上 5 点停到晚上 7 点。"),
    ("有 40 个车位", "有 60 个车位", "原来少数了后院的 20 个。"),
)
BUILT = "story-of-parking", "赶集有地方停车了（演示）"


def _draft(town: Jurisdiction, key: str, content: Content, **more) -> Edition:
    return actions.draft(
        town=town,
        metadata=Metadata(
            unit=Unit.objects.get(town=town, code="news"),
            generated_on=timezone.localdate(),
            identity=identity(key),
            **more,
        ),
        content=content,
        by=people()[0],
    )


def _told(town: Jurisdiction, key: str, title: str, typed: Sequence[Typed], **more) -> Edition:
    facts = more.pop("facts", {})
    return _draft(town, key, Content(title, "", facts=facts, claims=take(town, typed)), **more)


def _parking(town: Jurisdiction) -> None:
    """A notice, a story that cites it, and the correction of the notice: the story says so by itself."""
    key, title, body, (wrong, right, why) = PARKING
    year = timezone.localdate().year
    text = html_of(body, year)
    notice = _draft(town, key, Content(title, text), theme=Theme.SERVICE)
    walk(notice, PUBLISHED, *people())
    rule = Document.objects.get(town=town, identity=identity("rule-market"))
    address = f"/info/{notice.document.index_number}"
    story = _told(
        town,
        BUILT[0],
        BUILT[1],
        [
            Typed(Mark.NOTE, "赶集日街上的车一年比一年多，停车的地方这样安排。"),
            Typed(Mark.CLAIM, "粮站前坪可以停车，有 40 个车位，不收费。早上 5 点到晚上 7 点都能停。", address=address),
            Typed(Mark.CLAIM, "自产自销的到指定的地方摆摊，不收摊位费。", address=f"/info/{rule.index_number}"),
            Typed(Mark.QUOTE, "车停进坪里，街上就让给人走。", speaker="便民服务中心主任"),
        ],
        kind="story",
    )
    walk(story, PUBLISHED, *people())
    corrected = actions.new_edition(
        document=notice.document, content=Content(title, text.replace(wrong, right)), by=people()[0], note=why
    )
    walk(corrected, PUBLISHED, *people())


def _digest(town: Jurisdiction) -> None:
    """This month so far: the demo town has no earlier one."""
    first = timezone.localdate().replace(day=1)
    facts = {"fields": {"month": f"{first:%Y-%m}"}, "sheets": {}}
    typed = digest.compose(town, first)
    edition = _told(town, "digest", f"{digest.title_of(first)}（演示）", typed, kind="digest", facts=facts)
    walk(edition, PUBLISHED, *people())


def _reprint(town: Jurisdiction) -> None:
    """A draft: another site's text, with the way back to it."""
    on = timezone.localdate().isoformat()
    fields = {"from": "演示县人民政府网站", "address": "https://www.example.com/notice", "on": on}
    facts = {"fields": fields, "sheets": {}}
    content = Content("关于冬季用电安全的提示（转载，演示）", "<p>插座不要并着接。出门拔插头。</p>", facts=facts)
    walk(_draft(town, "reprint", content, kind="reprint"), DRAFT, *people())


def build_stories(town: Jurisdiction) -> None:
    """Each whole or not at all; one that stands is left alone."""
    for key, step in ((BUILT[0], _parking), ("digest", _digest), ("reprint", _reprint)):
        with act():
            if not Document.objects.filter(town=town, identity=identity(key)).exists():
                step(town)
