"""The words of the demo town's 公开指南: written by the office, published by the reviewer."""

from mingtang.disclosure import guide
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.towns.models import Jurisdiction

AUTHOR, REVIEWER = "qianfa", "baomi"
WORDS = {
    "classes": "想找钱怎么花的，看“财政预算、决算”；想找自己能不能领补助，看“社会救助”。",
    "reading": "镇便民服务中心一楼的查阅点，有电脑，有纸质文件，可以免费复印（演示）。",
    "apply": "当面：镇党政办公室。\n信函：华容县万庾镇人民路，信封上写“信息公开申请”（演示地址）。",
    "office": "万庾镇党政办公室",
    "address": "华容县万庾镇人民路（演示地址）",
    "hours": "工作日 8:30—12:00，14:30—17:30",
    "phone": "0730-5550004",
    "fax": "没有传真，请用信函或者电子邮件。",
    "internet": "本站；电子邮箱 gongkai@wanyu.example（演示）",
}


def build_guide(town: Jurisdiction) -> None:
    """Once; a guide that stands already is left as it is."""
    if guide.current(town):
        return
    with act():
        staff = {row.username: row for row in Staff.objects.filter(town=town, username__in=(AUTHOR, REVIEWER))}
        edition = guide.propose(town=town, words=WORDS, by=staff[AUTHOR])
        guide.publish(edition=edition, by=staff[REVIEWER])
