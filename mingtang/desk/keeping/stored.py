"""Between a spec as it is stored and the form in which it is kept: what the one says by keys the other asks plainly."""

import copy
from typing import Any

from mingtang.rulebook.enums import FileRole, HolderNature, PowerHolder, PowerType, SilenceRule, Way

Data = dict[str, Any]
NATURES = {
    PowerHolder.OWN: HolderNature.ORGAN,
    PowerHolder.LAW_AUTHORISED: HolderNature.AUTHORISED,
    PowerHolder.ENTRUSTED: HolderNature.ENTRUSTED,
}


def unpack(data: Data) -> Data:
    """What the editor shows of stored data: neighbours with one group are done together, a result knows its name."""
    data = copy.deepcopy(data)
    before = None
    for step in data["steps"]:
        step["together"] = step["group"] is not None and step["group"] == before
        before = step["group"]
    for result in data["results"]:
        result["was"] = result["name"]
    ways = [way for way in data["listing"]["ways"] if way != Way.ONLINE]
    data["listing"]["ways"] = [*ways, Way.ONLINE.value] if data["online"] else ways
    return data


def pack(data: Data) -> Data:
    """Stored data of what the editor holds; what follows from other answers is not asked but worked out."""
    _groups(data["steps"])
    _rename(data)
    data["online"] = Way.ONLINE in data["listing"]["ways"]
    if data["power_holder"] in NATURES:
        data["listing"]["holder_nature"] = NATURES[PowerHolder(data["power_holder"])].value
    if not data["silence_rule"] and data["power_type"]:
        licence = data["power_type"] == PowerType.LICENCE
        data["silence_rule"] = (SilenceRule.STATUTORY if licence else SilenceRule.PROMISE).value
    return data


def _groups(steps: list[Data]) -> None:
    """Runs of steps that go together get one key, the one they had where they had one."""
    runs: list[list[Data]] = []
    for step in steps:
        if step.pop("together") and runs:
            runs[-1].append(step)
        else:
            runs.append([step])
    used: set[str] = set()
    for run in runs:
        had = [step["group"] for step in run if step["group"] and step["group"] not in used]
        fresh = next(key for n in range(1, 99) if (key := f"g{n}") not in used | {step["group"] for step in steps})
        key = None if len(run) == 1 else had[0] if had else fresh
        for step in run:
            step["group"] = key
        used |= {key} if key else set()


def _rename(data: Data) -> None:
    """A sample goes with its result when that is called otherwise."""
    names = {was: result["name"] for result in data["results"] if (was := result.pop("was"))}
    for file in data["files"]:
        if file["role"] == FileRole.RESULT:
            file["of"] = names.get(file["of"], file["of"])
