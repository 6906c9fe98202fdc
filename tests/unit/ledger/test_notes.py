"""Signed notes and checkpoints, byte for byte."""

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from mingtang.ledger import notes
from mingtang.lib.errors import Refused

SEED = bytes(range(32))
ORIGIN = "mingtang.430623101/log"
SIGNER = notes.Signer(ORIGIN, SEED)
HEAD = notes.Checkpoint(ORIGIN, 20852163, hashlib.sha256(b"").digest())
NOTE = SIGNER.sign(HEAD.text)


def test_the_text_has_three_lines():
    assert HEAD.text == f"{ORIGIN}\n20852163\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"


def test_the_note_has_exactly_the_specified_bytes():
    """Rebuilt from the specification with nothing of ours: em dash, name, base64 of key id and signature."""
    public = base64.b64decode(str(SIGNER.verifier).split("+", 2)[2])[1:]
    key_id = hashlib.sha256(ORIGIN.encode() + b"\n\x01" + public).digest()[:4]
    text, _, tail = NOTE.partition("\n\n")
    assert tail.startswith(f"\u2014 {ORIGIN} ") and tail.endswith("\n") and tail.count("\n") == 1
    blob = base64.b64decode(tail.split(" ")[2])
    assert (blob[:4], len(blob)) == (key_id, 68)
    Ed25519PublicKey.from_public_bytes(public).verify(blob[4:], (text + "\n").encode())


def test_the_verifier_key_of_the_specification_is_read():
    """The key that the specification of signed notes prints as its example."""
    text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    verifier = notes.Verifier.parse(text)
    assert (verifier.name, verifier.id.hex(), str(verifier)) == ("PeterNeumann", "c74f20a3", text)


def test_the_note_of_the_specification_is_verified():
    note = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n\n"
        "\u2014 PeterNeumann "
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    verifier = notes.Verifier.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    assert verifier.open(note).startswith("If you think")
    with pytest.raises(Refused, match="签名是假的"):
        verifier.open(note.replace("answer", "Answer"))


def test_signing_twice_gives_the_same_bytes():
    assert notes.Signer(ORIGIN, SEED).sign(HEAD.text) == NOTE


def test_the_note_opens_to_what_was_signed():
    assert notes.parse_checkpoint(notes.Verifier.parse(str(SIGNER.verifier)).open(NOTE)) == HEAD


def test_extension_lines_and_a_witness_do_not_disturb():
    head = notes.Checkpoint(ORIGIN, 1, HEAD.root, ("more",))
    witness = notes.Signer("witness.example", b"\x05" * 32)
    note = SIGNER.sign(head.text) + witness.sign(head.text).rpartition("\n\n")[2]
    assert notes.parse_checkpoint(SIGNER.verifier.open(note)) == head
    assert witness.verifier.open(note) == head.text


@given(st.integers(0, len(NOTE.encode()) * 8 - 1))
def test_any_flipped_bit_of_a_note_is_noticed(bit):
    changed = bytearray(NOTE.encode())
    changed[bit // 8] ^= 1 << bit % 8
    try:
        note = changed.decode()
    except UnicodeDecodeError:
        return
    with pytest.raises(Refused):
        SIGNER.verifier.open(note)


def test_another_key_of_the_same_name_is_refused():
    with pytest.raises(Refused, match="没有"):
        notes.Signer(ORIGIN, b"\x09" * 32).verifier.open(NOTE)


@pytest.mark.parametrize("text", ["", "x", "a+b", "name+00000000+AQ==", "+c74f20a3+AQ==", str(SIGNER.verifier)[:-1]])
def test_a_broken_verifier_key_is_refused(text):
    with pytest.raises(Refused, match="公钥"):
        notes.Verifier.parse(text)


def test_a_miscopied_key_id_is_noticed():
    wrong = str(SIGNER.verifier).replace(SIGNER.verifier.id.hex(), "00000000")
    with pytest.raises(Refused, match="对不上"):
        notes.Verifier.parse(wrong)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        "a\n01\nx\n",
        "a\n1\nAAAA\n",
        "a\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        HEAD.text[:-1],
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(Refused, match="检查点"):
        notes.parse_checkpoint(text)


@pytest.mark.parametrize(
    "note", ["", "a\n\n", "a\n\nb\n", NOTE[:-1], NOTE.replace("—", "-"), NOTE.replace("\n\n", "\n")]
)
def test_what_is_no_note_is_refused(note):
    with pytest.raises(Refused, match="检查点"):
        notes.split_note(note)


def test_a_signer_refuses_what_no_note_can_hold():
    with pytest.raises(ValueError, match="key name"):
        notes.Signer("a b", SEED)
    with pytest.raises(ValueError, match="newline"):
        SIGNER.sign("no end")
