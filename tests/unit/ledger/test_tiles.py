"""tlog-tiles paths and contents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.ledger import tiles
from mingtang.ledger.tiles import Tile
from mingtang.lib.errors import Refused


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 0, 17), "tile/0/000.p/17"),
        (Tile(3, 1234067), "tile/3/x001/x234/067"),
        (Tile(0, 1000, 255), "tile/0/x001/000.p/255"),
        (Tile(None, 273, 112), "tile/entries/273.p/112"),
        (Tile(63, 999999), "tile/63/x999/999"),
    ],
)
def test_paths_are_those_of_the_specification(tile, path):
    assert tile.path == path
    assert tiles.parse_path(path) == tile


@given(st.one_of(st.none(), st.integers(0, 63)), st.integers(0, 2**64), st.integers(1, 256))
def test_every_path_is_read_back(level, index, width):
    tile = Tile(level, index, width)
    assert tiles.parse_path(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "0/000",
        "tile/0/0",
        "tile/00/000",
        "tile/64/000",
        "tile/0/x000/001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/017",
        "tile/0/000/",
        "tile/0/../000",
        "tile/0/x001/x234",
        "tile/data/000",
        "tile/0/٠٠٠",
        "tile/0/000\n",
    ],
)
def test_anything_else_is_no_path(path):
    assert tiles.parse_path(path) is None


@pytest.mark.parametrize(
    ("tile", "size", "width"),
    [
        (Tile(0, 0), 0, 0),
        (Tile(0, 0), 70000, 256),
        (Tile(0, 273), 70000, 112),
        (Tile(0, 274), 70000, 0),
        (Tile(1, 1), 70000, 17),
        (Tile(2, 0), 70000, 1),
        (Tile(3, 0), 70000, 0),
        (Tile(None, 273), 70000, 112),
    ],
)
def test_width_follows_from_the_size(tile, size, width):
    assert tiles.width_in(tile, size) == width


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_a_bundle_is_read_back(entries):
    assert tiles.unpack_entries(tiles.pack_entries(entries)) == entries


def test_a_bundle_has_big_endian_lengths():
    assert tiles.pack_entries([b"ab", b""]) == b"\x00\x02ab\x00\x00"


@pytest.mark.parametrize("data", [b"\x00", b"\x00\x02a", b"\x00\x01a\x00"])
def test_a_bundle_that_is_cut_off_is_refused(data):
    with pytest.raises(Refused, match="不完整"):
        tiles.unpack_entries(data)


def test_an_entry_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="64 KiB"):
        tiles.pack_entries([bytes(65536)])
