"""Public utilities by HTTP: taken in, what they must publish, what is missing; their staff see only their own."""

import json
import re
from datetime import datetime

import pytest
import time_machine

from mingtang.demo.boards import build_boards
from mingtang.demo.documents import build_documents
from mingtang.demo.utilities import build_utilities
from mingtang.disclosure import actions, utilities
from mingtang.disclosure.models import Document, Edition
from mingtang.events.models import Event
from mingtang.ledger.frozen import told_rows
from mingtang.lib.errors import Refused
from mingtang.people.models import Post, Unit
from mingtang.utilities import tenants
from mingtang.utilities.models import Tenant
from tests.factories.acts import passed
from tests.factories.cast import EDITOR, POWER, REVIEWER, SIGNER, login, staff
from tests.factories.samples import drawn, three_public
from tests.integration.desk_steps import document, sheet, text
from tests.meta.routes import Values, all_routes

pytestmark = pytest.mark.django_db
OWN_PAGES = ("/desk/info/", "/desk/stories/", "/desk/utilities/", "/desk/boards/", "/desk/samples/", "/desk/study/")
HEALTH, HEALTH_HEAD = "weisheng", "yuanzhang"
FEE = "门诊诊查费 | 每次5元 | {basis} | | 5 | 次 | {number} | 政府指导价 | 市医疗保障局 | 2026-01-01 | "


