"""What waits for this person: the rows of the to-do list, what is due first on top."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils import timezone

from mingtang.cases.models import CaseStep, Pledge
from mingtang.desk import money_shown, obstacles_shown, todo_hall, todo_permits
from mingtang.desk.access import served_posts
from mingtang.desk.gate_shown import LONG, SHORT
from mingtang.desk.inbox import Inbox, inbox
from mingtang.desk.powers import turns
from mingtang.disclosure.enums import EditionState as S
from mingtang.disclosure.models import Edition
from mingtang.hall.models import Owner
from mingtang.lib.text import chinese_date
from mingtang.people.enums import Permission as P
from mingtang.rulebook import wanted
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.laws.alarms import gone_bases
from mingtang.rulebook.models import Version
from mingtang.rulebook.policies import kept_units
from mingtang.rulebook.states import VERSION

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


def other_groups(request: HttpRequest) -> list[Group]:
    """Everything else that waits for the person."""
    found = [
        *_tasks(request),
        Group("办不成的事，等您给结果", obstacles_shown.todo_rows(request)),
        Group("代办", todo_hall.order_rows(request)),
        Group("权力清理", turns.waiting(request, turns.running(request))),
        Group("等您签收的移交和进驻", todo_hall.register_rows(request)),
        Group("等您办的通知", todo_hall.notice_rows(request)),
        Group("证照", todo_permits.permit_rows(request)),
        Group("结果公开", todo_permits.grant_rows(request)),
        Group("授权书", todo_hall.letter_rows(request)),
        Group("值守表", todo_hall.roster_rows(request)),
        Group("收费对账", money_shown.todo_rows(request)),
        _pledges(request),
        *_bases(request),
    ]
    return _marked(found)


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


def edition_row(edition: Edition, word: str = "", tone: str = "todo") -> dict[str, Any]:
    return {
        "url": f"/desk/info/{edition.pk}",
        "title": edition.revision.title,
        "sub": f"{edition.document.index_number}　{edition.document.issuer}",
        "word": word,
        "tone": tone,
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
    back, review, sign, publish, own = (
        Group("退回给您修改的"),
        Group("等您保密审查的"),
        Group("等您签发的"),
        Group("已签发，等公开的"),
        Group("您起草的"),
    )
    places = {S.IN_REVIEW: (review, "待审查"), S.REVIEWED: (sign, "待签发"), S.SIGNED: (publish, "待公开")}
    for row in rows:
        if row.state == S.DRAFT and row.returned_reason:
            back.items.append(edition_row(row, "退回", "late"))
        elif row.state == S.DRAFT:
            own.items.append(edition_row(row, "草稿"))
        else:
            group, word = places[S(row.state)]
            group.items.append(edition_row(row, word, "now"))
    return [back, review, sign, publish, own]


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
        found = found.exclude(Q(state=VersionState.DRAFT) & ~Q(item__unit__in=kept_units(request.user)))
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
        mine = kept_units(request.user) if found else set()
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


def _pledges(request: HttpRequest) -> Group:
    """Written pledges that the person's posts still have to look into, the earliest day first."""
    codes, today = [post.code for post in served_posts(request)], timezone.localdate()
    mine = CaseStep.objects.filter(case=OuterRef("case"), post_code__in=codes)
    rows = Pledge.objects.filter(Exists(mine), case__town=request.town, verified_at__isnull=True)
    rows = rows.filter(verify_by__isnull=False).select_related("case__version").defer("case__version__bpmn")
    return Group(
        "等您核查的承诺",
        [
            {
                "url": f"/desk/cases/{row.case.number}",
                "title": f"{row.case.version.name}：{row.case.version.spec.material(row.material_key).name}",
                "sub": f"{row.case.number}　{chinese_date(row.verify_by)}前核查",
                "word": "过期了" if row.verify_by < today else "等您核查",
                "tone": "late" if row.verify_by < today else "today",
            }
            for row in rows.order_by("verify_by", "pk")[:MOST]
        ],
    )


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
