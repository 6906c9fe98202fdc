"""Proofs that leave the house, and `mingtang verify`: a changed row is named."""

import base64
import copy
import hashlib
import json
import subprocess
import sys

import pytest
from django.db import connection

from config import verify as command
from mingtang.events import vault
from mingtang.events.follow import settle
from mingtang.events.log import CONSOLE, commitment, entry, opening, record
from mingtang.events.models import Sequenced
from mingtang.ledger import frozen, keys, notes, openings, place, proof, service
from mingtang.ledger.frozen import Finding
from mingtang.ledger.merkle import verify_consistency
from mingtang.ledger.models import Checkpoint
from mingtang.ledger.verifying import verify_log
from mingtang.lib.errors import Refused
from mingtang.lib.paths import CHECKOUT
from mingtang.lib.tx import act
from tests.integration.ledger_town import HIDDEN, SHOWN, logged, make_town, own_keys, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(own_data_folder):
    own_keys(own_data_folder)
    return make_town()


def tamper(table: str, statement: str, *values) -> None:
    """What someone with the database's password can do: drop the triggers and write."""
    on = "" if connection.vendor == "sqlite" else f" ON {table}"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for verb in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{on}")
        cursor.execute(statement, values)


def said(town) -> list[str]:
    return [str(finding) for finding in verify_log(town).findings]


def test_entries_made_here_are_those_the_events_write(town):
    for event in logged(town, 1) + logged(town, 1, HIDDEN):
        opened = opening(event)
        assert openings.commitment(opened) == commitment(opened)
        assert openings.entry_bytes(opened, event.type == SHOWN) == entry(opened)
        assert openings.opens(opened, entry(opened))


def test_a_proof_verifies_with_nothing_but_the_key(town):
    events = logged(town, 300)
    found = proof.read(json.dumps(service.proof_for(events[271])).encode())
    result = proof.verify(found, service.verifier_keys(town)[0])
    assert any("第271号条目确已入册" in sentence for sentence in result.holds)
    assert any("事件原文和入册的承诺一致" in sentence for sentence in result.holds)
    assert result.cautions == []


def test_without_a_key_the_reader_is_told_to_get_one(town):
    [event] = logged(town, 1)
    assert "--key" in proof.verify(service.proof_for(event)).cautions[0]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("index",), 4),
        (("entry",), '{"commit":"00"}'),
        (("inclusion", 0), base64.b64encode(bytes(32)).decode()),
        (("inclusion",), []),
        (("opening", "event", "reason"), "改过"),
        (("opening", "salt"), "00" * 16),
        (("opening", "event", "type"), HIDDEN),
    ],
)
def test_a_proof_that_was_changed_anywhere_fails(town, path, value):
    events = logged(town, 6)
    found = copy.deepcopy(service.proof_for(events[3]))
    target = found
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    with pytest.raises(Refused):
        proof.verify(found, service.verifier_keys(town)[0])


@pytest.mark.parametrize("name", ["index", "entry", "inclusion", "checkpoint"])
@pytest.mark.parametrize("value", [None, {}, [[]], 1.5])
def test_a_malformed_proof_gets_a_sentence(town, name, value):
    [event] = logged(town, 1)
    with pytest.raises(Refused):
        proof.verify(service.proof_for(event) | {name: value})
    with pytest.raises(Refused, match="不完整"):
        proof.verify({"format": proof.PROOF})


def test_a_key_signs_only_for_its_own_log(town):
    [event] = logged(town, 1)
    signer = notes.Signer("other.example/log", b"\x01" * 32)
    stolen = signer.sign(service.latest(town).note.partition("\n\n")[0] + "\n")
    with pytest.raises(Refused, match="不是同一本日志"):
        proof.verify(service.proof_for(event) | {"checkpoint": stolen}, str(signer.verifier))


@pytest.mark.parametrize("data", [b"", b"\xff", b"[]", b'{"format":"x"}'])
def test_what_is_no_proof_file_gets_a_sentence(data):
    with pytest.raises(Refused, match="证明"):
        proof.read(data)


