"""What a person does with an item: one function per act."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone

from mingtang.events import types
from mingtang.events.log import Actor, record
from mingtang.flows.compile import compile_bpmn
from mingtang.lib.canonical import sha256_hex
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Staff, Unit
from mingtang.people.policies import actor, check_may
from mingtang.rulebook import requirements
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.models import Item, Version
from mingtang.rulebook.spec import Spec, flow_of, parse, spec_hash
from mingtang.rulebook.states import VERSION
from mingtang.towns.models import Jurisdiction

LISTED = types.define("item.listed", "编入事项目录")
EDITED = types.define("item.edited", "修改事项")
REVIEWED = types.define("item.reviewed", "事项合法性审核通过")
IN_FORCE = types.define("item.in_force", "事项发布施行", public=True)
MAX_NAME, MAX_MINUTES = 120, 40


def _check(act_name: str, version: Version, by: Staff) -> None:
    row = VERSION[act_name]
    check_may(by, row.power, version.item.town)
    if version.state not in row.sources:
        raise Refused(f"这一版现在是“{version.state_title}”，不能{row.title}。请刷新后再看。")


def _event(version: Version, type: str, by: Actor, **data: str) -> Any:
    return record(
        town=version.item.town,
        type=type,
        subject=version.item.subject,
        by=by,
        data={"version": version.number, "sha256": version.sha256, **data},
    )


def _parsed(data: dict[str, Any]) -> Spec:
    spec = parse(data)
    if len(spec.name) > MAX_NAME:
        raise Refused(f"事项名称有 {len(spec.name)} 个字，最多 {MAX_NAME} 个字。请缩短名称。", field="name")
    return spec


def list_item(
    *, town: Jurisdiction, code: str, unit: Unit | None, data: dict[str, Any], by: Actor, editor: Staff | None = None
) -> Version:
    """Enter an item with a first draft version. ``data`` is a spec as JSON; the console may list without an editor."""
    spec = _parsed(data)
    if unit is not None and unit.town_id != town.pk:
        raise Refused("实施单位不属于本镇。", field="unit")
    with act():
        if Item.objects.filter(town=town, code=code).exists():
            raise Refused(f"事项编码“{code}”已经用过。请换一个编码，或者在原事项上出新版。", field="code")
        item = Item(town=town, code=code, unit=unit)
        try:
            item.full_clean(exclude=["town", "unit", "current"])
        except ValidationError as error:
            raise Refused("事项编码要用 3 到 40 位字母、数字和短横线，以字母或数字开头。", field="code") from error
        item.save()
        version = Version.objects.create(
            item=item, number=1, name=spec.name, kind=spec.kind, data=data, edited_by=editor
        )
        _event(version, LISTED, by)
    return version


def new_version(*, item: Item, data: dict[str, Any], by: Staff) -> Version:
    """Begin the next version; running cases keep theirs."""
    check_may(by, Permission.ITEM_EDIT, item.town)
    spec = _parsed(data)
    with act():
        last = item.versions.aggregate(last=Max("number"))["last"] or 0
        version = Version.objects.create(
            item=item, number=last + 1, name=spec.name, kind=spec.kind, data=data, edited_by=by
        )
        _event(version, EDITED, actor(by))
    return version


def edit(*, version: Version, data: dict[str, Any], by: Staff) -> Version:
    """Change a draft."""
    spec = _parsed(data)
    with act():
        version = Version.objects.select_for_update(of=("self",)).select_related("item__town").get(pk=version.pk)
        _check("edit", version, by)
        version.name, version.kind, version.data, version.edited_by = spec.name, spec.kind, data, by
        version.save()
        _event(version, EDITED, actor(by))
    return version


def _check_gate(version: Version, opening: str) -> None:
    issues = requirements.gate(version.item, version.spec)
    if issues:
        raise Refused(opening + " ".join(issue.sentence for issue in issues), field=issues[0].field)


def review(*, version: Version, by: Staff) -> Version:
    """The justice office passes the draft: text and process are fixed from here on."""
    with act():
        version = (
            Version.objects.select_for_update(of=("self",))
            .select_related("item__town", "item__unit")
            .get(pk=version.pk)
        )
        _check("review", version, by)
        if by.pk == version.edited_by_id:
            raise Refused("编制人不能审核自己编的事项，请由司法所另一位同志审核。")
        _check_gate(version, "还不能通过审核：")
        flow = flow_of(
            version.spec,
            code=version.item.code,
            number=version.number,
            lanes=requirements.lanes(version.item.town, version.spec),
        )
        version.bpmn = compile_bpmn(flow)
        version.flow_sha256 = sha256_hex(version.bpmn)
        version.sha256 = spec_hash(
            code=version.item.code, number=version.number, data=version.data, flow_sha256=version.flow_sha256
        )
        version.state = VERSION["review"].target
        version.reviewed_by, version.reviewed_at = by, timezone.now()
        version.save()
        _event(version, REVIEWED, actor(by))
    return version


def put_in_force(*, version: Version, by: Staff, minutes_number: str) -> Version:
    """Publish: from now on the guide shows, and the window runs, exactly this version."""
    minutes_number = minutes_number.strip()
    if not minutes_number:
        raise Refused("请填写领导小组会议纪要的编号。没有集体决定，事项不能发布。", field="minutes_number")
    if len(minutes_number) > MAX_MINUTES:
        raise Refused(f"会议纪要的编号最多 {MAX_MINUTES} 个字。请只填编号。", field="minutes_number")
    with act():
        version = (
            Version.objects.select_for_update(of=("self",))
            .select_related("item__town", "item__unit")
            .get(pk=version.pk)
        )
        _check("put_in_force", version, by)
        # The organisation may have changed since the review: a unit dissolved, a post gone.
        _check_gate(version, "审核以后情况有变，还不能发布：")
        if version.item.versions.filter(state=VersionState.IN_FORCE, number__gt=version.number).exists():
            raise Refused("已有更新的版本在施行，这一版不能再发布。请在现行版本上出新版。")
        event = _event(version, IN_FORCE, actor(by), flow=version.flow_sha256, minutes=minutes_number)
        version.item.versions.filter(state=VersionState.IN_FORCE).update(state=VERSION["supersede"].target)
        version.state = VERSION["put_in_force"].target
        version.minutes_number = minutes_number
        version.in_force_at, version.published_event = event.recorded_at, event
        version.save()
        Item.objects.filter(pk=version.item_id).update(current=version)
    return version
