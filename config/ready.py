"""What every command leaves behind: a database, events numbered and searchable, host names beside the pages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from mingtang.events import follow
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.portal.stored import page_store
from mingtang.portal.wrapper import write_hosts
from mingtang.rulebook import facts
from mingtang.search import service as search
from mingtang.towns.models import Host, Jurisdiction

# Events of a town that is no longer small. What is counted of a small one would mislead while it grows.
MANY = 50_000

# The last commit that holds the migrations one by one (`docs/operations.md`, "Upgrade").
ONE_BY_ONE = "b548ffb"


def migrate() -> None:
    """Bring the database to this release. Raises ``Refused`` where it is of one so old that a part of the migrations
    which are squashed by now is still to come."""
    applied = MigrationRecorder(connection).applied_migrations()
    squashed = (one.replaces for one in MigrationLoader(None).disk_migrations.values() if one.replaces)
    if any(0 < sum(key in applied for key in replaced) < len(replaced) for replaced in squashed):
        raise Refused(
            f"数据库还是更早的版本。请先取出 {ONE_BY_ONE} 版的程序（git checkout {ONE_BY_ONE}），"
            "运行一次 mingtang migrate，再换回现在的版本。"
        )
    call_command("migrate", interactive=False, verbosity=0)


def publish_hosts() -> None:
    """Which host leads to which town, for pages answered without a database."""
    default = Jurisdiction.objects.filter(is_default=True).first()
    if default is not None:
        hosts = dict(Host.objects.values_list("name", "jurisdiction__code"))
        write_hosts(page_store().hosts_file, default.code, hosts)


def make_ready(advance: Callable[..., None] = lambda done, of: None) -> None:
    """Everything recorded is numbered, listed and searchable; host names lie beside the pages. ``advance`` is told of
    how many events that has come true, and of how many it will."""
    facts.ensure()
    follow.settle(advance)
    publish_hosts()
    search.ensure()
    count_rows()


def count_rows() -> None:
    """Let the database count its rows where there are many: by that it chooses how to look for them.

    SQLite, until it is told, takes every town for a small one and reads all its documents for the few of one state.
    PostgreSQL counts by itself, only not at once after an import.
    """
    if (Event.objects.aggregate(newest=Max("pk"))["newest"] or 0) >= MANY:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


@contextmanager
def progress(title: str, total: int | None = None) -> Iterator[Callable[..., None]]:
    """A bar on standard error; yields a function that is told how many are done, and if that changes of how many and
    doing what."""
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
        yield lambda done, of=total, doing=title: bar.update(task, completed=done, total=of, description=doing)
