"""What happens to an obstacle: one function per act. Every end names the case that was done, the draft that changes the
rule, the published reason, or the organ and its receipt."""

from dataclasses import asdict, dataclass
from datetime import date

from django.utils import timezone

from mingtang.cases.enums import Outcome
from mingtang.cases.models import Case
from mingtang.cases.numbers import code_for, code_hash
from mingtang.events import types, vault
from mingtang.events.log import APPLICANT, Actor, record
from mingtang.events.models import Event
from mingtang.guard.clear import clear_text
from mingtang.lib.canonical import canonical_json, sha256_hex
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Post, Staff, Unit
from mingtang.people.policies import actor, check_acts, served_by
from mingtang.rulebook.actions import new_version
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.models import Item, Version
from mingtang.rulebook.states import UNDER_WAY
from mingtang.towns.models import Jurisdiction
from mingtang.voices.enums import Channel, ObstacleOutcome, ObstacleState, Reason
from mingtang.voices.models import Obstacle, ObstacleSerial
from mingtang.voices.origins import Origin
from mingtang.voices.policies import check
from mingtang.voices.states import OBSTACLE, WORKING
from mingtang.workdays.tables import calendar_for

# Numbers and outcomes are public: one that was given can be missed.
EVENTS = {
    "report": types.define("obstacle.report", "反映办不成的事", public=True),
    "sort": types.define("obstacle.sort", "归类", public=True),
    "offer": types.define("obstacle.offer", "转交", public=True),
    "take_over": types.define("obstacle.take_over", "接下", public=True),
    "decline": types.define("obstacle.decline", "退回", public=True),
    "assign": types.define("obstacle.assign", "指定负责的岗位", public=True),
    "solve": types.define("obstacle.solve", "办成了", public=True),
    "change": types.define("obstacle.change", "提出改规定", public=True),
    "explain": types.define("obstacle.explain", "公布办不成的理由", public=True),
    "pass_on": types.define("obstacle.pass_on", "转给有权办的机关", public=True),
}
ANSWER_DAYS = 5  # working days (上海 办不成事 window: an answer in five)
MAX_TOLD, MAX_TEXT, MAX_NAME = 500, 300, 60
# Two forms that anyone may send: beyond this in one day one is told by telephone.
MOST_A_DAY = 100
CHANGING = (VersionState.DRAFT, *UNDER_WAY, VersionState.ANNOUNCED)


@dataclass(frozen=True)
class Told:
    """In the person's own words. Name and phone only if they want to be called."""

    text: str
    name: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Reported:
    obstacle: Obstacle
    code: str


def report(
    *,
    town: Jurisdiction,
    channel: str,
    reason: str,
    told: Told,
    submission: str,
    origin: Origin | None = None,
    item: Item | None = None,
    by: Staff | None = None,
) -> Reported:
    """Open an obstacle: by the person, or by the clerk who is told and is its first owner (首问).

    Told by nobody in between it falls to the window of the item, else to the head of the centre. ``submission`` is the
    form's own token: sent twice, the same number and code come back.
    """
    author = APPLICANT
    if by is not None:
        author = check_acts(by, Permission.CASE_INTAKE, town).actor(powers=[Permission.CASE_INTAKE])
    told = _checked(told, reason)
    origin = origin or Origin()
    item, code = origin.item or item, code_for(submission)
    with act():
        # One lock for all numbers of the year: the same form sent twice at once is asked one after the other.
        serial = _locked_serial(town)
        if again := Obstacle.objects.filter(town=town, submission=submission).first():
            return Reported(again, code)
        today = timezone.localdate()
        if by is None:
            _check_crowd(town, today)
        key, number = vault.new_key(town), _next_number(serial)
        payload = asdict(told)
        obstacle = Obstacle(
            town=town,
            number=number,
            submission=submission,
            code_hash=code_hash(number, code),
            channel=channel,
            reason=reason,
            item=item,
            unit=item.unit if item else None,
            case=origin.case,
            contact=origin.contact,
            slip=origin.slip,
            key=key,
            told_sealed=vault.seal(key, canonical_json(payload)),
            state=ObstacleState.OPEN,
            owner=served_by(by)[0] if by else _first_asked(town, item),
            due_on=calendar_for(town).last_day(today, ANSWER_DAYS).day,
        )
        event = _tell("report", obstacle, author, payload=payload)
        obstacle.opened_at = event.recorded_at
        obstacle.save()
    return Reported(obstacle, code)


