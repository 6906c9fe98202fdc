"""``mingtang doctor``: what this machine has, what it lacks, and how to get it, in plain Chinese.

Each check is one small function that answers with findings and changes nothing. Only *bad* findings stop the town's
work; a *warn* finding names something that should be seen to.
"""

import os
import shutil
import sqlite3
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mingtang.lib.paths import data_dir

PYTHON = (3, 11)
SQLITE = (3, 35, 0)  # Django 5.2 needs 3.31; RETURNING came with 3.35
LOW_BYTES, FULL_BYTES = 2 * 1024**3, 256 * 1024**2
# The State Council's office publishes the next year's holidays in the autumn.
HOLIDAYS_KNOWN_FROM_MONTH = 11

Level = Literal["ok", "warn", "bad"]
MARKS: dict[Level, tuple[str, str]] = {"ok": ("✓", "green"), "warn": ("！", "yellow"), "bad": ("✗", "red")}


@dataclass(frozen=True)
class Finding:
    """One sentence on what is so, and one on how to mend it (empty when there is nothing to mend)."""

    level: Level
    sentence: str
    mend: str = ""


def python() -> Iterable[Finding]:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < PYTHON:
        yield Finding("bad", f"Python 版本是 {found}，太旧。", "请安装 Python 3.11 或更新的版本。")
    else:
        yield Finding("ok", f"Python {found}。")


def data_folder() -> Iterable[Finding]:
    """Before anything that needs settings: they keep their keys in this folder."""
    try:
        folder = data_dir()
        with tempfile.NamedTemporaryFile(dir=folder):
            pass
    except OSError as error:
        place = os.environ.get("MINGTANG_DATA") or "var"
        mend = "请把文件夹交给运行程序的用户（chown），或用环境变量 MINGTANG_DATA 换一个文件夹。"
        yield Finding("bad", f"数据文件夹 {place} 不能写入（{error.strerror}）。", mend)
        return
    free = shutil.disk_usage(folder).free
    size = f"{free / 1024**3:.1f} GB"
    if free < FULL_BYTES:
        yield Finding("bad", f"数据文件夹所在的磁盘只剩 {size}，随时会写不进去。", "请马上清理磁盘或者扩容。")
    elif free < LOW_BYTES:
        yield Finding("warn", f"数据文件夹所在的磁盘只剩 {size}。", "请清理磁盘或者扩容。")
    else:
        yield Finding("ok", f"数据文件夹 {folder} 可以写入，磁盘还有 {size}。")


def keys() -> Iterable[Finding]:
    folder = data_dir() / "keys"
    if not folder.is_dir():
        yield Finding("ok", "密钥还没有生成，第一次启动时自动生成。")
        return
    loose = [path for path in (folder, *sorted(folder.iterdir())) if stat.S_IMODE(path.stat().st_mode) & 0o077]
    if loose:
        names = "、".join(path.name for path in loose)
        yield Finding("bad", f"密钥可能被同一台机器上的别人读到（{names}）。", f"请运行：chmod -R go-rwx {folder}")
    else:
        yield Finding("ok", "密钥文件夹只有运行程序的用户能读。")


def sqlite() -> Iterable[Finding]:
    if os.environ.get("DATABASE_URL"):
        return
    if sqlite3.sqlite_version_info < SQLITE:
        yield Finding("bad", f"SQLite 版本是 {sqlite3.sqlite_version}，太旧。", "请升级系统，或者改用 PostgreSQL。")
        return
    with (
        tempfile.TemporaryDirectory(dir=data_dir(), prefix=".doctor-") as folder,
        closing(sqlite3.connect(Path(folder) / "wal.sqlite3")) as connection,
    ):
        mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    if mode != "wal":
        mend = "数据文件夹多半在网络盘上；请换到本机磁盘，或者改用 PostgreSQL。"
        yield Finding("bad", "数据文件夹所在的磁盘不支持 SQLite 的 WAL 方式，数据可能损坏。", mend)
    else:
        yield Finding("ok", f"SQLite {sqlite3.sqlite_version}，WAL 方式可用。")


