"""No page of the desk offers a link that refuses whoever reads it."""

import re

import pytest

from mingtang.disclosure import columns
from mingtang.events.log import CONSOLE
from mingtang.people.models import Post
from tests.factories import acts
from tests.factories.cast import ADMINISTRATOR, CLERK_3, DECIDER, DISCIPLINE, EDITOR, REVIEWER, SIGNER, login
from tests.integration.desk_steps import text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("username", [EDITOR, REVIEWER, SIGNER, DISCIPLINE, ADMINISTRATOR, CLERK_3, DECIDER])
def test_every_link_of_a_page_of_the_desk_opens(client, town, username):
    columns.open_all(town=town, owner=Post.objects.get(code="office-head"), by=CONSOLE)
    edition = acts.published(town)
    columns.file_under(document=edition.document, codes=["a20-12"], by=CONSOLE)
    login(client, username)
    shown = [
        path
        for path in ("/desk/", "/desk/info/", f"/desk/info/{edition.pk}", "/desk/columns/a20-12")
        if opens(client, path)
    ]
    assert "/desk/" in shown
    links = {link for path in shown for link in re.findall(r'href="(/desk/[^"#]*)"', text(client.get(path)))}
    assert [link for link in sorted(links) if not opens(client, link.replace("&amp;", "&"))] == []


def opens(client, path: str) -> bool:
    return client.get(path).status_code == 200
