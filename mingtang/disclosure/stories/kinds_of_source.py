"""Sources that this room and those below it keep: documents, items, lists, laws, notices of interruption."""

from collections.abc import Iterator, Mapping
from re import Match

from django.utils import timezone

from mingtang.disclosure.derived import reading
from mingtang.disclosure.enums import LEAKS, EditionState, ListState
from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.kinds.facts import texts
from mingtang.disclosure.models import DerivedList, Document, Edition
from mingtang.disclosure.states import READABLE
from mingtang.disclosure.stories.source import Source, source
from mingtang.events.log import iso
from mingtang.lib.canonical import canonical_json, sha256_hex
from mingtang.lib.money import format_yuan, plain_yuan
from mingtang.lib.text import chinese_date, month_day_time
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.facts import VARIES, charged, facts_of
from mingtang.rulebook.models import Article, Item, Law, Version
from mingtang.towns.models import Jurisdiction
from mingtang.utilities.enums import InterruptionState
from mingtang.utilities.models import Interruption

Found = dict[str, Source]


@source(r"/info/(?!c/|e/|t/|compare/|since|guide|numbers|validity|withheld)(.+)")
def documents(town: Jurisdiction, wanted: Mapping[str, Match[str]]) -> Found:
    """The edition that stands; of one that was withdrawn for a leak not even the title."""
    addresses = {match[1]: address for address, match in wanted.items()}
    rows = Document.objects.filter(town=town, index_number__in=addresses).select_related("town", "current__revision")
    rows = rows.defer("current__revision__body_html", "current__revision__body_text", "current__revision__facts")
    return {addresses[row.index_number]: _document(addresses[row.index_number], row) for row in rows}


def _document(address: str, row: Document) -> Source:
    edition = row.current
    if edition is None:
        return Source(address, row.subject, row.index_number, "", "", timezone.localdate(row.created_at), public=False)
    edition.document = row
    leak = edition.state == EditionState.WITHDRAWN and edition.withdrawn_ground in LEAKS
    changed_at = edition.withdrawn_at or edition.ended_at or edition.published_at
    stands = f"第 {edition.number} 版"
    became = {
        EditionState.PUBLISHED: f"更正为{stands}",
        EditionState.EXPIRED: "失效",
        EditionState.REPEALED: "废止",
        EditionState.WITHDRAWN: "撤下",
    }[EditionState(edition.state)]
    return Source(
        address,
        row.subject,
        "" if leak else edition.revision.title,
        stands if edition.state == EditionState.PUBLISHED else f"{stands}，已{became}",
        edition.revision.sha256,
        timezone.localdate(changed_at),
        became,
        public=edition.state in READABLE,
        words=lambda: "\n".join(_words_of(edition)),
    )


def _words_of(edition: Edition) -> Iterator[str]:
    """All that a document says, as its page shows it; its attachments besides."""
    revision = edition.revision
    yield from (revision.body_text, edition.note, edition.ended_reason)
    kind = kind_of(edition.document.kind)
    yield from (text for _, text in texts(kind, revision.facts))
    yield from revision.attachments.values_list("text", flat=True)
    days = (edition.published_at, edition.ended_at)
    yield from (chinese_date(timezone.localdate(day)) for day in days if day)
    yield from (chinese_date(day) for day in (edition.in_force_from, edition.in_force_until) if day)


@source(r"/services/([0-9A-Za-z-]+)")
def items(town: Jurisdiction, wanted: Mapping[str, Match[str]]) -> Found:
    """The version in force, or the last one that was."""
    addresses = {match[1]: address for address, match in wanted.items()}
    rows = Item.objects.filter(town=town, code__in=addresses).select_related("current")
    rows = rows.defer("current__bpmn")
    return {addresses[row.code]: _item(addresses[row.code], row) for row in rows}


def _item(address: str, row: Item) -> Source:
    version = row.current
    if version is None:
        return Source(address, row.subject, row.code, "", "", timezone.localdate(row.created_at), public=False)
    stands = f"第 {version.number} 版"
    became = {VersionState.SUSPENDED: "暂停办理", VersionState.CANCELLED: "取消"}.get(VersionState(version.state), "")
    changed_at = version.cancelled_at or version.suspended_at or version.in_force_at
    return Source(
        address,
        row.subject,
        version.name,
        f"{stands}，已{became}" if became else stands,
        version.sha256,
        timezone.localdate(changed_at),
        became or f"改为{stands}",
        words=lambda: "\n".join(words_of_version(version)),
    )


def before(version: Version) -> Version | None:
    """The version whose place it took."""
    ran = Version.objects.filter(item=version.item_id, number__lt=version.number, in_force_at__isnull=False)
    return ran.defer("bpmn").order_by("-number").first()


def asked(version: Version) -> dict[str, int]:
    """What people reckon with, as the lists of items show it: papers they hand in, working days, visits; the fee in
    fen, where it is the same for everybody."""
    facts = facts_of(version.spec)
    fee = charged(facts["charges"], timezone.localdate(version.in_force_at))
    found = {name: facts[name] for name in ("materials", "days", "visits")}
    return found if fee == VARIES else found | {"fees": fee or 0}


