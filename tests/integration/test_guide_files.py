"""Files of the guide: uploaded in the editor, checked, named by a version, handed out by its guide alone."""

import hashlib
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from config import cli
from mingtang.events.log import APPLICANT
from mingtang.files import leftover
from mingtang.files.actions import store
from mingtang.files.models import StoredFile
from mingtang.rulebook.enums import FileRole
from mingtang.rulebook.models import Version
from mingtang.rulebook.requirements import gate
from mingtang.towns.models import Jurisdiction
from tests.factories import acts, rules
from tests.factories.cast import CENTRE, EDITOR, login
from tests.integration.desk_steps import text, word_file
from tests.integration.filled import filled
from tests.unit.files import samples

pytestmark = pytest.mark.django_db
EDIT = "/desk/items/LM-001/2/edit"
FORM = "采伐申请表\n申请人：\n地块：\n".encode()
UNWORKED = samples.book("<sheetData><row><c><f>A1</f></c></row></sheetData>")
SHA = hashlib.sha256(FORM).hexdigest()
FILE = f"/services/LM-001/files/{SHA}/采伐申请表.txt"


@pytest.fixture
def centre(client, town):
    login(client, CENTRE)
    return client


@pytest.fixture
def draft(town):
    """With no file of its own yet."""
    return rules.drafted(town, files=[])


def form_file(content: bytes = FORM, name: str = "采伐申请表.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def upload(client, file, place: str = "form plan", **sent):
    return client.post(EDIT, filled(client.get(EDIT)) | {"act": "upload", "upload": file, "upload_for": place, **sent})


def saved(client, answer):
    return client.post(EDIT, filled(answer) | {"act": "save"})


def now() -> Version:
    return Version.objects.get(item__code="LM-001", number=2)


def test_a_form_is_uploaded_named_and_offered_beside_its_paper(centre, town, draft):
    answer = upload(centre, form_file(), place="form plan", summary="改过的简介")
    assert "已收下“采伐申请表.txt”" in text(answer) and "改过的简介" in text(answer)
    sample = centre.post(
        EDIT,
        filled(answer)
        | {
            "act": "save",
            "upload": form_file(b"sample of a permit", "样证.txt"),
            "upload_for": "result 林木采伐许可证",
        },
    )
    assert sample.status_code == 302, text(sample)
    assert [(file.role, file.of, file.name) for file in now().spec.files] == [
        (FileRole.FORM, "plan", "采伐申请表.txt"),
        (FileRole.RESULT, "林木采伐许可证", "样证.txt"),
    ]
    assert not [issue for issue in gate(now()) if issue.field == "files"]
    page = text(centre.get("/desk/items/LM-001/2/preview"))
    section = page[page.index('id="materials"') : page.index('id="steps"')]
    assert re.search(r'空白表格：<a href="/services/LM-001/files/[0-9a-f]{64}/[^"]+">采伐申请表.txt', section)
    assert "样本：" in page[page.index('id="content"') : page.index('id="basis"')]


def test_a_file_that_a_guide_names_is_none_that_a_form_left(centre, town, draft):
    saved(centre, upload(centre, form_file()))
    # As it was received first, by another form.
    StoredFile.objects.filter(sha256=SHA).update(purpose="attachment")
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        leftover.forget()
    assert StoredFile.objects.filter(sha256=SHA).exists()


def test_a_result_called_otherwise_keeps_its_sample(centre, draft):
    saved(centre, upload(centre, form_file(), place="result 林木采伐许可证"))
    answer = centre.post(EDIT, filled(centre.get(EDIT), results__0__name="林木采伐许可证书") | {"act": "save"})
    assert answer.status_code == 302
    assert now().spec.files[0].of == "林木采伐许可证书"


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (lambda: word_file("申请人：张三", "身份证号 430623195603080012"), "身份证"),
        (lambda: form_file("电话 13812345678".encode()), "手机"),
        (lambda: form_file("机密★10年\n采伐表".encode()), "密"),
        (lambda: form_file(b"MZ\x90\x00" + b"\0" * 64, "表格.exe"), "程序文件"),
        (lambda: form_file(b"", "空.txt"), "空的"),
        (lambda: form_file(UNWORKED, "表.xlsx"), "没有结果的公式：“名单”表 A1，"),
    ],
)
def test_what_must_not_get_out_is_not_taken_and_nothing_typed_is_lost(centre, draft, file, said):
    answer = upload(centre, file(), place="sample plan", summary="改过的简介")
    page = text(answer)
    assert answer.status_code == 422
    assert re.search(rf'href="#id_upload">[^<]*没有收下[^<]*{said}', page), page[page.index("errors") :][:600]
    assert "改过的简介" in page and 'name="files-n" value="0"' in page
    assert saved(centre, answer).status_code == 302
    assert now().spec.files == ()


