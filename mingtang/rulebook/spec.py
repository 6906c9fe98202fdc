"""What one item version holds: the one source of guide, form, material check, fee, flow and case.

A spec is plain data. ``parse`` turns stored JSON into dataclasses and refuses what is missing or unknown, so that no
property is left to a default nobody wrote down.
"""

from dataclasses import asdict, dataclass, fields
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from mingtang.flows.model import FlowSpec, Lane, Step
from mingtang.lib.canonical import canonical_json, sha256_hex
from mingtang.lib.errors import Refused


@dataclass(frozen=True)
class Basis:
    law: str
    article: str


@dataclass(frozen=True)
class Material:
    """One paper asked for. ``fetched_by_us``: we look it up; ``deferrable``: may follow later (容缺)."""

    key: str
    name: str
    issuer: str
    form: str
    copies: int
    required: bool
    fetched_by_us: bool
    deferrable: bool
    standard: str
    basis: str


@dataclass(frozen=True)
class Work:
    """One step between acceptance and decision: which post of which unit does what, by what standard, in how long."""

    key: str
    name: str
    post: str
    working_days: int
    group: str | None
    standard: str


@dataclass(frozen=True)
class Fee:
    """``amount`` in fen per ``per``."""

    name: str
    amount: int
    per: str
    basis: str


@dataclass(frozen=True)
class Procedure:
    """A special procedure that may pause the clock (许可法 45), with its article."""

    name: str
    article: str


@dataclass(frozen=True)
class Question:
    question: str
    answer: str


@dataclass(frozen=True)
class Result:
    name: str
    kind: str


@dataclass(frozen=True)
class Spec:
    """Days are working days; ``statutory_days`` is None where no law sets one, ``promised_days`` is 0 for 即办件."""

    name: str
    kind: str
    power_type: str
    power_holder: str
    holder: str
    served: tuple[str, ...]
    summary: str
    basis: tuple[Basis, ...]
    conditions: tuple[str, ...]
    materials: tuple[Material, ...]
    window_post: str
    decider_post: str
    steps: tuple[Work, ...]
    intake_days: int
    statutory_days: int | None
    promised_days: int
    joint_decision: str
    silence_rule: str
    procedures: tuple[Procedure, ...]
    fees: tuple[Fee, ...]
    results: tuple[Result, ...]
    place: str
    hours: str
    phone: str
    complaint_phone: str
    visits: int
    online: bool
    visibility: str
    synonyms: tuple[str, ...]
    questions: tuple[Question, ...]

    def material(self, key: str) -> Material:
        for material in self.materials:
            if material.key == key:
                return material
        raise Refused("这个版本里没有这项材料。请刷新页面后再办。")

    def step(self, key: str) -> Work:
        for step in self.steps:
            if step.key == key:
                return step
        raise Refused("这个版本里没有这个环节。请刷新页面后再办。")

    @property
    def fee_total(self) -> int:
        """Fen, for one unit of each fee."""
        return sum(fee.amount for fee in self.fees)


_NESTED = {
    "basis": Basis,
    "materials": Material,
    "steps": Work,
    "procedures": Procedure,
    "fees": Fee,
    "questions": Question,
    "results": Result,
}
_LISTS = ("served", "conditions", "synonyms")


def _build(kind: type, data: Any, where: str):
    if not isinstance(data, dict):
        raise Refused(f"{where}的格式不对，应当是一组字段。")
    known = {field.name for field in fields(kind)}
    if unknown := sorted(set(data) - known):
        raise Refused(f"{where}里有不认识的字段：{'、'.join(unknown)}。请删去或改正。")
    if missing := sorted(known - set(data)):
        raise Refused(f"{where}里缺少字段：{'、'.join(missing)}。请补上。")
    for name, hint in _hints(kind).items():
        if not _fits(data[name], hint):
            raise Refused(f"{where}里“{name}”的内容格式不对，请改正。", field=name)
    return kind(**data)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _fits(value: Any, hint: Any) -> bool:
    """Whether a value has the declared type; a flag is not a number, and text is not a list of characters."""
    if get_origin(hint) is tuple:
        return isinstance(value, tuple) and all(isinstance(one, get_args(hint)[0]) for one in value)
    allowed = get_args(hint) or (hint,)
    return type(value) in allowed


def parse(data: dict[str, Any]) -> Spec:
    """The spec of stored JSON. Raises ``Refused`` naming every missing or unknown field."""
    values = dict(data)
    for name in values.keys() & {*_NESTED, *_LISTS}:
        rows = values[name]
        if not isinstance(rows, list | tuple):
            raise Refused(f"“{name}”应当是一张清单。", field=name)
        if kind := _NESTED.get(name):
            rows = [_build(kind, row, f"{name} 第 {n} 行") for n, row in enumerate(rows, 1)]
        values[name] = tuple(rows)
    return _build(Spec, values, "事项")


def as_json(spec: Spec) -> dict[str, Any]:
    """Plain JSON data; ``parse`` gives the spec back."""
    return asdict(spec)


def spec_hash(*, code: str, number: int, data: dict[str, Any], flow_sha256: str) -> str:
    """SHA-256 of a version: code, number, whole spec and the flow that runs it."""
    return sha256_hex(canonical_json({"code": code, "version": number, "spec": data, "flow": flow_sha256}))


def flow_of(spec: Spec, *, code: str, number: int, lanes: dict[str, str]) -> FlowSpec:
    """The process of a spec. ``lanes`` maps post codes to the names shown (单位＋岗位)."""

    def lane(post: str) -> str:
        return "post_" + post.replace("-", "_")

    posts = list(dict.fromkeys([spec.window_post, *(step.post for step in spec.steps), spec.decider_post]))
    return FlowSpec(
        item_code=code,
        version=number,
        name=spec.name,
        kind=spec.kind,
        lanes=(Lane("applicant", "申请人"), *(Lane(lane(post), lanes.get(post, post)) for post in posts)),
        applicant_lane="applicant",
        window_lane=lane(spec.window_post),
        decider_lane=lane(spec.decider_post),
        steps=tuple(
            Step(key=step.key, name=step.name, lane=lane(step.post), working_days=step.working_days, group=step.group)
            for step in spec.steps
        ),
        suspensions=tuple((procedure.name, procedure.article) for procedure in spec.procedures),
        intake_days=spec.intake_days,
        serve_days=10,
    )
