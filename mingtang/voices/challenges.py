"""核对: what is published was not so for somebody. The challenged unit says how it was, the office ends it; once
the person may ask again."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256

from django.db.models import Count, Q
from django.utils import timezone

from mingtang.events.log import APPLICANT
from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Staff, Unit
from mingtang.people.policies import actor
from mingtang.rulebook import slips
from mingtang.rulebook.models import Version
from mingtang.towns.models import Jurisdiction
from mingtang.voices import matters
from mingtang.voices.actions import MAX_TOLD
from mingtang.voices.enums import MatterKind, MatterOutcome, MatterState
from mingtang.voices.matters import Photo, Received
from mingtang.voices.models import Matter
from mingtang.workdays.tables import calendar_for

MAX_SHORT, MAX_CLAIM, MAX_PHONE = 60, 300, 20


@dataclass(frozen=True)
class Claim:
    """A published fee, promise or line: whose, in which edition of what, its words. Read from what is published, never
    from a form."""

    unit: Unit
    about: str
    edition: int
    row: str
    words: str


@dataclass(frozen=True)
class Met:
    """What somebody met instead, in their own words: what was asked, when, where; a phone if they want to be called."""

    text: str
    when: str = ""
    where: str = ""
    phone: str = ""


def row_key(name: str) -> str:
    """By what a row is known in every edition: its name, not its place."""
    return f"r-{sha256(name.encode()).hexdigest()[:12]}"


def challenge(*, claim: Claim, met: Met, submission: str, photo: Photo | None = None) -> Received:
    """Open a challenge. ``submission`` is the form's own token: sent twice, the same number and code come back."""
    written = {name: " ".join(text.split()) for name, text in vars(met).items()}
    limits = {"text": MAX_TOLD, "when": MAX_SHORT, "where": MAX_SHORT, "phone": MAX_PHONE}
    if not written["text"]:
        raise Refused("请写明哪里不一样，例如：收了我 30 元。", field="text")
    for name, most in limits.items():
        if len(written[name]) > most:
            raise Refused(f"写了 {len(written[name])} 个字，最多 {most} 个字。请写短一些。", field=name)
    return matters.begin(
        "challenge",
        unit=claim.unit,
        kind=MatterKind.CHALLENGE,
        words=written | {"name": ""},
        submission=submission,
        photo=photo,
        about=claim.about,
        edition=claim.edition,
        row=claim.row,
        claim=claim.words[:MAX_CLAIM],
    )


def propose(*, matter: Matter, outcome: str, text: str, by: Staff) -> Matter:
    """The challenged unit says how it was, and which end that is; nobody reads it before the office has looked."""
    text = clear_text(text, "请写明查到了什么、怎样改的；不属实的写理由。", "text", matters.MAX_ANSWER, town=by.town_id)
    with act():
        matter = matters.locked(matter)
        matters.check_matter("propose", matter, by)
        if outcome not in matters.ENDS[MatterKind.CHALLENGE]:
            raise Refused("核对没有这种结果，请另选一种。", field="outcome")
        matter.outcome, matter.answered_by, matter.answered_at = outcome, by, timezone.now()
        return matters.moved("propose", matter, actor(by), {"answer": text})


def confirm(*, matter: Matter, by: Staff) -> Matter:
    """Another person of the office has looked: that is the end, and it is counted beside what was challenged."""
    with act():
        matter = matters.locked(matter)
        matters.check_matter("confirm", matter, by)
        if matter.answered_by_id == by.pk:
            raise Refused("答复的人不能认定自己的答复。请另一位同事办理。")
        matter.checked_by, matter.checked_at = by, timezone.now()
        _count_slip(matter)
        return matters.moved("confirm", matter, actor(by), {})


def _count_slip(matter: Matter) -> None:
    """A fee of an item that was really not as published is one more slip: the third obliges its unit."""
    what, _, code = matter.about.partition(":")
    if what != "item" or matter.outcome != MatterOutcome.UPHELD:
        return
    version = Version.objects.select_related("item__town").get(
        item__town=matter.town, item__code=code, number=matter.edition
    )
    # Beyond the day's limit of slips the challenge ends all the same.
    with suppress(Refused):
        slips.report(version=version, asked=f"核对属实：{matter.claim[:150]}", submission=matter.subject)


def send_back(*, matter: Matter, text: str, by: Staff) -> Matter:
    """The answer does not hold: the unit answers again, by the same last day."""
    text = clear_text(text, "请写明哪里要重新查。", "text", matters.MAX_ANSWER, town=by.town_id)
    with act():
        matter = matters.locked(matter)
        matters.check_matter("send_back", matter, by)
        matter.outcome, matter.answered_by, matter.answered_at = "", None, None
        return matters.moved("send_back", matter, actor(by), {"back": text})


def ask_again(*, matter: Matter, text: str) -> Matter:
    """The person, who showed the code, is not content: once, a third person looks, within the same days."""
    text = " ".join(text.split())
    if not text:
        raise Refused("请写明答复哪里不对。", field="text")
    if len(text) > MAX_TOLD:
        raise Refused(f"写了 {len(text)} 个字，最多 {MAX_TOLD} 个字。请写短一些。", field="text")
    with act():
        matter = matters.locked(matter)
        matters.check_matter_state("ask_again", matter)
        if not can_ask_again(matter):
            raise Refused("已经再核对过一次，这是最后的结论。还有不同的，请打监督电话。", field="text")
        matter.disputed_at = timezone.now()
        days = matters.DAYS[MatterKind.CHALLENGE]
        matter.second_due_on = calendar_for(matter.town).last_day(timezone.localdate(), days).day
        return matters.moved("ask_again", matter, APPLICANT, {"dispute": text})


def can_ask_again(matter: Matter) -> bool:
    """A challenge that has ended, once."""
    return matter.kind == MatterKind.CHALLENGE and matter.state == MatterState.ENDED and matter.disputed_at is None


def decide_again(*, matter: Matter, outcome: str, text: str, by: Staff) -> Matter:
    """Neither who answered nor who confirmed it decides which end it is; that is the last word of this procedure."""
    text = clear_text(text, "请写再核对的结论和理由。", "text", matters.MAX_ANSWER, town=by.town_id)
    with act():
        matter = matters.locked(matter)
        matters.check_matter("decide_again", matter, by)
        if outcome not in matters.ENDS[MatterKind.CHALLENGE]:
            raise Refused("核对没有这种结果，请另选一种。", field="outcome")
        matter.outcome, matter.ruled_by, matter.ruled_at = outcome, by, timezone.now()
        _count_slip(matter)
        return matters.moved("decide_again", matter, actor(by), {"ruling": text})


@dataclass(frozen=True)
class Tally:
    """How often a row was challenged and answered, and how often that was true."""

    answered: int
    upheld: int

    @property
    def words(self) -> str:
        return f"收到 {self.answered} 次核对，{self.upheld} 次属实"


def tallies(town: Jurisdiction | int | None, abouts: Iterable[str]) -> dict[tuple[str, str], Tally]:
    """(subject, row) → what is told in public, once it is answered. One query."""
    # One that is asked about again counts as it was answered the first time, until it is decided.
    rows = Matter.objects.filter(town=town, about__in=set(abouts), checked_at__isnull=False)
    counted = rows.values_list("about", "row").annotate(
        answered=Count("pk"), upheld=Count("pk", filter=Q(outcome=MatterOutcome.UPHELD))
    )
    return {(about, row): Tally(answered, upheld) for about, row, answered, upheld in counted.order_by()}
