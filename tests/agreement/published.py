"""An item put in force for a look at it, and undone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from mingtang.events.log import CONSOLE
from mingtang.people.actions import delegate
from mingtang.people.models import Post, Unit
from mingtang.rulebook import requirements
from mingtang.rulebook.actions import list_item
from mingtang.towns.models import Jurisdiction
from tests.factories import rules
from tests.factories.any_item import TODAY, UNITS
from tests.factories.cast import CENTRE, staff
from tests.unit.cases.conftest import MONDAY

_codes = (f"SJ-{number:03}" for number in count(1))


@pytest.fixture(autouse=True)
def clock():
    """The day on which any item passes the gate; it stands still."""
    assert MONDAY.date() == TODAY
    with time_machine.travel(MONDAY, tick=False):
        yield


@contextmanager
def undone() -> Iterator[None]:
    """Nothing of what is done within stays: each example finds the town as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def published(town: Jurisdiction, data: dict[str, Any]) -> tuple[str, str]:
    """List it, find nothing against it, put it in force, let its decider decide. Returns its code and its unit's."""
    code = next(_codes)
    unit = Unit.objects.get(town=town, code=UNITS[len(data["steps"]) % len(UNITS)])
    version = list_item(town=town, code=code, unit=unit, data=data, by=CONSOLE, editor=staff(CENTRE))
    assert [row.sentence for row in requirements.gate(version)] == []
    rules.in_force(version, initial=True)
    began = timezone.now() - timedelta(days=1)
    delegate(
        grantor=unit,
        post=Post.objects.get(town=town, code=data["decider_post"]),
        number=f"万授〔2026〕{code}",
        item_code=code,
        step_code="decide",
        valid_from=began,
        valid_to=began + timedelta(days=365),
        by=CONSOLE,
    )
    return code, unit.code
