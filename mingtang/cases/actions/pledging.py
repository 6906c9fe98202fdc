"""告知承诺 (安阳条例 25–29): a written pledge in a paper's place, looked into after the decision."""

from datetime import datetime

from django.utils import timezone

from mingtang.cases.actions import kinds
from mingtang.cases.actions.handling import text_of
from mingtang.cases.actions.intake import locked
from mingtang.cases.enums import MaterialState
from mingtang.cases.models import Case, Pledge
from mingtang.cases.policies import check_can
from mingtang.events.log import Actor, record
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Staff


def pledge(case: Case, *, by: Actor, at: datetime) -> list[str]:
    """Keep what was pledged; the sentences that the acceptance prints. In the transaction of ``accept``."""
    said = []
    for row in case.materials.filter(state=MaterialState.PLEDGED):
        material = case.version.spec.material(row.material_key)
        kept = Pledge(case=case, material_key=material.key, text=material.pledge)
        kept.event = record(
            town=case.town, type=kinds.PLEDGED, subject=case.subject, by=by, happened_at=at, data=kept.told()
        )
        kept.save()
        said.append(
            f"{material.name}：您书面承诺“{material.pledge.rstrip('。')}”，不用再交。"
            f"本机关在决定以后 {material.verify_days} 个工作日内核查。"
        )
    if said:
        said.append("核查发现承诺不实的，本机关限期整改或者依法撤销决定，并听取您的陈述和申辩。")
    return said


def verify_pledge(*, case: Case, material_key: str, true: bool, text: str, by: Staff) -> Pledge:
    """核查承诺: what was found, in words where it was not true; what follows from it the head decides."""
    now = timezone.now()
    with act():
        case = locked(case)
        author = check_can("verify_pledge", case, by).actor()
        row = case.pledges.filter(material_key=material_key).first()
        if row is None or row.verified_at is not None:
            raise Refused("这项承诺已经核查过，或者这一件没有这项承诺。请刷新后再看。", field="material_key")
        if row.verify_by is None:
            raise Refused("没有准予的，不用核查承诺。", field="material_key")
        text = text_of(text, "" if true else "承诺不实的，请写明怎样核查的、哪里不实。", "text")
        row.verified_at, row.verified_by, row.true = now, by, true
        row.save(update_fields=["verified_at", "verified_by", "true"])
        record(
            town=case.town,
            type=kinds.PLEDGE_VERIFIED,
            subject=case.subject,
            by=author,
            happened_at=now,
            data={"material": material_key, "true": true},
            payload={"text": text},
            payload_key=case.key,
        )
    return row
