"""The lifecycle of an edition. A row that is not here is refused."""

from dataclasses import dataclass

from mingtang.disclosure.enums import EditionState as S
from mingtang.people.enums import Permission as P


@dataclass(frozen=True)
class Row:
    """``sources`` → ``target``; any one of ``powers`` lets a person act; ``basis`` names the clause."""

    sources: tuple[str, ...]
    target: str
    powers: tuple[str, ...]
    title: str
    basis: str


EDITION: dict[str, Row] = {
    "revise": Row(
        (S.DRAFT,), S.DRAFT, (P.DOCUMENT_DRAFT,), "修改", "house rule: text changed after review is a draft again"
    ),
    "submit": Row((S.DRAFT,), S.IN_REVIEW, (P.DOCUMENT_DRAFT,), "送保密审查", "信息公开条例 17"),
    "return_to_draft": Row(
        (S.IN_REVIEW, S.REVIEWED, S.SIGNED),
        S.DRAFT,
        (P.DOCUMENT_REVIEW, P.DOCUMENT_SIGN),
        "退回修改",
        "信息公开条例 17",
    ),
    "review": Row((S.IN_REVIEW,), S.REVIEWED, (P.DOCUMENT_REVIEW,), "保密审查通过", "保密法 35；信息公开条例 17"),
    "sign": Row((S.REVIEWED,), S.SIGNED, (P.DOCUMENT_SIGN,), "签发", "house rule: three persons"),
    "publish": Row(
        (S.SIGNED, S.SCHEDULED), S.PUBLISHED, (P.DOCUMENT_SIGN, P.DOCUMENT_DRAFT), "公开", "信息公开条例 26"
    ),
    "adopt_historical": Row(
        (S.DRAFT,), S.PUBLISHED, (P.DOCUMENT_ADOPT,), "补录", "house rule: published elsewhere before"
    ),
    "supersede": Row((S.PUBLISHED,), S.SUPERSEDED, (P.DOCUMENT_SIGN, P.DOCUMENT_DRAFT), "被新版替代", "house rule"),
    "withdraw": Row((S.PUBLISHED,), S.WITHDRAWN, (P.DOCUMENT_WITHDRAW,), "撤下", "house rule: emergency withdrawal"),
}

OPEN = (S.DRAFT, S.IN_REVIEW, S.REVIEWED, S.SIGNED, S.SCHEDULED)
