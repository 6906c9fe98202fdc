"""States reached by the real actions, for tests that begin further on."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import count

from mingtang.cases import actions as cases
from mingtang.cases.acting import Acting
from mingtang.cases.actions.intake import Received, Submission, new_case_key
from mingtang.cases.applicants import Applicant
from mingtang.cases.enums import ApplicantKind, Outcome
from mingtang.cases.models import Case
from mingtang.demo.care import build_care
from mingtang.demo.documents import cleared
from mingtang.disclosure import actions as documents
from mingtang.disclosure.actions import Content, Metadata
from mingtang.disclosure.models import Document, Edition
from mingtang.hall.models import Errand
from mingtang.lib.identifiers import id_check_character
from mingtang.people.models import Staff, Unit
from mingtang.rulebook.models import Item, Version
from mingtang.towns.models import Jurisdiction
from tests.factories import cast
from tests.factories.cast import staff

ID_BODY = "43062319000101001"


def born(day: str, serial: str = "001") -> str:
    """The number of somebody who was born on this day."""
    body = f"430623{day}{serial}"
    return body + id_check_character(body)


APPLICANT = Applicant(
    kind=ApplicantKind.PERSON,
    name="文小满（演示）",
    id_number=ID_BODY + id_check_character(ID_BODY),
    phone="07305550123",
    address="长堤村（演示）",
)
AGENT = Acting("agent", "李代办（演示）", born("19700101"), until="2026-03-31", may_collect=True, seen=True)
# What the applicants of the tests answer to the situations of an item.
ANSWERS: dict[str, dict[str, str | int]] = {"JF-001": {"project": "new", "land": "homestead"}}
# item: window clerk, papers the version requires, its steps with their owners, decider
WORK: dict[str, tuple[str, frozenset[str], tuple[tuple[str, str], ...], str]] = {
    "LN-001": (cast.CLERK_1, frozenset({"id", "photo"}), (), cast.CLERK_1),
    "LM-001": (
        cast.CLERK_3,
        frozenset({"id", "right", "plan"}),
        (("site_visit", cast.FOREST), ("quota", cast.FOREST)),
        cast.DECIDER,
    ),
    "JF-001": (
        cast.CLERK_3,
        frozenset({"id", "application", "resolution", "drawing"}),
        (("land_review", cast.LAND), ("build_review", cast.BUILD)),
        cast.DECIDER,
    ),
    "TK-001": (cast.CLERK_4, frozenset({"id", "hardship"}), (("home_visit", cast.SOCIAL),), cast.DECIDER),
    "JZ-001": (cast.CLERK_4, frozenset({"id", "hardship"}), (("home_visit", cast.SOCIAL),), cast.DECIDER),
}
_tokens = count(1)


def clerk_of(code: str) -> Staff:
    return staff(WORK[code][0])


def decider_of(code: str) -> Staff:
    return staff(WORK[code][3])


def in_force(town: Jurisdiction, code: str) -> Version:
    return Item.objects.get(town=town, code=code).current


def apply(
    town: Jurisdiction,
    code: str,
    *,
    seen: Iterable[str] | None = None,
    by: Staff | None = None,
    token: str = "",
    applicant: Applicant = APPLICANT,
    answers: Mapping[str, object] | None = None,
    contact_at: datetime | None = None,
    errand: Errand | None = None,
    told: bool = False,
) -> Submission:
    """Hand in an application: online unless ``by`` a clerk, with every required paper unless ``seen`` says which."""
    version = in_force(town, code)
    return cases.submit(
        version=version,
        applicant=applicant,
        answers=ANSWERS.get(code, {}) if answers is None else answers,
        received=Received(seen=WORK[code][1] if seen is None else frozenset(seen)),
        submission=token or f"test-{next(_tokens)}",
        key=new_case_key(version),
        by=by,
        contact_at=contact_at,
        errand=errand,
        told=told,
    )


def accepted(town: Jurisdiction, code: str) -> Case:
    clerk = clerk_of(code)
    case = apply(town, code, by=clerk).case
    cases.accept(case=case, by=clerk)
    return fresh(case)


def worked(town: Jurisdiction, code: str) -> Case:
    """Accepted, and every step's owner agreed: the decision is next."""
    case = accepted(town, code)
    for step, owner in WORK[code][2]:
        cases.opinion(case=case, step_key=step, agrees=True, text="核对无误。", by=staff(owner))
    return fresh(case)


