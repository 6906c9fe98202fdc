"""An application while it is filled in: all of it travels in the form, the files that came lie signed beside it."""

import uuid
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.core import signing
from django.http import HttpRequest
from django.utils import timezone

from mingtang.cases import applicants, requirements
from mingtang.cases.actions.intake import Received, is_aid, new_case_key
from mingtang.cases.applicant_form import PROOF
from mingtang.cases.applicants import Applicant
from mingtang.events import vault
from mingtang.events.log import APPLICANT
from mingtang.events.models import PayloadKey
from mingtang.files import policies
from mingtang.files.actions import store
from mingtang.files.models import StoredFile
from mingtang.lib.errors import Refused
from mingtang.portal.forms import ApplyForm
from mingtang.rulebook import fees, situations
from mingtang.rulebook.models import Item, Version
from mingtang.rulebook.spec import Material, Spec

KEPT_FOR = 24 * 3600


class Kept:
    """Files that were received while the form is filled in: signed, so that nobody can name another's file."""

    def __init__(self, token: str, key: int | None = None, files: dict[str, list[list[Any]]] | None = None) -> None:
        self.token, self.key, self.files = token, key, files or {}

    @classmethod
    def read(cls, request: HttpRequest) -> "Kept":
        token = request.POST.get("form_token", "")
        try:
            uuid.UUID(token)
        except ValueError:
            token = str(uuid.uuid4())
        try:
            data = signing.loads(request.POST.get("kept", ""), salt="apply", max_age=KEPT_FOR)
        except signing.BadSignature:
            return cls(token)
        return cls(token, data["key"], data["files"]) if data["token"] == token else cls(token)

    def signed(self) -> str:
        return signing.dumps({"token": self.token, "key": self.key, "files": self.files}, salt="apply", compress=True)

    def payload_key(self, version: Version) -> PayloadKey:
        if self.key is None:
            self.key = new_case_key(version).pk
        return PayloadKey.objects.get(pk=self.key, town=version.item.town)

    def add(self, version: Version, slot: str, uploads: list[Any]) -> None:
        key = self.payload_key(version)
        for upload in uploads:
            stored = store(
                town=version.item.town,
                name=upload.name,
                stream=upload,
                by=APPLICANT,
                purpose="case_material",
                allowed=policies.MATERIALS,
                seal_key=vault.key_bytes(key),
            )
            shown = [stored.pk, policies.clean_name(upload.name), policies.size_label(upload.size)]
            self.files.setdefault(slot, []).append(shown)


