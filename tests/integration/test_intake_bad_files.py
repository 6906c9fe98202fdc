"""Files that cannot be taken, or should be looked at, at the window and online: a sentence each, the form as it was."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mingtang.cases.models import Case
from mingtang.lib.identifiers import id_check_character
from tests.factories.cast import CLERK_3, login
from tests.integration.desk_steps import application, intake, text
from tests.integration.test_portal_bad_input import FORM, WINDOW, begin, demo_id, hidden_all
from tests.unit.files.samples import HEIC, PNG, pdf, zipped
from tests.unit.files.test_blank import jpeg, png

pytestmark = pytest.mark.django_db
NEW = "/desk/cases/new/JF-001"
BOMB = zipped({"word/document.xml": b"\0" * 60_000_000})
BAD = {
    "script": ("证明.pdf", pdf(javascript=True), "会自动运行的程序.*打印为 PDF"),
    "bomb": ("说明.docx", BOMB, "大得不正常"),
    "telephone": ("照片.heic", HEIC, "HEIC.*兼容性最佳"),
    "too big": ("照片.png", PNG + b"\0" * 200_000, "超过了.*的上限"),
}


def window(client, **files):
    return client.post(NEW, application(intake(client)) | files)


def online(client, **files):
    return client.post(FORM, begin(client) | WINDOW | {"id_number": demo_id(1), "how_id": "upload"} | files)


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("place", [window, online])
def test_a_bad_file_is_told_in_one_sentence_and_the_rest_stays(client, town, settings, place, name):
    settings.UPLOAD_LIMIT = 150_000
    login(client, CLERK_3)
    called, data, sentence = BAD[name]
    good = SimpleUploadedFile("图纸.png", PNG)
    answer = place(client, file_id=SimpleUploadedFile(called, data), file_drawing=good)
    assert answer.status_code == 422 and not Case.objects.exists()
    errors = text(answer).split('class="errors"')[1].split("</ul>")[0]
    assert errors.count("<li>") == 1
    assert re.search(sentence, errors), errors
    assert "图纸.png" in text(answer) and 'value="文小满"' in text(answer)


BLANK = {"png": ("空白.png", png([b"\xff" * 1240] * 1754)), "jpeg": ("空白.jpg", jpeg(1240 * 1754 // 80))}


@pytest.mark.parametrize("kind", BLANK)
def test_a_blank_scan_at_the_window_is_doubted_once(client, town, kind):
    login(client, CLERK_3)
    answer = window(client, file_id=SimpleUploadedFile(*BLANK[kind]))
    assert answer.status_code == 422 and f"“{BLANK[kind][0]}”像是一张空白的纸" in text(answer)
    again = application(answer) | {"sure": hidden_tick(answer)}
    assert client.post(NEW, again).status_code == 302
    assert Case.objects.get().materials.get(material_key="id").files.count() == 1


def test_a_blank_photo_online_is_doubted_once(client, town):
    answer = online(client, file_id=SimpleUploadedFile(*BLANK["png"]))
    page = text(answer)
    assert answer.status_code == 422 and "像是一张空白的纸" in page and 'href="#id_sure"' in page
    typed = begin(client) | WINDOW | {"id_number": demo_id(1), "how_id": "upload"} | hidden_all(page)
    reviewed = client.post(FORM, typed | {"stage": "review", "sure": hidden_tick(answer)})
    assert reviewed.status_code == 200
    assert client.post(FORM, hidden_all(text(reviewed)) | {"stage": "submit"}).status_code == 302


def hidden_tick(answer) -> str:
    """What the box of the doubts says when it is ticked."""
    return text(answer).split('name="sure" value="')[1].split('"')[0]


def test_an_expired_card_is_told_once_online_and_goes_through(client, town):
    sent = begin(client) | WINDOW | {"id_number": demo_id(1), "id_until": "2020-05-01"}
    answer = client.post(FORM, sent)
    assert answer.status_code == 422 and "申请人的证件2020年5月1日到期" in text(answer)
    reviewed = client.post(FORM, sent | {"sure": hidden_tick(answer)})
    assert client.post(FORM, hidden_all(text(reviewed)) | {"stage": "submit"}).status_code == 302
    assert "到期" in Case.objects.get().applicant["confirmed"]["id_until"]


def test_online_a_guardian_hands_in_for_a_child_with_a_photo_of_the_register(client, town):
    body = "43062320150101001"
    child = begin(client) | WINDOW | {"id_number": body + id_check_character(body)}
    assert "要由监护人（父母等）来办" in text(client.post(FORM, child))
    father = {"acts_as": "guardian", "acting_name": "文父亲", "acting_id_number": demo_id(2)}
    unproved = client.post(FORM, child | father | {"acting_relation": "parent"})
    assert unproved.status_code == 422 and 'href="#id_file_acting-proof"' in text(unproved)
    register = SimpleUploadedFile("户口簿.png", PNG)
    reviewed = client.post(FORM, child | father | {"acting_relation": "parent", "file_acting-proof": register})
    assert reviewed.status_code == 200 and "文父亲" in text(reviewed)
    assert client.post(FORM, hidden_all(text(reviewed)) | {"stage": "submit"}).status_code == 302
    case = Case.objects.get()
    assert case.acting.shown == "监护人：文父亲" and not case.acting.seen and case.authority_scans.count() == 1
