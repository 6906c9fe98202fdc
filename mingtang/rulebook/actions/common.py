"""What the acts share: their event types, the check against the table, the locked row."""

from collections.abc import Callable, Iterable
from typing import Any

from mingtang.events import types
from mingtang.events.log import Actor, record
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import posts_of, powers_of
from mingtang.rulebook import requirements
from mingtang.rulebook.models import Version
from mingtang.rulebook.policies import check_keeps
from mingtang.rulebook.requirements import Issue
from mingtang.rulebook.spec import Spec
from mingtang.rulebook.states import VERSION

LISTED = types.define("item.listed", "编入事项目录")
EDITED = types.define("item.edited", "修改事项")
PROPOSED = types.define("item.proposed", "提出事项变动")
BASIS_CHECKED = types.define("item.basis_checked", "事项变动的依据核对通过")
REVIEWED = types.define("item.reviewed", "事项合法性审核通过")
DECIDED = types.define("item.decided", "领导小组决定事项变动")
HEAD_AGREED = types.define("item.head_agreed", "实施单位同意事项变动")
OFFICE_AGREED = types.define("item.office_agreed", "党政办同意事项变动")
RETURNED = types.define("item.returned", "事项变动退回修改")
REFUSED = types.define("item.refused", "事项变动不予通过", public=True)
ANNOUNCED = types.define("item.announced", "公布事项变动", public=True)
IN_FORCE = types.define("item.in_force", "事项发布施行", public=True)
SUSPENDED = types.define("item.suspended", "事项暂停办理", public=True)
RESUMED = types.define("item.resumed", "事项恢复办理", public=True)
CANCELLED = types.define("item.cancelled", "取消事项", public=True)


def locked(version: Version) -> Version:
    """The row as it stands now, held until the act is done."""
    rows = Version.objects.select_for_update(of=("self",)).select_related("item__town", "item__unit")
    return rows.get(pk=version.pk)


def check(act: str, version: Version, by: Staff | None) -> None:
    """Raise ``Refused`` unless the table has this act from the version's state for this person; None is the system."""
    row = VERSION[act]
    if by is None:
        if "system" not in row.who:
            raise TypeError(f"{act} is nobody's but a person's")
    elif by.town_id != version.item.town_id or not powers_of(by).intersection(row.powers):
        raise Refused(f"您的岗位没有“{row.title}”的权限，请由有此职责的岗位办理。")
    elif Permission.ITEM_EDIT_OWN in row.powers:
        check_keeps(by, version.item.town, version.item.unit)
    if version.state not in row.sources:
        raise Refused(f"这一版现在是“{version.state_title}”，不能{row.title}。请刷新后再看。")


def writers(version: Version) -> set[int]:
    """Whoever wrote on the text or proposed it: not only whose name stands on it last."""
    rows = Event.objects.filter(town=version.item.town, subject=version.item.subject, type__in=[LISTED, EDITED])
    rows = rows.filter(actor__startswith="staff:").values_list("actor", "data")
    wrote = {int(actor.removeprefix("staff:")) for actor, data in rows if data["version"] == version.number}
    return wrote | {key for key in (version.edited_by_id, version.proposed_by_id) if key}


def check_other(by: Staff, earlier: Iterable[int | None], sentence: str) -> None:
    """Raise ``Refused`` when this person did one of the earlier acts."""
    if by.pk in earlier:
        raise Refused(sentence)


def check_gate(
    version: Version, opening: str, rules: Callable[[Version, Spec], list[Issue]] = requirements.gate
) -> None:
    """Raise ``Refused`` with everything in which the version breaks the rules."""
    issues = rules(version, version.spec)
    if issues:
        raise Refused(opening + " ".join(issue.sentence for issue in issues), field=issues[0].field)


def event(version: Version, type: str, by: Actor, reason: str = "", **data: Any) -> Event:
    return record(
        town=version.item.town,
        type=type,
        subject=version.item.subject,
        by=by,
        reason=reason,
        data={"version": version.number, "sha256": version.sha256, **data},
    )


def check_own_unit(version: Version, by: Staff, sentence: str) -> None:
    """Raise ``Refused`` unless this person heads the unit that carries the item."""
    own = {post.unit_id for post in posts_of(by) if Permission.ITEM_AGREE in post.permissions}
    if version.item.unit_id not in own:
        raise Refused(sentence)