def _checked(told: Told, reason: str) -> Told:
    """What was written, without stray blanks. Raises ``Refused`` at what is missing or too long."""
    told = Told(*(" ".join(part.split()) for part in (told.text, told.name, told.phone)))
    if not told.text:
        raise Refused("请写明办什么事、卡在哪里。", field="text")
    if len(told.text) > MAX_TOLD:
        raise Refused(f"写了 {len(told.text)} 个字，最多 {MAX_TOLD} 个字。请写短一些。", field="text")
    if reason not in Reason.values:
        raise Refused("请选一个最像的原因。", field="reason")
    return told


def _check_crowd(town: Jurisdiction, today: date) -> None:
    """Raise ``Refused`` where the forms without a clerk were sent too often in a day."""
    rows = Obstacle.objects.filter(town=town, opened_at__date=today).exclude(channel=Channel.DESK)
    if rows.count() >= MOST_A_DAY:
        raise Refused("今天反映的人已经很多，我们都记下了。请明天再来，或者打监督电话、到窗口当面说。")


def _locked_serial(town: Jurisdiction) -> ObstacleSerial:
    year = timezone.localdate().year
    ObstacleSerial.objects.get_or_create(town=town, year=year)
    return ObstacleSerial.objects.select_for_update(of=("self",)).select_related("town").get(town=town, year=year)


def _next_number(serial: ObstacleSerial) -> str:
    """Town prefix, BB, year, serial without gaps: ``WYBB2026-0007``."""
    serial.last += 1
    serial.save(update_fields=["last"])
    return f"{serial.town.prefix}BB{serial.year}-{serial.last:04d}"


def _first_asked(town: Jurisdiction, item: Item | None) -> Post:
    """The post that answers for what nobody was told in person: the item's window, else the head of the centre."""
    posts = Post.objects.filter(town=town, unit__dissolved_on__isnull=True).select_related("unit").order_by("pk")
    if item is not None and item.current and (post := posts.filter(code=item.current.spec.window_post).first()):
        return post
    if head := next((post for post in posts if Permission.WINDOW_RUN in post.permissions), None):
        return head
    raise Refused("镇里还没有设中心主任的岗位，没有人接。请打监督电话反映。")


def facts(obstacle: Obstacle) -> dict[str, str]:
    """How an obstacle stands, in codes: what every event says of it, and what is proved by the last. The words of its
    end as one hash."""
    words = [obstacle.clause, obstacle.text, obstacle.organ, obstacle.receipt]
    return {
        "state": obstacle.state,
        "reason": obstacle.reason,
        "owner": obstacle.owner.code,
        "offered": obstacle.offered.code if obstacle.offered else "",
        "item": obstacle.item.code if obstacle.item else "",
        "unit": obstacle.unit.code if obstacle.unit else "",
        "due": obstacle.due_on.isoformat(),
        "outcome": obstacle.outcome,
        "solved_by": obstacle.solved_by.number if obstacle.solved_by else "",
        "version": str(obstacle.version.number) if obstacle.version else "",
        "answers": obstacle.answers.code if obstacle.answers else "",
        "words": sha256_hex(canonical_json(words)),
    }


