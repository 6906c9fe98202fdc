"""容缺: minor papers that follow an acceptance, by a day that was signed for."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from mingtang.cases.actions import kinds
from mingtang.cases.actions.intake import Received, locked, returned_facts, take_in
from mingtang.cases.enums import CaseState, MaterialState
from mingtang.cases.models import Case, CaseMaterial, Deferral
from mingtang.cases.policies import check_can, check_state
from mingtang.cases.requirements import Missing
from mingtang.events.log import APPLICANT, SYSTEM, Actor, record
from mingtang.hall.policies import open_window_of
from mingtang.lib.errors import Refused
from mingtang.lib.text import chinese_date
from mingtang.lib.tx import act
from mingtang.people.models import Staff


def check_deferred(lacking: Iterable[Missing], deferred: Mapping[str, date], *, signed: bool, today: date) -> None:
    """Whether what is lacking may follow: the version says so of each paper, and the applicant signed the list."""
    wanted = {row.material.key: row.material for row in lacking}
    for key in deferred:
        if key not in wanted:
            raise Refused("这项材料不缺，不用写后补的日期。请刷新后再看。", field=key)
    for key, material in wanted.items():
        if not material.deferrable:
            raise Refused(f"还缺“{material.name}”，规定里没有写它可以后补，不能容缺受理。", field=key)
        if key not in deferred:
            raise Refused(f"还缺“{material.name}”，不能受理。请收齐，写明后补的日期，或者一次性告知补正。", field=key)
        if deferred[key] <= today:
            raise Refused(f"“{material.name}”后补的日期要在今天以后。", field=key)
    if deferred and not signed:
        raise Refused("请让申请人在容缺清单上签字，再受理。", field="signed")


def defer(case: Case, deferred: Mapping[str, date], *, latest: date, by: Actor, at: datetime) -> list[str]:
    """Keep what follows and by when; the sentences that the acceptance prints. In the transaction of ``accept``."""
    said = []
    for key, day in deferred.items():
        material = case.version.spec.material(key)
        if day > latest:
            raise Refused(f"“{material.name}”要在承诺办结的{chinese_date(latest)}以前补交，不然来不及决定。", field=key)
        row = Deferral(case=case, material_key=key, due_on=day)
        row.event = record(
            town=case.town, type=kinds.DEFERRED, subject=case.subject, by=by, happened_at=at, data=row.told()
        )
        row.save()
        said.append(f"{material.name}：可以后补，最迟{chinese_date(day)}补交。")
    if deferred:
        CaseMaterial.objects.filter(case=case, material_key__in=deferred).update(
            state=MaterialState.DEFERRED, received_at=None
        )
        said.append("到期没有补交的，本机关按现有的材料作出决定，书面写明理由和救济途径。申请人已在清单上签字。")
    return said


def outstanding(case: Case) -> list[Deferral]:
    """The deferred papers that have not come in and are still asked for."""
    follow = case.materials.filter(state=MaterialState.DEFERRED).values("material_key")
    return list(case.deferrals.filter(handed_in_at__isnull=True, material_key__in=follow))


def check_none_outstanding(case: Case, *, today: date, refused: bool) -> None:
    """Nothing is granted while a deferred paper is out, nor refused for it before its day is over."""
    for row in outstanding(case):
        name = case.version.spec.material(row.material_key).name
        if row.due_on >= today:
            raise Refused(f"容缺的“{name}”还没有补交，最迟到{chinese_date(row.due_on)}。补齐或者到期以后再决定。")
        if not refused:
            raise Refused(f"容缺的“{name}”到期没有补交，不能准予。请催申请人补交，或者写明理由作出不予决定。")


def hand_in_deferred(*, case: Case, received: Received, by: Staff | None = None) -> Case:
    """补交容缺材料: at the window or online, until it is decided; late is better than never, and stays visible."""
    now = timezone.now()
    with act():
        case = locked(case)
        author = check_can("hand_in_deferred", case, by).actor(open_window_of(by).post.code) if by else APPLICANT
        check_state("hand_in_deferred", case)
        rows = {row.material_key: row for row in outstanding(case)}
        named = received.seen | set(received.files)
        if not named:
            raise Refused("还没有选材料。请上传，或者把材料带到窗口。", field="files")
        if named - set(rows):
            raise Refused("这项材料不是容缺后补的，或者已经补交过。请刷新后再看。", field="files")
        for key in take_in(case, received, now):
            rows[key].handed_in_at = now
            rows[key].save(update_fields=["handed_in_at"])
        record(
            town=case.town,
            type=kinds.DEFERRED_IN,
            subject=case.subject,
            by=author,
            happened_at=now,
            data={"materials": sorted(named), **returned_facts(received)},
        )
    return case


def deferrals_over(at: datetime | None = None) -> Iterable[Case]:
    """Cases with a deferred paper whose day has passed without it and that nobody was told of."""
    today = timezone.localdate(at or timezone.now())
    follow = CaseMaterial.objects.filter(
        case=OuterRef("case"), material_key=OuterRef("material_key"), state=MaterialState.DEFERRED
    )
    over = Deferral.objects.filter(Exists(follow), due_on__lt=today, handed_in_at__isnull=True, missed_at__isnull=True)
    return Case.objects.filter(state__in=[CaseState.ACCEPTED, CaseState.SUSPENDED], deferrals__in=over).distinct()


def miss_deferred(*, case: Case) -> Case:
    """容缺到期没有补交: said by the system, so that the window asks; what follows from it a person decides."""
    now = timezone.now()
    with act():
        case = locked(case)
        check_state("miss_deferred", case)
        over = [row for row in outstanding(case) if row.due_on < timezone.localdate(now) and not row.missed_at]
        if not over:
            raise Refused("容缺的材料还没有到期，或者已经补交。")
        for row in over:
            row.missed_at = now
            row.save(update_fields=["missed_at"])
        record(
            town=case.town,
            type=kinds.DEFERRED_MISSED,
            subject=case.subject,
            by=SYSTEM,
            happened_at=now,
            data={"materials": sorted(row.material_key for row in over)},
        )
    return case
