"""A site with more pages than are looked at: some of every kind, the newest first, and the counts say it."""

from mingtang.inspection import crawl
from mingtang.inspection.crawl import NOWHERE, Kind, form_of, walk
from mingtang.inspection.page import Page

DOCUMENTS = [f"/info/A{year}/{year}-{serial}" for year in (2019, 2026) for serial in range(9, 30)]
HOME = ["/services/?served=person", "/services/?served=firm", "/services/LN-001", "/services/LN-001.json", "/desk/"]
PAPERS = [f"/info/A2026/2026-{serial}.pdf" for serial in range(5)]


def page(path: str, *links: str) -> Page:
    body = "".join(f'<a href="{link}">x</a>' for link in links)
    return Page(path, 200, "text/html; charset=utf-8", f"<html><body>{body}</body></html>".encode())


SITE = {
    "/": page("/", *DOCUMENTS[:3], *HOME, *PAPERS, "/no/such/address", "https://example.com/"),
    "/services/?served=person": page("/services/?served=person", "/services/?served=person&fee=no", "/services/JF-001"),
    "/sitemap.xml": Page(
        "/sitemap.xml",
        200,
        "application/xml",
        "".join(f"<url><loc>https://town.example{one}</loc></url>" for one in DOCUMENTS).encode(),
    ),
}


def walked(monkeypatch, most: int) -> tuple[list[str], dict[str, Kind]]:
    monkeypatch.setattr(crawl, "MOST_PAGES", most)
    pages, kinds = walk(lambda path, found_on: SITE.get(path) or page(path))
    return list(pages), {kind.form: kind for kind in kinds}


def test_of_every_kind_some_are_looked_at_the_newest_first(monkeypatch):
    paths, kinds = walked(monkeypatch, 30)
    assert len(paths) == 30 and all(kind.seen for kind in kinds.values())
    documents = kinds["/info/…"]
    assert documents.known == len(DOCUMENTS) and documents.seen == 30 - sum(
        kind.seen for kind in kinds.values() if kind is not documents
    )
    seen = [path for path in paths if path in DOCUMENTS]
    newest = [f"/info/A2026/2026-{serial}" for serial in range(29, 8, -1)]
    assert len(seen) > 5 and seen == newest[: len(seen)], "the map of the site names all of them before any is opened"
    assert walked(monkeypatch, 30)[0] == paths, "the same pages each time"


def test_a_small_site_is_looked_at_whole_but_for_papers_and_desks(monkeypatch):
    paths, kinds = walked(monkeypatch, 3_000)
    assert {form: kind.known - kind.seen for form, kind in kinds.items() if kind.known > kind.seen} == {
        "/info/….pdf": len(PAPERS) - crawl.MOST_PAPERS
    }
    assert not any(kind.waiting for kind in kinds.values())
    assert set(DOCUMENTS) < set(paths) and "/services/JF-001" in paths and "/desk/" not in paths
    assert "/services/?served=person&fee=no" not in paths, "what a query offers is not followed"


def test_an_address_is_known_by_the_route_that_answers_it():
    assert [form_of(one) for one in ("/", "/info/?year=2026", "/info/A/%E4%B8%80-1", "/laws/7", "/no/such")] == [
        "/",
        "/info/?…",
        "/info/…",
        "/laws/…",
        NOWHERE,
    ]
