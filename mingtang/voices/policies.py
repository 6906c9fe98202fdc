"""May this person do this to this obstacle now?"""

from mingtang.lib.errors import Refused
from mingtang.people.models import Staff
from mingtang.people.policies import held_by
from mingtang.voices.models import Obstacle
from mingtang.voices.states import OBSTACLE


def check(act: str, obstacle: Obstacle, by: Staff) -> None:
    """Raise ``Refused`` unless the table has the act from this state, the person has a power for it and holds the
    post it falls to: the one that answers, or the one it is handed to."""
    row, held = OBSTACLE[act], held_by(by)
    if by.town_id != obstacle.town_id or held.powers.isdisjoint(row.powers):
        raise Refused(f"您的岗位不能{row.title}。请由有此职责的岗位办理，或者先转交给它。")
    if obstacle.state not in row.sources:
        raise Refused(f"{obstacle.number} 现在是“{obstacle.state_title}”，不能{row.title}。请刷新后再看。")
    post = obstacle.offered if row.who == ("holder",) else obstacle.owner
    if row.who != ("head",) and (post is None or post.code not in held.codes):
        raise Refused(f"{obstacle.number} 现在由{post}负责，请由它的人办理，或者先转交给您。")


def can(act: str, obstacle: Obstacle, by: Staff) -> bool:
    try:
        check(act, obstacle, by)
    except Refused:
        return False
    return True


def may_read(obstacle: Obstacle, by: Staff) -> bool:
    """Who reads what the person wrote: whoever answers for it, whoever it is handed to, and who assigns it."""
    held = held_by(by)
    posts = {post.code for post in (obstacle.owner, obstacle.offered) if post}
    return by.town_id == obstacle.town_id and bool(
        held.codes & posts or held.powers.intersection(OBSTACLE["assign"].powers)
    )
