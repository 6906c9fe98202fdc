"""Documents of the demo town that time does something to: rules with a term, a notice with its time set, minutes that
are not public yet.

Whatever they say was made up for the demo.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from mingtang.demo.documents import PUBLISHED, SIGNED, html_of, identity, walk
from mingtang.disclosure import actions, scheduling, terms, validity, withheld
from mingtang.disclosure.actions import Content, Metadata
from mingtang.disclosure.enums import Ground, Theme, ValidityVerdict
from mingtang.disclosure.models import Document, Edition
from mingtang.lib.text import CHINA
from mingtang.lib.tx import act
from mingtang.people.models import Staff, Unit
from mingtang.towns.models import Jurisdiction


@dataclass(frozen=True)
class Rule:
    """A normative document: in force since so many days, repealing the document of another key."""

    key: str
    number: str
    title: str
    body: tuple[str, ...]
    since: int = 0
    repeals: str = ""


RULES = (
    Rule(
        "rule-market-old",
        "万政发〔{year}〕4号",
        "万庾镇集贸市场管理办法（演示）",
        ("集贸市场每天早上六点开门，晚上六点关门。", "摆摊不收摊位费。"),
        since=900,
    ),
    Rule(
        "rule-market",
        "万政发〔{year}〕5号",
        "万庾镇集贸市场管理规定（演示）",
        (
            "# 一、什么时候开市",
            "集贸市场每天早上五点半开门，晚上七点关门。逢五、逢十赶集，提前半小时。",
            "# 二、摆摊怎么办",
            "自产自销的农民到指定的地方摆摊，不用办手续，不收摊位费。",
            "# 三、谁来管",
            "由镇便民服务中心和村镇建设办公室管。有意见打0730-5550001。",
        ),
        repeals="rule-market-old",
    ),
    Rule(
        "rule-feasts",
        "万政发〔{year}〕6号",
        "万庾镇红白事操办暂行规定（演示）",
        ("红白事一切从简，不摆长席，不放长炮。", "村里的理事会可以帮忙操办，不收费。"),
        since=640,
    ),
    Rule(
        "rule-straw",
        "万政发〔{year}〕7号",
        "万庾镇秸秆综合利用暂行规定（演示）",
        ("秸秆还田的，由农业服务中心派机械。", "打捆送到收储点的，当场过秤，当天付钱。"),
        since=800,
    ),
)
NOTICE = (
    "notice-new-year",
    "关于元旦期间窗口服务安排的通知（演示）",
    ("元旦放假期间，便民服务中心一号窗口每天上午开门。", "急事请打0730-5550001，电话一直有人接。"),
)


EXPLAINED = (
    "rule-market-explained",
    "集贸市场什么时候开门、摆摊要不要钱（演示）",
    (
        "# 几点开门",
        "早上五点半开门，晚上七点关门。逢五、逢十赶集，五点就开门。",
        "# 摆摊要办什么手续",
        "卖自家种的、养的，到指定的地方摆就行，不用办手续，一分钱不收。",
    ),
)
MINUTES = (
    "minutes-plan",
    "关于集镇改造方案的讨论记录（演示）",
    ("会上比较了三个方案，还没有定。", "定下来以后，把方案和采纳意见的情况一起公开。"),
)


def people() -> tuple[Staff, Staff, Staff]:
    author, reviewer, signer = (Staff.objects.get(username=name) for name in ("bianji", "baomi", "qianfa"))
    return author, reviewer, signer


def _draft(town: Jurisdiction, key: str, title: str, body: tuple[str, ...], **more) -> Edition:
    today, content = timezone.localdate(), more.pop("facts", {})
    return actions.draft(
        town=town,
        metadata=Metadata(
            unit=Unit.objects.get(town=town, code="party-office"),
            generated_on=today,
            source=town.name,
            identity=identity(key),
            **more,
        ),
        content=Content(title, html_of(body, today.year), facts=content),
        by=people()[0],
    )


def _rule(town: Jurisdiction, rule: Rule) -> None:
    today = timezone.localdate()
    signed_on = (today - timedelta(days=rule.since + 10)).isoformat()
    repealed = Document.objects.filter(town=town, identity=identity(rule.repeals)).first() if rule.repeals else None
    facts = {
        "registered": f"HRWY-{today.year}-{rule.number[-2]:0>5}",
        "drafter": "党政办公室",
        "legality": "内容合法，没有设定许可、处罚、强制和收费。",
        "legality_on": signed_on,
        "discussed": "镇长办公会议通过",
        "signed_on": signed_on,
        "effective_on": (today - timedelta(days=rule.since)).isoformat(),
        "repeals": repealed.index_number if repealed else "",
    }
    edition = _draft(
        town,
        rule.key,
        rule.title,
        rule.body,
        theme=Theme.POLICY,
        kind="normative",
        doc_number=rule.number.format(year=today.year),
        facts={"fields": facts, "sheets": {}},
    )
    walk(edition, PUBLISHED, *people())
    terms.expire(edition=edition)


def _notice(town: Jurisdiction) -> None:
    key, title, body = NOTICE
    edition = _draft(town, key, title, body, theme=Theme.SERVICE)
    walk(edition, SIGNED, *people())
    tomorrow = timezone.localdate() + timedelta(days=1)
    scheduling.schedule(edition=edition, at=datetime.combine(tomorrow, time(9), CHINA), by=people()[2])


def _explained(town: Jurisdiction) -> None:
    key, title, body = EXPLAINED
    rule = Document.objects.get(town=town, identity=identity("rule-market"))
    fields = {"explains": rule.index_number, "author_unit": "党政办公室", "contact": "0730-5550004"}
    facts = {"fields": fields, "sheets": {}}
    walk(_draft(town, key, title, body, theme=Theme.POLICY, kind="interpretation", facts=facts), PUBLISHED, *people())


def _minutes(town: Jurisdiction) -> None:
    key, title, body = MINUTES
    author, reviewer, signer = people()
    edition = _draft(town, key, title, body, theme=Theme.PLAN)
    edition = withheld.propose_withholding(
        edition=edition, ground=Ground.PROCESS, reason="方案还在讨论，定了再公开", hide_title=False, by=author
    )
    edition = withheld.review_withholding(edition=edition, by=reviewer)
    withheld.withhold(edition=edition, months=6, by=signer)


def _restated(town: Jurisdiction) -> None:
    """What the clearing of documents found: one is to be changed. How often what is not public is looked at again."""
    author, reviewer, signer = people()
    edition = Document.objects.get(town=town, identity=identity("rule-feasts")).current
    if not edition.restatements.exists():
        said = "2026年规范性文件清理：和移风易俗的新规定合并（演示）。"
        row = validity.propose(
            edition=edition, verdict=ValidityVerdict.REVISE, first=None, last=None, number="", basis=said, by=author
        )
        validity.agree(restatement=row, by=reviewer)
    if town.review_months == withheld.MOST_MONTHS:
        withheld.set_rhythm(town=town, months=6, reason="县里要求半年评估一次（演示）。", by=signer)


def build_life(town: Jurisdiction) -> None:
    """Each document whole or not at all; one that stands is left alone."""
    for rule in RULES:
        with act():
            if not _stands(town, rule.key):
                _rule(town, rule)
    for key, step in ((EXPLAINED[0], _explained), (NOTICE[0], _notice), (MINUTES[0], _minutes)):
        with act():
            if not _stands(town, key):
                step(town)
    with act():
        _restated(Jurisdiction.objects.get(pk=town.pk))


def _stands(town: Jurisdiction, key: str) -> bool:
    return Document.objects.filter(town=town, identity=identity(key)).exists()
