"""Where a person is reached: what an account is entered with."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from mingtang.events import vault
from mingtang.lib.errors import Refused
from mingtang.lib.identifiers import compact
from mingtang.lib.masking import mask_email, mask_mobile
from mingtang.notices import transports
from mingtang.notices.enums import Channel

WAYS = (Channel.SMS, Channel.EMAIL)


@dataclass(frozen=True)
class Reach:
    """A mobile telephone or a mailbox."""

    channel: str
    to: str

    @property
    def hashed(self) -> str:
        """What finds it again and does not reveal it."""
        return vault.keyed_hash(f"reach:{self.to}")

    @property
    def masked(self) -> str:
        """Enough to recognise one's own."""
        return mask_email(self.to) if self.channel == Channel.EMAIL else mask_mobile(self.to)


def ways() -> list[str]:
    """By which of them this installation can send a code."""
    return [way for way in WAYS if way in transports.configured()]


def reach_of(typed: str) -> Reach:
    """What was typed, in one form however it was written. Raises ``Refused`` for what is neither."""
    bare = typed.strip()
    if "@" in bare:
        try:
            validate_email(bare)
        except ValidationError:
            raise Refused("邮箱写得不对，例如 wang@example.com，请再看看。", field="reach") from None
        return Reach(Channel.EMAIL, bare.lower())
    digits = compact(bare).removeprefix("+86")
    if not (len(digits) == 11 and digits.isascii() and digits.isdigit() and digits[0] == "1"):
        raise Refused(
            "请填 11 位的手机号码，例如 13800000000。没有手机的，填电子邮箱，或者不登录也一样办。", field="reach"
        )
    return Reach(Channel.SMS, digits)


def reach_at(to: str) -> Reach:
    """One that was checked before."""
    return Reach(Channel.EMAIL if "@" in to else Channel.SMS, to)
