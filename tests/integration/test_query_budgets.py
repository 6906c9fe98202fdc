"""How often a page or an act asks the database: the same for four items as for many."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingtang.demo.powers import build_powers
from mingtang.events import follow
from mingtang.events.log import CONSOLE
from mingtang.people.models import Post
from mingtang.rulebook import actions
from mingtang.rulebook.enums import PowerType
from mingtang.rulebook.importing import import_items
from mingtang.rulebook.laws.actions import NewArticle, NewLaw, add_law
from mingtang.rulebook.laws.levels import LawLevel
from mingtang.rulebook.models import Power
from mingtang.rulebook.powers.actions import DutyText, PowerText, list_power
from mingtang.rulebook.powers.enums import DutyKind, PlanClass
from mingtang.rulebook.reading import read_item
from tests.factories import rules
from tests.factories.cast import CENTRE, SIGNER, login, staff

pytestmark = pytest.mark.django_db
# address: the most queries it may take, however much there is to show
PUBLIC = {
    "/hall/hall": 13,
    "/hall/numbers": 22,
    "/": 15,
    "/services/": 5,
    "/services/?served=person&q=老年": 5,
    "/services/LN-001": 20,
    "/services/LN-001.json": 6,
    "/sitemap": 4,
    "/sitemap.xml": 8,
    "/powers/": 21,
    "/powers/?type=20": 14,
    "/powers/findings": 10,
    "/powers/WY-GG-01": 22,
    "/laws/": 9,
    "/laws/alarms": 9,
    "/entry/": 16,
    "/entry/delegations": 7,
}
DESK = {
    "/desk/": 32,
    "/desk/notices/": 9,
    "/desk/slips/": 9,
    "/desk/items/": 9,
    "/desk/items/?state=draft": 9,
    "/desk/items/?q=老年": 9,
    "/desk/laws/": 12,
}
# Whoever signs, heads the office, keeps the duties and approves refunds: no to-do list asks more places.
OFFICE = {"/desk/": 42}


def asked(work):
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


def page(client, path):
    def get():
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert answer.content

    get()  # what is read once for the process is read
    return asked(get)


def grow(town, start, count):
    """More of everything that these pages list: items in force and drafts, powers that hold them, laws."""
    for n in range(start, start + count):
        version = rules.listed(town, f"SY-{n:03d}", name=f"第{n}种老年登记")
        rules.drafted(town, f"SY-{n:03d}", phone="0730-5550018")
        text = PowerText(
            name=f"第{n}种登记",
            type=PowerType.PUBLIC_SERVICE,
            plan_class=PlanClass.OTHER,
            unit=version.item.unit,
            post=Post.objects.get(code="social-check"),
            basis=(("老年人权益保障法", "第五十三条"),),
            scope="登记",
            place="便民服务中心",
            duties=(DutyText(DutyKind.DUTY, "当场办结"),),
        )
        list_power(town=town, code=f"WY-SY-{n:02d}", text=text, minutes_number="3号", by=None, items=[version.item])
        add_law(NewLaw(f"第{n}号办法", LawLevel.DEPARTMENT_RULE, date(2000, 1, 1), (NewArticle(1, 0, "一。"),)))
    follow.settle()


@pytest.fixture
def grown(client, town):
    """What each page asks for with a few of everything, and with more."""
    build_powers(town)

    def measure():
        found = {path: page(client, path) for path in PUBLIC}
        login(client, CENTRE)
        found |= {path: page(client, path) for path in DESK}
        login(client, SIGNER)
        found |= {f"{path} of the office": page(client, path) for path in OFFICE}
        client.logout()
        return found

    grow(town, 0, 5)
    few = measure()
    grow(town, 5, 5)
    assert Power.objects.count() > 15
    return few, measure()


def test_pages_ask_the_database_no_more_often_for_many_rows(grown):
    few, many = grown
    assert many == few
    budget = PUBLIC | DESK | {f"{path} of the office": most for path, most in OFFICE.items()}
    over = {path: count for path, count in many.items() if count > budget[path]}
    assert not over


def test_a_rule_comes_into_force_with_as_many_queries_in_a_large_catalogue(town):
    def costs(code):
        version = rules.approved(rules.draft_item(town, code), initial=True)
        announced = asked(lambda: actions.announce(version=version, by=staff(CENTRE)))
        return announced, asked(lambda: actions.put_in_force(version=version, by=staff(CENTRE)))

    few = costs("SY-100")
    for n in range(5):
        rules.listed(town, f"SY-{n:03d}")
    assert costs("SY-101") == few
    assert max(few) <= 40


def test_an_import_asks_the_same_for_each_item(town):
    def costs(start, count):
        records = [
            read_item(
                {"TASK_CODE": f"11430623006382329L{n:04d}", "TASK_NAME": f"第{n}项", "material_intro": ["申请表"]}
            )
            for n in range(start, start + count)
        ]
        return asked(lambda: import_items(town, records, by=CONSOLE, report=lambda line: None))

    costs(0, 1)
    one, ten = costs(1, 1), costs(2, 10)
    assert (ten - one) % 9 == 0 and (ten - one) / 9 <= 14
