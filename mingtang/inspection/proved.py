"""What `mingtang verify` compares of a town: its marks and the style of its index numbers with their last events."""

from collections.abc import Iterator

from mingtang.disclosure import numbers
from mingtang.events.models import Event
from mingtang.inspection import marks
from mingtang.ledger.frozen import Finding, told
from mingtang.towns.models import Jurisdiction

TABLE = "towns_jurisdiction"


def check_town(town: Jurisdiction) -> Iterator[Finding]:
    """As set up, until somebody changed them by an act; then as the last act left them."""
    events = Event.objects.filter(town=town, subject=f"town:{town.code}").order_by("pk")
    marked = events.filter(type=marks.MARKED).last()
    if marked and any(marked.data[name] != value for name, value in marks.facts(town).items()):
        yield Finding(TABLE, town.pk, "网站标识和事件里登记的不一样")
    styled = events.filter(type=numbers.STYLED).last()
    if styled and styled.data["template"] != town.index_template:
        yield Finding(TABLE, town.pk, "索引号格式和事件里选的不一样")


told("网站标识", check_town)
