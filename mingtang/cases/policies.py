"""May this person do this to this case now?"""

from typing import NamedTuple

from mingtang.cases.models import Case, CaseStep, Recusal
from mingtang.cases.states import CASE
from mingtang.events.log import Actor
from mingtang.lib.errors import Refused
from mingtang.people.enums import DECIDE
from mingtang.people.models import Delegation, Staff
from mingtang.people.policies import Held, delegation_for, held_by


def check_state(act: str, case: Case) -> None:
    """Raise ``Refused`` unless the table has this act from the case's state."""
    row = CASE[act]
    if case.state not in row.sources:
        raise Refused(f"这一件现在是“{case.state_title}”，不能{row.title}。可能有同事刚刚办理过，请刷新后再看。")


class Entitled(NamedTuple):
    """Somebody who may act: what they hold, and the powers of which the act asks one."""

    held: Held
    powers: tuple[str, ...]

    def actor(self, *posts: str) -> Actor:
        """Who the event names; ``posts``: those for one of which they act, where the act asks for a post."""
        return self.held.actor(posts, self.powers)


def check_can(act: str, case: Case, by: Staff) -> Entitled:
    """``check_state``, and that this member of staff holds the power in this town, or stands in for who does."""
    row = CASE[act]
    if case.town_id != by.town_id:
        raise Refused("这一件不属于您所在的乡镇。")
    held = held_by(by)
    if not held.powers.intersection(row.powers):
        raise Refused(f"您的岗位没有“{row.title}”的权限，请由有此职责的岗位办理。")
    if act != "recuse" and recused(case, by):
        raise Refused("您在这一件里要回避，不能办理，请由别的人办理。")
    check_state(act, case)
    return Entitled(held, row.powers)


def recused(case: Case, by: Staff) -> bool:
    """Whether the person stays away from this case: granted, or asked for and not decided yet."""
    return case.has_recusals and Recusal.objects.filter(case=case, staff=by).exclude(granted=False).exists()


def can(act: str, case: Case, by: Staff) -> bool:
    try:
        check_can(act, case, by)
    except Refused:
        return False
    return True


def check_head(act: str, case: Case, by: Staff) -> tuple[Delegation, Actor]:
    """``check_can``, and the letter under which this person decides the item, with who acts under it: whoever answers
    for the decision also answers for its dates and ends. Raises ``Refused``.

    Who gave an opinion in the case does not decide it for another: to examine and to decide stay two persons.
    """
    who = check_can(act, case, by)
    letter = delegation_for(by, item_code=case.item.code, step_code=DECIDE)
    author = who.actor(letter.post.code)
    if author.roster and case.steps.filter(done_by=by, agrees__isnull=False).exclude(key=DECIDE).exists():
        raise Refused("您在这一件里出过审查意见，不能再替岗作决定。请等原岗位的人回来，或者换一位B岗。")
    return letter, author


def check_owns(step: CaseStep, who: Entitled) -> None:
    """The step belongs to a post that the person holds or stands in for."""
    if step.post_code not in who.held.served:
        raise Refused("这一环节不在您的岗位上，请由经办岗位办理。")
