"""A sheet as the editor's template draws it: sections, fields and rows, with what each of them still lacks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mingtang.desk.keeping import conditions
from mingtang.desk.keeping.conditions import Asked
from mingtang.desk.keeping.kinds import Choice, Choices
from mingtang.desk.keeping.sections import SECTIONS
from mingtang.desk.keeping.shape import Field, Rows, Section
from mingtang.desk.keeping.sheet import Sheet, Typed, title, untouched
from mingtang.rulebook.requirements import Issue

NUMERALS = "一二三四五六七八九"


@dataclass
class _Lacks:
    """The gate's sentences by the name of the control that mends them; each is shown once."""

    issues: list[Issue]
    shown: set[int] = field(default_factory=set)

    def take(self, name: str, about: str = "") -> list[str]:
        """Sentences about a field; with ``about`` only those that name this row."""
        found = []
        for n, issue in enumerate(self.issues):
            if n not in self.shown and issue.field.replace(".", "-") == name and f"{about}" in issue.sentence:
                self.shown.add(n)
                found.append(issue.sentence)
        return list(dict.fromkeys(found))


def sections(sheet: Sheet, issues: Sequence[Issue]) -> list[dict[str, Any]]:
    """Every section; ``count`` is how many things the gate still asks of it."""
    lacks = _Lacks(list(issues))
    return [_section(sheet, section, number, lacks) for number, section in enumerate(SECTIONS)]


def _section(sheet: Sheet, section: Section, number: int, lacks: _Lacks) -> dict[str, Any]:
    mine = [issue for issue in lacks.issues if section.owns(issue.field.partition(".")[0]) and _here(section, issue)]
    parts = [_part(sheet, part, sheet.typed, "", lacks) for part in section.parts]
    # What has no control of its own, or stands in a fold, is said at the head of the section.
    rest = [sentence for issue in mine for sentence in lacks.take(issue.field.replace(".", "-"))]
    return {
        "key": section.key,
        "title": section.title,
        "number": NUMERALS[number],
        "hint": section.hint,
        "lacks": rest,
        "count": len({(issue.field, issue.sentence) for issue in mine}),
        "bad": any(section.owns(name.split("-")[0]) and _at(section, name) for name in sheet.errors),
        "rare_open": any(part["error"] or part["lacks"] for part in parts if part["rare"]),
        "blocks": _blocks([part for part in parts if not part["rare"]]),
        "rare": _blocks([part for part in parts if part["rare"]]),
    }