def words_of_version(version: Version) -> Iterator[str]:
    """What a version asks, what it asked before, the difference; what was said of each change."""
    now, old = asked(version), before(version)
    then = asked(old) if old else now
    for name, value in now.items():
        was = then.get(name, value)
        for number in (value, was, abs(value - was)):
            yield plain_yuan(number) if name == "fees" else str(number)
    yield str(len(version.spec.conditions))
    yield from (f"{format_yuan(fee.amount)} {fee.per}" for fee in version.spec.fees)
    yield from version.changes.values_list("sentence", flat=True)
    if version.effective_on:
        yield chinese_date(version.effective_on)


@source(r"/lists/([0-9A-Za-z-]+)")
def lists(town: Jurisdiction, wanted: Mapping[str, Match[str]]) -> Found:
    """A list as a whole, with its counts; never a row."""
    addresses = {match[1]: address for address, match in wanted.items()}
    rows = DerivedList.objects.filter(town=town, number__in=addresses)
    return {addresses[row.number]: _list(addresses[row.number], row) for row in rows}


def _list(address: str, row: DerivedList) -> Source:
    became = {
        ListState.SUPERSEDED: "由新版代替",
        ListState.WITHDRAWN: "提前撤下",
        ListState.ENDED: "公示期满撤下",
    }.get(ListState(row.state), "")
    shown = row.shown_at is not None
    stands = f"第 {row.edition} 版"
    return Source(
        address,
        row.subject,
        reading.title(row),
        f"{stands}，已{became}" if became else stands,
        row.root,
        timezone.localdate((row.gone_at if became else row.shown_at) or row.made_at),
        became,
        public=shown,
        ended=row.state == ListState.ENDED,
        words=lambda: "\n".join(_words_of_list(row)),
    )


def _words_of_list(row: DerivedList) -> Iterator[str]:
    yield from (reading.title(row), str(row.count), str(row.left_out), chinese_date(row.from_on))
    yield from (chinese_date(day) for day in (row.to_on, row.until) if day)
    if row.total is not None:
        yield format_yuan(row.total)


@source(r"/laws/(\d{1,9})(?:#article-(\d{1,5})(?:-(\d{1,3}))?)?")
def laws(town: Jurisdiction, wanted: Mapping[str, Match[str]]) -> Found:
    """A law, or the wording of one of its articles that holds now."""
    today = timezone.localdate()
    rows = {row.pk: row for row in Law.objects.of(town).filter(pk__in={int(match[1]) for match in wanted.values()})}
    found = {}
    for address, match in wanted.items():
        if law := rows.get(int(match[1])):
            articles = law.articles.filter(number=int(match[2] or 0), sub=int(match[3] or 0)) if match[2] else None
            found |= _law(address, law, list(articles.order_by("-valid_from")) if articles is not None else None, today)
    return found


def _law(address: str, law: Law, wordings: list[Article] | None, today) -> Found:
    ended = not law.holds(today)
    wording = None
    if wordings is not None:
        wording = next((row for row in wordings if row.valid_from <= today), None)
        if wording is None:
            return {}
        ended = ended or (wording.valid_to is not None and wording.valid_to <= today)
    said = wording.text if wording else "\n".join(law.articles.order_by("number", "sub").values_list("text", flat=True))
    name = f"{law.title} {wording.label}" if wording else law.title
    since = law.abolished_on if ended and law.abolished_on else wording.valid_from if wording else law.effective_on
    text = canonical_json([law.title, law.effective_on.isoformat(), said, "废止" if ended else ""])
    words = f"{said}\n{name}"
    version = f"{chinese_date(law.effective_on)}起施行"
    became = "废止" if ended else "修改"
    return {address: Source(address, law.subject, name, version, sha256_hex(text), since, became, words=lambda: words)}


@source(r"/utilities/interruptions/(\d{1,9})")
def interruptions(town: Jurisdiction, wanted: Mapping[str, Match[str]]) -> Found:
    """A notice as it reads now."""
    addresses = {int(match[1]): address for address, match in wanted.items()}
    rows = Interruption.objects.filter(town=town, pk__in=addresses).select_related("unit")
    return {addresses[row.pk]: _interruption(addresses[row.pk], row) for row in rows}


def _interruption(address: str, row: Interruption) -> Source:
    words = [row.places, row.reason, row.advice, *(month_day_time(at) for at in (row.starts_at, row.ends_at))]
    words += [month_day_time(row.restored_at), str(row.short_hours)]
    moments = [iso(at) if at else "" for at in (row.starts_at, row.ends_at, row.restored_at)]
    became = {InterruptionState.WITHDRAWN: "撤回", InterruptionState.RESTORED: "恢复供应"}.get(
        InterruptionState(row.state), "改过"
    )
    return Source(
        address,
        row.subject,
        f"{row.unit.name}{row.get_cut_display()}通知",
        "",
        sha256_hex(canonical_json([row.state, row.places, row.reason, row.advice, *moments])),
        timezone.localdate(row.restored_at or row.announced_at or row.starts_at),
        became,
        public=row.announced_at is not None,
        ended=row.state == InterruptionState.RESTORED,
        words=lambda: "\n".join(words),
    )
