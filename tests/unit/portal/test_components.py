"""The components: all on the gallery, all styled, nothing from outside, nothing inline."""

import re
from functools import cache
from types import SimpleNamespace

import jinja2
import pytest
from django.conf import settings

from config.jinja import environment
from mingtang.portal.gallery import samples

TEMPLATES = settings.CHECKOUT / "templates"
SHEET = settings.CHECKOUT / "assets/css/mingtang.css"
PAGES = sorted(TEMPLATES.rglob("*.html"))
# Classes that other rooms' papers bring with them: alignment inside an imported body.
BROUGHT_IN = {"c", "r"}


@cache
def text_of_all_templates() -> str:
    return "\n".join(page.read_text() for page in PAGES)


def rendered_gallery() -> str:
    env = environment(loader=jinja2.FileSystemLoader(TEMPLATES), undefined=jinja2.ChainableUndefined)
    town = SimpleNamespace(site_name="演示镇人民政府", site_code="4306230001", is_demo=True, phone="0730-555 0001")
    request = SimpleNamespace(town=town, get_host=lambda: "demo.example")
    return env.get_template("gallery.html").render(request=request, **samples())


def macros() -> list[tuple[str, str]]:
    found = []
    for page in sorted((TEMPLATES / "_components").rglob("*.html")):
        found += [(page.stem, name) for name in re.findall(r"{% macro ([a-z]\w*)\(", page.read_text())]
    return found


def test_the_gallery_shows_every_macro():
    # Frames show these; others are only called by a macro that the gallery shows.
    elsewhere = {"skip_link", "demo_mark", "site_header", "desk_header", "site_footer", "meta_tags", "step_body"}
    elsewhere |= {"choices_field"}
    page = (TEMPLATES / "gallery.html").read_text()
    missing = [f"{folder}.{name}" for folder, name in macros() if name not in elsewhere and f"{name}(" not in page]
    assert not missing


def test_the_gallery_renders_with_its_samples():
    html = rendered_gallery()
    assert html.count("<h1") == 2  # the question, and the sample document's own title
    assert "演示" in html and "稻 桥 春 印" in html


def test_ids_on_the_gallery_are_unique_and_references_lead_somewhere():
    html = rendered_gallery()
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    named = " ".join(re.findall(r'\b(?:for|aria-describedby|aria-labelledby)="([^"]+)"', html)).split()
    assert set(named) <= set(ids)


def test_an_error_leads_to_its_field_and_keeps_what_was_typed():
    html = rendered_gallery()
    assert '<a href="#id_name">' in html
    assert 'aria-describedby="id_name-hint id_name-error" aria-invalid="true"' in html
    assert "门前的路去年塌过一次。" in html


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TEMPLATES)))
def test_pages_hold_no_inline_script_style_or_outside_resource(page):
    text = page.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=\"/assets/)", text)
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=|javascript:", text)
    assert not re.search(r"<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)=\"(?:https?:)?//", text)


SHEETS = ["mingtang.css", "reading.css", "size-2.css", "size-3.css", "flow.css", "sheet.css", "board.css", "screen.css"]


@pytest.mark.parametrize("name", SHEETS)
def test_every_class_of_a_sheet_is_used_by_a_template(name):
    sheet = re.sub(r"/\*.*?\*/|\"[^\"]*\"", "", (SHEET.parent / name).read_text(), flags=re.S)
    selectors = " ".join(re.findall(r"([^{}]+){", sheet))
    classes = set(re.findall(r"\.([a-z][\w-]*)", selectors)) - BROUGHT_IN
    stems = {
        name for name in classes if re.match(r"[tscw]-", name)
    }  # built from a state: t-late, s-now, c-paused, w-20
    words = set(re.findall(r"[\w-]+", text_of_all_templates()))
    assert sorted(classes - stems - words) == []


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("mingtang.css", 20_000),
        ("desk.css", 6_000),
        ("reading.css", 3_000),
        ("size-2.css", 600),
        ("size-3.css", 600),
        ("flow.css", 4_000),
        ("sheet.css", 2_000),
        ("month.css", 2_000),
        ("cells.css", 2_000),
        ("board.css", 4_000),
        ("screen.css", 4_000),
    ],
)
def test_a_sheet_stays_small_and_loads_nothing(name, most):
    sheet = (SHEET.parent / name).read_text()
    assert len(sheet.encode()) <= most
    assert "url(" not in sheet and "@import" not in sheet
