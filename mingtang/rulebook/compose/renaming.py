"""Keys that several specs share are made different, and questions they share are asked once."""

import ast
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mingtang.rulebook.spec import Situation, Spec


class _Names(ast.NodeTransformer):
    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.copy_location(ast.Name(self.names.get(node.id, node.id), node.ctx), node)


def condition(when: str, names: dict[str, str]) -> str:
    """The same condition over other names."""
    if not when:
        return ""
    return ast.unparse(_Names(names).visit(ast.parse(when.strip(), mode="eval")))


def renamed(specs: Sequence[Spec]) -> tuple[list[Spec], tuple[Situation, ...]]:
    """The specs over one list of questions, where those with the same words and answers are one; steps get keys of
    their own."""
    merged: dict[str, Situation] = {}
    steps: set[str] = set()
    found = []
    for number, spec in enumerate(specs, 1):
        names: dict[str, str] = {}
        for situation in spec.situations:
            same = next((one for one in merged.values() if _same(one, situation)), None)
            key = same.key if same else _free(situation.key, number, merged)
            names[situation.key] = key
            merged.setdefault(key, replace(situation, key=key))
        found.append(_with_names(spec, names, steps, number))
    return found, tuple(merged.values())


def _same(one: Situation, other: Situation) -> bool:
    return replace(one, key="", hint="") == replace(other, key="", hint="")


def _free(key: str, number: int, taken: Any) -> str:
    if key not in taken:
        return key
    return f"p{number}_{key}"[:40]


def _with_names(spec: Spec, names: dict[str, str], taken: set[str], number: int) -> Spec:
    steps = []
    for step in spec.steps:
        key = _free(step.key, number, taken)
        taken.add(key)
        steps.append(replace(step, key=key, when=condition(step.when, names)))
    return replace(
        spec,
        materials=tuple(replace(row, when=condition(row.when, names)) for row in spec.materials),
        steps=tuple(steps),
        fees=tuple(
            replace(
                fee,
                when=condition(fee.when, names),
                quantity=names.get(fee.quantity, fee.quantity),
                reductions=tuple(replace(row, when=condition(row.when, names)) for row in fee.reductions),
            )
            for fee in spec.fees
        ),
    )
