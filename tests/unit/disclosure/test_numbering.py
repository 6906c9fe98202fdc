"""Numbers a town gives: in the style it picked, never twice, and each one that leads to nothing is explained."""

import pytest
from django.utils import timezone

from mingtang.disclosure import actions, numbers, taking_in
from mingtang.disclosure.enums import GapReason, WithdrawGround
from mingtang.disclosure.index_styles import styles
from mingtang.disclosure.models import Document
from mingtang.events.log import CONSOLE
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.towns.models import Jurisdiction
from tests.factories import acts
from tests.factories.cast import EDITOR, SIGNER, staff

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year


def brought(town, number: str, **metadata):
    return taking_in.draft_imported(
        town=town, metadata=acts.metadata(town, **metadata), content=acts.content(), by=CONSOLE, index_number=number
    ).document


def test_every_style_gives_numbers_and_those_given_before_stay(town):
    given = [acts.drafted(town).document.index_number]
    for style in styles():
        numbers.choose(town=town, style=style, by=staff(SIGNER))
        given.append(acts.drafted(town).document.index_number)
    assert given[0] == given[1][:-1] + "1" and len(set(given)) == len(styles()) + 1
    assert set(Document.objects.values_list("index_number", flat=True)) == set(given)
    read = [numbers.read(number, today=timezone.localdate(), own=town.uscc) for number in given]
    assert [one.style.code for one in read[1:]] == list(styles()) and not any(one.flaws for one in read)
    assert [one.serial for one in read] == list(range(1, len(given) + 1)), "the serial runs on through every style"
    assert numbers.numbering(Jurisdiction.objects.get(pk=town.pk)).given == len(given)


def test_the_style_is_picked_by_who_keeps_the_catalogue_with_an_event(town):
    with pytest.raises(Refused, match="权限"):
        numbers.choose(town=town, style="uscc", by=staff(EDITOR))
    with pytest.raises(Refused, match="请选择"):
        numbers.choose(town=town, style="none", by=staff(SIGNER))
    numbers.choose(town=town, style="uscc", by=staff(SIGNER))
    numbers.choose(town=town, style="uscc", by=staff(SIGNER))
    (event,) = Event.objects.filter(type=numbers.STYLED)
    assert event.data["before"] == "{org}/{year}-{serial:07d}" and event.data["template"] == styles()["uscc"].template


def test_a_town_without_a_code_may_only_pick_what_needs_none(town):
    Jurisdiction.objects.filter(pk=town.pk).update(uscc="")
    with pytest.raises(Refused, match="统一社会信用代码"):
        numbers.choose(town=town, style="uscc", by=staff(SIGNER))
    numbers.choose(town=town, style="unit", by=staff(SIGNER))
    assert acts.drafted(town).document.index_number == f"430623/{YEAR}-00000001"


def test_a_style_of_the_towns_own_making_goes_on(town):
    Jurisdiction.objects.filter(pk=town.pk).update(index_template="WY{year}-{serial:04d}")
    assert acts.drafted(town).document.index_number == f"WY{YEAR}-0001"
    assert numbers.style_of(Jurisdiction.objects.get(pk=town.pk)).name == "本镇原来的格式"


def test_each_number_that_leads_to_nothing_says_why(town):
    shown = acts.published(town)
    drafts = [acts.drafted(town).document for _ in range(2)]
    for scope in ("on_request", "not_public"):
        document = acts.drafted(town).document
        Document.objects.filter(pk=document.pk).update(scope=scope)
    gone = acts.published(town)
    actions.withdraw(edition=gone, by=staff(SIGNER), ground=WithdrawGround.WRONG, reason="数字写错")
    brought(town, f"006382329L/{YEAR - 8}-1430766")
    brought(town, "000014349/2017-00110")
    Jurisdiction.objects.filter(pk=town.pk).update(index_next=9)
    acts.drafted(town)
    town = Jurisdiction.objects.get(pk=town.pk)
    every = numbers.numbering(town)
    gaps = list(numbers.gaps(town, every))
    assert (every.first, every.missing, every.given) == (1, 8, 9) and shown.document.index_number
    assert [(gap.first, gap.last, gap.reason) for gap in gaps] == [
        (9, 9, GapReason.DRAFTED),
        (7, 8, GapReason.UNUSED),
        (6, 6, GapReason.WITHDRAWN),
        (5, 5, GapReason.NOT_PUBLIC),
        (4, 4, GapReason.ON_REQUEST),
        (2, 3, GapReason.DRAFTED),
    ]
    assert gaps[-1].number == drafts[0].index_number and gaps[-1].until == drafts[1].index_number
    assert list(numbers.gaps(town, every, 5)) == gaps[-2:], "a page begins beneath the last of the one before"
    singly = list(numbers.gaps(town, every, singly=True))
    assert [gap.first for gap in singly] == [gap.last for gap in singly] == list(range(9, 1, -1))


def test_a_town_that_gave_none_has_nothing_to_explain(town):
    brought(town, f"006382329L/{YEAR - 8}-1430766")
    assert numbers.numbering(town).given == 0


def test_a_number_brought_along_is_kept_and_what_is_wrong_is_said(town):
    assert numbers.remarks(town, "000014349/2017-00110") == ()
    (said,) = numbers.remarks(town, "000014348/2020-35428")
    assert "000014348" in said and "照原样收下" in said
    assert "不是认得的格式" in numbers.remarks(town, "连公开-2008-3")[0]
    assert brought(town, "000014348/2020-35428").index_number == "000014348/2020-35428"
    with pytest.raises(Refused, match="已经有一份信息在用"):
        brought(town, "000014348/2020-35428")


def test_a_number_that_a_withdrawn_document_bore_is_never_given_again(town):
    gone = acts.published(town)
    actions.withdraw(edition=gone, by=staff(SIGNER), ground=WithdrawGround.OTHER, reason="重复公开")
    Jurisdiction.objects.filter(pk=town.pk).update(index_next=1)
    assert acts.drafted(town).document.index_number != gone.document.index_number
