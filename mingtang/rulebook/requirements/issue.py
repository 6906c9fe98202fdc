"""One thing that keeps a version from being published."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Issue:
    """``field`` is one of the spec, ``listing.level`` one of its implementation list. ``disclosure`` names which of the
    six disclosures it belongs to, or is empty."""

    field: str
    sentence: str
    disclosure: str = ""