@pytest.fixture
def spring():
    with time_machine.travel(datetime.fromisoformat("2026-03-02T10:00:00+08:00"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def published(town):
    build_documents(town)
    build_utilities(town)
    build_boards(town)
    return town


def admitted(code="health", owner="health-head"):
    post = Post.objects.select_related("unit__town").get(code=owner)
    return tenants.admit(unit=Unit.objects.get(code=code), owner=post, by=staff(SIGNER))


def fees(basis="医疗服务价格目录", number="岳医保发〔2026〕2号", unit="health"):
    return {
        **document(title="卫生院收费表", body="", unit=unit),
        "field-unit": "卫生院",
        "field-complaint": "0730-5550002",
        "sheet-fees": FEE.format(basis=basis, number=number),
        "sheet-free": "预防接种 | 适龄儿童",
    }


def test_what_is_missing_is_shown_with_its_owner_from_the_day_it_was_due(client, spring, town):
    tenant = admitted()
    assert "2026年3月30日以前应当公开" in text(client.get("/utilities/health"))
    assert re.search(r'card ok">\s*<h2>应公开还没公开</h2>\s*<p>没有超过期限', text(client.get("/utilities/")))
    spring.move_to(datetime.fromisoformat("2026-04-01T10:00:00+08:00"))
    shown = text(client.get("/utilities/?later"))
    assert "卫生院：收费" in shown and "晚 2 天" in shown and "责任：卫生院院长" in shown
    (told,) = json.loads(client.get("/utilities.json").content)
    assert {row["state"] for row in told["duties"]} == {"empty"} and told["owner"] == "卫生院院长"
    assert utilities.of_tenant(tenant)[0].days_late == 2


def test_each_utility_shows_its_services_prices_and_promises(
    client, published, other_town, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12):
        page = text(client.get("/utilities/power"))
    for word in ("居民新装电表", "每度0.555元", "湘发改价〔2026〕1号（演示）", "45分钟", "办事公开制度"):
        assert word in page
    assert "还没有公开" in page, "the rules are missing, and it says so"
    facts = json.loads(client.get("/utilities/power.json").content)
    rows = {row["kind"]: row for row in facts["duties"]}
    assert rows["utility-fees"]["facts"]["sheets"]["fees"]["rows"][2][4] == "0.555", "a fraction of a fen is kept"
    assert rows["utility-rules"]["state"] == "waiting" and rows["utility-rules"]["index_number"] is None
    overview = text(client.get("/utilities/"))
    assert all(unit.name in overview for unit in Unit.objects.filter(tenancy__isnull=False))
    assert client.get("/utilities/news").status_code == 404, "a unit that is no tenant has no page"
    assert client.get("/utilities/power", HTTP_HOST="other.example").status_code == 404


def test_a_price_without_a_basis_cannot_be_sent_for_review(client, town):
    admitted()
    login(client, HEALTH)
    made = client.post("/desk/info/new?kind=utility-fees", fees(number=""))
    assert made.status_code == 302, text(made)
    edition = Edition.objects.get()
    refused = client.post(f"/desk/info/{edition.pk}/submit")
    assert refused.status_code == 422 and "第 1 行还没有填“文号”" in text(refused)


def test_the_unit_checks_its_own_the_town_signs(client, town):
    admitted()
    login(client, HEALTH)
    client.post("/desk/info/new?kind=utility-fees", fees())
    edition = Edition.objects.get()
    assert client.post(f"/desk/info/{edition.pk}/submit").status_code == 302
    login(client, HEALTH_HEAD)
    assert client.post(f"/desk/info/{edition.pk}/review", sheet(edition)).status_code == 302
    assert client.post(f"/desk/info/{edition.pk}/sign").status_code == 403
    login(client, SIGNER)
    client.post(f"/desk/info/{edition.pk}/sign")
    client.post(f"/desk/info/{edition.pk}/publish")
    assert "每次5元" in text(client.get("/utilities/health"))
    login(client, HEALTH)
    again = client.post(
        f"/desk/info/{edition.pk}/renew", fees() | {"sheet-fees": FEE.replace("5元", "4元"), "note": "降了一元"}
    )
    assert again.status_code == 302, text(again)
    assert "每次5元" in text(client.get("/utilities/health")), "the old price stands until the new one is public"


def test_nobody_of_a_utility_touches_what_is_another_s(client, published):
    """Neither by the pages nor by the acts behind them."""
    theirs = Edition.objects.get(document__unit__code="telecom", document__kind="utility-fees")
    for name in (HEALTH, HEALTH_HEAD):
        login(client, name)
        for tail in ("", "/preview", "/edit", "/renew", "/columns"):
            assert client.get(f"/desk/info/{theirs.pk}{tail}").status_code in {403, 404}, tail
    login(client, HEALTH)
    refused = client.post("/desk/info/new?kind=utility-fees", fees(unit="party-office"))
    assert Edition.objects.filter(document__unit__code="party-office", author=staff(HEALTH)).count() == 0
    assert refused.status_code == 422
    document = theirs.document
    content = actions.Content("换掉的", "", facts=theirs.revision.facts)
    with pytest.raises(Refused, match="本单位"):
        actions.new_edition(document=document, content=content, by=staff(HEALTH), note="不该成")
    with pytest.raises(Refused, match="本单位"):
        metadata = actions.Metadata(unit=Unit.objects.get(code="party-office"))
        actions.draft(town=published, metadata=metadata, content=content, by=staff(POWER))
    draft = actions.new_edition(document=document, content=content, by=staff("dianxin"), note="改一改")
    actions.submit(edition=draft, by=staff("dianxin"))
    with pytest.raises(Refused, match="本单位"):
        passed(draft, staff(HEALTH_HEAD))
    assert passed(draft, staff(REVIEWER)).reviewer == staff(REVIEWER)


@pytest.mark.once
@pytest.mark.parametrize("username", [HEALTH, HEALTH_HEAD])
def test_a_utility_s_staff_walk_the_whole_desk_and_see_only_their_own(client, published, username):
    values = Values(published)
    own = {row.revision.title for row in Edition.objects.filter(document__unit__code="health")}
    own |= set(Document.objects.filter(unit__code="health").values_list("index_number", flat=True))
    # Their own name, those who checked and signed theirs, and the frame of every page.
    own |= {staff(name).name for name in (HEALTH, HEALTH_HEAD, REVIEWER, SIGNER)}
    own |= {published.name, published.site_name, published.phone, published.code}
    three_public(published)
    assert {one.unit.code for one in drawn(published, wanted=3, kinds=("figure",)).samples.all()} == {"finance"}
    login(client, username)
    before, opened = Event.objects.count(), set()
    for route in all_routes():
        if not route.is_desk or str(route) in {"/desk/logout", "/desk/login"}:
            continue
        theirs = str(route).startswith(OWN_PAGES)
        # Elsewhere the door is shut before anybody looks what the address names.
        for address in values.addresses(route)[: None if theirs else 1]:
            for method in ("get", "post"):
                answer = getattr(client, method)(address)
                assert answer.status_code in {200, 302, 403, 404, 405, 422}, f"{method} {address}"
                shown = answer.content.decode("utf-8", "replace") if not answer.streaming else ""
                found = [word for word in values.words - own if word in shown and word not in address]
                assert not found, f"{method} {address}: {found[:3]}"
                if answer.status_code == 200:
                    opened.add(str(route))
    assert all(route.startswith(OWN_PAGES) for route in opened), opened
    assert set(OWN_PAGES) <= opened
    mine = Edition.objects.filter(document__unit__code="health").first()
    assert client.get(f"/desk/info/{mine.pk}").status_code == 200
    assert client.get("/desk/").url == "/desk/utilities/"
    kept = {row.subject for row in Event.objects.order_by("pk")[before:]}
    assert all(any(number in subject for number in own) for subject in kept), kept


def test_the_office_takes_a_utility_in_and_names_who_answers(client, town):
    login(client, SIGNER)
    page = text(client.get("/desk/utilities/"))
    assert "卫生院院长" in page
    post = Post.objects.get(code="health-head")
    assert client.post("/desk/utilities/admit", {"owner": post.pk}).url == "/desk/utilities/health"
    assert client.post("/desk/utilities/admit", {"owner": post.pk}).status_code == 422, "once"
    other = Post.objects.get(code="health-open")
    assert client.post("/desk/utilities/health/owner", {"owner": other.pk}).status_code == 302
    assert Tenant.objects.get().owner == other
    foreign = Post.objects.get(code="power-head")
    assert client.post("/desk/utilities/health/owner", {"owner": foreign.pk}).status_code == 422
    login(client, EDITOR)
    assert client.post("/desk/utilities/admit", {"owner": foreign.pk}).status_code == 403


def test_a_changed_tenant_is_found(town):
    check = told_rows()["公用单位"]
    admitted()
    assert list(check(town)) == []
    Tenant.objects.update(owner=Post.objects.get(code="health-open"))
    (finding,) = check(town)
    assert "和事件里记的不一样" in str(finding)
