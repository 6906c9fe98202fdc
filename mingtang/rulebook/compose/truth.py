"""When two conditions mean the same: by what they say of every kind of answers."""

from collections.abc import Sequence
from dataclasses import replace

from mingtang.lib.errors import Refused
from mingtang.rulebook.situations import MAX_COMBINATIONS, combinations, holds, how_many
from mingtang.rulebook.spec import Situation, Spec


class Truth:
    """The kinds of answers to the merged questions, told apart by every condition of the parts."""

    def __init__(self, specs: Sequence[Spec], situations: tuple[Situation, ...]) -> None:
        whole = replace(
            specs[0],
            situations=situations,
            materials=tuple(row for spec in specs for row in spec.materials),
            steps=tuple(row for spec in specs for row in spec.steps),
            fees=tuple(row for spec in specs for row in spec.fees),
        )
        if how_many(whole) > MAX_COMBINATIONS:
            raise Refused("几个事项要问的情况合起来太多，群众答不清，不能合成一件事。", field="parts")
        self.ways = list(combinations(whole))

    def table(self, when: str) -> tuple[bool, ...]:
        return tuple(holds(when, answers) for answers in self.ways)

    def same(self, one: str, other: str) -> bool:
        return self.table(one) == self.table(other)

    def never(self, when: str) -> bool:
        return not any(self.table(when))

    def shortest(self, when: str, label: str, *known: tuple[str, str]) -> tuple[str, str]:
        """Condition and words as one of the parts has them, where they mean the same; none where everybody meets it."""
        if all(self.table(when)):
            return "", ""
        return next((pair for pair in known if pair[0] and self.same(when, pair[0])), (when, label))
