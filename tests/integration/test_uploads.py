"""Files in pieces: each goes on where it stood, belongs to the session that began it, and is checked like any other."""

import stat
from base64 import b64encode
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from config.background import sweep
from mingtang.cases import actions
from mingtang.cases.models import Case
from mingtang.demo.cases import demo_id
from mingtang.files import uploads
from mingtang.files.models import StoredFile, Upload
from mingtang.lib.paths import data_path
from tests.factories.cast import CLERK_3, login, staff
from tests.integration.desk_steps import application, hidden, intake
from tests.integration.test_apply_situations import WHO, filling, page
from tests.integration.test_portal_bad_input import FORM, WINDOW, hidden_all, submit
from tests.unit.files.samples import HEIC, PNG, pdf

pytestmark = pytest.mark.django_db
PHOTO = PNG + bytes(range(256)) * 40
HEADS = {"Tus-Resumable": "1.0.0"}
PIECE = "application/offset+octet-stream"


def begin(client: Client, form: str, first: bytes, size: int, *, slot="old_house", name="旧屋正面.png", **heads):
    said = {"form": form, "slot": slot, "filename": name}
    told = ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in said.items())
    headers = HEADS | {"Upload-Length": str(size), "Upload-Metadata": told} | heads
    return client.post("/uploads/", first, content_type=PIECE, headers=headers)


def patch(client: Client, url: str, offset: int, piece: bytes, kind: str = PIECE, **heads):
    headers = HEADS | {"Upload-Offset": str(offset)} | heads
    return client.generic("PATCH", url, piece, content_type=kind, headers=headers)


def stands(client: Client, url: str) -> int:
    answer = client.head(url, headers=HEADS)
    assert answer.status_code == 200 and answer["Cache-Control"].count("no-store") == 1
    return int(answer["Upload-Offset"])


def whole(client: Client, form: str, data: bytes = PHOTO, **more):
    """A file sent in three pieces; the answer to the last one."""
    third = len(data) // 3
    url = begin(client, form, data[:third], len(data), **more)["Location"]
    assert patch(client, url, third, data[third : 2 * third]).status_code == 204
    return patch(client, url, 2 * third, data[2 * third :])


def on_disk() -> list[str]:
    return sorted(path.name for path in data_path("uploads").iterdir())


def form_of(client: Client) -> dict[str, str]:
    return hidden_all(filling(client, ask_project="rebuild").content.decode())


FILLED = WHO | WINDOW | {"how_old_house": "upload", "stage": "review"}


def test_a_file_goes_on_where_it_stood_and_is_taken_up_by_its_form(client, town):
    form = form_of(client)
    answer = begin(client, form["form_token"], PHOTO[:1000], len(PHOTO))
    url = answer["Location"]
    assert (answer.status_code, answer["Upload-Offset"], answer["Tus-Resumable"]) == (201, "1000", "1.0.0")
    assert stands(client, url) == 1000
    assert patch(client, url, 1000, PHOTO[1000:5000])["Upload-Offset"] == "5000"
    # The answer was lost, and the same piece comes again: nothing is written twice.
    assert patch(client, url, 1000, PHOTO[1000:5000]).status_code == 409 and stands(client, url) == 5000
    last = patch(client, url, 5000, PHOTO[5000:])
    assert last.status_code == 204 and last["Upload-Expires"].endswith("GMT")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in data_path("uploads").iterdir()}
    assert modes == {0o600} and stat.S_IMODE(data_path("uploads").stat().st_mode) == 0o700
    # Sent twice, as after a lost answer: one file, in the form that knows of it and in the one that does not.
    for _ in range(2):
        seen = client.post(FORM, form | FILLED)
        assert seen.status_code == 200 and page(seen).count("旧屋正面.png") == 1
    done = client.post(FORM, hidden_all(seen.content.decode()) | {"stage": "submit"})
    assert done.status_code == 302 and StoredFile.objects.filter(sealed=True).count() == 1
    case = Case.objects.get()
    (kept,) = case.materials.get(material_key="old_house").files.all()
    assert kept.file.size == len(PHOTO) and kept.file.sealed


