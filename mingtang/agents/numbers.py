"""Numbers of orders, and the codes that open them."""

import hashlib
import hmac

from django.conf import settings

from mingtang.agents.models import Order, OrderSerial
from mingtang.cases import numbers
from mingtang.lib.codes import letters, plain
from mingtang.towns.models import Jurisdiction

CODE_LENGTH = 8  # 39 bits, with a back-off


def issue(town: Jurisdiction, year: int) -> str:
    """The next number of the year (``WYD2600012K``), in the caller's transaction."""
    OrderSerial.objects.get_or_create(town=town, year=year)
    row = OrderSerial.objects.select_for_update().get(town=town, year=year)
    while True:
        row.last += 1
        body = f"{town.prefix}D{year % 100:02d}{row.last:05d}"
        # The sign * does not read well over the telephone: such serials are left out.
        if (check := numbers.check_character(body)) != "*":
            break
    row.save(update_fields=["last"])
    return body + check


def code_of(order: Order) -> str:
    """The code printed beside a number: derived with the key of this installation, stored nowhere."""
    text = f"order:{order.town.code}:{order.number}"
    return letters(hmac.new(settings.PAYLOAD_KEY.encode(), text.encode(), hashlib.sha256).digest(), CODE_LENGTH)


def check_code(order: Order, code: str) -> None:
    """Raise ``Refused`` for a wrong code; after some tries each further one must wait."""
    numbers.check_code(order.town, order.number, code, numbers.code_hash(order.number, code_of(order)))


def find(town: Jurisdiction, number: str, code: str) -> Order:
    """The order of a number and its code; a wrong one of either is refused alike."""
    number = plain(number)[:20]
    rows = Order.objects.filter(town=town, number=number)
    order = rows.select_related("town", "station", "contact", "key", "wanted__facts", "window_post__unit").first()
    stored = numbers.code_hash(number, code_of(order)) if order else None
    numbers.check_code(town, number, code, stored)
    assert order is not None
    return order
