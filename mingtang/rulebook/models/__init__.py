"""The tables of the rulebook."""

from mingtang.rulebook.models.facts import ItemFacts
from mingtang.rulebook.models.imports import CatalogueImport
from mingtang.rulebook.models.items import Item, Version
from mingtang.rulebook.models.laws import Article, Law, LawName
from mingtang.rulebook.models.powers import Campaign, Duty, Power, PowerBasis, PowerDecision
from mingtang.rulebook.models.proposals import ProposedChange
from mingtang.rulebook.models.results import ItemResult
from mingtang.rulebook.models.slips import Slip, SlipDuty
from mingtang.rulebook.models.waivers import Waiver
from mingtang.rulebook.models.wanted import Wanted, WantedDay

__all__ = [
    "Article",
    "Campaign",
    "CatalogueImport",
    "Duty",
    "Item",
    "ItemFacts",
    "ItemResult",
    "Law",
    "LawName",
    "Power",
    "PowerBasis",
    "PowerDecision",
    "ProposedChange",
    "Slip",
    "SlipDuty",
    "Version",
    "Waiver",
    "Wanted",
    "WantedDay",
]