@pytest.mark.parametrize(
    ("send", "status"),
    [
        (lambda client, url: patch(client, url, 999, b"x"), 409),
        (lambda client, url: patch(client, url, "", b"x"), 409),
        (lambda client, url: patch(client, url, 1000, bytes(len(PHOTO))), 422),
        (lambda client, url: patch(client, url, 1000, b"x", kind="text/plain"), 415),
        (lambda client, url: patch(client, url, 1000, b"x", **{"Tus-Resumable": "0.2.0"}), 412),
        (lambda client, url: patch(client, url, 1000, bytes(uploads.MOST_AT_ONCE + 1)), 413),
        (lambda client, url: patch(client, "/uploads/nowhere", 0, b"x"), 404),
        (lambda client, url: patch(Client(), url, 1000, b"x"), 404),
        (lambda client, url: client.get(url, headers=HEADS), 405),
        (lambda client, url: client.put("/uploads/", headers=HEADS), 405),
    ],
    ids=["offset", "no offset", "too long", "kind", "version", "piece", "nowhere", "stranger", "get", "put"],
)
def test_what_does_not_fit_changes_nothing(client, town, send, status):
    url = begin(client, "a-form", PHOTO[:1000], len(PHOTO))["Location"]
    assert send(client, url).status_code == status
    assert stands(client, url) == 1000


@pytest.mark.parametrize(
    ("first", "size", "more", "status", "sentence"),
    [
        (b"", 0, {}, 422, "空的"),
        (b"x", 50 * 1024**2 + 1, {}, 413, "50 MB 的上限"),
        (b"xx", 1, {}, 400, "不完整"),
        (b"x", "many", {}, 400, "不完整"),
        (b"x", 9, {"name": "\u202e./"}, 422, "没有名字"),
        (b"x", 9, {"slot": "a b"}, 422, "不完整"),
        (b"x", 9, {"Upload-Metadata": "form %%%"}, 422, "读不懂"),
        (b"x", 9, {"Upload-Metadata": ""}, 422, "不完整"),
    ],
)
def test_what_cannot_begin_is_told_in_a_sentence(client, town, first, size, more, status, sentence):
    answer = begin(client, "a-form", first, size, **more)
    assert answer.status_code == status and sentence in page(answer)
    assert not Upload.objects.exists() and on_disk() == []


def test_a_client_asks_first_what_is_spoken_here(client, town):
    answer = client.options("/uploads/")
    assert (answer.status_code, answer["Tus-Version"], answer["Tus-Max-Size"]) == (204, "1.0.0", str(50 * 1024**2))
    assert "creation-with-upload" in answer["Tus-Extension"]
    url = begin(client, "a-form", b"", 9)["Location"]
    told = client.head(url, headers=HEADS)
    assert told["Upload-Length"] == "9" and told["Upload-Metadata"].startswith("form ")
    gone = client.post(url, headers=HEADS | {"X-HTTP-Method-Override": "DELETE"})
    assert gone.status_code == 204 and client.head(url, headers=HEADS).status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("旧屋.png", b"MZ\x90\x00" + bytes(600), "程序"),
        ("旧屋.heic", HEIC, "HEIC"),
        ("旧屋.pdf", pdf()[:-200] + bytes(200), ""),
    ],
)
def test_the_inside_is_looked_at_when_the_last_piece_is_there(client, town, name, data, sentence):
    form = form_of(client)
    answer = whole(client, form["form_token"], data, name=name)
    assert answer.status_code == 422 and sentence in page(answer) and len(page(answer)) > 12
    assert not Upload.objects.exists()
    seen = client.post(FORM, form | FILLED)
    assert seen.status_code == 422 and "还没有选文件" in page(seen)


def test_after_the_page_was_loaded_anew_the_same_file_goes_on_and_two_tabs_do_not_meet(client, town):
    old = begin(client, "the-old-page", PHOTO[:1000], len(PHOTO))["Location"]
    patch(client, old, 1000, PHOTO[1000:7000])
    again = begin(client, "the-new-page", PHOTO[:1000], len(PHOTO))
    assert (again["Upload-Offset"], again["Location"] != old) == ("7000", True)
    # Both tabs go on by themselves.
    assert patch(client, old, 7000, PHOTO[7000:8000]).status_code == 204
    assert stands(client, again["Location"]) == 7000
    assert patch(client, again["Location"], 7000, PHOTO[7000:]).status_code == 204
    arrived = uploads.arrived(town, Upload.objects.first().owner, "the-new-page")
    assert arrived["old_house"][0].path.read_bytes() == PHOTO
    same = begin(client, "the-old-page", PHOTO[:1000], len(PHOTO))
    assert (same["Location"], same["Upload-Offset"]) == (old, "8000"), "the same place of the same form"
    assert begin(client, "x", PHOTO[:1000], len(PHOTO), name="别的.png")["Upload-Offset"] == "1000"
    assert begin(Client(), "x", PHOTO[:1000], len(PHOTO))["Upload-Offset"] == "1000", "another's is never found"


