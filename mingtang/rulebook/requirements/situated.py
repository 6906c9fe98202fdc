"""What must hold of the questions an item asks, whoever answers them and however. Pure.

Every question must matter (nobody is asked what changes nothing, 个保 6), every condition must be met by somebody and
not by everybody, and whatever is answered the steps fit into the promise.
"""

from collections import Counter
from collections.abc import Iterator

from mingtang.flows import expressions
from mingtang.flows.model import KEY, OPINION, OWN_FLAGS
from mingtang.lib.errors import Refused
from mingtang.rulebook import situations as asked
from mingtang.rulebook.requirements.issue import Issue
from mingtang.rulebook.requirements.text import FEE, FLOW, PAPERS, TIME
from mingtang.rulebook.spec import Situation, Spec

_DISCLOSURE = {"materials": PAPERS, "steps": FLOW, "fees": FEE}
MAX_NUMBER = 1_000_000


def rules(spec: Spec) -> list[Issue]:
    """Questions and conditions one by one; only when these are whole, all that they can be answered with."""
    found = [*_labels(spec)]
    broken = [*_questions(spec), *_written(spec)]
    if not broken:
        broken = [*_together(spec)]
    return found + broken


def unanswerable(spec: Spec) -> list[str]:
    """What must be mended before anybody can be asked at all: then answers select nothing, and no bill can be made."""
    counted = {situation.key for situation in spec.situations if not situation.options}
    found = [issue.sentence for issue in (*_questions(spec), *_written(spec))]
    found += [
        f"收费“{fee.name}”按数量收，可是没有问这个数量。"
        for fee in spec.fees
        if fee.quantity and fee.quantity not in counted
    ]
    return list(dict.fromkeys(found))


def _questions(spec: Spec) -> Iterator[Issue]:
    if len(spec.situations) > asked.MAX_SITUATIONS:
        yield Issue("situations", f"要问的情况有 {len(spec.situations)} 个，最多 {asked.MAX_SITUATIONS} 个。", PAPERS)
    for key, count in Counter(situation.key for situation in spec.situations).items():
        if count > 1 or not KEY.fullmatch(key):
            yield Issue("situations", f"情况代码“{key}”重复或者不合规，请换一个小写字母开头的代码。", PAPERS)
        elif key in OWN_FLAGS or key.startswith(OPINION):
            yield Issue("situations", f"情况代码“{key}”是系统专用的，请换一个。", PAPERS)
    for situation in spec.situations:
        yield from _question(situation)


def _question(situation: Situation) -> Iterator[Issue]:
    name = f"情况“{situation.question or '（没有写问题）'}”"
    if not situation.question.strip():
        yield Issue("situations", "有一个情况没有写要问什么。", PAPERS)
    if not situation.options:
        if not situation.unit.strip() or not 1 <= situation.most <= MAX_NUMBER:
            yield Issue(
                "situations", f"{name}要列出答案；问数量的，要写单位和最多填多少（不超过 {MAX_NUMBER}）。", PAPERS
            )
        return
    keys = Counter(option.key for option in situation.options)
    labels = Counter(option.label.strip() for option in situation.options)
    if not 2 <= len(situation.options) <= asked.MAX_OPTIONS:
        yield Issue("situations", f"{name}要有 2 到 {asked.MAX_OPTIONS} 个答案。", PAPERS)
    if max(keys.values()) > 1 or not all(KEY.fullmatch(key) for key in keys):
        yield Issue("situations", f"{name}的答案代码重复或者不合规，请用小写字母开头的代码。", PAPERS)
    if max(labels.values()) > 1 or "" in labels:
        yield Issue("situations", f"{name}的答案要写清楚，不能相同，不能空着。", PAPERS)


def _labels(spec: Spec) -> Iterator[Issue]:
    """A condition and its words come together. Steps are asked by the flow itself, fees by their own rules."""
    for row in spec.materials:
        if bool(row.when) != bool(row.when_label.strip()):
            sentence = f"材料“{row.name}”的适用情形要有条件，也要有一句说明，两样都写或者都不写。"
            yield Issue("materials", sentence, PAPERS)


def _written(spec: Spec) -> Iterator[Issue]:
    """The conditions as written: in the language, about known situations, with answers that are offered."""
    known = {situation.key: situation for situation in spec.situations}
    for field, name, when in asked.conditions(spec):
        disclosure = _DISCLOSURE[field]
        try:
            names = expressions.check(when)
        except Refused as refusal:
            yield Issue(field, f"{name}的条件不能用：{refusal.message}", disclosure)
            continue
        if not names:
            yield Issue(field, f"{name}的条件没有用到任何情况，结果总是一样。请改正或者删去。", disclosure)
        elif not asked.is_plain(when):
            yield Issue(field, f"{name}的条件要把每个情况和写定的答案或者数比较。", disclosure)
        for one in sorted(names - set(known)):
            yield Issue(field, f"{name}的条件里“{one}”不是这个事项要问的情况。", disclosure)
        for one in sorted(names & set(known)):
            yield from _offered(field, name, when, known[one])


def _offered(field: str, name: str, when: str, situation: Situation) -> Iterator[Issue]:
    offered = {option.key for option in situation.options}
    for value in asked.compared_with(when, situation.key):
        if situation.options and value not in offered:
            yield Issue(field, f"{name}的条件里，“{situation.question}”没有“{value}”这个答案。", _DISCLOSURE[field])
        if not situation.options and (isinstance(value, str) or not 0 <= value <= situation.most):
            yield Issue(
                field,
                f"{name}的条件里，“{situation.question}”只能和 0 到 {situation.most} 的数比较。",
                _DISCLOSURE[field],
            )


def _together(spec: Spec) -> Iterator[Issue]:
    if (count := asked.how_many(spec)) > asked.MAX_COMBINATIONS:
        yield Issue("situations", f"情况组合起来有 {count} 种，太多了，群众答不清。请减少问题或者答案。", PAPERS)
        return
    conditions = [row for row in asked.conditions(spec) if row[0] != "fees"]
    open_ways = [answers for answers in asked.combinations(spec) if not asked.selected(spec, answers).bars]
    if not open_ways:
        yield Issue("situations", "怎样回答都办不了，没有人能办这件事。请核对答案。", PAPERS)
        return
    for field, name, when in conditions:
        met = {asked.holds(when, answers) for answers in open_ways}
        if met == {False}:
            yield Issue(field, f"{name}的条件没有人会遇到。请改正或者删去。", _DISCLOSURE[field])
        elif met == {True}:
            yield Issue(field, f"{name}的条件人人都符合，不用写条件。", _DISCLOSURE[field])
    yield from _useless(spec)
    yield from _time(spec)


def _useless(spec: Spec) -> Iterator[Issue]:
    used = {name for _, _, when in asked.conditions(spec) for name in expressions.check(when)}
    used |= {fee.quantity for fee in spec.fees}
    for situation in spec.situations:
        if situation.key not in used and not any(option.bars for option in situation.options):
            yield Issue("situations", f"“{situation.question}”怎样回答都一样，不要问群众用不上的情况。请删去。", PAPERS)


def _time(spec: Spec) -> Iterator[Issue]:
    """Steps one after the other, the longest of those side by side: never beyond the promise, which holds as well for
    whoever is barred and applies all the same."""
    if spec.promised_days <= 0:
        return
    longest = max(asked.longest_way(spec, answers) for answers in asked.combinations(spec))
    if longest > spec.promised_days:
        yield Issue(
            "steps", f"各环节加起来要 {longest} 个工作日，比承诺的 {spec.promised_days} 个工作日长。请调整。", TIME
        )
