"""Applicants' materials at rest: name and content encrypted together (AES-256-GCM).

The key belongs to the caller (one per case): whoever destroys it has destroyed every file sealed with it.
"""

import os
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mingtang.lib.errors import Refused

_MAGIC = b"MTF1"


def seal(key: bytes, name: str, content: bytes, *, bound_to: str) -> bytes:
    """``MTF1`` + 12 bytes nonce + ciphertext of (2 bytes length, name, content).

    ``key`` is 16, 24 or 32 bytes; ``bound_to`` must be given again to open.
    """
    label = name.encode()
    nonce = os.urandom(12)
    plain = struct.pack(">H", len(label)) + label + content
    return _MAGIC + nonce + AESGCM(key).encrypt(nonce, plain, bound_to.encode())


def unseal(key: bytes, sealed: bytes, *, bound_to: str) -> tuple[str, bytes]:
    """The name and content; refuses a wrong key, a changed byte or another town's file."""
    try:
        if sealed[:4] != _MAGIC:
            raise InvalidTag
        plain = AESGCM(key).decrypt(sealed[4:16], sealed[16:], bound_to.encode())
    except (InvalidTag, ValueError) as error:
        raise Refused("这份材料打不开：密钥不对，或文件已被改动。请联系系统管理员。", "file") from error
    (length,) = struct.unpack(">H", plain[:2])
    return plain[2 : 2 + length].decode(), plain[2 + length :]
