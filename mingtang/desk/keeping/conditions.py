"""Conditions without code: which answers, chosen question by question, joined by 并且 or 或者.

What is chosen becomes an expression of ``flows.expressions``, and an expression becomes choices again wherever choices
can say the same. Anything else is kept as it stands and shown, until somebody chooses anew.
"""

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from mingtang.flows import expressions
from mingtang.lib.errors import Refused
from mingtang.rulebook.situations import unicode_digits

AND, OR = "and", "or"
_PLAIN = {"是", "否", "有", "没有", "无", "会", "不会", "要", "不要", "能", "不能", "需要", "不需要"}


@dataclass(frozen=True)
class Asked:
    """A question as conditions see it: the keys and words of its answers; without any it asks for a number."""

    key: str
    question: str
    options: tuple[tuple[str, str], ...]
    unit: str = ""
    most: int = 0

    @property
    def subject(self) -> str:
        return self.question.rstrip("？?。 ")


@dataclass(frozen=True)
class Picked:
    """What is chosen. ``answers``: question → answers; ``low`` and ``high``: question → number as typed; ``raw``: the
    expression it was before, which stays letter for letter while the choices still say the same."""

    join: str = AND
    answers: dict[str, list[str]] = field(default_factory=dict)
    low: dict[str, str] = field(default_factory=dict)
    high: dict[str, str] = field(default_factory=dict)
    raw: str = ""

    @property
    def chosen(self) -> bool:
        numbers = (*self.low.values(), *self.high.values())
        return any(self.answers.values()) or any(number.strip() for number in numbers)


def write(picked: Picked, asked: Iterable[Asked]) -> str:
    """The expression of what is chosen; empty when nothing is. Raises ``Refused`` for a number that is none, and for
    a ``raw`` outside the language: it may come back from a browser."""
    asked = list(asked)
    if picked.raw:
        expressions.check(picked.raw)
        before = read(picked.raw, asked)
        if before.chosen == picked.chosen and _same(before, picked, asked):
            return picked.raw
    clauses = [clause for one in asked if (clause := _clause(one, picked))]
    if picked.join == OR and len(clauses) > 1:
        clauses = [f"({clause})" if " and " in clause else clause for clause in clauses]
    written = f" {picked.join} ".join(clauses)
    if len(written) > expressions.MAX_LENGTH:
        raise Refused("选的答案太多，条件写不下。请少选几个，或者改成相反的说法。")
    if written:
        expressions.check(written)
    return written


def _same(one: Picked, other: Picked, asked: list[Asked]) -> bool:
    clauses = [[_clause(question, picked) for question in asked] for picked in (one, other)]
    joined = one.join == other.join or sum(map(bool, clauses[0])) < 2
    return clauses[0] == clauses[1] and joined


def strangers(raw: str, asked: Iterable[Asked]) -> bool:
    """Whether an expression asks for a question that is no longer there."""
    try:
        return bool(expressions.check(raw) - {one.key for one in asked}) if raw else False
    except Refused:
        return False


def _clause(one: Asked, picked: Picked) -> str:
    if one.options:
        keys = [key for key, _ in one.options if key in picked.answers.get(one.key, [])]
        if not keys:
            return ""
        return f"{one.key} == {keys[0]!r}" if len(keys) == 1 else f"{one.key} in ({', '.join(map(repr, keys))})"
    low, high = _number(picked.low, one), _number(picked.high, one)
    if low is not None and high is not None:
        if low > high:
            raise Refused(f"“{one.subject}”的起点 {low} 比终点 {high} 大。请对调。")
        return f"{one.key} == {low}" if low == high else f"{one.key} >= {low} and {one.key} <= {high}"
    if low is not None:
        return f"{one.key} >= {low}"
    return f"{one.key} <= {high}" if high is not None else ""


def _number(typed: dict[str, str], one: Asked) -> int | None:
    said = unicode_digits(typed.get(one.key, "").strip())
    if not said:
        return None
    if not (said.isascii() and said.isdigit() and len(said) <= 9):
        raise Refused(f"“{one.subject}”的数“{said[:20]}”不是整数。请只填数字（{one.unit or '整数'}）。")
    return int(said)


def words(picked: Picked, asked: Iterable[Asked]) -> str:
    """What is chosen in a few words, for people; empty when nothing is, or where only the expression can say it."""
    said = [text for one in asked if (text := _said(one, picked))]
    return ("，并且" if picked.join == AND else "，或者").join(said)


def _said(one: Asked, picked: Picked) -> str:
    if one.options:
        chosen = [label for key, label in one.options if key in picked.answers.get(one.key, [])]
        listed = "或者".join(chosen)
        return f"{one.subject}：{listed}" if any(label in _PLAIN for label in chosen) else listed
    low, high = picked.low.get(one.key, "").strip(), picked.high.get(one.key, "").strip()
    if low and high:
        span = low if low == high else f"{low}到{high}"
        return f"{one.subject}{span}{one.unit}"
    if low:
        return f"{one.subject}{low}{one.unit}以上"
    return f"{one.subject}不超过{high}{one.unit}" if high else ""


