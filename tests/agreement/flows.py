"""The process of a version: as a file, in words, drawn, and run to its end for one applicant."""

import re
from collections import Counter
from typing import Any

from lxml import etree

from mingtang.flows import engine
from mingtang.flows.expressions import Flag
from mingtang.lib.errors import Refused
from tests.agreement.oracle import Answers, Disagrees, Row, Version, agree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SVG = "{http://www.w3.org/2000/svg}"
FIXED = {"intake", "supply", "decide", "serve"}
OWN_WAYS = ("intake ==", "intake in", "route ==")  # the ways of the lifecycle, which every item has
LIMIT, SERVE_DAYS = "个工作日", 10


def squeezed(text: str) -> str:
    """Without white space: where lines break says nothing."""
    return "".join(text.split())


def limit(days: int) -> str:
    return f"限 {days} 个工作日"


def file_holds(bpmn: bytes, version: Version) -> None:
    """The BPMN has the steps of the version, each at its post, with its limit and its condition, and no others."""
    process = etree.fromstring(bpmn).find(f"{BPMN}process")
    steps, specials = version.data["steps"], version.data["procedures"]
    tasks = {task.get("id"): task for task in process.iter(f"{BPMN}userTask")}
    begun = {f"suspended_{number}" for number in range(1, len(specials) + 1)}
    agree("file", "tasks", set(tasks), FIXED | {one["key"] for one in steps} | begun | _above(version))
    lanes = {ref.text: lane.get("name") for lane in process.iter(f"{BPMN}lane") for ref in lane}
    if above := _above(version):
        agree("file", "above", [lanes[key] for key in above], [version.data["superior"]["organ"]])
    into: dict[str, list[tuple[str, str]]] = {key: [] for key in tasks}
    for flow in process.iter(f"{BPMN}sequenceFlow"):
        when = flow.findtext(f"{BPMN}conditionExpression") or ""
        if when and not when.startswith(OWN_WAYS):
            into.setdefault(flow.get("targetRef"), []).append((when, flow.get("name")))
    for one in steps:
        task = tasks[one["key"]]
        said = (task.get("name"), lanes[one["key"]], task.findtext(f"{BPMN}documentation"), into[one["key"]])
        when = [(one["when"], one["when_label"])] if one["when"] else []
        agree("file", "step", said, (one["name"], version.posts[one["post"]], limit(one["working_days"]), when))
    agree("file", "intake", tasks["intake"].findtext(f"{BPMN}documentation"), limit(version.data["intake_days"]))


def _above(version: Version) -> set[str]:
    """The task of the organ that decides in the town's stead, where there is one."""
    return {"reported_up"} if version.data["superior"]["organ"] else set()


def words_say(sentences: list[str], version: Version) -> None:
    """One sentence for each position: submission, intake, the steps, decision, service, end; each step in its own."""
    stages = version.all_stages
    agree("words", "positions", len(sentences), len(stages) + 5)
    for sentence, stage in zip(map(squeezed, sentences[2:-3]), stages, strict=True):
        agree("words", "limits", sentence.count(LIMIT), len(stage))
        agree("words", "side by side", sentence.startswith("同时办理："), len(stage) > 1)
        for one in stage:
            said = f"{one['name']}（{version.posts[one['post']]}，{limit(one['working_days'])}"
            said += f"，只在“{one['when_label']}”时办，不需要就跳过）" if one["when"] else "）"
            agree("words", one["key"], squeezed(said) in sentence, True)


