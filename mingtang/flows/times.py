"""How long the steps of a flow really took: what the drawings and the words say beside the limits."""

from collections.abc import Mapping
from dataclasses import dataclass

NOTE = "实际用时：最近一年办结的件，一半在写明的天数以内办完这一步；按工作日数，件数太少的不显示。"


@dataclass(frozen=True, slots=True)
class Took:
    """One step: half of `cases` cases took at most `days` working days, 0 for done on the day it began."""

    days: int
    cases: int

    @property
    def short(self) -> str:
        """For the arrow that leaves the step."""
        return f"约{self.days}天" if self.days else "当天"

    @property
    def words(self) -> str:
        """For the line beside the limit."""
        when = f"在 {self.days} 个工作日内" if self.days else "当天"
        return f"实际：{self.cases} 件里一半{when}办完"


Times = Mapping[str, Took]  # by step key, which is the id of the task
NO_TIMES: Times = {}
