"""The lifecycle of an edition. A row that is not here is refused."""

from dataclasses import dataclass

from mingtang.disclosure.enums import EditionState as S
from mingtang.people.enums import Permission as P


@dataclass(frozen=True)
class Row:
    """``sources`` → ``target``; any one of ``powers`` lets a person act; ``basis`` names the clause. Without a target
    the state stays.

    What only the scheduler does has no powers.
    """

    sources: tuple[str, ...]
    target: str
    powers: tuple[str, ...]
    title: str
    basis: str
    who: tuple[str, ...] = ("staff",)


EDITION: dict[str, Row] = {
    "revise": Row(
        (S.DRAFT,), S.DRAFT, (P.DOCUMENT_DRAFT,), "修改", "house rule: text changed after review is a draft again"
    ),
    "submit": Row((S.DRAFT,), S.IN_REVIEW, (P.DOCUMENT_DRAFT,), "送保密审查", "信息公开条例 17"),
    "return_to_draft": Row(
        (S.IN_REVIEW, S.REVIEWED, S.SIGNED, S.TO_WITHHOLD, S.WITHHOLD_OK),
        S.DRAFT,
        (P.DOCUMENT_REVIEW, P.DOCUMENT_SIGN),
        "退回修改",
        "信息公开条例 17",
    ),
    "review": Row((S.IN_REVIEW,), S.REVIEWED, (P.DOCUMENT_REVIEW,), "保密审查通过", "保密法 35；信息公开条例 17"),
    "sign": Row((S.REVIEWED,), S.SIGNED, (P.DOCUMENT_SIGN,), "签发", "house rule: three persons"),
    "schedule": Row(
        (S.SIGNED,), S.SCHEDULED, (P.DOCUMENT_SIGN, P.DOCUMENT_DRAFT), "定时公开", "信息公开条例 26: within its limit"
    ),
    "unschedule": Row(
        (S.SCHEDULED,), S.SIGNED, (P.DOCUMENT_SIGN, P.DOCUMENT_DRAFT), "取消定时公开", "house rule: with a reason"
    ),
    "stop": Row((S.SCHEDULED,), S.SIGNED, (), "到时没有公开", "house rule: every check again at the time", ("system",)),
    "publish": Row(
        (S.SIGNED, S.SCHEDULED), S.PUBLISHED, (P.DOCUMENT_SIGN, P.DOCUMENT_DRAFT), "公开", "信息公开条例 26"
    ),
    "adopt_historical": Row(
        (S.DRAFT,), S.PUBLISHED, (P.DOCUMENT_ADOPT,), "补录", "house rule: published elsewhere before"
    ),
    "propose_withholding": Row(
        (S.DRAFT,), S.TO_WITHHOLD, (P.DOCUMENT_DRAFT,), "提出不主动公开", "信息公开条例 14–16, 27"
    ),
    "review_withholding": Row(
        (S.TO_WITHHOLD,), S.WITHHOLD_OK, (P.DOCUMENT_REVIEW,), "审查同意不主动公开", "信息公开条例 17"
    ),
    "withhold": Row((S.WITHHOLD_OK,), S.NOT_PUBLIC, (P.DOCUMENT_SIGN,), "决定不主动公开", "信息公开条例 14–17"),
    "give_on_request": Row((S.WITHHOLD_OK,), S.ON_REQUEST, (P.DOCUMENT_SIGN,), "决定依申请公开", "信息公开条例 17, 27"),
    "keep_withheld": Row(
        (S.NOT_PUBLIC, S.ON_REQUEST),
        "",
        (P.DOCUMENT_REVIEW, P.DOCUMENT_SIGN),
        "再次审查，仍不主动公开",
        "信息公开条例 18",
    ),
    "open_up": Row(
        (S.NOT_PUBLIC, S.ON_REQUEST),
        S.DRAFT,
        (P.DOCUMENT_REVIEW, P.DOCUMENT_SIGN),
        "再次审查，转为公开",
        "信息公开条例 18",
    ),
    "expire": Row(
        (S.PUBLISHED,), S.EXPIRED, (), "有效期满，失效", "湖南省规范性文件管理办法: 5 years, 2 on trial", ("system",)
    ),
    "repeal": Row((S.PUBLISHED,), S.REPEALED, (P.DOCUMENT_SIGN,), "废止", "信息公开条例 20(1); by another document"),
    "link": Row(
        (S.DRAFT, S.PUBLISHED, S.EXPIRED, S.REPEALED),
        "",
        (P.DOCUMENT_DRAFT,),
        "注明和别的文件的关系",
        "国办发〔2016〕80号",
    ),
    "unlink": Row(
        (S.DRAFT, S.PUBLISHED, S.EXPIRED, S.REPEALED),
        "",
        (P.DOCUMENT_DRAFT,),
        "取消和别的文件的关系",
        "house rule: with a reason",
    ),
    "supersede": Row((S.PUBLISHED,), S.SUPERSEDED, (P.DOCUMENT_SIGN, P.DOCUMENT_DRAFT), "被新版替代", "house rule"),
    "withdraw": Row(
        (S.PUBLISHED, S.EXPIRED, S.REPEALED, S.SUPERSEDED),
        S.WITHDRAWN,
        (P.DOCUMENT_WITHDRAW,),
        "撤下",
        "house rule: emergency withdrawal",
    ),
}

# What can be read at its address: in force, or no longer.
READABLE = (S.PUBLISHED, S.EXPIRED, S.REPEALED)
# What the public can open: an edition that gave way stands beside the newer one.
SHOWN = (*READABLE, S.SUPERSEDED)
# What has been published once.
OUT = (*READABLE, S.SUPERSEDED, S.WITHDRAWN)
OPEN = (S.DRAFT, S.IN_REVIEW, S.REVIEWED, S.SIGNED, S.SCHEDULED, S.TO_WITHHOLD, S.WITHHOLD_OK)
