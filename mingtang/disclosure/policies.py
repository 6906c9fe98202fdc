"""May this person do this to this edition now?"""

from mingtang.disclosure.models import Edition
from mingtang.disclosure.states import EDITION
from mingtang.lib.errors import Refused
from mingtang.people.models import Staff, Unit
from mingtang.people.policies import Held, held_by


def check_can(act: str, edition: Edition, by: Staff) -> None:
    """Raise ``Refused`` unless the table has this act from the edition's state, the person holds one of its powers,
    belongs to the town, and is not one of the persons who did an earlier step."""
    row = EDITION[act]
    if edition.document.town_id != by.town_id:
        raise Refused("这份信息不属于您所在的乡镇。")
    held = held_by(by)
    if held.own.isdisjoint(row.powers):
        raise Refused(f"您的岗位没有“{row.title}”的权限，请由有此职责的岗位办理。")
    _check_own(edition.document.unit_id, held)
    if edition.state not in row.sources:
        raise Refused(f"这份信息现在是“{edition.state_title}”，不能{row.title}。可能有同事刚刚办理过，请刷新后再看。")
    if act in {"review", "review_withholding"} and by.pk in writers(edition):
        raise Refused("起草人不能审查自己起草的信息，请由另一位保密审查员办理。")
    if act in {"sign", "withhold"} and by.pk in writers(edition) | {edition.reviewer_id}:
        raise Refused("起草、审查、签发要由三个不同的人办理，您已经办过前面的一步。请由另一位签发人办理。")


def check_own_unit(unit: Unit | None, by: Staff) -> None:
    """Raise ``Refused`` where somebody of a public utility would touch what is another unit's."""
    _check_own(unit.pk if unit else None, held_by(by))


def _check_own(unit: int | None, held: Held) -> None:
    if held.tenant and unit not in held.tenant:
        raise Refused("您只能起草、核对本单位的信息。别的单位的，请由它们自己办理。", field="unit")


def writers(edition: Edition) -> set[int | None]:
    """Everybody whose text this edition has held: its author, and whoever revised it since the edition before."""
    before = edition.document.editions.filter(number__lt=edition.number).order_by("-number").first()
    revisions = edition.document.revisions.filter(number__gt=before.revision.number if before else 0)
    return {edition.author_id, *revisions.values_list("author_id", flat=True)}


def can(act: str, edition: Edition, by: Staff) -> bool:
    try:
        check_can(act, edition, by)
    except Refused:
        return False
    return True
