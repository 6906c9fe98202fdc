"""Published figures, and a round of the lot over them, reached by the real acts."""

from datetime import date
from io import BytesIO

from django.utils import timezone

from mingtang.disclosure import actions as documents
from mingtang.disclosure.actions import Content
from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.kinds.facts import Typed, take
from mingtang.disclosure.models import Document
from mingtang.events.follow import settle
from mingtang.people.models import Unit
from mingtang.scrutiny import rounds, samples
from mingtang.scrutiny.models import Sample, SampleRound
from mingtang.towns.models import Jurisdiction
from tests.factories import acts
from tests.factories.cast import DISCIPLINE, EDITOR, LAND, REVIEWER, SIGNER, staff

PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00"
    b"\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


def three_public(town: Jurisdiction, unit: str = "finance", title: str = "2025年三公经费（测试）") -> Document:
    """Four figures and two rows of one unit."""
    kind = kind_of("three-public")
    fields = {"year": "2025", "changes": "少买一辆车。", "trips": "0", "cars": "3", "receptions": "12", "guests": "96"}
    rows = [["公务接待费", "12000", "10000", "8600"], ["公务用车运行费", "52000", "50000", "48800"]]
    facts, faults = take(kind, Typed(fields, {"three": rows}))
    assert not faults
    edition = documents.draft(
        town=town,
        metadata=acts.metadata(
            town, kind=kind.code, unit=Unit.objects.get(town=town, code=unit), generated_on=timezone.localdate()
        ),
        content=Content(title, "", facts=facts),
        by=staff(EDITOR),
    )
    documents.submit(edition=edition, by=staff(EDITOR))
    acts.passed(edition, staff(REVIEWER))
    documents.sign(edition=edition, by=staff(SIGNER))
    return documents.publish(edition=edition, by=staff(SIGNER)).document


def announced(town: Jurisdiction, wanted: int = 2, kinds: tuple[str, ...] = ("figure", "row")) -> SampleRound:
    today = timezone.localdate()
    return rounds.announce(
        town=town, kinds=[*kinds], from_on=date(today.year, 1, 1), to_on=today, wanted=wanted, by=staff(SIGNER)
    )


def drawn(town: Jurisdiction, **how) -> SampleRound:
    row = announced(town, **how)
    settle()
    return rounds.draw(round=row, by=staff(DISCIPLINE))


def scan() -> samples.Scan:
    return samples.Scan("账本.png", BytesIO(PICTURE))


def judged(sample: Sample, verdict: str = "matches", inspector: str = LAND) -> Sample:
    sample = samples.assign(sample=sample, inspector=staff(inspector), by=staff(DISCIPLINE))
    return samples.judge(
        sample=sample, verdict=verdict, record="2025年12月第45号凭证", found="账上写的是3辆。",
        seen_on=timezone.localdate(), scan=None if verdict == "unfounded" else scan(), by=staff(inspector),
    )  # fmt: skip
