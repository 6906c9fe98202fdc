"""Who acts for an applicant: an agent with written authority, a guardian, a village committee.

民法典 23, 34 (a guardian is the legal agent), 165 (what a letter of authority states), 173 (it ends with its term);
许可法 29 (an application may be handed in by an agent); 社会救助暂行办法 11, 16 (a village committee, where the
household has difficulties).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from mingtang.cases.enums import ActsAs, GuardianRelation
from mingtang.lib.card_line import FOR_EVER
from mingtang.lib.errors import Refused
from mingtang.lib.identifiers import CARD, IDENTITY_PAPERS, age_on, birth_of, check_identity
from mingtang.lib.text import chinese_date, parse_date
from mingtang.rulebook import in_person
from mingtang.rulebook.spec import Spec

FULL_AGE = 18
MAX_ORGANISATION = 100


@dataclass(frozen=True)
class Acting:
    """``organisation`` is the village committee's name, ``relation`` a guardian's. ``until``: last day of the authority
    (ISO), empty while the case lasts. ``seen``: the window saw the paper that proves it, and not only a scan.
    ``ended``: the day on which it was taken back or laid down (ISO), empty while it stands.
    ``same_as``: the case in which a clerk checked their identity earlier that day, empty where in this one."""

    acts_as: str
    name: str
    id_number: str
    id_paper: str = CARD
    id_until: str = ""
    phone: str = ""
    organisation: str = ""
    relation: str = ""
    may_withdraw: bool = False
    may_collect: bool = False
    until: str = ""
    seen: bool = False
    ended: str = ""
    same_as: str = ""

    @property
    def shown(self) -> str:
        """As papers name them: ``代理人：李四``."""
        by = f"{self.organisation}（经办 {self.name}）" if self.organisation else self.name
        return f"{ActsAs(self.acts_as).label}：{by}"

    def lapsed(self, today: date) -> str:
        """Why they act for the applicant no more, as a sentence; empty while their authority stands (民法典 173)."""
        if self.ended:
            why = f"{ActsAs(self.acts_as).label}的委托{chinese_date(date.fromisoformat(self.ended))}已经终止。"
        elif ended := over(self.until, today):
            why = f"{ActsAs(self.acts_as).label}的委托书{ended}到期，已经过了。"
        else:
            return ""
        return f"{why}撤回、代领请申请人本人来，或者带新的委托书、监护证明到窗口登记。"

    def refuses(self, scope: str, *, today: date) -> str:
        """Why they may not do this for the applicant today, as a sentence; empty where they may.

        ``scope`` is ``withdraw`` or ``collect``. A guardian may do everything, others what the authority says while
        it lasts.
        """
        if why := self.lapsed(today):
            return why
        if self.acts_as == ActsAs.GUARDIAN:
            return ""
        who = ActsAs(self.acts_as).label
        if not {"withdraw": self.may_withdraw, "collect": self.may_collect}[scope]:
            what = {"withdraw": "代为撤回", "collect": "代领文书"}[scope]
            return f"委托书没有写{who}可以{what}。请申请人本人来，或者补一份写明的委托书。"
        return ""


def check_comes(spec: Spec, acting: Acting | None) -> None:
    """Raise ``Refused`` where the law wants the applicant and another acts. A guardian is the person."""
    if acting and acting.acts_as != ActsAs.GUARDIAN and (why := in_person.refuses(spec, "apply")):
        raise Refused(why, field="acts_as")


def acting_of(applicant: dict[str, Any]) -> Acting | None:
    """Who acted when the case was handed in, out of the opened applicant; older cases know nobody."""
    found = applicant.get("acting")
    return Acting(**found) if found else None


def acted(who: Acting | None) -> dict[str, str]:
    """For the event of an act: that the applicant did not come themselves."""
    return {"acting": who.acts_as} if who else {}


def check_person(prefix: str, name: str, paper: str, text: str, *, today: date) -> tuple[str, str]:
    """Name and number as they are kept. Raises ``Refused`` at the field, whose name begins with ``prefix``."""
    name = name.strip()
    if not 2 <= len(name) <= 50:
        raise Refused("请填写姓名（2 到 50 个字），和身份证上的一样。", field=f"{prefix}name")
    if paper not in IDENTITY_PAPERS:
        raise Refused("请选择用的是哪一种证件。", field=f"{prefix}id_paper")
    number = check_identity(paper, text, today=today)
    if not number.valid:
        raise Refused(number.message, field=f"{prefix}id_number")
    return name, number.number


def check_phone(field: str, text: str) -> str:
    """The bare digits; empty stays. Raises ``Refused`` at ``field``."""
    digits = text.strip().replace(" ", "").replace("-", "")
    if digits and not (digits.isascii() and digits.isdigit() and 7 <= len(digits) <= 12):
        raise Refused("电话号码应当是 7 到 12 位数字。没有电话可以不填，凭编号和查询码也能查。", field=field)
    return digits


def check_until(field: str, text: str) -> str:
    """The last day on a card or letter, as ISO; 长期 stays, empty stays. Raises ``Refused`` at ``field``."""
    text = text.strip()
    if text in {"", FOR_EVER}:
        return text
    if len(text) == 8 and text.isascii() and text.isdigit():
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return parse_date(text, field).isoformat()


def over(until: str, today: date) -> str:
    """The day in words when it lies before ``today``; empty where it does not, or where there is none."""
    if until in {"", FOR_EVER} or until >= today.isoformat():
        return ""
    return chinese_date(date.fromisoformat(until))


def check_acting(acting: Acting, *, applicant_number: str, today: date, aid: bool, proved: bool) -> Acting:
    """Whoever acts, with canonical numbers. Raises ``Refused`` naming the field.

    ``proved``: the paper was seen or a scan of it came along. ``aid``: the item is 行政给付.
    """
    if acting.acts_as not in ActsAs.values:
        raise Refused("请选择来办的人是谁。", field="acts_as")
    who = ActsAs(acting.acts_as)
    name, number = check_person("acting_", acting.name, acting.id_paper, acting.id_number, today=today)
    if number == applicant_number:
        raise Refused(f"{who.label}和申请人是同一个证件号码。本人来办的，请选“本人”。", field="acting_id_number")
    if (birth := birth_of(number)) and age_on(birth, today) < FULL_AGE:
        raise Refused(f"{who.label}要年满 {FULL_AGE} 岁。请换一位成年人来办。", field="acting_id_number")
    guardian = who == ActsAs.GUARDIAN
    if not proved:
        raise Refused(f"还没有{who.proof}。请传一份照片或者扫描件；在窗口看过原件的，打上勾也行。", field="acting_seen")
    return Acting(
        acts_as=who.value,
        name=name,
        id_number=number,
        id_paper=acting.id_paper,
        id_until=check_until("acting_id_until", acting.id_until),
        phone=check_phone("acting_phone", acting.phone),
        organisation=_committee(acting, aid) if who == ActsAs.COMMITTEE else "",
        relation=_relation(acting) if guardian else "",
        may_withdraw=guardian or acting.may_withdraw,
        may_collect=guardian or acting.may_collect,
        until="" if guardian else _authority(acting, today),
        seen=acting.seen,
        same_as=acting.same_as,
    )


def _committee(acting: Acting, aid: bool) -> str:
    name = acting.organisation.strip()
    if not aid:
        raise Refused("村（居）委会只能代为申请救助。别的事项，请选代理人或者监护人。", field="acts_as")
    if not name or len(name) > MAX_ORGANISATION:
        raise Refused(f"请填写村（居）委会的全称，最多 {MAX_ORGANISATION} 个字。", field="acting_organisation")
    return name


def _relation(acting: Acting) -> str:
    if acting.relation not in GuardianRelation.values:
        raise Refused("请选择监护人是申请人的什么人。", field="acting_relation")
    return acting.relation


def _authority(acting: Acting, today: date) -> str:
    """The last day of the authority; a letter whose term is over is none (民法典 173)."""
    until = check_until("acting_until", acting.until)
    if ended := over(until, today):
        raise Refused(f"委托书的期限到{ended}，已经过了。请申请人重新写一份委托书，再来办。", field="acting_until")
    return "" if until == FOR_EVER else until
