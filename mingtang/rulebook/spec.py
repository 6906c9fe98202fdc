"""What one item version holds: the one source of guide, form, material check, fee, flow and case.

A spec is plain data. ``parse`` turns stored JSON into dataclasses and refuses what is missing or unknown, so that no
property is left to a default nobody wrote down. Conditions (``when``) are written in the closed language of
``flows.expressions`` over the keys of the situations; empty means always.
"""

from dataclasses import asdict, dataclass, fields, is_dataclass
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
class Option:
    """One answer. ``bars``: why nothing can be granted to whoever gives it; empty where the way goes on."""

    key: str
    label: str
    bars: str


@dataclass(frozen=True)
class Situation:
    """情形: a question whose answer selects materials, steps and fees. With ``options`` one of them is chosen;
    without, a whole number from 0 to ``most`` of ``unit`` is given."""

    key: str
    question: str
    hint: str
    unit: str
    most: int
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Material:
    """One paper asked for. ``fetched_by_us``: we look it up; ``deferrable``: may follow later (容缺). ``pledge`` is
    what may be pledged in writing in its place (告知承诺), empty where nothing replaces it; we look into what was
    pledged within ``verify_days`` working days after the decision. ``medium`` and ``source`` are codes; ``note``
    tells how to fill it in."""

    key: str
    name: str
    issuer: str
    form: str
    medium: str
    source: str
    copies: int
    required: bool
    fetched_by_us: bool
    deferrable: bool
    pledge: str
    verify_days: int
    standard: str
    basis: str
    note: str
    when: str
    when_label: str


@dataclass(frozen=True)
class Work:
    """One step between acceptance and decision: which post of which unit does what, by what standard and article, in
    how many working days."""

    key: str
    name: str
    post: str
    working_days: int
    group: str | None
    standard: str
    basis: str
    when: str
    when_label: str


@dataclass(frozen=True)
class Reduction:
    """Whoever ``when`` holds for pays ``percent`` less; 100 pays nothing."""

    label: str
    when: str
    percent: int
    basis: str


@dataclass(frozen=True)
class Fee:
    """``amount`` in fen per ``per``; ``quantity`` names the numeric situation that counts them, empty for one.

    ``most`` caps what one case pays (fen, 0 for no cap). ``valid_from`` and ``valid_to`` are ISO dates, both included,
    empty where open. The columns are those of the public fee board (`law.md` 13).
    """

    code: str
    name: str
    nature: str
    fund: str
    amount: int
    per: str
    quantity: str
    most: int
    payer: str
    scope: str
    receipt: str
    basis: str
    when: str
    when_label: str
    reductions: tuple[Reduction, ...]
    valid_from: str
    valid_to: str


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
    """What is given in the end; ``validity`` says for how long it holds, ``months`` reckons it: 0 without an end."""

    name: str
    kind: str
    validity: str
    months: int


@dataclass(frozen=True)
class Enclosure:
    """A file the guide offers: ``role`` a form to fill in, a sample of it, or what the result looks like; ``of`` is the
    key of the material or the name of the result. The bytes lie in ``files`` under their SHA-256."""

    role: str
    of: str
    name: str
    sha256: str


@dataclass(frozen=True)
class Part:
    """One item of 一件事, with the version it was composed from."""

    code: str
    version: int


@dataclass(frozen=True)
class Listing:
    """What the implementation list (实施清单, `law.md` 5.2–5.3) asks beside the guide. Codes are those of 5.5; flags
    say what is offered; texts are empty where there is nothing."""

    basic_code: str
    task_code: str
    level: str
    holder_nature: str
    entrusted_by: str
    ways: tuple[str, ...]
    visit_reason: str
    scope: str
    quota: str
    online_depth: str
    online_payment: bool
    appointment: bool
    courier: bool
    intermediary: str
    person_themes: tuple[str, ...]
    firm_themes: tuple[str, ...]
    rights: str
    duties: str
    traffic: str


@dataclass(frozen=True)
class Superior:
    """Who decides in the town's stead, on our opinion and the whole file (许可法 43): ``organ`` is empty where the town
    decides itself. ``working_days`` is that organ's own limit, None where none is stated."""

    organ: str
    working_days: int | None
    basis: str


@dataclass(frozen=True)
class Publication:
    """What everybody learns of a grant, and by which law: where (``scope``), which ``fields``, for how many calendar
    ``days`` (0: as long as it holds). With the scope ``none`` grants are only counted."""

    scope: str
    fields: tuple[str, ...]
    days: int
    basis: str


@dataclass(frozen=True)
class InPerson:
    """What the applicant must come and do themselves, each with the law and article that says so; empty where an agent
    may (许可法 29)."""

    apply: str
    collect: str


