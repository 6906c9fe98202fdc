"""网站标识: the marks that the foot of every page must carry, and the act that registers them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mingtang.events import types
from mingtang.events.log import record
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_may
from mingtang.towns.models import Jurisdiction

MARKED = types.define("marks.registered", "登记网站标识", public=True)


@dataclass(frozen=True)
class Mark:
    """A field of the town, how it is written, and an example of that."""

    field: str
    label: str
    pattern: str
    example: str


MARKS = (
    Mark("sponsor", "主办单位", r"[\u4e00-\u9fff（）]{4,40}", "某某镇人民政府"),
    Mark("site_code", "网站标识码", r"\d{10}|bm\d{8}", "4306230001，十位数字"),
    Mark("icp_record", "ICP备案号", r"[\u4e00-\u9fff]ICP备\d{8,10}号(-\d{1,3})?", "湘ICP备12345678号-1"),
    Mark("police_record", "公安备案号", r"[\u4e00-\u9fff]公网安备 ?\d{14}号?", "湘公网安备 43062302000001号"),
    Mark("party_mark", "党政机关网站标识", r"[0-9A-F]{32}", "标识证书网址里 id= 后面的 32 位"),
    Mark("phone", "联系电话", r"\d{3,4}-\d{7,8}", "0000-1234567"),
)


def of(town: Jurisdiction) -> dict[str, str]:
    """What is registered, by name; empty for what is not."""
    return {mark.label: getattr(town, mark.field) for mark in MARKS}


def register(*, town: Jurisdiction, values: Mapping[str, str], by: Staff) -> Jurisdiction:
    """Write the marks down. An empty one is allowed and is named as missing; a misshapen one is refused.

    Raises ``Refused`` with the field and how it is written.
    """
    check_may(by, Permission.CATALOGUE_KEEP, town)
    wanted = {}
    for mark in MARKS:
        value = " ".join(values.get(mark.field, "").split())
        if value and not re.fullmatch(mark.pattern, value):
            said = f"{mark.label}“{value[:40]}”的写法不对，应当像：{mark.example}。请照证书填写。"
            raise Refused(said, field=mark.field)
        wanted[mark.field] = value
    with act():
        town = Jurisdiction.objects.select_for_update().get(pk=town.pk)
        if wanted == facts(town):
            raise Refused("和现在登记的一样，没有改动。")
        before = facts(town)
        for name, value in wanted.items():
            setattr(town, name, value)
        town.save(update_fields=list(wanted))
        data = {**wanted, **{f"{name}_before": value for name, value in before.items() if value != wanted[name]}}
        record(town=town, type=MARKED, subject=f"town:{town.code}", by=actor(by), data=data)
    return town


def facts(town: Jurisdiction) -> dict[str, str]:
    return {mark.field: getattr(town, mark.field) for mark in MARKS}
