"""Two tabs of one form at the same moment: one draft, one case, one end; a case never under a destroyed key."""

import uuid
from functools import partial

import pytest

from mingtang.cases import actions, drafts
from mingtang.cases.actions.intake import Received, new_case_key
from mingtang.cases.models import ApplicationDraft, Case
from mingtang.files import uploads
from mingtang.files.models import Upload
from mingtang.lib.errors import Refused
from mingtang.rulebook.models import Item, Version
from tests.factories.acts import ANSWERS, APPLICANT

pytestmark = pytest.mark.usefixtures("own_database")
ROUNDS = 4


@pytest.fixture
def version(own_database) -> Version:
    return Item.objects.get(town__code="430623107", code="JF-001").current


def keep(version, token, key, name="文小满"):
    return drafts.keep(version=version, token=token, key=key, typed={"name": name}, slots={})


def hand_in(version, token, key):
    return actions.submit(
        version=version,
        applicant=APPLICANT,
        answers=ANSWERS["JF-001"],
        received=Received(),
        submission=token,
        key=key,
        sure=True,
    )


def test_two_first_presses_keep_one_draft(version, at_once):
    for _ in range(ROUNDS):
        token = str(uuid.uuid4())
        # Each press made a key of its own, as when nothing was uploaded yet.
        keys = [new_case_key(version) for _ in range(2)]
        answers = at_once(*(partial(keep, version, token, key) for key in keys))
        assert [answer for answer in answers if isinstance(answer, Exception)] == []
        draft = ApplicationDraft.objects.get(token=token)
        assert {answer.pk for answer in answers} == {draft.pk} and draft.typed == {"name": "文小满"}


def test_kept_and_handed_in_at_once_leave_a_case_and_no_draft(version, at_once):
    for _ in range(ROUNDS):
        token, key = str(uuid.uuid4()), new_case_key(version)
        kept, handed = at_once(partial(keep, version, token, key), partial(hand_in, version, token, key))
        assert not isinstance(handed, Exception) and isinstance(kept, Refused | ApplicationDraft), (kept, handed)
        assert not ApplicationDraft.objects.filter(token=token).exists()


def test_deleted_and_handed_in_at_once_never_leave_a_case_that_nobody_can_open(version, at_once):
    for _ in range(ROUNDS):
        token, key = str(uuid.uuid4()), new_case_key(version)
        draft = keep(version, token, key)
        gone, handed = at_once(partial(drafts.delete, draft=draft), partial(hand_in, version, token, key))
        assert gone is None and not ApplicationDraft.objects.filter(token=token).exists()
        case = Case.objects.filter(submission=token).first()
        assert (case is None) == isinstance(handed, Refused), handed
        if case is not None:
            assert case.applicant["name"] == APPLICANT.name


def test_of_two_equal_pieces_one_is_written(version, at_once):
    told = "form YQ==,slot YQ==,filename YS5wbmc="
    upload = uploads.begin(town=version.item.town, owner="me", metadata=told, size=9, first=b"abc")
    one, two = at_once(*(lambda: uploads.append(upload=upload, offset=3, piece=b"def") for _ in range(2)))
    assert sorted(isinstance(answer, uploads.WrongOffset) for answer in (one, two)) == [False, True]
    upload = Upload.objects.get()
    assert upload.offset == 6 and upload.path.read_bytes() == b"abcdef"
