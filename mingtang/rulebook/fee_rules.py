"""What keeps the fees of an item from being published, row by row: (field, sentence, disclosure).

``problems`` is pure; ``too_low`` asks the law library. The publication gate shows both. A number that nobody can mean,
a basis that may not carry a fee, a condition that nobody or everybody meets: each is said before anybody pays.
"""

from collections.abc import Iterator
from datetime import date
from itertools import combinations, product
from math import prod

from mingtang.flows import expressions
from mingtang.lib.errors import Refused
from mingtang.lib.money import LIMIT, format_yuan
from mingtang.rulebook.enums import FeeNature, FundWay, PowerType
from mingtang.rulebook.fees import MAX_AMOUNT
from mingtang.rulebook.laws.citing import citations
from mingtang.rulebook.laws.levels import BurdenKind, may_base
from mingtang.rulebook.laws.resolve import Shelf
from mingtang.rulebook.situations import MAX_COMBINATIONS, holds, representatives
from mingtang.rulebook.spec import Fee, Reduction, Spec
from mingtang.towns.models import Jurisdiction

Row = tuple[str, str, str]
FIELD, DISCLOSURE = "fees", "收费标准"
# Columns of the public fee board (`law.md` 13) that every fee fills; the code is only where there is one.
_FILLED = {
    "per": "没有写计费单位，例如“份”“块”“人次”。",
    "payer": "没有写向谁收（收费对象）。",
    "scope": "没有写办什么的时候收（收费范围）。",
    "receipt": "没有写开什么票据。收钱都要给票。",
    "basis": "没有写依据，要写到文件名称和文号、条款。没有依据的不能收。",
}
_CODES = (("nature", FeeNature, "收费性质"), ("fund", FundWay, "资金管理方式"))


def problems(spec: Spec) -> list[Row]:
    """Everything that one can tell without the law library; empty when there is nothing."""
    found = [f"{name_of(fee, number)}{said}" for number, fee in enumerate(spec.fees, 1) for said in _of(spec, fee)]
    return [(FIELD, sentence, DISCLOSURE) for sentence in dict.fromkeys([*found, *_twice(spec)])]


def name_of(fee: Fee, number: int) -> str:
    """How a sentence names the fee in line ``number``."""
    return f"收费“{fee.name.strip()}”" if fee.name.strip() else f"第 {number} 项收费"


def _of(spec: Spec, fee: Fee) -> Iterator[str]:
    if not fee.name.strip():
        yield "没有写名称。"
    for name, sentence in _FILLED.items():
        if not getattr(fee, name).strip():
            yield sentence
    for name, choices, title in _CODES:
        if getattr(fee, name) not in choices.values:
            yield f"的{title}只能是{'、'.join(str(label) for label in choices.labels)}中的一种。"
    if fee.nature in (FeeNature.ADMINISTRATIVE, FeeNature.FUND) and fee.fund == FundWay.OWN:
        yield f"是{FeeNature(fee.nature).label}，要缴入国库或者财政专户，不能算单位收入。"
    yield from _amounts(spec, fee)
    yield from _dates(fee)
    yield from _condition(spec, fee)
    for reduction in fee.reductions:
        yield from (f"的减免“{reduction.label or '（未命名）'}”{said}" for said in _reduction(spec, fee, reduction))


def _amounts(spec: Spec, fee: Fee) -> Iterator[str]:
    if fee.amount < 0:
        yield f"的标准是负数（{format_yuan(fee.amount)}）。请改成大于 0 的金额。"
    elif fee.amount == 0:
        yield "的标准是 0。不收钱的，请整项删去，页面会写明“不收费”；减免写在减免里。"
    elif fee.amount >= MAX_AMOUNT:
        yield f"的标准是 {format_yuan(fee.amount)}，大得不合常理。请核对是不是多填了零，单位是不是元。"
    counted = {situation.key: situation for situation in spec.situations}.get(fee.quantity)
    if fee.quantity and counted is None:
        yield f"按“{fee.quantity}”计数，但是没有这个情形。请先加上这个问题，或者改正代码。"
    elif fee.quantity and counted and counted.options:
        yield f"按“{counted.question}”计数，但那是选择题，数不出来。请换成填数的问题。"
    if fee.most < 0:
        yield "的封顶金额是负数。不封顶请写 0。"
    elif 0 < fee.most < fee.amount:
        cap, standard = format_yuan(fee.most), format_yuan(fee.amount)
        yield f"一件最多收 {cap}，比一{fee.per}的标准 {standard} 还低。请核对哪个写错了。"
    elif 0 < fee.amount < MAX_AMOUNT and counted and min(fee.most or LIMIT, fee.amount * counted.most) >= LIMIT:
        yield f"数到 {counted.most:,} {counted.unit}时金额大得不合常理。请写封顶，或者改小这个问题最多能填的数。"


