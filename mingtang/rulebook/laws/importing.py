"""Taking a collection of laws into the library. Repeating changes nothing; a corrected source corrects our copy."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError

from mingtang.lib.errors import Refused
from mingtang.lib.importing import Counts, Report, Result
from mingtang.lib.tx import act
from mingtang.rulebook.laws.actions import NewArticle, NewLaw, abolish, add_law, correct
from mingtang.rulebook.laws.citing import title_key, title_keys
from mingtang.rulebook.laws.reading import LawReading
from mingtang.rulebook.models import Law
from mingtang.towns.models import Jurisdiction


def import_laws(readings: Iterable[LawReading], *, town: Jurisdiction | None = None, report: Report) -> Counts:
    """Take them all in, each in a transaction of its own; ``report`` is told of each.

    ``town`` None is the national library. Known again by title and day of effect. A law the source calls dead from a
    day on is abolished, also when it was taken in before.
    """
    counts = Counts()
    seen: dict[tuple[str, str], str] = {}
    for reading in readings:
        reasons: tuple[str, ...] = ()
        try:
            result = _import(reading, town, seen)
        except Refused as refusal:
            result, reasons = Result.REFUSED, (refusal.message,)
        except IntegrityError:
            result, reasons = Result.REFUSED, ("另一次导入正在收同一部法规，请等它完成后再导入一次。",)
        counts.add(result)
        report(_line(reading, result, reasons))
    return counts


def _import(reading: LawReading, town: Jurisdiction | None, seen: dict[tuple[str, str], str]) -> Result:
    if reading.reasons:
        raise Refused("".join(reading.reasons))
    identity = title_key(reading.title), str(reading.effective_on)
    if identity in seen:
        raise Refused(f"和{seen[identity]}是同一部法规的同一个版本，只收了前一份，请核对。")
    with act():
        law = Law.objects.filter(town=town, key=identity[0], effective_on=reading.effective_on).first()
        if law is None:
            law, result = add_law(_new(reading), town=town), Result.CREATED
        else:
            result = _again(law, _new(reading, law))
        if _end(law, reading) and result == Result.UNCHANGED:
            result = Result.UPDATED
    seen[identity] = reading.origin
    return result


def _new(reading: LawReading, law: Law | None = None) -> NewLaw:
    """The reading as a law; what only we know of a law we have (short titles, empty columns of the source) stays."""
    if reading.effective_on is None:
        raise Refused("没有施行日期，不能收下。")

    def kept(name: str) -> Any:
        return getattr(reading, name) or (getattr(law, name) if law else getattr(reading, name))

    shorts = [*(law.short_titles if law else []), *reading.short_titles]
    return NewLaw(
        title=reading.title,
        level=reading.level,
        effective_on=reading.effective_on,
        articles=tuple(NewArticle(row.number, row.sub, row.text) for row in reading.articles),
        region=kept("region"),
        issuer=kept("issuer"),
        doc_number=kept("doc_number"),
        published_on=kept("published_on"),
        inferred=reading.inferred,
        expired=reading.expired,
        abolish_reason=reading.abolish_reason,
        source_id=kept("source_id"),
        short_titles=tuple(dict.fromkeys(shorts)),
    )


def _again(law: Law, new: NewLaw) -> Result:
    same = all(getattr(law, name) == value for name, value in new.columns().items())
    # What was amended here since is no difference: the source tells how the law read at first.
    first = law.articles.filter(valid_from=law.effective_on).order_by("order")
    rows = list(first.values_list("number", "sub", "text"))
    if same and rows == [(row.number, row.sub, row.text) for row in new.articles]:
        return Result.UNCHANGED
    correct(law=law, new=new)
    return Result.UPDATED


def _end(law: Law, reading: LawReading) -> bool:
    """Record the end a source states; true when that was news."""
    if reading.abolished_on is None:
        return False
    law = Law.objects.get(pk=law.pk)
    if law.abolished_on is not None and law.abolished_on <= reading.abolished_on:
        return False
    by = None
    if reading.replaced_by:
        rows = Law.objects.filter(town__isnull=True, found_under__name__in=title_keys(reading.replaced_by))
        by = rows.exclude(pk=law.pk).filter(effective_on__lte=reading.abolished_on).order_by("effective_on").last()
        if by is None:
            reading.note("replaced_by", f"法规库里没有替代它的《{reading.replaced_by}》，没有关联，请先收录再导入。")
    reason = reading.abolish_reason or "来源载明"
    abolish(law=law, on=reading.abolished_on, reason=reason, replaced_by=by)
    return True


def _line(reading: LawReading, result: Result, reasons: tuple[str, ...]) -> dict[str, Any]:
    """One line of the report."""
    return {
        "origin": reading.origin,
        "result": str(result),
        "reasons": list(reasons),
        "source_id": reading.source_id,
        "title": reading.title,
        "articles": reading.numbered,
        "problems": [{"field": problem.field, "sentence": problem.sentence} for problem in reading.problems],
    }
