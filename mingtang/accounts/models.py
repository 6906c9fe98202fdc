"""Accounts of residents and firms: who, what is theirs, and the codes they come in with.

Never a row of ``people.Staff``, never ``request.user``: see ADR 0026.
"""

import json

from django.db import models
from django.utils.functional import cached_property

from mingtang.accounts.reach import Reach, reach_at
from mingtang.cases.models import ApplicationDraft, Case
from mingtang.events import vault
from mingtang.events.models import PayloadKey
from mingtang.towns.models import Jurisdiction


class Resident(models.Model):
    """An account of the installation; what it holds is shown town by town.

    ``epoch`` counts how often every browser was logged out. ``profile_sealed`` fills in forms; none where nothing was
    saved.
    """

    reach_hash = models.CharField("号码散列", max_length=64, unique=True)
    reach_sealed = models.BinaryField("号码（密文）")
    profile_sealed = models.BinaryField("常用信息（密文）", null=True, blank=True)
    key = models.ForeignKey(PayloadKey, models.PROTECT, related_name="+")
    epoch = models.PositiveIntegerField("登录批次", default=1)
    opened_at = models.DateTimeField("开立时间")
    entered_at = models.DateTimeField("最近登录")

    class Meta:
        verbose_name = "群众账户"
        indexes = [models.Index(fields=["entered_at"], name="accounts_unused")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def subject(self) -> str:
        return f"account:{self.pk}"

    @cached_property
    def reach(self) -> Reach:
        """Decrypts; never log it."""
        return reach_at(vault.open_sealed(self.key, self.reach_sealed).decode())

    @cached_property
    def profile(self) -> dict[str, str]:
        """Field of the form → what was saved. Decrypts; never log it."""
        return json.loads(vault.open_sealed(self.key, self.profile_sealed)) if self.profile_sealed else {}


class ResidentCase(models.Model):
    """A case that stands in an account: handed in while logged in, or added with its code. The case knows nothing of
    it."""

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="links")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    added_at = models.DateTimeField("放进来的时间")

    class Meta:
        verbose_name = "账户里的办件"
        constraints = [models.UniqueConstraint(fields=["resident", "case"], name="accounts_case_once")]

    def __str__(self) -> str:
        return str(self.pk)


class ResidentDraft(models.Model):
    """A draft that opens with the account too, and goes with its last day like any other."""

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="drafts")
    draft = models.OneToOneField(ApplicationDraft, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "账户里的草稿"

    def __str__(self) -> str:
        return str(self.pk)


class LoginCode(models.Model):
    """A code that was sent to prove a telephone or mailbox. Only the session that asked for it may use it, once.

    ``ended_at``: used, replaced, or tried too often.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    reach_hash = models.CharField("号码散列", max_length=64)
    reach_sealed = models.BinaryField("号码（密文）")
    code_hash = models.CharField("验证码散列", max_length=64)
    key = models.ForeignKey(PayloadKey, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField("发出时间")
    expires_at = models.DateTimeField("有效到")
    failures = models.PositiveSmallIntegerField("输错次数", default=0)
    ended_at = models.DateTimeField("作废时间", null=True, blank=True)

    class Meta:
        verbose_name = "登录验证码"
        indexes = [
            models.Index(fields=["reach_hash", "sent_at"], name="accounts_codes_of_one"),
            models.Index(fields=["town", "sent_at"], name="accounts_codes_of_town"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def subject(self) -> str:
        return f"login:{self.pk}"

    @cached_property
    def reach(self) -> Reach:
        """Decrypts; never log it."""
        return reach_at(vault.open_sealed(self.key, self.reach_sealed).decode())
