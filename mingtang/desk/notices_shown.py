"""Messages as the pages of the desk want them: names of posts, masked addresses, sheets to print."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from mingtang.lib.errors import Refused
from mingtang.lib.masking import mask_address, mask_email, mask_mobile, mask_name
from mingtang.notices import transports, wording
from mingtang.notices.enums import Channel, MessageState
from mingtang.notices.health import Waiting
from mingtang.notices.models import Message, Wording
from mingtang.people.models import Assignment
from mingtang.towns.models import Jurisdiction

S = MessageState
TONES = {
    S.WAITING: "todo",
    S.SENDING: "now",
    S.SENT: "done",
    S.FAILED: "late",
    S.GIVEN_UP: "stop",
    S.PRINTED: "done",
}


def owners(town: Jurisdiction, messages: Iterable[Message]) -> dict[str, str]:
    """Post code → the post and who holds it now: a message that did not arrive stands under a name."""
    codes = {message.owner_post for message in messages if message.owner_post}
    held = Assignment.objects.current(timezone.now()).filter(post__town=town, post__code__in=codes)
    names: dict[str, list[str]] = {}
    titles: dict[str, str] = {}
    for row in held.select_related("post__unit", "staff").order_by("pk"):
        names.setdefault(row.post.code, []).append(row.staff.name)
        titles[row.post.code] = str(row.post)
    return {code: f"{titles[code]}：{'、'.join(who)}" for code, who in names.items()}


def rows(town: Jurisdiction, messages: list[Message]) -> list[dict[str, Any]]:
    known = owners(town, messages)
    return [
        {
            "message": message,
            "tone": TONES[S(message.state)],
            "why": _why(message),
            "owner": known.get(message.owner_post, "这个岗位现在没有人" if message.owner_post else ""),
        }
        for message in messages
    ]


def _why(message: Message) -> str:
    if message.state == S.GIVEN_UP:
        return message.reason
    if not message.problem or message.state == S.SENT:
        return ""
    code = f"（{message.detail}）" if message.detail else ""
    return f"{message.get_problem_display()}{code}。"


def content(message: Message) -> dict[str, str]:
    """What the message says, its address masked; a sentence where it was destroyed."""
    try:
        found = message.content
    except Refused as refusal:
        return {"gone": refusal.message}
    mask = {Channel.SMS: mask_mobile, Channel.EMAIL: mask_email}.get(Channel(message.channel), mask_address)
    return {"to": mask(found["to"]) if found["to"] else "", "name": mask_name(found["name"]), "text": found["text"]}


def letter(message: Message) -> dict[str, Any]:
    """A sheet of paper, whole: it goes into an envelope."""
    try:
        return {"message": message, **message.content}
    except Refused as refusal:
        return {"message": message, "gone": refusal.message}


def ways() -> list[tuple[str, bool]]:
    """The channels to people, and whether this installation has them."""
    connected = transports.configured()
    return [(Channel(way).label, way in connected) for way in (Channel.SMS, Channel.EMAIL)]


def stuck(found: Waiting) -> str:
    """The alarm in a sentence; empty when the outbox moves."""
    if not found.is_stuck or found.oldest is None:
        return ""
    hours = int((found.at - found.oldest).total_seconds() // 3600)
    return f"有 {found.count} 条到时间还没有发出，最早的等了 {hours} 小时。请系统管理员看看短信和邮件的服务是不是停了。"


def preview(town: Jurisdiction, kind: wording.Kind, text: str) -> dict[str, Any]:
    """The words with examples in their places, as a text message, and what it costs."""
    seen = wording.signed(town, wording.filled(text, kind.places))
    return {"text": seen, "length": len(seen), "segments": wording.segments(seen)}


def worded(town: Jurisdiction, kind: wording.Kind, own: Wording | None) -> dict[str, Any]:
    text = own.text if own else kind.text
    return {"kind": kind, "own": own, "is_told": own.is_told if own else True, **preview(town, kind, text)}
