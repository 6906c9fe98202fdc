"""Budgets: a module fits a head, a function fits a screen, imports stand at the top."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from mingtang.lib.paths import CHECKOUT

pytestmark = pytest.mark.pure
MODULE_LINES, FUNCTION_LINES, TEMPLATE_LINES = 500, 60, 150
ROOTS = ("mingtang", "config", "docs", "bench", "tests")

# Longer than a screen, with the reason.
LONG_FUNCTIONS = {}
# Libraries of others that are slow to load or big in memory, loaded where they are first needed.
LAZY_LIBRARIES = {
    "mammoth", "pypdf", "python_calamine", "xlsxwriter", "typst", "segno", "rjieba", "pypinyin", "rapidfuzz",
}  # fmt: skip
# Imports of ours inside functions: apps declare event types when the registry is ready; commands start quickly.
INNER_IMPORTS = ("config/", "docs/generate.py")
# Two modules of a room that need each other: the one that is asked rarely asks late.
LATE = {"mingtang/press/fonts.py": "mingtang.press.render"}


def _modules(*roots: str) -> Iterator[tuple[str, ast.Module, str]]:
    for root in roots:
        for path in sorted((CHECKOUT / root).rglob("*.py")):
            if "migrations" not in path.parts:
                text = path.read_text()
                yield path.relative_to(CHECKOUT).as_posix(), ast.parse(text), text


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_no_module_is_longer_than_five_hundred_lines():
    long = {name: text.count("\n") for name, _, text in _modules(*ROOTS) if text.count("\n") > MODULE_LINES}
    assert long == {}


def test_no_function_is_longer_than_a_screen_without_a_reason():
    long = {
        f"{name} {function.name}"
        for name, tree, _ in _modules("mingtang", "config", "docs")
        for function in _functions(tree)
        if function.end_lineno - function.lineno + 1 > FUNCTION_LINES
    }
    assert long == set(LONG_FUNCTIONS)


def test_no_template_is_longer_than_a_hundred_and_fifty_lines():
    long = {
        path.name: lines
        for path in (CHECKOUT / "templates").rglob("*.html")
        if (lines := path.read_text().count("\n")) > TEMPLATE_LINES and path.name != "gallery.html"
    }
    assert long == {}


def test_imports_stand_at_the_top():
    for name, tree, _ in _modules("mingtang", "config", "docs"):
        for function in _functions(tree):
            for node in ast.walk(function):
                if not isinstance(node, ast.Import | ast.ImportFrom):
                    continue
                module = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
                allowed = (
                    module.split(".")[0] in LAZY_LIBRARIES
                    or name.startswith(INNER_IMPORTS)
                    or Path(name).name == "apps.py"
                    or LATE.get(name) == module
                )
                assert allowed, f"{name} {function.name} imports {module}"


def test_every_public_function_and_class_of_a_domain_room_says_what_holds():
    """Modules say what they are; so does every public function of more than a few lines."""
    for name, tree, _ in _modules("mingtang"):
        if Path(name).name in {"__init__.py", "apps.py"}:
            continue
        assert ast.get_docstring(tree), f"{name} has no docstring"
        if "/views/" in name or name.startswith("mingtang/desk/"):
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                long = node.end_lineno - node.lineno + 1 > 15
                assert not long or ast.get_docstring(node), f"{name} {node.name} has no docstring"


def test_unit_test_modules_have_names_of_their_own():
    names = [path.name for path in (CHECKOUT / "tests/unit").rglob("test_*.py")]
    assert len(names) == len(set(names))


def test_tests_do_not_sleep():
    for name, tree, _ in _modules("tests"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                assert ast.unparse(node.func) != "time.sleep", name