def _tell(
    name: str, obstacle: Obstacle, by: Actor, *, reason: str = "", payload: dict[str, str] | None = None
) -> Event:
    return record(
        town=obstacle.town,
        type=EVENTS[name],
        subject=obstacle.subject,
        by=by,
        reason=reason,
        data=facts(obstacle),
        payload=payload,
        payload_key=obstacle.key if payload is not None else None,
    )


def locked(obstacle: Obstacle) -> Obstacle:
    """The row as it stands now, held until the act is done."""
    related = ("town", "owner__unit", "offered__unit", "item__unit", "item__current", "unit", "key")
    return Obstacle.objects.select_for_update(of=("self",)).select_related(*related).get(pk=obstacle.pk)


def _move(name: str, obstacle: Obstacle, by: Staff, reason: str = "") -> Obstacle:
    """Enter the state the table leads to, with the act's event."""
    obstacle.state = OBSTACLE[name].target or obstacle.state
    _tell(name, obstacle, actor(by), reason=reason)
    obstacle.save()
    return obstacle


def sort(*, obstacle: Obstacle, reason: str, unit: Unit | None, item: Item | None, by: Staff) -> Obstacle:
    """Correct the reason code, the item and the unit it is counted under."""
    with act():
        obstacle = locked(obstacle)
        check("sort", obstacle, by)
        if reason not in Reason.values:
            raise Refused("请选一个原因。", field="reason")
        if any(row is not None and row.town_id != obstacle.town_id for row in (unit, item)):
            raise Refused("这个单位或者事项不是本镇的，请另选。", field="unit")
        obstacle.reason, obstacle.item = reason, item
        obstacle.unit = unit or (item.unit if item else None)
        return _move("sort", obstacle, by)


def _post_of(obstacle: Obstacle, post: Post) -> Post:
    """A post of the town that can do something with it."""
    if post.town_id != obstacle.town_id or post.permissions.isdisjoint(WORKING):
        raise Refused("这个岗位不办这类事，请另选一个岗位。", field="post")
    if post.pk == obstacle.owner_id:
        raise Refused(f"现在就是{post}负责，不用转。", field="post")
    return post


def offer(*, obstacle: Obstacle, post: Post, reason: str, by: Staff) -> Obstacle:
    """Hand it to another post: until that accepts, the first answers for it, and the last day does not move."""
    reason = clear_text(reason, "请写明为什么转给这个岗位。", "reason", town=by.town_id)
    with act():
        obstacle = locked(obstacle)
        check("offer", obstacle, by)
        obstacle.offered = _post_of(obstacle, post)
        return _move("offer", obstacle, by, reason)


def take_over(*, obstacle: Obstacle, by: Staff) -> Obstacle:
    with act():
        obstacle = locked(obstacle)
        check("take_over", obstacle, by)
        assert obstacle.offered is not None  # held by the database in this state
        obstacle.owner, obstacle.offered = obstacle.offered, None
        return _move("take_over", obstacle, by)


def decline(*, obstacle: Obstacle, reason: str, by: Staff) -> Obstacle:
    reason = clear_text(reason, "请写明为什么不接，应该归谁。", "reason", town=by.town_id)
    with act():
        obstacle = locked(obstacle)
        check("decline", obstacle, by)
        obstacle.offered = None
        return _move("decline", obstacle, by, reason)


def assign(*, obstacle: Obstacle, post: Post, reason: str, by: Staff) -> Obstacle:
    """The head of the centre names who answers: where nobody accepts, or a post stands empty."""
    reason = clear_text(reason, "请写明为什么由这个岗位负责。", "reason", town=by.town_id)
    with act():
        obstacle = locked(obstacle)
        check("assign", obstacle, by)
        obstacle.owner, obstacle.offered = _post_of(obstacle, post), None
        return _move("assign", obstacle, by, reason)


