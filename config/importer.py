"""A catalogue file in a process of its own: ``python -m config.importer KEY``.

The web server keeps its threads for pages, and a file that swallows the memory takes only the child with it.
"""

import logging
import os
import resource
import subprocess
import sys

from mingtang.lib.paths import CHECKOUT

log = logging.getLogger(__name__)
MEMORY, CPU_SECONDS = 1536 * 1024 * 1024, 900


def run_next() -> bool:
    """Work on the next file that was sent in, if there is one; whether there was."""
    from mingtang.rulebook.catalogue import jobs

    pk = jobs.claim()
    if pk is None:
        return False
    done = subprocess.run([sys.executable, "-m", "config.importer", str(pk)], cwd=CHECKOUT, check=False)  # noqa: S603
    if done.returncode:
        log.error("the import %s ended with %s", pk, done.returncode)
        jobs.give_up(pk)
    return True


def main(pk: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from mingtang.rulebook.catalogue import jobs

    jobs.work(pk)


if __name__ == "__main__":
    main(int(sys.argv[1]))
