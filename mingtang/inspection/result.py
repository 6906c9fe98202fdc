"""The words of a self-check: what each rule came to, with the evidence."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    PASS = "pass"  # noqa: S105 (a word of the report)
    FAIL = "fail"
    NOT_APPLICABLE = "none"
    PERSON = "person"


LABELS = {
    Verdict.PASS: "通过",
    Verdict.FAIL: "不通过",
    Verdict.NOT_APPLICABLE: "不适用",
    Verdict.PERSON: "要人核对",
}
# The gravest of a rule's evidence decides.
_ORDER = (Verdict.FAIL, Verdict.PERSON, Verdict.PASS, Verdict.NOT_APPLICABLE)
MOST_SHOWN = 20


@dataclass(frozen=True)
class Evidence:
    """What was found at an address; ``address`` may be a name where there is none."""

    verdict: Verdict
    address: str
    found: str


@dataclass(frozen=True)
class Rule:
    code: str
    name: str
    rule: str
    source: str
    how: str
    owner: str
    mend: str
    veto: bool = False


@dataclass(frozen=True)
class Outcome:
    rule: Rule
    evidence: tuple[Evidence, ...]

    @property
    def verdict(self) -> Verdict:
        held = {one.verdict for one in self.evidence}
        return next((verdict for verdict in _ORDER if verdict in held), Verdict.NOT_APPLICABLE)

    @property
    def shown(self) -> list[Evidence]:
        """The gravest first, a screenful."""
        return sorted(self.evidence, key=lambda one: _ORDER.index(one.verdict))[:MOST_SHOWN]


def passed(address: str, found: str) -> Evidence:
    return Evidence(Verdict.PASS, address, found)


def failed(address: str, found: str) -> Evidence:
    return Evidence(Verdict.FAIL, address, found)


def unless(problems: Iterable[Evidence], address: str, fine: str) -> list[Evidence]:
    """The problems, or one sentence that there are none."""
    return list(problems) or [passed(address, fine)]
