"""``mingtang selfcheck``: does the installation hold together, and do its sites keep the official rules?"""

import argparse
from collections.abc import Iterable
from itertools import groupby

from django.core.checks import run_checks

from config import doctor, selfcheck_site
from mingtang.events import follow
from mingtang.events.models import Unsequenced
from mingtang.ledger.verifying import verify_log
from mingtang.people.models import Staff
from mingtang.towns.models import Jurisdiction


def _system() -> Iterable[doctor.Finding]:
    messages = [message for message in run_checks() if not message.is_silenced()]
    if not messages:
        yield doctor.Finding("ok", "程序的系统检查没有发现问题。")
    for message in messages:
        yield doctor.Finding("bad" if message.is_serious() else "warn", f"系统检查：{message.msg}")


def _events() -> Iterable[doctor.Finding]:
    waiting = Unsequenced.objects.count()
    if waiting:
        yield doctor.Finding(
            "warn", f"有 {waiting} 条事件还没有编号。", "网站运行时几秒内会完成；没有运行的，请启动 mingtang serve。"
        )
    elif follow.is_behind():
        yield doctor.Finding("warn", "事件都已编号，检索和页面还没有全部跟上。", "请启动 mingtang serve，或稍后再查。")
    else:
        yield doctor.Finding("ok", "事件都已编号，检索和页面都已跟上。")


def _log() -> Iterable[doctor.Finding]:
    """Leaves and signatures, without opening payloads and frozen records: those are for ``mingtang verify``."""
    for town in Jurisdiction.objects.order_by("code"):
        report = verify_log(town, deep=False)
        if report.ok:
            yield doctor.Finding("ok", f"{town.name}的公开日志 {report.events} 条，前后一致。")
        else:
            yield doctor.Finding(
                "bad", f"{town.name}的公开日志有 {len(report.findings)} 处不符。", "请运行 mingtang verify 查明。"
            )


def _people() -> Iterable[doctor.Finding]:
    """Three persons draft, review and sign. Two accounts of one person are told by nothing but the name."""
    rows = Staff.objects.filter(is_active=True).order_by("town_id", "name", "username")
    for (town, name), same in groupby(rows.select_related("town"), key=lambda row: (row.town.name, row.name)):
        accounts = [row.username for row in same]
        if len(accounts) > 1:
            yield doctor.Finding(
                "warn",
                f"{town}有 {len(accounts)} 个在用的账号都叫“{name}”（{'、'.join(accounts)}）。",
                "同一个人的，请只留一个：起草、审查、签发要由不同的人办。确是同名的，请在姓名后注明单位。",
            )


def run(arguments: argparse.Namespace) -> int:
    """Print the findings, then what the site rules came to in each town; 1 when something is bad, else 0."""
    first = doctor.examine([_system, doctor.database])
    broken = any(finding.level == "bad" for finding in first)
    found = first if broken else first + doctor.examine([_events, _log, _people, doctor.search, doctor.calendar])
    for finding in found:
        print(doctor.MARKS[finding.level][0], finding.sentence, finding.mend)
    bad = sum(finding.level == "bad" for finding in found)
    if not broken:
        bad += selfcheck_site.run(arguments.json)
    print(f"有 {bad} 处必须处理。" if bad else "自检通过。")
    return 1 if bad else 0
