"""What was kept of an application, at a glance: what is done, what is still missing, what no longer fits."""

from collections.abc import Iterator

from mingtang.cases.applicant_form import PROOF
from mingtang.cases.models import ApplicationDraft
from mingtang.portal.applying import Draft
from mingtang.rulebook import situations
from mingtang.rulebook.spec import Spec

Row = tuple[str, str, str, str]  # what, word, tone, how to mend it


def glance(draft: Draft) -> list[Row]:
    """A line for the answers, one for the applicant, one for each paper, as it stands under the version in force."""
    return [*_answers(draft), *_applicant(draft), *_papers(draft)]


def _answers(draft: Draft) -> Iterator[Row]:
    if not draft.spec.situations:
        return
    if draft.wrong:
        yield "您的情况", f"还有 {len(draft.wrong)} 句没有答", "late", "答完才知道要交哪些材料。"
    else:
        yield "您的情况", "答好了", "done", ""


def _applicant(draft: Draft) -> Iterator[Row]:
    """Checked as it will be when it is handed in."""
    what, checked = "您是谁、怎样联系您", draft.checked()
    if checked.applicant() is None:
        sentences = [text for texts in checked.form.errors.values() for text in texts]
        yield what, "还没有填好", "late", "".join([*sentences, checked.unproved])
    elif checked.doubts:
        yield what, "请再看一眼", "today", "".join(checked.doubts.values())
    else:
        yield what, "填好了", "done", ""


def _papers(draft: Draft) -> Iterator[Row]:
    if draft.wrong:
        return
    for material in draft.asked:
        files = draft.kept.files.get(material.key, [])
        if files:
            yield material.name, f"传了 {len(files)} 个文件", "done", "、".join(row[1] for row in files)
        elif draft.how(material) == "upload":
            yield material.name, "还没有传", "late", "选了“现在上传”。也可以改选“带到窗口”。"
        else:
            yield material.name, "带到窗口", "todo", ""


def unfit(saved: ApplicationDraft) -> list[str]:
    """What was kept and the version in force no longer asks, a sentence each."""
    return [*_unfit_answers(saved), *_unfit_files(saved)]


def _unfit_answers(saved: ApplicationDraft) -> Iterator[str]:
    spec, typed = saved.item.current.spec, saved.typed
    asked = {situation.key for situation in spec.situations}
    for situation in saved.version.spec.situations:
        if situation.key not in asked and typed.get(situations.field_of(situation.key)):
            yield f"“{situation.question}”现在不用答了。"
    _, wrong = situations.from_form(spec, typed)
    for situation in spec.situations:
        field = situations.field_of(situation.key)
        if field in wrong and typed.get(field):
            yield f"“{situation.question}”您答过的，现在没有这个答案了，请重新选。"


def _unfit_files(saved: ApplicationDraft) -> Iterator[str]:
    spec = saved.item.current.spec
    answers, wrong = situations.from_form(spec, saved.typed)
    brought = {material.key for material in spec.materials if not material.fetched_by_us} | {PROOF}
    asked = brought if wrong else {material.key for material in situations.selected(spec, answers).asked} | {PROOF}
    names = _names(saved.version.spec) | _names(spec)
    for key, rows in saved.slots.items():
        if rows and key not in brought:
            yield f"“{names.get(key, '以前的一份材料')}”现在不用交了，您传过的 {len(rows)} 个文件不会用。"
        elif rows and key not in asked:
            yield f"照您的回答，“{names[key]}”不用交，您传过的 {len(rows)} 个文件先留着，不会提交。"


def _names(spec: Spec) -> dict[str, str]:
    return {material.key: material.name for material in spec.materials}