def _end(
    name: str, outcome: ObstacleOutcome, obstacle: Obstacle, by: Staff, reason: str = "", **named: object
) -> Obstacle:
    """Write the end with what it must name, and its event."""
    obstacle.state, obstacle.outcome = OBSTACLE[name].target, outcome
    for column, value in named.items():
        setattr(obstacle, column, value)
    event = _tell(name, obstacle, actor(by), reason=reason)
    obstacle.ended_at, obstacle.ended_by, obstacle.ended_event = event.recorded_at, by, event
    obstacle.save()
    return obstacle


def solve(*, obstacle: Obstacle, case_number: str, by: Staff) -> Obstacle:
    """It was done after all: the case that says so was granted, wholly or in part."""
    with act():
        obstacle = locked(obstacle)
        check("solve", obstacle, by)
        case = Case.objects.filter(town=obstacle.town, number=case_number.strip().upper()).first()
        if case is None:
            raise Refused("没有这个编号的办件。办成了的，写它的办件编号。", field="case_number")
        if case.outcome not in (Outcome.GRANTED, Outcome.PARTLY):
            raise Refused(
                f"办件 {case.number} 现在是“{case.state_title}”，还没有准予，不算办成。办好了再来写。",
                field="case_number",
            )
        return _end("solve", ObstacleOutcome.SOLVED, obstacle, by, solved_by=case)


def change(*, obstacle: Obstacle, by: Staff, version: Version | None = None) -> Obstacle:
    """The rule is to change: by a draft or proposal of the item that is under way, or, with ``version`` None, by one
    begun now from the text in force, by whoever keeps the item. The change itself goes through its own gate."""
    with act():
        obstacle = locked(obstacle)
        check("change", obstacle, by)
        if version is None:
            version = _begin(obstacle, by)
        if version.item.town_id != obstacle.town_id or version.state not in CHANGING:
            raise Refused("这一版不是正在改的版本。请选一份草案，或者新开一份。", field="version")
        item = version.item
        return _end("change", ObstacleOutcome.CHANGE, obstacle, by, version=version, item=item, unit=item.unit)


def _begin(obstacle: Obstacle, by: Staff) -> Version:
    item = obstacle.item
    if item is None or item.current is None:
        raise Refused("还没有写明是哪个事项，不能开草案。请先归类，写上事项。", field="version")
    if open_one := item.versions.filter(state=VersionState.DRAFT).first():
        raise Refused(f"这个事项第 {open_one.number} 版草案还在改，请选它，不用再开一份。", field="version")
    return new_version(item=item, data=item.current.data, by=by)


def explain(*, obstacle: Obstacle, clause: str, text: str, by: Staff) -> Obstacle:
    """It cannot be done, and the town says so in public: because of which clause, in plain words, and the unit of
    whoever says it answers for it."""
    clause = clear_text(
        clause, "请写明依据哪部规定哪一条。没有依据的，就不能说不能办。", "clause", 100, town=by.town_id
    )
    text = clear_text(text, "请用群众看得懂的话写明为什么办不成、可以怎么办。", "text", MAX_TEXT, town=by.town_id)
    with act():
        obstacle = locked(obstacle)
        check("explain", obstacle, by)
        unit = obstacle.owner.unit
        return _end("explain", ObstacleOutcome.EXPLAINED, obstacle, by, clause=clause, text=text, answers=unit)


def pass_on(*, obstacle: Obstacle, organ: str, receipt: str, by: Staff) -> Obstacle:
    """Another organ has the power: it was handed to it, and its receipt says that it took it."""
    organ = clear_text(organ, "请写明转给了哪个机关。", "organ", MAX_NAME, town=by.town_id)
    receipt = clear_text(
        receipt,
        "请写明对方的回执：文号或者单号，哪天收的。没有回执的，还不算转到。",
        "receipt",
        MAX_NAME,
        town=by.town_id,
    )
    with act():
        obstacle = locked(obstacle)
        check("pass_on", obstacle, by)
        return _end("pass_on", ObstacleOutcome.PASSED_ON, obstacle, by, organ=organ, receipt=receipt)
