"""One thing that keeps a version from being published."""

from dataclasses import dataclass

from mingtang.guard import Finding


@dataclass(frozen=True)
class Issue:
    """``field`` is one of the spec, ``listing.level`` one of its implementation list. ``disclosure`` names which of the
    six disclosures it belongs to, or is empty. ``finding``: what the guard stops, its ``part`` naming the text."""

    field: str
    sentence: str
    disclosure: str = ""
    finding: Finding | None = None

    @property
    def may_be_waived(self) -> bool:
        return self.finding is not None and self.finding.may_be_waived
