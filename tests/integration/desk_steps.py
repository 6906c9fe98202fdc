"""Steps that several desk tests walk, each by HTTP as the person would."""

import io
import re
import zipfile

from django.http import HttpResponse
from django.test import Client

from mingtang.cases.models import Case
from mingtang.disclosure.enums import Side
from mingtang.disclosure.models import Edition
from mingtang.disclosure.reviewing import things
from tests.factories.cast import CLERK_3, login

SITUATION = {"ask_project": "new", "ask_land": "homestead"}
ID_NUMBER = "430623195603080012"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100"
    "18dd8db00000000049454e44ae426082"
)


def hidden(answer: HttpResponse, name: str) -> str:
    """The value of a hidden input on the page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    return found.group(1) if found else ""


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def document(**changes: str) -> dict[str, str]:
    """What an editor types without the script."""
    return {
        "title": "关于做好秋冬森林防火工作的通知",
        "unit": "news",
        "theme": "safety",
        "generated_on": "2026-11-20",
        "doc_number": "",
        "body": "各村：\n一、总体要求\n请各村做好防火工作。",
        "body_form": "text",
        "act": "save",
        **changes,
    }


def draft(client: Client, **changes: str) -> Edition:
    """A new draft, saved through the form."""
    answer = client.post("/desk/info/new", document(form_token="", **changes))
    assert answer.status_code == 302, text(answer)
    return Edition.objects.order_by("-pk")[0]


def sheet(edition: Edition, **changes: str) -> dict[str, str]:
    """The sheet of the review, filled in: nothing against it on any side; ``changes`` by the form's names."""
    edition.refresh_from_db()
    answers = {f"{thing.key}-{side}": "clear" for thing in things(edition.revision) for side in Side.values}
    seen = {"seen": edition.revision.sha256, "warnings_seen": "on", "act": "pass"}
    return {**seen, **answers, **{name.replace("__", "-"): value for name, value in changes.items()}}


def intake(client: Client, **changes: str) -> HttpResponse:
    """The intake form of JF-001 with the checklist for these answers."""
    asked = client.get("/desk/cases/new/JF-001")
    brought = {name: hidden(asked, name) for name in ("form_token", "kept", "version")}
    return client.post("/desk/cases/new/JF-001", {**brought, "act": "list", **SITUATION, **changes})


def application(page: HttpResponse, **changes: str) -> dict[str, str]:
    """A filled-in intake form of JF-001: one paper is missing."""
    return {
        **{name: hidden(page, name) for name in ("form_token", "kept", "version", "listed")},
        **SITUATION,
        "kind": "person",
        "name": "文小满",
        "id_number": ID_NUMBER,
        "phone": "0730-5550102",
        "address": "湖南省华容县万庾镇兔湖村3组12号",
        "check_id": "ok",
        "check_application": "ok",
        "check_resolution": "missing",
        "check_drawing": "ok",
        **changes,
    }


def taken_in(client: Client, **changes: str) -> Case:
    """A case taken in at window 3."""
    login(client, CLERK_3)
    page = intake(client)
    answer = client.post("/desk/cases/new/JF-001", application(page, **changes))
    assert answer.status_code == 302, text(answer)
    return Case.objects.order_by("-pk")[0]


def act(client: Client, who: str, case: Case, what: str, **data: str) -> HttpResponse:
    """One act on the case by one person; returns the answer to the POST."""
    login(client, who)
    return client.post(f"/desk/cases/{case.number}/{what}", data)


def fold(client: Client, who: str, case: Case, key: str, **data: str) -> HttpResponse:
    """One of the acts folded at the foot of the page, by one person."""
    return act(client, who, case, f"acts/{key}", **{f"{key}-{name}": value for name, value in data.items()})


def word_file(*paragraphs: str) -> io.BytesIO:
    """A small .docx with these paragraphs."""
    names = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in paragraphs)
    kinds = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{kinds}"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{office}" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{names}"><w:body>{body}</w:body></w:document>')
    packed.seek(0)
    packed.name = "通知.docx"
    return packed