def test_an_event_without_number_has_a_receipt_and_no_proof_yet(town):
    logged(town, 3)
    [event] = write(town, 1)
    assert service.index_of(event) is None
    assert service.proof_for(event) is None
    result = proof.verify(service.receipt_for(event), service.verifier_keys(town)[0])
    assert any(service.latest(town).words in sentence for sentence in result.holds)
    assert "二维码" in result.cautions[-1]


def test_the_first_receipt_of_a_town_says_that_nothing_is_signed_yet(town):
    [event] = write(town, 1)
    assert "还没有签过" in proof.verify(service.receipt_for(event)).cautions[0]


def test_a_changed_receipt_fails(town):
    [event] = write(town, 1)
    receipt = service.receipt_for(event)
    receipt["opening"]["event"]["reason"] = "改过"
    with pytest.raises(Refused, match="不一致"):
        proof.verify(receipt)


def test_the_public_entry_never_holds_salt_or_event(town):
    [event] = logged(town, 1)
    found = service.entry_public(town, 0)
    assert bytes(event.salt).hex() not in json.dumps(found)
    assert found["envelope"]["subject"] == event.subject
    assert "opening" not in found
    assert service.opening_public(event) == opening(event)
    [hidden] = logged(town, 1, HIDDEN)
    assert list(service.entry_public(town, 1)["envelope"]) == ["commit"]
    with pytest.raises(Refused):
        service.opening_public(hidden)


def test_there_is_no_entry_beyond_the_signed_tree(town):
    assert service.entry_public(town, 0) is None
    assert service.latest(town) is None
    assert service.tile_bytes(town, "tile/0/000.p/1") is None
    logged(town, 2)
    assert service.entry_public(town, 2) is None
    assert service.entry_public(town, -1) is None
    assert service.tile_bytes(town, "tile/0/000.p/3") is None
    assert service.tile_bytes(town, "tile/0/../../state") is None


def test_a_client_with_checkpoint_and_tiles_alone_verifies_an_entry(town):
    """Three requests, no code of ours: checkpoint, the tile of hashes, the bundle of entries."""
    logged(town, 3)
    origin, size, root = service.latest(town).note.split("\n")[:3]
    assert (origin, size) == ("mingtang.430623101/log", "3")
    hashes = service.tile_bytes(town, "tile/0/000.p/3")
    bundle = service.tile_bytes(town, "tile/entries/000.p/3")
    entries = []
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        entries.append(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]
    first, second, third = (hashlib.sha256(b"\x00" + data).digest() for data in entries)
    assert hashes == first + second + third
    pair = hashlib.sha256(b"\x01" + first + second).digest()
    assert base64.b64encode(hashlib.sha256(b"\x01" + pair + third).digest()).decode() == root


def test_consistency_between_two_checkpoints(town):
    logged(town, 3)
    old = service.latest(town)
    logged(town, 400)
    new = service.latest(town)
    path = [base64.b64decode(step) for step in service.consistency(town, 3, 403)["consistency"]]
    assert verify_consistency(3, 403, old.root_bytes, new.root_bytes, path)
    with pytest.raises(Refused, match="403"):
        service.consistency(town, 3, 404)


def test_a_sound_log_has_no_findings(town):
    logged(town, 300)
    logged(town, 4, HIDDEN)
    report = verify_log(town)
    assert report.ok, said(town)
    assert (report.events, report.checkpoints, report.unsigned) == (304, 2, 0)
    assert report.words == service.latest(town).words


def test_progress_is_told(town):
    logged(town, 600)
    seen = []
    verify_log(town, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(512, 600), (600, 600)]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("reason", "改过"),
        ("actor", "staff:9"),
        ("subject", "item:other"),
        ("type", HIDDEN),
        ("happened_at", "2001-01-01 00:00:00+00:00"),
        ("data", '{"step": 99}'),
        ("place", "别处"),
        ("payload_commit", "0" * 64),
    ],
)
def test_a_changed_event_is_named(town, column, value):
    event = logged(town, 300)[270]
    tamper("events_event", f"UPDATE events_event SET {column} = %s WHERE id = %s", value, event.pk)
    assert any(f"表 events_event 第{event.pk}行" in sentence and "序号270" in sentence for sentence in said(town))


