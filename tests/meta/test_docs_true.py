"""What the documentation says exists, and what exists is in the documentation."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config.cli import _parser
from docs.pages import PAGES, command_rows
from docs.settings import ENVIRONMENT, INTERNAL
from mingtang.agents.enums import OrderState
from mingtang.cases.enums import CaseState
from mingtang.disclosure.enums import EditionState
from mingtang.events import types
from mingtang.ledger import frozen
from mingtang.lib.headers import SECURITY_HEADERS
from mingtang.lib.paths import CHECKOUT
from mingtang.money.enums import NoticeState, RefundState
from mingtang.notices.enums import MessageState
from mingtang.people.enums import Permission, Role
from mingtang.portal import mediatypes
from mingtang.portal.mediatypes import page_type
from mingtang.rulebook.enums import VersionState
from tests.meta.routes import all_routes

pytestmark = pytest.mark.pure
DOCS = CHECKOUT / "docs"
PROSE = [CHECKOUT / "README.md", *sorted(DOCS.rglob("*.md"))]
WRITTEN = [path for path in PROSE if path.relative_to(CHECKOUT).as_posix().removeprefix("docs/") not in PAGES]
CODE = [path for root in ("mingtang", "config") for path in sorted((CHECKOUT / root).rglob("*.py"))]
# From the running system, not of this installation.
FOREIGN_VARIABLES = {
    "DJANGO_SETTINGS_MODULE", "MALLOC_ARENA_MAX", "PATH", "HOME", "XDG_DATA_HOME", "XDG_DATA_DIRS",
    "PYPINYIN_NO_PHRASES", "PYPINYIN_NO_DICT_COPY",
}  # fmt: skip


def _tracked() -> list[Path]:
    """Files of the project as git knows them; of a tree without git, all but what is generated."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, check=False)
    names = listed.stdout.decode().split("\0") if listed.returncode == 0 else []
    if not names:
        skipped = {".venv", "var", ".git", "__pycache__"}
        names = [path.relative_to(CHECKOUT).as_posix() for path in CHECKOUT.rglob("*") if not skipped & {*path.parts}]
    return [path for name in names if name and (path := CHECKOUT / name).is_file()]


def _texts():
    for path in _tracked():
        if path.suffix in {".png", ".pdf", ".docx", ".xlsx", ".ico", ".gif", ".jpg"}:
            continue
        try:
            yield path.relative_to(CHECKOUT).as_posix(), path.read_text()
        except UnicodeDecodeError:
            continue