@dataclass
class Draft:
    """What a screen sent: ``answers`` are whole where ``wrong`` (field → sentence) is empty. ``preview`` is the address
    of the version that is only looked at: then nothing is stored. ``doubts``: see ``applicants.doubts``; with them
    ``unproved``, why nobody may act for the applicant, is known once ``applicant`` was asked."""

    request: HttpRequest
    item: Item
    kept: Kept
    form: ApplyForm
    answers: dict[str, str | int]
    wrong: dict[str, str]
    preview: str = ""
    doubts: dict[str, str] = field(default_factory=dict)
    unproved: str = ""

    @classmethod
    def of(cls, request: HttpRequest, item: Item, preview: str = "") -> "Draft":
        """What was sent, or a new one; the answers may stand in the address, where the guide has put them."""
        sent = request.POST if request.method == "POST" else None
        kept = Kept(str(uuid.uuid4())) if sent is None else Kept.read(request)
        form = ApplyForm(sent, aid=is_aid(item.current), organisations=_serves_organisations(item))
        answers = situations.from_form(item.current.spec, request.GET if sent is None else sent)
        return cls(request, item, kept, form, *answers, preview)

    @property
    def base(self) -> str:
        """Where the guide stands to which one goes back."""
        return self.preview or f"/services/{self.item.code}"

    @property
    def spec(self) -> Spec:
        return self.item.current.spec

    @property
    def given(self) -> dict[str, str]:
        """Field of each question → what was answered, as it was sent."""
        sent = self.request.POST if self.request.method == "POST" else self.request.GET
        fields = [situations.field_of(situation.key) for situation in self.spec.situations]
        return {field: sent.get(field, "") for field in fields}

    @property
    def stale(self) -> bool:
        """Another version came into force since the screen was drawn."""
        return self.request.POST.get("version") != str(self.item.current.pk)

    @cached_property
    def asked(self) -> list[Material]:
        """The papers that these answers select, of those the applicant brings."""
        return list(situations.selected(self.spec, self.answers).asked)

    @cached_property
    def barred(self) -> str:
        """Why nothing can be granted for these answers; empty where it can."""
        return "" if self.wrong else requirements.barred(self.spec, self.answers)

    @property
    def told(self) -> bool:
        """Whether just this was read, and the application goes on."""
        return bool(self.barred) and self.request.POST.get("told") == self.barred

    @property
    def sure(self) -> bool:
        """Whether just this was looked at again and stands."""
        return bool(self.doubts) and self.request.POST.get("sure") == "".join(self.doubts.values())

    @property
    def bill(self) -> fees.Bill:
        """What these answers cost today."""
        return fees.bill(self.spec, self.answers, timezone.localdate())

    def how(self, material: Material) -> str:
        """By which way a material comes: a file that is here has been uploaded, whatever the radio still says."""
        return "upload" if self.kept.files.get(material.key) else self.request.POST.get(f"how_{material.key}", "window")

    def carried(self) -> list[tuple[str, str]]:
        """Answers, as hidden inputs."""
        told = [("told", self.barred)] if self.told else []
        return [(situations.field_of(key), str(value)) for key, value in self.answers.items()] + told

    def typed(self) -> list[tuple[str, str]]:
        """What was typed about the applicant and chosen for the papers, as hidden inputs."""
        sent = self.request.POST
        names = [*self.form.fields, *(f"how_{material.key}" for material in self.spec.materials)]
        return [(name, sent[name]) for name in names if name in sent]

    def take_files(self) -> dict[str, str]:
        """Store what came; returns a sentence per slot that could not be taken. What was taken stays.

        A file chosen beside "带到窗口" is taken too: nobody chooses a file to have it thrown away unsaid. Only what an
        earlier screen took, and is now to be brought to the window instead, is left out.
        """
        errors: dict[str, str] = {}
        for material in () if self.preview else self.spec.materials:
            uploads = self.request.FILES.getlist(f"file_{material.key}")
            if self.request.POST.get(f"how_{material.key}") == "window" and not uploads:
                self.kept.files.pop(material.key, None)
            elif uploads and not material.fetched_by_us:
                try:
                    self.kept.add(self.item.current, material.key, uploads)
                except Refused as refusal:
                    errors[material.key] = refusal.message
        proofs = self.request.FILES.getlist(f"file_{PROOF}")
        if proofs and not self.preview:
            try:
                self.kept.add(self.item.current, PROOF, proofs)
            except Refused as refusal:
                errors[PROOF] = refusal.message
        return errors

    def without_file(self) -> dict[str, str]:
        """A sentence per slot for which an upload was promised and no file is here."""
        return {
            material.key: "选了“现在上传”，但是还没有选文件。请选文件，或者改选“带到窗口”。"
            for material in self.asked
            if self.how(material) == "upload" and not self.kept.files.get(material.key) and not self.preview
        }

    def applicant(self) -> Applicant | None:
        """Who applies, or None with the sentence at its field."""
        if not self.form.is_valid():
            return None
        proved, today = bool(self.kept.files.get(PROOF)), timezone.localdate()
        try:
            checked = applicants.check(
                self.form.applicant(), today=today, aid=is_aid(self.item.current), proved=proved or bool(self.preview)
            )
        except Refused as refusal:
            self.refuse(refusal)
            return None
        self.doubts = applicants.doubts(checked, today=today)
        return checked

    def unchecked(self) -> "Draft":
        """What was typed so far, shown again without a word about it."""
        form = ApplyForm(
            initial=self.request.POST.dict(),
            aid=is_aid(self.item.current),
            organisations="kind" in self.form.fields,
        )
        return replace(self, form=form)

    def stopped(self, sentence: str) -> "Draft":
        """What was typed, with a sentence about all of it."""
        self.form.add_error(None, sentence)
        return self

    def refuse(self, refusal: Refused) -> None:
        if refusal.field == "acting_seen":
            self.unproved = refusal.message
            return
        self.form.add_error(refusal.field if refusal.field in self.form.fields else None, refusal.message)

    def received(self) -> Received:
        """What is handed in: of the files that came, those this situation asks for."""
        files = {material.key: rows for material in self.asked if (rows := self._stored(material.key))}
        return Received(
            files=files,
            to_bring=frozenset(material.key for material in self.asked if material.key not in files),
            authority=self._stored(PROOF),
        )

    def _stored(self, slot: str) -> list[StoredFile]:
        wanted = [row[0] for row in self.kept.files.get(slot, [])]
        return list(StoredFile.objects.filter(pk__in=wanted, town=self.item.town))


def _serves_organisations(item: Item) -> bool:
    return any(served != "自然人" for served in item.current.spec.served)
