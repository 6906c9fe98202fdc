"""What stands beside the documents of the demo town: its own words, a paper in review with remarks and a waiver, a
leader without an account and a link that waits for them."""

from datetime import timedelta

from django.utils import timezone

from mingtang.demo.documents import cleared, identity
from mingtang.disclosure import actions, comments, outside, requirements, waiving, words
from mingtang.disclosure.actions import Content, Metadata
from mingtang.disclosure.enums import ListKind, Theme
from mingtang.disclosure.models import Edition, ListEntry
from mingtang.lib.tx import act
from mingtang.people.models import Staff, Unit
from mingtang.towns.models import Jurisdiction

# list, word, what is right, on what ground
WORDS = (
    (ListKind.PHRASE, "万瘐镇", "万庾镇", "网站通报过的错字（演示）"),
    (ListKind.TYPO, "报销单剧", "报销单据", "财务室整理（演示）"),
    (ListKind.PLACE, "长堤村", "", "行政村名录（演示）"),
    (ListKind.PLACE, "清水村", "", "行政村名录（演示）"),
    (ListKind.PLACE, "荷花村", "", "行政村名录（演示）"),
    (ListKind.ALLOWED, "布署茶业", "", "商户登记的字号（演示）"),
)
TITLE = "各村便民服务点的电话（演示）"
# A mobile number to every eye and to the guard, of a range that no network has ever been given: it is nobody's.
BODY = (
    "<p>各村便民服务点的电话公布如下，上班时间有人接。</p>"
    "<p>长堤村：0730-5550021。清水村：0730-5550022。</p>"
    "<p>荷花村还没有装座机，先打公用手机15400000000（演示）。</p>"
)


PARKING = (
    "关于赶集日临时停车的通告（演示）",
    "<p>逢五、逢十的赶集日，粮站前坪临时停车，不收费。摩托车、三轮车停在东侧。</p><p>散集以后请把车开走。</p>",
)


def build_review(town: Jurisdiction) -> None:
    """Built once; a second run leaves everything as it has become."""
    with act():
        if ListEntry.objects.filter(town=town).exists():
            return
        author, reviewer, signer = (Staff.objects.get(username=name) for name in ("bianji", "baomi", "qianfa"))
        for kind, word, right, reason in WORDS:
            words.add(town=town, kind=kind, word=word, right=right, reason=reason, by=reviewer)
        _in_review(_drafted(town, "service-phones", TITLE, BODY, author), author, reviewer, signer)
        edition = actions.submit(edition=_drafted(town, "parking", *PARKING, author), by=author)
        edition = actions.review(edition=edition, by=reviewer, sheet=cleared(edition))
        today = timezone.localdate()
        leader = outside.register(
            town=town,
            name="文联系（演示）",
            post="县里联系本镇的领导",
            phone="0730-5550090",
            letter="万授〔2026〕9号（演示）",
            valid_from=today,
            valid_to=today + timedelta(days=365),
            by=signer,
        )
        outside.make(edition=edition, approver=leader, days=outside.MOST_DAYS, by=signer)


def _drafted(town: Jurisdiction, key: str, title: str, body: str, author: Staff) -> Edition:
    metadata = Metadata(
        unit=Unit.objects.get(town=town, code="centre"),
        theme=Theme.SERVICE,
        generated_on=timezone.localdate(),
        source=town.name,
        identity=identity(key),
    )
    return actions.draft(town=town, metadata=metadata, content=Content(title, body), by=author)


def _in_review(edition: Edition, author: Staff, reviewer: Staff, signer: Staff) -> None:
    """With a telephone that the reviewer let stand, one remark settled and one open."""
    edition = actions.submit(edition=edition, by=author, plea="是荷花村服务点的公用手机，不是哪个人的。")
    for issue in requirements.issues(edition.document, edition.revision):
        if issue.may_be_waived and issue.finding:
            reason = "公用手机，村里已经同意公布。"
            waiving.waive(edition=edition, identity=issue.finding.identity, reason=reason, by=reviewer)
    settled = comments.comment(edition=edition, text="请核对清水村的号码，上个月换过。", by=reviewer)
    comments.settle(remark=settled, by=reviewer)
    comments.comment(edition=edition, text="等荷花村装好座机，要出一个新版。", by=signer)
