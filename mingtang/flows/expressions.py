"""Conditions on edges: a small closed language, checked when a flow is written and again when it runs.

A condition compares flags with constants: `area > 120`, `kind in ('new', 'move') and not inherited`. It is parsed with
Python's grammar and walked by the evaluator below; Python's own `eval` is never called, so there is nothing in it that
could reach a function, an attribute or an element.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from mingtang.lib.errors import Refused

MAX_LENGTH = 300

Flag = bool | int | str
_Evaluator = Callable[[Mapping[str, Any]], Any]

_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
_LANGUAGE = "条件里只能写名称、文字、数字、比较、in、and、or、not"


class MissingFlag(Refused):
    """A condition asks for a flag that nobody has set yet."""

    def __init__(self, name: str) -> None:
        super().__init__(f"流程走到这里要先知道“{name}”，请补上后再办。", field=name)
        self.name = name


def check(expression: str) -> frozenset[str]:
    """The names an expression asks for; raises `Refused` when it is not in the language."""
    _, names = _compiled(expression)
    return names


def evaluate(expression: str, flags: Mapping[str, Any]) -> bool:
    """Whether the condition holds for these flags.

    Raises `MissingFlag` when a name is unknown, `Refused` when the expression is outside the language or compares
    things that cannot be compared.
    """
    evaluator, _ = _compiled(expression)
    try:
        return bool(evaluator(flags))
    except TypeError as error:
        raise Refused(f"条件“{expression}”把不能比较的内容放在一起比较，请改正条件。") from error


@lru_cache(maxsize=2048)
def _compiled(expression: str) -> tuple[_Evaluator, frozenset[str]]:
    written = expression.strip()
    if len(expression) > MAX_LENGTH:
        raise Refused(f"条件太长，请写在 {MAX_LENGTH} 个字符以内。")
    # A remark or a line break would swallow what the flow writes around the condition.
    if "#" in written or not written.isprintable():
        raise Refused("条件要写在一行里，里面不能有 # 和看不见的字符。")
    try:
        tree = ast.parse(written, mode="eval")
        names: set[str] = set()
        return _build(tree.body, names), frozenset(names)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Refused(f"条件“{expression}”写得不完整，{_LANGUAGE}。") from error


def _build(node: ast.expr, names: set[str]) -> _Evaluator:
    match node:
        case ast.Constant(value=bool() | int() | str() as value):
            return lambda flags: value
        case ast.Name(id=name):
            names.add(name)
            return lambda flags: _flag(flags, name)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = _build(operand, names)
            return lambda flags: not inner(flags)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)) if not isinstance(value, bool):
            return lambda flags: -value
        case ast.BoolOp(op=op, values=values):
            parts = [_build(value, names) for value in values]
            if isinstance(op, ast.And):
                return lambda flags: all(part(flags) for part in parts)
            return lambda flags: any(part(flags) for part in parts)
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            return _comparison(left, ops, comparators, names)
    raise Refused(f"条件里有不允许的写法（{type(node).__name__}），{_LANGUAGE}。")


def _comparison(left: ast.expr, ops: list[ast.cmpop], comparators: list[ast.expr], names: set[str]) -> _Evaluator:
    first = _build(left, names)
    chain: list[tuple[Callable[[Any, Any], bool], _Evaluator]] = []
    for op, right in zip(ops, comparators, strict=True):
        compare = _COMPARE.get(type(op))
        if compare is None:
            raise Refused(f"条件里有不允许的写法（{type(op).__name__}），{_LANGUAGE}。")
        membership = isinstance(op, ast.In | ast.NotIn)
        chain.append((compare, _members(right) if membership else _build(right, names)))

    def compared(flags: Mapping[str, Any]) -> bool:
        here = first(flags)
        for compare, build_right in chain:
            right = build_right(flags)
            if not compare(here, right):
                return False
            here = right
        return True

    return compared


def _members(node: ast.expr) -> _Evaluator:
    """The right side of `in`: a written list of constants, nothing that could be long or computed."""
    if not isinstance(node, ast.Tuple | ast.List) or not all(isinstance(item, ast.Constant) for item in node.elts):
        raise Refused("条件里 in 的后面要写括号和里面的几个值，例如 in ('a', 'b')。")
    values = tuple(_build(item, set())({}) for item in node.elts)
    return lambda flags: values


def _flag(flags: Mapping[str, Any], name: str) -> Any:
    try:
        return flags[name]
    except KeyError:
        raise MissingFlag(name) from None
