"""The papers and the data each of them needs (law.md 2.1: the papers the Administrative Licensing Law asks for).

A paper's data are plain JSON: what a room freezes (``CaseDocument``) can be rendered again years later. Each class
below is the list of keys of one template. Dates are ISO: ``Day`` is ``2026-03-04``; ``Moment`` is local time in
Asia/Shanghai, ``2026-03-04T09:30`` with or without seconds and ``+08:00``. Every other text is printed as it stands.
"""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal, NotRequired, TypedDict, get_args, get_origin, get_type_hints, is_typeddict

from mingtang.lib.errors import Refused
from mingtang.press.parts import Block, Cell, Checkpoint, Day, Moment, Proof


class Material(TypedDict):
    name: str
    form: str  # 原件, 复印件, 电子 …
    copies: int
    pages: NotRequired[int]
    note: NotRequired[str]


class Paper(TypedDict):
    """What every paper carries."""

    organ: str  # the power holder, full name, as on its seal
    number: str
    issued_on: Day
    demo: NotRequired[bool]  # marks every page 演示
    check_url: NotRequired[str]  # printed as QR
    checkpoint: NotRequired[Checkpoint]
    proof: NotRequired[Proof]


class CasePaper(Paper):
    """What every paper of a case carries."""

    case_number: str
    applicant: str
    agent: NotRequired[str]  # who acts for the applicant: 代理人：李四
    item_name: str
    item_code: str
    handler: str  # window or post with staff number: 综合窗口2号（工号1007）
    consult_phone: str
    complaint_phone: str


class Limits(TypedDict):
    promised_limit: str  # 5个工作日
    statutory_limit: str
    expected_on: NotRequired[Day]
    provisional: NotRequired[bool]  # the calendar of that year is not confirmed yet
    expected_note: NotRequired[str]


class Answer(TypedDict):
    key: str  # of the situation
    value: str  # the code or number as it is kept
    question: str
    answer: str


class Fee(TypedDict):
    code: NotRequired[str]
    name: str
    basis: str
    receipt: NotRequired[str]  # 财政票据 …


class Charge(TypedDict):
    fee: Fee
    working: str  # 3 份 × 5元 = 15元，低保户，收 7.50元
    amount: int  # fen


class Charges(TypedDict):
    """What the fees of the version come to for this case on the day it was handed in."""

    lines: list[Charge]
    total: int  # fen
    said: str


class Receipt(CasePaper, Limits):
    """收件凭证. ``number`` equals ``case_number``; ``code`` opens the applicant's view."""

    code: str
    received_at: Moment
    recorded_at: NotRequired[Moment]  # when it was entered, where that was later
    channel: NotRequired[str]  # 窗口, 网上, 窗口纸质
    materials: list[Material]  # received
    outstanding: NotRequired[list[str]]  # not yet handed in
    answers: NotRequired[list[Answer]]  # to the item's situations
    pledges: NotRequired[list[str]]  # 告知承诺: paper and what is pledged in its place, to be signed
    opened: NotRequired[str]  # the article by which the office began without an application
    told: NotRequired[list[str]]  # why, by these answers, nothing can be granted
    charges: NotRequired[Charges]
    silence_note: NotRequired[str]  # what follows when the intake limit passes, as the item's rule says


class Acceptance(CasePaper, Limits):
    """受理通知书."""

    received_on: Day
    accepted_on: Day
    silence: NotRequired[Literal["statutory", "promise"]]  # accepted because the intake limit passed
    basis: str
    conditions: NotRequired[list[str]]  # 容缺 or 告知承诺: paper, date, effect
    materials: NotRequired[list[Material]]


class Payment(CasePaper):
    """缴款通知书: what, how much, on what basis, into which account. No window takes money."""

    payment_number: str
    charges: Charges
    capital: str  # 人民币叁拾元整
    due_on: Day
    payee: str
    bank: str
    account: str
    pay_text: NotRequired[str]  # printed as QR


class Missing(TypedDict):
    name: str
    problem: str
    mend: str
    basis: NotRequired[str]


class Supplement(CasePaper):
    """一次性告知补正通知书: all that is missing, once."""

    received_on: Day
    basis: str
    missing: list[Missing]
    reply_by: NotRequired[Day]
    submit_to: NotRequired[str]
    lapse_note: NotRequired[str]  # effect of letting the period pass, with its basis


class NotAccepted(CasePaper):
    """不予受理决定书."""

    received_on: Day
    basis: str
    reasons: list[str]
    competent_organ: NotRequired[str]  # whose matter it is
    remedies: list[str]


class Result(TypedDict):
    name: str
    number: NotRequired[str]
    valid_from: NotRequired[Day]
    valid_to: NotRequired[Day]


