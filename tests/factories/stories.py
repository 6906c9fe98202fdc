"""Stories by the real actions."""

from collections.abc import Sequence

from mingtang.disclosure import actions
from mingtang.disclosure.actions import Content
from mingtang.disclosure.enums import Mark
from mingtang.disclosure.models import Document, Edition
from mingtang.disclosure.stories.aside import set_aside
from mingtang.disclosure.stories.claims import Typed, take
from mingtang.towns.models import Jurisdiction
from tests.factories import acts
from tests.factories.cast import EDITOR, staff

TITLE = "赶集停车有了新地方"
NOTE = Typed(Mark.NOTE, "下面写的，都从公开的文件里来。")


def content(town: Jurisdiction, typed: Sequence[Typed], title: str = TITLE) -> Content:
    return Content(title, "", claims=take(town, typed))


def drafted(town: Jurisdiction, *typed: Typed, title: str = TITLE) -> Edition:
    about = acts.metadata(town, kind="story")
    return actions.draft(town=town, metadata=about, content=content(town, typed, title), by=staff(EDITOR))


def published(town: Jurisdiction, *typed: Typed, title: str = TITLE) -> Edition:
    return acts.publish_draft(drafted(town, *typed, title=title))


def claim_of(document: Document, text: str) -> Typed:
    """A paragraph taken from the page of a document."""
    return Typed(Mark.CLAIM, text, address=f"/info/{document.index_number}")


def with_one_aside(town: Jurisdiction) -> None:
    """A draft that tells of a document, and another change set aside."""
    first, second = Document.objects.filter(town=town).published().select_related("current__published_event__town")[:2]
    drafted(town, claim_of(first, "公开了一份文件。"))
    set_aside(about=second.current.published_event, reason="大家都知道。", by=staff(EDITOR))
