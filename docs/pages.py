"""The reference pages, each made from the tables of the code. Django must be set up before this is imported."""

import argparse
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.apps import apps

from config.cli import _parser
from config.urls import api
from docs.fields import FIELDS, NONE, REASONS, TITLES
from docs.settings import ENVIRONMENT
from mingtang.agents import states as orders
from mingtang.agents.enums import OrderState
from mingtang.cases import states as cases
from mingtang.cases.enums import CaseState
from mingtang.disclosure import states as editions
from mingtang.disclosure.enums import EditionState
from mingtang.events import types
from mingtang.hall import states as contacts
from mingtang.hall.enums import ContactState
from mingtang.ledger import frozen
from mingtang.money import states as money
from mingtang.money.enums import NoticeState, RefundState
from mingtang.notices import states as messages
from mingtang.notices.enums import MessageState
from mingtang.people.enums import ROLE_PERMISSIONS, Permission, Role
from mingtang.rulebook import states as versions
from mingtang.rulebook.enums import VersionState
from mingtang.voices import states as obstacles
from mingtang.voices.enums import ObstacleState

MADE = "Made by `python -m docs.generate` from `{source}`; do not edit.\n"
Row = Sequence[str]


def _table(head: Row, rows: Iterable[Row]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def _page(title: str, source: str, *parts: str) -> str:
    return "\n".join([f"# {title}\n", MADE.format(source=source), *parts])


# Lifecycles ----------------------------------------------------------------------------------------------------------


def _diagram(table: Mapping[str, Any]) -> str:
    """Acts that change the state, as a Mermaid state diagram."""
    lines = ["```mermaid", "stateDiagram-v2"]
    for act, row in table.items():
        if row.target and row.sources != (row.target,):
            lines += [f"    {source} --> {row.target}: {act}" for source in row.sources or ("[*]",)]
    return "\n".join([*lines, "```", ""])


def _states(title: str, room: str, table: Mapping[str, Any], states: Any) -> str:
    reached = {row.target for row in table.values() if row.target}
    draft = getattr(states, "DRAFT", None)
    if any(draft in row.sources for row in table.values()):
        reached.add(draft)  # where it begins
    later = "placed for a later release: no act leads here yet"
    names = [(f"`{state}`", state.label, "" if state in reached else later) for state in states]
    acts = []
    for act, row in table.items():
        powers = row.powers if hasattr(row, "powers") else (row.power,)
        acts.append(
            (
                f"`{act}`",
                row.title,
                ", ".join(f"`{source}`" for source in row.sources) or "–",
                f"`{row.target}`" if row.target else "stays",
                ", ".join(getattr(row, "who", ())) or "staff",
                ", ".join(f"`{power}`" for power in powers) or "–",
                row.basis,
            )
        )
    return _page(
        title,
        f"mingtang/{room}/states.py",
        "A row that is not here is refused.\n",
        "## States\n",
        _table(("state", "shown as", "note"), names),
        "## Acts\n",
        _table(("act", "shown as", "from", "to", "who", "power", "basis"), acts),
        "## Diagram\n",
        _diagram(table),
    )


def case_states() -> str:
    return _states("The lifecycle of a case 办件", "cases", cases.CASE, CaseState)


def contact_states() -> str:
    return _states("The lifecycle of a contact 来访", "hall", contacts.CONTACT, ContactState)


def order_states() -> str:
    return _states("The lifecycle of an agent's order 代办单", "agents", orders.ORDER, OrderState)


def edition_states() -> str:
    return _states("The lifecycle of an edition 政府信息的版本", "disclosure", editions.EDITION, EditionState)


def version_states() -> str:
    return _states("The lifecycle of an item version 事项版本", "rulebook", versions.VERSION, VersionState)


def message_states() -> str:
    return _states("The way of a message 通知", "notices", messages.MESSAGE, MessageState)


def payment_states() -> str:
    return _states("The lifecycle of a payment notice 缴款通知", "money", money.NOTICE, NoticeState)


def refund_states() -> str:
    return _states("The way of a refund 退款", "money", money.REFUND, RefundState)


def obstacle_states() -> str:
    return _states("The way of an obstacle 办不成事", "voices", obstacles.OBSTACLE, ObstacleState)


# Lists ---------------------------------------------------------------------------------------------------------------


def _arguments(parser: argparse.ArgumentParser) -> str:
    shown = []
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction | argparse._SubParsersAction):
            continue
        name = action.option_strings[-1] if action.option_strings else ""
        value = "" if action.nargs == 0 else action.metavar or "|".join(action.choices or ()) or action.dest.upper()
        text = f"{name} {value}".strip()
        shown.append(text if action.required or not name else f"[{text}]")
    return " ".join(shown)