def test_the_generated_pages_are_those_of_the_code():
    """Asked in a process of its own: other tests declare event types that are not the house's."""
    asked = subprocess.run(
        [sys.executable, "-m", "docs.generate", "--check"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert asked.returncode == 0, asked.stdout + asked.stderr


def test_every_written_page_is_reached_from_the_readme():
    seen, waiting = set(), [CHECKOUT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen:
            continue
        seen.add(page)
        waiting += [target for target in _links(page) if target.suffix == ".md" and target.is_file()]
        waiting += [child for target in _links(page) if target.is_dir() for child in target.glob("*.md")]
    assert set(PROSE) <= seen


def _links(page: Path) -> list[Path]:
    found = re.findall(r"\]\(([^)\s]+)\)", page.read_text())
    return [
        (page.parent / link.partition("#")[0]).resolve()
        for link in found
        if not link.startswith(("http:", "https:", "#", "mailto:"))
    ]


@pytest.mark.parametrize("page", PROSE, ids=lambda page: page.name)
def test_links_in_the_docs_lead_somewhere(page):
    for target in _links(page):
        assert target.exists(), f"{page.name}: {target}"


def test_every_environment_variable_read_is_documented_and_the_other_way_round():
    read = set()
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"os.environ.get", "os.environ.setdefault"}:
                read |= {leaf.value for leaf in ast.walk(node.args[0]) if isinstance(leaf, ast.Constant)}
            if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
                read |= {leaf.value for leaf in ast.walk(node.slice) if isinstance(leaf, ast.Constant)}
    # Two are put together from parts: the secrets, and the key of a town's log.
    secrets = {"MINGTANG_SECRET_KEY", "MINGTANG_PAYLOAD_KEY"}
    source = (CHECKOUT / "config/settings.py").read_text()
    assert all(f'_secret("{name.removeprefix("MINGTANG_").lower()}")' in source for name in secrets)
    assert "MINGTANG_LEDGER_KEY_" in (CHECKOUT / "mingtang/ledger/keys.py").read_text()
    read = (read | secrets | {"MINGTANG_LEDGER_KEY_<CODE>"}) - {"MINGTANG_"} - FOREIGN_VARIABLES
    assert read <= set(ENVIRONMENT) | set(INTERNAL)
    assert set(ENVIRONMENT) <= read


def test_variables_named_in_prose_exist():
    known = {name.split("<")[0] for name in (*ENVIRONMENT, *INTERNAL)}
    for page in WRITTEN:
        for name in re.findall(r"\bMINGTANG_[A-Z_]+", page.read_text()):
            assert name in known, f"{page.name}: {name}"


def test_commands_named_in_prose_exist():
    known = {name for name, _, _ in command_rows()}
    first = {name.split()[0] for name in known}
    for page in WRITTEN:
        for words in re.findall(r"mingtang ((?:[a-z]+ ?){1,2})", " ".join(re.findall(r"`([^`]+)`", page.read_text()))):
            assert words.split()[0] in first, f"{page.name}: mingtang {words}"


def test_every_command_is_explained_in_the_operations_page_or_the_readme():
    told = (DOCS / "operations.md").read_text() + (CHECKOUT / "README.md").read_text()
    for name, _, _ in command_rows():
        assert f"mingtang {name.split()[0]}" in told, name


def test_make_targets_named_in_prose_exist():
    makefile = (CHECKOUT / "Makefile").read_text()
    for page in WRITTEN:
        for target in re.findall(r"`make ([a-z]+)", page.read_text()):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{page.name}: make {target}"


def test_ci_runs_the_test_command_of_the_readme():
    assert "`make test`" in (CHECKOUT / "README.md").read_text()
    assert "\nmake test\n" in (CHECKOUT / ".ci/run").read_text() + "\n"


def test_permissions_states_and_roles_named_in_prose_exist():
    """A word in backticks with a dot that looks like a permission or an event type is one."""
    known = set(Permission.values) | set(types._types)
    heads = {name.split(".")[0] for name in known if "." in name}
    for page in WRITTEN:
        for name in re.findall(r"`([a-z_]+\.[a-z_]+)`", page.read_text()):
            if name.split(".")[0] in heads and not name.endswith((".py", ".md", ".json", ".pdf")):
                assert name in known, f"{page.name}: {name}"


def _glossary() -> list[tuple[str, str]]:
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| [^|]*\|$", (DOCS / "glossary.md").read_text(), re.MULTILINE)
    return [(term.strip(), name.strip()) for term, name in rows if term.strip() not in {"中文", "---"}]


def test_every_identifier_of_the_glossary_stands_in_the_code():
    text = "\n".join(path.read_text() for path in CODE)
    assert len(_glossary()) > 60
    for term, name in _glossary():
        for identifier in re.findall(r"`([^`]+)`", name):
            last = re.escape(identifier.split(".")[-1])
            assert re.search(rf"(?<![A-Za-z0-9]){last}(?![A-Za-z0-9])", text), f"{term}: {identifier}"


def test_every_word_the_tables_show_for_a_state_or_role_is_in_the_glossary():
    told = (DOCS / "glossary.md").read_text()
    for kind in (CaseState, EditionState, VersionState, MessageState, NoticeState, RefundState, OrderState, Role):
        for member in kind:
            assert f"`{member.value}`" in told, f"{kind.__name__}.{member.value}"


def test_the_architecture_page_names_every_room_and_every_frozen_record():
    told = (DOCS / "architecture.md").read_text()
    for room in sorted(path.parent.name for path in (CHECKOUT / "mingtang").glob("*/__init__.py")):
        assert f"`{room}`" in told, room
    for name in [kind.name for kind in frozen.kinds()] + list(frozen.told_rows()):
        assert f"| {name} |" in told, name


def test_nginx_says_the_same_headers_and_types_as_the_program():
    told = (DOCS / "nginx.conf").read_text()
    pages = told[told.index("location / {") : told.index("location @mingtang")]
    for name, value in SECURITY_HEADERS.items():
        assert re.search(rf"add_header {name} \"?{re.escape(value)}\"? always;", pages), name
    types_told = dict(re.findall(r'"~\\(\.[a-z]+)~\$"\s+"([^"]+)"', told))
    assert types_told == {ending: page_type(f"/x{ending}") for ending in mediatypes._PAGES}


def test_the_routes_other_programs_rely_on_stand():
    found = {str(route) for route in all_routes()}
    for promised in (
        "/info/", "/info/{number}", "/info/{number}.json", "/info/{number}.pdf", "/search", "/services/",
        "/services/{code}", "/services/{code}.json", "/services/{code}/flow.svg", "/services/{code}/flow.bpmn",
        "/cases/{number}", "/cases/{number}.json", "/ledger/checkpoint", "/ledger/tile/{path}",
        "/ledger/entry/{number}", "/sitemap.xml", "/api/v1/search", "/api/v1/openapi.json", "/healthz", "/readyz",
    ):  # fmt: skip
        assert promised in found, promised


def test_every_event_type_is_declared_as_soon_as_the_apps_are_ready():
    """A follower must know the types of events that another process wrote: no view or command may be needed first."""
    script = "import django; django.setup(); from mingtang.events import types; print(' '.join(types._types))"
    done = subprocess.run([sys.executable, "-c", script], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    written = set()
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("define") and len(node.args) == 2:
                written.add(ast.literal_eval(node.args[0]))
    assert set(done.stdout.split()) == written


REGISTRY = re.compile(
    r"\b(pypi\.org|pythonhosted\.org|registry\.npmjs|mirrors?\.\w+\.(com|cn|org)|ghcr\.io|docker\.io)\b"
)
MACHINE = re.compile(r"(?<![\w./:~-])/(work|root)/\w|(?<![\w./:~-])/home/[a-z]")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b")


def test_no_file_names_a_registry_or_a_machine_path_or_is_unfinished():
    me = "tests/meta/test_docs_true.py"
    for name, text in _texts():
        if name == me:
            continue
        for pattern in (REGISTRY, MACHINE, UNFINISHED):
            found = pattern.search(text)
            assert found is None, f"{name}: {found.group(0)}"


def test_the_parser_names_every_command_in_chinese():
    for action in _parser()._actions:
        for choice in getattr(action, "_choices_actions", ()):
            assert choice.help, choice.dest
