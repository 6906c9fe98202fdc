"""The laws that the demo items cite: facts only (title, level, day of effect, article numbers), no text.

The texts come with ``mingtang import laws``, which fills them into these same rows.
"""

from datetime import date

from mingtang.lib.tx import act
from mingtang.rulebook.laws.actions import NewArticle, NewLaw, add_law, correct
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
    ("社会救助暂行办法", LawLevel.REGULATION, COUNCIL, date(2014, 5, 1), (11, 14, 16, 17, 47, 48)),
    ("社会救助暂行办法", LawLevel.REGULATION, COUNCIL, date(2019, 3, 2), (11, 14, 16, 17, 47, 48)),
)


def build_laws(rows: tuple[Row, ...] = LAWS) -> None:
    """Take them into the national library. What stands there with its text stays; where an earlier release knew only
    the numbers of some articles, it now knows these too."""
    with act():
        known = {(law.key, law.effective_on): law for law in Law.objects.filter(town__isnull=True)}
        for title, level, issuer, effective_on, numbers in rows:
            law = known.get((title_key(title), effective_on))
            articles = tuple(NewArticle(number) for number in numbers)
            new = NewLaw(title, level, effective_on, articles, issuer=issuer, complete=False)
            if law is None:
                add_law(new)
            elif not law.complete and not set(numbers) <= set(law.articles.values_list("number", flat=True)):
                correct(law=law, new=new)
