"""The steps of one item version, as plain data, and what must hold before they can be compiled."""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from mingtang.flows import expressions
from mingtang.flows.expressions import MAX_LENGTH
from mingtang.lib.errors import Refused

Kind = Literal["instant", "promised", "joint"]

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
RESERVED_KEYS = frozenset({"submit", "intake", "supply", "decide", "serve", "reported_up", "start", "upper"})
# Flags the lifecycle acts set themselves; a step's condition that reads one would see it change under its feet.
OWN_FLAGS = frozenset({"intake", "supplemented", "route", "decision", "redo"})
OPINION = "opinion_"  # with the key of a step: what its owner said, set when the step is done
MAX_STEPS = 40
MAX_NAME = 32
MAX_CONDITION = MAX_LENGTH - len("not ()")  # the way around the step is drawn with its contrary


@dataclass(frozen=True, slots=True)
class Lane:
    """One swim lane: who acts."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step between acceptance and decision.

    Steps run in order; neighbours with the same `group` run at the same time. A step with a `condition`
    (see `expressions`) is left out when the condition does not hold; `condition_label` says it in words (占用农用地).
    """

    key: str
    name: str
    lane: str
    working_days: int | None = None
    group: str | None = None
    condition: str | None = None
    condition_label: str | None = None


@dataclass(frozen=True, slots=True)
class FlowSpec:
    """Everything the process of one item version is compiled from.

    `suspensions` are the special procedures the version may use, each with its article (许可法 45);
    `sends_up` names the superior office that decides instead (许可法 43). Limits are working days, None = not stated.
    """

    item_code: str
    version: int
    name: str
    kind: Kind
    lanes: tuple[Lane, ...]
    applicant_lane: str
    window_lane: str
    decider_lane: str
    steps: tuple[Step, ...] = ()
    suspensions: tuple[tuple[str, str], ...] = ()
    sends_up: tuple[str] | None = None
    intake_days: int | None = None
    decide_days: int | None = None
    serve_days: int | None = None


def units(spec: FlowSpec) -> list[tuple[Step, ...]]:
    """The steps in order, neighbours of one group together: what runs one after the other."""
    result: list[tuple[Step, ...]] = []
    for group, members in groupby(spec.steps, key=lambda step: step.group):
        found = tuple(members)
        result.extend([found] if group is not None else [(step,) for step in found])
    return result


def validate(spec: FlowSpec) -> list[str]:
    """What keeps the spec from being compiled, one Chinese sentence each; empty when nothing does."""
    return [*_lane_issues(spec), *_step_issues(spec), *_group_issues(spec), *_other_issues(spec)]


def _lane_issues(spec: FlowSpec) -> list[str]:
    issues = [f"泳道“{key}”写了两次，请合并。" for key, n in Counter(lane.key for lane in spec.lanes).items() if n > 1]
    known = {lane.key for lane in spec.lanes}
    for lane in spec.lanes:
        if not KEY.fullmatch(lane.key) or lane.key == "upper":
            issues.append(f"泳道代码“{lane.key}”不合规，请用小写字母开头的字母、数字和下划线，且不用 upper。")
        issues.extend(_name_issues("泳道", lane.name))
    for role, key in (("申请人", spec.applicant_lane), ("窗口", spec.window_lane), ("决定人", spec.decider_lane)):
        if not key:
            issues.append(f"没有写明{role}的泳道，请选定一条泳道。")
        elif key not in known:
            issues.append(f"{role}的泳道“{key}”不在泳道名单里，请先添加。")
    if spec.applicant_lane in (spec.window_lane, spec.decider_lane):
        issues.append("申请人的泳道不能同时是窗口或决定人的泳道，请分开。")
    return issues


def _step_issues(spec: FlowSpec) -> list[str]:
    issues = [f"步骤代码“{key}”写了两次，请改成不同的代码。" for key, n in _count(spec.steps) if n > 1]
    known = {lane.key for lane in spec.lanes}
    for step in spec.steps:
        if not KEY.fullmatch(step.key):
            issues.append(f"步骤代码“{step.key}”不合规，请用小写字母开头的字母、数字和下划线，最多 40 个。")
        elif step.key in RESERVED_KEYS or step.key.startswith("suspended_"):
            issues.append(f"步骤代码“{step.key}”是系统专用的，请换一个。")
        issues.extend(_name_issues("步骤", step.name))
        if step.lane not in known:
            issues.append(f"步骤“{step.name}”的泳道“{step.lane}”不在泳道名单里，请先添加。")
        elif step.lane == spec.applicant_lane:
            issues.append(f"步骤“{step.name}”放在了申请人的泳道，受理以后的步骤要由办理单位承担，请改正。")
        if step.working_days is not None and step.working_days < 1:
            issues.append(f"步骤“{step.name}”的时限要写 1 个以上工作日，不限时就留空。")
        issues.extend(_condition_issues(step))
    return issues


