"""A story as pages, papers and data show it: each paragraph with the number of its source, and what became of that."""

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from mingtang.disclosure.models import Claim, Revision
from mingtang.disclosure.stories.claims import line, since, standing
from mingtang.towns.models import Jurisdiction


@dataclass(frozen=True)
class Cited:
    """A source under its number. ``title`` is empty where even that may not be shown any more; ``since`` says what
    became of it after it was cited."""

    number: int
    title: str
    url: str
    version: str
    on: date
    sha256: str
    subject: str
    since: str


@dataclass(frozen=True)
class Told:
    """``paragraphs``: each claim with its source, if it has one."""

    paragraphs: list[tuple[Claim, Cited | None]]

    @property
    def sources(self) -> list[Cited]:
        return list({one.number: one for _, one in self.paragraphs if one}.values())

    @property
    def body(self) -> Markup:
        """The text with the numbers of its sources; what has changed is said below the paragraph."""
        return Markup("").join(_paragraph(claim, cited) for claim, cited in self.paragraphs)


_NUMBER = Markup('<sup><a href="#source-{0}" aria-label="出处 {0}">[{0}]</a></sup>')


def _paragraph(claim: Claim, cited: Cited | None) -> Markup:
    number = _NUMBER.format(cited.number) if cited else Markup("")
    changed = Markup('<p class="late">{}</p>').format(cited.since) if cited and cited.since else Markup("")
    return Markup("<p>{}{}</p>{}").format(line(claim), number, changed)


def told(town: Jurisdiction, revision: Revision) -> Told:
    """The paragraphs of a revision with what stands at each source now; one source cited twice has one number."""
    claims = list(revision.claims.all())
    now = standing(town, claims)
    numbers: dict[tuple[str, str, str], int] = {}
    found: list[tuple[Claim, Cited | None]] = []
    for claim in claims:
        cited = None
        if claim.address:
            number = numbers.setdefault((claim.address, claim.version, claim.sha256), len(numbers) + 1)
            stands = now.get(claim.address)
            cited = Cited(
                number,
                claim.title if stands and stands.title else "",
                claim.address,
                claim.version,
                claim.on,
                claim.sha256,
                claim.subject,
                since(claim, stands),
            )
        found.append((claim, cited))
    return Told(found)
