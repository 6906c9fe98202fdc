"""A browser journey never reads at once after a click.

A click may come back while the old page still stands. What waits for its element is safe; what reads at once finds the
old page, once in some hundred runs, and fails. ``tests.browser.people.go`` waits for the page that the click leads to.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

JOURNEYS = sorted((Path(__file__).parent.parent / "browser").glob("*.py"))
AT_ONCE = {"all", "all_inner_texts", "all_text_contents", "count", "evaluate", "goto", "is_visible", "status", "url"}
pytestmark = pytest.mark.pure


def steps(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """Statements as they are run one after the other; of a compound one its head alone, then its body."""
    for statement in body:
        match statement:
            case ast.With():
                yield from (item.context_expr for item in statement.items)
                yield from steps(statement.body)
                yield ast.Pass()  # a block that waits for an answer has waited
            case ast.For():
                yield statement.iter
                yield from steps(statement.body)
            case ast.If() | ast.While():
                yield statement.test
                yield from steps([*statement.body, *statement.orelse])
            case ast.FunctionDef() | ast.ClassDef():
                pass
            case _:
                yield statement


def clicks(step: ast.AST) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr == "click" for node in ast.walk(step))


def reads_at_once(step: ast.AST) -> bool:
    if any(isinstance(node, ast.Name) and node.id == "expect" for node in ast.walk(step)):
        return False
    return any(
        isinstance(node, ast.Attribute)
        and (node.attr in AT_ONCE or (node.attr == "check" and isinstance(node.value, ast.Name)))
        for node in ast.walk(step)
    )


def hasty(source: str) -> list[int]:
    """Lines that read at once after a click."""
    found = []
    for function in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)):
        before: ast.AST = ast.Pass()
        for step in steps(function.body):
            if clicks(before) and reads_at_once(step):
                found.append(getattr(step, "lineno", 0))
            before = step
    return found


@pytest.mark.parametrize("path", JOURNEYS, ids=lambda path: path.stem)
def test_no_journey_reads_at_once_after_a_click(path: Path):
    lines = hasty(path.read_text(encoding="utf-8"))
    assert not lines, f"{path.name}: lines {lines} read at once what a click may not have brought yet; use people.go"


@pytest.mark.parametrize(
    "line",
    ["page.get_by_label('没有').all()", "assert page.url", "window.check()", "if page.locator('a').count(): pass"],
)
def test_what_reads_at_once_is_seen(line):
    assert hasty(f"def test(page):\n    page.locator('a').click()\n    {line}\n") == [3]


@pytest.mark.parametrize(
    "line", ["expect(page).to_have_url('/')", "page.get_by_label('没有').check()", "told(page, '好')"]
)
def test_what_waits_is_free(line):
    assert hasty(f"def test(page):\n    page.locator('a').click()\n    {line}\n") == []