def test_a_changed_event_is_named_even_when_the_tiles_are_gone(town):
    logged(town, 5)
    event = logged(town, 3)[1]
    logged(town, 5)
    tamper("events_event", "UPDATE events_event SET reason = 'x' WHERE id = %s", event.pk)
    service.rebuild(town)
    assert any("差别在序号5至7之间" in sentence for sentence in said(town))


def test_a_deleted_event_is_named(town):
    event = logged(town, 5)[2]
    tamper("events_sequenced", "DELETE FROM events_sequenced WHERE event_id = %s", event.pk)
    sentences = said(town)
    assert any("表 events_sequenced 序号2" in sentence for sentence in sentences)
    assert any(f"表 events_event 第{event.pk}行" in sentence for sentence in sentences)


def test_deleted_last_events_are_named(town):
    events = logged(town, 5)
    tamper("events_sequenced", "DELETE FROM events_sequenced WHERE event_id = %s", events[-1].pk)
    tamper("events_event", "DELETE FROM events_event WHERE id = %s", events[-1].pk)
    assert any("只有4条" in sentence for sentence in said(town))


def test_swapped_numbers_are_named(town):
    events = logged(town, 5)
    index = connection.ops.quote_name("index")
    for number, place_ in ((99, 0), (0, 1), (1, 99)):
        tamper(
            "events_sequenced",
            f"UPDATE events_sequenced SET {index} = %s WHERE {index} = %s",
            number,
            place_,
        )
    assert Sequenced.objects.get(index=0).event_id == events[1].pk
    assert sum("的内容和入册时不一样" in sentence for sentence in said(town)) == 2


def test_a_changed_envelope_rule_is_named(town):
    logged(town, 5)
    tamper("ledger_shown", "UPDATE ledger_shown SET shown = %s", False)
    assert any("表 ledger_shown" in sentence for sentence in said(town))


@pytest.mark.parametrize(("column", "value"), [("root", "0" * 64), ("size", 4), ("note", "x")])
def test_a_changed_checkpoint_is_named(town, column, value):
    logged(town, 5)
    row = Checkpoint.objects.get()
    tamper("ledger_checkpoint", f"UPDATE ledger_checkpoint SET {column} = %s", value)
    assert any(f"表 ledger_checkpoint 第{row.pk}行" in sentence for sentence in said(town))


def test_deleted_checkpoints_are_noticed_by_the_one_outside(town):
    event = logged(town, 5)[2]
    tamper("ledger_checkpoint", "DELETE FROM ledger_checkpoint")
    tamper("events_event", "UPDATE events_event SET reason = 'x' WHERE id = %s", event.pk)
    service.rebuild(town)
    assert any("数据库之外保存的检查点" in sentence for sentence in said(town))


@pytest.mark.parametrize("change", ["missing", "old", "garbage"])
def test_a_changed_checkpoint_file_is_named(town, change):
    logged(town, 3)
    path = place.checkpoint_file(town, "mingtang.430623101/log")
    old = path.read_text()
    logged(town, 3)
    if change == "missing":
        path.unlink()
    else:
        path.write_text(old if change == "old" else "x")
    assert any("数据库之外保存的检查点" in sentence for sentence in said(town))


def test_damaged_tiles_are_named(town):
    logged(town, 300)
    (place.tree_folder(town, "mingtang.430623101/log") / "tile/0/001").write_bytes(b"x")
    assert any("日志文件 tile/0/001" in sentence for sentence in said(town))


def payload_event(town):
    with act():
        key = vault.new_key(town)
        return record(town=town, type=HIDDEN, subject="case:1", by=CONSOLE, payload={"text": "秘密"}, payload_key=key)


