"""An application that is not handed in yet and was kept, so that whoever fills it in can come back."""

import json
from typing import Any

from django.db import models
from django.utils.functional import cached_property

from mingtang.events import vault
from mingtang.events.models import PayloadKey
from mingtang.files.models import StoredFile
from mingtang.rulebook.models import Item, Version
from mingtang.towns.models import Jurisdiction


class ApplicationDraft(models.Model):
    """No application: it has no number and starts no clock. No list of the town holds drafts; each opens with its own
    code, or in the account that kept it.

    ``token`` is the form's own, so that a form sent twice keeps one draft and hands in one case. ``files`` are all that
    were ever kept with it, so that they can be destroyed. ``revision`` counts the savings: a page that saves by itself
    names the one it goes on from.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    token = models.CharField("提交标识", max_length=64)
    code_hash = models.CharField("保存码散列", max_length=64)
    key = models.ForeignKey(PayloadKey, models.PROTECT, related_name="+")
    sealed = models.BinaryField("填写的内容（密文）")
    files = models.ManyToManyField(StoredFile, related_name="+")
    revision = models.PositiveIntegerField("第几次保存", default=1)
    kept_at = models.DateTimeField("保存时间")
    kept_until = models.DateField("保存到")

    class Meta:
        verbose_name = "保存的申请"
        constraints = [
            models.UniqueConstraint(fields=["town", "token"], name="cases_draft_once"),
            models.UniqueConstraint(fields=["town", "code_hash"], name="cases_draft_code_once"),
        ]
        indexes = [models.Index(fields=["kept_until"], name="cases_drafts_ending")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def subject(self) -> str:
        return f"draft:{self.pk}"

    @cached_property
    def _content(self) -> dict[str, Any]:
        return json.loads(vault.open_sealed(self.key, self.sealed))

    @property
    def typed(self) -> dict[str, str]:
        """Field of the form → what was typed or chosen, unchecked. Decrypts; never log it."""
        return self._content["typed"]

    @property
    def slots(self) -> dict[str, list[list[Any]]]:
        """Key of each paper → [row, own name, size in words] of the files that came for it. Decrypts."""
        return self._content["slots"]