def decided(town: Jurisdiction, code: str, outcome: str = Outcome.GRANTED, reasons: str = "") -> Case:
    case = worked(town, code)
    cases.decide(case=case, outcome=outcome, reasons=reasons, by=decider_of(code))
    return fresh(case)


def sent_up(town: Jurisdiction) -> Case:
    """The item that the county decides, lying there."""
    build_care(town)
    case = worked(town, "TK-001")
    cases.send_up(case=case, opinion="符合条件，建议批准。", by=decider_of("TK-001"))
    return fresh(case)


def fresh(case: Case) -> Case:
    return Case.objects.select_related("town__parent", "item", "version", "key").get(pk=case.pk)


def content(title: str = "关于赶集日停车的通告", body: str = "<p>赶集日在粮站前坪停车，不收费。</p>") -> Content:
    return Content(title=title, body_html=body)


def metadata(town: Jurisdiction, **changes) -> Metadata:
    values = {"unit": Unit.objects.get(town=town, code="party-office"), "generated_on": date(2026, 3, 2)}
    return Metadata(**{**values, **changes})


def drafted(town: Jurisdiction, text: Content | None = None) -> Edition:
    return documents.draft(town=town, metadata=metadata(town), content=text or content(), by=staff(cast.EDITOR))


def in_review(town: Jurisdiction, text: Content | None = None) -> Edition:
    return documents.submit(edition=drafted(town, text), by=staff(cast.EDITOR))


def reviewed(town: Jurisdiction, text: Content | None = None) -> Edition:
    return passed(in_review(town, text), staff(cast.REVIEWER))


def passed(edition: Edition, by: Staff) -> Edition:
    """Reviewed, with nothing against it on any side."""
    return documents.review(edition=edition, by=by, sheet=cleared(edition))


def signed(town: Jurisdiction, text: Content | None = None) -> Edition:
    return documents.sign(edition=reviewed(town, text), by=staff(cast.SIGNER))


def published(town: Jurisdiction, text: Content | None = None) -> Edition:
    return documents.publish(edition=signed(town, text), by=staff(cast.SIGNER))


def publish_draft(edition: Edition) -> Edition:
    """A draft on its way to the public, each step by whose duty it is."""
    edition = documents.submit(edition=edition, by=staff(cast.EDITOR))
    edition = documents.review(edition=edition, by=staff(cast.REVIEWER), sheet=cleared(edition))
    edition = documents.sign(edition=edition, by=staff(cast.SIGNER))
    return documents.publish(edition=edition, by=staff(cast.SIGNER))


def corrected(edition: Edition, text: Content, note: str = "写错了") -> Edition:
    """Another edition of a published document, walked to its publication."""
    document = Document.objects.get(pk=edition.document_id)
    return publish_draft(documents.new_edition(document=document, content=text, by=staff(cast.EDITOR), note=note))


def rule_text(title: str = "万庾镇集贸市场管理规定", effective: str = "2026-03-01", **fields: str | int) -> Content:
    """A normative document: text and what its kind asks for."""
    stated = {
        "registered": "HR-2026-01001",
        "drafter": "党政办公室",
        "legality": "合法，没有设许可、处罚、强制、收费。",
        "legality_on": "2026-02-10",
        "discussed": "2026年2月12日镇长办公会议通过",
        "signed_on": "2026-02-13",
        "effective_on": effective,
        **fields,
    }
    return Content(title, "<p>集贸市场每天六点开门。</p>", facts={"fields": stated, "sheets": {}})


def rule_draft(town: Jurisdiction, text: Content | None = None, number: str = "万政发〔2026〕2号") -> Edition:
    about = metadata(town, kind="normative", doc_number=number)
    return documents.draft(town=town, metadata=about, content=text or rule_text(), by=staff(cast.EDITOR))


def rule(town: Jurisdiction, text: Content | None = None, number: str = "万政发〔2026〕2号") -> Edition:
    """A normative document, published."""
    return publish_draft(rule_draft(town, text, number))
