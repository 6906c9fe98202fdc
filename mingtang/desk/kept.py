"""Files received while a form is filled in: kept across errors, signed so that nobody can name another's."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.http import HttpRequest

from mingtang.events import vault
from mingtang.events.models import PayloadKey
from mingtang.files import policies, uploads
from mingtang.files.actions import store, store_public
from mingtang.files.models import StoredFile, Upload
from mingtang.lib.errors import Refused
from mingtang.people.models import Staff
from mingtang.people.policies import actor
from mingtang.towns.models import Jurisdiction

KEPT_FOR = 24 * 3600
_SALT = "desk-kept"


@dataclass
class Kept:
    """``token`` makes a second submission of the same form harmless; ``files``: slot → [row, shown name, size].

    ``told`` are sentences about what was received just now.
    """

    token: str
    key: int | None = None
    files: dict[str, list[list[Any]]] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    @classmethod
    def new(cls) -> "Kept":
        return cls(str(uuid.uuid4()))

    @classmethod
    def read(cls, request: HttpRequest) -> "Kept":
        """What the form brought back; a damaged or too old one begins anew but keeps its token."""
        token = request.POST.get("form_token", "")
        try:
            token = str(uuid.UUID(token))
        except ValueError:
            return cls.new()
        try:
            data = signing.loads(request.POST.get("kept", ""), salt=_SALT, max_age=KEPT_FOR)
        except signing.BadSignature:
            return cls(token)
        if data["token"] != token or data["by"] != request.user.pk:
            return cls(token)
        return cls(token, data["key"], data["files"])

    def signed(self, by: Staff) -> str:
        data = {"token": self.token, "by": by.pk, "key": self.key, "files": self.files}
        return signing.dumps(data, salt=_SALT, compress=True)

    def receive(
        self, slot: str, sent: list[Any], *, town: Jurisdiction, by: Staff, key: PayloadKey | None = None
    ) -> list[str]:
        """Store uploads under a slot; a sentence for each that could not be taken. Sealed when there is a key, else
        made fit for everybody."""
        refused = []
        for upload in sent:
            given = {"town": town, "name": upload.name, "stream": upload, "by": actor(by)}
            try:
                if key:
                    seal = vault.key_bytes(key)
                    stored = store(**given, purpose="case_material", allowed=policies.MATERIALS, seal_key=seal)
                else:
                    stored, told = store_public(**given, purpose="attachment")
                    self.told += told
            except Refused as refusal:
                refused.append(f"“{upload.name}”没有收下：{refusal.message}")
                continue
            self.hold(slot, stored, policies.clean_name(upload.name))
        return refused

    def hold(self, slot: str, stored: StoredFile, name: str) -> None:
        """Put a stored file under a slot, once."""
        row = [stored.pk, name, policies.size_label(stored.size)]
        if row not in self.files.setdefault(slot, []):
            self.files[slot].append(row)

    def take_up(self, slot: str, came: list[Upload], *, by: Staff, key: PayloadKey) -> list[str]:
        """Scans that came in pieces: the same."""
        refused = []
        for upload in came:
            try:
                row = uploads.take_up(upload=upload, key=key, by=actor(by))
            except Refused as refusal:
                refused.append(f"“{uploads.name_of(upload)}”没有收下：{refusal.message}")
                continue
            if upload.key_id == key.pk and row not in self.files.setdefault(slot, []):
                self.files[slot].append(row)
        return refused

    def stored(self, slot: str, town: Jurisdiction) -> list[StoredFile]:
        """The rows of a slot, in the order they came."""
        wanted = [row[0] for row in self.files.get(slot, [])]
        found = StoredFile.objects.filter(town=town).in_bulk(wanted)
        return [found[pk] for pk in wanted if pk in found]

    def shown(self, slot: str) -> list[dict[str, Any]]:
        return [{"pk": pk, "name": name, "size": size} for pk, name, size in self.files.get(slot, [])]