class Grant(CasePaper):
    """准予决定书. ``remedies`` are for what was granted only in part."""

    accepted_on: Day
    basis: str
    decision: list[str]
    results: NotRequired[list[Result]]
    conditions: NotRequired[list[str]]
    remedies: NotRequired[list[str]]


class Refusal(CasePaper):
    """不予决定书."""

    accepted_on: Day
    basis: str
    facts: NotRequired[list[str]]
    reasons: list[str]
    remedies: list[str]


class Served(TypedDict):
    name: str
    number: NotRequired[str]
    copies: int


class ServiceRecord(CasePaper):
    """送达回证. What is not known yet stays an empty box to be filled in by hand."""

    recipient: str
    documents: list[Served]
    mode: NotRequired[str]
    place: NotRequired[str]
    served_at: NotRequired[Moment]
    receiver: NotRequired[str]
    relation: NotRequired[str]
    server: NotRequired[str]
    witness: NotRequired[str]
    remark: NotRequired[str]


class Fact(TypedDict):
    name: str
    value: str


class Letter(CasePaper):
    """Every other paper of a case: 特别程序告知书, 延期告知书 … told in paragraphs, a table of facts, reasons."""

    title: str
    recipient: NotRequired[str]  # whom it addresses, where that is not the applicant
    paragraphs: list[str]
    facts: NotRequired[list[Fact]]
    reasons: NotRequired[list[str]]
    remedies: NotRequired[list[str]]


class Entrusted(TypedDict):
    """An original of an order, and in whose hand it is."""

    name: str
    sheets: int
    holder: str
    offered: NotRequired[str]  # to whom, not signed for yet


class Order(Paper):
    """代办单: what is to be done, what the agent may do, each original; signed by both."""

    code: str
    resident: str
    taken_at: Moment
    items: list[str]
    place: str
    station: str
    agent_post: str
    station_phone: str
    complaint_phone: str
    scope: list[str]
    valid_to: Day
    originals: list[Entrusted]
    promises: list[str]


class Reviewed(TypedDict):
    """A part of what was reviewed; ``answers`` to the sides in their order."""

    name: str
    sha256: str
    answers: list[str]
    note: str


class ReviewSheet(Paper):
    """审查表: the secrecy review of one text and each of its attachments."""

    title: str
    issuer: str
    doc_number: NotRequired[str]
    scope: str
    author: str
    sides: list[str]
    things: list[Reviewed]
    warnings: list[str]
    waived: NotRequired[list[str]]  # what was let stand, by whom, why
    result: str
    reviewer: str
    reviewed_at: Moment
    sha256: str


class Document(TypedDict):
    """A published document, in the manner of GB/T 9704-2012, with the metadata of its page."""

    title: str
    issuer: str
    index_number: NotRequired[str]  # the guide to the catalogue stands in none
    scope: NotRequired[str]
    generated_on: NotRequired[Day]
    published_on: NotRequired[Day]
    method: NotRequired[str]
    source: NotRequired[str]
    theme: NotRequired[str]
    doc_number: NotRequired[str]
    addressee: NotRequired[str]
    body: list[Block]
    signed_by: NotRequired[str]
    signed_on: NotRequired[Day]
    attachments: NotRequired[list[str]]
    copied_to: NotRequired[str]
    print_note: NotRequired[str]
    demo: NotRequired[bool]
    check_url: NotRequired[str]
    checkpoint: NotRequired[Checkpoint]
    proof: NotRequired[Proof]


class Sign(TypedDict):
    """A sign of the drawing as SVG, and what it means."""

    svg: str
    words: str


class Flowchart(TypedDict):
    """The flowchart of an item version on one A3 sheet. ``drawing`` is SVG; ``steps`` and ``specials`` say the same in
    words, beside swim lanes; boxes under each other say it themselves."""

    title: str
    organ: str
    item_code: str
    version: int
    in_force_on: Day
    drawing: str
    legend: list[Sign]
    steps: NotRequired[list[str]]
    specials: NotRequired[list[str]]
    sha256: str
    flow_sha256: str
    demo: NotRequired[bool]
    check_url: NotRequired[str]
    checkpoint: NotRequired[Checkpoint]


class ListSheet(TypedDict):
    """公示表: the sheet of a list from records for a board."""

    organ: str
    title: str
    number: str
    edition: int
    size: Literal["a3", "a4"]
    columns: list[str]
    rows: list[list[str]]
    count: int
    left_out: int
    total: NotRequired[str]
    basis: str
    shown_on: Day
    until: NotRequired[Day]
    root: str
    phone: str
    personal: bool
    opened_by: str  # with the code, by whoever stands in it
    demo: NotRequired[bool]
    check_url: NotRequired[str]
    checkpoint: NotRequired[Checkpoint]


class Point(TypedDict):
    """A statement of a law page, with the articles it stands on."""

    head: str
    text: str
    basis: str


