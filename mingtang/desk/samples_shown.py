"""Sampled statements as the desk's lists want them."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import Truncator

from mingtang.desk.access import my_posts
from mingtang.lib.text import chinese_date
from mingtang.scrutiny.enums import SampleState as S
from mingtang.scrutiny.enums import Truth
from mingtang.scrutiny.models import Sample, SampleRound
from mingtang.scrutiny.samples import waits_for_unit
from mingtang.scrutiny.states import OVERSEERS

MOST = 50
TONES = {S.DRAWN: "todo", S.ASSIGNED: "now", S.JUDGED: "today", S.REPLIED: "today", S.SHOWN: "done"}


def waiting(request: HttpRequest) -> QuerySet[Sample]:
    """What this person can carry on: what they inspect, what their units may answer, what overseers publish."""
    today, mine = timezone.localdate(), Q(state=S.ASSIGNED, inspector=request.user)
    units = {post.unit_id for post in my_posts(request)}
    mine |= Q(state=S.JUDGED, unit__in=units, heard_until__gte=today) & ~Q(verdict=Truth.MATCHES)
    if request.viewer.powers.intersection(OVERSEERS):
        ripe = Q(state=S.REPLIED) | Q(state=S.JUDGED) & (Q(verdict=Truth.MATCHES) | Q(heard_until__lt=today))
        mine |= Q(state=S.DRAWN) | ripe & ~Q(inspector=request.user) & ~Q(unit__in=units)
    rows = Sample.objects.visible_to(request.viewer).filter(mine).select_related("round", "unit", "inspector")
    return rows.defer("round__pool").order_by("heard_until", "pk")


def row(request: HttpRequest, sample: Sample) -> dict[str, Any]:
    """A line of a list, with what is to be done next."""
    word, tone = sample.get_state_display(), TONES[S(sample.state)]
    if sample.state == S.ASSIGNED and sample.inspector_id == request.user.pk:
        word = "等您核对"
    elif waits_for_unit(sample, timezone.localdate()):
        word = f"{chinese_date(sample.heard_until)}以前说明"
    elif sample.state in (S.JUDGED, S.REPLIED):
        word = "可以公布了"
    elif sample.state == S.DRAWN:
        word = "等指定核对人"
    elif sample.state == S.SHOWN:
        word = sample.get_verdict_display()
    return {
        "url": f"/desk/samples/{sample.pk}",
        "title": sample.spot,
        "sub": f"{sample.number}　{sample.unit}　{Truncator(sample.text).chars(60)}",
        "word": word,
        "tone": tone,
    }


def rounds_waiting(request: HttpRequest) -> QuerySet[SampleRound]:
    """Rounds of others that wait for their lot."""
    rows = (
        SampleRound.objects.visible_to(request.viewer).filter(drawn_by__isnull=True).exclude(announced_by=request.user)
    )
    return rows if request.viewer.powers.intersection(OVERSEERS) else rows.none()


def round_rows(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {
            "url": "/desk/samples/",
            "title": f"抽查 {one.number}：等抽取",
            "sub": f"抽 {one.wanted} 条",
            "word": "等您抽取",
            "tone": "today",
        }
        for one in rounds_waiting(request).defer("pool")[:MOST]
    ]


def todo_rows(request: HttpRequest) -> list[dict[str, Any]]:
    return [row(request, sample) for sample in waiting(request)[:MOST]]
