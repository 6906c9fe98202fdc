"""真实性抽查 as public pages show it: only results that were published, and never who inspected."""

from collections import Counter
from dataclasses import replace
from typing import Any

from mingtang.scrutiny.enums import SampleState, Truth
from mingtang.scrutiny.models import Sample, SampleRound
from mingtang.scrutiny.statements import TAKEN_DOWN, Statement, gone
from mingtang.towns.viewer import Viewer

WORDS = {
    Truth.MATCHES: ("与原始账册相符", "done"),
    Truth.DIFFERS: ("与原始账册不符", "late"),
    Truth.UNFOUNDED: ("查不到依据", "today"),
}


def result(sample: Sample) -> dict[str, Any]:
    """A published result in words. ``round``, ``unit`` and ``duty`` come with the row."""
    words, tone = WORDS[Truth(sample.verdict)]
    return {
        "month": f"{sample.seen_on.year}年{sample.seen_on.month}月",
        "words": words,
        "tone": tone,
        "spot": sample.spot,
        "text": sample.text,
        "seen_on": sample.seen_on,
        "found": sample.found,
        "reply": sample.reply,
        "round": sample.round.number,
        "duty": sample.duty.code if sample.duty else "",
    }


def _published(viewer: Viewer) -> Any:
    rows = Sample.objects.visible_to(viewer).filter(state=SampleState.SHOWN).select_related("round", "unit", "duty")
    return rows.defer("round__pool")


def under(viewer: Viewer, about: str) -> list[dict[str, Any]]:
    """What was found of the statements of one page, newest first."""
    rows = _published(viewer).filter(about=about).order_by("-seen_on", "-pk")
    return [result(row) for row in rows]


def drawn(viewer: Viewer, row: SampleRound) -> list[dict[str, Any]]:
    """Every statement that was drawn, in its order, with its result where there is one to be told. Of what was taken
    down since only that it was."""
    held = {sample.place: result(sample) for sample in _published(viewer).filter(round=row)}
    picked = [row.pool[number - 1] for number in row.picked or []]
    away, found = gone(row.town, picked), []
    for place, (number, cells) in enumerate(zip(row.picked or [], picked, strict=True), 1):
        said = Statement(*cells)
        if said.about in away:
            said = replace(said, spot=TAKEN_DOWN, text=TAKEN_DOWN)
        found.append({"place": place, "number": number, "said": said, "result": held.get(place)})
    return found


def counts(results: list[dict[str, Any]], wanted: int) -> list[tuple[str, int]]:
    """How many of each verdict, and how many still wait; these add up to what was drawn."""
    by = Counter(one["words"] for one in results)
    return [*((words, by[words]) for words, _ in WORDS.values()), ("还在核对", wanted - len(results))]
