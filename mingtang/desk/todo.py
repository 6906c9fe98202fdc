"""What waits for this person: the rows of the to-do list, what is due first on top."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from mingtang.cases.models import CaseStep, Pledge
from mingtang.desk import (
    boards_shown,
    due_shown,
    duties_shown,
    matters_shown,
    money_shown,
    obstacles_shown,
    reading_shown,
    samples_shown,
    study_shown,
    term_shown,
    todo_hall,
    todo_lists,
    todo_permits,
    waivers_shown,
    withheld_shown,
)
from mingtang.desk.access import my_posts, served_posts
from mingtang.desk.gate_shown import LONG, SHORT
from mingtang.desk.inbox import Inbox, inbox
from mingtang.desk.powers import turns
from mingtang.disclosure.enums import EditionState as S
from mingtang.disclosure.models import Edition
from mingtang.hall.models import Owner
from mingtang.lib.text import chinese_date, month_day_time
from mingtang.people.enums import Permission as P
from mingtang.rulebook import wanted
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.laws.alarms import gone_bases
from mingtang.rulebook.models import Version
from mingtang.rulebook.policies import kept_units
from mingtang.rulebook.states import VERSION
from mingtang.scrutiny import demand
from mingtang.towns.models import Jurisdiction
from mingtang.utilities.enums import InterruptionState
from mingtang.utilities.models import Interruption
from mingtang.utilities.states import CHECKING

MOST = 200
# The acts that carry an item version on; force comes by itself on its day.
NEXT = ("propose", "check_basis", "review", "decide", "agree_head", "agree_office", "announce")


@dataclass
class Group:
    """``total``: how many there are, where only the first of them stand here."""

    title: str
    items: list[dict[str, Any]] = field(default_factory=list)
    total: int = 0


def groups(request: HttpRequest, current: str) -> list[Group]:
    """What stands beside the task in hand, whose address is ``current``: the other tasks, not the registers."""
    return _marked([*case_groups(inbox(request)), *_tasks(request)], current)


def case_groups(box: Inbox) -> list[Group]:
    """A page of the inbox, what is due on top."""
    urgent = Group("今天到期和已经超期", [row for row in box.rows if row["urgent"]], box.urgent)
    later = Group("等您办的办件", [row for row in box.rows if not row["urgent"]], box.total - box.urgent)
    return [group for group in (urgent, later) if group.items]


class Place(NamedTuple):
    """Where something may wait: under which title, the rows of it; ``waiting``: whether there is anything at all."""

    title: str
    rows: Callable[[HttpRequest], list[dict[str, Any]]]
    waiting: Callable[[HttpRequest], QuerySet[Any]] | None = None


def _cuts_waiting(request: HttpRequest) -> QuerySet[Interruption]:
    """Notices of interruption that wait for a second person."""
    rows = Interruption.objects.visible_to(request.viewer).filter(state=InterruptionState.PROPOSED)
    return rows.exclude(author=request.user) if request.viewer.powers.intersection(CHECKING) else rows.none()


def _cuts(request: HttpRequest) -> list[dict[str, Any]]:
    """What begins first on top."""
    return [
        {
            "url": f"/desk/utilities/interruptions/{row.pk}",
            "title": f"{row}：{row.places}",
            "sub": f"{month_day_time(row.starts_at)} 起",
            "word": "待核对",
            "tone": "now",
        }
        for row in _cuts_waiting(request).select_related("unit").order_by("starts_at", "pk")[:MOST]
    ]


def _pledged(request: HttpRequest) -> QuerySet[Pledge]:
    """Written pledges that the person's posts still have to look into."""
    mine = CaseStep.objects.filter(case=OuterRef("case"), post_code__in=[post.code for post in served_posts(request)])
    rows = Pledge.objects.filter(Exists(mine), case__town=request.town, verified_at__isnull=True)
    return rows.filter(verify_by__isnull=False)


