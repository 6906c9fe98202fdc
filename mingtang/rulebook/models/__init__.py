"""The tables of the rulebook."""

from mingtang.rulebook.models.items import Item, Version
from mingtang.rulebook.models.laws import Article, Law, LawName

__all__ = ["Article", "Item", "Law", "LawName", "Version"]
