"""Taking a public utility in, and naming the post that answers for what it must publish."""

from django.db import IntegrityError
from django.utils import timezone

from mingtang.events import types
from mingtang.events.log import Actor, record
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission, UnitKind
from mingtang.people.models import Post, Staff, Unit
from mingtang.people.policies import actor, check_may
from mingtang.utilities.models import Tenant

ADMITTED = types.define("tenant.admitted", "公用单位进驻", public=True)
HANDED = types.define("tenant.handed", "公用单位换责任岗位", public=True)


def admit(*, unit: Unit, owner: Post, by: Staff) -> Tenant:
    """From today the utility must publish what its trade asks for, and its page shows what is missing."""
    check_may(by, Permission.CATALOGUE_KEEP, unit.town)
    if unit.kind != UnitKind.UTILITY or not unit.trade or unit.dissolved_on:
        raise Refused(f"{unit}不是公用事业单位，或者没有写行业。请先在“组织”里核对它的类别和行业。", field="unit")
    _check_owner(unit, owner)
    with act():
        try:
            tenant = Tenant.objects.create(town=unit.town, unit=unit, owner=owner, since=timezone.localdate())
        except IntegrityError as error:
            raise Refused(f"{unit}已经进驻，不用再加。", field="unit") from error
        _event(tenant, ADMITTED, actor(by))
    return tenant


def hand_over(*, tenant: Tenant, owner: Post, by: Staff) -> Tenant:
    """Another post of the utility answers from now on."""
    check_may(by, Permission.CATALOGUE_KEEP, tenant.town)
    _check_owner(tenant.unit, owner)
    with act():
        Tenant.objects.select_for_update().only("pk").get(pk=tenant.pk)
        tenant = Tenant.objects.select_related("town", "unit", "owner").get(pk=tenant.pk)
        if tenant.owner_id != owner.pk:
            tenant.owner = owner
            tenant.save(update_fields=["owner"])
            _event(tenant, HANDED, actor(by))
    return tenant


def _check_owner(unit: Unit, owner: Post) -> None:
    if owner.unit_id != unit.pk:
        raise Refused(f"请选{unit}自己的岗位：缺了什么，由它负责。", field="owner")


def facts(tenant: Tenant) -> dict[str, str]:
    """What an event says of a tenant."""
    return {"owner": tenant.owner.code, "since": tenant.since.isoformat()}


def _event(tenant: Tenant, type: str, by: Actor) -> None:
    record(town=tenant.town, type=type, subject=tenant.subject, by=by, data=facts(tenant))
