"""One thing that keeps a version from being published."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Issue:
    """``disclosure`` names which of the six disclosures it belongs to, or is empty."""

    field: str
    sentence: str
    disclosure: str = ""
