"""The sheet of the review: every side of every thing answered, bound to what was read, frozen, proved."""

import dataclasses
import io

import pytest
from django.db import DatabaseError, connection, transaction

from mingtang.demo.documents import cleared
from mingtang.disclosure import actions
from mingtang.disclosure.enums import EditionState, Side
from mingtang.disclosure.models import Edition, Review
from mingtang.disclosure.proved_review import check_reviews
from mingtang.disclosure.reviewing import CLEAR, CONCERN, Answers, Sheet, hash_of
from mingtang.events.log import CONSOLE
from mingtang.events.models import Event
from mingtang.files import actions as files
from mingtang.lib.errors import Refused
from mingtang.towns.viewer import Viewer
from tests.factories import acts
from tests.factories.cast import EDITOR, REVIEWER, SIGNER, staff

pytestmark = pytest.mark.django_db


def with_file(town, body="<p>名单见附件。</p>") -> Edition:
    """In review, with an attachment."""
    file = files.store(
        town=town, name="名单.txt", stream=io.BytesIO("一组：三户".encode()), by=CONSOLE, purpose="document"
    )
    return acts.in_review(town, actions.Content("公示", body, [(file, "名单.txt", [("", "一组：三户")])]))


def changed(sheet: Sheet, key: str, note: str = "", **sides: str) -> Sheet:
    old = sheet.of[key]
    return dataclasses.replace(sheet, of={**sheet.of, key: Answers({**old.sides, **sides}, note)})


def test_a_pass_keeps_every_answer_under_the_hash_in_the_event(town):
    edition = with_file(town)
    done = actions.review(
        edition=edition, by=staff(REVIEWER), sheet=changed(cleared(edition), "file-1", "三户都签字同意公开。")
    )
    row = Review.objects.get()
    text, file = row.parts
    assert (text["name"], text["sha256"]) == ("正文", edition.revision.sha256)
    assert (file["name"], file["sha256"]) == ("名单.txt", edition.revision.attachments.get().file.sha256)
    assert file["sides"] == dict.fromkeys(Side.values, CLEAR) and file["note"] == "三户都签字同意公开。"
    assert row.passed and row.event.type == "document.reviewed" and row.event.data["record"] == row.sha256
    assert done.reviewed_at == row.event.recorded_at
    assert list(check_reviews(town)) == []


@pytest.mark.parametrize("side", Side.values)
@pytest.mark.parametrize("key", ["text", "file-1"])
def test_no_side_of_no_thing_may_be_left_out(town, key, side):
    edition = with_file(town)
    with pytest.raises(Refused, match="还没有答有没有") as refused:
        actions.review(edition=edition, by=staff(REVIEWER), sheet=changed(cleared(edition), key, **{side: ""}))
    assert refused.value.field == f"{key}-{side}"
    assert not Review.objects.exists()


def test_a_concern_never_passes_and_sends_back_with_its_note(town):
    edition = with_file(town)
    doubted = changed(cleared(edition), "file-1", "第 3 行写了病情，请删去。", third_party=CONCERN)
    with pytest.raises(Refused, match="有答“有”的，不能通过"):
        actions.review(edition=edition, by=staff(REVIEWER), sheet=doubted)
    with pytest.raises(Refused, match="请在说明里写明是哪一处"):
        bare = changed(cleared(edition), "file-1", third_party=CONCERN)
        actions.return_reviewed(edition=edition, by=staff(REVIEWER), sheet=bare)
    with pytest.raises(Refused, match="退回要写明哪里有问题"):
        actions.return_reviewed(edition=edition, by=staff(REVIEWER), sheet=cleared(edition))
    back = actions.return_reviewed(edition=edition, by=staff(REVIEWER), sheet=doubted)
    assert (back.state, back.returned_reason) == (EditionState.DRAFT, "名单.txt：第 3 行写了病情，请删去。")
    assert not Review.objects.get().passed
    assert list(check_reviews(town)) == []


def test_a_sheet_filled_in_for_another_text_is_refused(town):
    edition = with_file(town)
    old = cleared(edition)
    actions.return_to_draft(edition=edition, by=staff(REVIEWER), reason="请改")
    file = files.store(town=town, name="名单.txt", stream=io.BytesIO(b"other"), by=CONSOLE, purpose="document")
    content = actions.Content("公示", "<p>名单见附件。</p>", [(file, "名单.txt", [("", "other")])])
    edition = actions.revise(edition=edition, content=content, by=staff(EDITOR))
    edition = actions.submit(edition=edition, by=staff(EDITOR))
    with pytest.raises(Refused, match="正文或者附件变过"):
        actions.review(edition=edition, by=staff(REVIEWER), sheet=old)


def test_warnings_must_have_been_looked_at_and_are_kept(town):
    edition = acts.in_review(town, acts.content(body="<p>请带其他材料。</p>"))
    with pytest.raises(Refused, match="请逐条看过黄色的提示"):
        unseen = dataclasses.replace(cleared(edition), warnings_seen=False)
        actions.review(edition=edition, by=staff(REVIEWER), sheet=unseen)
    acts.passed(edition, staff(REVIEWER))
    assert any("其他材料" in sentence for sentence in Review.objects.get().warnings)


def test_who_may_not_review_may_not_return_by_the_sheet_either(town):
    edition = with_file(town)
    for who in (EDITOR, SIGNER):
        with pytest.raises(Refused):
            actions.return_reviewed(edition=edition, by=staff(who), sheet=cleared(edition))


def test_a_sheet_is_frozen_hidden_from_the_public_and_a_forged_one_is_named(town):
    edition = acts.reviewed(town)
    for statement in ("UPDATE disclosure_review SET passed = passed", "DELETE FROM disclosure_review"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert not Review.objects.visible_to(Viewer(town)).exists()
    assert Review.objects.visible_to(Viewer(town, powers=frozenset({"document.sign"}))).exists()
    record = {"revision": 1, "sha256": edition.revision.sha256, "parts": [], "warnings": []}
    Review.objects.create(
        edition=edition, revision=edition.revision, reviewer=staff(SIGNER), passed=True, parts=[], warnings=[],
        sha256=hash_of(record, staff(SIGNER).code, True), event=Event.objects.order_by("pk").first(),
    )  # fmt: skip
    assert [finding.what for finding in check_reviews(town)] == ["审查记录和事件里的散列值对不上"]
