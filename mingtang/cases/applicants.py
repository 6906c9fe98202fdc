"""Who applies: checked once, sealed at once."""

from dataclasses import asdict, dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from mingtang.cases.enums import ApplicantKind, TellBy
from mingtang.lib.errors import Refused
from mingtang.lib.identifiers import check_resident_id, check_uscc

MAX_TEXT = 100


@dataclass(frozen=True)
class Applicant:
    """``id_number`` is the person's, or of the one who acts for the organisation; ``uscc`` only for organisations.

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

    @property
    def shown_name(self) -> str:
        return self.organisation or self.name


def check(applicant: Applicant, *, today: date) -> Applicant:
    """The applicant with canonical numbers. Raises ``Refused`` naming the field.

    A credit code whose check digit does not fit is kept: real codes with one exist.
    """
    if applicant.kind not in ApplicantKind.values:
        raise Refused("请选择申请人是个人还是单位。", field="kind")
    name = applicant.name.strip()
    if not 2 <= len(name) <= 50:
        raise Refused("请填写姓名（2 到 50 个字），和身份证上的一样。", field="name")
    number = check_resident_id(applicant.id_number, today=today)
    if not number.valid:
        raise Refused(number.message, field="id_number")
    digits = applicant.phone.strip().replace(" ", "").replace("-", "")
    if digits and not (digits.isascii() and digits.isdigit() and 7 <= len(digits) <= 12):
        raise Refused("电话号码应当是 7 到 12 位数字。没有电话可以不填，凭编号和查询码也能查。", field="phone")
    organisation, uscc = applicant.organisation.strip(), applicant.uscc.strip().upper()
    if applicant.kind == ApplicantKind.ORGANISATION:
        if not organisation:
            raise Refused("请填写单位名称，和营业执照上的一样。", field="organisation")
        if len(check_uscc(uscc).number) != 18:
            raise Refused("统一社会信用代码是 18 位，请对照营业执照再输一次。", field="uscc")
    else:
        organisation = uscc = ""
    address = applicant.address.strip()
    for field, text, title in (("address", address, "住址"), ("organisation", organisation, "单位名称")):
        if len(text) > MAX_TEXT:
            raise Refused(f"{title}写了 {len(text)} 个字，最多 {MAX_TEXT} 个字。请写短一些。", field=field)
    tell_by = applicant.tell_by or TellBy.NO
    email = applicant.email.strip() if tell_by == TellBy.EMAIL else ""
    _check_reachable(tell_by, digits, address, email)
    return Applicant(
        kind=applicant.kind,
        name=name,
        id_number=number.number,
        phone=digits,
        address=address,
        organisation=organisation,
        uscc=uscc,
        tell_by=tell_by,
        email=email,
    )


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


def as_payload(applicant: Applicant) -> dict[str, str]:
    return asdict(applicant)
