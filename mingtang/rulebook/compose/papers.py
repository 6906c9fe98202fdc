"""One set of papers for several items: what two of them ask for is handed in once."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

from mingtang.rulebook.compose.steps import every, joined, no
from mingtang.rulebook.compose.truth import Truth
from mingtang.rulebook.enums import Medium
from mingtang.rulebook.spec import Fee, Material, Spec

WITHIN = "由一起办的事项直接转来"


def merged_materials(specs: Sequence[Spec], truth: Truth) -> tuple[tuple[Material, ...], list[dict[str, str]]]:
    """The papers, and for each spec which of its keys became which.

    Where two parts want one paper of different people, whoever both want it of brings the stricter, the others what
    their part asks: nobody brings more than the parts together ask of them.
    """
    results = {result.name for spec in specs for result in spec.results}
    rows: dict[tuple[str, str], list[Material]] = {}
    keys: list[dict[str, str]] = []
    taken: set[str] = set()
    for number, spec in enumerate(specs, 1):
        names: dict[str, str] = {}
        for material in spec.materials:
            mine = _passed_on(material, results)
            who = (_plain(material.name), _plain(material.issuer))
            if who in rows:
                rows[who] = [*_split(rows[who], mine, truth, taken)]
            else:
                rows[who] = [replace(mine, key=_free(material.key, number, taken))]
                taken.add(rows[who][0].key)
            names[material.key] = rows[who][0].key
        keys.append(names)
    return tuple(row for some in rows.values() for row in some), keys


def _free(key: str, number: int, taken: set[str]) -> str:
    if key not in taken:
        return key
    return next(name for n in count(number) if (name := f"p{n}_{key}"[:40]) not in taken)


def _split(rows: list[Material], other: Material, truth: Truth, taken: set[str]) -> Iterator[Material]:
    """Each of the rows for those who need it for both, for those who need it for one, and the rest of ``other``."""
    left, label = other.when, other.when_label
    for row in rows:
        both, alone = every(row.when, left), every(row.when, no(left))
        known = ((row.when, row.when_label), (other.when, other.when_label))
        if not truth.never(both):
            words = joined("，并且", row.when_label, label)
            when, said = truth.shortest(both, words, *known)
            yield replace(_both(row, other), when=when, when_label=said)
        if not truth.never(alone):
            when, said = truth.shortest(
                alone, f"{row.when_label}，但不是{label}" if row.when_label else f"不是{label}的", *known
            )
            key = row.key
            if not truth.never(both):
                key = _free(row.key, 2, taken)
                taken.add(key)
            yield replace(row, key=key, when=when, when_label=said)
        left = every(left, no(row.when))
    if not truth.never(left):
        key = _free(other.key, 2, taken)
        taken.add(key)
        when, said = truth.shortest(left, label or "其余的", (other.when, other.when_label))
        yield replace(other, key=key, when=when, when_label=said)


def _plain(text: str) -> str:
    return "".join(text.split()).removesuffix("原件").removesuffix("复印件")


def _passed_on(material: Material, results: set[str]) -> Material:
    """A paper that another part gives goes between the offices; the applicant never sees it."""
    if any(result in material.name for result in results):
        return replace(material, fetched_by_us=True, required=False, copies=0, form=WITHIN)
    return material


def _both(one: Material, other: Material) -> Material:
    """Enough for either: the stricter form, the larger number, and once; whoever fetches it fetches it for both."""
    fetched = one.fetched_by_us or other.fetched_by_us
    return replace(
        one,
        form=joined("；", one.form, other.form),
        medium=_medium(one.medium, other.medium),
        copies=0 if fetched else max(one.copies, other.copies),
        required=one.required or other.required,
        fetched_by_us=fetched,
        deferrable=one.deferrable and other.deferrable,
        pledge=joined("；", one.pledge, other.pledge) if one.pledge and other.pledge else "",
        verify_days=min(one.verify_days, other.verify_days) if one.pledge and other.pledge else 0,
        standard=joined("；", one.standard, other.standard),
        basis=joined("；", one.basis, other.basis),
        note=joined("；", one.note, other.note),
    )


def _medium(one: str, other: str) -> str:
    """Where one takes either, the other's; a paper original serves whoever wants a file, the window scans it."""
    if Medium.EITHER in (one, other):
        return other if one == Medium.EITHER else one
    return one if one == other else Medium.PAPER.value


def merged_fees(specs: Sequence[Spec]) -> tuple[Fee, ...]:
    """All fees of all parts; the very same fee is paid once."""
    return tuple(dict.fromkeys(fee for spec in specs for fee in spec.fees))
