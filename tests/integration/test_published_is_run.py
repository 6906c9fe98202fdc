"""公开即执行: every surface of any published item says and does what its version says."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, example, given, settings

from tests.agreement import cases, pages
from tests.agreement.oracle import Version
from tests.agreement.published import clock, published, undone  # noqa: F401
from tests.factories.any_item import POSTS, TODAY, items
from tests.factories.books import exported
from tests.factories.rich_item import RICH

pytestmark = [pytest.mark.django_db, pytest.mark.once]


# What disagrees is said in a sentence; making the example smaller would take minutes and say no more.
@settings(
    max_examples=6,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(RICH)
@given(items())
def test_every_surface_of_any_item_says_and_does_what_its_version_says(town, data):
    version = Version(data, POSTS, TODAY)
    with undone():
        code, unit = published(town, data)
        client = Client()
        for look in (pages.guide, pages.slip, pages.as_data, pages.flowchart):
            look(client, code, version)
        pages.fees(client, code, unit, version)
        pages.spreadsheet(exported(town), code, version)
        for place, answers in enumerate(version.few_ways(3)):
            pages.situation(client, code, version, answers)
            pages.worked_out(client, code, version, answers)
            apply = cases.online if data["online"] and place % 2 == 0 else cases.window
            case = apply(client, code, version, answers)
            cases.taken_in(case, version, answers)
            cases.handled(client, case, version, answers)
