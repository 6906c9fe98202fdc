"""The whole demo town. Each part looks for itself first, so that a second run changes nothing."""

from mingtang.demo.care import build_care
from mingtang.demo.cases import build_cases, build_charged
from mingtang.demo.columns import build_columns
from mingtang.demo.documents import build_documents
from mingtang.demo.fees import build_fees
from mingtang.demo.hall import build_hall, build_roster
from mingtang.demo.items import build_items
from mingtang.demo.money import build_money
from mingtang.demo.obstacles import build_obstacles
from mingtang.demo.orders import build_orders
from mingtang.demo.outage import build_outage, lay_out_pad
from mingtang.demo.powers import build_powers
from mingtang.demo.town import build_organisation, build_town
from mingtang.demo.wanted import build_wanted


def build() -> None:
    """Town, organisation, items, documents and cases: by the people whose duty it is, through the real acts."""
    town = build_town()
    build_organisation(town)
    build_items(town)
    build_hall(town)
    lay_out_pad(town)
    build_roster(town)
    build_powers(town)
    build_fees(town)
    build_care(town)
    build_documents(town)
    build_columns(town)
    build_cases(town)
    build_charged(town)
    build_orders(town)
    build_money(town)
    build_wanted(town)
    build_obstacles(town)
    build_outage(town)
