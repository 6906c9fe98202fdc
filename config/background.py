"""What runs beside the web server, as threads of its process: sequencer, follower, scheduler, importer, senders."""

import logging
import threading
import time
from collections.abc import Callable

from django.db import close_old_connections
from django.utils import timezone

from config import importer, ready
from mingtang.accounts import actions as accounts
from mingtang.accounts import codes
from mingtang.cases import actions as cases
from mingtang.cases import drafts, numbers, reminding
from mingtang.disclosure import scheduling, terms
from mingtang.disclosure.derived import actions as lists
from mingtang.disclosure.derived import penalties
from mingtang.events import bell, follow
from mingtang.events.sequencing import sequence_pending
from mingtang.files import leftover, uploads
from mingtang.hall import tickets
from mingtang.lib.errors import Refused
from mingtang.notices import actions as notices
from mingtang.notices import sender, transports
from mingtang.oversight.sweep import sweep_all
from mingtang.portal import keys, views_counted, wanted_counted
from mingtang.rulebook import actions as rulebook
from mingtang.rulebook import facts, wanted
from mingtang.search import service as search
from mingtang.subscriptions import actions as subscriptions
from mingtang.subscriptions import telling

log = logging.getLogger(__name__)
# Woken at once by this process's own acts; this is how late an act of another process may be noticed.
LOOK_EVERY = 1.0
SWEEP_EVERY = 60.0


def _follow_events() -> None:
    bell.wait(LOOK_EVERY)
    while sequence_pending() or follow.run_once():
        pass


def sweep() -> int:
    """The scheduled acts: what favours the person, and rules whose announced day has come.

    Returns how many cases were accepted.
    """
    accepted = 0
    for case in cases.silent():
        try:
            cases.accept_by_silence(case=case)
            accepted += 1
        except Refused as refusal:
            # A clerk was quicker: the act is theirs.
            log.info("not accepted by silence: %s", refusal)
    for case in cases.paused_over():
        try:
            cases.resume(case=case)
        except Refused as refusal:
            log.info("not resumed: %s", refusal)
    for case in cases.deferrals_over():
        try:
            cases.miss_deferred(case=case)
        except Refused as refusal:
            log.info("not missed: %s", refusal)
    for permit in cases.renewals_over():
        try:
            cases.deem_renewed(permit=permit)
        except Refused as refusal:
            log.info("not renewed by silence: %s", refusal)
    for grant in cases.grants_over():
        try:
            cases.end(grant=grant)
        except Refused as refusal:
            log.info("not taken down: %s", refusal)
    for edition in scheduling.scheduled_now():
        scheduling.publish_scheduled(edition=edition)
    for edition in terms.over():
        terms.expire(edition=edition)
    for row in lists.lists_over():
        try:
            lists.end(row=row)
        except Refused as refusal:
            log.info("list not taken down: %s", refusal)
    rulebook.put_due_in_force()
    sweep_all()
    keys.new_hours()
    keys.new_interruptions()
    views_counted.flush()
    wanted_counted.flush()
    notices.destroy_old()
    penalties.forget_outlived()
    drafts.destroy_expired()
    uploads.expire()
    codes.forget_old()
    numbers.forget_attempts()
    accounts.close_unused()
    subscriptions.forget_unconfirmed()
    telling.tell_due()
    return accepted


def _sweep() -> None:
    """One day: what counts days, reminds or is to be forgotten goes first, then one round a minute until midnight.

    First, so that no date is missed that began while no server ran or a round failed.
    """
    day = timezone.localdate()
    keys.new_day()
    ready.count_rows()
    wanted.forget(day)
    leftover.forget()
    tickets.close_days()
    reminding.remind_all()
    while timezone.localdate() == day:
        time.sleep(SWEEP_EVERY)
        sweep()


def _import_catalogues() -> None:
    if not importer.run_next():
        time.sleep(LOOK_EVERY)


def _sends(channel: str) -> Callable[[], None]:
    """One thread a channel, so that a gateway that is silent holds up nobody else's messages."""

    def send() -> None:
        answer = sender.run_once(channel)
        if answer is None or answer.outcome == transports.Outcome.UNCLEAR:
            time.sleep(LOOK_EVERY)

    send.__name__ = f"_send_{channel}"
    return send


def _forever(work: Callable[[], object]) -> None:
    while True:
        try:
            close_old_connections()
            work()
        except Exception:
            log.exception("%s failed and will be tried again", work.__name__)
            time.sleep(5)


def start() -> None:
    """Start the threads; they end with the process."""
    try:
        # The host map beside the store, a list and an index that answer, before the first page is asked.
        ready.publish_hosts()
        facts.ensure()
        search.ensure()
    except Exception:
        # Stored pages answer all the same, and /readyz says what is wrong.
        log.exception("the server starts without its database or index")
    senders = [_sends(channel) for channel in transports.configured()]
    for work in (_follow_events, _sweep, _import_catalogues, *senders):
        threading.Thread(target=_forever, args=(work,), name=work.__name__, daemon=True).start()
