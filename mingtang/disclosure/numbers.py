"""Index numbers 索引号: unique per town, issued when a document enters the catalogue, never reused."""

from mingtang.disclosure.models import Document
from mingtang.lib.errors import Refused
from mingtang.towns.models import Jurisdiction


def issue(town: Jurisdiction, year: int) -> str:
    """The next number by the town's template, in the caller's transaction. The serial is site-wide, without reset.

    Imported numbers only block reuse: a serial that an imported document already bears is stepped over.
    """
    town = Jurisdiction.objects.select_for_update().get(pk=town.pk)
    if not town.uscc and "{org}" in town.index_template:
        raise Refused("本镇还没有登记统一社会信用代码，编不出索引号。请先在组织信息里登记。")
    serial = town.index_next
    while True:
        number = town.index_template.format(org=town.org_part, year=year, serial=serial)
        serial += 1
        if not Document.objects.filter(town=town, index_number=number).exists():
            break
    Jurisdiction.objects.filter(pk=town.pk).update(index_next=serial)
    return number
