"""What no law and no plan says, so that the town decides it: below which percentage a score is marked and a text has to
be rewritten, and how many working days a unit has to answer a truth sample before anybody is told."""

from mingtang.events import types
from mingtang.events.log import record
from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_may
from mingtang.towns.models import Jurisdiction

SET = types.define("scrutiny.limits", "定及格线和说明期限", public=True)
# House rule: below half nothing passes, and an answer takes some days but not a month.
MARKS, DAYS = (50, 100), (3, 15)


def decide(*, town: Jurisdiction, pass_mark: int, heard_days: int, reason: str, by: Staff) -> Jurisdiction:
    """Set both, in percent and working days. What was judged keeps its last day, a task that was given stays."""
    check_may(by, Permission.DUTY_KEEP, town)
    if not MARKS[0] <= pass_mark <= MARKS[1]:
        raise Refused(f"及格线请写百分之 {MARKS[0]} 到 {MARKS[1]}。", field="pass_mark")
    if not DAYS[0] <= heard_days <= DAYS[1]:
        raise Refused(f"说明期限请写 {DAYS[0]} 到 {DAYS[1]} 个工作日。", field="heard_days")
    reason = clear_text(reason, "请写明为什么这样定，这句话会公开。", "reason", town=by.town_id)
    with act():
        town = Jurisdiction.objects.select_for_update().get(pk=town.pk)
        if (town.pass_mark, town.heard_days) == (pass_mark, heard_days):
            raise Refused("和现在定的一样，没有改动。", field="pass_mark")
        before = {f"{name}_before": value for name, value in facts(town).items()}
        town.pass_mark, town.heard_days = pass_mark, heard_days
        town.save(update_fields=["pass_mark", "heard_days"])
        data = facts(town) | before
        record(town=town, type=SET, subject=f"town:{town.code}", by=actor(by), reason=reason, data=data)
    return town


def facts(town: Jurisdiction) -> dict[str, int]:
    """What the event says was set."""
    return {"pass_mark": town.pass_mark, "heard_days": town.heard_days}