def test_a_changed_payload_is_named_and_a_destroyed_one_is_not(town):
    event = payload_event(town)
    settle()
    report = verify_log(town)
    assert (report.ok, report.payloads, report.destroyed) == (True, 1, 0)
    sealed = bytearray(event.payload.sealed)
    sealed[-1] ^= 1
    tamper("events_payload", "UPDATE events_payload SET sealed = %s", bytes(sealed))
    assert any(f"表 events_payload 第{event.pk}行" in sentence for sentence in said(town))
    tamper("events_payloadkey", "UPDATE events_payloadkey SET wrapped = NULL, destroyed_at = %s", event.recorded_at)
    report = verify_log(town)
    assert (report.ok, report.payloads, report.destroyed) == (True, 0, 1)


def test_a_replaced_payload_is_named(town):
    event = payload_event(town)
    settle()
    other = vault.seal(event.payload.key, b"0" * 16 + b'{"text":"x"}')
    tamper("events_payload", "UPDATE events_payload SET sealed = %s", other)
    assert f"表 events_payload 第{event.pk}行：附件内容和事件里的承诺不一样。" in said(town)


def test_many_checkpoints_that_differ_take_two_sentences(town):
    event = logged(town, 2)[1]
    for _ in range(4):
        logged(town, 1)
    tamper("events_event", "UPDATE events_event SET reason = 'x' WHERE id = %s", event.pk)
    sentences = [sentence for sentence in said(town) if sentence.startswith("表 ledger_checkpoint")]
    assert len(sentences) == 2
    assert "差别在序号0至1之间" in sentences[0]
    assert "其后还有4个检查点也不符" in sentences[1]


def test_a_log_that_can_no_longer_be_signed_is_a_finding(town):
    logged(town, 1)
    keys.key_file(town.code).unlink()
    assert any("找不到日志的签名密钥" in sentence for sentence in said(town))


def test_frozen_records_are_recomputed_and_named(town, monkeypatch):
    monkeypatch.setattr(frozen, "_kinds", {})
    seen = []

    def checker(events):
        seen.extend(events)
        return [Finding("disclosure_revision", 7, "正文和公开时不一样")]

    frozen.frozen("政府信息", [SHOWN], checker)
    frozen.frozen("政府信息", [SHOWN], checker)
    with pytest.raises(ValueError, match="two kinds"):
        frozen.frozen("政府信息", [HIDDEN], checker)
    events = logged(town, 2)
    logged(town, 1, HIDDEN)
    report = verify_log(town)
    assert seen == events
    assert report.frozen == {"政府信息": 2}
    assert str(report.findings[0]) == "表 disclosure_revision 第7行：正文和公开时不一样。"
    assert verify_log(town, deep=False).ok


def test_the_command_checks_every_town(town, capsys):
    make_town("430623102", "XX")
    events = logged(town, 5)
    assert command.main([]) == 0
    assert service.latest(town).words in capsys.readouterr().out
    tamper("events_event", "UPDATE events_event SET reason = 'x' WHERE id = %s", events[2].pk)
    assert command.main([]) == 1
    assert f"表 events_event 第{events[2].pk}行" in capsys.readouterr().out
    assert command.main(["--town", "430623102"]) == 0
    assert command.main(["--town", "1"]) == 2
    assert command.main(["--key", "x"]) == 2


def test_the_command_checks_a_file_without_loading_a_database(town, tmp_path):
    events = logged(town, 5)
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(service.proof_for(events[3])))
    program = (
        "import sys; from config.verify import main; code = main(sys.argv[1:]);"
        "assert not any(name.startswith('django') for name in sys.modules); sys.exit(code)"
    )
    run = [sys.executable, "-c", program, str(path), "--key", service.verifier_keys(town)[0]]
    done = subprocess.run(run, cwd=CHECKOUT, capture_output=True, text=True, env={"PATH": ""})
    assert (done.returncode, done.stderr) == (0, "")
    assert "第3号条目确已入册" in done.stdout
    path.write_text(path.read_text().replace("test.shown-3", "test.shown-4"))
    done = subprocess.run(run, cwd=CHECKOUT, capture_output=True, text=True, env={"PATH": ""})
    assert done.returncode == 1
    assert "✗" in done.stdout


def test_the_command_names_a_file_it_cannot_open(capsys):
    assert command.main(["/nowhere.json"]) == 2
    assert "打不开" in capsys.readouterr().err
