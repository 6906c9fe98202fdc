"""Salted commitments: whoever holds the opening of a row proves it, nobody else can guess it (docs/adr). Pure.

A row is committed to as ``SHA-256(salt ‖ canonical JSON of the row)``, the salt 32 random bytes of its own. The root of
the RFC 9162 tree over the commitments, in the order of the list, stands in the event that froze the list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mingtang.ledger import merkle
from mingtang.lib.canonical import canonical_json, sha256_hex

SALT_BYTES = 32
MOST = 20_000  # characters of an opening somebody hands in


def commitment(salt: bytes, row: dict[str, Any]) -> str:
    """The commitment of one whole row, hex. A list that names no person has no salts: its rows are public anyway."""
    return sha256_hex(salt + canonical_json(row))


def _leaves(commitments: Sequence[str]) -> list[bytes]:
    return [merkle.leaf_hash(bytes.fromhex(one)) for one in commitments]


def root(commitments: Sequence[str]) -> str:
    """The Merkle root over the commitments of a list in order, hex."""
    return merkle.root_of(_leaves(commitments)).hex()


def opening(salt: bytes, row: dict[str, Any], commitments: Sequence[str]) -> dict[str, Any]:
    """What a person keeps of their row ``row["no"]``: it proves itself against the root alone."""
    leaves = _leaves(commitments)
    path = merkle.inclusion_proof(row["no"] - 1, len(leaves), merkle.nodes_of(leaves))
    return {
        "row": row,
        "salt": salt.hex(),
        "path": [step.hex() for step in path],
        "root": merkle.root_of(leaves).hex(),
    }


@dataclass(frozen=True)
class Checked:
    """A row whose opening was taken apart: ``stands`` when it is part of the list with that root."""

    row: dict[str, Any]
    stands: bool


def check(opened: Any, root: str, size: int) -> Checked:
    """Compute an opening again and hold it against the root of a list of ``size`` rows.

    Raises ``ValueError`` for what is no opening at all; a changed one is told by ``stands``.
    """
    try:
        row, salt = opened["row"], bytes.fromhex(opened["salt"])
        path = [bytes.fromhex(step) for step in opened["path"]]
        leaf = merkle.leaf_hash(bytes.fromhex(commitment(salt, row)))
        stands = len(salt) == SALT_BYTES and merkle.verify_inclusion(
            leaf, row["no"] - 1, size, path, bytes.fromhex(root)
        )
        cells = {str(name): value for name, value in row["cells"].items()}
        told = {**row, "name": str(row["name"]), "case": str(row["case"]), "cells": cells}
    except (KeyError, TypeError, AttributeError, UnicodeError, RecursionError, OverflowError) as error:
        raise ValueError("no opening") from error
    return Checked(told, stands)
