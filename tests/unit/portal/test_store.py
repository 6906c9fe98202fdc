"""The store of rendered pages: what is kept, what is dropped, what a kill leaves."""

import gzip
import os
from pathlib import Path

import pytest

from mingtang.portal import store as store_module
from mingtang.portal.mediatypes import HTML
from mingtang.portal.store import LOG_LIMIT, PageStore

TOWN = "430623102"
PAGE = "<p>万庾镇</p>".encode() * 20


@pytest.fixture
def store(tmp_path: Path) -> PageStore:
    return PageStore(tmp_path / "pages")


def save(store: PageStore, path: str, *keys: str, body: bytes = PAGE, kind: str = HTML, town: str = TOWN) -> bool:
    return store.save(store.begin(town), path, keys, body, kind)


def test_a_saved_page_is_found_with_its_type_and_its_compressed_bytes(store: PageStore) -> None:
    assert save(store, "/info/006382329L/2018-1430766", "document:x")
    found = store.find(TOWN, "/info/006382329L/2018-1430766")
    assert found is not None
    assert (found.body, found.content_type) == (PAGE, HTML)
    assert gzip.decompress(found.compressed) == PAGE


def test_a_plain_path_lies_where_a_web_server_finds_it(store: PageStore) -> None:
    for path in ("/", "/info/", "/info", "/services/WY-01/flow.svg", "/公开/目录"):
        save(store, path, "site", kind="image/svg+xml" if path.endswith("svg") else HTML)
        assert (store.root / TOWN / f"pages{path}~").read_bytes() == PAGE


def test_a_page_and_the_folder_below_it_do_not_meet(store: PageStore) -> None:
    for path in ("/a", "/a/", "/a/b", "/a~", "/a~/b", "//a", "/~"):
        assert save(store, path, "site", body=path.encode())
    for path in ("/a", "/a/", "/a/b", "/a~", "/a~/b", "//a", "/~"):
        assert store.find(TOWN, path).body == path.encode()


@pytest.mark.parametrize(
    "path", ["/../../../etc/passwd", "/..", "/.hidden", "/a\\b", "/\0", "/" + "长" * 400, "/\udcff", "x", ""]
)
def test_no_path_leads_out_of_the_store(store: PageStore, path: str) -> None:
    assert save(store, path, "site")
    found = store.find(TOWN, path)
    assert found.body == PAGE
    assert Path(found.file).resolve().is_relative_to((store.root / TOWN / "other").resolve())


@pytest.mark.parametrize("town", ["..", "a/b", "", ".", "x" * 33])
def test_a_town_code_that_is_none_is_refused(store: PageStore, town: str) -> None:
    with pytest.raises(ValueError, match="town code"):
        store.begin(town)


def test_dropping_a_key_removes_every_page_that_depends_on_it_and_no_other(store: PageStore) -> None:
    save(store, "/a", "document:1", "catalogue")
    save(store, "/b", "document:2", "catalogue")
    save(store, "/c", "document:1", town="430623000000")
    assert store.drop(TOWN, ["document:1"]) == 1
    assert store.find(TOWN, "/a") is None
    assert not list((store.root / TOWN / "pages").glob("a*"))
    assert store.find(TOWN, "/b") is not None
    assert store.find("430623000000", "/c") is not None
    assert store.drop(TOWN, ["catalogue", "nothing"]) == 1
    assert store.find(TOWN, "/b") is None
    assert not [file for _, _, files in os.walk(store.root / TOWN / "keys") for file in files]


def test_a_page_rendered_before_a_drop_is_not_stored(store: PageStore) -> None:
    start = store.begin(TOWN)
    store.drop(TOWN, ["document:1"])
    assert not store.save(start, "/a", ["document:1", "site"], PAGE, HTML)
    assert store.find(TOWN, "/a") is None
    assert store.save(start, "/b", ["document:2"], PAGE, HTML)
    assert not list((store.root / TOWN / "tmp").iterdir())


def test_a_page_without_keys_is_refused(store: PageStore) -> None:
    with pytest.raises(ValueError, match="depends on"):
        save(store, "/a")


def test_saving_again_follows_the_new_keys_only(store: PageStore) -> None:
    save(store, "/a", "old", "both")
    save(store, "/a", "new", "both", body=b"second", kind="application/json")
    assert store.drop(TOWN, ["old"]) == 0
    assert store.find(TOWN, "/a").body == b"second"
    assert not (store.root / TOWN / "pages/a~").exists()
    assert store.drop(TOWN, ["new"]) == 1


def test_a_page_that_does_not_shrink_has_no_stale_compressed_neighbour(store: PageStore) -> None:
    save(store, "/a", "site")
    save(store, "/a", "site", body=b"x")
    assert store.find(TOWN, "/a").compressed is None


def test_clearing_a_town_leaves_nothing_and_refuses_what_was_under_way(store: PageStore) -> None:
    save(store, "/a", "site")
    start = store.begin(TOWN)
    store.clear(TOWN)
    assert store.find(TOWN, "/a") is None
    assert not store.save(start, "/a", ["site"], PAGE, HTML)
    assert save(store, "/a", "site")


def test_a_log_that_grew_is_replaced_and_what_was_under_way_is_refused(store: PageStore) -> None:
    start = store.begin(TOWN)
    keys = [f"document:{number}" for number in range(LOG_LIMIT // 33 + 1)]
    store.drop(TOWN, keys)
    assert (store.root / TOWN / "drops.log").stat().st_size < 100
    assert not store.save(start, "/a", ["site"], PAGE, HTML)


def test_a_folder_removed_by_hand_is_no_way_to_store_an_older_state(store: PageStore) -> None:
    start = store.begin(TOWN)
    store_module.shutil.rmtree(store.root)
    assert not store.save(start, "/a", ["site"], PAGE, HTML)
    assert save(store, "/a", "site")


def test_another_version_of_the_code_finds_an_empty_store(store: PageStore) -> None:
    assert store.fit("one")
    save(store, "/a", "site")
    assert not store.fit("one")
    assert store.find(TOWN, "/a") is not None
    assert store.fit("two")
    assert store.find(TOWN, "/a") is None


def test_a_full_disk_does_not_keep_a_page_that_was_dropped(store: PageStore, monkeypatch: pytest.MonkeyPatch) -> None:
    save(store, "/a", "site")
    start = store.begin(TOWN)

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="space"):
        patch.setattr(store, "_append", full)
        store.drop(TOWN, ["site"])
    assert store.find(TOWN, "/a") is None
    assert not store.save(start, "/a", ["site"], PAGE, HTML)
