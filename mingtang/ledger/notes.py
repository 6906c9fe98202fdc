"""C2SP signed notes with Ed25519, and the checkpoint text of C2SP tlog-checkpoint. Pure.

A note is a text that ends in a newline, an empty line, and signature lines
``— <key name> <base64(key id || signature)>``; the signature is over the text with its last newline.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mingtang.ledger.merkle import HASH_SIZE
from mingtang.lib.errors import Refused

_ALGORITHM = b"\x01"  # Ed25519
_NAME = re.compile(r"[^\s+]+")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


def _base64(text: str) -> bytes | None:
    """The bytes of standard base64 written in the one right way, else ``None``."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None


@dataclass(frozen=True)
class Checkpoint:
    """What a log states about itself: origin, number of leaves, root (32 bytes), further lines."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The note's text: three lines and the extensions, each ended by a newline."""
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def parse_checkpoint(text: str) -> Checkpoint:
    """Read a checkpoint's text. Raises ``Refused`` when it is not one."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]) or not _SIZE.fullmatch(lines[1]):
        raise Refused("检查点的格式不对：应有来源、树的大小和根散列三行。请重新取得原文。")
    root = _base64(lines[2])
    if root is None or len(root) != HASH_SIZE:
        raise Refused("检查点里的根散列写得不对。请重新取得原文。")
    return Checkpoint(lines[0], int(lines[1]), root, tuple(lines[3:-1]))


@dataclass(frozen=True)
class Signature:
    """One signature line: key name, 4-byte key id, signature bytes."""

    name: str
    key_id: bytes
    value: bytes


def split_note(note: str) -> tuple[str, list[Signature]]:
    """The text of a note (with its final newline) and its signatures. Raises ``Refused`` when it is no signed note."""
    body, gap, tail = note.rpartition("\n\n")
    lines = tail.split("\n")
    if not gap or len(lines) < 2 or lines[-1] or _CONTROL.search(note):
        raise Refused("这不是签过名的检查点：找不到签名行。请重新取得原文。")
    signatures = []
    for line in lines[:-1]:
        parts = line.split(" ")
        data = _base64(parts[2]) if len(parts) == 3 and parts[0] == "—" and _NAME.fullmatch(parts[1]) else None
        if data is None or len(data) < 5:
            raise Refused("检查点的签名行写得不对。请重新取得原文。")
        signatures.append(Signature(parts[1], data[:4], data[4:]))
    return body + "\n", signatures


def key_id(name: str, public: bytes) -> bytes:
    """First 4 bytes of ``SHA-256(name || "\\n" || 0x01 || public key)``."""
    return hashlib.sha256(name.encode() + b"\n" + _ALGORITHM + public).digest()[:4]


@dataclass(frozen=True)
class Verifier:
    """A name with its Ed25519 public key (32 bytes): all that is needed to check a note."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        return key_id(self.name, self.public)

    def __str__(self) -> str:
        """``<name>+<hex key id>+<base64(0x01 || public key)>``"""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(_ALGORITHM + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> "Verifier":
        """Read a verifier key string. Raises ``Refused`` when it is not one or its id does not fit its key."""
        name, _, rest = text.strip().partition("+")
        hexed, _, encoded = rest.partition("+")
        data = _base64(encoded)
        if not _NAME.fullmatch(name) or data is None or len(data) != 33 or data[:1] != _ALGORITHM:
            raise Refused("核对公钥的写法不对，应为“名称+编号+公钥”一整行。请从公布处完整复制。", "key")
        verifier = cls(name, data[1:])
        if verifier.id.hex() != hexed:
            raise Refused("核对公钥的编号和公钥对不上，可能抄错了一位。请从公布处完整复制。", "key")
        return verifier

    def open(self, note: str) -> str:
        """The text of a note that this key signed; other keys' signatures (witnesses) are not looked at.

        Raises ``Refused`` when this key did not sign it or a signature of this key is false.
        """
        text, signatures = split_note(note)
        ours = [line for line in signatures if (line.name, line.key_id) == (self.name, self.id)]
        if not ours:
            raise Refused(f"检查点上没有“{self.name}”这把公钥的签名。请核对公钥是否属于这本日志。")
        for line in ours:
            try:
                Ed25519PublicKey.from_public_bytes(self.public).verify(line.value, text.encode())
            except (InvalidSignature, ValueError) as error:
                raise Refused("检查点的签名是假的：内容被改动过，或者不是这把密钥签的。") from error
        return text


class Signer:
    """A name with its Ed25519 private key, made from a 32-byte seed."""

    def __init__(self, name: str, seed: bytes) -> None:
        if not _NAME.fullmatch(name):
            raise ValueError("a key name has no spaces and no plus sign")
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = Verifier(name, self._key.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The signed note. The same text always gives the same bytes (Ed25519 is deterministic)."""
        if not text.endswith("\n") or _CONTROL.search(text):
            raise ValueError("a note's text ends in a newline and holds no control characters")
        value = base64.b64encode(self.verifier.id + self._key.sign(text.encode())).decode()
        return f"{text}\n— {self.verifier.name} {value}\n"
