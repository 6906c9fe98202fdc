"""The number of the leading group's minutes, which stands under whatever it decided."""

from mingtang.lib.errors import Refused

MAX_MINUTES = 40


def check_minutes(number: str, what: str) -> str:
    """The number, stripped; ``what`` cannot be without a decision. Raises ``Refused`` for none or one too long."""
    number = number.strip()
    if not number:
        raise Refused(f"请填写领导小组会议纪要的编号。没有集体决定，{what}。", field="minutes_number")
    if len(number) > MAX_MINUTES:
        raise Refused(f"会议纪要的编号最多 {MAX_MINUTES} 个字。请只填编号。", field="minutes_number")
    return number
