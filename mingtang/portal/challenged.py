"""What may be challenged: a published fee, promise or line, found by its address; the link and the count beside it."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest

from mingtang.disclosure.derived import reading
from mingtang.disclosure.derived.template import templates
from mingtang.disclosure.enums import EditionState
from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.kinds.facts import shown
from mingtang.disclosure.models import DerivedList, Document
from mingtang.lib.money import format_yuan
from mingtang.people.policies import posts_of
from mingtang.rulebook.models import Item
from mingtang.voices.challenges import Claim, Tally, row_key

# Of each kind and table: the columns that name a row and that say what is promised.
ROWS = {("utility-fees", "fees"): ("item", "standard"), ("utility-promise", "promises"): ("service", "limit")}


def line_key(number: int) -> str:
    """By what a line of a list is known: its number."""
    return f"n-{number}"


def url(what: str, code: str | int, row: str) -> str:
    """The form about a row."""
    return f"/challenge/{what}/{code}/{row}"


def beside(tallies: dict[tuple[str, str], Tally], about: str, row: str) -> str:
    """What stands beside a row once somebody's challenge of it was answered."""
    found = tallies.get((about, row))
    return found.words if found else ""


def claim(request: HttpRequest, what: str, code: str, row: str) -> tuple[Claim, str]:
    """What is challenged as it is published now, and the page it stands on. Raises ``Http404`` for nothing public."""
    finders = {"item": _item, "document": _document, "list": _line}
    rows = finders[what](request, code, row) if what in finders else ()
    found = next((one for one in rows if one[0].row == row), None)
    if found is None:
        raise Http404
    return found


def _item(request: HttpRequest, code: str, row: str) -> Iterator[tuple[Claim, str]]:
    item = Item.objects.visible_to(request.viewer).select_related("current", "unit__town").filter(code=code).first()
    if item is None or item.current is None or item.unit is None:
        return
    for fee in item.current.spec.fees:
        words = f"{item.current.name}：{fee.name} {format_yuan(fee.amount)}／{fee.per}"
        claim = Claim(item.unit, item.subject, item.current.number, row_key(fee.name), words)
        yield claim, f"/services/{code}#fees"


def _document(request: HttpRequest, code: str, row: str) -> Iterator[tuple[Claim, str]]:
    rows = Document.objects.visible_to(request.viewer).filter(current__state=EditionState.PUBLISHED, unit__isnull=False)
    rows = rows.select_related("current__revision", "unit__town")
    document = rows.filter(pk=int(code)).first() if code.isascii() and code.isdigit() and len(code) < 19 else None
    if document is None:
        return
    for (kind, sheet), (name, said) in ROWS.items():
        if document.kind == kind:
            columns = kind_of(kind).sheet(sheet).columns
            for values in document.current.revision.facts["sheets"][sheet]["rows"]:
                cells = {column.code: shown(column, value) for column, value in zip(columns, values, strict=False)}
                words = f"{document.unit}：{cells[name]} {cells[said]}"
                claim = Claim(document.unit, document.subject, document.current.number, row_key(cells[name]), words)
                yield claim, f"/utilities/{document.unit.code}#{kind}"


def _line(request: HttpRequest, code: str, row: str) -> Iterator[tuple[Claim, str]]:
    rows = DerivedList.objects.visible_to(request.viewer).select_related("town", "key", "made_by")
    found = rows.filter(number=code).first()
    if found is None or templates()[found.template].scope != "web" or not reading.still_there(found):
        return
    number = row.removeprefix("n-")
    lines = found.rows.filter(number=int(number)) if number.isascii() and number.isdigit() and len(number) < 10 else ()
    for line in reading.shown(found, list(lines)):
        words = f"{reading.title(found)} 第 {line.number} 行：{'，'.join(line.cells)}"
        # Who composed it answers for it.
        for post in posts_of(found.made_by)[:1]:
            claim = Claim(post.unit, found.subject, found.edition, line_key(line.number), words)
            yield claim, f"/lists/{found.number}"
