"""Sealing personal text: AES-256-GCM under a key per case, itself sealed by the installation's master key."""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from mingtang.events.models import PayloadKey
from mingtang.lib.errors import Refused
from mingtang.towns.models import Jurisdiction

_NONCE = 12


def _master() -> bytes:
    return bytes.fromhex(settings.PAYLOAD_KEY)[:32]


def new_key(town: Jurisdiction) -> PayloadKey:
    """A fresh key row, in the caller's transaction."""
    return PayloadKey.objects.create(town=town, wrapped=_seal(_master(), os.urandom(32)))


def _seal(key: bytes, plain: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, None)


def _open(key: bytes, sealed: bytes) -> bytes:
    return AESGCM(key).decrypt(bytes(sealed[:_NONCE]), bytes(sealed[_NONCE:]), None)


def destroyed() -> Refused:
    """What is said of something that was destroyed by law."""
    return Refused("这份资料已经依法销毁，不能再打开。")


def key_bytes(key: PayloadKey) -> bytes:
    """The opened key, 32 bytes. Raises ``Refused`` when it was destroyed or belongs to another master key."""
    if key.wrapped is None:
        raise destroyed()
    try:
        return _open(_master(), key.wrapped)
    except InvalidTag as error:
        raise Refused("打不开这份资料：本机的密钥和封存时的不是同一把。请管理员核对密钥文件夹。") from error


def seal(key: PayloadKey, plain: bytes) -> bytes:
    return _seal(key_bytes(key), plain)


def open_sealed(key: PayloadKey, sealed: bytes) -> bytes:
    """The plain bytes; raises ``Refused`` when the key is gone or the text was altered."""
    try:
        return _open(key_bytes(key), sealed)
    except InvalidTag as error:
        raise Refused("这份资料被改动过，打不开。请报告管理员。") from error


def keyed_hash(value: str) -> str:
    """A hash of a personal number that finds equal numbers and reveals none (HMAC-SHA-256, hex)."""
    return hmac.new(_master(), value.strip().upper().encode(), hashlib.sha256).hexdigest()
