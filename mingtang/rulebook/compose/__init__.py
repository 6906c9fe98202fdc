"""一件事: several items handled as one — one form, one set of papers, parallel steps, one total promise. Pure.

What comes out is an ordinary spec that names its parts, so that guide, form, checklist, flow, fee and case need to know
nothing of compositions. It is also the yardstick of the change gate: a joint thing that asks no more than its parts
together burdens nobody anew.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from mingtang.lib.errors import Refused
from mingtang.rulebook.compose.papers import merged_fees, merged_materials
from mingtang.rulebook.compose.renaming import renamed
from mingtang.rulebook.compose.steps import interleaved
from mingtang.rulebook.compose.truth import Truth
from mingtang.rulebook.enums import CaseKind, Disclosed, FileRole, PowerType, SilenceRule, Visibility, Way
from mingtang.rulebook.situations import combinations, longest_way, selected
from mingtang.rulebook.spec import Enclosure, InPerson, Listing, Part, Publication, Spec

MIN_PARTS, MAX_PARTS = 2, 6
# Parts that are published differently are told apart in their own decisions; the whole is only counted.
COUNTED = Publication(Disclosed.NONE.value, (), 0, "")
T = TypeVar("T")


@dataclass(frozen=True)
class Piece:
    """An item as it is in force."""

    code: str
    version: int
    spec: Spec


def compose(name: str, pieces: Sequence[Piece]) -> Spec:
    """One spec of several. Raises ``Refused`` when they cannot be handled as one.

    Every question is asked once, every paper handed in once; a paper that one part gives to another goes between the
    offices. The posts, place and telephones are those of the first part; the promise is the longest of the parts, and
    never shorter than the steps need.
    """
    _check(pieces)
    specs, situations = renamed([piece.spec for piece in pieces])
    first = specs[0]
    truth = Truth(specs, situations)
    materials, keys = merged_materials(specs, truth)
    served = [who for who in first.served if all(who in spec.served for spec in specs)]
    licence = any(spec.power_type == PowerType.LICENCE for spec in specs)
    statutory = [spec.statutory_days for spec in specs if spec.statutory_days is not None]
    joined = replace(
        first,
        name=name,
        kind=CaseKind.JOINT.value,
        power_type=PowerType.LICENCE.value if licence else first.power_type,
        holder="、".join(_once(spec.holder for spec in specs)),
        served=tuple(served),
        summary="一次申请，一起办好：" + "、".join(spec.name for spec in specs) + "。",
        basis=_once(row for spec in specs for row in spec.basis),
        situations=situations,
        conditions=_once(text for spec in specs for text in spec.conditions),
        materials=materials,
        steps=interleaved([spec.steps for spec in specs], truth),
        intake_days=min(spec.intake_days for spec in specs),
        statutory_days=min(statutory, default=None),
        joint_decision="",
        silence_rule=(SilenceRule.STATUTORY if licence else SilenceRule.PROMISE).value,
        ex_officio="",
        in_person=InPerson(_comes(specs, "apply"), _comes(specs, "collect")),
        procedures=_by(lambda row: row.name, (row for spec in specs for row in spec.procedures)),
        fees=merged_fees(specs),
        results=_by(lambda row: row.name, (row for spec in specs for row in spec.results)),
        publication=first.publication if len({spec.publication for spec in specs}) == 1 else COUNTED,
        visits=max(spec.visits for spec in specs),
        online=all(spec.online for spec in specs),
        visibility=_visibility(specs),
        synonyms=_once(text for spec in specs for text in spec.synonyms),
        questions=_once(row for spec in specs for row in spec.questions),
        files=_files(specs, keys),
        parts=tuple(Part(piece.code, piece.version) for piece in pieces),
        listing=_listing(specs),
    )
    return replace(joined, promised_days=_promise(joined, specs))


def _check(pieces: Sequence[Piece]) -> None:
    if not MIN_PARTS <= len(pieces) <= MAX_PARTS:
        raise Refused(f"一件事由 {MIN_PARTS} 到 {MAX_PARTS} 个事项合成，请重新选择。", field="parts")
    if len({piece.code for piece in pieces}) < len(pieces):
        raise Refused("同一个事项选了两次，请去掉一个。", field="parts")
    for piece in pieces:
        if piece.spec.parts:
            raise Refused(f"“{piece.spec.name}”本身就是几件事合成的，请直接选它里面的事项。", field="parts")
    first = pieces[0].spec
    for piece in pieces[1:]:
        if not set(first.served) & set(piece.spec.served):
            raise Refused(f"“{first.name}”和“{piece.spec.name}”面向的人不同，不能合成一件事。", field="parts")
        if piece.spec.superior != first.superior:
            raise Refused(f"“{first.name}”和“{piece.spec.name}”不是由同一个机关决定，不能合成一件事。", field="parts")
        if piece.spec.power_holder != first.power_holder:
            raise Refused(
                f"“{first.name}”和“{piece.spec.name}”的职权来源不同，要分别以各自的名义决定，不能合成一件事。",
                field="parts",
            )
    if not any(piece.spec.steps for piece in pieces):
        raise Refused("选的都是当场办结的事项，没有要一起审查的环节，不用合成。", field="parts")


def _once(rows: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(rows))


def _by(key: Callable[[T], str], rows: Iterable[T]) -> tuple[T, ...]:
    """The first of each name."""
    found: dict[str, T] = {}
    for row in rows:
        found.setdefault(key(row), row)
    return tuple(found.values())


def _visibility(specs: Sequence[Spec]) -> str:
    """One sealed part seals the whole: whoever sees the case would see that part."""
    sealed = any(spec.visibility == Visibility.SEALED for spec in specs)
    return (Visibility.SEALED if sealed else Visibility.PUBLIC).value


def _promise(joined: Spec, specs: Sequence[Spec]) -> int:
    needed = max(longest_way(joined, answers) for answers in combinations(joined))
    return max(needed, *(spec.promised_days for spec in specs))


def _files(specs: Sequence[Spec], keys: Sequence[dict[str, str]]) -> tuple[Enclosure, ...]:
    found = []
    for spec, names in zip(specs, keys, strict=True):
        for file in spec.files:
            of = file.of if file.role == FileRole.RESULT else names.get(file.of, "")
            if of:
                found.append(replace(file, of=of))
    return _once(found)


def _comes(specs: Sequence[Spec], name: str) -> str:
    """Who must come for one part comes for the whole."""
    return "、".join(_once(getattr(spec.in_person, name) for spec in specs if getattr(spec.in_person, name)))


def _text(specs: Sequence[Spec], name: str) -> str:
    return "；".join(_once(getattr(spec.listing, name) for spec in specs if getattr(spec.listing, name)))


def _listing(specs: Sequence[Spec]) -> Listing:
    """The narrower of what is offered, all of what is bound."""
    rows = [spec.listing for spec in specs]
    ways = [way for way in rows[0].ways if all(way in row.ways for row in rows)]
    paid = any(spec.fees for spec in specs)
    return replace(
        rows[0],
        basic_code="",
        task_code="",
        entrusted_by=_text(specs, "entrusted_by"),
        ways=tuple(ways) or (Way.WINDOW.value,),
        visit_reason=_text(specs, "visit_reason") if any(spec.visits for spec in specs) else "",
        scope=max(row.scope for row in rows),
        quota=_text(specs, "quota"),
        online_depth=min(row.online_depth for row in rows),
        online_payment=paid and all(row.online_payment for row in rows),
        appointment=all(row.appointment for row in rows),
        courier=all(row.courier for row in rows),
        intermediary=_text(specs, "intermediary"),
        person_themes=_once(text for row in rows for text in row.person_themes),
        firm_themes=_once(text for row in rows for text in row.firm_themes),
        rights=_text(specs, "rights"),
        duties=_text(specs, "duties"),
    )


@dataclass(frozen=True)
class Saved:
    """What one application spares against several: papers to bring, visits, working days one after the other."""

    papers: int
    visits: int
    days: int


def saved(joined: Spec, pieces: Sequence[Piece]) -> Saved:
    """For whoever has the longest lists; never below zero."""

    def papers(spec: Spec) -> int:
        return max(len(selected(spec, answers).asked) for answers in combinations(spec))

    specs = [piece.spec for piece in pieces]
    return Saved(
        max(0, sum(papers(spec) for spec in specs) - papers(joined)),
        max(0, sum(spec.visits for spec in specs) - joined.visits),
        max(0, sum(spec.promised_days for spec in specs) - joined.promised_days),
    )


# What an editor may have set on a joint thing, and keeps when a part has a newer version.
KEPT = (
    *("name", "summary", "window_post", "decider_post", "place", "hours", "phone", "complaint_phone"),
    *("joint_decision", "synonyms", "questions"),
)


def composed_anew(joined: Spec, pieces: Sequence[Piece]) -> Spec:
    """The composition of the parts as they are now, with what the editor set kept: words, posts, place, and a shorter
    promise where the steps still fit into it."""
    fresh = compose(joined.name, pieces)
    kept: dict[str, Any] = {name: getattr(joined, name) for name in KEPT}
    needed = max(longest_way(fresh, answers) for answers in combinations(fresh))
    return replace(fresh, **kept, promised_days=max(needed, min(joined.promised_days, fresh.promised_days)))
