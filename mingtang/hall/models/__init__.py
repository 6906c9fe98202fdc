"""The tables of the hall."""

from mingtang.hall.models.registers import Entry, Exemption, HandOver, Milestone
from mingtang.hall.models.windows import Badge, Band, Site, Window

__all__ = ["Badge", "Band", "Entry", "Exemption", "HandOver", "Milestone", "Site", "Window"]
