"""Writers are served in the order they came: nobody starves."""

import os
import threading
import time

import pytest
from django.db import connection, connections

from mingtang.lib import tx
from mingtang.lib.tx import FairLock, act


def queued(lock: FairLock, number: int) -> None:
    """Return when so many wait; the threads are on their way, so this takes no longer than they do."""
    deadline = time.monotonic() + 30
    while len(lock._waiters) < number:
        assert time.monotonic() < deadline, "nobody queued"
        os.sched_yield()


def in_line(lock: FairLock, work: list) -> list[threading.Thread]:
    """Threads that came one after the other and wait."""
    threads = []
    for place, one in enumerate(work, 1):
        threads.append(threading.Thread(target=one))
        threads[-1].start()
        queued(lock, place)
    return threads


@pytest.mark.pure
def test_waiters_are_served_in_the_order_they_came():
    lock, served = FairLock(), []

    def wait(name: int):
        lock.acquire()
        served.append(name)
        lock.release()

    lock.acquire()
    threads = in_line(lock, [lambda n=n: wait(n) for n in range(8)])
    lock.release()
    for thread in threads:
        thread.join(30)
    assert served == list(range(8))


@pytest.mark.pure
def test_a_newcomer_does_not_slip_in_before_those_who_wait():
    lock, served = FairLock(), []

    def first():
        lock.acquire()
        served.append("waited")
        lock.release()

    lock.acquire()
    [thread] = in_line(lock, [first])
    lock.release()
    lock.acquire()
    served.append("newcomer")
    lock.release()
    thread.join(30)
    assert served == ["waited", "newcomer"]


@pytest.mark.pure
def test_the_same_thread_may_enter_again_and_leaves_as_often():
    lock, served = FairLock(), []

    def wait():
        lock.acquire()
        served.append("other")
        lock.release()

    lock.acquire()
    lock.acquire()
    [thread] = in_line(lock, [wait])
    lock.release()
    assert served == []
    lock.release()
    thread.join(30)
    assert served == ["other"]


if connection.vendor == "sqlite":

    def test_acts_on_sqlite_stand_in_this_line(own_database):
        served = []

        def one(name: int):
            with act():
                served.append(name)
            connections.close_all()

        with act():
            threads = in_line(tx._writers, [lambda n=n: one(n) for n in range(4)])
            assert served == []
        for thread in threads:
            thread.join(30)
        assert served == [0, 1, 2, 3]

    def test_an_act_that_fails_lets_the_next_one_in(own_database):
        with pytest.raises(ZeroDivisionError), act():
            raise ZeroDivisionError
        with act():
            assert tx._writers._owner == threading.get_ident()
        assert tx._writers._owner is None
