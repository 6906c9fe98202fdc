"""May this person do this to this order now? An agent is whoever holds a post that works at a village station."""

from mingtang.agents.models import Order
from mingtang.agents.states import ORDER
from mingtang.hall.enums import SiteKind
from mingtang.hall.models import Site, Window
from mingtang.lib.errors import Refused
from mingtang.people.models import Post, Staff
from mingtang.people.policies import posts_of, powers_of


def stations_of(by: Staff) -> list[Site]:
    """The village stations where this person works."""
    rows = Site.objects.filter(town=by.town_id, kind=SiteKind.STATION, windows__post__in=posts_of(by))
    return list(rows.select_related("town").distinct().order_by("letter"))


def agent_at(station: Site, act: str, by: Staff) -> Post:
    """The post by which this person carries orders of a station; raises ``Refused``."""
    there = set(Window.objects.filter(site=station).values_list("post", flat=True))
    for post in posts_of(by):
        if post.pk in there:
            return post
    raise Refused(f"这是{station.name}的代办，您不能{ORDER[act].title}。请由那里的代办员办理。")


def check_state(act: str, order: Order) -> None:
    """Raise ``Refused`` unless the table has this act from the order's state."""
    row = ORDER[act]
    if order.state not in row.sources:
        raise Refused(
            f"代办单 {order.number} 现在是“{order.state_title}”，不能{row.title}。可能刚刚有人办理过，请刷新再看。"
        )


def check_powers(act: str, town: int, by: Staff) -> None:
    row = ORDER[act]
    if by.town_id != town or powers_of(by).isdisjoint(row.powers):
        raise Refused(f"您的岗位不能{row.title}。请由村代办员或者窗口人员办理。")


def check_can(act: str, order: Order, by: Staff) -> Post:
    """The post by which this person does it, as the table names who may; raises ``Refused``."""
    check_powers(act, order.town_id, by)
    check_state(act, order)
    who = ORDER[act].who
    mine = {post.pk: post for post in posts_of(by)}
    if "window" in who and order.window_post_id in mine:
        return mine[order.window_post_id]
    if "agent" in who:
        return agent_at(order.station, act, by)
    raise Refused(f"代办单 {order.number} 不是交给您的窗口的，您不能{ORDER[act].title}。")


def can(act: str, order: Order, by: Staff) -> bool:
    try:
        check_can(act, order, by)
    except Refused:
        return False
    return True
