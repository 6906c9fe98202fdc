"""The number of the leading group's minutes, which stands under whatever it decided."""

from mingtang.guard.clear import clear_text

MAX_MINUTES = 40


def check_minutes(number: str, what: str, town: int | None) -> str:
    """The number as all may read it; ``what`` cannot be without a decision. Raises ``Refused`` as ``clear_text``."""
    missing = f"请填写领导小组会议纪要的编号。没有集体决定，{what}。"
    return clear_text(number, missing, "minutes_number", MAX_MINUTES, town=town)
