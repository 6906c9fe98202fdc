"""From the first paper until it can be accepted (许可法 29–32)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from mingtang.cases import clocks, drafts, numbers, papers, process, requirements, same_agent
from mingtang.cases.acting import check_comes
from mingtang.cases.actions import kinds
from mingtang.cases.applicants import Applicant, as_payload, check, doubts
from mingtang.cases.enums import CaseState, Channel, ClockKind, MaterialState, Paper
from mingtang.cases.models import (
    AuthorityScan,
    Case,
    CaseDocument,
    CaseErrand,
    CaseMaterial,
    Demand,
    MaterialFile,
    SupplementNotice,
)
from mingtang.cases.policies import check_can, check_state
from mingtang.events import vault
from mingtang.events.log import APPLICANT, Actor, iso, record
from mingtang.events.models import PayloadKey
from mingtang.files.models import StoredFile
from mingtang.hall import counter
from mingtang.hall.models import Errand, Window
from mingtang.hall.policies import open_window_of
from mingtang.lib.canonical import canonical_json
from mingtang.lib.errors import Refused
from mingtang.lib.text import chinese_date
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import check_acts
from mingtang.rulebook import in_person, situations
from mingtang.rulebook.enums import PowerType, VersionState, Visibility
from mingtang.rulebook.models import Version
from mingtang.rulebook.spec import Material
from mingtang.towns.models import Jurisdiction
from mingtang.workdays.tables import calendar_for

MAX_DEMAND, SHORTEST_REPLY = 200, 10


@dataclass(frozen=True)
class Received:
    """What is handed in: keys of papers seen at the window, files per key, keys that will be brought later, keys whose
    paper the applicant pledges in writing instead (告知承诺); of the seen ones those whose original went back at once.
    ``authority``: scans of what proves that someone may act."""

    seen: frozenset[str] = frozenset()
    files: Mapping[str, Sequence[StoredFile]] = field(default_factory=dict)
    to_bring: frozenset[str] = frozenset()
    pledged: frozenset[str] = frozenset()
    returned: frozenset[str] = frozenset()
    authority: Sequence[StoredFile] = ()


@dataclass(frozen=True)
class Submission:
    """The result of ``submit``: the case, its receipt and the code that is told once."""

    case: Case
    receipt: CaseDocument
    code: str
    repeated: bool


@dataclass(frozen=True)
class Times:
    """When the person first came, when it was handed in, when it is entered: the last two differ after an outage."""

    contact: datetime
    handed_in: datetime
    recorded: datetime


def locked(case: Case) -> Case:
    """The case row, locked: two people acting at once meet here, one after the other."""
    return Case.objects.select_for_update(of=("self",)).select_related("town", "item", "version", "key").get(pk=case.pk)


def new_case_key(version: Version) -> PayloadKey:
    """The key under which a case's files are sealed, made before the case itself."""
    with act():
        return vault.new_key(version.item.town)


def submit(
    *,
    version: Version,
    applicant: Applicant,
    answers: Mapping[str, object],
    received: Received,
    submission: str,
    key: PayloadKey,
    by: Staff | None = None,
    contact_at: datetime | None = None,
    errand: Errand | None = None,
    told: bool = False,
    sure: bool = False,
) -> Submission:
    """Hand in an application, complete or not. Starts the intake clock and the resident-days.

    ``answers`` to the version's situations select the papers and steps of the case. Where one of them bars, whoever
    applies was ``told`` so and goes on: to refuse is a decision with remedies (许可法 32, 38), not a form's to make.
    ``submission`` is the form's own token: sent twice, the same case and code come back. ``by`` is the window clerk;
    without one the applicant applies online. ``errand`` is what the applicant came for: it ends with this case, and the
    resident-days begin when the contact was opened, or at ``contact_at`` before it. ``sure``: what is doubtful about
    the applicant was looked at again and stands. Raises ``Refused`` when the version is not in force, an answer or the
    applicant's numbers are wrong or doubtful, whoever acts may not, an answer bars and nobody was told, or the clerk's
    window is closed.
    """
    town = version.item.town
    window, author = None, APPLICANT
    if by is not None:
        held = check_acts(by, Permission.CASE_INTAKE, town)
        window = open_window_of(by)
        author = held.actor([window.post.code])
    elif why := _not_online(version):
        raise Refused(why)
    now = timezone.now()
    if window is not None:
        applicant = same_agent.filled(applicant, window=window)
    applicant = checked_applicant(
        version, applicant, received, timezone.localdate(now), at_window=by is not None, sure=sure
    )
    check_comes(version.spec, applicant.acting)
    checked = situations.check(version.spec, answers)
    if not told and (barred := requirements.barred(version.spec, checked)):
        raise Refused(barred)
    try:
        with act():
            if found := earlier(town, submission):
                return found
            came = min(contact_at or now, errand.contact.opened_at if errand else now)
            times = Times(came, now, now)
            channel = Channel.WINDOW if by else Channel.ONLINE
            made = take_up(version, applicant, checked, received, submission, key, author, window, channel, times)
            drafts.handed_in(town, submission, key)
            if errand is not None and by is not None:
                end_errand(made.case, errand, by)
            return made
    except IntegrityError:
        # The same form sent twice at the same moment: the other one was quicker.
        if found := earlier(town, submission):
            return found
        raise


