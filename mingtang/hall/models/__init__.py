"""The tables of the hall."""

from mingtang.hall.models.contacts import Contact, Errand, Owner, Pad, PadVoid, PriorityRule, TicketDay
from mingtang.hall.models.presence import EmptyWindow
from mingtang.hall.models.registers import Entry, Exemption, HandOver, Milestone
from mingtang.hall.models.windows import Badge, Band, Site, Window

__all__ = [
    "Badge",
    "Band",
    "Contact",
    "EmptyWindow",
    "Entry",
    "Errand",
    "Exemption",
    "HandOver",
    "Milestone",
    "Owner",
    "Pad",
    "PadVoid",
    "PriorityRule",
    "Site",
    "TicketDay",
    "Window",
]
