"""The ledger as a projection: what is signed, what is refused, what survives a crash."""

import json
import shutil
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from mingtang.events import follow
from mingtang.events.follow import rewind, settle
from mingtang.events.log import SYSTEM, entry, opening
from mingtang.events.models import Cursor, Event, Sequenced, Unsequenced
from mingtang.events.sequencing import sequence_pending
from mingtang.ledger import follower, keys, notes, place, service
from mingtang.ledger.models import Checkpoint, Log, Shown
from mingtang.ledger.tree import Tree
from mingtang.lib.errors import Refused
from tests.integration.ledger_town import HIDDEN, SHOWN, logged, make_town, own_keys, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(own_data_folder):
    own_keys(own_data_folder)
    return make_town()


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_numbered_event_is_an_entry_in_order(town):
    events = logged(town, 3) + logged(town, 2, HIDDEN)
    tree = Tree(place.tree_folder(town, "mingtang.430623101/log"))
    assert tree.size == 5
    assert [tree.entry(index) for index in range(5)] == [entry(opening(event)) for event in events]
    assert "subject" in json.loads(tree.entry(0))
    assert list(json.loads(tree.entry(4))) == ["commit"]


def test_one_checkpoint_is_signed_per_batch_and_kept_outside_the_database(town):
    logged(town, 3)
    logged(town, 4)
    assert list(Checkpoint.objects.order_by("size").values_list("size", flat=True)) == [3, 7]
    latest = service.latest(town)
    assert place.checkpoint_file(town, latest.origin).read_text() == latest.note
    stated = notes.parse_checkpoint(notes.Verifier.parse(service.verifier_keys(town)[0]).open(latest.note))
    assert (stated.origin, stated.size, stated.root.hex()) == ("mingtang.430623101/log", 7, latest.root)
    assert service.words_of(latest.root) == latest.words


def test_the_key_is_made_once_and_readable_by_nobody_else(town):
    logged(town, 1)
    path = keys.key_file(town.code)
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()
    logged(town, 1)
    assert path.read_bytes() == before


def test_the_environment_gives_the_key(town, monkeypatch):
    monkeypatch.setenv(f"MINGTANG_LEDGER_KEY_{town.code}", "07" * 32)
    logged(town, 1)
    assert Log.objects.get().verifier == str(notes.Signer("mingtang.430623101/log", b"\x07" * 32).verifier)


def test_two_towns_have_two_logs(town):
    other = make_town("430623102", "XX")
    logged(town, 2)
    logged(other, 1)
    assert service.latest(town).size == 2
    assert service.latest(other).size == 1
    assert service.latest(town).origin != service.latest(other).origin
    assert service.entry_public(other, 1) is None


