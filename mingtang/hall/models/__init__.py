"""The tables of the hall."""

from mingtang.hall.models.registers import Entry, Exemption, HandOver, Milestone
from mingtang.hall.models.windows import Site, Window

__all__ = ["Entry", "Exemption", "HandOver", "Milestone", "Site", "Window"]