class Poster(TypedDict):
    """学法明白页 for a wall. ``left_out``: headings of what is not the law any more."""

    organ: str
    title: str
    lead: str
    size: Literal["a3", "a4"]
    edition: int
    published_on: Day
    printed_on: Day
    points: list[Point]
    left_out: list[str]
    phone: NotRequired[str]
    complaint_phone: NotRequired[str]
    demo: NotRequired[bool]
    check_url: NotRequired[str]
    checkpoint: NotRequired[Checkpoint]


class BoardSheet(TypedDict):
    """张贴页: a published text for a board, in large type. ``began``: what was done on ``published_on``."""

    organ: str
    title: str
    number: str
    edition: int
    size: Literal["a3", "a4"]
    across: bool
    body: list[Block]
    published_on: Day
    began: Literal["公开", "施行"]
    until: Day
    phone: str
    demo: NotRequired[bool]
    check_url: str
    checkpoint: NotRequired[Checkpoint]


# The template of the papers of a case that have none of their own.
LETTER = "letter"
# Template name → Chinese name, keys.
PAPERS: dict[str, tuple[str, type]] = {
    "receipt": ("收件凭证", Receipt),
    "acceptance": ("受理通知书", Acceptance),
    "supplement": ("一次性告知补正通知书", Supplement),
    "payment": ("缴款通知书", Payment),
    "not_accepted": ("不予受理决定书", NotAccepted),
    "grant": ("准予决定书", Grant),
    "refusal": ("不予决定书", Refusal),
    "service_record": ("送达回证", ServiceRecord),
    LETTER: ("告知书", Letter),
    "order": ("代办单", Order),
    "review": ("政府信息公开审查表", ReviewSheet),
    "document": ("政府信息", Document),
    "flowchart": ("流程图", Flowchart),
    "board": ("张贴页", BoardSheet),
    "list": ("公示表", ListSheet),
    "poster": ("学法明白页", Poster),
}

# A receipt for no materials or of no fee is a true receipt, a cell without text a true cell, a review without a note
# a true review.
EMPTY: dict[str, Any] = {
    "materials": [],
    "originals": [],
    "lines": [],
    "rows": [],
    "text": "",
    "warnings": [],
    "note": "",
    # Of a page whose every article changed nothing is left but that.
    "points": [],
    "left_out": [],
}


def check(template: str, data: dict[str, Any]) -> None:
    """Raise ``Refused`` naming the key when ``data`` lack, misname or mistype something that the paper prints.

    A required text or list may not be empty, but for those in ``EMPTY``.
    """
    if template not in PAPERS:
        raise Refused(f"没有名为“{template}”的文书样式，请检查文书种类。")
    title, keys = PAPERS[template]
    _check(title, "", data, keys)


def _check(title: str, path: str, value: Any, kind: Any) -> None:
    def refuse(problem: str) -> None:
        raise Refused(f"{title}的“{path or '全部数据'}”{problem}，请补正后再生成。", field=path or None)

    origin, args = get_origin(kind), get_args(kind)
    if is_typeddict(kind):
        if not isinstance(value, dict):
            refuse("应当是一组数据")
        _check_keys(title, path, value, kind)
    elif origin is Annotated:
        if not (isinstance(value, str) and _is_time(value, args[1])):
            refuse("不是真实的日期" if args[1] == "day" else "不是真实的北京时间")
    elif origin is Literal:
        if value not in args:
            refuse("不在可选的范围内")
    elif origin is list:
        if not isinstance(value, list):
            refuse("应当是一个列表")
        for number, item in enumerate(value, 1):
            _check(title, f"{path}第{number}项", item, args[0])
    elif origin is None:
        # A bool is an int to Python, but no count of copies.
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            refuse("类型不对")
    elif not isinstance(value, str):  # the one union: a table cell, text or cell
        _check(title, path, value, Cell)


def _check_keys(title: str, path: str, value: dict[str, Any], kind: Any) -> None:
    hints = get_type_hints(kind, include_extras=True)
    for name in value.keys() - hints.keys():
        raise Refused(f"{title}没有“{path}{name}”这一栏，请删去或改正名称。", field=name)
    for name, hint in hints.items():
        if get_origin(hint) is NotRequired:
            hint = get_args(hint)[0]
        required = name in kind.__required_keys__
        empty = value.get(name) in (None, "", [])
        if required and empty and value.get(name) != EMPTY.get(name, ...):
            raise Refused(f"{title}缺少“{path}{name}”，请补上后再生成。", field=name)
        if not empty:
            _check(title, f"{path}.{name}" if path else name, value[name], hint)


def _is_time(text: str, kind: str) -> bool:
    try:
        if kind == "day":
            return len(text) == 10 and bool(date.fromisoformat(text))
        moment = datetime.fromisoformat(text)
    except ValueError:
        return False
    return "T" in text and moment.utcoffset() in (None, timedelta(hours=8))
