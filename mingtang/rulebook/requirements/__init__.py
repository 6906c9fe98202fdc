"""The publication gate: what an item version still lacks. The editor's to-do list is this list.

What a spec says by itself is asked in ``text``, ``listed`` and ``situated`` (pure), what the guard stops of it in
``words``; what it says of the town's laws, posts and other items is asked here and in ``proofs``.
"""

from collections.abc import Iterator

from django.utils import timezone

from mingtang import guard
from mingtang.files.models import StoredFile
from mingtang.flows import model as flow_model
from mingtang.people.enums import Permission as P
from mingtang.people.models import Post
from mingtang.rulebook import enclosed, fee_rules
from mingtang.rulebook.laws.resolve import dead_bases
from mingtang.rulebook.models import Version
from mingtang.rulebook.requirements import listed, proofs, situated, text, words
from mingtang.rulebook.requirements.issue import Issue
from mingtang.rulebook.requirements.text import FLOW, PAPERS, six
from mingtang.rulebook.spec import Spec, flow_of
from mingtang.towns.models import Jurisdiction

__all__ = ["Issue", "alone", "gate", "lanes", "post_codes", "rules", "six"]


def post_codes(spec: Spec) -> list[str]:
    """The posts a spec names, in the order they act."""
    codes = [spec.window_post, *(step.post for step in spec.steps), spec.decider_post]
    return list(dict.fromkeys(code for code in codes if code))


def _posts(town: Jurisdiction, spec: Spec) -> dict[str, Post]:
    rows = Post.objects.filter(town=town, code__in=post_codes(spec)).select_related("unit")
    return {post.code: post for post in rows}


def lanes(town: Jurisdiction, spec: Spec) -> dict[str, str]:
    """Post code → name shown in the flow, for the posts a spec names."""
    return {code: str(post) for code, post in _posts(town, spec).items()}


def _unfit(spec: Spec, posts: dict[str, Post]) -> Iterator[str]:
    """Posts that are not there, or that may not do what the process will ask of them: nobody could go on from there."""
    for code in post_codes(spec):
        if code not in posts:
            yield f"组织里没有代码为“{code}”的岗位。请先登记岗位，或者改正代码。"
        elif posts[code].unit.dissolved_on:
            yield f"岗位“{posts[code].name}”所在的“{posts[code].unit.name}”已经撤销，请换一个岗位。"
    asked = [(spec.window_post, P.CASE_INTAKE), *((step.post, P.CASE_WORK) for step in spec.steps)]
    for code, power in dict.fromkeys([*asked, (spec.decider_post, P.CASE_DECIDE)]):
        if code in posts and power not in posts[code].permissions:
            yield f"岗位“{posts[code]}”没有“{power.label}”的权限，办到那里就走不下去。请换岗位，或者先给它加上角色。"


def _enclosures(town: Jurisdiction, spec: Spec) -> list[Issue]:
    """A file the guide offers must lie in the store, open, and be one that everybody may read."""
    named = {file.sha256: file.name for file in spec.files}
    rows = StoredFile.objects.filter(town=town, sha256__in=named, sealed=False)
    lost = set(named) - set(rows.values_list("sha256", flat=True)) if named else set()
    found = [Issue("files", f"文件“{named[one]}”不在存储里，请删去，重新上传。", PAPERS) for one in sorted(lost)]
    bad = enclosed.unfit(town, named) if named else ()
    return found + [Issue("files", f"文件“{name}”：{first[0].message}改好再传。", PAPERS) for name, first in bad]


def alone(spec: Spec) -> list[Issue]:
    """What keeps a spec from being published that it shows by itself, whatever the town: for lists of drafts. Pure."""
    return six(spec) + text.rules(spec) + listed.rules(spec) + situated.rules(spec)


def gate(version: Version, spec: Spec | None = None, lists: guard.Lists | None = None) -> list[Issue]:
    """Everything that keeps this version from being published; empty when nothing does. ``spec``: the text it would
    have, if not its own. ``lists`` are the town's own words for who asks about many of its items; else they are read.
    """
    spec = version.spec if spec is None else spec
    lists = guard.lists_of(version.item.town_id) if lists is None else lists
    return rules(version, spec) + _without_waived(version, words.rules(spec, lists))


def _without_waived(version: Version, found: list[Issue]) -> list[Issue]:
    """But for what a second person let stand in exactly these texts; asked for only where something could be."""
    if not any(issue.may_be_waived for issue in found):
        return found
    held = version.waivers.held()
    return [issue for issue in found if not (issue.finding and issue.finding.is_waived(held))]


def rules(version: Version, spec: Spec) -> list[Issue]:
    """The gate but for the guard: what is announced is public, and a word listed since keeps it back no more."""
    item, found = version.item, alone(spec)
    found += [Issue(*row) for row in dead_bases(item.town, spec)]
    found += [Issue(*row) for row in fee_rules.too_low(item.town, spec, timezone.localdate())]
    if item.unit is None:
        found.append(Issue("unit", "没有选定实施单位。"))
    elif item.unit.dissolved_on:
        found.append(Issue("unit", f"实施单位“{item.unit.name}”已经撤销，请换成现在的单位。"))
    posts = _posts(item.town, spec)
    found += [Issue("steps", sentence, FLOW) for sentence in _unfit(spec, posts)]
    if spec.window_post and spec.decider_post:
        names = {code: str(post) for code, post in posts.items()}
        flow = flow_of(spec, code=item.code, number=1, lanes=names)
        found += [Issue("steps", sentence, FLOW) for sentence in flow_model.validate(flow)]
    return found + _enclosures(item.town, spec) + proofs.rules(item, spec)
