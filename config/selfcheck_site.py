"""The official site rules in ``mingtang selfcheck``: a table for people, ``--json`` for programs."""

import json
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from mingtang.inspection import running
from mingtang.inspection.models import SiteCheck
from mingtang.inspection.result import LABELS, Outcome, Verdict
from mingtang.towns.models import Jurisdiction, Level

STYLES = {Verdict.PASS: "green", Verdict.FAIL: "red", Verdict.NOT_APPLICABLE: "", Verdict.PERSON: "yellow"}
SHOWN = 3


def run(json_file: str | None) -> int:
    """Check the site of every town, print what was found, write it to a file; how many rules failed."""
    found = [_check(town) for town in Jurisdiction.objects.filter(level=Level.TOWN).order_by("code")]
    if json_file:
        data = [
            {
                "town": one.town.code,
                "at": one.at.isoformat(),
                "pages": one.pages,
                "kinds": one.kinds,
                "outcomes": one.outcomes,
            }
            for one in found
        ]
        Path(json_file).write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return sum(one.failed for one in found)


def _check(town: Jurisdiction) -> SiteCheck:
    with Progress(
        TextColumn(f"查{town.name}的网站"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("", total=None)
        outcomes, kept = running.run(town, lambda done, known: bar.update(task, completed=done, total=known))
    _print(town, outcomes, kept)
    _print_kinds(kept)
    return kept


def _print(town: Jurisdiction, outcomes: list[Outcome], kept: SiteCheck) -> None:
    title = f"{town.name}：查了 {kept.pages} 个地址，用了 {kept.seconds} 秒"
    table = Table(title=title, title_justify="left", show_lines=True)
    for name in ("检查项", "结果", "地址和所见"):
        table.add_column(name)
    for outcome in outcomes:
        evidence = [f"{one.address}　{one.found}" for one in outcome.shown[:SHOWN]]
        if len(outcome.evidence) > SHOWN:
            evidence.append(f"还有 {len(outcome.evidence) - SHOWN} 处")
        if outcome.verdict == Verdict.FAIL:
            evidence.append(f"怎么改：{outcome.rule.mend}（{outcome.rule.owner}）")
        name = outcome.rule.name + ("（单项否决）" if outcome.rule.veto else "")
        verdict = Text(LABELS[outcome.verdict], style=STYLES[outcome.verdict])
        table.add_row(Text(name), verdict, Text("\n".join(evidence)))
    Console(soft_wrap=False).print(table)


def _print_kinds(kept: SiteCheck) -> None:
    """How many of each kind of page were looked at: those that are too many, line by line, the others together."""
    partly = [kind for kind in kept.kinds if kind["seen"] < kind["known"]]
    table = Table(
        title=f"网址有 {len(kept.kinds)} 种，{len(kept.kinds) - len(partly)} 种全部查了", title_justify="left"
    )
    for name in ("网址的样子", "查了", "共有"):
        table.add_column(name)
    for kind in partly:
        table.add_row(Text(kind["form"]), f"{kind['seen']:,}", f"{kind['known']:,}")
    Console().print(table if partly else table.title)
