"""Whoever asks the guard says by whose words: of which town, or of none."""

import ast
from collections.abc import Iterator

import pytest

from mingtang.lib.paths import CHECKOUT

pytestmark = pytest.mark.pure
# What asks the guard, and how it is told the words.
TOLD_BY = {"clear_text": "town", "guard.check": "lists", "guard.check_many": "lists"}
# What belongs to no town, with the reason.
NO_TOWN = {
    ("mingtang/disclosure/words.py", "add"),  # why a word is added may name the word
    ("mingtang/disclosure/words.py", "end"),
    ("mingtang/rulebook/slips.py", "report"),  # a resident's own sentence
    ("mingtang/rulebook/slips.py", "_make"),
}


def _modules() -> Iterator[tuple[str, ast.Module]]:
    """Those that may ask the guard, apart from itself."""
    for path in sorted((CHECKOUT / "mingtang").rglob("*.py")):
        name, text = path.relative_to(CHECKOUT).as_posix(), path.read_text()
        if "guard" in text and not name.startswith("mingtang/guard/"):
            yield name, ast.parse(text)


def _called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        return f"{node.func.value.id}.{node.func.attr}"
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _told(call: ast.Call) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == TOLD_BY[_called(call)]), None)


def test_every_text_is_read_with_the_words_of_its_town():
    asked = [
        (name, function.name, call)
        for name, tree in _modules()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for call in ast.walk(function)
        if _called(call) in TOLD_BY
    ]
    assert len(asked) > 140
    assert [f"{name}:{call.lineno}" for name, _, call in asked if _told(call) is None] == []
    nobodys = {
        (name, function)
        for name, function, call in asked
        if any(isinstance(part, ast.Constant) and part.value is None for part in ast.walk(_told(call)))
    }
    assert nobodys == NO_TOWN


def test_nobody_calls_the_guard_by_another_name():
    """A call that the test above does not see would be read without the town's words."""
    for name, tree in _modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module in {
                "mingtang",
                "mingtang.guard",
                "mingtang.guard.clear",
            }:
                for taken in node.names:
                    assert taken.name not in {"check", "check_many"}, name
                    assert taken.name not in {"guard", "clear_text"} or taken.asname is None, name
