"""Rule changes carried through the change gate by the people whose duty it is."""

from datetime import date
from typing import Any

from django.utils import timezone

from mingtang import guard
from mingtang.events.log import CONSOLE
from mingtang.events.sequencing import sequence_pending
from mingtang.people.models import Staff, Unit
from mingtang.rulebook import actions
from mingtang.rulebook.actions import Basis
from mingtang.rulebook.models import Item, Version, Waiver
from mingtang.rulebook.requirements import words
from mingtang.towns.models import Jurisdiction
from tests.factories.cast import CENTRE, JUSTICE, SIGNER, staff

MINUTES = "万政公组纪〔2026〕9号"
FOREST_LAW = Basis("森林法", "第五十七条")
HEADS = {"social": "shezhuren", "forestry": "zhanzhang", "land": "suozhang", "power": "diansuo"}
OFFICE = SIGNER


def head_of(version: Version) -> Staff:
    return staff(HEADS[version.item.unit.code])


def drafted(town: Jurisdiction, code: str = "LM-001", **changes: Any) -> Version:
    """The version in force with some fields changed, as a draft."""
    item = Item.objects.get(town=town, code=code)
    return actions.new_version(item=item, data={**item.current.data, **changes}, by=staff(CENTRE))


def stopped(version: Version) -> str:
    """By which the first thing is named that the guard stops in a version."""
    return next(issue.finding.identity for issue in words.rules(version.spec, guard.lists.NONE) if issue.finding)


def waived(version: Version, reason: str = "值班公用手机，不是哪个人的") -> Waiver:
    """What the guard stops in a draft, asked for and let stand."""
    waiver = actions.ask_waiver(version=version, identity=stopped(version), reason=reason, by=staff(CENTRE))
    return actions.waive(waiver=waiver, by=staff(JUSTICE))


def proposed(town: Jurisdiction, code: str = "LM-001", **changes: Any) -> Version:
    return actions.propose(version=drafted(town, code, **changes), by=staff(CENTRE))


def basis_of(version: Version) -> Basis:
    """The first law the item cites."""
    return Basis(version.spec.basis[0].law, version.spec.basis[0].article)


def based(version: Version) -> Version:
    return actions.check_basis(version=version, bases={0: basis_of(version)}, by=staff(CENTRE))


def reviewed(version: Version) -> Version:
    return actions.review(version=based(version), by=staff(JUSTICE))


def approved(version: Version, *, initial: bool = False) -> Version:
    """A draft or a proposal with every approval its way asks for."""
    if version.state == "draft":
        version = actions.propose(version=version, by=staff(CENTRE))
    if not version.strict:
        version = actions.agree_head(version=version, by=head_of(version))
        return actions.agree_office(version=version, by=staff(OFFICE))
    return actions.decide(
        version=reviewed(version),
        minutes_number=MINUTES,
        decided_on=timezone.localdate(),
        by=staff(OFFICE),
        initial=initial,
    )


def announced(version: Version, *, initial: bool = False, effective_on: date | None = None) -> Version:
    """Announced, and the announcement in the public log, as on a running server."""
    version = actions.announce(version=approved(version, initial=initial), by=staff(CENTRE), effective_on=effective_on)
    sequence_pending()
    return version


def in_force(version: Version, *, initial: bool = False) -> Version:
    """At once: only for what needs no notice period."""
    return actions.put_in_force(version=announced(version, initial=initial), by=staff(CENTRE))


def draft_item(town: Jurisdiction, code: str, *, like: str = "LN-001", unit: str = "social", **changes: Any) -> Version:
    """The first draft of another item, like one in force with some fields changed."""
    data = {**Item.objects.get(town=town, code=like).current.data, **changes}
    holder = Unit.objects.get(town=town, code=unit)
    return actions.list_item(town=town, code=code, unit=holder, data=data, by=CONSOLE, editor=staff(CENTRE))


def listed(town: Jurisdiction, code: str, **changes: Any) -> Version:
    """Another item of the first catalogue, in force; see ``draft_item``."""
    return in_force(draft_item(town, code, **changes), initial=True)
