"""一件事: making one item of several that are in force, and making it anew when one of them has a newer version."""

from collections.abc import Sequence

from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Staff, Unit
from mingtang.people.policies import actor
from mingtang.rulebook.actions.common import check, locked
from mingtang.rulebook.actions.drafts import edit, list_item
from mingtang.rulebook.burden import Diff, brought_by_parts, composed_diff, diff
from mingtang.rulebook.compose import Piece, compose, composed_anew, saved
from mingtang.rulebook.enums import CaseKind, VersionState
from mingtang.rulebook.models import Item, Version
from mingtang.rulebook.policies import check_keeps
from mingtang.rulebook.spec import Part, as_json
from mingtang.towns.models import Jurisdiction


def pieces_of(town: Jurisdiction, codes: Sequence[str]) -> list[Piece]:
    """The items of these codes as they are in force, in this order. Raises ``Refused`` for one that is not."""
    rows = Item.objects.filter(town=town, code__in=codes, current__state=VersionState.IN_FORCE)
    found = {row.code: row.current for row in rows.select_related("current")}
    if missing := [code for code in codes if code not in found]:
        raise Refused(f"事项“{'、'.join(missing)[:80]}”现在没有施行的版本，不能合进来。请重新选择。", field="parts")
    return [Piece(code, found[code].number, found[code].spec) for code in codes]


def compose_item(*, town: Jurisdiction, code: str, unit: Unit, name: str, parts: Sequence[str], by: Staff) -> Version:
    """List a joint thing made of these items, in their order: the first lends it posts, place and telephones."""
    check_keeps(by, town, unit)
    name = name.strip()
    if not name:
        raise Refused("请给这件事起个名字，例如“我要建房一件事”。", field="name")
    spec = compose(name, pieces_of(town, parts))
    return list_item(town=town, code=code, unit=unit, data=as_json(spec), by=actor(by), editor=by)


def recompose(*, version: Version, by: Staff) -> Version:
    """Make the draft anew from its parts as they are in force; what the editor set of its own stays."""
    with act():
        version = locked(version)
        check("edit", version, by)
        if not version.spec.parts:
            raise Refused("这个事项不是几件事合成的，不用重新合成。")
        pieces = pieces_of(version.item.town, [part.code for part in version.spec.parts])
        return edit(version=version, data=as_json(composed_anew(version.spec, pieces)), by=by)


def compared(version: Version, before: Version | None) -> Diff:
    """What the version changes for people against the one it replaces; a joint thing against its parts.

    A new joint thing burdens nobody anew unless it asks more than its parts together. What changed with a newer
    version of a part was decided there; a paper that the old joint thing had spared people is more when it comes back.
    """
    spec = version.spec
    if not spec.parts:
        return diff(before.spec if before else None, spec)
    pieces = pieces_of(version.item.town, [part.code for part in spec.parts])
    if before is None:
        return composed_diff(
            compose(spec.name, pieces), spec, [piece.spec.name for piece in pieces], saved(spec, pieces)
        )
    found = diff(before.spec, spec)
    if [part.code for part in before.spec.parts] != [part.code for part in spec.parts]:
        return found
    then = compose(spec.name, _pieces_then(version.item.town, before.spec.parts))
    return brought_by_parts(found, diff(then, compose(spec.name, pieces)))


def _pieces_then(town: Jurisdiction, parts: Sequence[Part]) -> list[Piece]:
    """The items in the versions of which a joint thing was made."""
    rows = Version.objects.filter(item__town=town, item__code__in=[part.code for part in parts])
    found = {(row.item.code, row.number): row.spec for row in rows.select_related("item").defer("bpmn")}
    return [Piece(part.code, part.version, found[part.code, part.version]) for part in parts]


def hold_parts(version: Version) -> None:
    """Keep the parts as they are until the act is done: none is suspended or replaced while this comes into force."""
    codes = [part.code for part in version.spec.parts]
    rows = Version.objects.filter(item__town=version.item.town, item__code__in=codes, state=VersionState.IN_FORCE)
    list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def joints_of(item: Item) -> list[Version]:
    """The joint things in force that this item is a part of, locked."""
    rows = Version.objects.filter(item__town=item.town_id, kind=CaseKind.JOINT, state=VersionState.IN_FORCE)
    rows = rows.select_for_update(of=("self",)).select_related("item__town", "item__unit").order_by("pk")
    return [row for row in rows if item.code in {part.code for part in row.spec.parts}]