@dataclass(frozen=True)
class Spec:
    """Days are working days; ``statutory_days`` is None where no law sets one, ``promised_days`` is 0 for 即办件.
    ``ex_officio`` is the article by which we may begin without an application, empty where there is none."""

    name: str
    kind: str
    power_type: str
    power_holder: str
    holder: str
    served: tuple[str, ...]
    summary: str
    basis: tuple[Basis, ...]
    situations: tuple[Situation, ...]
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
    superior: Superior
    ex_officio: str
    in_person: InPerson
    procedures: tuple[Procedure, ...]
    fees: tuple[Fee, ...]
    results: tuple[Result, ...]
    publication: Publication
    place: str
    hours: str
    phone: str
    complaint_phone: str
    visits: int
    online: bool
    visibility: str
    synonyms: tuple[str, ...]
    questions: tuple[Question, ...]
    files: tuple[Enclosure, ...]
    parts: tuple[Part, ...]
    listing: Listing

    @property
    def posts(self) -> frozenset[str]:
        """Codes of the posts that handle a case: window, steps, decider."""
        return frozenset({self.window_post, self.decider_post, *(step.post for step in self.steps)})

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


# Fields that versions published before them do not have. A published version never changes: they are read as saying
# nothing. Whatever is written today has them all (``complete``).
LATER: dict[type, frozenset[str]] = {
    Material: frozenset({"pledge", "verify_days"}),
    Result: frozenset({"months"}),
    Spec: frozenset({"superior", "ex_officio", "publication", "in_person"}),
}


def build(kind: type, data: Any, where: str) -> Any:
    """One record of stored JSON; ``where`` names it in refusals."""
    if not isinstance(data, dict):
        raise Refused(f"{where}的格式不对，应当是一组字段。")
    data = _with_later(kind, data)
    known = {field.name for field in fields(kind)}
    if unknown := sorted(set(data) - known):
        raise Refused(f"{where}里有不认识的字段：{'、'.join(unknown)}。请删去或改正。")
    if missing := sorted(known - set(data)):
        raise Refused(f"{where}里缺少字段：{'、'.join(missing)}。请补上。")
    return kind(**{name: _value(data[name], hint, name, where) for name, hint in _hints(kind).items()})


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(value: Any, hint: Any, name: str, where: str) -> Any:
    """A value of the declared type; a flag is not a number, and text is not a list of characters."""
    if is_dataclass(hint):
        return build(hint, value, f"{where}的“{name}”" if where != "事项" else name)
    if get_origin(hint) is tuple:
        if not isinstance(value, list | tuple):
            raise Refused(f"“{name}”应当是一张清单。", field=name)
        inner = get_args(hint)[0]
        if is_dataclass(inner):
            start = "" if where == "事项" else f"{where}的 "
            return tuple(build(inner, row, f"{start}{name} 第 {number} 行") for number, row in enumerate(value, 1))
        if all(type(one) is inner for one in value):
            return tuple(value)
    elif type(value) in (get_args(hint) or (hint,)):
        return value
    raise Refused(f"{where}里“{name}”的内容格式不对，请改正。", field=name)


def parse(data: dict[str, Any]) -> Spec:
    """The spec of stored JSON. Raises ``Refused`` naming every missing or unknown field."""
    return build(Spec, data, "事项")


def complete(data: dict[str, Any]) -> dict[str, Any]:
    """A stored spec with every field of today, the later ones saying nothing. What is wrong with it stays so."""
    whole: dict[str, Any] = _complete(Spec, data)
    return whole


def _complete(hint: Any, value: Any) -> Any:
    if is_dataclass(hint) and isinstance(value, dict):
        hints = _hints(hint)
        return {name: _complete(hints.get(name), one) for name, one in _with_later(hint, value).items()}
    if get_origin(hint) is tuple and isinstance(value, list):
        return [_complete(get_args(hint)[0], one) for one in value]
    return value


def _with_later(kind: Any, data: dict[str, Any]) -> dict[str, Any]:
    lacking = LATER.get(kind, frozenset()) - set(data)
    return {**data, **{name: one for name, one in blank(kind).items() if name in lacking}} if lacking else data


def blank(kind: type) -> dict[str, Any]:
    """A row of ``kind`` that says nothing: empty texts and lists, zeros, no. For drafts; the gate asks for the rest."""

    def empty(hint: Any) -> Any:
        if is_dataclass(hint):
            return blank(hint)
        if get_origin(hint) is tuple:
            return []
        kinds = get_args(hint) or (hint,)
        return None if type(None) in kinds else kinds[0]()

    return {name: empty(hint) for name, hint in _hints(kind).items()}


def as_json(spec: Spec) -> dict[str, Any]:
    """Plain JSON data, lists where the spec has tuples; ``parse`` gives the spec back."""
    plain: dict[str, Any] = _plain(asdict(spec))
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


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
            Step(
                key=step.key,
                name=step.name,
                lane=lane(step.post),
                working_days=step.working_days,
                group=step.group,
                condition=step.when or None,
                condition_label=step.when_label or None,
            )
            for step in spec.steps
        ),
        suspensions=tuple((procedure.name, procedure.article) for procedure in spec.procedures),
        sends_up=(spec.superior.organ,) if spec.superior.organ else None,
        intake_days=spec.intake_days,
        serve_days=10,
    )
