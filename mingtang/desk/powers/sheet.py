"""A power's text as it is typed: the form of its columns, and the rows of its bases and duties.

Rows are added and dropped by buttons that post; nothing typed is lost on the way.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from mingtang.desk.forms import said
from mingtang.desk.powers.forms import PowerForm
from mingtang.desk.views.law_lookup import standing
from mingtang.lib.canonical import canonical_json, sha256_hex
from mingtang.lib.errors import Refused
from mingtang.rulebook.laws.resolve import Shelf
from mingtang.rulebook.models import Duty, Power, PowerBasis
from mingtang.rulebook.powers.actions import DutyText, PowerText, text_of
from mingtang.rulebook.powers.enums import DutyKind, PlanClass, PowerKind, PowerLevel, PowerSource

Row = dict[str, str]
CELLS = {"basis": ("law", "article"), "duties": ("kind", "text", "basis")}
NOUNS = {"basis": "依据", "duties": "责任"}
MOST = {"basis": 20, "duties": 60}
_ACT = re.compile(r"(add|drop) (basis|duties)(?:-([0-9]{1,2})| (duty|blame))?")
_LABELS = {
    "name": "名称",
    "type": "权力类型",
    "plan_class": "清理类别",
    "unit": "行使单位",
    "post": "行使岗位",
    "source": "权力来源",
    "level": "行使层级",
    "scope": "管什么",
    "place": "管哪里",
    "limit": "到多少为止",
    "above": "上级主管",
    "redress": "不服怎么办",
}
_WORDS = {"type": PowerKind, "plan_class": PlanClass, "source": PowerSource, "level": PowerLevel}


class PowerSheet:
    """One screen. ``rows``: list → its rows as typed; ``errors``: control → sentence, beside those of the form."""

    def __init__(self, request: HttpRequest, power: Power | None = None) -> None:
        self.request, self.power = request, power
        self.errors: list[tuple[str, str]] = []
        self.focus = ""
        if request.method == "POST":
            self.form = PowerForm(request.POST, request=request, power=power)
            self.rows = {name: list(_taken(request.POST, name)) for name in CELLS}
        else:
            self.form = PowerForm(initial=_columns(power), request=request, power=power)
            self.rows = _rows(power)

    def do(self, act: str) -> None:
        """A button that adds or drops a row; where to go on is in ``focus``. What is typed is not judged yet."""
        self.form.full_clean()
        self.form.errors.clear()
        found = _ACT.fullmatch(act)
        if found is None:
            return
        what, name, number, kind = found.groups()
        rows = self.rows[name]
        if what == "add" and len(rows) < MOST[name]:
            rows.append(
                {**dict.fromkeys(CELLS[name], ""), **({"kind": kind or DutyKind.DUTY} if name == "duties" else {})}
            )
            self.focus = f"{name}-{len(rows) - 1}-{'law' if name == 'basis' else 'text'}"
        elif what == "drop" and number and int(number) < len(rows):
            del rows[int(number)]
            self.focus = f"{name}-add"

    def read(self) -> PowerText | None:
        """The text that is typed; None where something is missing, and what it is stands in the errors."""
        self._judge("basis", PowerBasis, ("law", "article"))
        self._judge("duties", Duty, ("text",))
        if not self.form.is_valid() or self.errors:
            return None
        typed = {name: value for name, value in self.form.cleaned_data.items() if name in _LABELS}
        typed |= {"unit": self.form.units[typed["unit"]], "post": self.form.posts.get(typed["post"])}
        duties = tuple(DutyText(row["kind"], row["text"], row["basis"]) for row in self._kept("duties"))
        return PowerText(
            basis=tuple((row["law"], row["article"]) for row in self._kept("basis")), duties=duties, **typed
        )

    def refuse(self, refusal: Refused) -> None:
        """What the act refused, at the control it is about."""
        if refusal.field in CELLS:
            self.errors.append((refusal.field, refusal.message))
        else:
            said(self.form, refusal)

    def _kept(self, name: str) -> list[Row]:
        return [row for row in self.rows[name] if any(row[cell] for cell in row if cell != "kind")]

    def _judge(self, name: str, model: Any, needed: tuple[str, ...]) -> None:
        for n, row in enumerate(self.rows[name]):
            if row not in self._kept(name):
                continue
            for cell in CELLS[name]:
                column = model._meta.get_field(cell)
                where = f"{NOUNS[name]} {n + 1} 的“{column.verbose_name}”"
                if cell in needed and not row[cell]:
                    self.errors.append((f"{name}-{n}-{cell}", f"{where}没有写。请补上，或者删去这一行。"))
                if cell != "kind" and len(row[cell]) > column.max_length:
                    most = column.max_length
                    self.errors.append((f"{name}-{n}-{cell}", f"{where}写了 {len(row[cell])} 个字，最多 {most} 个字。"))

    def problems(self) -> list[tuple[str | None, str]]:
        """All that is wrong, with the control it leads to."""
        found: list[tuple[str | None, str]] = [(None, one) for one in self.form.non_field_errors()]
        found += [
            (bound.html_name, one if bound.label in one else f"{bound.label}：{one}")
            for bound in self.form
            for one in bound.errors
        ]
        return found + list(self.errors)

    def drawn(self, name: str) -> list[dict[str, Any]]:
        """The rows with their errors; of a basis, whether it is in force today."""
        wrong = dict(self.errors)
        rows = [
            {"name": f"{name}-{n}", "cells": row, "wrong": {cell: wrong.get(f"{name}-{n}-{cell}", "") for cell in row}}
            for n, row in enumerate(self.rows[name])
        ]
        if name == "basis":
            shelf = Shelf.for_citations(self.request.town, [(row["law"], row["article"]) for row in self.rows[name]])
            for shown in rows:
                law, article = shown["cells"]["law"], shown["cells"]["article"]
                found = shelf.resolve(law, article, timezone.localdate()) if law else None
                shown["standing"] = standing(found) if found else {}
        return rows


def _columns(power: Power | None) -> dict[str, Any]:
    if power is None:
        return {"level": PowerLevel.TOWN, "source": PowerSource.STATUTORY}
    columns = {name: getattr(power, name) for name in _LABELS}
    return columns | {"unit": power.unit.code, "post": power.post.code if power.post else ""}


def _rows(power: Power | None) -> dict[str, list[Row]]:
    if power is None:
        duties = [{"kind": str(kind), "text": "", "basis": ""} for kind in DutyKind.values]
        return {"basis": [{"law": "", "article": ""}], "duties": duties}
    text = text_of(power)
    return {
        "basis": [{"law": law, "article": article} for law, article in text.basis],
        "duties": [{"kind": row.kind, "text": row.text, "basis": row.basis} for row in text.duties],
    }


def _taken(post: QueryDict, name: str) -> Iterator[Row]:
    said = post.get(f"{name}-n", "")
    count = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else 0
    for n in range(min(count, MOST[name])):
        yield {cell: " ".join(post.get(f"{name}-{n}-{cell}", "").replace("\x00", "").split()) for cell in CELLS[name]}


def told(text: PowerText) -> dict[str, str]:
    """A power's text in words, column by column."""
    found = {}
    for name, label in _LABELS.items():
        value = getattr(text, name)
        words = _WORDS[name](value).label if name in _WORDS and value else value
        found[label] = str(words or "")
    found["依据"] = "；".join(f"《{law.strip('《》')}》{article}" for law, article in text.basis)
    for kind in DutyKind:
        rows = [row.text + (f"（{row.basis}）" if row.basis else "") for row in text.duties if row.kind == kind]
        found[kind.label] = "；".join(rows)
    return found


def changes(before: PowerText, after: PowerText) -> list[tuple[str, str, str]]:
    """What is different: (label, today's words, the new words)."""
    old, new = told(before), told(after)
    return [(label, old[label], new[label]) for label in old if old[label] != new[label]]


def fingerprint(text: PowerText) -> str:
    """Of a text that was shown, so that what is saved is what was seen."""
    return sha256_hex(canonical_json(told(text)))
