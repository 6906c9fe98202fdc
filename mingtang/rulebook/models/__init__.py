"""The tables of the rulebook."""

from mingtang.rulebook.models.items import Item, Version
from mingtang.rulebook.models.laws import Article, Law, LawName
from mingtang.rulebook.models.proposals import ProposedChange
from mingtang.rulebook.models.slips import Slip, SlipDuty

__all__ = ["Article", "Item", "Law", "LawName", "ProposedChange", "Slip", "SlipDuty", "Version"]
