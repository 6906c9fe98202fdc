"""The whole demo town. Each part looks for itself first, so that a second run changes nothing."""

from mingtang.demo.asked import build_asked
from mingtang.demo.boards import build_boards
from mingtang.demo.care import build_care
from mingtang.demo.cases import build_cases, build_charged
from mingtang.demo.columns import build_columns
from mingtang.demo.documents import build_documents
from mingtang.demo.duties import build_duties
from mingtang.demo.fees import build_fees
from mingtang.demo.guide import build_guide
from mingtang.demo.hall import build_hall, build_roster
from mingtang.demo.imported import build_imported
from mingtang.demo.items import build_items
from mingtang.demo.life import build_life
from mingtang.demo.lists import build_lists
from mingtang.demo.money import build_money
from mingtang.demo.obstacles import build_obstacles
from mingtang.demo.orders import build_orders
from mingtang.demo.outage import build_outage, lay_out_pad
from mingtang.demo.penalties import build_penalties, build_waiting_penalty
from mingtang.demo.powers import build_powers
from mingtang.demo.reach import build_reach
from mingtang.demo.reading import build_reading
from mingtang.demo.review import build_review
from mingtang.demo.stories import build_stories
from mingtang.demo.study import build_study
from mingtang.demo.town import build_organisation, build_town
from mingtang.demo.truth import build_truth
from mingtang.demo.utilities import build_utilities
from mingtang.demo.wanted import build_wanted
from mingtang.demo.website import build_website


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
    build_guide(town)
    build_life(town)
    build_website(town)
    build_review(town)
    build_duties(town)
    build_reach(town)
    build_utilities(town)
    build_cases(town)
    build_charged(town)
    build_orders(town)
    build_money(town)
    build_wanted(town)
    build_obstacles(town)
    build_outage(town)
    build_penalties(town)
    build_lists(town)
    build_waiting_penalty(town)
    build_study(town)
    build_stories(town)
    build_boards(town)
    build_truth(town)
    build_asked(town)
    build_imported(town)
    build_reading(town)