def settings() -> Iterable[Finding]:
    """Silent when they load."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        django.setup()
    except SystemExit as error:  # the settings file says in words what is wrong with the environment
        yield Finding("bad", f"设置有误：{error}", "请改正环境变量后再试。")


def database() -> Iterable[Finding]:
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        mend = "请检查数据库是否在运行，环境变量 DATABASE_URL 的地址、用户名和密码是否正确。"
        yield Finding("bad", "连不上数据库。", mend)
        return
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(connection.vendor, connection.vendor)
    if waiting:
        sentence = f"数据库（{name}）可以连接，还有 {len(waiting)} 处结构没有更新。"
        yield Finding("bad", sentence, "请运行：mingtang serve（启动时自动更新）。")
    else:
        yield Finding("ok", f"数据库（{name}）可以连接，结构是最新的。")


def calendar() -> Iterable[Finding]:
    from django.db import DatabaseError
    from django.utils import timezone

    from mingtang.workdays.models import CalendarYear

    today = timezone.localdate()
    try:
        years = set(CalendarYear.objects.filter(confirmed=True).values_list("year", flat=True))
    except DatabaseError:
        yield Finding("warn", "工作日历还读不到。", "请先更新数据库结构。")
        return
    mend = "假期安排公布后，请运行：mingtang import calendar 文件"
    if today.year not in years:
        yield Finding("warn", f"{today.year} 年的工作日历没有确认，所有期限都标为暂定。", mend)
    elif today.month >= HOLIDAYS_KNOWN_FROM_MONTH and today.year + 1 not in years:
        yield Finding("warn", f"{today.year + 1} 年的工作日历还没有确认，跨年的期限标为暂定。", mend)
    else:
        last = today.year
        while last + 1 in years:
            last += 1
        yield Finding("ok", f"工作日历已确认到 {last} 年。")


def search() -> Iterable[Finding]:
    from mingtang.search import service

    if service.is_ready():
        yield Finding("ok", "全文检索可以使用。")
    else:
        yield Finding("warn", "全文检索的索引打不开，网页上暂时不能检索。", "请运行：mingtang rebuild search")


def paper() -> Iterable[Finding]:
    from mingtang.press import fonts
    from mingtang.press.render import PaperUnavailable, font_chains

    install = f"请安装中文字体：apt install {fonts.APT_PACKAGE}"
    try:
        found = font_chains()
    except PaperUnavailable as error:
        yield Finding("warn", f"生成不了文书：{error}", "请查看系统日志；网页不受影响。")
        return
    if not found["title"]:
        mend = f"{install}；不能安装时，联网重新启动会自动下载备用字体（约 {fonts.FALLBACK_MB} MB）。"
        yield Finding("warn", "没有中文字体，凭证和决定书不能生成 PDF；网页不受影响。", mend)
    elif found["title"] == ["Noto Sans CJK TC"]:
        yield Finding("warn", "文书用的是备用字体，只有一种字形。", f"{install}，文书会更清楚、更庄重。")
    else:
        yield Finding("ok", f"文书字体：标题 {found['title'][0]}，正文 {found['fang'][0]}。")


def helpers() -> Iterable[Finding]:
    """Programs that a town can do without."""
    if not shutil.which("nginx"):
        yield Finding("ok", "没有安装 nginx（可以不装，访问量大时再装）。", "需要时：apt install nginx")
    else:
        yield Finding("ok", "已安装 nginx。")
    if not (shutil.which("soffice") or shutil.which("libreoffice")):
        said = "没有安装 LibreOffice（编辑从旧版 .doc、.wps 文件里取正文才用到）。"
        yield Finding("ok", said, "需要时：apt install libreoffice-writer libreoffice-calc")
    else:
        yield Finding("ok", "已安装 LibreOffice（编辑从旧版文件里取正文用）。")
    if not any(map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))):
        needed = "需要时：apt install chromium-headless-shell"
        yield Finding("ok", "没有安装 chromium（只有运行浏览器测试才用到）。", needed)
    else:
        yield Finding("ok", "已安装 chromium（浏览器测试用）。")


Check = Callable[[], Iterable[Finding]]
FIRST: tuple[Check, ...] = (python, data_folder)
MACHINE: tuple[Check, ...] = (keys, sqlite, paper, helpers)
WITH_SETTINGS: tuple[Check, ...] = (database, calendar, search)


def examine(checks: Iterable[Check]) -> list[Finding]:
    """The findings of ``checks``. A check that itself fails is a bad finding, never an end to the others."""
    found: list[Finding] = []
    for check in checks:
        try:
            found += check()
        except Exception as error:
            mend = "请把这一行告诉维护人员。"
            found.append(Finding("bad", f"“{check.__name__}”一项没有检查成：{type(error).__name__}。", mend))
    return found


def run() -> int:
    """Print all findings; 1 when something is bad, else 0. Works also where settings or database do not."""
    found = examine(FIRST)
    if not _bad(found):
        wrong = examine([settings])
        found += examine(MACHINE) + wrong + ([] if wrong else examine(WITH_SETTINGS))
    _show(found)
    return int(_bad(found))


def _bad(found: list[Finding]) -> bool:
    return any(finding.level == "bad" for finding in found)


def _show(found: list[Finding]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    for finding in found:
        mark, colour = MARKS[finding.level]
        console.print(Text.assemble((mark, colour), " ", finding.sentence))
        if finding.mend:
            console.print(Text(f"   {finding.mend}", style="dim"))
    bad, warn = (sum(finding.level == level for finding in found) for level in ("bad", "warn"))
    if bad:
        console.print(Text(f"有 {bad} 处必须处理，{warn} 处需要留意。", style="red"))
    elif warn:
        console.print(f"可以使用；有 {warn} 处需要留意。")
    else:
        console.print("一切正常。")
