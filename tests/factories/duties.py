"""A town whose catalogue was opened in July 2026, and papers that fill it."""

from datetime import date, datetime

import time_machine
from django.utils import timezone

from mingtang.disclosure import actions as documents
from mingtang.disclosure import columns
from mingtang.disclosure.models import Document
from mingtang.events.log import CONSOLE
from mingtang.oversight.actions import Terms
from mingtang.oversight.sweep import sweep
from mingtang.people.models import Assignment, Post
from mingtang.towns.models import Jurisdiction
from tests.factories import acts
from tests.factories.cast import EDITOR, REVIEWER, SIGNER, staff


def on(year: int, month: int, day: int) -> time_machine.travel:
    """Nine in the morning of a day in the town."""
    return time_machine.travel(datetime.fromisoformat(f"{year}-{month:02d}-{day:02d}T09:00:00+08:00"), tick=False)


def post(code: str) -> Post:
    return Post.objects.get(code=code)


def open_catalogue(town: Jurisdiction) -> Jurisdiction:
    """On 2 July 2026, a Thursday, by people who had long held their posts."""
    Assignment.objects.update(valid_from=datetime.fromisoformat("2026-01-05T08:00:00+08:00"))
    with on(2026, 7, 2):
        columns.open_all(town=town, owner=post("office-head"), by=CONSOLE)
        sweep(town=town)
    return town


def publish(town: Jurisdiction, title: str, *codes: str, generated: date | None = None) -> Document:
    """Drafted today, filed, and published by three people."""
    author = staff(EDITOR)
    edition = documents.draft(
        town=town,
        metadata=acts.metadata(town, generated_on=generated or timezone.localdate()),
        content=acts.content(title),
        by=author,
        columns=codes,
    )
    documents.submit(edition=edition, by=author)
    acts.passed(edition, staff(REVIEWER))
    documents.sign(edition=edition, by=staff(SIGNER))
    return documents.publish(edition=edition, by=staff(SIGNER)).document


def terms(**changes) -> Terms:
    """A promise of the social office, due each quarter by its last day."""
    values = {
        "name": "每季度检查一次政务公开",
        "source": "promise",
        "basis": "镇政府公开承诺",
        "owner": post("social-check"),
        "trigger": "quarter",
    }
    return Terms(**{**values, **changes})
