"""What the commands do that need the database. ``run`` returns the exit code; a refusal is raised to ``cli.main``.

People read standard output; progress goes to standard error. Whatever records events settles before it returns.
"""

import argparse
import io
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

from django.core.checks import run_checks
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import OperationalError, ProgrammingError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from config import doctor
from mingtang.events import follow
from mingtang.events.log import CONSOLE, Actor
from mingtang.events.models import Unsequenced
from mingtang.lib.errors import Refused
from mingtang.lib.paths import CHECKOUT
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_may
from mingtang.portal.stored import page_store
from mingtang.portal.wrapper import StoredPages, write_hosts
from mingtang.search import service as search
from mingtang.towns.models import Host, Jurisdiction

REFUSALS_SHOWN = 20


def run(arguments: argparse.Namespace) -> int:
    """Run one parsed command. Raises ``Refused`` also where the database cannot be asked."""
    try:
        return _COMMANDS[arguments.command](arguments)
    except (OperationalError, ProgrammingError) as error:
        raise Refused(
            f"数据库用不了（{error}）。第一次使用请先运行 mingtang migrate；查原因请运行 mingtang doctor。"
        ) from error


# Set-up --------------------------------------------------------------------------------------------------------------


def _migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0)


def _publish_hosts() -> None:
    """Which host leads to which town, for pages answered without a database."""
    default = Jurisdiction.objects.filter(is_default=True).first()
    if default is not None:
        hosts = dict(Host.objects.values_list("name", "jurisdiction__code"))
        write_hosts(page_store().hosts_file, default.code, hosts)


def _make_ready() -> None:
    """Everything recorded is numbered and searchable; host names lie beside the pages."""
    follow.settle()
    _publish_hosts()
    search.ensure()


def _migrate_command(arguments: argparse.Namespace) -> int:
    _migrate()
    _make_ready()
    print("数据库已经是最新的。")
    return 0


def _demo(arguments: argparse.Namespace) -> int:
    from mingtang.demo.build import build
    from mingtang.press import fonts

    errors = Console(stderr=True)
    with errors.status("正在准备演示乡镇……"):
        _migrate()
        build()
        _make_ready()
    fonts.ensure(lambda sentence: errors.print(Text(sentence)))
    _welcome(Console(highlight=False, soft_wrap=True))
    return 0


def _welcome(console: Console) -> None:
    """The address, who can log in, and what to try first."""
    from mingtang.demo.cases import WAITING, receipt_code
    from mingtang.demo.town import LOGINS, PASSWORD

    address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    table = Table(title=f"演示用户名（密码都是 {PASSWORD}）", title_justify="left")
    for column in ("用户名", "姓名", "做什么"):
        table.add_column(column, no_wrap=True)
    for login in LOGINS:
        table.add_row(login.username, login.name, login.does)
    console.print(Text(f"\n演示乡镇已经备好：{address}/", style="bold"))
    console.print(Text(f"工作人员登录：{address}/desk/login\n"))
    console.print(table)
    number, code = receipt_code(WAITING)
    steps = (
        "\n先试这两件事：",
        "1. 公开一份信息：bianji 登录起草、送审 → baomi 保密审查 → qianfa 签发、公开，首页马上看得到。",
        f"2. 办一件事：打开 {address}/services/LM-001 在网上申请 → chuangkou3 受理 → linye 现场核查、核对限额 → "
        "zhenzhang 决定 → chuangkou3 送达，每一步都在进度页上。",
        f"查一件办着的：{address}/cases/ 编号 {number}，查询码 {code}（等着补材料）。",
        "核对公开日志：mingtang verify\n",
    )
    for sentence in steps:
        console.print(Text(sentence))


# Reading files -------------------------------------------------------------------------------------------------------


def _deadline(arguments: argparse.Namespace) -> int:
    from mingtang.workdays import deadline

    answer = deadline.run(Path(arguments.csv))
    sys.stdout.write(answer.text)
    for problem in answer.problems:
        print(problem, file=sys.stderr)
    return 1 if answer.problems else 0


def _town(code: str | None) -> Jurisdiction:
    found = Jurisdiction.objects.filter(**({"code": code} if code else {"is_default": True})).first()
    if found is None:
        raise Refused(
            f"没有区划代码为“{code}”的地区，请核对 --town。" if code else "还没有设置任何乡镇，请先运行 mingtang demo。"
        )
    return found


