"""A process that publishes and is killed: ``python -m tests.integration.crash_child POINT EDITION``.

POINT is ``write:N`` (before the N-th writing statement of the act), ``commit`` (everything written, nothing committed),
``committed`` (before anybody is told), ``follow:NAME`` (the listener NAME did its work, its cursor is not moved yet) or
``none`` (prints how many statements write, and lives). The product knows nothing of this: the child patches itself.
"""

import os
import signal
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(point: str, edition_id: int) -> None:
    import django

    django.setup()
    from django.db import connection

    from mingtang.disclosure import actions
    from mingtang.disclosure.models import Edition
    from mingtang.events import bell, follow
    from mingtang.people.models import Staff

    kind, _, detail = point.partition(":")
    edition, signer = Edition.objects.get(pk=edition_id), Staff.objects.get(username="qianfa")
    writes = 0

    def count(execute, sql, params, many, context):
        nonlocal writes
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            writes += 1
            if kind == "write" and writes == int(detail):
                die()
        return execute(sql, params, many, context)

    if kind == "commit":
        connection._commit = die
    if kind == "committed":
        bell._hooks.insert(0, lambda events: die())
    with connection.execute_wrapper(count):
        actions.publish(edition=edition, by=signer)
    if kind == "follow":
        listens = follow._listeners[detail]

        def listens_and_dies(rows):
            listens(rows)
            die()

        follow._listeners[detail] = listens_and_dies
        follow.settle()
    print(writes)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
