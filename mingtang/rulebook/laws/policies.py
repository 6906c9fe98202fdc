"""Who keeps the law library: a town's justice office keeps the town's papers, and what no other town shares."""

from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import check_may
from mingtang.towns.models import Jurisdiction, Level

SHARED = "国家法规库由几个乡镇共用，不能由一个乡镇改动。请系统管理员在控制台登记。"


def is_shared(town: Jurisdiction) -> bool:
    """Whether the national library serves another town than this one."""
    return Jurisdiction.objects.filter(level=Level.TOWN).exclude(pk=town.pk).exists()


def check_keeps(by: Staff | None, town: Jurisdiction | None) -> None:
    """Raise ``Refused`` unless this person keeps the papers of the town, or with None the national library.

    ``by`` None is the console, which keeps everything.
    """
    if by is None:
        return
    check_may(by, Permission.ITEM_APPROVE, town or by.town)
    if town is None and is_shared(by.town):
        raise Refused(SHARED)


def why_not(by: Staff, town: Jurisdiction | None) -> str:
    """The sentence with which ``check_keeps`` refuses, or nothing."""
    try:
        check_keeps(by, town)
    except Refused as refusal:
        return refusal.message
    return ""