def _not_online(version: Version) -> str:
    """Why nobody can apply online; empty where one can."""
    elsewhere = "" if version.spec.online else "这个事项不能在网上申请，请到窗口办理。"
    return in_person.refuses(version.spec, "apply") or elsewhere


def is_aid(version: Version) -> bool:
    """行政给付: a village committee may apply for somebody (社会救助暂行办法 11)."""
    return version.spec.power_type == PowerType.PAYMENT


def checked_applicant(
    version: Version, applicant: Applicant, received: Received, today: date, *, at_window: bool, sure: bool
) -> Applicant:
    """The applicant as they are kept. An original is seen at the window only: online a scan proves who acts."""
    if applicant.acting and not at_window:
        applicant = replace(applicant, acting=replace(applicant.acting, seen=False))
    proved = bool(received.authority) or bool(applicant.acting and applicant.acting.seen)
    applicant = check(applicant, today=today, aid=is_aid(version), proved=proved)
    found = doubts(applicant, today=today)
    if found and not sure:
        name, sentence = next(iter(found.items()))
        raise Refused(sentence, field=name)
    return replace(applicant, confirmed=found)


def end_errand(case: Case, errand: Errand, by: Staff) -> None:
    """The errand found its case: in the same transaction, so that neither stands without the other."""
    if errand.contact.town_id != case.town_id or errand.item_id not in (None, case.item_id):
        raise Refused("这个号要办的不是这个事项。请回到叫号的页面，从那件事点“收件”。")
    CaseErrand.objects.create(case=case, errand=errand)
    counter.settle_with_case(errand=errand, number=case.number, by=by)


def earlier(town: Jurisdiction, submission: str) -> Submission | None:
    """What this very form led to, when it was sent before."""
    case = Case.objects.filter(town=town, submission=submission).first()
    if case is None:
        return None
    return Submission(case, case.documents.get(kind=Paper.RECEIPT), numbers.code_for(submission), True)


def take_up(
    version: Version,
    applicant: Applicant,
    answers: dict[str, str | int],
    received: Received,
    submission: str,
    key: PayloadKey,
    by: Actor,
    window: Window | None,
    channel: Channel,
    times: Times,
) -> Submission:
    """The case with its process, first clock and receipt, inside the caller's act; everything was checked.

    Clocks and prices go by the day it was handed in, the number by the year it is entered.
    """
    at = times.handed_in
    case, code = begin_case(version, applicant, answers, submission, key, channel, window, times)
    take_in(case, received, at)
    process.begin(case, at=at)
    clock = clocks.start_intake(case, at=at)
    expected = f"我们在{chinese_date(clock.due_on)}前告诉您是否受理，受理后开始计算办理时限。"
    receipt = papers.freeze(
        case,
        Paper.RECEIPT,
        papers.receipt(case, code, expected, at, times.recorded),
        type=kinds.SUBMITTED,
        by=by,
        at=times.recorded,
        happened_at=at,
        place=str(window) if window else "",
        facts={**begun(case), **returned_facts(received)},
        payload=as_payload(applicant),
    )
    return Submission(case, receipt, code, False)


def begun(case: Case) -> dict[str, Any]:
    """What the event that begins a case says of it, for ``proved`` to compute the row again."""
    return {
        "item": case.item.code,
        "version": case.version.number,
        "channel": case.channel,
        "contact_at": iso(case.contact_at),
    }


