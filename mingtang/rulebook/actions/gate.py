"""The change gate: from a draft to a proposal that may be announced."""

from collections.abc import Mapping
from datetime import date

from django.utils import timezone

from mingtang.flows.compile import compile_bpmn
from mingtang.guard.clear import MAX_SENTENCE, clear_text
from mingtang.lib.canonical import canonical_json, sha256_hex
from mingtang.lib.errors import Refused
from mingtang.lib.text import chinese_date
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.people.policies import actor
from mingtang.rulebook import basing, requirements
from mingtang.rulebook.actions import common
from mingtang.rulebook.actions.common import (
    check,
    check_gate,
    check_other,
    check_own_unit,
    event,
    locked,
    writers,
)
from mingtang.rulebook.actions.compositions import compared
from mingtang.rulebook.laws.resolve import resolve
from mingtang.rulebook.minutes import check_minutes
from mingtang.rulebook.models import ProposedChange, Version
from mingtang.rulebook.models.items import STANDING
from mingtang.rulebook.spec import flow_of, spec_hash
from mingtang.rulebook.states import VERSION

Basis = basing.Named
_APPROVERS = ("proposed", "basis", "reviewed", "decided", "head", "office")
# What a return to the drawing board takes back; the events keep it.
_EMPTY = {
    "bpmn": None,
    "flow_sha256": "",
    "sha256": "",
    "replaces": None,
    "burden": "",
    "strict": False,
    "initial": False,
    "minutes_number": "",
    "decided_on": None,
    **{f"{name}_by": None for name in _APPROVERS},
    **{f"{name}_at": None for name in _APPROVERS},
}


def changes_hash(version: Version) -> str:
    """SHA-256 over what the public is told of a version's changes, with the bases named."""
    rows = version.changes.values_list("order", "field", "kind", "direction", "sentence", "law", "article", "level")
    return sha256_hex(canonical_json([list(row) for row in rows]))


def _move(version: Version, act_name: str, by: Staff, who: str, **values: object) -> None:
    version.state = VERSION[act_name].target
    for name, value in {f"{who}_by": by, f"{who}_at": timezone.now(), **values}.items():
        setattr(version, name, value)
    version.save()


def propose(*, version: Version, by: Staff) -> Version:
    """Compute what the draft changes for people. Text and process are fixed from here on; a return opens them again."""
    with act():
        version = locked(version)
        check("propose", version, by)
        check_gate(version, "还不能提出：")
        before = version.item.current
        if before is not None and before.state not in STANDING:
            before = None
        found = compared(version, before)
        if before and not found.changes:
            raise Refused("和现行的版本没有差别，不用提出变动。")
        needs = [basing.needed(change, version.spec, found.burden) for change in found.changes]
        lanes = requirements.lanes(version.item.town, version.spec)
        flow = flow_of(version.spec, code=version.item.code, number=version.number, lanes=lanes)
        version.bpmn = compile_bpmn(flow)
        version.flow_sha256 = sha256_hex(version.bpmn)
        version.sha256 = spec_hash(
            code=version.item.code, number=version.number, data=version.data, flow_sha256=version.flow_sha256
        )
        version.replaces, version.burden, version.returned_reason = before, found.burden, ""
        version.strict = basing.is_strict(found.burden, needs)
        _move(version, "propose", by, "proposed")
        ProposedChange.objects.bulk_create(
            ProposedChange(
                version=version,
                order=order,
                field=change.field,
                kind=change.kind,
                direction=change.direction,
                sentence=change.sentence,
                needs=need,
            )
            for order, (change, need) in enumerate(zip(found.changes, needs, strict=True), 1)
        )
        event(version, common.PROPOSED, actor(by), burden=str(found.burden), changes=changes_hash(version))
    return version


def _only(version: Version, strict: bool) -> None:
    if version.strict and not strict:
        raise Refused("这一版增加了负担，或者取消了法定条件，要先核对依据，再由司法所审核、领导小组决定。")
    if strict and not version.strict:
        raise Refused("这一版没有增加负担，由实施单位负责人和党政办同意就可以，不用走这一步。")


