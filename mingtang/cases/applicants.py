"""Who applies: checked once, sealed at once."""

from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from mingtang.cases.acting import FULL_AGE, Acting, check_acting, check_person, check_phone, check_until, over
from mingtang.cases.enums import ActsAs, ApplicantKind, TellBy
from mingtang.lib.errors import Refused
from mingtang.lib.identifiers import CARD, age_on, birth_of, check_uscc

MAX_TEXT = 100
OWN_INCOME_AGE = 16


@dataclass(frozen=True)
class Applicant:
    """``id_number`` is the person's, or of the one who acts for the organisation; ``uscc`` only for organisations.

    ``id_until``: last day of the card (ISO), 长期, or empty where nobody asked. ``acting``: who acts for the applicant;
    none where they came themselves. ``confirmed``: what was doubtful and taken in all the same, field → sentence.
    ``tell_by`` is their consent to be told by one way (个人信息保护法 13(一)); an e-mail address is kept only for that.
    """

    kind: str
    name: str
    id_number: str
    phone: str
    address: str = ""
    organisation: str = ""
    uscc: str = ""
    tell_by: str = TellBy.NO
    email: str = ""
    id_paper: str = CARD
    id_until: str = ""
    acting: Acting | None = None
    confirmed: dict[str, str] = field(default_factory=dict)


def check(applicant: Applicant, *, today: date, aid: bool = False, proved: bool = False) -> Applicant:
    """The applicant with canonical numbers. Raises ``Refused`` naming the field.

    ``aid``: the item is 行政给付. ``proved``: the paper of whoever acts was seen, or a scan of it came along. What is
    only doubtful is told by ``doubts``.
    """
    if applicant.kind not in ApplicantKind.values:
        raise Refused("请选择申请人是个人还是单位。", field="kind")
    name, number = check_person("", applicant.name, applicant.id_paper, applicant.id_number, today=today)
    phone = check_phone("phone", applicant.phone)
    organisation, uscc = applicant.organisation.strip(), applicant.uscc.strip().upper()
    if applicant.kind == ApplicantKind.ORGANISATION:
        if not organisation:
            raise Refused("请填写单位名称，和营业执照上的一样。", field="organisation")
        uscc = check_uscc(uscc).number if uscc else ""
        if uscc and len(uscc) != 18:
            raise Refused("统一社会信用代码是 18 位，请对照营业执照再输一次。", field="uscc")
    else:
        organisation = uscc = ""
    address = applicant.address.strip()
    for name_of, text, title in (("address", address, "住址"), ("organisation", organisation, "单位名称")):
        if len(text) > MAX_TEXT:
            raise Refused(f"{title}写了 {len(text)} 个字，最多 {MAX_TEXT} 个字。请写短一些。", field=name_of)
    tell_by = applicant.tell_by or TellBy.NO
    email = applicant.email.strip() if tell_by == TellBy.EMAIL else ""
    _check_reachable(tell_by, phone, address, email)
    checked = replace(
        applicant,
        name=name,
        id_number=number,
        phone=phone,
        address=address,
        organisation=organisation,
        uscc=uscc,
        tell_by=tell_by,
        email=email,
        id_until=check_until("id_until", applicant.id_until),
        acting=_check_acting(applicant, number, today, aid=aid, proved=proved),
    )
    _check_capacity(checked, today)
    return checked


def _check_acting(applicant: Applicant, number: str, today: date, *, aid: bool, proved: bool) -> Acting | None:
    if applicant.acting is None:
        return None
    if applicant.kind == ApplicantKind.ORGANISATION:
        raise Refused("单位申请的，来办的人填在“姓名”里就行，请选“本人”。", field="acts_as")
    return check_acting(applicant.acting, applicant_number=number, today=today, aid=aid, proved=proved)


def check_successor(held: dict[str, Any], acting: Acting, *, today: date, aid: bool) -> Acting:
    """Whoever acts from now on for an opened applicant, with canonical numbers. Raises ``Refused`` naming the field."""
    applicant = Applicant(**{**held, "acting": acting})
    found = _check_acting(applicant, applicant.id_number, today, aid=aid, proved=acting.seen)
    assert found is not None  # somebody acts
    _check_capacity(replace(applicant, acting=found), today)
    return found


