"""A small town whose events the ledger tests write."""

from pathlib import Path

from mingtang.events import types
from mingtang.events.follow import settle
from mingtang.events.log import CONSOLE, record
from mingtang.events.models import Event
from mingtang.lib.tx import act
from mingtang.towns.models import Jurisdiction

SHOWN = types.define("test.shown", "公开的事", public=True)
HIDDEN = types.define("test.hidden", "不公开的事")


def own_keys(data: Path) -> None:
    """Give a test its own folder of keys instead of the session's, so that it may lose them."""
    (data / "keys").unlink()
    (data / "keys").mkdir()


def make_town(code: str = "430623101", prefix: str = "WY") -> Jurisdiction:
    return Jurisdiction.objects.create(code=code, prefix=prefix, name=f"演示镇{prefix}", site_name="演示")


def write(town: Jurisdiction, number: int, kind: str = SHOWN, first: int = 0) -> list[Event]:
    """Record events in one act."""
    with act():
        return [
            record(town=town, type=kind, subject=f"item:{kind}-{first + place}", by=CONSOLE, data={"step": place})
            for place in range(number)
        ]


def logged(town: Jurisdiction, number: int, kind: str = SHOWN, first: int = 0) -> list[Event]:
    """Record events and let the ledger follow."""
    events = write(town, number, kind, first)
    settle()
    return events