def _pledges(request: HttpRequest) -> list[dict[str, Any]]:
    """The earliest day first."""
    today = timezone.localdate()
    rows = _pledged(request).select_related("case__version").defer("case__version__bpmn")
    return [
        {
            "url": f"/desk/cases/{row.case.number}",
            "title": f"{row.case.version.name}：{row.case.version.spec.material(row.material_key).name}",
            "sub": f"{row.case.number}　{chinese_date(row.verify_by)}前核查",
            "word": "过期了" if row.verify_by < today else "等您核查",
            "tone": "late" if row.verify_by < today else "today",
        }
        for row in rows.order_by("verify_by", "pk")[:MOST]
    ]


def _powers(request: HttpRequest) -> list[dict[str, Any]]:
    return turns.waiting(request, turns.running(request))


# In the order of the page.
PLACES = (
    Place("公开以后附件里查出问题的", todo_lists.found_rows, todo_lists.found_waiting),
    Place("到期要公开、要办的", duties_shown.todo_rows),
    Place("看得懂吗，等您审核的", reading_shown.todo_rows, reading_shown.waiting),
    Place("真实性抽查", samples_shown.round_rows, samples_shown.rounds_waiting),
    Place("真实性抽查", samples_shown.todo_rows, samples_shown.waiting),
    Place("等您签收的任务", duties_shown.offered_rows, duties_shown.offered),
    Place("学法", study_shown.alarm_rows),
    Place("学法", study_shown.question_rows, study_shown.questions_asked),
    Place("学法，等您审核的", study_shown.page_rows, study_shown.pages_waiting),
    Place("学法，等您审核的", study_shown.asked_rows, study_shown.questions_waiting),
    Place("等您同意的法定任务", duties_shown.takeover_rows, duties_shown.takeovers),
    Place("办不成的事，等您给结果", obstacles_shown.todo_rows, obstacles_shown.waiting),
    Place("有效期快到的文件", term_shown.todo_rows, term_shown.ending),
    Place("有效性结论，等您同意的", term_shown.restated_rows, term_shown.restated),
    Place("还没有政策解读的文件", term_shown.unexplained_rows),
    Place("新闻的出处变了，等您更正", todo_lists.overtaken_rows),
    Place("停供通知，等您核对", _cuts, _cuts_waiting),
    Place("拟不主动公开，等您审查、决定的", withheld_shown.proposed_rows, withheld_shown.proposed),
    Place("不公开的信息，等您再审查的", withheld_shown.again_rows, withheld_shown.again),
    Place("公用单位的诉求", matters_shown.todo_rows, matters_shown.waiting),
    Place("代办", todo_hall.order_rows),
    Place("事项里拦下的，等您放行", waivers_shown.todo_rows, waivers_shown.waiting),
    Place("权力清理", _powers),
    Place("等您签收的移交和进驻", todo_hall.milestone_rows, todo_hall.milestones),
    Place("等您签收的移交和进驻", todo_hall.exemption_rows, todo_hall.exemptions),
    Place("等您办的通知", todo_hall.notice_rows),
    Place("证照", todo_permits.permit_rows),
    Place("结果公开", todo_permits.grant_rows),
    Place("应当让群众知道、没有到够的", todo_lists.missed_rows),
    Place("公示表", todo_lists.owed_rows),
    Place("公示表", todo_lists.list_rows, todo_lists.lists_waiting),
    Place("行政处罚决定，等您确认的", todo_lists.penalty_rows, todo_lists.penalties_waiting),
    Place("公示栏", boards_shown.todo_rows),
    Place("授权书", todo_hall.letter_rows),
    Place("值守表", todo_hall.roster_rows),
    Place("收费对账", money_shown.todo_rows),
    Place("等您核查的承诺", _pledges, _pledged),
    Place("学习", study_shown.own_rows),
)


def _filled(request: HttpRequest) -> set[Place]:
    """The places where something waits for the person, asked in one query: most are empty for most people."""
    asked = {
        place: found for place in PLACES if place.waiting and not (found := place.waiting(request)).query.is_empty()
    }
    if not asked:
        return set()
    answer = Jurisdiction.objects.filter(pk=request.town.pk).values_list(*map(Exists, asked.values())).get()
    return {place for place, holds in zip(asked, answer, strict=True) if holds}


