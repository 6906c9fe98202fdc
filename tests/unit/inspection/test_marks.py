"""网站标识: registered by who keeps the catalogue, as the certificates write them, and seen on every page."""

import pytest

from mingtang.demo.website import MARKS
from mingtang.events.models import Event
from mingtang.inspection import marks
from mingtang.inspection.proved import check_town
from mingtang.lib.errors import Refused
from mingtang.towns.models import Jurisdiction
from tests.factories.cast import EDITOR, SIGNER, staff

pytestmark = pytest.mark.django_db


def now(town) -> Jurisdiction:
    return Jurisdiction.objects.get(pk=town.pk)


def test_marks_are_registered_with_an_event_and_those_missing_are_named(town):
    assert [name for name, value in marks.of(town).items() if not value] == [
        "主办单位",
        "ICP备案号",
        "公安备案号",
        "党政机关网站标识",
    ]
    marks.register(town=town, values=MARKS, by=staff(SIGNER))
    assert all(marks.of(now(town)).values())
    event = Event.objects.get(type=marks.MARKED)
    assert event.data["icp_record"] == MARKS["icp_record"] and event.data["icp_record_before"] == ""
    with pytest.raises(Refused, match="没有改动"):
        marks.register(town=now(town), values=MARKS, by=staff(SIGNER))
    with pytest.raises(Refused, match="权限"):
        marks.register(town=now(town), values=MARKS | {"icp_record": ""}, by=staff(EDITOR))
    assert not list(check_town(now(town)))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("site_code", "43062300"),
        ("icp_record", "ICP12345678"),
        ("police_record", "湘公网安备 4306"),
        ("party_mark", "https://bszs.conac.cn/"),
        ("phone", "13800138000"),
        ("sponsor", "<b>镇</b>"),
    ],
)
def test_a_misshapen_mark_is_refused_with_how_it_is_written(town, field, value):
    with pytest.raises(Refused, match="写法不对，应当像") as caught:
        marks.register(town=town, values=MARKS | {field: value}, by=staff(SIGNER))
    assert caught.value.field == field and now(town).icp_record == ""


def test_a_mark_changed_behind_the_events_is_found(town):
    marks.register(town=town, values=MARKS, by=staff(SIGNER))
    Jurisdiction.objects.filter(pk=town.pk).update(icp_record="湘ICP备99999999号")
    assert [finding.what for finding in check_town(now(town))] == ["网站标识和事件里登记的不一样"]
