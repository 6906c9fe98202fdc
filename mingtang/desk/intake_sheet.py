"""The sheet that a window fills in: all of it travels in the form, what was scanned lies signed beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from mingtang.agents.models import Order
from mingtang.cases import applicants, requirements, same_agent
from mingtang.cases.actions.intake import Received, is_aid, new_case_key
from mingtang.cases.applicant_form import PROOF, SELF
from mingtang.cases.applicants import Applicant
from mingtang.cases.models import ApplicationDraft
from mingtang.cases.same_agent import Checked
from mingtang.desk.forms import IntakeForm, said
from mingtang.desk.kept import Kept
from mingtang.desk.orders_shown import prefill
from mingtang.events.models import PayloadKey
from mingtang.files import blank, uploads
from mingtang.hall.models import Contact, Errand, Window
from mingtang.hall.policies import open_window_of
from mingtang.lib.card_line import AGAIN, Card, read_card
from mingtang.lib.errors import Refused
from mingtang.lib.identifiers import CARD
from mingtang.rulebook import fees, situations
from mingtang.rulebook.models import Item
from mingtang.rulebook.spec import Material, Spec

# What is answered of a paper that is here: kept, or its original seen and given back at once.
IN_HAND = ("ok", "back")


@dataclass(frozen=True)
class OnPaper:
    """The slip a case was written on while the machines stood still, and the time that stands on it."""

    slip: str
    at: datetime


# Input that a card reader types into, for the applicant and for who comes for them.
READERS = ("card", "acting_card")
# The button beside who came earlier today, before the token that names them.
SAME = "same:"


def fields_of(card: Card, reader: str, typed: Mapping[str, str]) -> dict[str, str]:
    """What a card fills in. An address that was typed for the same person stays: people live elsewhere too."""
    before = reader.removesuffix("card")
    filled = {
        f"{before}name": card.name,
        f"{before}id_number": card.id_number,
        f"{before}id_until": card.until,
        f"{before}id_paper": CARD,
    }
    same = typed.get("id_number", "") in {"", card.id_number}
    if not before and card.address and not (typed.get("address") and same):
        filled["address"] = card.address
    return filled


@dataclass
class Sheet:
    """What a screen sent: ``answers`` are whole where ``wrong`` (field → sentence) is empty. In a ``preview`` nothing
    is stored; with ``office`` we begin by ourselves (依职权). ``doubts``: see ``applicants.doubts``; known once
    ``applicant`` was asked."""

    request: HttpRequest
    item: Item
    kept: Kept
    form: IntakeForm
    answers: dict[str, str | int]
    wrong: dict[str, str]
    sent: Mapping[str, str]
    preview: bool = False
    late: OnPaper | None = None
    office: bool = False
    doubts: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        request: HttpRequest,
        item: Item,
        preview: bool = False,
        late: OnPaper | None = None,
        office: bool = False,
    ) -> "Sheet":
        """What was sent, or a new one."""
        sent = request.POST if request.method == "POST" else None
        kept = Kept.new() if sent is None else Kept.read(request)
        answers = situations.from_form(item.current.spec, sent or {})
        form = IntakeForm(sent, aid=is_aid(item.current))
        sheet = cls(request, item, kept, form, *answers, sent or {}, preview, late, office)
        if sent is None and sheet.order:
            known = prefill(sheet.order)
            return replace(sheet, form=IntakeForm(initial=known, aid=is_aid(item.current)), sent=known)
        return sheet

    @classmethod
    def resumed(cls, request: HttpRequest, draft: ApplicationDraft) -> "Sheet":
        """What the resident has filled in online and kept: nothing of it is typed again."""
        version, sent = draft.item.current, draft.typed
        keys = [*(material.key for material in version.spec.materials), PROOF]
        slots = {key: draft.slots[key] for key in keys if key in draft.slots}
        kept, form = Kept(draft.token, draft.key_id, slots), IntakeForm(initial=sent, aid=is_aid(version))
        return cls(request, draft.item, kept, form, *situations.from_form(version.spec, sent), sent)

    @cached_property
    def errand(self) -> Errand | None:
        """The errand that is being served: named by the counter's link, carried along by the form."""
        key = (self.request.POST or self.request.GET).get("ticket", "")
        if not (key.isascii() and key.isdigit()):
            return None
        contacts = Contact.objects.visible_to(self.request.viewer)
        return Errand.objects.filter(pk=key, contact__in=contacts).select_related("contact__site").first()

    @cached_property
    def order(self) -> Order | None:
        """The agent's order that the errand belongs to."""
        orders = Order.objects.visible_to(self.request.viewer).select_related("station", "key")
        return orders.filter(contact=self.errand.contact_id).first() if self.errand else None

    @cached_property
    def window(self) -> Window | None:
        """The open window at which the clerk takes in now; nobody comes to a preview, a late entry or the office."""
        if self.preview or self.late or self.office:
            return None
        try:
            return open_window_of(self.request.user)
        except Refused:
            return None

    @cached_property
    def same(self) -> Checked | None:
        """Whoever acts, where the clerk has said that they are the same person as earlier today."""
        pressed = self.request.POST.get("act", "")
        token = pressed.removeprefix(SAME) if pressed.startswith(SAME) else self.request.POST.get("same", "")
        return same_agent.taken(token=token, window=self.window, by=self.request.user) if self.window else None

    @property
    def offers(self) -> list[Checked]:
        """Who may be the same person as earlier today."""
        if self.window is None or self.same:
            return []
        contact, name = self.errand.contact if self.errand else None, self.form["acting_name"].value() or ""
        return same_agent.offers(window=self.window, contact=contact, name=name.strip(), by=self.request.user)

    @property
    def spec(self) -> Spec:
        return self.item.current.spec

    @property
    def stale(self) -> bool:
        """Another version came into force since the screen was drawn."""
        return self.request.POST.get("version") != str(self.item.current.pk)

    @property
    def given(self) -> dict[str, str]:
        """Field of each question → what was answered, as it was sent."""
        fields = [situations.field_of(situation.key) for situation in self.spec.situations]
        return {field: self.sent.get(field, "") for field in fields}

    @cached_property
    def asked(self) -> list[Material]:
        """The papers that these answers select, of those the applicant brings."""
        return list(situations.selected(self.spec, self.answers).asked)

    @property
    def listed(self) -> str:
        """The checklist of these answers, as the form names the one it was drawn with."""
        return " ".join(material.key for material in self.asked)

    @property
    def relisted(self) -> bool:
        """Whether another checklist lies before the clerk than these answers select."""
        return self.request.POST.get("listed", "") != self.listed

    @cached_property
    def barred(self) -> str:
        """Why nothing can be granted for these answers; empty where it can."""
        return "" if self.wrong else requirements.barred(self.spec, self.answers)

    @property
    def told(self) -> bool:
        """Whether the applicant was told just this."""
        return bool(self.barred) and self.request.POST.get("told") == self.barred

    @property
    def bill(self) -> fees.Bill:
        """What these answers cost today, or on the day that stands on the paper."""
        return fees.bill(self.spec, self.answers, timezone.localdate(self.late.at if self.late else None))

    @property
    def key(self) -> PayloadKey:
        if self.kept.key is None:
            self.kept.key = new_case_key(self.item.current).pk
        return PayloadKey.objects.get(pk=self.kept.key, town=self.item.town)

    def unchecked(self) -> "Sheet":
        """What was typed so far, shown again without a word about it."""
        typed = self.request.POST.dict()
        if self.same:
            typed |= {"acting_name": "", "acting_id_number": "", "acting_id_until": ""}
            typed["acts_as"] = self.same.acting.acts_as if typed.get("acts_as", SELF) == SELF else typed["acts_as"]
        return replace(self, form=IntakeForm(initial=typed, aid=is_aid(self.item.current)))

    @property
    def carded(self) -> bool:
        """Whether a card reader typed something that was not put into the fields yet."""
        return self.request.POST.get("act") == "card" or any(self.request.POST.get(name) for name in READERS)

    def read_cards(self) -> tuple["Sheet", dict[str, str]]:
        """The sheet with what the readers typed put into its fields; a sentence per reader that read no card."""
        typed, refused = self.request.POST.dict(), {}
        lines = {name: typed.pop(name, "").strip() for name in READERS}
        if not any(lines.values()):
            refused["card"] = f"还没有读到身份证。{AGAIN}"
        for name, line in lines.items():
            try:
                typed |= fields_of(read_card(line, today=timezone.localdate()), name, typed) if line else {}
            except Refused as refusal:
                refused[name] = refusal.message
        form = IntakeForm(initial=typed, aid=is_aid(self.item.current))
        return replace(self, form=form), refused

    def applicant(self) -> Applicant | None:
        """Who applies, or None with the sentence at its field."""
        if not self.form.is_valid():
            return None
        typed, today = self.form.applicant(), timezone.localdate()
        if self.same and self.window and typed.acting:
            typed = replace(typed, acting=replace(typed.acting, same_as=self.same.case.number))
            typed = same_agent.filled(typed, window=self.window)
        proved = bool(self.kept.files.get(PROOF) or (typed.acting and typed.acting.seen))
        try:
            checked = applicants.check(typed, today=today, aid=is_aid(self.item.current), proved=proved)
        except Refused as refusal:
            said(self.form, refusal)
            return None
        self.doubts = applicants.doubts(checked, today=today) | blank.doubts(self.kept.files)
        return checked

    @property
    def sure(self) -> bool:
        """Whether just this was looked at again and stands."""
        return bool(self.doubts) and self.request.POST.get("sure") == "".join(self.doubts.values())

    def typed(self) -> list[tuple[str, str]]:
        """What was typed about the applicant and ticked on the list, as hidden inputs."""
        names = [*self.form.fields, "same", *(f"check_{material.key}" for material in self.spec.materials)]
        return [(name, self.sent[name]) for name in names if name in self.sent]

    def rows(self, errors: dict[str, list[str]]) -> list[dict[str, Any]]:
        """The checklist with what was ticked and scanned."""
        return [
            {
                "code": material.key,
                "name": material.name,
                "form": material.form,
                "copies": material.copies,
                "when": material.when_label,
                "standard": material.standard,
                "required": material.required,
                "pledge": "" if self.office else material.pledge,
                "state": self.sent.get(f"check_{material.key}", ""),
                "kept": self.kept.shown(material.key),
                "errors": errors.get(material.key, []),
            }
            for material in self.asked
        ]

    @staticmethod
    def place(slot: str) -> str:
        """The input at which what is wrong with a slot is said."""
        return f"file_{slot}" if slot == PROOF else f"check_{slot}"

    def take_files(self) -> dict[str, list[str]]:
        """Store what was scanned, sealed under the case's own key; a sentence per file that could not be taken."""
        errors: dict[str, list[str]] = {}
        if self.preview:
            return errors
        town, by = self.item.town, self.request.user
        arrived = uploads.arrived(town, uploads.owner_of(self.request.session), self.kept.token)
        self.kept.key = self.kept.key or uploads.key_of(arrived)
        for slot in [*(material.key for material in self.spec.materials if not material.fetched_by_us), PROOF]:
            sent, came = self.request.FILES.getlist(f"file_{slot}"), arrived.get(slot, [])
            if sent or came:
                refused = self.kept.take_up(slot, came, by=by, key=self.key)
                refused += self.kept.receive(slot, sent, town=town, by=by, key=self.key)
                errors |= {slot: refused} if refused else {}
        return errors

    def unlooked(self) -> dict[str, list[str]]:
        """Each paper of the list is looked at: in, missing, brought later, or pledged instead."""
        return {
            material.key: [f"请选择“{material.name}”收到了没有。"]
            for material in self.asked
            if self.request.POST.get(f"check_{material.key}") not in {*IN_HAND, "missing", "later", "pledge"}
            and not self.kept.files.get(material.key)
        }

    def received(self) -> Received:
        files = {material.key: self.kept.stored(material.key, self.item.town) for material in self.asked}
        ticks = {material.key: self.request.POST.get(f"check_{material.key}") for material in self.asked}
        return Received(
            seen=frozenset(key for key, tick in ticks.items() if tick in IN_HAND),
            files={key: rows for key, rows in files.items() if rows},
            to_bring=frozenset(key for key, tick in ticks.items() if tick == "later"),
            pledged=frozenset(key for key, tick in ticks.items() if tick == "pledge"),
            returned=frozenset(key for key, tick in ticks.items() if tick == "back"),
            authority=self.kept.stored(PROOF, self.item.town),
        )
