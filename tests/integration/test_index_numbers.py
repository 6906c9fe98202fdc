"""索引号 by HTTP: gaps explained to everybody, titles only to staff, the style picked at the desk."""

import pytest

from mingtang.disclosure.models import Document
from mingtang.towns.models import Jurisdiction
from tests.factories import acts
from tests.factories.cast import EDITOR, SIGNER, login
from tests.integration.desk_steps import text

pytestmark = pytest.mark.django_db


def test_everybody_reads_why_a_number_leads_to_nothing(client, town):
    nothing = text(client.get("/info/numbers"))
    assert "还没有编过索引号" in nothing and "没有编给任何信息" not in nothing
    hidden = acts.drafted(town)
    page = text(client.get("/info/numbers"))
    assert hidden.document.index_number in page and "还在起草或者审查，没有公开" in page
    assert hidden.revision.title not in page
    acts.published(town)
    acts.drafted(town)
    assert "一共编了 3 个，1 个看得到，2 个看不到" in text(client.get("/info/numbers"))
    older = text(client.get("/info/numbers?before=3"))
    assert hidden.document.index_number in older and "回到最新的" in older
    assert client.get("/info/numbers?before=x").status_code == 200


def test_the_style_is_changed_at_the_desk_and_numbers_given_stay(client, town):
    first, second = acts.drafted(town), acts.drafted(town)
    login(client, EDITOR)
    page = text(client.get("/desk/info/numbers"))
    assert all(f"/desk/info/{row.pk}" in page for row in (first, second)) and "换一种格式" not in page
    assert client.post("/desk/info/numbers", {"style": "uscc"}).status_code == 403
    login(client, SIGNER)
    assert "下一个会是 11430623006382329L/" in text(client.get("/desk/info/numbers"))
    refused = client.post("/desk/info/numbers", {"style": "x"})
    assert refused.status_code == 422 and "请从列出的里面选一个" in text(refused)
    assert client.post("/desk/info/numbers", {"style": "uscc"}).status_code == 302
    assert Jurisdiction.objects.get(pk=town.pk).index_template.startswith("{uscc}")
    assert Document.objects.order_by("pk").first().index_number == first.document.index_number
    assert acts.drafted(town).document.index_number.startswith("11430623006382329L/")
    assert "改索引号格式" in text(client.get("/desk/info/numbers"))
