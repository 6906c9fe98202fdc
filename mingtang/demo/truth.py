"""真实性抽查 of the demo town: one round, whatever the lot gives: good results, a bad one, one in hand, one waiting."""

from datetime import timedelta

from django.utils import timezone

from mingtang.demo.samples import FOLDER
from mingtang.events.follow import settle
from mingtang.lib.errors import Refused
from mingtang.people.models import Assignment, Post, Staff
from mingtang.scrutiny import rounds, samples
from mingtang.scrutiny.enums import StatementKind, Truth
from mingtang.scrutiny.models import Sample, SampleRound
from mingtang.scrutiny.policies import can
from mingtang.towns.models import Jurisdiction

OVERSEERS = ("qianfa", "jiwei")
# Whom the demo asks, the first without a part in what was drawn.
INSPECTORS = ("shoufei", "guotu", "linye", "shehui", "chengjian", "chuangkou1")
WANTED = 5
PICTURE = FOLDER / "LN-001-1.png"


def build_truth(town: Jurisdiction) -> None:
    """Announced, drawn by the log, looked at; a second run changes nothing."""
    if SampleRound.objects.filter(town=town).exists():
        return
    announcer, drawer = (Staff.objects.get(username=name) for name in OVERSEERS)
    today = timezone.localdate()
    row = rounds.announce(
        town=town,
        kinds=StatementKind.values,
        from_on=today - timedelta(days=30),
        to_on=today,
        wanted=WANTED,
        by=announcer,
    )
    settle()
    row = rounds.draw(round=row, by=drawer)
    drawn = list(Sample.objects.filter(round=row).select_related("round", "unit").order_by("place"))
    good = [_judge(sample, "和原始记录一字不差（演示）。", Truth.MATCHES) for sample in drawn[:3]]
    wrong = _judge(drawn[3], "原始记录写的不是这个数（演示）。", Truth.DIFFERS)
    answers = Assignment.objects.current(timezone.now()).filter(post__unit=wrong.unit).select_related("staff", "post")
    for answer in answers.order_by("pk"):
        if can("reply", wrong, answer.staff):
            wrong = samples.reply(sample=wrong, text="录入的时候看错了一行，马上改（演示）。", by=answer.staff)
            break
    for sample in [*good[:2], wrong]:
        _show(sample)
    _assign(drawn[4])


def _assign(sample: Sample) -> Sample:
    by = Staff.objects.get(username=OVERSEERS[1])
    for username in INSPECTORS:
        try:
            return samples.assign(sample=sample, inspector=Staff.objects.get(username=username), by=by)
        except Refused:
            continue
    raise RuntimeError(f"nobody of the demo town is free to look at {sample}")


def _judge(sample: Sample, found: str, verdict: str) -> Sample:
    sample = _assign(sample)
    with PICTURE.open("rb") as stream:
        return samples.judge(
            sample=sample,
            verdict=verdict,
            record="演示账册第1册",
            found=found,
            seen_on=timezone.localdate(),
            scan=samples.Scan("账册.png", stream),
            by=sample.inspector,
        )


def _show(sample: Sample) -> None:
    """By whichever overseer does not belong to the unit; mended within twenty days."""
    owner = Post.objects.filter(unit=sample.unit).order_by("pk").first()
    mends = sample.verdict != Truth.MATCHES
    by = next(one for one in Staff.objects.filter(username__in=OVERSEERS) if can("show", sample, one))
    due_on = timezone.localdate() + timedelta(days=20)
    samples.show(sample=sample, owner=owner if mends else None, due_on=due_on if mends else None, by=by)
