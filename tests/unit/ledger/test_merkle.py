"""RFC 9162 trees: known vectors, and every proof against its definition."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.ledger import merkle

# The eight leaves, roots and proofs that implementations of RFC 6962 commonly test with.
LEAVES = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
LEAVES.append(bytes.fromhex("606162636465666768696a6b6c6d6e6f"))
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
HASHES = [merkle.leaf_hash(leaf) for leaf in LEAVES]
sizes = st.integers(1, 140)


def naive_root(leaves: list[bytes]) -> bytes:
    """The definition of RFC 9162 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + naive_root(leaves[:split]) + naive_root(leaves[split:])).digest()


def naive_path(index: int, leaves: list[bytes]) -> list[bytes]:
    """The definition of RFC 9162 2.1.3.1."""
    if len(leaves) == 1:
        return []
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if index < split:
        return [*naive_path(index, leaves[:split]), naive_root(leaves[split:])]
    return [*naive_path(index - split, leaves[split:]), naive_root(leaves[:split])]


def naive_consistency(old: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """The definition of RFC 9162 2.1.4.1."""
    if old == len(leaves):
        return [] if whole else [naive_root(leaves)]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if old <= split:
        return [*naive_consistency(old, leaves[:split], whole), naive_root(leaves[split:])]
    return [*naive_consistency(old - split, leaves[split:], False), naive_root(leaves[:split])]


def some_leaves(size: int) -> list[bytes]:
    return [merkle.leaf_hash(str(number).encode()) for number in range(size)]


def flip(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8 % len(data)] ^= 1 << bit % 8
    return bytes(changed)


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_known_ones(size):
    assert merkle.root_of(HASHES[:size]).hex() == ROOTS[size]


def test_known_inclusion_paths():
    nodes = merkle.nodes_of(HASHES)
    assert [step.hex() for step in merkle.inclusion_proof(0, 8, nodes)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [step.hex() for step in merkle.inclusion_proof(2, 3, nodes)] == [
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    ]


def test_known_consistency_proof():
    assert [step.hex() for step in merkle.consistency_proof(6, 8, merkle.nodes_of(HASHES))] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(sizes)
def test_the_frontier_gives_the_defined_root(size):
    leaves = some_leaves(size)
    assert merkle.root_of(leaves) == naive_root(leaves)
    assert merkle.range_root(0, size, merkle.nodes_of(leaves)) == naive_root(leaves)


@given(sizes, st.data())
def test_every_inclusion_proof_is_the_defined_one_and_verifies(size, data):
    index = data.draw(st.integers(0, size - 1))
    leaves = some_leaves(size)
    proof = merkle.inclusion_proof(index, size, merkle.nodes_of(leaves))
    assert proof == naive_path(index, leaves)
    assert merkle.verify_inclusion(leaves[index], index, size, proof, naive_root(leaves))


@given(sizes, st.data())
def test_an_inclusion_proof_with_any_bit_flipped_fails(size, data):
    index, bit = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, 255))
    leaves = some_leaves(size)
    root = naive_root(leaves)
    proof = merkle.inclusion_proof(index, size, merkle.nodes_of(leaves))
    assert not merkle.verify_inclusion(flip(leaves[index], bit), index, size, proof, root)
    assert not merkle.verify_inclusion(leaves[index], index, size, proof, flip(root, bit))
    for place in range(len(proof)):
        wrong = [*proof[:place], flip(proof[place], bit), *proof[place + 1 :]]
        assert not merkle.verify_inclusion(leaves[index], index, size, wrong, root)
    assert not merkle.verify_inclusion(leaves[index], index, size, [*proof, root], root)
    if proof:
        assert not merkle.verify_inclusion(leaves[index], index, size, proof[:-1], root)
    for other in set(range(size)) - {index}:
        assert not merkle.verify_inclusion(leaves[index], other, size, proof, root)


@given(sizes, st.data())
def test_every_consistency_proof_is_the_defined_one_and_verifies(size, data):
    old = data.draw(st.integers(1, size))
    leaves = some_leaves(size)
    proof = merkle.consistency_proof(old, size, merkle.nodes_of(leaves))
    assert proof == naive_consistency(old, leaves)
    assert merkle.verify_consistency(old, size, naive_root(leaves[:old]), naive_root(leaves), proof)


@given(st.integers(2, 140), st.data())
def test_a_consistency_proof_with_any_bit_flipped_fails(size, data):
    old, bit = data.draw(st.integers(1, size - 1)), data.draw(st.integers(0, 255))
    leaves = some_leaves(size)
    before, after = naive_root(leaves[:old]), naive_root(leaves)
    proof = merkle.consistency_proof(old, size, merkle.nodes_of(leaves))
    assert not merkle.verify_consistency(old, size, flip(before, bit), after, proof)
    assert not merkle.verify_consistency(old, size, before, flip(after, bit), proof)
    for place in range(len(proof)):
        wrong = [*proof[:place], flip(proof[place], bit), *proof[place + 1 :]]
        assert not merkle.verify_consistency(old, size, before, after, wrong)
    assert not merkle.verify_consistency(old, size, before, after, [*proof, before])
    assert not merkle.verify_consistency(old, size, before, after, proof[:-1])


@given(st.integers(2, 140), st.data())
def test_a_consistency_proof_for_other_sizes_fails(size, data):
    old = data.draw(st.integers(1, size - 1))
    leaves = some_leaves(size)
    before, after = naive_root(leaves[:old]), naive_root(leaves)
    proof = merkle.consistency_proof(old, size, merkle.nodes_of(leaves))
    for wrong in (size * 2, size * 4, 2**62):
        assert not merkle.verify_consistency(old, wrong, before, after, proof)


def test_the_empty_tree_is_the_beginning_of_every_tree():
    root = merkle.root_of(HASHES)
    assert merkle.verify_consistency(0, 8, merkle.EMPTY_ROOT, root, [])
    assert not merkle.verify_consistency(0, 8, root, root, [])
    assert merkle.verify_consistency(8, 8, root, root, [])
    assert not merkle.verify_consistency(8, 8, root, root, [root])
    assert not merkle.verify_consistency(9, 8, root, root, [])
    assert merkle.consistency_proof(0, 8, merkle.nodes_of(HASHES)) == []


@pytest.mark.parametrize(("index", "size"), [(-1, 8), (8, 8), (0, 0)])
def test_there_is_no_proof_of_a_leaf_outside_the_tree(index, size):
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_proof(index, size, merkle.nodes_of(HASHES))
    assert not merkle.verify_inclusion(HASHES[0], index, size, [], merkle.root_of(HASHES))


def test_there_is_no_proof_that_a_tree_continues_a_larger_one():
    with pytest.raises(ValueError, match="does not continue"):
        merkle.consistency_proof(9, 8, merkle.nodes_of(HASHES))
