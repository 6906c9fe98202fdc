"""适用新法: higher law changed while the case runs (法释〔2009〕20号 9). What the town changes never touches one."""

from collections.abc import Collection, Mapping

from django.utils import timezone

from mingtang.cases import letters, papers, requirements
from mingtang.cases.actions import kinds
from mingtang.cases.actions.deferring import defer
from mingtang.cases.actions.handling import text_of
from mingtang.cases.actions.intake import back_to_intake, locked
from mingtang.cases.enums import CaseState, ClockKind, MaterialState, Paper
from mingtang.cases.models import Case, CaseDocument, CaseMaterial, Demand
from mingtang.cases.policies import check_head
from mingtang.events.log import Actor
from mingtang.lib.errors import Refused
from mingtang.lib.text import chinese_date
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.rulebook.laws.levels import BurdenKind, may_base
from mingtang.rulebook.laws.resolve import resolve

MAX_LAW, MAX_DEMAND = 120, 200


def rebase(
    *,
    case: Case,
    law: str,
    article: str,
    dropped: Collection[str],
    added: Mapping[str, str],
    reason: str,
    by: Staff,
) -> CaseDocument:
    """What the new article no longer asks falls away at once; what it asks besides is the only further notice there is.

    ``dropped`` are keys of papers of the case; ``added`` key → how to mend. A case keeps its version: a paper that the
    version does not know cannot be asked for. While papers are being supplied the demand joins the notice; once
    accepted it follows until the promised day. Raises ``Refused`` where the article is not in force, is no law,
    regulation or rule above the town, or held already when the case was handed in.
    """
    now = timezone.now()
    with act():
        case = locked(case)
        letter, author = check_head("rebase", case, by)
        basis = _basis(case, law, article)
        reason = text_of(reason, "请写明新的规定改了什么。", "reason")
        if not dropped and not added:
            raise Refused("请选出不再要的材料，或者写明另外要的材料。", field="dropped")
        gone = _drop(case, dropped)
        asked = {key: text_of(text, "请写明怎样补。", "added", MAX_DEMAND) for key, text in added.items()}
        _ask(case, asked, author)
        paper = papers.freeze(
            case,
            Paper.REBASED,
            letters.rebased(
                case,
                basis,
                gone,
                [f"{case.version.spec.material(key).name}：{text}" for key, text in asked.items()],
                reason,
            ),
            type=kinds.REBASED,
            by=author,
            at=now,
            facts={"dropped": sorted(dropped), "added": sorted(asked), "basis": basis, "delegation": letter.number},
        )
        if case.state == CaseState.SUPPLEMENT_DUE and not requirements.missing(case):
            back_to_intake(case, author, now)
    return paper


def _basis(case: Case, law: str, article: str) -> str:
    """The article that changed, as it is printed."""
    law = text_of(law, "请写明是哪部法律、法规或者规章。", "law", MAX_LAW)
    article = text_of(article, "请写到哪一条。", "article", MAX_LAW)
    found = resolve(law, article, timezone.localdate(), case.town)
    if not found.holds or found.law is None:
        raise Refused(found.why, field="article")
    if not may_base(BurdenKind.MATERIAL, found.law.level):
        raise Refused("只有法律、法规和规章改了才可以。镇里自己的规定改了，正在办的照原来的版本办。", field="law")
    handed_in = timezone.localdate(case.submitted_at)
    if all(one.article.valid_from <= handed_in for one in found.found):
        told = f"这一条在{chinese_date(handed_in)}收件的时候就是这样，不是办理中改的，不能因此改要求。"
        raise Refused(told, field="article")
    return f"《{found.law.title}》{article}"


def _drop(case: Case, keys: Collection[str]) -> list[str]:
    """Papers that nobody has to bring any more: their names."""
    rows = list(case.materials.filter(material_key__in=keys))
    if len(rows) < len(set(keys)):
        raise Refused("选的材料里有这一件没有要的。请刷新后再看。", field="dropped")
    if any(row.state in {MaterialState.RECEIVED, MaterialState.FETCHED} for row in rows):
        raise Refused("已经收到的材料不用再免。请只选还没有交的。", field="dropped")
    case.materials.filter(material_key__in=keys).update(state=MaterialState.DROPPED)
    Demand.objects.filter(notice__case=case, material_key__in=keys, supplied_at__isnull=True).update(
        dropped_at=timezone.now()
    )
    return [case.version.spec.material(row.material_key).name for row in rows]


def _ask(case: Case, asked: Mapping[str, str], by: Actor) -> None:
    """The further demands: on the notice while papers are being supplied, or to follow an acceptance."""
    if not asked:
        return
    if case.state == CaseState.SUBMITTED:
        raise Refused("还没有受理。要另外的材料，请写进一次性告知；已经告知过的，请先受理。", field="added")
    held = {row.material_key for row in case.materials.all()}
    for key in asked:
        material = case.version.spec.material(key)
        if key in held:
            raise Refused(f"“{material.name}”这一件本来就要，不用另外要。", field="added")
        if material.fetched_by_us:
            raise Refused(f"“{material.name}”由我们调取，不能要求群众补交。", field="added")
    CaseMaterial.objects.bulk_create(
        CaseMaterial(case=case, material_key=key, order=len(held) + place) for place, key in enumerate(asked)
    )
    if case.state == CaseState.SUPPLEMENT_DUE:
        Demand.objects.bulk_create(
            Demand(notice=case.notice, material_key=key, how_to_mend=text) for key, text in asked.items()
        )
        return
    promise = case.clocks.get(kind=ClockKind.PROMISE, stopped_at__isnull=True)
    defer(case, dict.fromkeys(asked, promise.due_on), latest=promise.due_on, by=by, at=timezone.now())