def _leaves(parser: argparse.ArgumentParser, name: str = "") -> Iterable[tuple[str, str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            titles = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for command, child in action.choices.items():
                below = list(_leaves(child, f"{name} {command}".strip()))
                yield from below or [(f"{name} {command}".strip(), titles[command], child)]


def command_rows() -> list[tuple[str, str, str]]:
    """Name, what it does, arguments of every command."""
    rows = []
    for name, title, parser in _leaves(_parser()):
        # Its arguments are read by the command itself, which runs without a database.
        shown = "[PROOF] [--key KEY] [--town CODE]" if name == "verify" else _arguments(parser)
        rows.append((name, title, shown))
    return rows


def commands() -> str:
    rows = [(f"`mingtang {name}`", title, f"`{shown}`" if shown else "") for name, title, shown in command_rows()]
    return _page(
        "Commands",
        "config/cli.py",
        "Every command returns only when its events are numbered and searchable. Exit codes: 0 done; 1 something does "
        "not hold\nor needs care; 2 refused, and one sentence on standard error says why.\n",
        _table(("command", "what it does", "arguments"), rows),
    )


def permissions() -> str:
    held = {power: [role for role, powers in ROLE_PERMISSIONS.items() if power in powers] for power in Permission}
    return _page(
        "Permissions and roles",
        "mingtang/people/enums.py",
        "An account has no powers of its own: they come from the posts a person holds now, and a post carries roles.\n",
        "## Permissions\n",
        _table(
            ("permission", "shown as", "held by"),
            [(f"`{power}`", power.label, ", ".join(f"`{role}`" for role in held[power])) for power in Permission],
        ),
        "## Roles\n",
        _table(
            ("role", "shown as", "permissions"),
            [
                (f"`{role}`", role.label, ", ".join(f"`{power}`" for power in sorted(ROLE_PERMISSIONS[role])))
                for role in Role
            ],
        ),
    )


def events() -> str:
    proved: dict[str, str] = {code: kind.name for kind in frozen.kinds() for code in kind.types}
    rows = [
        (f"`{kind.code}`", kind.title, "yes" if kind.public else "no", proved.get(kind.code, ""))
        for kind in sorted(types._types.values(), key=lambda kind: kind.code)
    ]
    return _page(
        "Event types",
        "mingtang/*/actions.py",
        "The log shows type, time and subject of a public type in clear; of every other it shows a salted commitment "
        "only.\nThe last column names the frozen record whose hash the event carries; `mingtang verify` computes it "
        "again.\n",
        _table(("type", "shown as", "public", "frozen record"), rows),
    )


def settings() -> str:
    rows = [(f"`{name}`", default, text) for name, (default, text) in ENVIRONMENT.items()]
    return _page(
        "Environment",
        "docs/settings.py",
        "There is one settings file, `config/settings.py`; what differs between machines comes from the environment.\n",
        _table(("variable", "without it", "what it is"), rows),
    )


def fields() -> str:
    rows = []
    for model in apps.get_models():
        for kind, names in FIELDS.get(model._meta.label, {}).items():
            if kind != NONE:
                rows += [
                    (f"`{model._meta.label}.{name}`", kind, REASONS.get(f"{model._meta.label}.{name}", ""))
                    for name in names.split()
                ]
    return _page(
        "Columns and persons",
        "docs/fields.py",
        "Every column is classified, and a new one fails the tests until it is. Columns that are not listed say\n"
        "nothing about a natural person.\n",
        _table(("class", "meaning"), [(kind, text) for kind, text in TITLES.items() if kind != NONE]),
        _table(("column", "class", "why readable"), rows),
    )


def openapi() -> str:
    return json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), ensure_ascii=False, indent=1) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "reference/case-states.md": case_states,
    "reference/contact-states.md": contact_states,
    "reference/order-states.md": order_states,
    "reference/edition-states.md": edition_states,
    "reference/version-states.md": version_states,
    "reference/message-states.md": message_states,
    "reference/payment-states.md": payment_states,
    "reference/refund-states.md": refund_states,
    "reference/obstacle-states.md": obstacle_states,
    "reference/commands.md": commands,
    "reference/permissions.md": permissions,
    "reference/events.md": events,
    "reference/settings.md": settings,
    "reference/fields.md": fields,
    "api/openapi.json": openapi,
}
