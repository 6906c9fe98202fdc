import pytest

from mingtang.demo.fees import build_fees
from mingtang.demo.money import ACCOUNTS
from mingtang.money import actions
from mingtang.people.models import Unit
from tests.factories.cast import SIGNER, staff


@pytest.fixture
def charging(town):
    """The demo town with the item that charges, and no account yet."""
    build_fees(town)
    return town


@pytest.fixture
def books(charging):
    """… and with the accounts set."""
    for code, payee, bank, number in ACCOUNTS:
        unit = Unit.objects.get(town=charging, code=code) if code else None
        actions.set_account(town=charging, unit=unit, payee=payee, bank=bank, number=number, by=staff(SIGNER))
    return charging
