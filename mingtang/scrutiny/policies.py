"""May this person do this with a sampled statement now?"""

from django.utils import timezone

from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.people.models import Assignment, Staff
from mingtang.people.policies import held_by
from mingtang.scrutiny.models import Sample
from mingtang.scrutiny.states import OVERSEERS, SAMPLE
from mingtang.towns.models import Jurisdiction


def check_oversees(by: Staff, town: Jurisdiction) -> None:
    """Whoever supervises or keeps the duties runs the samples."""
    if by.town_id != town.pk or held_by(by).own.isdisjoint(OVERSEERS):
        raise Refused("抽查由监督检查和管理任务的岗位来办。您的岗位没有这个权限。")


def of_unit(staff: Staff, unit: int) -> bool:
    """Whether somebody holds a post of a unit now."""
    return Assignment.objects.current(timezone.now()).filter(staff=staff, post__unit=unit).exists()


def check_free(sample: Sample, staff: Staff) -> None:
    """Raise ``Refused`` where somebody has a part in what is looked at: works for the unit that published it, or acted
    on it before. They must be of the town, in use and hold a post of its own."""
    if staff.town_id != sample.town_id or not staff.is_active:
        raise Refused("请从本镇在岗的人里选。", field="inspector")
    held = held_by(staff)
    if held.own.isdisjoint(SAMPLE["judge"].powers) or held.tenant:
        raise Refused(f"{staff.name}现在没有镇里的岗位，不能核对。请另选一位。", field="inspector")
    if of_unit(staff, sample.unit_id):
        raise Refused(f"{staff.name}在{sample.unit}任职，不能核对本单位公开的内容。请另选一位。", field="inspector")
    if Event.objects.filter(town=sample.town_id, subject=sample.about, actor=staff.code).exists():
        raise Refused(f"{staff.name}经手过这份公开的内容，不能自己核对。请另选一位。", field="inspector")


def check(act: str, sample: Sample, by: Staff) -> None:
    """Raise ``Refused`` unless the table has the act from this state and the person may do it."""
    rule = SAMPLE[act]
    if by.town_id != sample.town_id or held_by(by).own.isdisjoint(rule.powers):
        raise Refused(f"您的岗位不能{rule.title}。抽查由监督检查和管理任务的岗位来办。")
    if sample.state not in rule.sources:
        raise Refused(f"这一条现在是“{sample.get_state_display()}”，不能{rule.title}。请刷新后再看。")
    if rule.who == ("inspector",) and by.pk != sample.inspector_id:
        raise Refused("核对结果由指定的核对人来写。")
    if rule.who == ("unit",) and not of_unit(by, sample.unit_id):
        raise Refused(f"说明由公开的单位来写：{sample.unit}。")
    if rule.who == ("second",) and by.pk == sample.inspector_id:
        raise Refused("自己核对的，要由另一位同事公布或者退回。")
    if rule.who == ("second",) and of_unit(by, sample.unit_id):
        raise Refused(f"您在{sample.unit}任职，本单位的抽查结果请由别的同事公布或者退回。")


def can(act: str, sample: Sample, by: Staff) -> bool:
    try:
        check(act, sample, by)
    except Refused:
        return False
    return True