def begin_case(
    version: Version,
    applicant: Applicant,
    answers: dict[str, str | int],
    submission: str,
    key: PayloadKey,
    channel: str,
    window: Window | None,
    times: Times,
) -> tuple[Case, str]:
    """A new case with its checklist, and the code that is told once. In the transaction of the act that begins it."""
    # Asked again here: while the form was being filled in, a new version may have come into force. What was written on
    # paper keeps the version of its day.
    if channel != Channel.PAPER and not Version.objects.filter(pk=version.pk, state=VersionState.IN_FORCE).exists():
        raise Refused("这个事项刚刚发布了新版。请回到办事指南，按新版重新填写；您填过的内容请先保留。")
    town, code = version.item.town, numbers.code_for(submission)
    sealed = version.spec.visibility == Visibility.SEALED
    number = numbers.new_sealed(town) if sealed else numbers.next_public(town, timezone.localdate(times.recorded).year)
    case = Case.objects.create(
        town=town,
        number=number,
        sealed=sealed,
        item=version.item,
        version=version,
        flow_sha256=version.flow_sha256,
        state=CaseState.SUBMITTED,
        channel=channel,
        window=window,
        key=key,
        applicant_kind=applicant.kind,
        applicant_sealed=vault.seal(key, canonical_json(as_payload(applicant))),
        answers_sealed=vault.seal(key, canonical_json(answers)) if answers else None,
        applicant_hash=vault.keyed_hash(applicant.id_number),
        code_hash=numbers.code_hash(number, code),
        submission=submission,
        contact_at=times.contact,
        submitted_at=times.handed_in,
    )
    _lay_out_checklist(case)
    return case, code


def _lay_out_checklist(case: Case) -> None:
    """What the version asks in this situation, all of it: nothing can be asked for that is not on it."""
    CaseMaterial.objects.bulk_create(
        CaseMaterial(
            case=case,
            material_key=material.key,
            order=order,
            state=MaterialState.FETCHED if material.fetched_by_us else MaterialState.MISSING,
        )
        for order, material in enumerate(case.selected.materials)
    )


def take_in(case: Case, received: Received, at: datetime) -> list[str]:
    """Mark what came in; returns the keys that are in now. Raises ``Refused`` for what the case does not ask."""
    named = received.seen | set(received.files) | received.to_bring | received.pledged
    rows = {row.material_key: row for row in case.materials.filter(material_key__in=named)}
    if unknown := named - set(rows):
        raise Refused(f"这一件不要求这项材料（{'、'.join(sorted(unknown))}），不能收。")
    taken = []
    for key, row in rows.items():
        files = received.files.get(key, ())
        MaterialFile.objects.bulk_create(MaterialFile(material=row, file=file) for file in files)
        if key in received.seen or files:
            row.state, row.received_at = MaterialState.RECEIVED, row.received_at or at
            row.returned_at = at if key in received.returned else None
            taken.append(key)
        elif key in received.pledged:
            _check_pledge(case.version.spec.material(key))
            row.state, row.received_at = MaterialState.PLEDGED, None
            taken.append(key)
        elif row.state == MaterialState.MISSING:
            row.state = MaterialState.TO_BRING
        row.save(update_fields=["state", "received_at", "returned_at"])
    AuthorityScan.objects.bulk_create(AuthorityScan(case=case, file=file) for file in received.authority)
    return sorted(taken)


def returned_facts(received: Received) -> dict[str, list[str]]:
    """For the event: the papers whose original was seen and went back at once."""
    return {"originals_returned": sorted(received.returned)} if received.returned else {}


def _check_pledge(material: Material) -> None:
    if not material.pledge:
        raise Refused(f"“{material.name}”不能用书面承诺代替，请交材料。", field=material.key)


def receive_materials(*, case: Case, received: Received, by: Staff) -> Case:
    """Take in papers at the window before acceptance (当场更正)."""
    with act():
        case = locked(case)
        who = check_can("correct_on_the_spot", case, by)
        window, now = open_window_of(by), timezone.now()
        taken = take_in(case, received, now)
        Demand.objects.filter(notice=case.pk, material_key__in=taken, supplied_at__isnull=True).update(supplied_at=now)
        record(
            town=case.town,
            type=kinds.MATERIALS,
            subject=case.subject,
            by=who.actor(window.post.code),
            place=str(window),
            data={"materials": taken, **returned_facts(received)},
        )
    return case


def request_supplement(
    *, case: Case, demands: Mapping[str, str], by: Staff, reply_by: date | None = None, lapse_basis: str = ""
) -> CaseDocument:
    """一次性告知: all that is missing, at once. A second notice is impossible, by this check and by the primary key.

    ``reply_by`` only with ``lapse_basis``, one of the version's own bases: without it a case waits as long as it takes.
    """
    now = timezone.now()
    with act():
        case = locked(case)
        who = check_can("request_supplement", case, by)
        window = open_window_of(by)
        if SupplementNotice.objects.filter(case=case).exists():
            raise Refused("这一件已经一次性告知过，不能再要求补正。没有写进告知书的，不能再要。")
        demands = {key: text.strip() for key, text in demands.items()}
        if not demands:
            raise Refused("请选出要补正的材料。材料齐全的，请直接受理。", field="demands")
        for key, text in demands.items():
            _check_demand(case, case.version.spec.material(key), text)
        forgotten = [row.material.name for row in requirements.missing(case) if row.material.key not in demands]
        if forgotten:
            raise Refused(f"还缺“{'”“'.join(forgotten)}”，也要写进这一次告知。漏掉的以后不能再要。", field="demands")
        _check_period(case, reply_by, lapse_basis, timezone.localdate(now))
        notice = SupplementNotice.objects.create(
            case=case, issued_at=now, issued_by=by, reply_by=reply_by, lapse_basis=lapse_basis
        )
        Demand.objects.bulk_create(
            Demand(notice=notice, material_key=case.version.spec.material(key).key, how_to_mend=text)
            for key, text in demands.items()
        )
        process.advance(case, "request_supplement", process.INTAKE, at=now, recorded_at=now, by=by)
        case.state = CaseState.SUPPLEMENT_DUE
        case.save(update_fields=["state"])
        clocks.stop(case, ClockKind.INTAKE, at=now)
        return papers.freeze(
            case,
            Paper.SUPPLEMENT,
            papers.supplement(case, demands, notice),
            type=kinds.SUPPLEMENT,
            by=who.actor(window.post.code),
            at=now,
            facts={
                "materials": sorted(demands),
                "reply_by": reply_by.isoformat() if reply_by else None,
                "lapse_basis": lapse_basis,
            },
        )