def check_basis(*, version: Version, bases: Mapping[int, Basis], by: Staff) -> Version:
    """Name the law and article of every change that needs one, by its number; 0 names one for all the rest.

    A basis that leads to no article in force is refused and may be named again. One below the rank that the change
    needs ends the proposal for good, whoever voted for it: the version comes back ``refused``.
    """
    with act():
        version = locked(version)
        check("check_basis", version, by)
        _only(version, strict=True)
        rows = list(version.changes.exclude(needs=""))
        low = []
        for row in rows:
            named = bases.get(row.order) or bases.get(0)
            if named is None or not named.law.strip() or not named.article.strip():
                raise Refused(
                    f"第 {row.order} 项变动没有写明依据：{row.sentence}请写到法律名称和条款。",
                    field=f"basis_{row.order}",
                )
            found = resolve(named.law, named.article, timezone.localdate(), version.item.town)
            if not found.holds or found.law is None:
                raise Refused(f"第 {row.order} 项变动的依据不成立：{found.why}", field=f"basis_{row.order}")
            row.law, row.article, row.level = found.law.title, named.article.strip(), found.law.level
            if why := basing.too_low(row.needs, row.level):
                low.append(f"第 {row.order} 项：《{row.law}》{why}")
        ProposedChange.objects.bulk_update(rows, ["law", "article", "level"])
        if low:
            return _refuse(version, by, ("；".join(low) + "。")[:MAX_SENTENCE])
        _move(version, "check_basis", by, "basis")
        event(version, common.BASIS_CHECKED, actor(by), changes=changes_hash(version))
    return version


def review(*, version: Version, by: Staff) -> Version:
    """The justice office passes the proposal: another person than who wrote it."""
    with act():
        version = locked(version)
        check("review", version, by)
        check_other(by, writers(version), "编制人不能审核自己编的事项，请由司法所另一位同志审核。")
        check_gate(version, "还不能通过审核：")
        _move(version, "review", by, "reviewed")
        event(version, common.REVIEWED, actor(by))
    return version


def decide(*, version: Version, minutes_number: str, decided_on: date, by: Staff, initial: bool = False) -> Version:
    """Enter what the leading group decided. ``initial``: it put an existing item into the first catalogue.

    An initial item burdens nobody anew and takes effect with its announcement; the page says so.
    """
    number = check_minutes(minutes_number, "事项不能发布", by.town_id)
    if decided_on > timezone.localdate():
        raise Refused("会议日期不能晚于今天。请核对。", field="decided_on")
    with act():
        version = locked(version)
        check("decide", version, by)
        earlier = {*writers(version), version.reviewed_by_id}
        check_other(by, earlier, "编制、审核、登记集体决定要由不同的人办理。请由党政办另一位同志登记。")
        if initial and version.replaces_id:
            raise Refused("这个事项已经施行过，不是首次编入目录。请去掉“首次目录”。", field="initial")
        reviewed = timezone.localdate(version.reviewed_at)
        if not initial and decided_on < reviewed:
            raise Refused(
                f"会议日期早于司法所审核通过的日期（{chinese_date(reviewed)}）。先审核，后决定。", field="decided_on"
            )
        _move(version, "decide", by, "decided", minutes_number=number, decided_on=decided_on, initial=initial)
        event(version, common.DECIDED, actor(by), minutes=number, initial=initial)
    return version


def agree_head(*, version: Version, by: Staff) -> Version:
    """The head of the unit that carries the item agrees to a change that asks no more."""
    with act():
        version = locked(version)
        check("agree_head", version, by)
        _only(version, strict=False)
        check_own_unit(version, by, "这个事项不是您单位实施的，请由实施单位的负责人同意。")
        check_other(by, writers(version), "编制人不能同意自己提的变动，请由另一位负责人办理。")
        _move(version, "agree_head", by, "head")
        event(version, common.HEAD_AGREED, actor(by))
    return version


def agree_office(*, version: Version, by: Staff) -> Version:
    """The party and government office agrees: a third person."""
    with act():
        version = locked(version)
        check("agree_office", version, by)
        earlier = {*writers(version), version.head_by_id}
        check_other(by, earlier, "编制、实施单位同意、党政办同意要由三个不同的人办理。")
        _move(version, "agree_office", by, "office")
        event(version, common.OFFICE_AGREED, actor(by))
    return version


def send_back(*, version: Version, reason: str, by: Staff) -> Version:
    """Return a proposal to its draft: what was approved so far is taken back, the events keep it."""
    reason = clear_text(reason, "请写明理由。", "reason", town=by.town_id)
    with act():
        version = locked(version)
        check("send_back", version, by)
        event(version, common.RETURNED, actor(by), reason)
        version.changes.all().delete()
        # The text is frozen by trigger until the row is a draft again: state first, then what was computed from it.
        version.state = VERSION["send_back"].target
        version.save(update_fields=["state"])
        for name, value in {**_EMPTY, "returned_reason": reason}.items():
            setattr(version, name, value)
        version.save()
    return version


def refuse(*, version: Version, reason: str, by: Staff) -> Version:
    """End a proposal for good; refusal and reason are public."""
    reason = clear_text(reason, "请写明理由。", "reason", town=by.town_id)
    with act():
        version = locked(version)
        check("refuse", version, by)
        return _refuse(version, by, reason)


def _refuse(version: Version, by: Staff, reason: str) -> Version:
    version.refused_event = event(
        version, common.REFUSED, actor(by), reason, burden=version.burden, changes=changes_hash(version)
    )
    version.state, version.refused_at, version.refused_reason = VERSION["refuse"].target, timezone.now(), reason
    version.save()
    return version
