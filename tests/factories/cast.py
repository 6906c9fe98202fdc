"""The standing cast: the demo town's people by the job they do."""

from django.test import Client

from mingtang.demo.town import PASSWORD
from mingtang.people.models import Staff

EDITOR, REVIEWER, SIGNER = "bianji", "baomi", "qianfa"
CLERK_1, CLERK_3, CLERK_4 = "chuangkou1", "chuangkou3", "chuangkou4"
LAND, BUILD, FOREST, SOCIAL = "guotu", "chengjian", "linye", "shehui"
DECIDER, CENTRE, JUSTICE, DISCIPLINE, ADMINISTRATOR = "zhenzhang", "zhuren", "sifa", "jiwei", "guanli"
POWER, CASHIER, AGENT = "gongdian", "shoufei", "cunban"


def staff(username: str) -> Staff:
    return Staff.objects.get(username=username)


def login(client: Client, username: str) -> Staff:
    """Log in without the form (its own tests walk the form)."""
    person = staff(username)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return person


def login_by_form(client: Client, username: str) -> None:
    answer = client.post("/desk/login", {"username": username, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