def drawing_shows(svg: str, version: Version) -> None:
    """A box for each step with name and limit, and no other box; each condition is written beside it."""
    boxes, beside = _boxes(svg)
    fixed = len(FIXED) + len(version.data["procedures"]) + len(_above(version))
    limits = Counter(re.search(r"限\d+个工作日", box).group() for box in boxes if LIMIT in box)
    wanted = Counter(squeezed(limit(days)) for days in (version.data["intake_days"], SERVE_DAYS))
    wanted += Counter(squeezed(limit(one["working_days"])) for one in version.data["steps"])
    agree("drawing", "limits", limits, wanted)
    ends = sum(bool(re.match(r"\d+\.(?:提交申请|结束：)", box)) for box in boxes)  # circles in the lanes
    agree("drawing", "boxes", len(boxes) - ends - len(version.data["steps"]), fixed)
    for one in version.data["steps"]:
        named = [box for box in boxes if squeezed(one["name"]) in box and squeezed(limit(one["working_days"])) in box]
        agree("drawing", one["key"], bool(named), True)
        if one["when"]:
            told = squeezed(one["when_label"])
            agree("drawing", f"condition of {one['key']}", told in beside or any(told in box for box in named), True)


def _boxes(svg: str) -> tuple[list[str], str]:
    """What stands in the rounded boxes, and everything else that is written."""
    root = etree.fromstring(svg)
    boxes: list[str] = []
    beside = ""
    for parent in root.iter(f"{SVG}g", f"{SVG}svg"):
        rects = [box for box in parent.findall(f"{SVG}rect") if box.get("rx") == "8"]
        inside: list[str] = ["" for _ in rects]
        for text in parent.findall(f"{SVG}text"):
            number = next((n for n, box in enumerate(rects) if _within(text, box)), None)
            if number is None:
                beside += text.text or ""
            else:
                inside[number] += text.text or ""
        boxes += map(squeezed, inside)
    return boxes, squeezed(beside)


def _within(text: Any, box: Any) -> bool:
    x, y, left, top, wide, high = (
        float(one.get(name))
        for one, name in ((text, "x"), (text, "y"), *((box, n) for n in ("x", "y", "width", "height")))
    )
    return left <= x <= left + wide and top <= y <= top + high


def process_runs(bpmn: bytes, flags: dict[str, Flag], version: Version, answers: Answers) -> None:
    """The engine offers exactly the steps of this way, in order and side by side, however often they are done again,
    and lets every special procedure begin among them."""
    stages = version.stages(answers)
    result = engine.start(bpmn, flags)
    _offers(result, {"intake"})
    result = engine.act(bpmn, result.state, "accept")
    result = _suspended(bpmn, result, version)
    result = _worked(bpmn, result, version, stages)
    for _ in range(2 if stages else 0):
        result = engine.act(bpmn, result.state, "redo", step=stages[0][0]["key"])
        result = _worked(bpmn, result, version, stages)
    decided = (("decide", {"serve"}),)
    if above := _above(version):
        up = ("send_up", above)
        decided = (up, ("returned_from_above", {"decide"}), up, ("record_result", {"serve"}))
    for act, offered in (*decided, ("serve", set())):
        result = engine.act(bpmn, result.state, act, decision="granted")
        _offers(result, offered)
    agree("process", "ends", result.finished, True)


def _worked(bpmn: bytes, result: engine.Result, version: Version, stages: list[list[Row]]) -> engine.Result:
    for stage in stages:
        left = {one["key"]: one for one in stage}
        for key in reversed(list(left)):
            _offers(result, set(left))
            lanes = {task.key: task.lane_name for task in result.ready}
            agree("process", "post", lanes[key], version.posts[left.pop(key)["post"]])
            result = engine.act(bpmn, result.state, "opinion", step=key, opinion="agree")
    _offers(result, {"decide"})
    return result


def _offers(result: engine.Result, keys: set[str]) -> None:
    agree("process", "offers", {task.key for task in result.ready}, keys)


def _suspended(bpmn: bytes, result: engine.Result, version: Version) -> engine.Result:
    """Each special procedure begins and ends; one more than the version has does not."""
    count = len(version.data["procedures"])
    before = {task.key for task in result.ready}
    for number in range(1, count + 1):
        result = engine.act(bpmn, result.state, "suspend", n=number)
        _offers(result, before | {f"suspended_{number}"})
        result = engine.act(bpmn, result.state, "resume", n=number)
        _offers(result, before)
    try:
        engine.act(bpmn, result.state, "suspend", n=count + 1)
    except Refused:
        return result
    raise Disagrees("process", "special procedures", count + 1, count)
