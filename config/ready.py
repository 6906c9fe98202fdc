"""What every command leaves behind: a database, events numbered and searchable, host names beside the pages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.management import call_command
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from mingtang.events import follow
from mingtang.portal.stored import page_store
from mingtang.portal.wrapper import write_hosts
from mingtang.rulebook import facts
from mingtang.search import service as search
from mingtang.towns.models import Host, Jurisdiction


def migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0)


def publish_hosts() -> None:
    """Which host leads to which town, for pages answered without a database."""
    default = Jurisdiction.objects.filter(is_default=True).first()
    if default is not None:
        hosts = dict(Host.objects.values_list("name", "jurisdiction__code"))
        write_hosts(page_store().hosts_file, default.code, hosts)


def make_ready() -> None:
    """Everything recorded is numbered, listed and searchable; host names lie beside the pages."""
    facts.ensure()
    follow.settle()
    publish_hosts()
    search.ensure()


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
