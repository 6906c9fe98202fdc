"""``mingtang files reread``: attachments that an earlier release read, read again as deep as this one reads."""

import argparse

from config.ready import progress
from mingtang.disclosure import rereading
from mingtang.events import follow
from mingtang.events.log import CONSOLE
from mingtang.rulebook import enclosed
from mingtang.towns.models import Jurisdiction


def run(arguments: argparse.Namespace) -> int:
    """Read again for every town and name what is public and should not be; 1 when there is any."""
    files = editions = 0
    with progress("重新读附件") as advance:
        for town in Jurisdiction.objects.order_by("code"):
            read, judged = rereading.reread(town, CONSOLE, advance)
            files, editions = files + read, editions + judged
    follow.settle()
    print(f"重新读了 {files} 个文件，核对了公开的信息 {editions} 版。")
    found = items = 0
    for town in Jurisdiction.objects.order_by("code"):
        for edition in rereading.found(town).iterator():
            found += 1
            print(f"{town.name}\t{edition.document.index_number}\t第 {edition.number} 版\t{edition.found_since} 处")
        for code, places in enclosed.found(town):
            items += 1
            print(f"{town.name}\t事项 {code}\t办事指南的文件\t{places} 处")
    if found:
        print(f"有 {found} 版的附件里有不能公开的内容，已经列在起草人和能撤下的人的待办里。请尽快撤下，或者更正。")
    if items:
        print(f"有 {items} 个事项的指南里放着不能公开的文件。请马上改指南：删去这些文件，换成改好的。")
    return 1 if found or items else 0
