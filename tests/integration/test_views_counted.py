"""浏览量: counted in memory, written once in a while, whatever is asked for."""

import pytest

from mingtang.disclosure.models import ViewCount
from mingtang.portal import views_counted
from tests.factories import acts

pytestmark = pytest.mark.django_db


def test_a_reading_is_counted_and_senseless_numbers_cost_nothing(client, town):
    document = acts.published(town).document
    views_counted.flush()
    for pk in (document.pk, document.pk, 99999999999999999999, 987654):
        assert client.get(f"/hits/{pk}.gif").status_code == 200
    views_counted.flush()
    assert list(ViewCount.objects.values_list("document_id", "count")) == [(document.pk, 2)]
