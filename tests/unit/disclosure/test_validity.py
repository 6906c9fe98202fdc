"""A document that was published without its term gets one by two persons; what stays in force is said without a new
edition."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from config.background import sweep
from mingtang.disclosure import columns, validity
from mingtang.disclosure.models import Edition, Restatement
from mingtang.disclosure.proved import check_documents
from mingtang.disclosure.proved_validity import check_validity
from mingtang.events.log import CONSOLE
from mingtang.lib.errors import Refused
from mingtang.people.models import Unit
from mingtang.towns.viewer import Viewer
from tests.factories import acts
from tests.factories.cast import EDITOR, REVIEWER, SIGNER, login, staff
from tests.factories.duties import post

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def again(edition: Edition) -> Edition:
    return Edition.objects.select_related("document__town", "document__unit", "revision").get(pk=edition.pk)


def wrong(town) -> list[str]:
    return [one.what for check in (check_documents, check_validity) for one in check(town)]


def proposed(edition: Edition, by: str = EDITOR, **said) -> Restatement:
    stated = {"verdict": "term", "first": date(2022, 5, 1), "last": date(2027, 4, 30), "number": ""}
    basis = {"basis": "湖南省规范性文件管理办法，施行之日起五年。"}
    return validity.propose(edition=again(edition), by=staff(by), **(stated | basis | said))


@pytest.fixture
def old(town):
    """Of no kind that ends, but filed where such documents stand."""
    columns.open_all(town=town, owner=post("office-head"), by=CONSOLE)
    edition = acts.published(town)
    columns.file_under(document=edition.document, codes=["a20-01"], by=CONSOLE)
    return edition


def test_an_old_document_gets_its_term_from_two_persons_and_then_expires(clock, old, town, client):
    assert list(validity.without_term(town)) == [old]
    login(client, EDITOR)
    path = f"/desk/info/{old.pk}/validity"
    listed = client.get("/desk/info/validity").content.decode()
    assert old.revision.title in listed and path in listed
    sent = {"verdict": "term", "first": "2022-05-01", "last": "2027-05-01", "basis": "办法规定五年。", "number": ""}
    for changed, sentence in (
        ({"basis": ""}, "写明依据"),
        ({"first": ""}, "填写施行日期"),
        ({"last": "2027-05-02"}, "最长 5 年"),
        ({"last": "2022-04-30"}, "有效期要在"),
        ({"number": "没有这个号"}, "没有索引号为"),
        ({"verdict": "revise"}, "不填日期"),
    ):
        bad = client.post(path, sent | changed)
        assert bad.status_code == 422 and sentence in bad.content.decode(), changed
    assert client.post(path, sent).status_code == 302
    row = Restatement.objects.get()
    assert again(old).in_force_until is None
    assert client.post(path, sent).status_code == 422
    assert client.post(f"{path}/{row.pk}/agree").status_code == 422
    login(client, REVIEWER)
    assert "有效性结论，等您同意的" in client.get("/desk/").content.decode()
    assert client.post(f"{path}/{row.pk}/refuse", {"refuse-reason": ""}).status_code == 422
    assert client.post(f"{path}/{row.pk}/agree").status_code == 302
    assert (again(old).in_force_from, again(old).in_force_until) == (date(2022, 5, 1), date(2027, 5, 1))
    page = client.get(f"/info/{old.document.index_number}").content.decode()
    assert "有效期至" in page and "办法规定五年。" in page and "补定有效期" in page
    assert old.revision.title in client.get("/info/validity").content.decode()
    assert not validity.without_term(town).exists() and not wrong(town)
    clock.move_to(datetime(2027, 5, 2, 4, tzinfo=UTC))
    sweep()
    assert again(old).state == "expired" and not wrong(town)


def test_what_was_refused_changes_nothing(clock, old, town):
    row = proposed(old)
    editor, health = frozenset({"document.draft"}), frozenset({Unit.objects.get(code="health").pk})
    for viewer, seen in (
        (Viewer(town), 0),
        (Viewer(town, powers=editor), 1),
        (Viewer(town, powers=editor, tenant=health), 0),
    ):
        assert Restatement.objects.visible_to(viewer).count() == seen, viewer
    with pytest.raises(Refused, match="提出的人以外"):
        validity.agree(restatement=row, by=staff(EDITOR))
    validity.refuse(restatement=row, reason="施行日期不对。", by=staff(SIGNER))
    assert again(old).in_force_from is None
    with pytest.raises(Refused, match="已经办过"):
        validity.agree(restatement=row, by=staff(SIGNER))
    assert not wrong(town)


def test_what_stays_in_force_is_said_with_the_paper_and_without_a_new_edition(clock, town, client):
    rule, paper = acts.rule(town), acts.published(town, acts.content("2026年规范性文件清理结果"))
    last = rule.in_force_until
    for said in ({"last": last}, {"verdict": "term"}, {"last": last + timedelta(days=4000)}):
        with pytest.raises(Refused):
            proposed(rule, **({"verdict": "kept", "first": None} | said))
    clock.move_to(datetime(2030, 3, 10, 4, tzinfo=UTC))
    said = {"verdict": "kept", "first": None, "last": date(2034, 3, 1), "number": paper.document.index_number}
    row = proposed(rule, **said)
    validity.agree(restatement=row, by=staff(REVIEWER))
    kept = again(rule)
    assert (kept.number, kept.state, kept.in_force_until) == (1, "published", date(2034, 3, 1))
    page = client.get(f"/info/{rule.document.index_number}").content.decode()
    assert "继续有效" in page and f'href="/info/{paper.document.index_number}"' in page
    validity.agree(restatement=proposed(rule, verdict="revise", first=None, last=None), by=staff(REVIEWER))
    assert again(rule).in_force_until == date(2034, 3, 1) and not wrong(town)
    Restatement.objects.filter(pk=row.pk).update(basis="别的依据")
    Edition.objects.filter(pk=rule.pk).update(in_force_until=date(2039, 3, 1))
    assert len(wrong(town)) == 2
