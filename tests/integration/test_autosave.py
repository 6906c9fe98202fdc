"""A kept application that the page saves by itself: what stands there, never over a newer one, told once a day."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from mingtang.cases.models import ApplicationDraft
from mingtang.events.models import Event, PayloadKey
from tests.integration.test_apply_situations import WHO, filling, page
from tests.integration.test_drafts import FORM, HALF, WINDOW, hidden_all, keep, opened, resumed

pytestmark = pytest.mark.django_db


def typed(form: dict[str, str], **changes) -> dict[str, str]:
    return form | WINDOW | HALF | {"stage": "autosave"} | changes


def test_what_is_typed_goes_into_the_draft_and_the_event_is_one_a_day(client, town):
    with time_machine.travel(timezone.now().replace(hour=2), tick=False) as clock:
        draft, _ = keep(client)
        form = hidden_all(page(resumed(client, draft)))
        assert form["revision"] == "1"
        for number in (2, 3):
            clock.shift(timedelta(minutes=1))
            answer = client.post(FORM, typed(form, phone=f"0730555000{number}"))
            assert answer.json() == {"said": f"已自动保存 {timezone.localtime():%H:%M}", "revision": number}
            form["revision"] = str(number)
        draft = ApplicationDraft.objects.get()
        assert draft.typed["phone"] == "07305550003" and len(draft.slots["old_house"]) == 1
        assert Event.objects.filter(type="draft.kept").count() == 1
        clock.shift(timedelta(days=1))
        client.post(FORM, typed(form))
        assert ApplicationDraft.objects.get().kept_until == timezone.localdate() + timedelta(days=30)
        assert Event.objects.filter(type="draft.kept").count() == 2


def test_a_newer_saving_from_elsewhere_is_not_overwritten(client, town):
    draft, code = keep(client)
    here = hidden_all(page(resumed(client, draft)))
    other, _ = opened(code)
    there = hidden_all(page(resumed(other, draft)))
    assert other.post(FORM, typed(there, address="新址")).status_code == 200
    late = client.post(FORM, typed(here, address="旧址"))
    assert late.status_code == 409 and late.json()["over"] and "在别处又存过" in late.json()["said"]
    assert ApplicationDraft.objects.get().typed["address"] == "新址"
    # Whoever presses the button means it.
    assert client.post(FORM, typed(here, address="旧址", stage="keep")).status_code == 302
    assert ApplicationDraft.objects.get().typed["address"] == "旧址"


def test_the_screens_carry_the_revision_and_a_choice_half_made_loses_no_file(client, town):
    draft, _ = keep(client)
    form = hidden_all(page(resumed(client, draft)))
    half = client.post(FORM, typed(form, how_old_house="window"))
    assert half.status_code == 200 and len(ApplicationDraft.objects.get().slots["old_house"]) == 1
    asked = client.post(FORM, form | WINDOW | HALF | {"stage": "ask", "revision": "2"})
    assert hidden_all(page(asked))["revision"] == "2" and "data-autosave" in page(asked)
    answered = hidden_all(page(asked)) | {"ask_project": "new", "ask_land": "homestead", "stage": "autosave"}
    assert client.post(FORM, answered).json()["revision"] == 3
    assert ApplicationDraft.objects.get().typed["ask_project"] == "new"


def test_nothing_is_saved_by_itself_that_nobody_kept(client, town):
    fresh = filling(client, ask_project="rebuild")
    assert "autosave" not in page(fresh)
    for revision in ("", "x", "９", "9" * 30):
        sent = typed(hidden_all(page(fresh)), revision=revision)
        assert client.post(FORM, sent).status_code == 404, revision
    assert client.post(FORM, typed(hidden_all(page(fresh)), revision="1")).status_code == 409
    assert not ApplicationDraft.objects.exists()


def test_what_was_handed_in_or_deleted_is_not_saved_again(client, town):
    draft, _ = keep(client)
    form = hidden_all(page(resumed(client, draft)))
    client.post(f"/drafts/{draft.pk}", {"act": "delete", "confirm": "yes"})
    gone = client.post(FORM, typed(form))
    assert gone.status_code == 409 and "删掉了" in gone.json()["said"] and not ApplicationDraft.objects.exists()
    seen = client.post(FORM, form | WHO | WINDOW | {"how_old_house": "window", "stage": "review"})
    client.post(FORM, hidden_all(page(seen)) | {"stage": "submit"})
    over = client.post(FORM, typed(form))
    assert over.status_code == 409 and "已经提交了" in over.json()["said"]


def test_too_much_is_told_and_may_be_mended(client, town):
    draft, _ = keep(client)
    form = hidden_all(page(resumed(client, draft)))
    answer = client.post(FORM, typed(form, address="村" * 20_001))
    assert answer.status_code == 409 and not answer.json()["over"] and "太多" in answer.json()["said"]
    assert client.post(FORM, typed(form)).status_code == 200
    assert PayloadKey.objects.get(pk=draft.key_id).wrapped is not None


def test_a_file_that_could_not_be_taken_is_told_beside_it(client, town):
    draft, _ = keep(client)
    form = hidden_all(page(resumed(client, draft)))
    program = SimpleUploadedFile("照片.png", b"MZ\x90\x00" + b"\0" * 60)
    bad = client.post(FORM, typed(form) | {"file_old_house": program})
    assert bad.status_code == 200 and bad.json()["said"].startswith("已自动保存") and "程序" in bad.json()["said"]