@pytest.mark.parametrize(
    "table", ["events_event", "events_sequenced", "ledger_checkpoint", "ledger_log", "ledger_shown"]
)
@pytest.mark.parametrize("statement", ["UPDATE {} SET town_id = town_id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_was_written(town, table, statement):
    logged(town, 1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def test_a_rebuilt_tree_has_equal_bytes(town):
    logged(town, 300)
    logged(town, 250, HIDDEN)
    folder = place.tree_folder(town, "mingtang.430623101/log")
    before = files(folder)
    assert service.rebuild(town) == 550
    assert files(folder) == before
    assert sorted(path.name for path in folder.parent.iterdir()) == ["checkpoint", "tree"]


def test_a_rebuilt_tree_is_equal_after_the_code_shows_other_types(town, monkeypatch):
    logged(town, 2)
    before = files(place.tree_folder(town, "mingtang.430623101/log"))
    monkeypatch.setitem(follower.types._types, SHOWN, follower.types.EventType(SHOWN, "不再公开", False))
    service.rebuild(town)
    assert files(place.tree_folder(town, "mingtang.430623101/log")) == before
    logged(town, 1)
    assert "type" not in service.entry_public(town, 2)["envelope"]
    assert list(Shown.objects.order_by("since").values_list("since", "shown")) == [(0, True), (2, False)]


@pytest.mark.parametrize("step", ["_extend_bundles", "_extend_tiles", "keep_note", "create", "cursor"])
def test_a_kill_at_any_point_is_completed_by_the_next_run(town, monkeypatch, step):
    logged(town, 200)
    write(town, 100)
    with monkeypatch.context() as patch:

        class Killed(Exception):
            pass

        def die(*args, **kwargs):
            raise Killed

        if step.startswith("_extend"):
            original = getattr(Tree, step)

            def after(self, *args):
                original(self, *args)
                raise Killed

            patch.setattr(Tree, step, after)
        elif step == "keep_note":
            patch.setattr(place, "keep_note", die)
        elif step == "create":
            patch.setattr(Checkpoint.objects.__class__, "get_or_create", die)
        if step != "cursor":
            settle()
            assert Checkpoint.objects.count() == 1
    if step == "cursor":
        settle()
        Cursor.objects.filter(listener="ledger").update(next_index=150)
    settle()
    crashed = files(place.tree_folder(town, "mingtang.430623101/log"))
    service.rebuild(town)
    assert files(place.tree_folder(town, "mingtang.430623101/log")) == crashed
    assert list(Checkpoint.objects.order_by("size").values_list("size", flat=True)) == [200, 300]
    assert service.trouble(town) is None


def test_handing_out_the_same_rows_again_changes_nothing(town):
    logged(town, 5)
    before = files(place.town_folder(town))
    rewind("ledger")
    settle()
    assert files(place.town_folder(town)) == before
    assert Checkpoint.objects.count() == 1


@pytest.mark.parametrize("lost", ["tree/tile/0/000", "tree/state", "tree"])
def test_lost_tiles_are_made_again_with_the_next_event(town, lost):
    logged(town, 5)
    path = place.folder(town, "mingtang.430623101/log") / lost
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    logged(town, 1)
    assert service.latest(town).size == 6
    assert service.trouble(town) is None


def restore_older(town, keep: int) -> None:
    """What a database restored from an older backup looks like: everything after ``keep`` events never was."""
    with connection.cursor() as cursor:
        for table in ("events_sequenced", "events_event", "ledger_checkpoint"):
            cursor.execute(f"DROP TRIGGER {table}_no_delete" + _on(table))
        late = list(Sequenced.objects.filter(index__gte=keep).values_list("event_id", flat=True))
        cursor.execute(f"DELETE FROM events_sequenced WHERE {_quote('index')} >= %s", [keep])
        for pk in late:
            cursor.execute("DELETE FROM events_event WHERE id = %s", [pk])
        cursor.execute("DELETE FROM ledger_checkpoint WHERE size > %s", [keep])
        Cursor.objects.update(next_index=keep)


def _on(table: str) -> str:
    return "" if connection.vendor == "sqlite" else f" ON {table}"


def _quote(name: str) -> str:
    return connection.ops.quote_name(name)


def test_a_smaller_tree_is_never_signed(town):
    logged(town, 3)
    logged(town, 4)
    restore_older(town, 3)
    shutil.rmtree(place.tree_folder(town, "mingtang.430623101/log"))
    logged(town, 1, first=50)
    assert Checkpoint.objects.count() == 1
    assert "旧备份" in service.trouble(town)
    assert place.kept_checkpoint(town, "mingtang.430623101/log").size == 7


def test_a_grown_but_different_tree_is_never_signed(town):
    logged(town, 3)
    logged(town, 4)
    restore_older(town, 3)
    shutil.rmtree(place.tree_folder(town, "mingtang.430623101/log"))
    logged(town, 9, first=50)
    assert Checkpoint.objects.count() == 1
    assert "不一致" in service.trouble(town)


def test_events_that_contradict_the_tiles_stop_the_log(town, caplog):
    logged(town, 3)
    logged(town, 4)
    restore_older(town, 3)
    logged(town, 1, first=50)
    assert Checkpoint.objects.count() == 1
    assert "已停止签名" in caplog.text


def test_grown_events_that_contradict_the_tiles_stop_the_log(town):
    """More events than were signed, other ones: skipping what the tiles hold would sign a forged history."""
    logged(town, 3)
    logged(town, 4)
    restore_older(town, 3)
    logged(town, 9, first=50)
    assert Checkpoint.objects.count() == 1
    assert "旧备份" in service.trouble(town)


def test_a_node_that_has_not_caught_up_signs_nothing_and_catches_up(town, monkeypatch):
    logged(town, 5)
    shutil.rmtree(place.tree_folder(town, "mingtang.430623101/log"))
    rewind("ledger")
    monkeypatch.setattr(follow, "BATCH", 2)
    logged(town, 2)
    assert list(Checkpoint.objects.order_by("size").values_list("size", flat=True)) == [5, 6, 7]
    assert service.trouble(town) is None


@pytest.mark.parametrize("gap", [2, 3])
def test_a_gap_in_the_numbers_stops_the_log(town, caplog, gap):
    logged(town, 2)
    write(town, 2)
    sequence_pending()
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER events_sequenced_no_update" + _on("events_sequenced"))
        cursor.execute(f"UPDATE events_sequenced SET {_quote('index')} = 9 WHERE {_quote('index')} = {gap}")
    settle()
    assert Checkpoint.objects.count() == 1
    assert f"缺少序号{gap}" in caplog.text


def test_a_new_database_beside_an_old_checkpoint_makes_no_new_key(town):
    logged(town, 3)
    restore_older(town, 0)
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER ledger_log_no_delete" + _on("ledger_log"))
        cursor.execute("DELETE FROM ledger_log")
    keys.key_file(town.code).unlink()
    logged(town, 1, first=50)
    assert not keys.key_file(town.code).exists()
    assert Checkpoint.objects.count() == 0


def test_the_first_statement_of_a_new_log_holds_the_event_that_opened_it(town, monkeypatch):
    logged(town, 3)
    logged(town, 4)
    restore_older(town, 3)
    service.reopen(town, SYSTEM)
    monkeypatch.setattr(follow, "BATCH", 2)
    rewind("ledger")
    settle()
    [first] = Checkpoint.objects.filter(origin__endswith="log2")
    assert first.size == 4


def test_reopening_starts_a_new_origin_whose_first_event_names_the_old_head(town):
    logged(town, 3)
    head = logged(town, 4) and service.latest(town)
    restore_older(town, 3)
    logged(town, 1, first=50)
    log = service.reopen(town, SYSTEM)
    assert Checkpoint.objects.filter(origin=log.origin).count() == 0
    settle()
    latest = service.latest(town)
    assert (latest.origin, latest.size) == ("mingtang.430623101/log2", 5)
    event = Event.objects.get(type="ledger.reopened")
    assert event.data == {"old_origin": "mingtang.430623101/log", "old_size": 7, "old_root": head.root}
    assert service.index_of(event) == 4
    assert service.trouble(town) is None
    assert place.kept_note(town, "mingtang.430623101/log") == head.note
    logged(town, 1)
    assert service.latest(town).size == 6


def test_a_second_restore_opens_a_third_log(town):
    logged(town, 3)
    logged(town, 4)
    restore_older(town, 3)
    service.reopen(town, SYSTEM)
    settle()
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER ledger_log_no_delete" + _on("ledger_log"))
        cursor.execute("DELETE FROM ledger_checkpoint WHERE origin LIKE %s", ["%log2"])
        cursor.execute("DELETE FROM ledger_log WHERE number = 2")
        cursor.execute(f"DELETE FROM events_sequenced WHERE {_quote('index')} >= 3")
        cursor.execute("DELETE FROM events_event WHERE type = 'ledger.reopened'")
        Cursor.objects.update(next_index=3)
    assert service.reopen(town, SYSTEM).origin == "mingtang.430623101/log3"


def test_a_sound_log_is_not_reopened(town):
    with pytest.raises(Refused, match="不需要另开"):
        service.reopen(town, SYSTEM)
    logged(town, 1)
    with pytest.raises(Refused, match="不需要另开"):
        service.reopen(town, SYSTEM)


def test_a_lost_key_stops_signing_until_the_log_is_reopened(town, monkeypatch):
    monkeypatch.setenv(f"MINGTANG_LEDGER_KEY_{town.code}", "07" * 32)
    logged(town, 1)
    monkeypatch.setenv(f"MINGTANG_LEDGER_KEY_{town.code}", "08" * 32)
    logged(town, 1)
    assert Checkpoint.objects.count() == 1
    assert "密钥换过了" in service.trouble(town)
    service.reopen(town, SYSTEM)
    settle()
    assert service.latest(town).size == 3
    assert len(service.verifier_keys(town)) == 2


def test_a_missing_key_is_not_replaced_silently(town):
    logged(town, 1)
    keys.key_file(town.code).unlink()
    logged(town, 1)
    assert Checkpoint.objects.count() == 1
    assert "找不到日志的签名密钥" in service.trouble(town)
    assert not keys.key_file(town.code).exists()


def test_nothing_is_left_waiting(town):
    logged(town, 3)
    assert not Unsequenced.objects.exists()
