"""Attachments that an earlier release read less deeply: read again by a command, told by number, put on the desk."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from config import cli
from mingtang.disclosure import actions
from mingtang.disclosure.actions import Content
from mingtang.disclosure.models import Edition
from mingtang.disclosure.proved import check_documents
from mingtang.events.log import CONSOLE
from mingtang.events.models import Event
from mingtang.files import leftover, reading
from mingtang.files.actions import store_public
from mingtang.files.models import Reading
from mingtang.lib.errors import Refused
from tests.factories import acts
from tests.factories.cast import EDITOR, REVIEWER, SIGNER, login, staff
from tests.integration.desk_steps import text
from tests.unit.files import samples

pytestmark = pytest.mark.django_db
NUMBER = acts.born("19560308")
LEAK = samples.docx(
    samples.paragraph("领取人名单") + f"<w:p><w:del><w:r><w:delText>{NUMBER}</w:delText></w:r></w:del></w:p>"
)


def with_file(town, data: bytes, name: str = "名单.docx") -> Content:
    """A text with a file in which an earlier release saw one line only."""
    given = {"town": town, "name": name, "stream": io.BytesIO(data), "by": CONSOLE, "purpose": "attachment"}
    file, _ = store_public(**given)
    plain = acts.content()
    return Content(plain.title, plain.body_html, [(file, name, [("", "领取人名单")])])


@pytest.fixture
def leaking(town) -> Edition:
    return acts.published(town, with_file(town, LEAK))


def test_what_is_public_and_should_not_be_is_named_by_its_number_alone(client, town, leaking, capsys):
    acts.published(town, with_file(town, samples.docx(samples.paragraph("领取人名单")), "好的.docx"))
    number = leaking.document.index_number
    assert cli.main(["files", "reread"]) == 1
    told = capsys.readouterr().out
    assert "重新读了 6 个文件，核对了公开的信息 2 版" in told and f"{number}\t第 1 版\t2 处" in told
    assert told.count("\t第 1 版\t") == 1
    assert NUMBER not in told and NUMBER[:6] not in told
    event = Event.objects.filter(type="document.reread", town=town).earliest("pk")
    assert (event.subject, event.data["found"], event.actor) == (f"document:{number}", 2, "console")
    assert list(check_documents(town)) == []
    Edition.objects.filter(pk=leaking.pk).update(found_since=0)
    assert "公开以后查出几处" in next(check_documents(town)).what
    Edition.objects.filter(pk=leaking.pk).update(found_since=2)
    for who, sees in ((EDITOR, True), (SIGNER, True), (REVIEWER, False)):
        login(client, who)
        page = text(client.get("/desk/"))
        assert ("公开以后附件里查出问题的（1）" in page) is sees, who
    login(client, EDITOR)
    page = text(client.get(f"/desk/info/{leaking.pk}"))
    assert "公开以后查出 2 处不能公开的内容" in page and "身份证" in page and NUMBER not in page


def test_reading_again_goes_on_where_it_was_and_changes_nothing_the_second_time(town, leaking, capsys, monkeypatch):
    acts.published(town, with_file(town, samples.docx(samples.paragraph("乙")), "乙.docx"))
    real, done = reading.read, []

    def once(file):
        if done:
            raise KeyboardInterrupt
        done.append(file.pk)
        return real(file)

    with monkeypatch.context() as patched:
        patched.setattr(reading, "read", once)
        with pytest.raises(KeyboardInterrupt):
            cli.main(["files", "reread"])
    assert Reading.objects.count() == 1
    assert cli.main(["files", "reread"]) == 1
    assert "重新读了 5 个文件，核对了公开的信息 2 版" in capsys.readouterr().out
    assert cli.main(["files", "reread"]) == 1, "what was found stays found"
    assert "重新读了 0 个文件，核对了公开的信息 0 版" in capsys.readouterr().out
    assert Event.objects.filter(type="document.reread").count() == 2


def test_what_a_deeper_reading_finds_stops_a_draft_with_the_file(town, capsys):
    edition = acts.drafted(town, with_file(town, LEAK))
    assert cli.main(["files", "reread"]) == 0, "nothing of it is public"
    with pytest.raises(Refused, match="身份证"):
        actions.submit(edition=edition, by=staff(EDITOR))


def test_a_file_that_cannot_be_read_any_more_is_told(town, client, capsys):
    edition = acts.published(town, with_file(town, b"plain", "名单.txt"))
    edition.revision.attachments.get().file.path.unlink()
    assert cli.main(["files", "reread"]) == 1
    login(client, EDITOR)
    assert "原件不在存储里" in text(client.get(f"/desk/info/{edition.pk}"))


def test_an_edition_that_gave_way_is_taken_down_alone(town, client, leaking):
    """The corrected edition leaves the old one beside it, with its file."""
    number, file = leaking.document.index_number, leaking.revision.attachments.get().pk
    cli.main(["files", "reread"])
    acts.corrected(leaking, acts.content())
    assert client.get(f"/files/{file}").status_code == client.get(f"/info/e/1/{number}").status_code == 200
    login(client, SIGNER)
    assert f"{number} 第 1 版" in text(client.get("/desk/"))
    assert "撤下这一版" in text(client.get(f"/desk/info/{leaking.pk}"))
    given = {"ground": "personal", "reason": "附件里有不该公开的内容"}
    assert client.post(f"/desk/info/{leaking.pk}/withdraw", given).status_code == 302
    assert "公开以后附件里查出问题的" not in text(client.get("/desk/"))
    client.logout()
    assert client.get(f"/files/{file}").status_code == client.get(f"/info/e/1/{number}").status_code == 404
    page = text(client.get(f"/info/{number}"))
    assert "撤下（第 1 版）" in page and f"/info/e/1/{number}" not in page
    assert list(check_documents(town)) == []


def test_a_file_that_was_only_read_is_still_one_that_a_form_left(town):
    (file, _, _) = with_file(town, b"plain", "名单.txt").attachments[0]
    reading.read(file)
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert leftover.forget() == 1
    assert not Reading.objects.exists()