def test_a_file_without_a_place_is_kept_until_one_is_chosen(centre, draft):
    answer = saved(centre, upload(centre, form_file(), place=""))
    assert answer.status_code == 422
    assert 'href="#id_files-0-for"' in text(answer) and "采伐申请表.txt" in text(answer)
    assert (
        saved(centre, centre.post(EDIT, filled(answer) | {"files-0-for": "sample plan", "act": "check"})).status_code
        == 302
    )
    assert now().spec.files[0].role == FileRole.SAMPLE


def test_a_file_is_dropped_and_taken_back(centre, draft):
    saved(centre, upload(centre, form_file()))
    page = centre.post(EDIT, filled(centre.get(EDIT)) | {"act": "drop files-0"})
    assert "保存时删去：采伐申请表.txt" in text(page)
    back = centre.post(EDIT, filled(page) | {"act": "keep files-0"})
    assert saved(centre, back).status_code == 302 and now().spec.files
    assert saved(centre, page).status_code == 302 and now().spec.files == ()


def test_nobody_names_a_file_that_is_not_in_the_store_or_is_sealed(centre, town, draft):
    paper = {"name": "身份证.txt", "stream": form_file(b"my own paper"), "purpose": "case_material"}
    sealed = store(town=town, by=APPLICANT, seal_key=b"k" * 32, **paper)
    sent = filled(centre.get(EDIT)) | {
        "files-n": "1",
        "files-0-for": "form plan",
        "files-0-name": "x.txt",
        "act": "save",
    }
    for sha256 in ("0" * 64, sealed.sha256, "../../keys", ""):
        answer = centre.post(EDIT, sent | {"files-0-sha256": sha256})
        assert answer.status_code == 422, sha256
        assert "存储里找不到这个文件" in text(answer)


def test_only_a_version_in_force_hands_its_files_to_the_public(centre, town, draft):
    saved(centre, upload(centre, form_file()))
    public = Client()
    answer = centre.get(FILE)
    assert answer.content == FORM and "no-store" in answer["Cache-Control"], "staff see the draft's"
    assert public.get(FILE).status_code == 404
    stranger = Client()
    login(stranger, EDITOR)
    assert stranger.get(FILE).status_code == 404
    sample = upload(centre, form_file(b"sample of a permit", "样证.txt"), place="result 林木采伐许可证")
    saved(centre, sample)
    rules.in_force(now())
    answer = public.get(FILE)
    assert answer.content == FORM
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert FILE.rpartition("/")[0] in text(public.get("/services/LM-001"))
    for other in (FILE.replace("采伐申请表", "别的"), FILE.replace("LM-001", "JF-001"), FILE.replace(SHA, "0" * 64)):
        assert public.get(other).status_code == 404, other


def test_a_file_lost_from_the_store_keeps_the_version_from_publication(centre, town, draft):
    saved(centre, upload(centre, form_file()))
    StoredFile.objects.filter(sha256=SHA).delete()
    assert any("采伐申请表.txt" in issue.sentence for issue in gate(now()) if issue.field == "files")
    assert centre.get(FILE).status_code == 404


def leak() -> StoredFile:
    """A file that came by another way than as a file of a guide."""
    file = form_file("申请人 430623195603080012".encode(), "名单.txt")
    return store(town=Jurisdiction.objects.get(is_default=True), name=file.name, stream=file, by=APPLICANT, purpose="x")


def test_a_file_that_the_form_names_by_its_hash_is_read_like_one_that_was_uploaded(centre, town, draft):
    named = {"files-n": "1", "files-0-for": "form plan", "files-0-name": "表.txt", "files-0-sha256": leak().sha256}
    assert centre.post(EDIT, filled(centre.get(EDIT)) | named | {"act": "save"}).status_code == 302
    found = [issue.sentence for issue in gate(now()) if issue.field == "files"]
    assert [one for one in found if one.startswith("文件“表.txt”：第1行有身份证号")], found


def test_a_file_of_a_guide_in_force_is_read_again_and_its_item_named(town, capsys):
    file = {"role": FileRole.FORM.value, "of": "plan", "name": "表.txt", "sha256": leak().sha256}
    rules.in_force(rules.drafted(town, files=[*acts.in_force(town, "LM-001").data["files"], file]))
    assert cli.main(["files", "reread"]) == 1
    told = capsys.readouterr().out
    assert "事项 LM-001\t办事指南的文件\t1 处" in told and "430623" not in told
