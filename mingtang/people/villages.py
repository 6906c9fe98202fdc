"""The villages and communities of a town: entered, renamed, closed when they are merged."""

import re

from django.db import IntegrityError
from django.db.models import Max
from django.utils import timezone

from mingtang.events import types
from mingtang.events.log import record
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Staff, Village
from mingtang.people.policies import actor, check_may
from mingtang.towns.models import Jurisdiction

ADDED = types.define("village.added", "登记村（社区）", public=True)
RENAMED = types.define("village.renamed", "村（社区）改名", public=True)
CLOSED = types.define("village.closed", "撤并村（社区）", public=True)
NAME = re.compile(r"[\u3400-\u9fff（）·]{2,20}")


def add(*, town: Jurisdiction, name: str, by: Staff) -> Village:
    """Enter a village after those there are."""
    check_may(by, Permission.CATALOGUE_KEEP, town)
    name = _checked(name)
    last = Village.objects.filter(town=town).aggregate(last=Max("order"))["last"]
    with act():
        village = _saved(Village(town=town, name=name, order=0 if last is None else last + 1))
        record(town=town, type=ADDED, subject=village.subject, by=actor(by), data={"name": name})
    return village


def rename(*, village: Village, name: str, by: Staff) -> Village:
    """Another name; what named the village before shows it too."""
    check_may(by, Permission.CATALOGUE_KEEP, village.town)
    name = _checked(name)
    with act():
        village = Village.objects.select_for_update(of=("self",)).select_related("town").get(pk=village.pk)
        before, village.name = village.name, name
        _saved(village)
        data = {"name": name, "before": before}
        record(town=village.town, type=RENAMED, subject=village.subject, by=actor(by), data=data)
    return village


def close(*, village: Village, by: Staff) -> Village:
    """It was merged into another: no longer to be chosen."""
    check_may(by, Permission.CATALOGUE_KEEP, village.town)
    with act():
        village = Village.objects.select_for_update(of=("self",)).select_related("town").get(pk=village.pk)
        if village.closed_on:
            raise Refused(f"{village}已经登记为撤并。")
        village.closed_on = timezone.localdate()
        village.save(update_fields=["closed_on"])
        record(town=village.town, type=CLOSED, subject=village.subject, by=actor(by), data={"name": village.name})
    return village


def _checked(name: str) -> str:
    name = "".join(name.split())
    if not NAME.fullmatch(name):
        raise Refused("请写村（社区）的名称，用汉字，2 到 20 个字，例如：长堤村。", field="name")
    return name


def _saved(village: Village) -> Village:
    try:
        village.save()
    except IntegrityError as error:
        raise Refused(f"已经有“{village.name}”，不用再加。同名的，请写全一些。", field="name") from error
    return village
