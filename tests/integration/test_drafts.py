"""An application that is kept: found by its code, gone on with anywhere; handing in, its owner or its day ends it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from config.background import sweep
from mingtang.cases import drafts
from mingtang.cases.models import ApplicationDraft, Case
from mingtang.demo.cases import demo_id
from mingtang.events.models import Event, PayloadKey
from mingtang.files.models import StoredFile
from mingtang.rulebook.models import Item
from tests.factories import rules
from tests.factories.cast import CLERK_3, login, staff
from tests.integration.test_apply_situations import WHO, filling, page
from tests.integration.test_portal_bad_input import FORM, WINDOW, WORDS, hidden_all
from tests.unit.files.samples import PNG

pytestmark = pytest.mark.django_db
HALF = {"name": WORDS["name"], "address": WORDS["address"], "how_old_house": "upload", "stage": "keep"}


def photo(name: str = "旧屋正面.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PNG)


def keep(client: Client, **changes) -> tuple[ApplicationDraft, str]:
    """Half an application for a rebuilt house, one photo with it; the row and its code as the page shows it."""
    form = hidden_all(filling(client, ask_project="rebuild").content.decode())
    answer = client.post(FORM, form | WINDOW | HALF | {"file_old_house": photo()} | changes)
    assert answer.status_code == 302, page(answer)
    shown = page(client.get(answer["Location"]))
    code = re.search(r"<dt>保存码</dt><dd>([2-9A-Z-]{14})</dd>", shown)[1]
    return ApplicationDraft.objects.get(), code


def opened(code: str) -> tuple[Client, str]:
    """Another browser, with what the code opens."""
    client = Client()
    answer = client.post("/drafts/", {"code": code})
    assert answer.status_code == 302, page(answer)
    return client, answer["Location"]


def resumed(client: Client, draft: ApplicationDraft):
    return client.get(f"/services/{draft.item.code}/apply?draft={draft.pk}")


def test_half_an_application_is_kept_and_gone_on_with_on_another_machine(client, town):
    draft, code = keep(client)
    assert code not in str(draft.__dict__) and draft.kept_until == timezone.localdate() + timedelta(days=30)
    assert not Case.objects.exists()
    other, address = opened(code.lower().replace("-", " "))
    glance = page(other.get(address))
    assert "请填写身份证号码" in glance and "旧屋正面.png" in glance and "保存不是申请" in glance
    form = resumed(other, draft)
    assert f'value="{WORDS["name"]}"' in page(form) and "√ 已收到：旧屋正面.png" in page(form)
    seen = other.post(FORM, hidden_all(form.content.decode()) | WHO | WINDOW | HALF | {"stage": "review"})
    done = other.post(FORM, hidden_all(seen.content.decode()) | {"stage": "submit"})
    assert done.status_code == 302, page(done)
    case = Case.objects.get()
    assert case.key_id == draft.key_id and case.materials.get(material_key="old_house").files.count() == 1
    assert not ApplicationDraft.objects.exists() and "没有找到" in page(Client().post("/drafts/", {"code": code}))
    late = client.post(FORM, hidden_all(form.content.decode()) | WINDOW | HALF)
    assert late.status_code == 422 and "已经提交了" in page(late) and not ApplicationDraft.objects.exists()


def test_two_presses_and_the_back_button_lead_to_one_draft_with_all_its_files(client, town):
    first = hidden_all(filling(client, ask_project="rebuild").content.decode())
    sent = first | WINDOW | HALF
    one = client.post(FORM, sent | {"file_old_house": photo()})
    two = client.post(FORM, sent | {"file_old_house": photo()})
    assert one["Location"] == two["Location"]
    # Back on the page from before the first saving, which knows nothing of the photos.
    client.post(FORM, sent | {"phone": "07305550188"})
    draft = ApplicationDraft.objects.get()
    assert draft.typed["phone"] == "07305550188" and len(draft.slots["old_house"]) == 2
    assert all(row.sealed for row in draft.files.all())
    form = resumed(client, draft)
    seen = client.post(FORM, hidden_all(form.content.decode()) | WHO | WINDOW | HALF | {"stage": "review"})
    client.post(FORM, hidden_all(seen.content.decode()) | {"stage": "submit"})
    files = Case.objects.get().materials.get(material_key="old_house").files.all()
    assert len(files) == 2


def test_a_form_that_stood_open_for_days_still_has_the_files_of_its_draft(client, town):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        draft, _ = keep(client)
        form = hidden_all(resumed(client, draft).content.decode())
        clock.shift(timedelta(days=2))
        again = client.post(FORM, form | WINDOW | HALF | {"stage": "fill"})
        assert "√ 已收到：旧屋正面.png" in page(again)


def test_what_the_new_version_no_longer_asks_is_named_and_the_rest_is_kept(client, town):
    draft, code = keep(client)
    old = Item.objects.get(code="JF-001").current.data
    materials = [row for row in old["materials"] if row["key"] != "old_house"]
    land = [row for row in old["situations"] if row["key"] == "land"]
    rules.in_force(rules.drafted(town, "JF-001", materials=materials, situations=land))
    other, address = opened(code)
    told = page(other.get(address))
    assert "发布了新版" in told and "“这次是哪一种建房？”现在不用答了" in told
    assert re.search(r"“[^”]*旧屋的照片[^”]*”现在不用交了，您传过的 1 个文件不会用", told)
    form = page(resumed(other, draft))
    assert f'value="{WORDS["address"]}"' in form and "旧屋正面.png" not in form
    seen = other.post(FORM, hidden_all(form) | WHO | WINDOW | {"stage": "review"})
    assert other.post(FORM, hidden_all(page(seen)) | {"stage": "submit"}).status_code == 302
    assert Case.objects.get().version.number == 2 and not ApplicationDraft.objects.exists()


def test_its_owner_deletes_it_at_once_with_key_and_files(client, town):
    draft, _ = keep(client)
    (file,) = draft.files.all()
    assert file.path.exists()
    unsure = client.post(f"/drafts/{draft.pk}", {"act": "delete"})
    assert unsure.status_code == 422 and "我确定删掉" in page(unsure) and ApplicationDraft.objects.exists()
    form = hidden_all(resumed(client, draft).content.decode())
    assert client.post(f"/drafts/{draft.pk}", {"act": "delete", "confirm": "yes"})["Location"].endswith("deleted")
    assert not ApplicationDraft.objects.exists() and not StoredFile.objects.filter(pk=file.pk).exists()
    assert PayloadKey.objects.get(pk=draft.key_id).wrapped is None
    assert Event.objects.filter(type="draft.deleted").get().data == {"item": "JF-001", "files": 1}
    assert client.get(f"/drafts/{draft.pk}")["Location"] == "/drafts/"
    # The form in another tab goes on, without the file that is gone.
    seen = client.post(FORM, form | WHO | WINDOW | {"how_old_house": "window", "stage": "review"})
    assert client.post(FORM, hidden_all(seen.content.decode()) | {"stage": "submit"}).status_code == 302
    assert Case.objects.get().applicant["name"] == WORDS["name"]


def test_the_bytes_go_with_the_commit(client, town, django_capture_on_commit_callbacks):
    draft, _ = keep(client)
    (file,) = draft.files.all()
    with django_capture_on_commit_callbacks(execute=True):
        drafts.delete(draft=draft)
    assert not file.path.exists()


def test_after_its_last_day_it_opens_no_more_and_the_sweep_destroys_it(client, town):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        draft, code = keep(client)
        clock.shift(timedelta(days=30))
        sweep()
        assert client.get(f"/drafts/{draft.pk}").status_code in {200, 302} and ApplicationDraft.objects.exists()
        clock.shift(timedelta(days=1))
        assert "没有找到" in page(Client().post("/drafts/", {"code": code}))
        sweep()
    assert not ApplicationDraft.objects.exists() and PayloadKey.objects.get(pk=draft.key_id).wrapped is None
    event = Event.objects.get(type="draft.expired")
    assert (event.actor, event.data, event.payload_commit) == ("system", {"item": "JF-001", "files": 1}, "")


def test_a_shared_computer_shows_nothing_after_it_was_closed(client, town):
    draft, code = keep(client)
    assert Client().get(f"/drafts/{draft.pk}")["Location"] == "/drafts/"
    assert resumed(Client(), draft)["Location"] == "/drafts/"
    client.post(f"/drafts/{draft.pk}", {"act": "close"})
    assert client.get(f"/drafts/{draft.pk}")["Location"] == "/drafts/"
    assert WORDS["name"] in page(resumed(opened(code)[0], draft))


@pytest.mark.parametrize("code", ["", "ABCD-EFGH", "A" * 21, "ABCD-EFGH-JKMN", "保存码\x00"])
def test_a_code_that_opens_nothing_says_what_to_do(client, town, code):
    keep(client)
    answer = Client().post("/drafts/", {"code": code})
    assert answer.status_code == 422 and re.search(r'id="id_code-error">错误：[^<]{8,}', page(answer))


def test_too_much_and_too_many_are_told_and_nothing_is_lost(client, town, monkeypatch):
    form = hidden_all(filling(client, ask_project="rebuild").content.decode()) | WINDOW | HALF
    long = client.post(FORM, form | {"address": "村" * 20_001})
    assert long.status_code == 422 and "填写的内容太多" in page(long)
    monkeypatch.setattr(drafts, "MOST_OF_ONE", 10)
    big = client.post(FORM, form | {"file_old_house": photo()})
    assert big.status_code == 422 and "加起来超过了" in page(big) and "√ 已收到：旧屋正面.png" in page(big)
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 0)
    full = client.post(FORM, form)
    assert full.status_code == 422 and "存不下了" in page(full) and f'value="{WORDS["name"]}"' in page(full)
    bad = client.post(FORM, form | {"file_old_house": SimpleUploadedFile("照片.png", b"MZ\x90\x00" + b"\0" * 60)})
    assert bad.status_code == 422 and "程序" in page(bad)
    assert not ApplicationDraft.objects.exists()


def test_a_clerk_goes_on_with_it_by_the_code_and_types_nothing_twice(client, town):
    draft, code = keep(client)
    clerk = Client()
    login(clerk, CLERK_3)
    assert "没有找到" in page(clerk.post("/desk/cases/draft", {"code": "ABCD-EFGH-JKMN"}))
    assert clerk.get(f"/desk/cases/new/JF-001?draft={draft.pk}").status_code == 404
    went = clerk.post("/desk/cases/draft", {"code": code})
    assert went["Location"] == f"/desk/cases/new/JF-001?draft={draft.pk}"
    sheet = clerk.get(went["Location"])
    assert f'value="{WORDS["name"]}"' in page(sheet) and "√ 已扫描：旧屋正面.png" in page(sheet)
    event = Event.objects.get(type="draft.opened")
    assert event.actor == f"staff:{staff(CLERK_3).pk}" and WORDS["name"] not in str(event.data)
    ticks = {f"check_{key}": "ok" for key in ("id", "application", "resolution", "drawing")}
    answers = {"ask_project": "rebuild", "ask_land": "homestead", "tell_by": "no"}
    sent = hidden_all(sheet.content.decode()) | answers | ticks | {"kind": "person", "id_number": demo_id(1)}
    taken = clerk.post("/desk/cases/new/JF-001", sent | {"name": WORDS["name"]})
    assert taken.status_code == 302, page(taken)
    assert not ApplicationDraft.objects.exists() and Case.objects.get().channel == "window"
    # The resident presses "hand in" at home all the same: it is the same case.
    form = hidden_all(filling(client, ask_project="rebuild").content.decode()) | {"form_token": draft.token}
    seen = client.post(FORM, form | WHO | WINDOW | {"how_old_house": "window", "stage": "review"})
    client.post(FORM, hidden_all(seen.content.decode()) | {"stage": "submit"})
    assert Case.objects.count() == 1


def test_a_code_of_one_town_opens_nothing_in_another(client, town, other_town):
    _, code = keep(client)
    answer = Client().post("/drafts/", {"code": code}, HTTP_HOST="other.example")
    assert answer.status_code == 422 and "没有找到" in page(answer)
