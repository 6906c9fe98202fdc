"""What a person lets the account remember, so that forms are filled in."""

from collections.abc import Mapping
from datetime import date

from mingtang.cases.acting import check_phone
from mingtang.lib.errors import Refused
from mingtang.lib.identifiers import CARD, check_identity, check_uscc


def checked(typed: Mapping[str, str], *, today: date) -> dict[str, str]:
    """The same with canonical numbers; all of it may be empty. Raises ``Refused`` naming the field."""
    found = {name: value.strip() for name, value in typed.items()}
    if found["id_number"]:
        number = check_identity(CARD, found["id_number"], today=today)
        if not number.valid:
            raise Refused(number.message, field="id_number")
        found["id_number"] = number.number
    found["phone"] = check_phone("phone", found["phone"])
    if found["uscc"]:
        found["uscc"] = check_uscc(found["uscc"]).number
        if len(found["uscc"]) != 18:
            raise Refused("统一社会信用代码是 18 位，请对照营业执照再输一次。", field="uscc")
    return found
