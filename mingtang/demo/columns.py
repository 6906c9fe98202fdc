"""The columns of the demo town: opened, each in the hands of a post, some told empty; its papers filed into them."""

from datetime import timedelta

from django.utils import timezone

from mingtang.demo.documents import identity
from mingtang.disclosure import columns
from mingtang.disclosure.models import Column, Document
from mingtang.events.log import CONSOLE
from mingtang.lib.tx import act
from mingtang.people.models import Post, Staff
from mingtang.towns.models import Jurisdiction

KEEPER = "qianfa"
# Days that the catalogue has been open: a whole quarter and the days after it lie within.
OPEN_FOR = 130

# post: the columns it answers for; all others stay with the office.
OWNERS = {
    "social-head": ("a20-11", "a21-08", "key-s11"),
    "land-head": ("a21-03", "a21-04", "a21-05", "a21-06", "key-e4", "key-e5", "key-e7"),
    "centre-head": ("a20-05", "key-e1"),
    "forestry-head": ("a20-12",),
    "justice-head": ("a20-01", "a20-06", "key-s1"),
    "news-editor": ("a20-15", "key-s2"),
}

# column: what its owner says of it.
NOTHING = {
    "key-e5": "本镇没有矿产资源开采（演示）。",
    "key-e6": "今年没有拍卖公物（演示）。",
    "a20-14": "镇里不组织招考，由县里统一公布（演示）。",
}

# These stay empty and late, so that the board shows what that looks like; four do not fail the official check.
LEFT_EMPTY = ("key-e3", "key-s2", "key-i8", "key-i9")
OTHERS = "演示镇没有准备这一类信息（演示）。"

# paper of the demo: where it stands.
FILED = {
    "plan": ("a20-15", "theme-02"),
    "detailed-rules": ("a20-15", "theme-02"),
    "power-fees": ("key-s7", "theme-07"),
    "power-promises": ("theme-07",),
    "market-day": ("a20-05", "theme-02"),
    "funds": ("key-s3", "key-s4", "area-03", "theme-04"),
    "house-guide": ("a21-04", "theme-05", "theme-10"),
    "relief-quota": ("a20-11", "a21-08", "area-19", "theme-17"),
    "forest-fire": ("a20-12", "area-14", "theme-06"),
    "house-results": ("a21-04", "theme-05"),
}


def build_columns(town: Jurisdiction) -> None:
    """Opened once; a second run leaves everything as it has become."""
    with act():
        posts = {post.code: post for post in Post.objects.filter(town=town)}
        keeper = Staff.objects.get(username=KEEPER)
        since = timezone.localdate() - timedelta(days=OPEN_FOR)
        if not columns.open_all(town=town, owner=posts["office-head"], by=CONSOLE, since=since):
            return
        rows = {row.code: row for row in Column.objects.filter(town=town).select_related("town", "owner")}
        for post, codes in OWNERS.items():
            for code in codes:
                columns.assign(column=rows[code], owner=posts[post], by=keeper)
        for code, reason in NOTHING.items():
            columns.say_nothing(column=rows[code], reason=reason, by=keeper)
        for key, codes in FILED.items():
            document = Document.objects.filter(town=town, identity=identity(key)).first()
            if document:
                columns.file_under(document=document, codes=codes, by=CONSOLE)
        held = set(Document.objects.filter(town=town).published().values_list("filings__column__code", flat=True))
        for code, row in rows.items():
            if row.is_duty and code not in {*held, *NOTHING, *LEFT_EMPTY}:
                columns.say_nothing(column=row, reason=OTHERS, by=keeper)