def minor(held: dict[str, Any], today: date) -> bool:
    """Whether an opened applicant is under age today, as far as the number tells."""
    return _age(Applicant(**held), today) < FULL_AGE


def _age(applicant: Applicant, today: date) -> int:
    """周岁 by the number; full age where it tells none, or where an organisation applies."""
    birth = birth_of(applicant.id_number) if applicant.kind == ApplicantKind.PERSON else None
    return age_on(birth, today) if birth else FULL_AGE


def _speaks_for_minor(applicant: Applicant) -> bool:
    return applicant.acting is not None and applicant.acting.acts_as in {ActsAs.GUARDIAN, ActsAs.COMMITTEE}


def _check_capacity(applicant: Applicant, today: date) -> None:
    """For whoever is under 18 the guardian applies (民法典 19, 20, 23); from 16 on they may themselves where they live
    by their own work (民法典 18): that is asked as a doubt. For aid the village committee may (社会救助暂行办法 11)."""
    age = _age(applicant, today)
    if age < OWN_INCOME_AGE and not _speaks_for_minor(applicant):
        raise Refused(
            f"申请人今天 {age} 岁，不满 {FULL_AGE} 岁，要由监护人（父母等）来办。请在“谁来办”里选监护人，"
            "填监护人的姓名和身份证号码。",
            field="acts_as",
        )


def doubts(applicant: Applicant, *, today: date) -> dict[str, str]:
    """What may be wrong with a checked applicant and bars nothing: field → sentence, to be confirmed once.

    A credit code whose check does not fit is kept: real codes with one exist. An organisation that is registered
    nowhere (a villagers' group) has no code. An expired card is told and noted, and the application is taken in: no law
    makes it a ground to turn people away, what is incomplete is received and told once (许可法 32; house rule); a
    new card, or meanwhile a temporary one, is asked of the police (居民身份证法 11, 12).
    """
    found = {}
    if ended := over(applicant.id_until, today):
        found["id_until"] = _expired("申请人", applicant.id_paper, ended)
    if applicant.acting and (ended := over(applicant.acting.id_until, today)):
        found["acting_id_until"] = _expired(ActsAs(applicant.acting.acts_as).label, applicant.acting.id_paper, ended)
    if applicant.kind == ApplicantKind.ORGANISATION:
        if not applicant.uscc:
            found["uscc"] = "没有填统一社会信用代码。企业、合作社、个体工商户都有；村民小组这样没有登记的，可以没有。"
        elif not (code := check_uscc(applicant.uscc)):
            found["uscc"] = f"{code.message}和营业执照上一个字不差的，照样收。"
    age = _age(applicant, today)
    if OWN_INCOME_AGE <= age < FULL_AGE and not _speaks_for_minor(applicant):
        found["id_number"] = f"申请人今天 {age} 岁。靠自己的劳动收入生活的，可以自己办；不然要由监护人来办。"
    return found


def _expired(whose: str, paper: str, ended: str) -> str:
    mend = "请到派出所换领，急用的可以先办临时身份证。" if paper == CARD else "请尽快换领新的。"
    return f"{whose}的证件{ended}到期，已经过了。{mend}申请照样收，记下看到的是过期证件。"


def _check_reachable(tell_by: str, phone: str, address: str, email: str) -> None:
    """Whoever wants to be told says where. Raises ``Refused`` at the field that is missing."""
    if tell_by not in TellBy.values:
        raise Refused("请选择怎样告诉您，或者选“不用”。", field="tell_by")
    if tell_by == TellBy.SMS and not (len(phone) == 11 and phone.startswith("1")):
        raise Refused("要收短信，请填 11 位的手机号码；没有手机的，请改选别的方式，或者选“不用”。", field="phone")
    if tell_by == TellBy.PRINT and not address:
        raise Refused("要收信，请填写能收到信的住址，或者改选别的方式。", field="address")
    if tell_by == TellBy.EMAIL:
        try:
            validate_email(email)
        except ValidationError:
            raise Refused(
                "要收电子邮件，请填写邮箱，例如 wang@example.com；不用邮箱的，请改选别的方式。", field="email"
            ) from None


def as_payload(applicant: Applicant) -> dict[str, Any]:
    return asdict(applicant)
