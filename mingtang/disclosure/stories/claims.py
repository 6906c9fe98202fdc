"""The paragraphs of a story: what an author writes of each, what is still missing, what has changed since.

House rule: what a story claims stands at an address of this site, and its figures stand there too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from mingtang import guard
from mingtang.disclosure.enums import EditionState, Mark
from mingtang.disclosure.kinds import kinds
from mingtang.disclosure.models import Claim, Edition, Revision
from mingtang.disclosure.states import OPEN
from mingtang.disclosure.stories.figures import lacking
from mingtang.disclosure.stories.source import LONGEST, Source, address_of, find
from mingtang.lib.canonical import canonical_json, sha256_hex
from mingtang.lib.errors import Refused
from mingtang.lib.text import chinese_date
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer

MOST, MOST_TEXT, MOST_SPEAKER = 60, 1_000, 60
_TITLE = 200
# What the town tells of itself: no change of which another story is written.
NEWS = ("story", "digest", "reprint")


@dataclass(frozen=True)
class Typed:
    """A paragraph as it was typed: ``address`` is where it was taken from."""

    mark: str
    text: str
    speaker: str = ""
    address: str = ""


def told_kinds() -> list[str]:
    """The kinds of documents that consist of claims."""
    return [kind.code for kind in kinds().values() if kind.claims]


def take(town: Jurisdiction, typed: Sequence[Typed]) -> list[Claim]:
    """Claims as a revision will hold them, each with what stands at its address now. Empty paragraphs are left out.

    Raises ``Refused`` for an address at which nothing public stands; a draft may still lack sources.
    """
    rows = [row for row in typed if row.text.strip()]
    if len(rows) > MOST:
        raise Refused(f"写了 {len(rows)} 段，最多 {MOST} 段。请写短一些，或者分成几篇。")
    addresses = {row: address_of(town, row.address) for row in rows if row.mark == Mark.CLAIM and row.address.strip()}
    standing = find(town, addresses.values())
    found = []
    for number, row in enumerate(rows, 1):
        if row.mark not in Mark.values:
            raise Refused(f"第 {number} 段没有选是事实、说明还是引用。", field=f"mark-{number}")
        text = " ".join(row.text.split())
        if len(text) > MOST_TEXT:
            raise Refused(f"第 {number} 段有 {len(text)} 个字，最多 {MOST_TEXT} 个。请分段。", field=f"text-{number}")
        source = standing.get(addresses[row]) if row in addresses else None
        if row in addresses and (source is None or not source.public):
            where = f"第 {number} 段的出处“{row.address.strip()[:60]}”"
            remedy = (
                "没有公开，或者已经撤下，不能作出处。" if source else "在本站找不到。请打开那一页，复制地址栏里的网址。"
            )
            raise Refused(where + remedy, field=f"address-{number}")
        speaker = " ".join(row.speaker.split())[:MOST_SPEAKER] if row.mark == Mark.QUOTE else ""
        found.append(Claim(order=number, mark=row.mark, text=text, speaker=speaker, **_taken(source)))
    return found


def _taken(source: Source | None) -> dict[str, object]:
    if source is None:
        return {}
    stated = source.words().splitlines() if source.moving else []
    return {
        "address": source.address[:LONGEST],
        "subject": source.subject,
        "title": source.title[:_TITLE],
        "version": source.version,
        "sha256": sha256_hex(canonical_json(stated)) if source.moving else source.sha256,
        "on": source.on,
        "stated": stated,
    }


def body_of(claims: Iterable[Claim]) -> str:
    """The text of a story as HTML: one paragraph a claim."""
    return "".join(f"<p>{escape(line(claim), quote=False)}</p>" for claim in claims)


def line(claim: Claim) -> str:
    """A paragraph as it reads: what somebody said ends with who."""
    return f"“{claim.text.strip('“”')}”（{claim.speaker}）" if claim.speaker else claim.text


@dataclass(frozen=True)
class Fault:
    """What keeps a story from the review. ``finding``: what a second person may let stand."""

    field: str
    sentence: str
    finding: guard.Finding | None = None


def faults(town: Jurisdiction, revision: Revision) -> Iterator[Fault]:
    """Every claim without a source, with one that is not public or changed, with figures that do not stand there."""
    claims = list(revision.claims.all())
    if not claims:
        yield Fault("text-1", "还没有写。请至少写一段，写明出处。")
    standing = find(town, [claim.address for claim in claims if claim.address])
    for claim in claims:
        if claim.mark == Mark.QUOTE and not claim.speaker:
            yield Fault(f"speaker-{claim.order}", f"第 {claim.order} 段是引用的话，还没有写明是哪个岗位的人说的。")
        if claim.mark == Mark.CLAIM:
            yield from _of(claim, standing.get(claim.address))


def _of(claim: Claim, now: Source | None) -> Iterator[Fault]:
    part, field = f"第 {claim.order} 段", f"address-{claim.order}"
    if not claim.address:
        said = claim.text if len(claim.text) <= 30 else claim.text[:29] + "…"
        yield Fault(field, f"{part}“{said}”没有写明出处。请写上出处的网址，或者标成说明、引用。")
    elif now is None or not now.public:
        yield Fault(
            field, f"{part}引的“{claim.title}”没有公开，或者已经撤下，不能作出处。请换一个出处，或者删去这一段。"
        )
    elif sentence := since(claim, now):
        yield Fault(field, f"{part}：{sentence}请看过现在的内容，改好这一段，再保存一次。")
    else:
        day = f"{claim.on.year} {claim.on.month} {claim.on.day}"
        for written in lacking(claim.text, claim.title, claim.version, day, *(claim.stated or [now.words()])):
            sentence = (
                f"{part}写的“{written}”，出处“{claim.title}”里没有这个数。请照出处改；确实要这样写的，请审查员放行。"
            )
            yield Fault(
                f"text-{claim.order}", sentence, guard.Finding("figure", "block", (0, 0), written, sentence, part)
            )


def since(claim: Claim, now: Source | None) -> str:
    """What became of the source since the claim was taken from it, as a sentence; empty where it stands as it stood."""
    if now is None:
        return f"此处所引的“{claim.title}”已经不在本站。"
    if now.public and (now.moving or (claim.version, claim.sha256) == (now.version, now.sha256)):
        return ""
    name = f"“{claim.title}”" if now.title else "信息"
    return f"此处所引的{name}已于{chinese_date(now.on)}{now.became}。"


def standing(town: Jurisdiction, claims: Iterable[Claim]) -> Mapping[str, Source]:
    """What stands now at the address of each source."""
    return find(town, [claim.address for claim in claims if claim.address])


def overtaken(viewer: Viewer) -> list[tuple[Edition, list[str]]]:
    """The stories in force a source of which has changed since, each with the sentences that say so, newest first, but
    for those of which a corrected edition is being written. What only ended as it was told asks for nothing."""
    rows = Edition.objects.visible_to(viewer).filter(state=EditionState.PUBLISHED, document__kind__in=told_kinds())
    being_mended = Edition.objects.filter(state__in=OPEN).values("document")
    rows = rows.exclude(document__in=being_mended).select_related("document", "revision")
    editions = {row.revision_id: row for row in rows.defer("revision__body_html", "revision__body_text")}
    if not editions:
        return []
    claims = list(Claim.objects.filter(revision__in=editions).exclude(address="").order_by("-revision", "order"))
    now = standing(viewer.town, claims)
    found: dict[int, list[str]] = {}
    for claim in claims:
        stands = now.get(claim.address)
        if not (stands and stands.ended) and (sentence := since(claim, stands)):
            found.setdefault(claim.revision_id, []).append(sentence)
    return [(editions[key], list(dict.fromkeys(sentences))) for key, sentences in found.items()]
