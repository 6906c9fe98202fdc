"""``mingtang rebuild``: projections dropped and made again from the tables and events."""

import argparse
import io
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress

from django.core.handlers.wsgi import WSGIHandler

from config.ready import progress, publish_hosts
from mingtang.disclosure.models import Document
from mingtang.events import follow
from mingtang.events.log import CONSOLE
from mingtang.ledger import service as ledger
from mingtang.lib.paths import CHECKOUT
from mingtang.portal.keys import HOME, SERVICES
from mingtang.portal.stored import page_store
from mingtang.portal.wrapper import StoredPages
from mingtang.rulebook import facts
from mingtang.rulebook.models import Item
from mingtang.search import service as search
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


def run(arguments: argparse.Namespace) -> int:
    """Rebuild ``arguments.what``: pages, search, ledger or items."""
    follow.settle()
    done = _reopen() if arguments.reopen else _REBUILT[arguments.what]()
    print(done)
    return 0


def _search() -> str:
    with progress("重建检索索引") as advance:
        entries = search.rebuild(advance)
    return f"检索索引已重建，共 {entries} 条。"


def _items() -> str:
    """What the list of services shows and counts; its stored pages go too."""
    with progress("重建事项要点") as advance:
        done = facts.rebuild(advance)
    for code in Jurisdiction.objects.values_list("code", flat=True):
        page_store().drop(code, {SERVICES, HOME})
    return f"事项要点已重建，共 {done} 项。"


def _ledger() -> str:
    towns = list(Jurisdiction.objects.order_by("code"))
    total = 0
    with progress("重建公开日志", len(towns)) as advance:
        for number, town in enumerate(towns, 1):
            total += ledger.rebuild(town)
            advance(number)
    follow.settle()
    return f"公开日志已重建，共 {total} 条。"


def _reopen() -> str:
    """Open a new log for each town whose kept checkpoint is ahead of the database: an older backup was restored."""
    opened = []
    for town in Jurisdiction.objects.order_by("code"):
        if ledger.trouble(town):
            opened.append(f"{town.name}：{ledger.reopen(town, CONSOLE).origin}")
    follow.settle()
    return "另起的日志：" + "；".join(opened) + "。" if opened else "公开日志没有问题，不需要另起。"


def _pages() -> str:
    """Drop every stored page, then ask for the public ones again, just as a visitor does."""
    from config.wsgi import pages_stamp

    store = page_store()
    publish_hosts()
    store.fit(pages_stamp())
    application = StoredPages(WSGIHandler(), store, store.hosts_file, CHECKOUT / "assets")
    wanted = []
    for town in Jurisdiction.objects.order_by("code"):
        store.clear(town.code)
        host = town.hosts.order_by("pk").first()
        if host is not None or town.is_default:
            wanted += [(host.name if host else "localhost", path) for path in _public_paths(town)]
    with progress("重建页面", len(wanted)) as advance:
        for number, (host, path) in enumerate(wanted, 1):
            _visit(application, host, path)
            advance(number)
    return f"旧页面已清除，重新生成了 {len(wanted)} 页。"


def _public_paths(town: Jurisdiction) -> Iterable[str]:
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


_REBUILT: dict[str, Callable[[], str]] = {"pages": _pages, "search": _search, "ledger": _ledger, "items": _items}
