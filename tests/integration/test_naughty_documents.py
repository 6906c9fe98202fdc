"""Strings that broke other programs pass through every field of a document unharmed: typed, kept, shown, given out."""

import json
import re
from collections import Counter
from html import unescape

import pytest
from lxml import html as lxml_html

from mingtang.disclosure.models import Edition
from mingtang.lib.text import INVISIBLE
from tests.factories.cast import EDITOR, login
from tests.integration.desk_steps import document, text

pytestmark = [pytest.mark.django_db, pytest.mark.shared]
# What no document may hold: controls, marks of direction, halves of surrogate pairs. It falls away, the rest stays.
NEVER = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
ACTING = {"base", "embed", "form", "iframe", "img", "link", "math", "meta", "object", "script", "style", "svg"}


def _acting(page: str) -> Counter[str]:
    """What a string could add to a page if it were not taken as words: elements, handlers, addresses that run."""
    nodes = [node for node in lxml_html.fromstring(page).iter() if isinstance(node.tag, str)]
    found = Counter(node.tag for node in nodes if node.tag in ACTING)
    for node in nodes:
        found.update(name for name in node.attrib if name.startswith("on") or name in {"style", "srcdoc"})
        found.update(name for name in ("href", "src", "action") if node.get(name, "").lower().startswith("javascript"))
    return found


def _bundles(strings: list[str]) -> list[list[str]]:
    """As many strings together as fit a title; those that are no one line or too long are cut as a person would."""
    bundles: list[list[str]] = [[]]
    for string in strings:
        one = " ".join(NEVER.sub("", string).split())[:190].strip()
        if not one:
            continue
        if len(" ; ".join([*bundles[-1], one])) > 200:
            bundles.append([])
        bundles[-1].append(one)
    return bundles


def _squeezed(words: str) -> str:
    """What is seen: neither white space nor what shows nothing."""
    return "".join(char for char in "".join(words.split()) if char not in INVISIBLE)


def test_naughty_strings_pass_through_every_field_unharmed(client, town, shared):
    login(client, EDITOR)
    bundles = _bundles(json.loads((shared / "data/security/blns.json").read_text(encoding="utf-8")))
    assert sum(map(len, bundles)) > 450
    client.post("/desk/info/new?kind=aid", document(kind="aid"))
    plain = Edition.objects.latest("pk").pk
    harmless = [_acting(text(client.get(f"/desk/info/{plain}/{page}"))) for page in ("edit", "preview")]
    for bundle in bundles:
        title, cells = " ; ".join(bundle), [one.replace("|", "/") for one in bundle]
        sheet = "\n".join(f"{cell} | 2026-03-01 | {cell} | 1 | {cell[:20]} | 10" for cell in cells)
        typed = {
            "kind": "aid",
            "title": title,
            "doc_number": title[:60].strip(),
            "body": "\n".join(f"写：{one}" for one in bundle),
            "field-rule": title,
            "field-reason": title,
            "sheet-arrived": sheet,
        }
        answer = client.post("/desk/info/new?kind=aid", document(**typed))
        assert answer.status_code == 302, (bundle, text(answer))
        revision = Edition.objects.select_related("revision").latest("pk").revision
        assert revision.title == title
        held = _squeezed(revision.body_text)
        assert not [one for one in bundle if _squeezed(f"写：{one}") not in held], revision.body_text
        assert _squeezed(revision.facts["fields"]["rule"]) == _squeezed(title)
        assert [row[0] for row in revision.facts["sheets"]["arrived"]["rows"]] == [cell.strip() for cell in cells]
        edit = text(client.get(f"/desk/info/{Edition.objects.latest('pk').pk}/edit"))
        assert title in unescape(edit) or title in unescape(unescape(edit))
        preview = text(client.get(f"/desk/info/{Edition.objects.latest('pk').pk}/preview"))
        assert _squeezed(title) in _squeezed(unescape(preview))
        for page, known in ((edit, harmless[0]), (preview, harmless[1])):
            assert not _acting(page) - known, bundle
