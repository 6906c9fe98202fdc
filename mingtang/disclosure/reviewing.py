"""The sheet of the secrecy review: what the reviewer answers for the text and for each attachment by its hash.

保密法 35 and its 实施条例 42: reviewed first, published after, thing by thing. The four sides are those on which
政府信息公开条例 14, 15 and 16 keep something back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mingtang.disclosure.enums import Side
from mingtang.disclosure.models import Revision
from mingtang.disclosure.requirements import Issue
from mingtang.lib.canonical import canonical_json, sha256_hex
from mingtang.lib.errors import Refused

MOST_NOTE, MOST_REASON = 200, 200
TEXT = "正文"
CLEAR, CONCERN = "clear", "concern"


@dataclass(frozen=True)
class Question:
    """``asks``: what would stand against publication, in the words of the article ``basis``; ``unless``: when not."""

    asks: str
    basis: str
    unless: str = ""


QUESTIONS: dict[str, Question] = {
    Side.SECRET: Question(
        "国家秘密，或者法律、行政法规禁止公开的内容", "保守国家秘密法第三十五条，政府信息公开条例第十四条"
    ),
    Side.SAFETY: Question("公开后可能危及国家安全、公共安全、经济安全、社会稳定的内容", "政府信息公开条例第十四条"),
    Side.THIRD_PARTY: Question(
        "公开会损害第三方合法权益的商业秘密、个人隐私",
        "政府信息公开条例第十五条",
        "第三方同意公开，或者不公开会对公共利益造成重大影响的，答“没有”，在说明里写明依据。",
    ),
    Side.INTERNAL: Question(
        "内部事务信息、过程性信息、行政执法案卷",
        "政府信息公开条例第十六条",
        "法律、法规、规章规定应当公开的，答“没有”，在说明里写明是哪一条。",
    ),
}


@dataclass(frozen=True)
class Thing:
    """What is looked at by itself: the text with all that stands in it, or one attachment. ``sha256`` is its hash."""

    key: str
    name: str
    sha256: str


@dataclass(frozen=True)
class Answers:
    """What is answered of one thing: ``CLEAR`` or ``CONCERN`` for each side, and a note."""

    sides: Mapping[str, str]
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """A filled-in sheet. ``sha256`` is the hash of the revision that was read; ``of`` answers each thing by its key;
    ``warnings_seen``: that what the guard only warns of was looked at."""

    sha256: str
    of: Mapping[str, Answers]
    warnings_seen: bool = False


def things(revision: Revision) -> list[Thing]:
    """The text, then each attachment in order."""
    rows = revision.attachments.select_related("file")
    return [
        Thing("text", TEXT, revision.sha256),
        *(Thing(f"file-{row.order}", row.name, row.file.sha256) for row in rows),
    ]


def checked(sheet: Sheet, revision: Revision, found: Sequence[Issue], *, passing: bool) -> dict[str, Any]:
    """The record of a sheet as it is kept and hashed.

    Raises ``Refused`` when it was filled in for another text, when an answer is missing, when a concern has no note,
    when it is to pass with a concern or with warnings nobody looked at, or is to be returned without a concern.
    """
    if sheet.sha256 != revision.sha256:
        raise Refused("您打开审查表以后，这份信息的正文或者附件变过。请看过现在的内容，重新填写。")
    parts, concerns = [], 0
    for thing in things(revision):
        answers = sheet.of.get(thing.key, Answers({}))
        note = " ".join(answers.note.split())
        for side in Side.values:
            answer = answers.sides.get(side)
            if answer not in (CLEAR, CONCERN):
                raise Refused(
                    f"“{thing.name}”还没有答有没有“{QUESTIONS[side].asks}”。请选择。", field=f"{thing.key}-{side}"
                )
            concerns += answer == CONCERN
        if CONCERN in answers.sides.values() and not note:
            raise Refused(f"“{thing.name}”答了“有”，请在说明里写明是哪一处、怎样改。", field=f"{thing.key}-note")
        if len(note) > MOST_NOTE:
            raise Refused(f"说明写了 {len(note)} 个字，最多 {MOST_NOTE} 个字。", field=f"{thing.key}-note")
        parts.append(
            {
                "name": thing.name,
                "sha256": thing.sha256,
                "sides": {side: answers.sides[side] for side in Side.values},
                "note": note,
            }
        )
    warnings = [issue.sentence for issue in found if issue.warns]
    if passing and concerns:
        raise Refused("有答“有”的，不能通过。请点“退回修改”，或者改正答错的。")
    if passing and warnings and not sheet.warnings_seen:
        raise Refused("请逐条看过黄色的提示，再勾上“都看过”。", field="warnings_seen")
    if not passing and not concerns:
        raise Refused("退回要写明哪里有问题。请在有问题的那一项答“有”，写上说明。")
    return {"revision": revision.number, "sha256": revision.sha256, "parts": parts, "warnings": warnings}


def reason_of(record: Mapping[str, Any]) -> str:
    """What the author reads when a sheet sends the draft back: the notes of the things with a concern."""
    said = [f"{part['name']}：{part['note']}" for part in record["parts"] if CONCERN in part["sides"].values()]
    reason = "；".join(said)
    return reason if len(reason) <= MOST_REASON else reason[: MOST_REASON - 9] + "……（见审查记录）"


def hash_of(record: Mapping[str, Any], reviewer: str, passed: bool) -> str:
    """SHA-256 of who answered what, as the event of the review carries it."""
    return sha256_hex(canonical_json({**record, "reviewer": reviewer, "passed": passed}))
