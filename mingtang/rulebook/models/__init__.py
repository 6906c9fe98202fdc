"""The tables of the rulebook."""

from mingtang.rulebook.models.items import Item, Version

__all__ = ["Item", "Version"]
