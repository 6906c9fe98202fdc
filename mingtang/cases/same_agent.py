"""Whoever acts comes again: their identity was checked today, at a window of the same site, and is not typed anew.

It is offered for the same visit, and for who gives the same name; to that site's clerks, until the day is over. What is
taken over is read from the sealed applicant of the earlier case by the server: number and paper never travel in a form.
"""

from dataclasses import dataclass, replace

from django.core import signing
from django.db.models import QuerySet
from django.utils import timezone

from mingtang.cases.acting import Acting
from mingtang.cases.applicants import Applicant
from mingtang.cases.enums import Channel
from mingtang.cases.models import Case
from mingtang.hall.models import Contact, Window
from mingtang.lib.errors import Refused
from mingtang.lib.masking import mask_id, mask_name
from mingtang.people.models import Staff

_SALT = "same-agent"


@dataclass(frozen=True)
class Checked:
    """Somebody whose paper a clerk held; ``case``: where. ``token`` names them to a form of one clerk."""

    case: Case
    acting: Acting
    token: str

    @property
    def words(self) -> str:
        """Enough to recognise who stands there, not to find another, and who checked them when."""
        at = timezone.localtime(self.case.submitted_at).strftime("%H:%M")
        who = f"{mask_name(self.acting.name)}（{mask_id(self.acting.id_number)}）"
        return f"{who}，{at} 由{self.case.window}核对过证件"


def _today(window: Window) -> QuerySet[Case]:
    """What the windows of this site took in today, newest first."""
    begins = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Case.objects.filter(window__site=window.site_id, channel=Channel.WINDOW, submitted_at__gte=begins)
    return rows.select_related("key", "window").order_by("-pk")


def offers(*, window: Window, contact: Contact | None, name: str, by: Staff) -> list[Checked]:
    """Whom a clerk at ``window`` may recognise: who came in this visit, and who is called just so."""
    here = set(Case.objects.filter(visit__errand__contact=contact).values_list("pk", flat=True)) if contact else set()
    found: dict[str, Checked] = {}
    if not here and not name:
        return []
    for case in _today(window):
        held = _checked(case)
        if held and (case.pk in here or held.name == name):
            token = signing.dumps({"case": case.pk, "by": by.pk}, salt=_SALT)
            found.setdefault(held.id_number, Checked(case, held, token))
    return list(found.values())


def _checked(case: Case) -> Acting | None:
    """Whoever acts in a case, where its own clerk checked them."""
    held = case.acting
    return held if held and not held.ended and not held.same_as else None


def taken(*, token: str, window: Window, by: Staff) -> Checked | None:
    """Whom the token of this clerk names; None for another's, another site's, another day's."""
    try:
        named = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    if named["by"] != by.pk:
        return None
    case = _today(window).filter(pk=named["case"]).first()
    held = _checked(case) if case else None
    return Checked(case, held, token) if case and held else None


def filled(applicant: Applicant, *, window: Window) -> Applicant:
    """The applicant, whoever acts with the identity that was checked in ``same_as``. Raises ``Refused``."""
    acting = applicant.acting
    if acting is None or not acting.same_as:
        return applicant
    case = _today(window).filter(number=acting.same_as).first()
    held = _checked(case) if case else None
    if held is None:
        raise Refused("来办的人不是今天在这里核对过证件的。请填写他的姓名和证件号码。", field="acting_name")
    same = {name: getattr(held, name) for name in ("name", "id_number", "id_paper", "id_until")}
    return replace(applicant, acting=replace(acting, **same))
