"""What is still missing before an edition may go on: the form, the to-do list and the gate share it."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote

from mingtang import guard
from mingtang.disclosure import terms
from mingtang.disclosure.kinds import kind_of, life
from mingtang.disclosure.kinds.facts import missing, texts
from mingtang.disclosure.models import Attachment, Document, Revision
from mingtang.disclosure.stories import claims, reprints
from mingtang.files.reading import kept
from mingtang.lib.errors import Refused


@dataclass(frozen=True)
class Issue:
    """``blocks`` stops the edition; otherwise it is a warning to look at. ``field`` is the form field it is about.

    ``finding`` is what the guard found, its ``part`` being where; ``waived``: a second person let it stand.
    """

    field: str
    sentence: str
    blocks: bool = True
    finding: guard.Finding | None = None
    waived: bool = False

    @property
    def may_be_waived(self) -> bool:
        return self.blocks and self.finding is not None and self.finding.may_be_waived

    @property
    def warns(self) -> bool:
        return not self.blocks and not self.waived


def issues(document: Document, revision: Revision, lists: guard.Lists | None = None) -> list[Issue]:
    """Everything missing or dangerous in this revision, blocking issues first. ``lists`` are the town's own words for
    who asks about many of its documents; else they are read."""
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
    found += [Issue(fault.where, fault.sentence) for fault in life.faults(kind, revision.title, revision.facts)]
    if kind.claims:
        found += [Issue(one.field, one.sentence, True, one.finding) for one in claims.faults(document.town, revision)]
    if kind.code == reprints.KIND:
        found += [Issue(fault.where, fault.sentence) for fault in reprints.faults(revision.facts)]
    if kind.life and (named := revision.facts.get("fields", {}).get(kind.life.repeals, "")):
        found += [
            Issue(f"field-{kind.life.repeals}", f"要废止的“{number[:60]}”不是公开过的信息的索引号。请核对。")
            for number in terms.lacking(document, named)
        ]
    parts = [("标题", "title", revision.title), ("正文", "body", revision.body_text)]
    attachments = list(revision.attachments.all())
    for row, texts_of_row in read(attachments):
        parts += [(f"附件“{row.name}”{label and f'的{label}'}", "attachments", text) for label, text in texts_of_row]
        if re.fullmatch(r"图\d+\.\w+", row.name):
            sentence = f"图片“{row.name}”没有文字说明，看不见图的人不知道画的是什么。请在“修改”里写一句。"
            found.append(Issue("attachments", sentence, False))
    parts += [(f"附件名“{row.name}”", "attachments", row.name) for row in attachments]
    parts += [(f"“{label}”", "facts", text) for label, text in texts(kind, revision.facts)]
    if lists is None:
        lists = guard.lists_of(document.town_id)
    for label, field, text in parts:
        for finding in guard.check_many([(label, text)], lists=lists):
            found.append(Issue(field, finding.message, finding.blocks, finding))
    links = guard.links(revision.body_html)
    found += _in_addresses(document, links)
    found = _without_waived(revision, found)
    for link in links:
        if link.fault:
            found.append(Issue("body", f"正文：链接“{link.text or link.address}”{link.fault}。", False))
    return sorted(found, key=lambda issue: not issue.blocks)


def read(attachments: Collection[Attachment]) -> Iterator[tuple[Attachment, list[tuple[str, str]]]]:
    """Each attachment with what is in it, as its file was last read."""
    again = kept(row.file_id for row in attachments) if attachments else {}
    return ((row, again.get(row.file_id, row.parts)) for row in attachments)


def _without_waived(revision: Revision, found: list[Issue]) -> list[Issue]:
    """What a second person let stand in this text blocks no more; asked for only where something could be."""
    if not any(issue.may_be_waived for issue in found):
        return found
    held = set(revision.waivers.values_list("identity", flat=True))
    return [
        replace(issue, blocks=False, waived=True) if issue.finding and issue.finding.is_waived(held) else issue
        for issue in found
    ]


# What stands above the text, in form fields of their own or as a source stated it, and is shown or given out as data.
_ABOVE = ("index_number", "issuer", "doc_number", "method", "source", "source_id", "source_url", "theme_stated")
# In an address or a serial only these are looked for: a long serial is soon like the number of a card.
_POINT_AT_SOMEBODY = {"resident_id", "mobile"}
_SHORTEST = 11


def _in_addresses(document: Document, links: Iterable[guard.Link]) -> Iterator[Issue]:
    """Numbers that point at a person where no sentence stands: in the table above the text and where links lead."""
    texts = [(str(Document._meta.get_field(name).verbose_name), name, getattr(document, name)) for name in _ABOVE]
    texts += [("正文里链接的地址", "body", unquote(link.address)) for link in links]
    for label, field, text in texts:
        if len(text) < _SHORTEST:
            continue
        for finding in guard.check_numbers(label, text):
            if finding.kind in _POINT_AT_SOMEBODY:
                yield Issue(field, finding.message, finding.blocks, finding)


def check_complete(document: Document, revision: Revision, *, asking: bool = False) -> list[Issue]:
    """What does not block. Raises ``Refused`` with everything that does, in one sentence per issue; ``asking``: but for
    what a second person is asked to let stand."""
    found = issues(document, revision)
    blocking = [issue for issue in found if issue.blocks and not (asking and issue.may_be_waived)]
    if blocking:
        raise Refused(" ".join(issue.sentence for issue in blocking), field=blocking[0].field)
    return found
