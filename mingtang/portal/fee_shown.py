"""What may be charged, as pages and data show it: the columns of the public fee board (`law.md` 13)."""

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from mingtang.lib.money import format_yuan
from mingtang.lib.text import chinese_date
from mingtang.people.models import Unit
from mingtang.portal import challenged, keys
from mingtang.portal.stored import depends_on
from mingtang.rulebook.board import Charge, Standing
from mingtang.rulebook.enums import FeeNature, FundWay
from mingtang.rulebook.fees import less
from mingtang.rulebook.laws.citing import citations, title_keys
from mingtang.rulebook.laws.resolve import Resolution, Shelf
from mingtang.towns.models import Jurisdiction
from mingtang.voices.challenges import row_key, tallies

# The government's hotline and that of market regulation, into which the price hotline 12358 was merged.
PRICE_COMPLAINTS = "12345、12315"
TONES = {Standing.IN_FORCE: "done", Standing.COMING: "today", Standing.ENDED: "stop"}


def anchor(name: str) -> str:
    """Where a fee of this name stands on its item's page."""
    return f"fee-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def price(charge: Charge) -> str:
    return f"{format_yuan(charge.fee.amount)}／{charge.fee.per}"


def state(charge: Charge, on: date) -> str:
    """The standing in words, with the day that matters."""
    last = chinese_date(charge.until - timedelta(days=1)) if charge.until else ""
    standing = charge.standing(on)
    if standing == Standing.COMING:
        return f"{chinese_date(charge.since)}起收"
    if standing == Standing.ENDED:
        return f"{last}以后不再收"
    return f"现行，收到{last}为止" if last else "现行"


class Library:
    """The law library for the papers that a set of fees names; the page then depends on what it holds of them."""

    def __init__(self, town: Jurisdiction, rows: Iterable[Charge], on: date) -> None:
        texts = {text for row in rows for text in (row.fee.basis, *(one.basis for one in row.fee.reductions))}
        self._cited = {text: list(citations(text)) for text in texts}
        pairs = [pair for found in self._cited.values() for pair in found]
        self._shelf, self._on = Shelf.for_citations(town, pairs), on
        depends_on(*(keys.law_named(key) for title, _ in pairs for key in title_keys(title)))

    def links(self, text: str) -> list[dict[str, Any]]:
        """The articles a text cites that we hold: label with level, address, and whether it is dead."""
        found = []
        for title, article in self._cited[text]:
            answer = self._shelf.resolve(title, article, self._on)
            if answer.law is not None:
                found.append(self._link(answer))
        return found

    @staticmethod
    def _link(answer: Resolution) -> dict[str, Any]:
        law = answer.law
        assert law is not None
        place = f"#{answer.found[0].article.anchor}" if answer.found else ""
        return {
            "label": f"《{law.title}》{answer.cited}（{law.level_title}）",
            "url": f"/laws/{law.pk}{place}",
            "dead": not answer.holds,
        }


def shown(rows: list[Charge], library: Library, units: dict[int, Unit], on: date) -> list[dict[str, Any]]:
    """For the ``fee`` components."""
    town = next((unit.town_id for unit in units.values()), None)
    counted = tallies(town, (f"item:{row.code}" for row in rows))
    return [
        _shown(number, row, library, units[row.unit_id], on)
        | {"tally": challenged.beside(counted, f"item:{row.code}", row_key(row.fee.name))}
        for number, row in enumerate(rows, 1)
    ]


def _shown(number: int, charge: Charge, library: Library, unit: Unit, on: date) -> dict[str, Any]:
    fee = charge.fee
    return {
        "number": number,
        "anchor": anchor(fee.name),
        "code": fee.code,
        "name": fee.name,
        "nature": FeeNature(fee.nature).label,
        "fund": FundWay(fee.fund).label,
        "basis": fee.basis,
        "links": library.links(fee.basis),
        "scope": fee.scope,
        "payer": fee.payer,
        "only": fee.when_label,
        "per": fee.per,
        "price": price(charge),
        "most": format_yuan(fee.most) if fee.most else "",
        "amount": format_yuan(fee.amount),
        "less": [{"label": f"{row.label}：{less(row.percent)}", "basis": row.basis} for row in fee.reductions],
        "receipt": fee.receipt,
        "phone": charge.phone,
        "complaints": PRICE_COMPLAINTS,
        "since": charge.since,
        "state": state(charge, on),
        "tone": TONES[charge.standing(on)],
        "unit": unit.name,
        "unit_url": f"/fees/{unit.code}",
        "item": charge.item,
        "item_url": f"/services/{charge.code}",
        "history_url": f"/services/{charge.code}/fees#{anchor(fee.name)}",
        "wrong_url": challenged.url("item", charge.code, row_key(fee.name)),
    }


def as_data(row: Charge, unit: Unit, on: date) -> dict[str, Any]:
    """One fee as open data; money in fen, days in ISO form, ``until`` not included."""
    fee = row.fee
    return {
        "unit": unit.name,
        "unit_code": unit.code,
        "item": row.item,
        "item_code": row.code,
        "code": fee.code,
        "name": fee.name,
        "nature": FeeNature(fee.nature).label,
        "fund": FundWay(fee.fund).label,
        "basis": fee.basis,
        "scope": fee.scope,
        "payer": fee.payer,
        "only": fee.when_label,
        "per": fee.per,
        "amount_fen": fee.amount,
        "most_fen": fee.most,
        "reductions": [{"label": one.label, "percent": one.percent, "basis": one.basis} for one in fee.reductions],
        "receipt": fee.receipt,
        "supervision_phone": row.phone,
        "price_complaints": PRICE_COMPLAINTS,
        "since": row.since.isoformat(),
        "until": row.until.isoformat() if row.until else None,
        "standing": str(row.standing(on)),
        "version": row.version,
    }
