"""What waits with lists from records: one that is owed, one to be checked or shown, a sheet to be taken down; with
penalties that nobody has confirmed, with stories of which a source has changed, and with attachments in which
something was found since."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from mingtang.desk.access import served_posts
from mingtang.disclosure.derived.owed import owed
from mingtang.disclosure.derived.reading import title
from mingtang.disclosure.enums import ListState as S
from mingtang.disclosure.models import DerivedList, Edition, Penalty, Posting
from mingtang.disclosure.reach import must_know
from mingtang.disclosure.states import SHOWN
from mingtang.disclosure.stories.claims import overtaken
from mingtang.lib.text import chinese_date
from mingtang.people.enums import Permission as P

MOST = 50


def missed_rows(request: HttpRequest) -> list[dict[str, Any]]:
    """What people must know and did not get in its days, for the posts that answer for its column: by which channel it
    might still go."""
    rows = must_know(request.viewer, timezone.localdate()).filter(column__owner__in=served_posts(request))
    return [
        {
            "url": f"/desk/reach/{one.document_id}",
            "title": one.document.current.revision.title,
            "sub": f"“{one.column.name}”要到 {one.column.reach_times:,} 次，到了 {one.arrived:,} 次："
            "可以印发、贴公开栏、发邮件",
            "word": f"{chinese_date(one.until)}到期，没有到够",
            "tone": "late",
        }
        for one in rows.filter(state="missed")[:MOST]
    ]


def owed_rows(request: HttpRequest) -> list[dict[str, Any]]:
    """For whoever drafts: lists to be made, and sheets to be taken down."""
    return [*_owed(request), *_hanging(request)] if request.viewer.may(P.DOCUMENT_DRAFT) else []


def lists_waiting(request: HttpRequest) -> QuerySet[DerivedList]:
    """Lists of others that this person may check or show."""
    may, me = request.viewer.may, request.user.pk
    waits = Q(pk__in=[])
    if may(P.DOCUMENT_REVIEW):
        waits |= Q(state=S.MADE) & ~Q(made_by=me)
    if may(P.DOCUMENT_REVIEW) or may(P.DOCUMENT_SIGN):
        waits |= Q(state=S.CHECKED) & ~Q(made_by=me) & (Q(key__isnull=True) | ~Q(checked_by=me))
    return DerivedList.objects.filter(waits, town=request.town)


def list_rows(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {
            "url": f"/desk/lists/{row.number}",
            "title": title(row),
            "sub": f"第 {row.edition} 版，{row.count:,} 行",
            "word": "等您核对" if row.state == S.MADE else "等您公开",
            "tone": "today",
        }
        for row in lists_waiting(request).order_by("pk")[:MOST]
    ]


def penalties_waiting(request: HttpRequest) -> QuerySet[Penalty]:
    """Decisions that a colleague entered and this person may confirm."""
    rows = Penalty.objects.visible_to(request.viewer).standing().filter(confirmed_at__isnull=True)
    return rows.exclude(entered_by=request.user) if request.viewer.may(P.DOCUMENT_REVIEW) else rows.none()


def penalty_rows(request: HttpRequest) -> list[dict[str, Any]]:
    """The oldest on top. Of whom they tell is said on the register alone."""
    return [
        {
            "url": f"/desk/lists/penalties?before={row.pk + 1}",
            "title": f"{row.number}：{row.cause}",
            "sub": f"{chinese_date(row.decided_on)}决定，{row.entered_by}登记",
            "word": "等您确认",
            "tone": "today",
        }
        for row in penalties_waiting(request).select_related("entered_by").order_by("pk")[:MOST]
    ]


def overtaken_rows(request: HttpRequest) -> list[dict[str, Any]]:
    """For whoever drafts: to be corrected, or taken down."""
    if not request.viewer.may(P.DOCUMENT_DRAFT):
        return []
    return [
        {
            "url": f"/desk/info/{edition.pk}",
            "title": edition.revision.title,
            "sub": "".join(sentences),
            "word": "要更正",
            "tone": "late",
        }
        for edition, sentences in overtaken(request.viewer)[:MOST]
    ]


def found_waiting(request: HttpRequest) -> QuerySet[Edition]:
    """What is public and should not be, by its attachments read again: for whoever may take it down or correct it."""
    mine = request.viewer.powers & {P.DOCUMENT_WITHDRAW, P.DOCUMENT_DRAFT}
    rows = Edition.objects.visible_to(request.viewer).filter(state__in=SHOWN, found_since__gt=0)
    return rows if mine else rows.none()


def found_rows(request: HttpRequest) -> list[dict[str, Any]]:
    """The newest on top. By their numbers: the title may be what should not be read."""
    rows = found_waiting(request).select_related("document").order_by("-pk")
    return [
        {
            "url": f"/desk/info/{row.pk}",
            "title": f"{row.document.index_number} 第 {row.number} 版",
            "sub": f"附件里查出 {row.found_since} 处不能公开的内容，请撤下这一版，再公开改好的",
            "word": "要撤下",
            "tone": "late",
        }
        for row in rows[:MOST]
    ]


def _owed(request: HttpRequest) -> list[dict[str, Any]]:
    today = timezone.localdate()
    return [
        {
            "url": f"/desk/lists/new?kind={one.template.code}",
            "title": f"{one.template.name}{f'（{one.village}）' if one.village else ''}",
            "sub": f"{one.period.label}的，{chinese_date(one.due_on)}以前",
            "word": "过期了" if one.due_on < today else "等您生成",
            "tone": "late" if one.due_on < today else "todo",
        }
        for one in owed(request.town, today)[:MOST]
    ]


def _hanging(request: HttpRequest) -> list[dict[str, Any]]:
    """Sheets that still hang although their list is gone."""
    rows = Posting.objects.filter(list__town=request.town, down_on__isnull=True).exclude(list__state=S.SHOWN)
    return [
        {
            "url": f"/desk/lists/{one.list.number}",
            "title": f"取下{one.place}的公示表",
            "sub": title(one.list),
            "word": "该取下了",
            "tone": "late",
        }
        for one in rows.select_related("list")[:MOST]
    ]
