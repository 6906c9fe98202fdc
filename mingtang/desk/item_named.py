"""The item that somebody means who writes its code, its name, or a part of the name."""

from django.db.models import Q
from django.http import HttpRequest

from mingtang.lib.errors import Refused
from mingtang.rulebook.models import Item, ItemFacts

CHOICES = 5


def item_named(request: HttpRequest, typed: str) -> Item:
    """The one item; raises ``Refused`` at ``item`` with what to choose from where none or several fit."""
    typed = typed.strip()
    rows = ItemFacts.objects.visible_to(request.viewer).select_related("item__town", "item__unit", "item__current")
    found = list(rows.filter(Q(item__code=typed) | Q(name=typed))[:2])
    found = found or list(rows.filter(name__contains=typed).order_by("item__code")[: CHOICES + 1])
    if not found:
        raise Refused(f"没有名称或者编码是“{typed}”的事项。请换个说法，或者照办事指南写编码。", field="item")
    if len(found) > 1:
        names = "、".join(f"{row.name}（{row.item.code}）" for row in found[:CHOICES])
        raise Refused(f"像“{typed}”的事项不止一个：{names}。请写编码。", field="item")
    return found[0].item