def _condition_issues(step: Step) -> list[str]:
    if step.condition is None:
        return [] if step.condition_label is None else [f"步骤“{step.name}”有条件说明却没有条件，请补上或删去说明。"]
    issues = []
    if not (step.condition_label or "").strip():
        issues.append(f"步骤“{step.name}”有条件却没有说明，请用一句短话写明什么情况下要办。")
    else:
        issues.extend(_name_issues("条件说明", step.condition_label or "", limit=20))
    if len(step.condition) > MAX_CONDITION:
        return [*issues, f"步骤“{step.name}”的条件太长，请写在 {MAX_CONDITION} 个字符以内。"]
    try:
        names = expressions.check(step.condition)
    except Refused as error:
        return [*issues, f"步骤“{step.name}”的条件不能用：{error}"]
    if not names:
        issues.append(f"步骤“{step.name}”的条件没有用到任何情况，结果总是一样，请改正。")
    issues.extend(f"步骤“{step.name}”的条件用了系统专用的名称“{n}”，请换一个。" for n in sorted(names & OWN_FLAGS))
    issues.extend(f"步骤“{step.name}”的条件里“{n}”不是代码，请用英文字母命名。" for n in names if not n.isascii())
    return issues


def _group_issues(spec: FlowSpec) -> list[str]:
    issues = []
    runs = [(group, len(list(members))) for group, members in groupby(spec.steps, key=lambda step: step.group)]
    for group, size in runs:
        if group is not None and size == 1:
            issues.append(f"并行组“{group}”只有一个步骤，请再加一个或取消分组。")
    for group, n in Counter(group for group, _ in runs if group is not None).items():
        if not KEY.fullmatch(group):
            issues.append(f"并行组代码“{group}”不合规，请用小写字母开头的字母、数字和下划线。")
        if n > 1:
            issues.append(f"并行组“{group}”的步骤没有排在一起，请调整顺序或换一个组名。")
    return issues


def _other_issues(spec: FlowSpec) -> list[str]:
    issues = _name_issues("事项", spec.name, limit=120)
    if spec.version < 1:
        issues.append("版本号要从 1 开始，请改正。")
    issues.extend(_name_issues("事项代码", spec.item_code, limit=80))
    if spec.kind not in ("instant", "promised", "joint"):
        issues.append("办理方式只能是即办、承诺办或联合办，请重选。")
    if spec.kind != "instant" and not spec.steps:
        issues.append("承诺件和联合件至少要有一个办理步骤，请添加。")
    if len(spec.steps) > MAX_STEPS:
        issues.append(f"步骤超过 {MAX_STEPS} 个，请合并。")
    if len({name for name, _ in spec.suspensions}) < len(spec.suspensions):
        issues.append("特别程序写了两次，请合并。")
    for name, article in spec.suspensions:
        issues.extend(_name_issues("特别程序", name, limit=12))
        issues.extend(_name_issues("特别程序的依据条文", article, limit=60))
    if spec.sends_up is not None:
        issues.extend(_name_issues("上级机关", spec.sends_up[0]))
    return issues


def _name_issues(what: str, name: str, limit: int = MAX_NAME) -> list[str]:
    if not name.strip():
        return [f"有一个{what}没有名称，请填写。"]
    if len(name) > limit:
        return [f"{what}“{name}”的名称太长，请写在 {limit} 个字以内。"]
    if any(ord(c) < 32 or ord(c) == 127 or 0xD800 <= ord(c) <= 0xDFFF or ord(c) in (0xFFFE, 0xFFFF) for c in name):
        return [f"{what}名称里有看不见的控制字符，请重新输入。"]
    return []


def _count(steps: tuple[Step, ...]) -> list[tuple[str, int]]:
    return list(Counter(step.key for step in steps).items())
