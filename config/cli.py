"""The command line: ``mingtang COMMAND``. Every command returns only when its events are numbered and searchable."""

import argparse
import os
import sys
from collections.abc import Sequence

from mingtang.lib.errors import Refused


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mingtang", description="明堂：公开即执行")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="运行网站")
    serve.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    serve.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    commands.add_parser("migrate", help="建立或者更新数据库")
    commands.add_parser("demo", help="建立演示乡镇，打印演示用户名")
    deadline = commands.add_parser("deadline", help="计算工作日到期日")
    deadline.add_argument("--csv", required=True, metavar="FILE", help="含 received、working_days 两列")
    imports = commands.add_parser("import", help="导入").add_subparsers(dest="kind", required=True, metavar="KIND")
    for kind, title in (
        ("documents", "导入政府信息"),
        ("items", "导入事项（不公开的草案）：导出的表格 .xlsx，或者一行一项的 .jsonl"),
        ("laws", "导入法律法规"),
        ("calendar", "导入工作日历"),
    ):
        one = imports.add_parser(kind, help=title)
        one.add_argument("path", metavar="PATH")
        one.add_argument("--town", metavar="CODE", help="乡镇代码，默认是本机的默认乡镇")
        one.add_argument("--report", metavar="FILE", help="每份一行 JSON 的报告")
        if kind == "documents":
            one.add_argument("--publish", action="store_true", help="没有公开日期的也补录公开")
            one.add_argument("--by", metavar="USERNAME", help="以哪位系统管理员的名义补录，默认是控制台")
        if kind == "items":
            one.add_argument("--by", metavar="USERNAME", help="记在哪位事项编制人名下，默认是控制台")
        if kind == "laws":
            one.add_argument("--own", action="store_true", help="收为本镇自己的规范性文件，不收入各镇共用的法规库")
    exports = commands.add_parser("export", help="导出").add_subparsers(dest="kind", required=True, metavar="KIND")
    items = exports.add_parser("items", help="导出整个事项目录，一份表格")
    items.add_argument("path", metavar="FILE.xlsx")
    items.add_argument("--town", metavar="CODE", help="乡镇代码，默认是本机的默认乡镇")
    items.add_argument("--newest", action="store_true", help="有草案的导出最新的草案，默认导出现行有效的版本")
    tasks = commands.add_parser("tasks", help="列出一份规划的每一句：像任务的、已有栏目的、要人来定的")
    tasks.add_argument("number", metavar="NUMBER", help="规划的索引号")
    tasks.add_argument("--town", metavar="CODE", help="乡镇代码，默认是本机的默认乡镇")
    verify = commands.add_parser("verify", help="核对公开日志、一份证明或者一张凭证", add_help=False)
    verify.add_argument("rest", nargs=argparse.REMAINDER)
    rebuild = commands.add_parser("rebuild", help="从事件重建")
    rebuild.add_argument("what", choices=["pages", "search", "ledger", "items"])
    rebuild.add_argument("--reopen", action="store_true", help="恢复了较旧的备份以后：另起一本日志，写明旧日志的末尾")
    files = commands.add_parser("files", help="存着的文件").add_subparsers(dest="what", required=True, metavar="WHAT")
    files.add_parser("reread", help="照现在的读法重新读附件和指南的文件，列出公开了的里面查出问题的")
    commands.add_parser("doctor", help="检查这台机器缺什么")
    commands.add_parser("fonts", help="没有中文字体时取一份")
    selfcheck = commands.add_parser("selfcheck", help="自检：迁移、日志、索引、日历；照国家检查要求查每个乡镇的网站")
    selfcheck.add_argument("--json", metavar="FILE", help="把网站自查的结果和依据写成 JSON")
    return parser


def _run(arguments: argparse.Namespace, rest: Sequence[str]) -> int:
    """Each branch imports what it needs: a proof is checked without a database, a start is not slowed by the others."""
    if arguments.command == "serve":
        from config.serve import serve

        serve(arguments.host, arguments.port)
        return 0
    if arguments.command == "verify":
        from config.verify import main as verify

        return verify(list(rest))
    if arguments.command == "doctor":
        from config.doctor import run

        return run()
    import django

    django.setup()
    from config import commands

    return commands.run(arguments)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; a refusal is one sentence on standard error and exit code 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["verify"]:
        parsed, rest = argparse.Namespace(command="verify"), arguments[1:]
    else:
        parsed, rest = _parser().parse_args(arguments), []
    try:
        return _run(parsed, rest)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 2


if __name__ == "__main__":
    raise SystemExit(main())
