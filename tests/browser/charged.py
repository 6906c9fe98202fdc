"""Lists one more item in the installation under test: two offices side by side, and a fee that the treasury takes."""

from datetime import timedelta

import django

django.setup()

from django.utils import timezone  # noqa: E402

from mingtang.demo.items import ITEMS, publish  # noqa: E402
from mingtang.events.log import CONSOLE  # noqa: E402
from mingtang.people.actions import delegate  # noqa: E402
from mingtang.people.models import Post, Unit  # noqa: E402
from mingtang.rulebook import actions  # noqa: E402
from mingtang.rulebook.enums import FeeNature, FundWay  # noqa: E402
from mingtang.rulebook.spec import Fee  # noqa: E402
from mingtang.towns.models import Jurisdiction  # noqa: E402
from tests.factories.specs import data  # noqa: E402

CODE, NAME = "JF-900", "集镇住房翻修许可"
FEE = {
    "name": "规划核验费",
    "nature": FeeNature.ADMINISTRATIVE.value,
    "fund": FundWay.TREASURY.value,
    "amount": 12_000,
    "per": "件",
    "payer": "申请人",
    "scope": "受理的时候",
    "receipt": "财政票据",
    "basis": "城乡规划法第四十一条",
}


def main() -> None:
    town = Jurisdiction.objects.get(is_demo=True, parent__isnull=False)
    house = next(spec for code, _, spec in ITEMS if code == "JF-001")
    spec = {**house, "name": NAME, "fees": [data(Fee, **FEE)], "synonyms": ["翻修"]}
    first = spec["basis"][0]
    publish(town, CODE, "land", spec, {0: actions.Basis(first["law"], first["article"])})
    began = timezone.now() - timedelta(days=1)
    delegate(
        grantor=Unit.objects.get(town=town, code="leading-group"),
        post=Post.objects.get(town=town, code="deputy-mayor"),
        number="万授〔2026〕900号",
        item_code=CODE,
        step_code="decide",
        valid_from=began,
        valid_to=began + timedelta(days=30),
        by=CONSOLE,
    )


if __name__ == "__main__":
    main()