def read(when: str, asked: Iterable[Asked]) -> Picked:
    """The choices that say what an expression says; none where choices cannot."""
    if not when.strip():
        return Picked()
    known = {one.key: one for one in asked}
    try:
        expressions.check(when)
        found = _Reading(known).whole(ast.parse(when.strip(), mode="eval").body)
    except (Refused, SyntaxError, _Beyond):
        return Picked(raw=when)
    return replace(found, raw=when)


class _Beyond(Exception):
    """More than choices can say."""


@dataclass
class _Set:
    """The answers of one question a condition allows."""

    answers: frozenset[str] | None = None
    low: int | None = None
    high: int | None = None

    def both(self, other: "_Set") -> "_Set":
        if self.answers is not None and other.answers is not None:
            return _Set(self.answers & other.answers)
        return _Set(
            None,
            max((x for x in (self.low, other.low) if x is not None), default=None),
            min((x for x in (self.high, other.high) if x is not None), default=None),
        )


class _Reading:
    def __init__(self, known: dict[str, Asked]) -> None:
        self.known = known

    def whole(self, node: ast.expr) -> Picked:
        join, parts = AND, [node]
        if isinstance(node, ast.BoolOp):
            join, parts = (AND if isinstance(node.op, ast.And) else OR), node.values
        found: dict[str, _Set] = {}
        for part in parts:
            key, new = self.part(part, join)
            if key not in found:
                found[key] = new
            elif join == AND:
                found[key] = found[key].both(new)
            elif new.answers is not None and (old := found[key].answers) is not None:
                found[key] = _Set(old | new.answers)
            else:
                raise _Beyond
        return self.picked(found, join)

    def picked(self, found: dict[str, _Set], join: str) -> Picked:
        out = Picked(join)
        for key, one in found.items():
            if one.answers is not None:
                if not one.answers:
                    raise _Beyond
                out.answers[key] = [option for option, _ in self.known[key].options if option in one.answers]
            elif one.low is not None and one.high is not None and one.low > one.high:
                raise _Beyond
            if one.low is not None:
                out.low[key] = str(one.low)
            if one.high is not None:
                out.high[key] = str(one.high)
        # Where one question alone is asked, how it would be joined to others says nothing.
        return out if len(found) > 1 else replace(out, join=AND)

    def part(self, node: ast.expr, join: str) -> tuple[str, _Set]:
        """A comparison, its opposite, or a span of numbers in brackets."""
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And) and join == OR:
            ends = [self.comparison(one, False) for one in node.values]
            if len({key for key, _ in ends}) > 1 or any(one.answers is not None for _, one in ends):
                raise _Beyond
            span = ends[0][1]
            for _, one in ends[1:]:
                span = span.both(one)
            return ends[0][0], span
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self.comparison(node.operand, True)
        return self.comparison(node, False)

    def comparison(self, node: ast.expr, opposite: bool) -> tuple[str, _Set]:
        if not isinstance(node, ast.Compare) or len(node.ops) != 1 or not isinstance(node.left, ast.Name):
            raise _Beyond
        one = self.known.get(node.left.id)
        if one is None:
            raise _Beyond
        op, right = node.ops[0], node.comparators[0]
        return one.key, self.answers(one, op, right, opposite) if one.options else self.span(op, right, opposite)

    def answers(self, one: Asked, op: ast.cmpop, right: ast.expr, opposite: bool) -> _Set:
        offered = frozenset(key for key, _ in one.options)
        values = self.values(right) if isinstance(op, ast.In | ast.NotIn) else [self.value(right)]
        if not isinstance(op, ast.Eq | ast.NotEq | ast.In | ast.NotIn) or not offered.issuperset(values):
            raise _Beyond
        named = frozenset(str(value) for value in values)
        return _Set(offered - named if isinstance(op, ast.NotEq | ast.NotIn) != opposite else named)

    def span(self, op: ast.cmpop, right: ast.expr, opposite: bool) -> _Set:
        value = self.value(right)
        if type(value) is not int or value < 0 or opposite:
            raise _Beyond
        match op:
            case ast.Eq():
                return _Set(None, value, value)
            case ast.GtE() | ast.Gt():
                return _Set(None, value + isinstance(op, ast.Gt))
            case ast.LtE():
                return _Set(None, None, value)
            case ast.Lt() if value > 0:
                return _Set(None, None, value - 1)
        raise _Beyond

    @staticmethod
    def value(node: ast.expr) -> Any:
        if not isinstance(node, ast.Constant):
            raise _Beyond
        return node.value

    def values(self, node: ast.expr) -> list[Any]:
        if not isinstance(node, ast.Tuple | ast.List):
            raise _Beyond
        return [self.value(one) for one in node.elts]
