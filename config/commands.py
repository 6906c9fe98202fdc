"""What the commands do that need the database. ``run`` returns the exit code; a refusal is raised to ``cli.main``.

People read standard output; progress goes to standard error. Whatever records events settles before it returns.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from django.db import OperationalError, ProgrammingError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from config.ready import make_ready, migrate
from mingtang.lib.errors import Refused


def run(arguments: argparse.Namespace) -> int:
    """Run one parsed command. Raises ``Refused`` also where the database cannot be asked."""
    try:
        return _COMMANDS[arguments.command](arguments)
    except (OperationalError, ProgrammingError) as error:
        raise Refused(
            f"数据库用不了（{error}）。第一次使用请先运行 mingtang migrate；查原因请运行 mingtang doctor。"
        ) from error


def _migrate_command(arguments: argparse.Namespace) -> int:
    migrate()
    make_ready()
    print("数据库已经是最新的。")
    return 0


def _demo(arguments: argparse.Namespace) -> int:
    from mingtang.demo.build import build
    from mingtang.press import fonts

    errors = Console(stderr=True)
    with errors.status("正在准备演示乡镇……"):
        migrate()
        build()
        make_ready()
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


def _deadline(arguments: argparse.Namespace) -> int:
    from mingtang.workdays import deadline

    answer = deadline.run(Path(arguments.csv))
    sys.stdout.write(answer.text)
    for problem in answer.problems:
        print(problem, file=sys.stderr)
    return 1 if answer.problems else 0


def _fonts(arguments: argparse.Namespace) -> int:
    from mingtang.press import fonts

    ready = fonts.ensure(print)
    if ready:
        print("中文字体可以使用。")
    return 0 if ready else 1


def _import(arguments: argparse.Namespace) -> int:
    from config.imports import run

    return run(arguments)


def _export(arguments: argparse.Namespace) -> int:
    from config.catalogue import export_catalogue
    from config.imports import town_of

    export_catalogue(town_of(arguments.town), Path(arguments.path), newest=arguments.newest)
    return 0


def _tasks(arguments: argparse.Namespace) -> int:
    """One line a sentence, tabs between: place, what it is, its words, units, rhythm, day; then the counts as JSON."""
    from config.imports import town_of
    from mingtang.disclosure.models import Document
    from mingtang.oversight import planning

    town = town_of(arguments.town)
    document = Document.objects.filter(town=town, index_number=arguments.number).published().first()
    if document is None:
        raise Refused(f"没有索引号是“{arguments.number}”的公开信息。请核对，或者先导入这份规划。")
    named, _ = planning.lines(document)
    counts = dict.fromkeys(("decided", "column", "task", "topic", "open"), 0)
    for line in named:
        found = line.found
        what = "decided" if line.decided else "column" if line.column else found.guess.value
        counts[what] += 1
        on = found.on.isoformat() if found.on else ""
        print("\t".join([found.anchor, what, found.name, "、".join(found.units), found.trigger, on]))
    print(json.dumps(counts))
    return 0


def _rebuild(arguments: argparse.Namespace) -> int:
    from config.rebuilding import run

    return run(arguments)


def _files(arguments: argparse.Namespace) -> int:
    from config.rereading import run

    return run(arguments)


def _selfcheck(arguments: argparse.Namespace) -> int:
    from config.selfcheck import run

    return run(arguments)


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "migrate": _migrate_command,
    "demo": _demo,
    "deadline": _deadline,
    "import": _import,
    "export": _export,
    "tasks": _tasks,
    "rebuild": _rebuild,
    "files": _files,
    "fonts": _fonts,
    "selfcheck": _selfcheck,
}