def _importer(username: str | None, town: Jurisdiction) -> Actor:
    """Console access counts as administrator; a named person must hold the power."""
    if not username:
        return CONSOLE
    staff = Staff.objects.filter(town=town, username=username).first()
    if staff is None:
        raise Refused(f"本镇没有用户名为“{username}”的人员，请核对 --by。")
    check_may(staff, Permission.DOCUMENT_ADOPT, town)
    return actor(staff)


@contextmanager
def _progress(title: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A bar on standard error; yields a function that is told how many are done."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=total)
        yield lambda done: bar.update(task, completed=done)


class _Report:
    """Takes what became of each record: a JSON line into the file if one is wanted, refusals kept for the terminal."""

    def __init__(self, file: TextIO | None, advance: Callable[[int], None]) -> None:
        self._file, self._advance = file, advance
        self.done = 0
        self.refused: list[str] = []
        self.remarked = 0
        self.asked: Counter[str] = Counter()

    def __call__(self, line: dict[str, Any]) -> None:
        self.done += 1
        self._advance(self.done)
        if self._file is not None:
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        if line["result"] == "refused":
            name = line["title"] or line["source_id"] or "（没有标题）"
            self.refused.append(f"{line['origin']}　{name[:40]}：{''.join(line['reasons'])}")
        elif line["problems"]:
            self.remarked += 1
        self.asked.update(line.get("asks", {}).keys())

    def show(self) -> None:
        for sentence in self.refused[:REFUSALS_SHOWN]:
            print(f"✗ {sentence}")
        if len(self.refused) > REFUSALS_SHOWN:
            print(f"另有 {len(self.refused) - REFUSALS_SHOWN} 份没有收下，用 --report 文件名 可以看到全部。")
        if self.remarked:
            print(f"有 {self.remarked} 份收下了，但有的内容要核对，用 --report 文件名 可以逐项看到。")
        if self.asked:
            asked = "，".join(f"{name} {number} 个" for name, number in self.asked.items())
            print(f"都是不公开的草案。发布以前还要补的：{asked}。用 --report 文件名 可以逐项看到。")


def _import_calendar(arguments: argparse.Namespace, town: Jurisdiction) -> dict[str, int]:
    from mingtang.workdays.loader import import_calendar

    loaded = import_calendar(Path(arguments.path), town=town, by=CONSOLE)
    print(f"改动了 {loaded.days} 天。" if loaded.days or loaded.confirmed else "日历没有变化。")
    if loaded.confirmed:
        print(f"已确认{'、'.join(f'{year}年' for year in loaded.confirmed)}的工作日历。")
    if loaded.incomplete:
        print(f"{'、'.join(f'{year}年' for year in loaded.incomplete)}还不完整，跨到这些年的期限标为暂定。")
    counts = {"created": loaded.days, "unchanged": 0 if loaded.days else 1, "updated": 0, "refused": 0}
    if arguments.report:
        Path(arguments.report).write_text(json.dumps(counts | {"confirmed": loaded.confirmed}) + "\n", "utf-8")
    return counts


def _import_records(arguments: argparse.Namespace, town: Jurisdiction) -> dict[str, int]:
    from mingtang.disclosure.importing import import_readings
    from mingtang.disclosure.reading import read_path
    from mingtang.rulebook.importing import import_items
    from mingtang.rulebook.reading import read_items

    by = _importer(getattr(arguments, "by", None), town)
    with _report_file(arguments.report) as file, _progress("导入") as advance:
        report = _Report(file, advance)
        if arguments.kind == "documents":
            counts = import_readings(town, read_path(arguments.path), publish=arguments.publish, by=by, report=report)
        else:
            counts = import_items(town, read_items(arguments.path), by=by, report=report)
    with _progress("编号入册、编入检索"):
        _make_ready()
    report.show()
    return counts.as_dict()


@contextmanager
def _report_file(name: str | None) -> Iterator[TextIO | None]:
    """The report file, or None when none is wanted. Raises ``Refused`` when it cannot be written."""
    if not name:
        yield None
        return
    try:
        Path(name).write_bytes(b"")
    except OSError as error:
        raise Refused(f"写不了报告文件“{name}”（{error.strerror}），请换一个位置。") from error
    with open(name, "w", encoding="utf-8", buffering=1) as file:
        yield file


def _import(arguments: argparse.Namespace) -> int:
    town = _town(arguments.town)
    if arguments.kind == "calendar":
        counts = _import_calendar(arguments, town)
        _make_ready()
    else:
        counts = _import_records(arguments, town)
    print(json.dumps(counts))
    return 0


# Rebuilding ----------------------------------------------------------------------------------------------------------


def _rebuild(arguments: argparse.Namespace) -> int:
    follow.settle()
    done = {"pages": _rebuild_pages, "search": _rebuild_search, "ledger": _rebuild_ledger}[arguments.what]()
    print(done)
    return 0


def _rebuild_search() -> str:
    with _progress("重建检索索引") as advance:
        entries = search.rebuild(advance)
    return f"检索索引已重建，共 {entries} 条。"


def _rebuild_ledger() -> str:
    from mingtang.ledger import service as ledger

    towns = list(Jurisdiction.objects.order_by("code"))
    total = 0
    with _progress("重建公开日志", len(towns)) as advance:
        for number, town in enumerate(towns, 1):
            total += ledger.rebuild(town)
            advance(number)
    follow.settle()
    return f"公开日志已重建，共 {total} 条。"


def _rebuild_pages() -> str:
    """Drop every stored page, then ask for the public ones again, just as a visitor does."""
    from config.wsgi import pages_stamp

    store = page_store()
    _publish_hosts()
    store.fit(pages_stamp())
    application = StoredPages(WSGIHandler(), store, store.hosts_file, CHECKOUT / "assets")
    wanted = []
    for town in Jurisdiction.objects.order_by("code"):
        store.clear(town.code)
        host = town.hosts.order_by("pk").first()
        if host is not None or town.is_default:
            wanted += [(host.name if host else "localhost", path) for path in _public_paths(town)]
    with _progress("重建页面", len(wanted)) as advance:
        for number, (host, path) in enumerate(wanted, 1):
            _visit(application, host, path)
            advance(number)
    return f"旧页面已清除，重新生成了 {len(wanted)} 页。"


def _public_paths(town: Jurisdiction) -> Iterable[str]:
    from mingtang.disclosure.models import Document
    from mingtang.rulebook.models import Item
    from mingtang.towns.viewer import Viewer

    anyone = Viewer(town)
    yield from ("/", "/info/", "/services/", "/sitemap")
    yield from (f"/info/{row.index_number}" for row in Document.objects.visible_to(anyone).iterator())
    yield from (f"/services/{row.code}" for row in Item.objects.visible_to(anyone).iterator())


def _visit(application: Callable[..., Iterable[bytes]], host: str, path: str) -> None:
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": "",
        "SCRIPT_NAME": "",
        "SERVER_NAME": host,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": host,
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
    }
    answer = application(environ, lambda *arguments: None)
    for _ in answer:
        pass
    with suppress(AttributeError):
        answer.close()