def other_groups(request: HttpRequest) -> list[Group]:
    """Everything else that waits for the person: what holds something late on top, else as the page goes."""
    filled, groups = _filled(request), {}
    for place in PLACES:
        rows = place.rows(request) if place.waiting is None or place in filled else []
        groups.setdefault(place.title, Group(place.title)).items += rows
    found = _marked([*_tasks(request), *groups.values(), *_bases(request), *_asked(request)])
    return sorted(found, key=lambda group: all(row.get("tone") != "late" for row in group.items))


def _tasks(request: HttpRequest) -> list[Group]:
    return [_contacts(request), *_editions(request), *_versions(request), *_wanted(request)]


def _marked(found: list[Group], current: str = "") -> list[Group]:
    """The groups that hold something, with the task in hand marked."""
    for group in found:
        for item in group.items:
            item["current"] = item["url"] == current
    return [group for group in found if group.items]


def _contacts(request: HttpRequest) -> Group:
    """Numbers that are handed to the person's posts, and those they still own from an earlier day."""
    found = Group("首问：等您接下、等您写明下落的号")
    posts = [post.pk for post in served_posts(request)]
    open_ones = Owner.objects.filter(contact__town=request.town, contact__state__in=("owned", "handing_over"))
    rows = open_ones.filter(post__in=posts, declined_at__isnull=True).select_related("contact", "contact__site")
    later = Owner.objects.filter(contact=OuterRef("contact"), order__gt=OuterRef("order"), accepted_at__isnull=False)
    for row in rows.exclude(Exists(later)).order_by("contact__day", "contact_id")[:MOST]:
        old = row.contact.day < timezone.localdate()
        if row.accepted_at and not old:
            continue  # on the counter's own screen
        found.items.append(
            {
                "url": "/desk/counter/",
                "title": f"{row.contact.label}号：{'写明下落' if row.accepted_at else '转给您，请接下或者退回'}",
                "sub": row.reason or f"{row.contact.day.month}月{row.contact.day.day}日来的，还没有下落",
                "word": "过夜了" if old else "等您接",
                "tone": "late" if old else "today",
            }
        )
    return found


def edition_row(edition: Edition, light: dict[str, Any] | None, word: str = "", tone: str = "todo") -> dict[str, Any]:
    """``light``: by when it must be public; one that is near or over goes before the word."""
    near = light is not None and light["tone"] != "todo"
    return {
        "url": f"/desk/info/{edition.pk}",
        "title": edition.revision.title,
        "sub": "　".join([edition.document.index_number, light["text"] if light else edition.document.issuer]),
        "word": light["words"] if near else word,
        "tone": light["tone"] if near else tone,
    }


def _editions(request: HttpRequest) -> Iterable[Group]:
    """Drafts that came back, editions to review, sign or publish, own drafts."""
    may, me = request.viewer.may, request.user.pk
    wanted = Q(pk__in=[])
    if may(P.DOCUMENT_DRAFT):
        wanted |= Q(state=S.DRAFT, author_id=me) | Q(state=S.SIGNED)
    if may(P.DOCUMENT_REVIEW):
        wanted |= Q(state=S.IN_REVIEW) & ~Q(author_id=me)
    if may(P.DOCUMENT_SIGN):
        wanted |= Q(state=S.REVIEWED) & ~Q(author_id=me) & ~Q(reviewer_id=me) | Q(state=S.SIGNED)
    if not (may(P.DOCUMENT_DRAFT) or may(P.DOCUMENT_REVIEW) or may(P.DOCUMENT_SIGN)):
        return []
    rows = (
        Edition.objects.visible_to(request.viewer)
        .filter(wanted)
        .select_related("revision", "document")
        .defer("revision__body_html", "revision__body_text")
        .order_by("pk")[:MOST]
    )
    stopped, back, review, sign, publish, own = (
        Group("定了时间、到时没有公开的"),
        Group("退回给您修改的"),
        Group("等您保密审查的"),
        Group("等您签发的"),
        Group("已签发，等公开的"),
        Group("您起草的"),
    )
    places = {S.IN_REVIEW: (review, "待审查"), S.REVIEWED: (sign, "待签发"), S.SIGNED: (publish, "待公开")}
    for row, light in due_shown.by_urgency(request, rows):
        if row.state == S.DRAFT and row.returned_reason:
            back.items.append(edition_row(row, light, "退回", "late"))
        elif row.stopped:
            stopped.items.append(edition_row(row, None, "没有公开", "late") | {"sub": row.stopped})
        elif row.state == S.DRAFT:
            own.items.append(edition_row(row, light, "草稿"))
        else:
            group, word = places[S(row.state)]
            group.items.append(edition_row(row, light, word, "now"))
    return [stopped, back, review, sign, publish, own]


