"""What one case pays under a version: quantity times standard, capped, less the largest reduction. Pure; integer fen.

A fee that is not in force on the day is not on the bill: nobody can charge it. Nothing that is not on the bill can be
charged at all (营商条例 25, 许可法 58–59).
"""

from dataclasses import dataclass
from datetime import date

from mingtang.flows import expressions
from mingtang.lib.money import format_yuan
from mingtang.rulebook.situations import Answers, holds
from mingtang.rulebook.spec import Fee, Situation, Spec

MAX_AMOUNT = 10**9  # fen of one standard, exclusive: at ten million yuan somebody's finger slipped


@dataclass(frozen=True)
class Line:
    """One fee of one case. ``full`` = quantity × standard, capped; ``amount`` = ``full`` less the reduction, in fen."""

    fee: Fee
    quantity: int
    full: int
    amount: int
    reduction: str
    percent: int

    @property
    def working(self) -> str:
        """The sum as people work it out: 3 份 × 5元 = 15元，低保户，减收 50%，收 7.50元."""
        per, price = self.fee.per.removeprefix("每"), format_yuan(self.fee.amount)
        whole = self.fee.amount * self.quantity
        said = f"{self.quantity:,} {per} × {price} = {format_yuan(whole)}" if self.fee.quantity else f"每{per} {price}"
        if self.full < whole:
            said += f"，一件最多收 {format_yuan(self.full)}"
        if self.reduction:
            said += f"，{self.reduction}，" + less(self.percent, self.amount)
        return said


@dataclass(frozen=True)
class Bill:
    lines: tuple[Line, ...]

    @property
    def total(self) -> int:
        """Fen."""
        return sum(line.amount for line in self.lines)


def less(percent: int, amount: int | None = None) -> str:
    """A reduction in words, after whom it is for; ``amount`` is what is left to pay."""
    if percent == 100:
        return "不用交"
    return f"减收 {percent}%" + (f"，收 {format_yuan(amount)}" if amount is not None else "")


def in_force(fee: Fee, on: date) -> bool:
    """Both days of validity are included; an empty one is open."""
    day = on.isoformat()
    return (not fee.valid_from or fee.valid_from <= day) and (not fee.valid_to or day <= fee.valid_to)


def questions(spec: Spec) -> tuple[Situation, ...]:
    """The situations whose answers change what is paid: all that a calculator needs to ask."""
    conditions = [fee.when for fee in spec.fees] + [row.when for fee in spec.fees for row in fee.reductions]
    names = {name for when in conditions if when for name in expressions.check(when)}
    names |= {fee.quantity for fee in spec.fees}
    return tuple(situation for situation in spec.situations if situation.key in names)


def bill(spec: Spec, answers: Answers, on: date) -> Bill:
    """What the fees of a version come to for checked answers on a day.

    Of several reductions that hold the largest counts, once; a part of a fen is dropped in the payer's favour.
    """
    return Bill(tuple(_line(fee, answers) for fee in spec.fees if holds(fee.when, answers) and in_force(fee, on)))


def _line(fee: Fee, answers: Answers) -> Line:
    quantity = int(answers[fee.quantity]) if fee.quantity else 1
    full = fee.amount * quantity
    if fee.most:
        full = min(full, fee.most)
    best = max((row for row in fee.reductions if holds(row.when, answers)), key=lambda row: row.percent, default=None)
    percent = best.percent if best else 0
    return Line(fee, quantity, full, full * (100 - percent) // 100, best.label if best else "", percent)
