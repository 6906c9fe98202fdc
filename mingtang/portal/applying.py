"""An application while it is filled in: all of it travels in the form, the files that came lie signed beside it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.core import signing
from django.http import HttpRequest
from django.utils import timezone

from mingtang.accounts import session
from mingtang.cases import applicants, drafts, requirements
from mingtang.cases.actions.intake import Received, is_aid, new_case_key
from mingtang.cases.applicant_form import PROOF
from mingtang.cases.applicants import Applicant
from mingtang.cases.models import ApplicationDraft
from mingtang.events import vault
from mingtang.events.log import APPLICANT
from mingtang.events.models import PayloadKey
from mingtang.files import blank, policies, uploads
from mingtang.files.actions import store
from mingtang.files.models import StoredFile, Upload
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
            data = {"token": token, "key": None, "files": {}}
        if data["token"] == token and data["key"] is not None:
            return cls(token, data["key"], data["files"])
        # A page from before the first saving, or one that stood open for more than a day.
        draft = drafts.of_form(request.town, token)
        return cls(token, draft.key_id, draft.slots) if draft else cls(token)

    def signed(self) -> str:
        return signing.dumps({"token": self.token, "key": self.key, "files": self.files}, salt="apply", compress=True)

    def payload_key(self, version: Version) -> PayloadKey:
        """The key of this form. One whose draft was deleted in another tab begins anew, without its files."""
        found = PayloadKey.objects.filter(pk=self.key, town=version.item.town, wrapped__isnull=False).first()
        if found is None:
            found = new_case_key(version)
            self.key, self.files = found.pk, {}
        return found

    def take_up(self, version: Version, slot: str, came: list[Upload]) -> None:
        """Files that the script has sent in pieces; what an earlier form has taken up is there already."""
        for upload in came:
            key = self.payload_key(version)
            row = uploads.take_up(upload=upload, key=key, by=APPLICANT)
            if upload.key_id == key.pk and row not in self.files.setdefault(slot, []):
                self.files[slot].append(row)

    def add(self, version: Version, slot: str, files: list[Any]) -> None:
        for upload in files:
            key = self.payload_key(version)
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
    ``unproved``, why nobody may act for the applicant, is known once ``applicant`` was asked. ``revision``: of the
    draft that is kept of it, and that the page may save by itself."""

    request: HttpRequest
    item: Item
    kept: Kept
    form: ApplyForm
    answers: dict[str, str | int]
    wrong: dict[str, str]
    sent: Mapping[str, str]
    preview: str = ""
    doubts: dict[str, str] = field(default_factory=dict)
    unproved: str = ""
    revision: int | None = None

    @classmethod
    def of(cls, request: HttpRequest, item: Item, preview: str = "") -> "Draft":
        """What was sent, or a new one, with what the account that is logged in has saved; the answers may stand in the
        address, where the guide has put them."""
        posted = request.POST if request.method == "POST" else None
        kept = Kept(str(uuid.uuid4())) if posted is None else Kept.read(request)
        asked = [situations.field_of(situation.key) for situation in item.current.spec.situations]
        sent = {field: request.GET.get(field, "") for field in asked} if posted is None else posted
        answers = situations.from_form(item.current.spec, sent)
        if posted is None and not preview and (resident := session.current(request)):
            sent = {**sent, **resident.profile}
        draft = cls(request, item, kept, _form(item, posted, initial=sent), *answers, sent, preview)
        held = sent.get("revision", "")
        draft.revision = int(held) if held.isascii() and held.isdigit() and len(held) < 10 else None
        return draft

    @classmethod
    def resumed(cls, request: HttpRequest, draft: ApplicationDraft) -> "Draft":
        """What was kept, under the version that is in force now; files for papers that it does not ask are left."""
        item = draft.item
        keys = {material.key for material in item.current.spec.materials if not material.fetched_by_us} | {PROOF}
        slots = {key: rows for key, rows in draft.slots.items() if key in keys}
        kept, sent = Kept(draft.token, draft.key_id, slots), draft.typed
        answers = situations.from_form(item.current.spec, sent)
        return cls(request, item, kept, _form(item, initial=sent), *answers, sent, revision=draft.revision)

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
        fields = [situations.field_of(situation.key) for situation in self.spec.situations]
        return {field: self.sent.get(field, "") for field in fields}

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
        return bool(self.barred) and self.sent.get("told") == self.barred

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
        return "upload" if self.kept.files.get(material.key) else self.sent.get(f"how_{material.key}", "window")

    def pledged(self, material: Material) -> bool:
        """Whether the applicant pledges it in writing instead: their free choice, where the version offers it."""
        return bool(material.pledge) and self.how(material) == "pledge"

    def carried(self) -> list[tuple[str, str]]:
        """Answers, as hidden inputs."""
        told = [("told", self.barred)] if self.told else []
        return [(situations.field_of(key), str(value)) for key, value in self.answers.items()] + told

    def typed(self) -> list[tuple[str, str]]:
        """What was typed about the applicant and chosen for the papers, as hidden inputs."""
        names = [*self.form.fields, *(f"how_{material.key}" for material in self.spec.materials)]
        return [(name, self.sent[name]) for name in names if name in self.sent]

    def keep(self, revision: int | None = None) -> ApplicationDraft:
        """Keep it all as it stands, for another day; see ``drafts.keep``. Raises ``Refused``."""
        version = self.item.current
        key = self.kept.payload_key(version)
        told = {"told": self.sent["told"]} if "told" in self.sent else {}
        typed = self.given | dict(self.typed()) | told
        token, slots = self.kept.token, self.kept.files
        return drafts.keep(version=version, token=token, key=key, typed=typed, slots=slots, revision=revision)

    def take_files(self, *, dropping: bool = True) -> dict[str, str]:
        """Store what came; returns a sentence per slot that could not be taken. What was taken stays.

        A file chosen beside "带到窗口" is taken too: nobody chooses a file to have it thrown away unsaid. Only what an
        earlier screen took, and is now to be brought to the window instead, is left out; not while the page saves by
        itself (``dropping`` false), because nobody has pressed a button yet.
        """
        errors: dict[str, str] = {}
        if self.preview:
            return errors
        arrived = uploads.arrived(self.item.town, uploads.owner_of(self.request.session), self.kept.token)
        self.kept.key = self.kept.key or uploads.key_of(arrived)
        for slot in [*(material.key for material in self.spec.materials if not material.fetched_by_us), PROOF]:
            sent, came = self.request.FILES.getlist(f"file_{slot}"), arrived.get(slot, [])
            if self.request.POST.get(f"how_{slot}") in {"window", "pledge"} and not sent:
                if dropping:
                    self.kept.files.pop(slot, None)
                    uploads.drop(came)
                continue
            try:
                self.kept.take_up(self.item.current, slot, came)
                self.kept.add(self.item.current, slot, sent)
            except Refused as refusal:
                errors[slot] = refusal.message
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
        self.doubts = applicants.doubts(checked, today=today) | blank.doubts(self.kept.files)
        return checked

    def unchecked(self) -> "Draft":
        """What was typed so far, shown again without a word about it."""
        return replace(self, form=_form(self.item, initial=self.sent))

    def checked(self) -> "Draft":
        """What was kept, as if it were handed in: asked for its ``applicant``, it says what is wrong."""
        return replace(self, form=_form(self.item, self.sent))

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
            pledged=frozenset(material.key for material in self.asked if self.pledged(material)),
            to_bring=frozenset(
                material.key for material in self.asked if material.key not in files and not self.pledged(material)
            ),
            authority=self._stored(PROOF),
        )

    def _stored(self, slot: str) -> list[StoredFile]:
        wanted = [row[0] for row in self.kept.files.get(slot, [])]
        return list(StoredFile.objects.filter(pk__in=wanted, town=self.item.town))


def _form(item: Item, sent: Mapping[str, str] | None = None, initial: Mapping[str, str] | None = None) -> ApplyForm:
    """What is asked about the applicant of this item."""
    organisations = any(served != "自然人" for served in item.current.spec.served)
    return ApplyForm(sent, initial=initial, aid=is_aid(item.current), organisations=organisations)