def lapse_bases(case: Case) -> list[str]:
    """The articles of the version that a period for the supplement could stand on."""
    return [f"《{row.law}》{row.article}" for row in case.version.spec.basis]


def _check_period(case: Case, reply_by: date | None, basis: str, today: date) -> None:
    """A period needs an article of the item, and leaves time to answer."""
    if (reply_by is None) != (not basis):
        raise Refused("写了最迟哪天，就要选依据哪一条；没有依据的，不能限期。", field="reply_by")
    if reply_by is None:
        return
    if basis not in lapse_bases(case):
        raise Refused("限期的依据要是这个事项自己的依据。请从列出的里面选。", field="lapse_basis")
    earliest = calendar_for(case.town).add_working_days(today, SHORTEST_REPLY)
    if reply_by < earliest:
        raise Refused(f"至少给申请人 {SHORTEST_REPLY} 个工作日，最早{chinese_date(earliest)}。", field="reply_by")


def _check_demand(case: Case, material: Material, text: str) -> None:
    """Only what the version asks of this applicant can be demanded, in words that say how to mend it."""
    if material.key not in {row.key for row in case.selected.materials}:
        raise Refused(f"按申请人的情况，这一件不要“{material.name}”，不能要求补正。", field=material.key)
    if material.fetched_by_us:
        raise Refused(f"“{material.name}”由我们调取，不能要求群众补交。", field=material.key)
    if not material.required:
        raise Refused(f"“{material.name}”不是必须交的，不能要求补正。", field=material.key)
    if not text:
        raise Refused(f"请写明“{material.name}”要怎样补正，让群众一看就懂。", field=material.key)
    if len(text) > MAX_DEMAND:
        raise Refused(f"“{material.name}”的补正要求最多 {MAX_DEMAND} 个字。请写短一些。", field=material.key)


def supply(*, case: Case, received: Received, by: Staff | None = None) -> Case:
    """Hand in what the notice asked for: as often as need be. When all of it is in, the case goes back to intake."""
    now = timezone.now()
    with act():
        case = locked(case)
        author = check_can("supply", case, by).actor(open_window_of(by).post.code) if by else APPLICANT
        check_state("supply", case)
        if not (received.seen or received.files or received.pledged):
            raise Refused("还没有选材料。请上传，或者把材料带到窗口。", field="files")
        taken = take_in(case, received, now)
        case.notice.demands.filter(material_key__in=taken, supplied_at__isnull=True).update(supplied_at=now)
        record(
            town=case.town,
            type=kinds.SUPPLIED,
            subject=case.subject,
            by=author,
            data={"materials": taken, **returned_facts(received)},
        )
        if not requirements.missing(case):
            back_to_intake(case, author, now)
    return case


def supply_complete(*, case: Case, by: Staff | None = None) -> Case:
    """The applicant's word that this is all; the intake clock runs again."""
    with act():
        case = locked(case)
        author = check_can("supply_complete", case, by).actor() if by else APPLICANT
        check_state("supply_complete", case)
        back_to_intake(case, author, timezone.now())
    return case


def back_to_intake(case: Case, by: Actor, now: datetime) -> None:
    """The supplied papers are in, or no longer asked for: the intake clock runs again."""
    process.advance(case, "supply_complete", process.SUPPLY, at=now, recorded_at=now)
    case.state = CaseState.SUBMITTED
    case.save(update_fields=["state"])
    SupplementNotice.objects.filter(case=case).update(completed_at=now)
    clocks.start_intake(case, at=now)
    record(town=case.town, type=kinds.SUPPLY_COMPLETE, subject=case.subject, by=by, happened_at=now)