def test_another_session_cannot_take_up_what_it_did_not_send(client, town):
    form = form_of(client)
    whole(client, form["form_token"])
    url = begin(client, "a-form", PHOTO[:1000], len(PHOTO))["Location"]
    other = Client()
    begin(other, "its-own", b"x", 9)
    assert patch(other, url, 1000, PHOTO[1000:]).status_code == other.head(url, headers=HEADS).status_code == 404
    assert "还没有选文件" in page(other.post(FORM, form | FILLED))
    assert "旧屋正面.png" in page(client.post(FORM, form | FILLED))


def test_a_paper_that_is_brought_to_the_window_after_all_is_forgotten(client, town):
    form = form_of(client)
    whole(client, form["form_token"])
    seen = client.post(FORM, form | FILLED | {"how_old_house": "window"})
    assert "旧屋正面.png" not in page(seen) and not Upload.objects.exists()


def test_nobody_fills_the_disk(client, town, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_OF_ONE", 1)
    assert begin(client, "a-form", b"x", 9).status_code == 201
    assert "太多了" in page(begin(client, "a-form", b"y", 9))
    monkeypatch.setattr(uploads, "MOST_OF_TOWN", 20)
    assert "存不下" in page(begin(Client(), "a-form", b"x", 12))
    assert Upload.objects.count() == 1


def test_what_nobody_goes_on_with_is_gone_after_some_hours(client, town, django_capture_on_commit_callbacks):
    form = form_of(client)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        whole(client, form["form_token"])
        client.post(FORM, form | FILLED)
        url = begin(client, "a-form", PHOTO[:1000], len(PHOTO))["Location"]
        (data_path("uploads") / "left-by-a-crash").write_bytes(b"x")
        clock.shift(timedelta(hours=7))
        sweep()
        assert patch(client, url, 1000, PHOTO[1000:2000]).status_code == 204, "each piece begins the time anew"
        clock.shift(timedelta(hours=7))
        sweep()
        assert [upload.offset for upload in Upload.objects.all()] == [2000]
        clock.shift(timedelta(hours=17))
        with django_capture_on_commit_callbacks(execute=True):
            sweep()
        assert client.head(url, headers=HEADS).status_code == 404
    assert not Upload.objects.exists() and on_disk() == []
    assert StoredFile.objects.filter(sealed=True).exists(), "what a form took up stays with it"


def test_a_notice_is_answered_with_a_file_in_pieces_once(client, town):
    case, _ = submit(client)
    demands = {row.material_key: "请补一份清楚的" for row in case.materials.exclude(state="fetched")}
    actions.request_supplement(case=case, demands=demands, by=staff(CLERK_3))
    path = f"/cases/{case.number}/mine"
    assert f'data-uploads="case:{case.number}"' in page(client.get(path))
    assert whole(client, case.subject, slot="drawing", name="图样.png").status_code == 204
    assert "√ 已收到：图样.png" in page(client.get(path)), "it waits there also when the page is loaded anew"
    assert "图样.png" not in page(Client().get(path))
    assert client.post(path, {"act": "supply"}).status_code == 302
    row = case.materials.get(material_key="drawing")
    assert row.state == "received" and row.files.count() == 1 and not Upload.objects.exists()
    assert "还没有选材料" in page(client.post(path, {"act": "supply"})) and row.files.count() == 1


def test_a_scan_at_the_window_goes_to_its_slot(client, town):
    login(client, CLERK_3)
    sheet = intake(client)
    assert whole(client, hidden(sheet, "form_token"), slot="id", name="身份证.png").status_code == 204
    bad = client.post("/desk/cases/new/JF-001", application(sheet, id_number="1"))
    assert "√ 已扫描：身份证.png" in page(bad)
    sent = application(bad, id_number=demo_id(7))
    assert client.post("/desk/cases/new/JF-001", sent).status_code == 302
    assert Case.objects.get().materials.get(material_key="id").files.count() == 1


def test_a_kept_application_takes_up_what_came_in_pieces(client, town):
    form = form_of(client)
    whole(client, form["form_token"])
    kept = client.post(FORM, form | {"how_old_house": "upload", "stage": "keep"})
    assert "旧屋正面.png" in page(client.get(kept["Location"]))