def _blocks(parts: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Neighbours that stand side by side: short fields, ticks; what is wide or a list stands alone."""

    def layout(part: dict[str, Any]) -> str:
        if part["control"] in {"text", "day", "choice"} and not part["wide"]:
            return "pair"
        return "ticks" if part["control"] == "flag" else part["control"]

    found: list[tuple[str, list[dict[str, Any]]]] = []
    for part in parts:
        kind = layout(part)
        if found and found[-1][0] == kind in {"pair", "ticks"}:
            found[-1][1].append(part)
        else:
            found.append((kind, [part]))
    return found


def _at(section: Section, name: str) -> bool:
    """Whether a control of this name stands in the section; those of a nested record may be spread."""
    return "-" not in name or any(part.name == name for part in section.parts)


def _here(section: Section, issue: Issue) -> bool:
    return _at(section, issue.field.replace(".", "-"))


def _part(sheet: Sheet, part: Field | Rows, typed: Typed, prefix: str, lacks: _Lacks) -> dict[str, Any]:
    if isinstance(part, Field):
        return _control(sheet, part, typed[part.name], prefix, lacks if not prefix else None)
    return _rows(sheet, part, typed[part.name], prefix, lacks)


def _control(sheet: Sheet, part: Field, typed: Any, prefix: str, lacks: _Lacks | None) -> dict[str, Any]:
    name, kind = prefix + part.name, part.kind
    control = {
        "control": kind.control,
        "name": name,
        "label": part.label,
        "value": typed,
        "hint": part.hint,
        "opt": part.opt,
        "rare": part.rare,
        "error": sheet.error(name),
        "lacks": lacks.take(name) if lacks else [],
        "focus": sheet.focus == name,
        "width": getattr(kind, "width", ""),
        "list": getattr(kind, "hints", ""),
        "lines": getattr(kind, "rows", 0),
        "radio": getattr(kind, "radio", False),
        "wide": getattr(kind, "wide", False) or getattr(kind, "radio", False),
        "empty": getattr(kind, "free", "") or "请选择",
    }
    if isinstance(kind, Choice):
        control["choices"] = _with(kind.among(sheet.offers), [typed])
    elif isinstance(kind, Choices):
        control["choices"] = _with(list(kind.words), typed)
    return control


def _with(offered: list[tuple[str, str]], typed: list[str]) -> list[tuple[str, str]]:
    """The offers, and what stands there without being one: it is shown, and has to be chosen anew."""
    known = {value for value, _ in offered}
    return offered + [(value, f"{value}（不在可选的里面）") for value in typed if value and value not in known]


def _rows(sheet: Sheet, rows: Rows, place: list[Typed], prefix: str, lacks: _Lacks) -> dict[str, Any]:
    name = prefix + rows.name
    drawn = [_row(sheet, rows, row, f"{name}-{n}", n, lacks) for n, row in enumerate(place)]
    return {
        "control": "rows",
        "name": name,
        "noun": rows.noun,
        "hint": rows.hint,
        "rare": False,
        "error": sheet.error(name),
        "lacks": lacks.take(name) if not prefix else [],
        "rows": drawn,
        "adds": [(f"add {name} {n}", start.button) for n, start in enumerate(rows.starts)],
        "full": len(place) >= rows.most,
        "focus": sheet.focus == f"{name}-add",
        "inner": bool(prefix),
        "flat": rows.flat,
        "last": len(drawn) - 1,
    }


def _row(sheet: Sheet, rows: Rows, typed: Typed, name: str, number: int, lacks: _Lacks) -> dict[str, Any]:
    head = str(typed[rows.head]).strip()
    missing = lacks.take(rows.name, f"“{head}”") if head and name.count("-") == 1 else []
    missing = [sentence.removeprefix(f"{rows.noun}“{head}”").lstrip("的：") for sentence in missing]
    parts = [_part(sheet, part, typed, f"{name}-", lacks) for part in rows.cells if _asked(part, typed)]
    bad = any(error.startswith(f"{name}-") for error in sheet.errors)
    fresh = untouched(rows, typed)
    return {
        "name": name,
        "title": title(rows, number, typed),
        "told": [word for word in (_told(sheet, rows, typed, one) for one in rows.told) if word],
        "gone": bool(typed["gone"]),
        "open": bad or fresh or bool(missing) or sheet.focus.startswith(f"{name}-"),
        "focus": sheet.focus == name,
        "lacks": missing,
        "bad": bad,
        "hidden": [(f"{name}-{one}", typed["name"] if one == "was" else typed[one]) for one in rows.hidden],
        "blocks": _blocks([part for part in parts if not part["rare"]]),
        "rare": _blocks([part for part in parts if part["rare"]]),
        "rare_open": any(part["error"] for part in parts if part["rare"]),
        "when": _when(sheet, rows, typed, name) if rows.when else None,
    }


def _asked(part: Field | Rows, typed: Typed) -> bool:
    """A question with answers is not asked for its unit."""
    return part.name not in {"unit", "most"} or all(option["gone"] for option in typed.get("options", ()))


def _told(sheet: Sheet, rows: Rows, typed: Typed, name: str) -> str:
    kind = next(cell.kind for cell in rows.fields if cell.name == name)
    value = typed[name]
    if isinstance(kind, Choice):
        return dict(kind.among(sheet.offers)).get(value, value)
    unit = getattr(kind, "unit", "")
    return f"{value} {unit}".strip() if value else ""


def _when(sheet: Sheet, rows: Rows, typed: Typed, name: str) -> dict[str, Any] | None:
    """The answers a row depends on; nothing where no question is asked and none was."""
    picked, asked = typed["when"], sheet.asked
    if not asked and not picked.raw:
        return None
    said = conditions.words(picked, asked)
    beyond = bool(picked.raw) and not conditions.read(picked.raw, asked).chosen
    return {
        "name": f"{name}-when",
        "title": rows.when,
        "said": typed["when_label"] or said or ("按原来的条件" if picked.raw else "人人都一样"),
        "questions": [_question(one, picked) for one in asked],
        "join": picked.join,
        "raw": picked.raw,
        "beyond": beyond and not picked.chosen,
        "strange": conditions.strangers(picked.raw, asked),
        "label": typed["when_label"],
        "says": "when_label" in typed and rows.name != "reductions",
        "auto": said,
        "error": sheet.error(f"{name}-when"),
    }


def _question(one: Asked, picked: conditions.Picked) -> dict[str, Any]:
    return {
        "key": one.key,
        "question": one.question or "（还没有写问题）",
        "unit": one.unit,
        "options": [
            (key, label or "（还没有写答案）", key in picked.answers.get(one.key, [])) for key, label in one.options
        ],
        "low": picked.low.get(one.key, ""),
        "high": picked.high.get(one.key, ""),
    }


def problems(sheet: Sheet) -> list[tuple[str, str]]:
    """Every error with the control it leads to."""
    return [(name, f"{where}：{said}" if where else said) for name, (where, said) in sheet.errors.items()]