def _day(text: str) -> date | None:
    """The day of an ISO date as written by us, ``2026-07-01``; other spellings do not sort as days do."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def _dates(fee: Fee) -> Iterator[str]:
    bad = False
    for text, title in ((fee.valid_from, "从哪天起收"), (fee.valid_to, "收到哪天为止")):
        if text and _day(text) is None:
            bad = True
            yield f"{title}写的“{text[:20]}”不是真实的日期。请写成 2026-07-01 的样子，没有就空着。"
    if not bad and fee.valid_from and fee.valid_to and fee.valid_to < fee.valid_from:
        yield f"收到 {fee.valid_to} 为止，却从 {fee.valid_from} 起收，前后颠倒了。请核对。"


def _readable(spec: Spec, *conditions: str) -> bool:
    """Whether all are in the language and ask only what the item asks; if not, ``requirements.situated`` says why."""
    known = {situation.key for situation in spec.situations}
    try:
        return all(expressions.check(when) <= known for when in conditions if when)
    except Refused:
        return False


def _condition(spec: Spec, fee: Fee) -> Iterator[str]:
    if not fee.when:
        if fee.when_label:
            yield f"写了“{fee.when_label}”才收，但是没有写条件。请补上条件，或者删去这句话。"
        return
    if not fee.when_label.strip():
        yield "有条件才收，但是没有写给群众看的说法，例如“两块表以上的”。"
    met = {holds(fee.when, answers) for answers in _answers(spec, fee.when)}
    if met == {False}:
        yield f"的条件“{fee.when_label}”谁也不会符合，永远收不到。请改正条件。"
    elif met == {True}:
        yield f"的条件“{fee.when_label}”人人都符合。人人都收的，请把条件空着。"


def _reduction(spec: Spec, fee: Fee, row: Reduction) -> Iterator[str]:
    if not row.label.strip():
        yield "没有写给群众看的说法，写明谁可以减，例如“低保户”。"
    if not row.basis.strip():
        yield "没有写依据。"
    if row.percent not in range(1, 101):
        yield f"减 {row.percent}% 不对。请写 1 到 100 的整数，100 就是免收。"
    if not row.when:
        yield "没有写谁可以减。人人都减的，请直接降低标准。"
        return
    met = {holds(row.when, answers) for answers in _answers(spec, row.when, fee.when) if holds(fee.when, answers)}
    if met == {False}:
        yield "的条件，要交这项费的人谁也不会符合，等于没有减免。请改正条件。"
    elif met == {True}:
        yield "的条件，要交这项费的人个个都符合。人人都减的，请直接降低标准。"


def _answers(spec: Spec, *conditions: str) -> Iterator[dict[str, str | int]]:
    """One of each kind of answers to what these conditions ask, of people who are not barred; none when there are too
    many to walk, or when a condition cannot be read."""
    if not _readable(spec, *conditions):
        return
    names = {name for when in conditions if when for name in expressions.check(when)}
    try:
        values = representatives(spec)
    except Refused:  # a condition elsewhere cannot be read
        return
    barred = {(row.key, option.key) for row in spec.situations for option in row.options if option.bars}
    asked = {key: [value for value in values[key] if (key, value) not in barred] for key in sorted(names)}
    if prod(len(found) for found in asked.values()) > MAX_COMBINATIONS:
        return
    for combination in product(*asked.values()):
        answers = dict(zip(asked, combination, strict=True))
        try:
            for when in conditions:
                holds(when, answers)
        except Refused:  # it compares what cannot be compared
            return
        yield answers


def _twice(spec: Spec) -> Iterator[str]:
    """Two fees of one name that one person would pay on one day."""
    for one, other in combinations(spec.fees, 2):
        name = one.name.strip()
        if not name or name != other.name.strip() or not _on_one_day(one, other):
            continue
        ways = _answers(spec, one.when, other.when)
        if any(holds(one.when, answers) and holds(other.when, answers) for answers in ways):
            yield f"收费“{name}”列了两次，同一个人同一天会交两回。请合成一项，或者把条件、起止日期错开。"


def _on_one_day(one: Fee, other: Fee) -> bool:
    return max(one.valid_from, other.valid_from) <= min(one.valid_to or "9", other.valid_to or "9")


def is_unsaid(fee: Fee) -> bool:
    """An empty row: whether anything is charged is not known yet, so that nothing else is asked of it."""
    return not fee.name and not fee.amount


def too_low(town: Jurisdiction, spec: Spec, on: date) -> list[Row]:
    """Fees of a licence that no law or administrative regulation in force carries (许可法 58)."""
    if spec.power_type != PowerType.LICENCE or not spec.fees:
        return []
    cited = [list(citations(fee.basis)) for fee in spec.fees]
    shelf = Shelf.for_citations(town, [pair for pairs in cited for pair in pairs])
    return [
        (
            FIELD,
            f"{name_of(fee, number)}：行政许可不得收费，法律、行政法规另有规定的才可以（行政许可法第五十八条）。"
            "请把依据写到法律或者行政法规的条款，没有的请删去这项收费。",
            DISCLOSURE,
        )
        for number, (fee, pairs) in enumerate(zip(spec.fees, cited, strict=True), 1)
        if not is_unsaid(fee) and not any(_carries(shelf, title, article, on) for title, article in pairs)
    ]


def _carries(shelf: Shelf, title: str, article: str, on: date) -> bool:
    answer = shelf.resolve(title, article, on)
    return answer.holds and answer.law is not None and may_base(BurdenKind.LICENCE_FEE, answer.law.level)
