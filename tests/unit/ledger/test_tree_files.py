"""A tree in files: equal bytes however it grew, and a stranger's client that knows only the specification."""

import hashlib
from pathlib import Path

import pytest

from mingtang.ledger import merkle
from mingtang.ledger.tiles import Tile, parse_path
from mingtang.ledger.tree import Damaged, Tree

ENTRIES = [f"entry {number}".encode() for number in range(66_000)]


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> Tree:
    """More leaves than two full levels of tiles hold."""
    tree = Tree(tmp_path_factory.mktemp("large"))
    tree.append(ENTRIES)
    return Tree(tree.folder)


@pytest.mark.parametrize("step", [1, 7, 255, 256, 257])
def test_files_do_not_depend_on_how_the_tree_grew(tmp_path, step):
    whole, grown = Tree(tmp_path / "whole"), Tree(tmp_path / "grown")
    whole.append(ENTRIES[:600])
    for begin in range(0, 600, step):
        if begin % 3 == 0:
            grown = Tree(tmp_path / "grown")
        grown.append(ENTRIES[begin : min(begin + step, 600)])
    assert files(tmp_path / "grown") == files(tmp_path / "whole")


def test_roots_at_every_size_are_right(tmp_path):
    tree, frontier = Tree(tmp_path), merkle.Frontier()
    tree.append(ENTRIES[:600])
    for size in range(600):
        assert tree.root_at(size) == frontier.root()
        frontier.append(merkle.leaf_hash(ENTRIES[size]))


def test_a_large_tree_has_the_right_root_and_three_levels(large):
    assert large.root == merkle.root_of([merkle.leaf_hash(entry) for entry in ENTRIES])
    assert sorted(path.name for path in (large.folder / "tile").iterdir()) == ["0", "1", "2", "entries"]
    assert large.tile(Tile(2, 0, 1)) == merkle.range_root(0, 65536, large._node)
    assert large.tile(Tile(2, 0)) is None


@pytest.mark.parametrize("index", [0, 255, 256, 65535, 65536, 65999])
@pytest.mark.parametrize("size", [66000, 65999, 65537, 65536])
def test_proofs_from_tiles_verify(large, index, size):
    if index < size:
        proof = large.inclusion(index, size)
        leaf = merkle.leaf_hash(ENTRIES[index])
        assert merkle.verify_inclusion(leaf, index, size, proof, large.root_at(size))


@pytest.mark.parametrize("old", [0, 1, 255, 256, 300, 65536, 65999, 66000])
def test_consistency_from_tiles_verifies(large, old):
    proof = large.consistency(old, 66000)
    assert merkle.verify_consistency(old, 66000, large.root_at(old), large.root, proof)


def test_narrower_partial_tiles_are_the_beginning_of_wider_ones(large):
    assert large.tile(Tile(0, 257, 3)) == b"".join(merkle.leaf_hash(entry) for entry in ENTRIES[65792:65795])
    assert large.tile(Tile(None, 257, 2)) == b"\x00\x0bentry 65792\x00\x0bentry 65793"
    assert large.tile(Tile(0, 257, 208)) is not None
    assert large.tile(Tile(0, 257, 209)) is None
    assert large.tile(Tile(0, 257)) is None


def test_a_kill_between_tiles_and_state_leaves_the_old_tree(tmp_path, monkeypatch):
    tree = Tree(tmp_path)
    tree.append(ENTRIES[:300])
    state = (tmp_path / "state").read_bytes()
    tree.append(ENTRIES[300:700])
    after = files(tmp_path)
    (tmp_path / "state").write_bytes(state)
    again = Tree(tmp_path)
    assert (again.size, again.root) == (300, merkle.root_of([merkle.leaf_hash(entry) for entry in ENTRIES[:300]]))
    assert again.tile(Tile(0, 1, 45)) is None
    again.append(ENTRIES[300:700])
    assert files(tmp_path) == after


@pytest.mark.parametrize("name", ["tile/0/000", "tile/1/000", "state"])
def test_damage_is_noticed_when_the_tree_is_opened(tmp_path, name):
    tree = Tree(tmp_path)
    tree.append(ENTRIES[:300])
    path = tmp_path / name
    data = path.read_bytes()
    for wrong in (data[:-2], bytes([data[0] ^ 1]) + data[1:]):
        path.write_bytes(wrong)
        if name == "tile/0/000":
            # Level 1 holds the root over it: only whoever reads the leaves themselves can tell.
            with pytest.raises((Damaged, AssertionError)):
                reread = Tree(tmp_path)
                assert merkle.perfect_root(reread.leaves(0)) == reread._node(8, 0)
        else:
            with pytest.raises(Damaged):
                Tree(tmp_path)


class Stranger:
    """A client of static tile logs, written from the specification alone: it fetches paths and hashes bytes."""

    def __init__(self, fetch, size: int) -> None:
        self.fetch, self.size = fetch, size

    def tile(self, level: str, index: int) -> bytes:
        count = self.size if level == "entries" else self.size // 256 ** int(level)
        width = min(256, count - 256 * index)
        digits = f"{index:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[place : place + 3] for place in range(0, len(digits), 3)]
        path = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
        return self.fetch(f"tile/{level}/{path}" + ("" if width == 256 else f".p/{width}"))

    def entry(self, index: int) -> bytes:
        data = self.tile("entries", index // 256)
        for _ in range(index % 256):
            data = data[2 + int.from_bytes(data[:2], "big") :]
        return data[2 : 2 + int.from_bytes(data[:2], "big")]

    def hash(self, begin: int, end: int) -> bytes:
        """The root of a range: from the highest tile that holds it, else from its halves."""
        for level in range(7, -1, -1):
            if end - begin == 256**level:
                place = begin // 256**level
                return self.tile(str(level), place // 256)[place % 256 * 32 :][:32]
        middle = begin + (1 << (end - begin - 1).bit_length() - 1)
        return hashlib.sha256(b"\x01" + self.hash(begin, middle) + self.hash(middle, end)).digest()

    def root_through(self, index: int, leaf: bytes, begin: int, end: int) -> bytes:
        """The root when ``leaf`` stands at ``index``: everything beside its path comes from tiles."""
        if end - begin == 1:
            return leaf
        middle = begin + (1 << (end - begin - 1).bit_length() - 1)
        if index < middle:
            halves = self.root_through(index, leaf, begin, middle), self.hash(middle, end)
        else:
            halves = self.hash(begin, middle), self.root_through(index, leaf, middle, end)
        return hashlib.sha256(b"\x01" + halves[0] + halves[1]).digest()


@pytest.mark.parametrize("size", [1, 2, 256, 257, 65536, 66000])
def test_a_stranger_who_knows_only_the_specification_can_follow(large, size):
    stranger = Stranger(lambda path: large.tile(parse_path(path)), size)
    root = large.root_at(size)
    for index in {0, size // 2, size - 1}:
        entry = stranger.entry(index)
        assert entry == ENTRIES[index]
        leaf = hashlib.sha256(b"\x00" + entry).digest()
        assert stranger.root_through(index, leaf, 0, size) == root
        assert stranger.root_through(index, bytes(32), 0, size) != root
