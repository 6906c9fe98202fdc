"""Conditions as a test writes them, and as Python itself reads them: the house's own evaluator has no part in it."""

import ast
from collections.abc import Mapping
from functools import cache
from types import CodeType
from typing import Any

from hypothesis import strategies as st

Row = dict[str, Any]
LONGEST = 280
_READ = (
    *(ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.Compare, ast.Name, ast.Load, ast.Constant),
    *(ast.Tuple, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn),
)


@cache
def _read(when: str) -> tuple[CodeType, frozenset[str]]:
    tree = ast.parse(when, mode="eval")
    nodes = list(ast.walk(tree))
    assert all(isinstance(node, _READ) for node in nodes), when
    return compile(tree, "condition", "eval"), frozenset(node.id for node in nodes if isinstance(node, ast.Name))


def holds(when: str, answers: Mapping[str, str | int]) -> bool:
    """Whether a condition holds, by Python's own rules; an empty one always does."""
    return not when or bool(eval(_read(when)[0], {"__builtins__": {}}, dict(answers)))


def names(when: str) -> frozenset[str]:
    """The situations that a condition asks about."""
    return _read(when)[1] if when else frozenset()


def open_answers(situation: Row) -> list[str]:
    """The options that bar nobody."""
    return [option["key"] for option in situation["options"] if not option["bars"]]


def may_be_asked(situations: list[Row]) -> list[Row]:
    """Those whose answers differ among the people who are not barred."""
    return [one for one in situations if not one["options"] or len(open_answers(one)) > 1]


def condition(draw: st.DrawFn, situations: list[Row]) -> str:
    """Met by some and not by others: each situation is compared once, and each comparison is met by some of the answers
    that lead on and not by others."""
    chosen = draw(st.lists(st.sampled_from(situations), min_size=1, max_size=3, unique_by=lambda one: one["key"]))
    found = ""
    for one in chosen:
        part = _choice(draw, one) if one["options"] else _number(draw, one)
        if draw(st.sampled_from((False, False, True))):
            part = f"not {part}" if draw(st.booleans()) else f"not ({part})"
        joined = f"({found}) {draw(st.sampled_from(('and', 'or')))} {part}" if found else part
        if len(joined) <= LONGEST:
            found = joined
    return found


def _choice(draw: st.DrawFn, situation: Row) -> str:
    key, ways = situation["key"], open_answers(situation)
    if draw(st.booleans()):
        way = draw(st.sampled_from(ways))
        return draw(st.sampled_from((f"{key} == '{way}'", f"'{way}' == {key}", f"{key} != '{way}'")))
    some = draw(st.lists(st.sampled_from(ways), unique=True, min_size=1, max_size=len(ways) - 1))
    some += [option["key"] for option in situation["options"] if option["bars"] and draw(st.booleans())]
    listed = ", ".join(f"'{way}'" for way in some)
    return f"{key} {draw(st.sampled_from(('in', 'not in')))} ({listed}{',' * (len(some) == 1)})"


def _number(draw: st.DrawFn, situation: Row) -> str:
    """Of the numbers from 0 to ``most`` some fulfil it and some do not."""
    key, most = situation["key"], situation["most"]
    edge = draw(st.sampled_from(sorted({1, most, min(most, 30), min(most, 120)})))
    below = edge - 1
    forms = [f"{key} >= {edge}", f"{edge} <= {key}", f"{key} < {edge}", f"{key} > {below}", f"{key} <= {below}"]
    forms += [f"{key} == {edge}", f"{key} != {below}", f"0 < {key} <= {edge}", f"{key} in ({edge},)"]
    if most > 1:
        forms += [f"{key} in ({below}, {edge})", f"{key} not in ({below}, {edge})"]
    return draw(st.sampled_from(forms))
