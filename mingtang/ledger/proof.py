"""Proof files that verify on any machine with nothing but the verifier key: no database, no server, no network.

A *proof* holds an entry (or the opening it can be made from), its number, the audit path and a signed checkpoint. A
*receipt* is what can be handed over before the entry has its number: the opening and the last checkpoint then signed.
Both are JSON objects; every field is text, number, list or object, hashes are standard base64.
"""

import base64
import binascii
import json
from dataclasses import dataclass, field
from typing import Any

from mingtang.ledger import merkle
from mingtang.ledger.notes import Checkpoint, Verifier, parse_checkpoint
from mingtang.ledger.openings import commitment, entry_bytes, opens
from mingtang.ledger.words import words_of
from mingtang.lib.errors import Refused

PROOF = "mingtang-proof-1"
RECEIPT = "mingtang-receipt-1"


@dataclass
class Findings:
    """What holds, as Chinese sentences to read out; ``cautions`` say what the file cannot show."""

    holds: list[str] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)


def make_proof(
    *,
    index: int,
    entry: bytes,
    inclusion: list[bytes],
    checkpoint: str,
    key: str,
    opening: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The proof file of one entry. ``opening`` only where the reader may see the whole event."""
    proof: dict[str, Any] = {
        "format": PROOF,
        "index": index,
        "entry": entry.decode(),
        "inclusion": [base64.b64encode(step).decode() for step in inclusion],
        "checkpoint": checkpoint,
        "key": key,
    }
    return proof if opening is None else proof | {"opening": opening}


def make_receipt(*, opening: dict[str, Any], checkpoint: str | None, key: str | None) -> dict[str, Any]:
    """The receipt of an event that has no number yet; without a checkpoint when the log has none."""
    return {
        "format": RECEIPT,
        "opening": opening,
        "commit": commitment(opening),
        "checkpoint": checkpoint,
        "key": key,
    }


def read(data: bytes) -> dict[str, Any]:
    """Read a proof or receipt file. Raises ``Refused`` when it is neither."""
    try:
        found = json.loads(data)
    except ValueError as error:
        raise Refused("这个文件不是证明文件（不是JSON格式）。请重新下载。") from error
    if not isinstance(found, dict) or found.get("format") not in (PROOF, RECEIPT):
        raise Refused("这个文件不是本程序的入册证明或回执。请确认下载的是证明文件。")
    return found


def verify(found: dict[str, Any], key: str | None = None) -> Findings:
    """Check a proof or receipt offline. ``key`` is the verifier key obtained elsewhere than from the file.

    Raises ``Refused`` with what does not hold.
    """
    result = Findings()
    try:
        if found["format"] == RECEIPT:
            _verify_receipt(found, key, result)
        else:
            _verify_proof(found, key, result)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Refused("证明文件不完整或写法不对，无法核对。请重新下载。") from error
    return result


def _signed(found: dict[str, Any], key: str | None, result: Findings) -> Checkpoint:
    verifier = Verifier.parse(key or found["key"])
    checkpoint = parse_checkpoint(verifier.open(found["checkpoint"]))
    if checkpoint.origin != verifier.name:
        raise Refused(f"检查点属于“{checkpoint.origin}”，公钥属于“{verifier.name}”，不是同一本日志。")
    result.holds.append(
        f"检查点签名有效：日志“{checkpoint.origin}”，共{checkpoint.size}条，四字核对词：{words_of(checkpoint.root)}。"
    )
    if not key:
        result.cautions.append("核对公钥取自文件本身。请另从政府网站或公报取得公钥，用 --key 再核对一次。")
    return checkpoint


def _hash(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise Refused("证明里的散列值写得不对，无法核对。请重新下载。") from error


def _verify_proof(found: dict[str, Any], key: str | None, result: Findings) -> None:
    checkpoint, index = _signed(found, key, result), found["index"]
    if not isinstance(index, int) or isinstance(index, bool) or not isinstance(found["inclusion"], list):
        raise TypeError("index")
    entry = found["entry"].encode()
    path = [_hash(step) for step in found["inclusion"]]
    if not merkle.verify_inclusion(merkle.leaf_hash(entry), index, checkpoint.size, path, checkpoint.root):
        raise Refused(f"第{index}号条目不在这个检查点的日志里：条目、序号或路径被改动过。")
    result.holds.append(f"第{index}号条目确已入册，路径核对无误。")
    shown = json.loads(entry)
    if "type" in shown:
        result.holds.append(f"条目公示：类型 {shown['type']}，对象 {shown['subject']}，记录于 {shown['recorded_at']}。")
    if (opening := found.get("opening")) is None:
        result.cautions.append("文件里没有事件原文，只证明条目入册，不能看出内容。")
    elif not opens(opening, entry):
        raise Refused("事件原文和入册的承诺不一致：原文被改动过。")
    else:
        result.holds.append(f"事件原文和入册的承诺一致：{_describe(opening['event'])}。")


def _verify_receipt(found: dict[str, Any], key: str | None, result: Findings) -> None:
    opening = found["opening"]
    entry_bytes(opening, shown=True)
    if commitment(opening) != found["commit"]:
        raise Refused("回执上的事件原文和承诺不一致：内容被改动过。")
    result.holds.append(f"事件原文和承诺一致：{_describe(opening['event'])}。")
    if found["checkpoint"] is None:
        result.cautions.append("出具回执时日志还没有签过检查点。")
    else:
        _signed(found, key, result)
    result.cautions.append("回执出具时事件还没有入册序号。请凭回执上的二维码取得入册证明后再核对。")


def _describe(event: dict[str, Any]) -> str:
    return f"{event['type']}，{event['subject']}，发生于 {event['happened_at']}，记录于 {event['recorded_at']}"
