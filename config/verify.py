"""`mingtang verify`: the whole log of every town, or one proof file without a database. Never uses the network."""

import argparse
import sys
from pathlib import Path

from mingtang.ledger import proof
from mingtang.lib.errors import Refused

OK, FOUND, USAGE = 0, 1, 2


def main(argv: list[str]) -> int:
    """Run the command; returns 0 when everything holds, 1 when something does not, 2 when it could not be asked.

    With a file only pure code is loaded, so that it can be run on a machine that has nothing but this program.
    """
    parser = argparse.ArgumentParser(prog="mingtang verify", description="核对公开日志，或者核对一份入册证明、回执。")
    parser.add_argument(
        "proof", nargs="?", metavar="PROOF", help="入册证明、回执（JSON）或者文书（PDF）；不写就核对全部日志"
    )
    parser.add_argument("--key", help="核对公钥（从政府网站或公报取得的一整行）")
    parser.add_argument("--town", metavar="CODE", help="只核对这个区划代码的日志")
    options = parser.parse_args(argv)
    if options.proof is None:
        if options.key:
            print("--key 只用于核对证明文件。请在后面写上文件名。", file=sys.stderr)
            return USAGE
        return _whole(options.town)
    if options.town:
        print("核对证明文件时不用写 --town。", file=sys.stderr)
        return USAGE
    return _one(Path(options.proof), options.key)


def _one(path: Path, key: str | None) -> int:
    try:
        data = path.read_bytes()
    except OSError:
        print(f"打不开文件“{path}”。请核对文件名。", file=sys.stderr)
        return USAGE
    try:
        result = proof.verify(proof.read(_attached(data)), key)
    except Refused as refusal:
        print(f"✗ {refusal}")
        return FOUND
    for sentence in result.holds:
        print(f"✓ {sentence}")
    for sentence in result.cautions:
        print(f"！{sentence}")
    return OK


def _attached(data: bytes) -> bytes:
    """The proof inside a paper: every PDF we make carries it as an attachment. Other bytes are returned as they are."""
    if not data.startswith(b"%PDF-"):
        return data
    import io

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        found = PdfReader(io.BytesIO(data)).attachments.get("proof.json")
    except PyPdfError as error:
        raise Refused("这个 PDF 文件坏了，读不出里面的证明。请重新下载。") from error
    if not found:
        raise Refused("这个 PDF 文件里没有证明，不是本程序做的文书。")
    return found[0]


def _whole(code: str | None) -> int:
    import django
    from django.apps import apps
    from django.db import OperationalError, ProgrammingError

    if not apps.ready:
        django.setup()
    from mingtang.towns.models import Jurisdiction

    towns = Jurisdiction.objects.order_by("code")
    if code:
        towns = towns.filter(code=code)
    try:
        if towns:
            return max(_town(town) for town in towns)
    except (OperationalError, ProgrammingError) as error:
        raise Refused(f"数据库用不了（{error}）。升级以后请先运行 mingtang migrate，再核对。") from error
    print(f"没有区划代码为“{code}”的地区。" if code else "还没有设置任何乡镇，没有日志可以核对。", file=sys.stderr)
    return USAGE


def _town(town) -> int:
    from rich.console import Console
    from rich.progress import Progress

    from mingtang.ledger.verifying import verify_log

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"核对{town.name}", total=None)
        report = verify_log(town, progress=lambda done, total: bar.update(task, completed=done, total=total))
    for finding in report.findings:
        print(f"✗ {town.name}：{finding}")
    if not report.ok:
        print(f"✗ {town.name}：核对了{report.events}条事件，发现{len(report.findings)}处不符。")
        return FOUND
    records = "".join(f"，{name}{number}份" for name, number in sorted(report.frozen.items()))
    print(f"✓ {town.name}：{report.events}条事件、{report.checkpoints}个检查点{records}全部相符。")
    if report.words:
        print(f"  四字核对词：{report.words}（日志 {report.origin}）")
    if report.waiting:
        print(f"  另有{report.waiting}条事件正在等待编号。")
    if report.unsigned > 0:
        print(f"  最新{report.unsigned}条事件还没有签入检查点，一般几秒内完成。")
    if report.destroyed:
        print(f"  其中{report.destroyed}条事件的附件已依法销毁，承诺仍在。")
    return OK
