"""The steps of several items side by side: the first of each at the same time, then the second of each, and so on."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, zip_longest

from mingtang.rulebook.compose.truth import Truth
from mingtang.rulebook.spec import Work


def interleaved(parts: Sequence[Sequence[Work]], truth: Truth) -> tuple[Work, ...]:
    """Round by round; a step that two parts have at the same post under the same name is done once for both."""
    units = [_units(steps) for steps in parts]
    found: list[Work] = []
    for number, rows in enumerate(zip_longest(*units, fillvalue=()), 1):
        steps = _merged([step for row in rows for step in row], truth)
        group = f"round_{number}" if len(steps) > 1 else None
        found += [replace(step, group=group) for step in steps]
    return tuple(found)


def _units(steps: Sequence[Work]) -> list[list[Work]]:
    """What runs one after the other in one part."""
    found: list[list[Work]] = []
    for group, members in groupby(steps, key=lambda step: step.group):
        rows = list(members)
        found += [rows] if group is not None else [[row] for row in rows]
    return found


def _merged(steps: Sequence[Work], truth: Truth) -> list[Work]:
    found: dict[tuple[str, str], Work] = {}
    for step in steps:
        key = (step.name, step.post)
        if key not in found:
            found[key] = step
        elif truth.same(found[key].when, step.when) or found[key].working_days == step.working_days:
            found[key] = _both(found[key], step, truth)
        else:
            # Of different people and in different times: one for both would keep somebody waiting.
            found[(step.name, step.post + step.key)] = step
    return list(found.values())


def _both(one: Work, other: Work, truth: Truth) -> Work:
    """Both standards and articles; for whom either is done; in the longer of both limits."""
    said = joined("或者", one.when_label, other.when_label)
    known = ((one.when, one.when_label), (other.when, other.when_label))
    when, label = truth.shortest(either(one.when, other.when), said, *known)
    return replace(
        one,
        working_days=max(one.working_days, other.working_days),
        standard=joined("；", one.standard, other.standard),
        basis=joined("、", one.basis, other.basis),
        when=when,
        when_label=label,
    )


def joined(between: str, *texts: str) -> str:
    return between.join(dict.fromkeys(text for text in texts if text))


def every(*conditions: str) -> str:
    """For whom all of them hold; an empty one holds for everybody."""
    return " and ".join(f"({when})" for when in dict.fromkeys(conditions) if when)


def no(when: str) -> str:
    """For whom it does not hold; nobody, where it holds for everybody."""
    return f"not ({when})" if when else "1 == 0"


def either(one: str, other: str) -> str:
    """For whom one of two conditions holds; an empty one holds for everybody."""
    if not one or not other:
        return ""
    return one if one == other else f"({one}) or ({other})"
