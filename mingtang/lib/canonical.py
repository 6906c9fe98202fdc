"""Canonical bytes: what is hashed, signed and compared is written in exactly one way."""

import hashlib
import json
from typing import Any


def canonical_json(value: Any) -> bytes:
    """JSON with sorted keys, UTF-8, no spaces. Only str, int, bool, None, list and dict may occur.

    Raises ``TypeError`` or ``ValueError`` for anything else (floats that are not finite, dates, sets).
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def sha256_hex(data: bytes) -> str:
    """Lower-case hexadecimal SHA-256."""
    return hashlib.sha256(data).hexdigest()