def _versions(request: HttpRequest) -> Iterable[Group]:
    """Item versions whose next act is this person's."""
    powers = request.viewer.powers
    mine = [name for name in NEXT if powers.intersection(VERSION[name].powers)]
    if not mine:
        return []
    found = Version.objects.visible_to(request.viewer).filter(
        state__in={state for name in mine for state in VERSION[name].sources}
    )
    if not request.viewer.may(P.ITEM_EDIT):
        found = found.exclude(
            Q(state=VersionState.DRAFT) & ~Q(item__unit__in=kept_units(request.user, my_posts(request)))
        )
    imported = found.filter(state=VersionState.DRAFT, edited_by__isnull=True)
    rows = found.exclude(pk__in=imported).select_related("item").defer("bpmn", "data").order_by("pk")[:MOST]
    groups = {name: Group(f"事项变动，等您{VERSION[name].title}的") for name in NEXT}
    for row in rows:
        skipped = SHORT if row.strict else LONG
        name = next((name for name in mine if row.state in VERSION[name].sources and name not in skipped), "")
        if not name:
            continue
        groups[name].items.append(
            {
                "url": f"/desk/items/{row.item.code}/{row.number}",
                "title": row.name,
                "sub": f"{row.item.code}　第 {row.number} 版",
                "word": row.state_title,
                "tone": "now",
            }
        )
    if count := imported.count():
        groups["propose"].items.append(
            {
                "url": "/desk/items/?state=draft",
                "title": f"导入的草案 {count:,} 个",
                "sub": "还没有人编过，补全以后才能提出",
                "word": "草案",
                "tone": "todo",
            }
        )
    return groups.values()


def _bases(request: HttpRequest) -> Iterable[Group]:
    """Items that stand on a basis that is gone: those one keeps, for the justice office all; one row."""
    if not request.viewer.powers.intersection((P.ITEM_EDIT, P.ITEM_EDIT_OWN, P.ITEM_APPROVE)):
        return []
    found = {row.item_id: row.unit_id for row in gone_bases(request.town, timezone.localdate())}
    if not request.viewer.powers.intersection((P.ITEM_EDIT, P.ITEM_APPROVE)):
        mine = kept_units(request.user, my_posts(request)) if found else set()
        found = {key: unit for key, unit in found.items() if unit in mine}
    if not found:
        return []
    row = {
        "url": "/desk/laws/",
        "title": f"{len(found)} 个事项的依据失效了",
        "sub": "换成现行有效的依据，或者取消这个事项",
        "word": "要清理",
        "tone": "late",
    }
    return [Group("依据失效的事项", [row])]


def _wanted(request: HttpRequest) -> Iterable[Group]:
    """Words with which enough people found nothing and that nobody answered: one row for all."""
    if not request.viewer.powers & wanted.ANSWERERS:
        return []
    count, since = wanted.unanswered(request.town)
    if since is None:
        return []
    row = {
        "url": "/desk/wanted/",
        "title": f"群众找不到的 {count} 件事",
        "sub": f"最早从{since.month}月{since.day}日找起",
        "word": "等答复",
        "tone": "today",
    }
    return [Group("群众在找", [row])]


def _asked(request: HttpRequest) -> Iterable[Group]:
    """What most asked for and has neither a task nor a reason: one row for all."""
    if not request.viewer.may(P.DUTY_KEEP) or not (open_ones := demand.undecided(request.town, timezone.localdate())):
        return []
    row = {
        "url": "/desk/demand/",
        "title": f"群众最关心的 {len(open_ones)} 件事，还没有任务，也没有说明",
        "sub": f"最多的有 {open_ones[0].count} 人次",
        "word": "等您定",
        "tone": "today",
    }
    return [Group("群众最关心的", [row])]
