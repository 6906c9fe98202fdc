"""Ticket numbers without gaps, and the codes that open their chain."""

import hashlib
import hmac
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from mingtang.hall.models import Contact, Site, TicketDay
from mingtang.lib.codes import letters, plain
from mingtang.lib.errors import Refused
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer

CODE_LENGTH = 6  # 29 bits: it opens who is asked and what came of it, nothing about a person
SLACK = timedelta(minutes=2)


def lock(site: Site) -> Site:
    """The row of a site, locked: numbers are given and called one after the other."""
    return Site.objects.select_for_update(of=("self",), no_key=True).select_related("town").get(pk=site.pk)


def given(site: Site, submission: UUID | None) -> Contact | None:
    """The number this very form was given before, when it was sent twice; ``site`` is locked."""
    if submission is None:
        return None
    return (
        Contact.objects.filter(town=site.town, submission=submission).select_related("site", "town", "window").first()
    )


def issue(site: Site, day: date) -> tuple[int, str, datetime]:
    """The next serial of a day with its number and the moment, inside the act; ``site`` is locked.

    Raises ``Refused`` when the clock stands before the last number of that day: it was set back.
    """
    now = timezone.now()
    series, _ = TicketDay.objects.get_or_create(site=site, day=day)
    if series.last_at is not None and now < series.last_at - SLACK:
        last = timezone.localtime(series.last_at)
        raise Refused(
            f"这台机器的时间比上一个号（{last:%m月%d日 %H:%M}）还早，时钟可能拨回了，没有给号。"
            "请工作人员先对准时间；着急的先到窗口办，时间对准以后补号。"
        )
    moment = max(now, series.last_at or now)
    series.last, series.last_at = series.last + 1, moment
    series.save(update_fields=["last", "last_at"])
    return series.last, f"{site.letter}-{day:%y%m%d}-{series.last:03d}", moment


def code_of(town: Jurisdiction, number: str) -> str:
    """The code printed beside a number: derived with the key of this installation, stored nowhere."""
    text = f"ticket:{town.code}:{number}"
    return letters(hmac.new(settings.PAYLOAD_KEY.encode(), text.encode(), hashlib.sha256).digest(), CODE_LENGTH)


def meant(text: str, today: date) -> str:
    """The number that was typed: whole, or as it is called out (``A017`` is today's)."""
    text = plain(text)
    if len(text) > 1 and text[0].isalpha() and text[1:].isdigit() and len(text) <= 5:
        return f"{text[0]}-{today:%y%m%d}-{int(text[1:]):03d}"
    if len(text) >= 10 and text[0].isalpha() and text[1:].isdigit():
        return f"{text[0]}-{text[1:7]}-{int(text[7:]):03d}"
    return text


def find(town: Jurisdiction, number: str, code: str) -> Contact:
    """The contact of a number and its code; a wrong one of either is refused alike."""
    number = number.strip().upper()
    for wanted in dict.fromkeys((number, meant(number, timezone.localdate()))):
        if hmac.compare_digest(code_of(town, wanted).encode(), plain(code).encode()):
            rows = Contact.objects.visible_to(Viewer(town, powers=frozenset({"case.read"})))
            found = rows.filter(number=wanted).select_related("site", "town", "window", "pad", "rule").first()
            if found is not None:
                return found
    raise Refused("号码或者查询码不对。请对照号单再输一次，例如 A017；查以前的号，要把整个号码输全。", field="code")
