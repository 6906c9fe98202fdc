"""The Merkle tree of RFC 9162 section 2.1 over SHA-256: hashes, roots, proofs and their verification.

Pure. All hashes are 32 bytes. A *node* is the root of a perfect subtree: node ``(height, index)`` covers the leaves
``index * 2**height`` up to, not including, ``(index + 1) * 2**height``. What reads nodes is handed in, so that a proof
costs O(log n) reads wherever the hashes lie.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

HASH_SIZE = 32
#: Root of the tree without leaves.
EMPTY_ROOT = sha256(b"").digest()

Nodes = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """``SHA-256(0x00 || entry)``."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """``SHA-256(0x01 || left || right)``."""
    return sha256(b"\x01" + left + right).digest()


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """Root over a power of two of equally high nodes."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(row[place], row[place + 1]) for place in range(0, len(row), 2)]
    return row[0]


def split_point(size: int) -> int:
    """The largest power of two below ``size``, for ``size`` > 1."""
    return 1 << (size - 1).bit_length() - 1


class Frontier:
    """What must be remembered to append: the perfect subtrees of the tree so far, largest first.

    Appending costs O(log n) at worst and two hashes on average; ``root`` costs O(log n).
    """

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        carry, size = leaf, self.size
        while size & 1:
            carry = node_hash(self.peaks.pop(), carry)
            size >>= 1
        self.peaks.append(carry)
        self.size += 1

    def root(self) -> bytes:
        """Root of the tree of all leaves so far."""
        if not self.peaks:
            return EMPTY_ROOT
        result = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            result = node_hash(peak, result)
        return result


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Root over leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def nodes_of(leaves: Sequence[bytes]) -> Nodes:
    """Nodes of a tree whose leaf hashes are all at hand."""
    return lambda height, index: perfect_root(leaves[index << height : (index + 1) << height])


def range_root(begin: int, end: int, nodes: Nodes) -> bytes:
    """Root over the leaves ``begin`` to ``end`` (exclusive), a range as the recursion of RFC 9162 2.1.1 makes it."""
    size = end - begin
    if size == 0:
        return EMPTY_ROOT
    if size & (size - 1) == 0:
        height = size.bit_length() - 1
        return nodes(height, begin >> height)
    middle = begin + split_point(size)
    return node_hash(range_root(begin, middle, nodes), range_root(middle, end, nodes))


def inclusion_proof(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """The audit path of leaf ``index`` in the tree of ``size`` leaves (RFC 9162 2.1.3.1), leaf end first.

    Raises ``ValueError`` when there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + split_point(end - begin)
        if index < middle:
            path.append(range_root(middle, end, nodes))
            end = middle
        else:
            path.append(range_root(begin, middle, nodes))
            begin = middle
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether ``proof`` shows ``leaf`` at ``index`` in the tree of that size and root (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size or any(len(step) != HASH_SIZE for step in proof):
        return False
    position, last, result = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            result = node_hash(step, result)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            result = node_hash(result, step)
        position >>= 1
        last >>= 1
    return last == 0 and result == root


def consistency_proof(old: int, new: int, nodes: Nodes) -> list[bytes]:
    """What shows that the tree of ``old`` leaves is the beginning of the tree of ``new`` (RFC 9162 2.1.4.1).

    Empty when ``old`` is 0 or equals ``new``. Raises ``ValueError`` when ``old`` exceeds ``new``.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} does not continue one of {old}")
    if old in (0, new):
        return []
    path: list[bytes] = []
    begin, end, whole = 0, new, True
    while old != end:
        middle = begin + split_point(end - begin)
        if old <= middle:
            path.append(range_root(middle, end, nodes))
            end = middle
        else:
            path.append(range_root(begin, middle, nodes))
            begin, whole = middle, False
    if not whole:
        path.append(range_root(begin, end, nodes))
    return path[::-1]


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether ``proof`` shows that the new tree only adds leaves to the old one (RFC 9162 2.1.4.2)."""
    if not 0 <= old <= new or any(len(step) != HASH_SIZE for step in proof):
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    position, last = old - 1, new - 1
    while position & 1:
        position >>= 1
        last >>= 1
    first = second = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            first = node_hash(step, first)
            second = node_hash(step, second)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            second = node_hash(second, step)
        position >>= 1
        last >>= 1
    return last == 0 and first == old_root and second == new_root
