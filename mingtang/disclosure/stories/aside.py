"""A change of which no story is written: set aside with a word, by somebody who could have written it."""

from django.db import IntegrityError

from mingtang.disclosure.models import SetAside
from mingtang.events import types
from mingtang.events.log import record
from mingtang.events.models import Event
from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_may

ASIDE = types.define("story.set_aside", "这件变动不写新闻")


def set_aside(*, about: Event, reason: str, by: Staff) -> SetAside:
    """Take a change from the list of what changed. What it was stays in the log."""
    check_may(by, Permission.DOCUMENT_DRAFT, about.town)
    reason = clear_text(reason, "请写一句为什么不写。", "reason", town=by.town_id)
    with act():
        event = record(
            town=about.town, type=ASIDE, subject=about.subject, by=actor(by), reason=reason, data={"about": about.pk}
        )
        try:
            with act():
                return SetAside.objects.create(town=about.town, about=about, reason=reason, by=by, event=event)
        except IntegrityError as error:
            raise Refused("这一件已经放下了。请刷新后再看。") from error
