"""委托人 and 委托: whose order it is, and what they let the agent do; checked once, sealed at once."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta

from mingtang.agents.enums import Need, Way
from mingtang.lib.errors import Refused
from mingtang.lib.identifiers import check_resident_id

MAX_TEXT = 100
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Principal:
    """Who gives the order. ``asker`` is who asked for them and how they are related, where that is another person.
    ``id_number`` may be left to the window, which sees the card.
    """

    name: str
    phone: str = ""
    address: str = ""
    id_number: str = ""
    need: str = Need.NONE
    asker: str = ""


def check(person: Principal, *, at_home: bool, today: date) -> Principal:
    """The principal with canonical numbers; raises ``Refused`` naming the field. A visit needs an address and why."""
    name = person.name.strip()
    if not 2 <= len(name) <= 50:
        raise Refused("请填写委托人的姓名（2 到 50 个字），和身份证上的一样。", field="name")
    digits = person.phone.strip().replace(" ", "").replace("-", "")
    if digits and not (digits.isascii() and digits.isdigit() and 7 <= len(digits) <= 12):
        raise Refused("电话号码应当是 7 到 12 位数字。没有电话可以不填。", field="phone")
    number = person.id_number.strip()
    if number:
        found = check_resident_id(number, today=today)
        if not found.valid:
            raise Refused(found.message, field="id_number")
        number = found.number
    address, asker = " ".join(person.address.split()), " ".join(person.asker.split())
    for field, text, title in (("address", address, "住址"), ("asker", asker, "替谁申请的说明")):
        if len(text) > MAX_TEXT:
            raise Refused(f"{title}写了 {len(text)} 个字，最多 {MAX_TEXT} 个字。请写短一些。", field=field)
    if at_home and not address:
        raise Refused("上门办的，请写明住在哪里，代办员好找。", field="address")
    if at_home and person.need not in set(Need.values) - {Need.NONE}:
        raise Refused("上门办的，请选为什么出不了门。", field="need")
    need = person.need if at_home else Need.NONE
    return Principal(name=name, phone=digits, address=address, id_number=number, need=str(need), asker=asker)


def as_payload(person: Principal) -> dict[str, str]:
    return asdict(person)


@dataclass(frozen=True)
class Terms:
    """What a resident consents to, and how that is known."""

    hands_in: bool = True
    answers: bool = True
    collects: bool = True
    until: date | None = None
    way: str = Way.SIGNED


def check_terms(terms: Terms, today: date) -> date:
    """The last day of the consent; raises ``Refused`` for nothing consented to, or a term that is over or too long."""
    if not (terms.hands_in or terms.answers or terms.collects):
        raise Refused("请选委托代办员做什么，至少一样。", field="scope")
    if terms.until is None or terms.until < today:
        raise Refused("委托的有效期请写今天或者以后的日期。", field="until")
    if terms.until - today > LONGEST:
        raise Refused("委托最长一年。请改日期，到期还没办完可以重新签。", field="until")
    if terms.way not in Way.values:
        raise Refused("请选委托人是在纸上签字，还是报查询码。", field="way")
    return terms.until
