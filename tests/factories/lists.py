"""Lists composed from records, reached by the real acts."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import timezone

from mingtang.cases import actions as cases
from mingtang.cases.applicants import Applicant
from mingtang.cases.models import Case
from mingtang.disclosure.derived import actions
from mingtang.disclosure.derived.compose import period_of
from mingtang.disclosure.derived.template import templates
from mingtang.disclosure.models import DerivedList
from mingtang.towns.models import Jurisdiction
from tests.factories import acts
from tests.factories.cast import DECIDER, EDITOR, REVIEWER, SIGNER, staff

VILLAGE = "长堤村"


def granted(
    town: Jurisdiction, name: str, serial: int = 1, code: str = "JZ-001", village: str = VILLAGE, **changes: str
) -> Case:
    """Somebody was granted aid (or a licence), and it was looked at before it is shown."""
    applicant: Applicant = replace(
        acts.APPLICANT, name=name, id_number=acts.born("19000101", f"{serial:03d}"), **changes
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(acts.apply.__kwdefaults__, "applicant", applicant)
        case = acts.decided(town, code)
    for grant in case.grants.filter(state="waiting"):
        cases.publish(grant=grant, village=village, by=staff(DECIDER))
    return case


def made(town: Jurisdiction, code: str = "aid", village: str = "", day: date | None = None) -> DerivedList:
    template, today = templates()[code], timezone.localdate()
    where = village or (VILLAGE if template.scope == "board" else "")
    period = period_of(template, day or today, today)
    return actions.make(town=town, template=template, period=period, village=where, by=staff(EDITOR))


def shown(town: Jurisdiction, code: str = "aid", **how: str) -> DerivedList:
    row = actions.check(row=made(town, code, **how), by=staff(REVIEWER))
    return actions.show(row=row, by=staff(SIGNER))
