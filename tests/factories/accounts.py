"""Residents who are logged in, by the real acts."""

from collections.abc import Iterable

from django.test import Client
from django.utils import timezone

from mingtang.accounts import actions, codes
from mingtang.accounts.models import Resident
from mingtang.accounts.session import RESIDENT
from mingtang.cases.models import Case
from mingtang.towns.models import Jurisdiction


def resident_of(town: Jurisdiction, phone: str = "13800000009") -> Resident:
    """The account of a telephone. The town is the demo town and has no gateway, so that the code is shown."""
    asked = codes.ask(town=town, typed=phone)
    return actions.enter(code=asked.code, typed=asked.shown)


def log_in_resident(client: Client, cases: Iterable[Case] = (), reach: str = "13800000009") -> Resident:
    """Log this browser in, with an account in which these cases stand."""
    resident = resident_of(Jurisdiction.objects.get(is_default=True), reach)
    for case in cases:
        actions.add_case(resident=resident, case=case)
    session = client.session
    session[RESIDENT] = [resident.pk, resident.epoch, int(timezone.now().timestamp())]
    session.save()
    return resident
