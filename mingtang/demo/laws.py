"""The laws that the demo items cite: facts only (title, level, day of effect, article numbers), no text.

The texts come with ``mingtang import laws``, which fills them into these same rows.
"""

from datetime import date

from mingtang.lib.tx import act
from mingtang.rulebook.laws.actions import NewArticle, NewLaw, add_law
from mingtang.rulebook.laws.citing import title_key
from mingtang.rulebook.laws.levels import LawLevel
from mingtang.rulebook.models import Law

CONGRESS, COUNCIL = "全国人民代表大会常务委员会", "国务院"

# title, level, issuer, in force from, articles cited. Where an item was cited before the last revision, the version
# before it stands here too, so that an old case is judged by old law.
Row = tuple[str, str, str, date, tuple[int, ...]]
LAWS: tuple[Row, ...] = (
    ("中华人民共和国行政许可法", LawLevel.LAW, CONGRESS, date(2004, 7, 1), (32, 34, 42, 45)),
    ("中华人民共和国行政许可法", LawLevel.LAW, CONGRESS, date(2019, 4, 23), (32, 34, 42, 45)),
    ("中华人民共和国老年人权益保障法", LawLevel.LAW, CONGRESS, date(2018, 12, 29), (53,)),
    ("中华人民共和国森林法", LawLevel.LAW, CONGRESS, date(2020, 7, 1), (54, 57, 58)),
    ("中华人民共和国土地管理法", LawLevel.LAW, CONGRESS, date(2020, 1, 1), (44, 62, 67)),
    ("中华人民共和国土地管理法实施条例", LawLevel.REGULATION, COUNCIL, date(2021, 9, 1), (34,)),
    ("中华人民共和国城乡规划法", LawLevel.LAW, CONGRESS, date(2019, 4, 23), (41, 53, 65)),
    ("社会救助暂行办法", LawLevel.REGULATION, COUNCIL, date(2014, 5, 1), (47, 48)),
    ("社会救助暂行办法", LawLevel.REGULATION, COUNCIL, date(2019, 3, 2), (47, 48)),
)


def build_laws(rows: tuple[Row, ...] = LAWS) -> None:
    """Take them into the national library; what stands there already stays."""
    with act():
        known = set(Law.objects.filter(town__isnull=True).values_list("key", "effective_on"))
        for title, level, issuer, effective_on, numbers in rows:
            if (title_key(title), effective_on) in known:
                continue
            articles = tuple(NewArticle(number) for number in numbers)
            add_law(NewLaw(title, level, effective_on, articles, issuer=issuer, complete=False))
