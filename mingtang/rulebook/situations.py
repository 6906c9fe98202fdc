"""情形: what the answers of one applicant select of a version — materials, steps, fees — and what ends the way.

Pure. Guide, form, window checklist, process and fee all ask this module, so that they cannot disagree. Which answers
are possible is finite in what it can change: ``combinations`` names one representative of each, so that the gate can
tell a condition that nobody meets, or everybody, before anybody is asked.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, product
from math import prod
from typing import TypeVar

from mingtang.flows import expressions
from mingtang.lib.errors import Refused
from mingtang.rulebook.spec import Fee, Material, Situation, Spec, Work

Answers = Mapping[str, str | int]
MAX_SITUATIONS, MAX_OPTIONS = 8, 10
MAX_COMBINATIONS = 20_000
T = TypeVar("T", Material, Work, Fee)


@dataclass(frozen=True)
class Selected:
    """What holds for these answers. ``bars``: why nothing can be granted, one sentence an answer; empty when it can."""

    materials: tuple[Material, ...]
    steps: tuple[Work, ...]
    fees: tuple[Fee, ...]
    bars: tuple[str, ...]

    @property
    def asked(self) -> tuple[Material, ...]:
        """The papers the applicant brings."""
        return tuple(material for material in self.materials if not material.fetched_by_us)


def field_of(key: str) -> str:
    """The form field of a situation."""
    return f"ask_{key}"


def check(spec: Spec, given: Mapping[str, object]) -> dict[str, str | int]:
    """The answers as codes and whole numbers, one for each situation, none more.

    Raises ``Refused`` at ``field_of`` the first situation that is unanswered or answered with what is not offered.
    """
    return {situation.key: _checked(situation, given.get(situation.key)) for situation in spec.situations}


def from_form(spec: Spec, form: Mapping[str, object]) -> tuple[dict[str, str | int], dict[str, str]]:
    """What a form says under ``field_of`` each situation: the answers that hold, and field → sentence for the others.

    The answers are whole where there is no sentence.
    """
    answers: dict[str, str | int] = {}
    wrong: dict[str, str] = {}
    for situation in spec.situations:
        field = field_of(situation.key)
        try:
            answers[situation.key] = _checked(situation, form.get(field))
        except Refused as refusal:
            wrong[field] = refusal.message
    return answers, wrong


def _checked(situation: Situation, value: object) -> str | int:
    text = unicode_digits(str(value if value is not None else "").strip())
    field = field_of(situation.key)
    if situation.options:
        if text not in {option.key for option in situation.options}:
            raise Refused(f"请回答“{situation.question}”，从列出的答案里选一个。", field=field)
        return text
    if not text:
        raise Refused(f"请回答“{situation.question}”，填一个数（{situation.unit}），没有就填 0。", field=field)
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Refused(
            f"“{situation.question}”请只填整数（{situation.unit}），不带小数点和单位。不足 1 的按 1 填。", field=field
        )
    if int(text) > situation.most:
        raise Refused(f"“{situation.question}”最多填 {situation.most}（{situation.unit}）。请核对。", field=field)
    return int(text)


def unicode_digits(text: str) -> str:
    """Full-width digits as they come from Chinese keyboards, as ASCII."""
    return text.translate({0xFF10 + digit: str(digit) for digit in range(10)})


def holds(when: str, answers: Answers) -> bool:
    """Whether a condition holds; an empty one always does."""
    return not when or expressions.evaluate(when, answers)


def selected(spec: Spec, answers: Answers) -> Selected:
    """What of the version holds for checked answers."""

    def those(rows: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(row for row in rows if holds(row.when, answers))

    bars = [
        option.bars
        for situation in spec.situations
        for option in situation.options
        if option.bars and answers[situation.key] == option.key
    ]
    return Selected(those(spec.materials), those(spec.steps), those(spec.fees), tuple(bars))


def longest_way(spec: Spec, answers: Answers) -> int:
    """Working days of the steps that these answers select."""
    steps = selected(spec, answers).steps
    total = 0
    for group, members in groupby(steps, key=lambda step: step.group):
        days = [step.working_days for step in members]
        total += sum(days) if group is None else max(days)
    return total


def flags(spec: Spec, answers: Answers) -> dict[str, str | int]:
    """The answers that the process asks for: those named in conditions of steps."""
    names = {name for step in spec.steps if step.when for name in expressions.check(step.when)}
    return {name: answers[name] for name in sorted(names)}


def words(spec: Spec, answers: Answers) -> list[tuple[str, str]]:
    """Question and answer as people read them."""
    found = []
    for situation in spec.situations:
        value = answers[situation.key]
        labels = {option.key: option.label for option in situation.options}
        found.append((situation.question, labels.get(str(value), "") if labels else f"{value} {situation.unit}"))
    return found


def conditions(spec: Spec) -> Iterator[tuple[str, str, str]]:
    """Every condition with the field it stands in and what it belongs to."""
    for material in spec.materials:
        if material.when:
            yield "materials", f"材料“{material.name}”", material.when
    for step in spec.steps:
        if step.when:
            yield "steps", f"环节“{step.name}”", step.when
    for fee in spec.fees:
        if fee.when:
            yield "fees", f"收费“{fee.name}”", fee.when
        for reduction in fee.reductions:
            if reduction.when:
                yield "fees", f"收费“{fee.name}”的减免“{reduction.label}”", reduction.when


def representatives(spec: Spec) -> dict[str, list[str | int]]:
    """For each situation the answers that can make a difference: every option, or the numbers on, just below and just
    above each constant that a condition compares it with."""
    found: dict[str, list[str | int]] = {}
    for situation in spec.situations:
        if situation.options:
            found[situation.key] = [option.key for option in situation.options]
            continue
        edges = {0, situation.most}
        for _, _, when in conditions(spec):
            numbers = {value for value in compared_with(when, situation.key) if isinstance(value, int)}
            edges |= {number + step for number in numbers for step in (-1, 0, 1)}
        found[situation.key] = sorted(edge for edge in edges if 0 <= edge <= situation.most)
    return found


def _tree(when: str) -> ast.Expression:
    """The parsed condition. Raises ``Refused`` for one that is not in the language."""
    expressions.check(when)
    return ast.parse(when.strip(), mode="eval")


def is_plain(when: str) -> bool:
    """Whether every comparison sets one situation against constants: only such conditions can be checked whole."""
    tree = _tree(when)
    compared = [node for node in ast.walk(tree) if isinstance(node, ast.Compare)]
    inside = [sum(isinstance(one, ast.Name) for one in ast.walk(node)) for node in compared]
    return all(count == 1 for count in inside) and sum(inside) == sum(isinstance(n, ast.Name) for n in ast.walk(tree))


def compared_with(when: str, key: str) -> set[str | int]:
    """The constants that a condition sets a situation against."""
    found: set[str | int] = set()
    for node in ast.walk(_tree(when)):
        if isinstance(node, ast.Compare) and any(isinstance(one, ast.Name) and one.id == key for one in ast.walk(node)):
            for one in ast.walk(node):
                if isinstance(one, ast.UnaryOp) and isinstance(one.operand, ast.Constant):
                    found.add(-one.operand.value if isinstance(one.operand.value, int) else one.operand.value)
                elif isinstance(one, ast.Constant) and isinstance(one.value, int | str):
                    found.add(one.value)
    return found


def combinations(spec: Spec) -> Iterator[dict[str, str | int]]:
    """One of each kind of answers the version can be asked with."""
    values = representatives(spec)
    for combination in product(*values.values()):
        yield dict(zip(values, combination, strict=True))


def how_many(spec: Spec) -> int:
    """How many ``combinations`` there are, without walking them."""
    return prod(len(values) for values in representatives(spec).values())