# Looking after it ----------------------------------------------------------------------------------------------------


def _fonts(arguments: argparse.Namespace) -> int:
    from mingtang.press import fonts

    ready = fonts.ensure(print)
    if ready:
        print("中文字体可以使用。")
    return 0 if ready else 1


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
    from mingtang.ledger.verifying import verify_log

    for town in Jurisdiction.objects.order_by("code"):
        report = verify_log(town, deep=False)
        if report.ok:
            yield doctor.Finding("ok", f"{town.name}的公开日志 {report.events} 条，前后一致。")
        else:
            yield doctor.Finding(
                "bad", f"{town.name}的公开日志有 {len(report.findings)} 处不符。", "请运行 mingtang verify 查明。"
            )


def _selfcheck(arguments: argparse.Namespace) -> int:
    """1 when something is bad, else 0."""
    first = doctor.examine([_system, doctor.database])
    broken = any(finding.level == "bad" for finding in first)
    found = first if broken else first + doctor.examine([_events, _log, doctor.search, doctor.calendar])
    for finding in found:
        print(doctor.MARKS[finding.level][0], finding.sentence, finding.mend)
    bad = sum(finding.level == "bad" for finding in found)
    print(f"有 {bad} 处必须处理。" if bad else "自检通过。")
    return 1 if bad else 0


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "migrate": _migrate_command,
    "demo": _demo,
    "deadline": _deadline,
    "import": _import,
    "rebuild": _rebuild,
    "fonts": _fonts,
    "selfcheck": _selfcheck,
}
