"""One self-check of a town's site: walk its pages, ask each rule, keep what was found."""

import time
import tomllib
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from mingtang.inspection.checks import CHECKS, Site
from mingtang.inspection.crawl import Progress, fetcher, walk
from mingtang.inspection.facts import gather
from mingtang.inspection.models import SiteCheck
from mingtang.inspection.result import LABELS, Outcome, Rule, Verdict
from mingtang.towns.models import Jurisdiction

PACK = Path(__file__).parent / "rules.toml"


@cache
def rules() -> tuple[Rule, ...]:
    rows = tomllib.loads(PACK.read_text(encoding="utf-8"))["rule"]
    return tuple(Rule(**row) for row in rows)


def check(site: Site) -> list[Outcome]:
    """Every rule in the order of the pack."""
    return [Outcome(rule, tuple(CHECKS[rule.code](site))) for rule in rules()]


def run(town: Jurisdiction, progress: Progress | None = None) -> tuple[list[Outcome], SiteCheck]:
    """Check a town now. The row that is kept holds what the desk shows."""
    began = time.perf_counter()
    fetch = fetcher(town)
    pages, kinds = walk(fetch, progress)
    left = sum(len(kind.waiting) for kind in kinds)
    outcomes = check(Site(timezone.localdate(), pages, left, gather(town), fetch))
    kept = SiteCheck.objects.create(
        town=town,
        at=timezone.now(),
        seconds=round(time.perf_counter() - began),
        pages=len(pages),
        left=left,
        kinds=[{"form": kind.form, "known": kind.known, "seen": kind.seen} for kind in kinds],
        failed=sum(outcome.verdict == Verdict.FAIL for outcome in outcomes),
        outcomes=[as_data(outcome) for outcome in outcomes],
    )
    return outcomes, kept


def as_data(outcome: Outcome) -> dict[str, Any]:
    """A rule's outcome as plain JSON, with all that a person needs to mend it."""
    rule = asdict(outcome.rule)
    return {
        **rule,
        "verdict": str(outcome.verdict),
        "label": LABELS[outcome.verdict],
        "count": len(outcome.evidence),
        "evidence": [
            {"verdict": str(one.verdict), "address": one.address, "found": one.found} for one in outcome.shown
        ],
    }
