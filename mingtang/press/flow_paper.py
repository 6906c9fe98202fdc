"""The flowchart of an item in force as a poster for the hall: one A3 sheet."""

from typing import Any

from django.utils import timezone

from mingtang.cases.timings import step_times
from mingtang.flows import sheet, wording
from mingtang.flows.legend import legend
from mingtang.ledger import service as ledger
from mingtang.press.render import render
from mingtang.rulebook.models import Version


def data_of(version: Version) -> dict[str, Any]:
    """What the sheet prints: the drawing of the bytes that run, the same in words, and what they are known by."""
    item, town, bpmn = version.item, version.item.town, bytes(version.bpmn)
    times, lanes = step_times(version), sheet.has_lanes(bpmn)
    data: dict[str, Any] = {
        "title": version.name,
        "organ": town.site_name,
        "item_code": item.code,
        "version": version.number,
        "in_force_on": timezone.localdate(version.in_force_at).isoformat(),
        "drawing": sheet.sheet_svg(bpmn, times),
        "legend": [{"svg": sign.svg, "words": sign.words} for sign in legend(bpmn, times, lanes=lanes)],
        "sha256": version.sha256,
        "flow_sha256": version.flow_sha256,
        "demo": town.is_demo,
        "check_url": f"{town.base_url}/services/{item.code}/flow",
    }
    if lanes:
        data |= {"steps": wording.steps(bpmn, times), "specials": wording.specials(bpmn)}
    if checkpoint := ledger.latest(town):
        words = ledger.words_of(checkpoint.root).split()
        data["checkpoint"] = {"origin": checkpoint.origin, "size": checkpoint.size, "words": words}
    return data


def pdf(version: Version) -> bytes:
    """PDF bytes. Raises ``PaperUnavailable`` when this machine cannot make it now."""
    return render("flowchart", data_of(version))
