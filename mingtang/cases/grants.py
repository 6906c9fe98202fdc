"""What would be published of a grant: computed from the profile of its version, looked through by the guard."""

import re
from collections.abc import Iterable

from django.utils import timezone

from mingtang import guard
from mingtang.cases.enums import GrantState
from mingtang.cases.models import Grant, Permit
from mingtang.lib.errors import Refused
from mingtang.lib.lifecycle import Row
from mingtang.lib.text import chinese_date
from mingtang.people.enums import Permission as P
from mingtang.people.models import Staff
from mingtang.people.policies import powers_of
from mingtang.rulebook.enums import DisclosedField as F

G = GrantState
REVIEW = (P.DOCUMENT_REVIEW, P.CASE_DECIDE)

GRANT: dict[str, Row] = {
    "publish": Row((G.WAITING, G.WITHHELD), G.SHOWN, ("office", "system"), REVIEW, "公开", "许可法 40；item's basis"),
    "withhold": Row((G.WAITING, G.SHOWN), G.WITHHELD, ("office",), REVIEW, "不公开", "公开条例 15；个保 47"),
    "end": Row((G.SHOWN,), G.ENDED, ("system",), (), "公开期满，撤下", "个保 47"),
}
VILLAGE = re.compile(r"([一-鿿（）()]{1,12}?(?:村|社区|居委会))(?!民)")
BEFORE = re.compile(r".*(?:省|自治区|市|县|(?<!社)区|镇|乡|街道)(?=.*(?:村|社区|居委会))")


def village_of(address: str) -> str:
    """The village or community of an address, without what stands before and after it; empty where none is named."""
    found = VILLAGE.search(BEFORE.sub("", address))
    return found.group(1) if found else ""


def check_grant(act: str, grant: Grant, by: Staff) -> None:
    """Raise ``Refused`` unless this person may do this now."""
    if grant.town_id != by.town_id:
        raise Refused("这一件不属于您所在的乡镇。")
    if not powers_of(by).intersection(GRANT[act].powers):
        raise Refused(f"您的岗位没有“{GRANT[act].title}”的权限，请由有此职责的岗位办理。")
    check_grant_state(act, grant)


def check_grant_state(act: str, grant: Grant) -> None:
    if grant.state not in GRANT[act].sources:
        said = f"这一件现在是“{grant.get_state_display()}”，不能{GRANT[act].title}。"
        raise Refused(f"{said}可能有同事刚刚办理过，请刷新后再看。")


def days(permits: Iterable[Permit]) -> str:
    """Until when what was given holds, one after the other where they differ."""
    words = [
        f"{chinese_date(row.valid_from)}至{chinese_date(row.valid_to)}" if row.valid_to else "没有截止日期"
        for row in permits
    ]
    return "；".join(dict.fromkeys(words))


def text_of(grant: Grant) -> dict[str, str]:
    """What the version's profile shows of this case, field by field; decrypts the applicant."""
    case, spec = grant.case, grant.case.version.spec
    person = case.applicant
    every = {
        F.HOLDER: lambda: person["organisation"] or person["name"],
        F.PLACE: lambda: village_of(person["address"]),
        F.CONTENT: lambda: "、".join(row.name for row in spec.results),
        F.NUMBER: lambda: grant.paper.number,
        F.DECIDED: lambda: chinese_date(timezone.localdate(grant.paper.created_at)),
        F.VALID: lambda: days(grant.paper.permits.all()),
    }
    return {field: every[F(field)]() for field in spec.publication.fields}


def fields(text: dict[str, str]) -> list[tuple[str, str]]:
    """Label and value of what is shown, always in one order; what a case does not have is left out."""
    labels = [(field, "村（社区）" if field == F.PLACE else field.label) for field in F]
    return [(label, text[field]) for field, label in labels if text.get(field)]


def problems(town: int, text: dict[str, str]) -> list[str]:
    """What the guard forbids of it, a sentence each. The town's own numbers are no person's."""
    said = "\n".join(value for field, value in text.items() if field != F.NUMBER)
    return [finding.message for finding in guard.check(said, lists=guard.lists_of(town)) if finding.blocks]
