"""What is still missing before an edition may go on: the form, the to-do list and the gate share it."""

import re
from dataclasses import dataclass

from mingtang import guard
from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.kinds.facts import missing, texts
from mingtang.disclosure.models import Document, Revision
from mingtang.lib.errors import Refused


@dataclass(frozen=True)
class Issue:
    """``blocks`` stops the edition; otherwise it is a warning to look at. ``field`` is the form field it is about.

    ``finding`` is what the guard found, its ``part`` being where.
    """

    field: str
    sentence: str
    blocks: bool = True
    finding: guard.Finding | None = None


def issues(document: Document, revision: Revision) -> list[Issue]:
    """Everything missing or dangerous in this revision, blocking issues first."""
    found: list[Issue] = []
    if not revision.title.strip():
        found.append(Issue("title", "还没有标题。请写上标题。"))
    if not revision.body_text.strip() and not revision.attachments.exists() and not revision.facts:
        found.append(Issue("body", "还没有正文，也没有附件。请写上正文或者上传附件。"))
    if not document.generated_on:
        found.append(Issue("generated_on", "还没有生成日期。请填写文件形成的日期。"))
    if not document.issuer:
        found.append(Issue("issuer", "还没有发布机构。请选择发布单位。"))
    kind = kind_of(document.kind)
    if kind.numbered and not document.doc_number:
        found.append(Issue("doc_number", f"{kind.name}要有文号。请填写文号，年份用〔〕括起来。"))
    found += [Issue(fault.where, fault.sentence) for fault in missing(kind, revision.facts)]
    parts = [("标题", "title", revision.title), ("正文", "body", revision.body_text)]
    attachments = list(revision.attachments.all())
    for row in attachments:
        parts += [(f"附件“{row.name}”{label and f'的{label}'}", "attachments", text) for label, text in row.parts]
        if re.fullmatch(r"图\d+\.\w+", row.name):
            sentence = f"图片“{row.name}”没有文字说明，看不见图的人不知道画的是什么。请在“修改”里写一句。"
            found.append(Issue("attachments", sentence, False))
    parts += [(f"附件名“{row.name}”", "attachments", row.name) for row in attachments]
    parts += [(f"“{label}”", "facts", text) for label, text in texts(kind, revision.facts)]
    for label, field, text in parts:
        for finding in guard.check_many([(label, text)]):
            found.append(Issue(field, finding.message, finding.blocks, finding))
    for link in guard.links(revision.body_html):
        if link.fault:
            found.append(Issue("body", f"正文：链接“{link.text or link.address}”{link.fault}。", False))
    return sorted(found, key=lambda issue: not issue.blocks)


def check_complete(document: Document, revision: Revision) -> None:
    """Raise ``Refused`` with everything that blocks, in one sentence per issue."""
    blocking = [issue for issue in issues(document, revision) if issue.blocks]
    if blocking:
        raise Refused(" ".join(issue.sentence for issue in blocking), field=blocking[0].field)
