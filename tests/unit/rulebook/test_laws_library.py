"""The library: versions that never overlap, citations resolved as of a day, and what stands on a basis that is gone."""

import copy
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingtang.demo.items import ITEMS
from mingtang.demo.laws import LAWS, build_laws
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.rulebook.laws.actions import NewArticle, NewLaw, abolish, add_law, amend_article, correct
from mingtang.rulebook.laws.alarms import ENDED_CLASS, alarms
from mingtang.rulebook.laws.levels import BurdenKind, LawLevel, may_base, rank
from mingtang.rulebook.laws.resolve import Failure, bases_of, dead_bases, resolve
from mingtang.rulebook.models import Article, Item, ItemFacts, Law
from mingtang.rulebook.requirements import gate
from mingtang.rulebook.spec import Fee, parse
from mingtang.towns.viewer import Viewer
from tests.factories import specs
from tests.factories.cast import CENTRE, JUSTICE, staff

pytestmark = pytest.mark.django_db
SPECS = {code: data for code, _, data in ITEMS}
DAY = timedelta(days=1)


def new(title="演示条例", on=date(2010, 1, 1), level=LawLevel.REGULATION, articles=(1, 2, 3), **more) -> NewLaw:
    return NewLaw(
        title, level, on, tuple(NewArticle(number, 0, f"第{number}条的条文。") for number in articles), **more
    )


def today() -> date:
    return timezone.localdate()


# Levels


def test_the_order_of_levels_and_what_each_may_lay_on_people():
    assert rank("constitution") > rank("law") > rank("regulation") > rank("local_regulation") > rank("department_rule")
    assert rank("department_rule") == rank("local_rule") > rank("normative")
    for kind in BurdenKind:
        assert not may_base(kind, LawLevel.NORMATIVE), "the town may lay nothing on people"
    assert {level for level in LawLevel if may_base("licence_fee", level)} == {"law", "regulation"}
    assert may_base("certificate", "council_decision") and not may_base("certificate", "department_rule")
    assert may_base("material", "local_rule") and not may_base("licence", "local_rule")
    assert not any(may_base("over_statutory_limit", level) for level in LawLevel)
    with pytest.raises(ValueError, match="town_law"):
        rank("town_law")


# Versions


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(days=st.lists(st.integers(0, 20), min_size=1, max_size=6, unique=True))
def test_versions_of_a_title_never_overlap_in_whatever_order_they_come(town, days):
    with transaction.atomic():
        for day in days:
            add_law(new(on=date(2010, 1, 1) + day * DAY))
        rows = list(Law.objects.filter(key="演示条例").order_by("effective_on"))
        for before, after in pairwise(rows):
            assert (before.abolished_on, before.replaced_by) == (after.effective_on, after)
        assert rows[-1].abolished_on is None
        for day in range(25):
            on = date(2009, 12, 30) + day * DAY
            assert sum(row.holds(on) for row in rows) == (1 if on >= rows[0].effective_on else 0)
            assert set(Law.objects.in_force(on).filter(key="演示条例")) == {row for row in rows if row.holds(on)}
        transaction.set_rollback(True)


def test_the_database_refuses_two_open_versions_and_a_law_of_a_town(town):
    first = add_law(new())
    row = {"title": "x", "key": first.key, "effective_on": date(2012, 1, 1), "level": "regulation"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Law.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Law.objects.create(**{**row, "key": "别的", "town": town})
    with pytest.raises(IntegrityError), transaction.atomic():
        Law.objects.create(**{**row, "key": "又一", "abolished_on": date(2012, 1, 1)})
    article = first.articles.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.create(law=first, number=1, label="第一条", order=9, valid_from=article.valid_from + DAY)


@pytest.mark.parametrize(
    ("law", "field"),
    [
        (new(title=" "), "title"),
        (new(level="edict"), "level"),
        (new(articles=()), "articles"),
        (new(articles=(1, 1)), "articles"),
        (new(abolished_on=date(2010, 1, 1)), "abolished_on"),
    ],
)
def test_a_law_that_cannot_be_is_refused(town, law, field):
    with pytest.raises(Refused) as refused:
        add_law(law)
    assert refused.value.field == field


def test_the_same_version_is_taken_in_once_and_corrected_in_its_place(town):
    law = add_law(new())
    with pytest.raises(Refused, match="已经收录"):
        add_law(new(title="《演示条例》"))
    correct(law=law, new=new(articles=(1, 2), short_titles=("演条",)))
    assert law.articles.count() == 2 and resolve("演条", "第二条", today(), town).holds
    with pytest.raises(Refused, match="另一部法规"):
        correct(law=law, new=new(on=date(2011, 1, 1)))
    amend_article(law=law, article="第一条", text="改。", on=date(2015, 1, 1))
    with pytest.raises(Refused, match="逐条登记"):
        correct(law=law, new=new())


# Citations


def test_a_citation_leads_to_the_article_with_its_paragraph(town):
    add_law(new(short_titles=("演例",)))
    for title in ("演示条例", "《演示条例》（2012修订）", "中华人民共和国演示条例", "演例"):
        answer = resolve(title, "第2条第一款", today(), town)
        assert answer.holds and answer.found[0].article.text == "第2条的条文。"
        assert answer.found[0].tail == "第一款"
    assert len(resolve("演示条例", "第一条至第三条", today(), town).found) == 3


def test_each_way_a_citation_fails_has_its_sentence(town):
    law = add_law(new(on=date(2010, 1, 1)))
    successor = add_law(new(title="演示法", level="law", on=date(2020, 1, 1)))
    abolish(law=law, on=date(2020, 1, 1), reason="演示法第三条", replaced_by=successor)
    asked = [
        ("没有的法", "第一条", today(), Failure.NO_LAW, "没有《没有的法》"),
        ("演示法", "第九条", today(), Failure.NO_ARTICLE, "没有第九条"),
        ("演示法", "有关规定", today(), Failure.NO_ARTICLE, "读不出"),
        ("演示条例", "第一条", today(), Failure.ABOLISHED, "自2020年1月1日，被《演示法》替代"),
        ("演示条例", "第一条", date(2009, 1, 1), Failure.NOT_YET, "自2010年1月1日起施行"),
        ("演示法", "第一条", date(2019, 12, 31), Failure.NOT_YET, "尚未施行"),
    ]
    for title, article, on, failure, words in asked:
        answer = resolve(title, article, on, town)
        assert answer.failure == failure and words in answer.why, answer
    assert resolve("演示条例", "第一条", date(2019, 12, 31), town).changes_on == date(2020, 1, 1)


def test_an_old_case_is_judged_by_old_law(town):
    then = resolve("行政许可法", "第四十二条", date(2018, 10, 18), town)
    now = resolve("行政许可法", "第四十二条", today(), town)
    assert then.law.effective_on == date(2004, 7, 1) and now.law.effective_on == date(2019, 4, 23)


def test_a_rule_of_another_province_is_no_basis_here(town):
    add_law(new(title="某市条例", level="local_regulation", region="上海"))
    add_law(new(title="本省条例", level="local_regulation", region="湖南省"))
    assert resolve("某市条例", "第一条", today(), town).failure == Failure.ELSEWHERE
    assert resolve("本省条例", "第一条", today(), town).holds


def test_a_law_known_in_part_says_so_and_one_called_dead_holds_on_no_day(town):
    answer = resolve("森林法", "第一条", today(), town)
    assert answer.failure == Failure.NO_ARTICLE and "部分条款" in answer.why
    add_law(new(expired=True))
    assert resolve("演示条例", "第一条", date(2015, 1, 1), town).failure == Failure.ABOLISHED


def test_an_amended_article_reads_by_the_day_and_a_struck_one_is_gone(town):
    law = add_law(new())
    amend_article(law=law, article="第二条", text="新的条文。", on=date(2015, 1, 1))
    amend_article(law=law, article="第三条", text=None, on=date(2015, 1, 1))
    amend_article(law=law, article="第二条之一", text="添的条文。", on=date(2015, 1, 1))
    assert resolve("演示条例", "第二条", date(2014, 12, 31), town).found[0].article.text == "第2条的条文。"
    assert resolve("演示条例", "第二条", date(2015, 1, 1), town).found[0].article.text == "新的条文。"
    assert "已经删去" in resolve("演示条例", "第三条", today(), town).why
    assert resolve("演示条例", "第二条之一", date(2014, 1, 1), town).failure == Failure.NOT_YET
    assert resolve("演示条例", "第二条之一", today(), town).holds
    for wrong in (
        {"article": "第二条", "text": "再改。", "on": date(2014, 1, 1)},
        {"article": "第二条第一款", "text": "改。", "on": date(2016, 1, 1)},
        {"article": "第八条", "text": None, "on": date(2016, 1, 1)},
        {"article": "第一条", "text": " ", "on": date(2016, 1, 1)},
        {"article": "第一条", "text": "改。", "on": date(2010, 1, 1)},
    ):
        with pytest.raises(Refused):
            amend_article(law=law, **wrong)


def test_the_whole_text_of_a_decision_is_cited_by_its_items(town):
    add_law(NewLaw("某决定", LawLevel.COUNCIL_DECISION, date(2010, 1, 1), (NewArticle(0, 0, "一、甲。"),)))
    assert resolve("某决定", "附件第3项", today(), town).found[0].tail == "附件第3项"
    assert resolve("某决定", "第一条", today(), town).failure == Failure.NO_ARTICLE


def test_a_towns_own_paper_is_found_by_that_town_alone(town, other_town):
    own = add_law(new(title="本镇办法", level="normative"), town=town, by=staff(JUSTICE))
    assert resolve("本镇办法", "第一条", today(), town).holds
    assert resolve("本镇办法", "第一条", today(), other_town).failure == Failure.NO_LAW
    assert own not in Law.objects.visible_to(Viewer(other_town))
    with pytest.raises(Refused, match="规范性文件"):
        add_law(new(title="镇条例"), town=town)


# Who may


def test_the_justice_office_keeps_the_library_unless_towns_share_it(town, request):
    add_law(new(), by=staff(JUSTICE))
    with pytest.raises(Refused, match="权限"):
        add_law(new(title="别的"), by=staff(CENTRE))
    request.getfixturevalue("other_town")
    with pytest.raises(Refused, match="几个乡镇共用"):
        add_law(new(title="别的"), by=staff(JUSTICE))


def test_each_act_is_a_public_event_with_the_names_it_is_found_under(town):
    law = add_law(new(short_titles=("演例",)))
    amend_article(law=law, article="第一条", text="改。", on=date(2015, 1, 1))
    abolish(law=law, on=date(2020, 1, 1), reason="演示")
    events = list(Event.objects.filter(subject=law.subject).order_by("pk"))
    assert [event.type for event in events] == ["law.added", "law.amended", "law.abolished"]
    assert all(event.data["names"] == ["演示条例", "演例"] for event in events)
    assert len({event.data["sha256"] for event in events[:2]}) == 2


@pytest.mark.parametrize(
    "wrong",
    [{"reason": " "}, {"reason": "长" * 201}, {"on": date(2010, 1, 1)}, {"replaced_by": "itself"}],
)
def test_an_abolition_needs_a_reason_a_later_day_and_another_law(town, wrong):
    law = add_law(new())
    if wrong.get("replaced_by"):
        wrong = {"replaced_by": law}
    with pytest.raises(Refused):
        abolish(**{"law": law, "on": date(2020, 1, 1), "reason": "演示", **wrong})
    abolish(law=law, on=date(2020, 1, 1), reason="演示")
    with pytest.raises(Refused, match="不用再登记"):
        abolish(law=law, on=date(2021, 1, 1), reason="演示")


# The gate and the alarms


def test_the_demo_library_holds_every_basis_of_the_demo_items(town):
    build_laws()
    assert Law.objects.count() == len(LAWS)
    for data in SPECS.values():
        assert bases_of(parse(data)) and dead_bases(town, parse(data)) == []


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("basis", [{"law": "中华人民共和国森林法", "article": "第五百条"}]),
        ("procedures", [{"name": "检验", "article": "行政许可法第四百条"}]),
        ("fees", [specs.data(Fee, name="工本费", amount=500, per="本", basis="没有的条例第三条")]),
    ],
)
def test_the_gate_asks_for_a_basis_in_force_wherever_one_is_cited(town, where, value):
    data = {**copy.deepcopy(SPECS["LM-001"]), where: value}
    fields = [issue.field for issue in gate(Item.objects.get(town=town, code="LM-001").current, parse(data))]
    assert set(fields) == {where}


def test_a_material_that_cites_a_dead_article_is_held_back(town):
    data = copy.deepcopy(SPECS["JF-001"])
    data["materials"][1]["basis"] = "土地管理法实施条例第九百条"
    assert [row[0] for row in dead_bases(town, parse(data))] == ["materials"]


def test_an_abolished_law_raises_an_alarm_on_each_item_that_stands_on_it(town, other_town):
    assert alarms(town, today()) == []
    law = Law.objects.get(key="森林法")
    abolish(law=law, on=today() + DAY, reason="演示")
    assert alarms(town, today()) == []
    found = alarms(town, today() + DAY)
    assert {alarm.item.code for alarm in found} == {"LM-001"}
    assert {alarm.basis for alarm in found} == {"《中华人民共和国森林法》第五十七条", "《森林法》第五十八条"}
    assert all("已废止" in alarm.why for alarm in found)
    assert alarms(other_town, today() + DAY) == []


def test_an_item_of_the_class_that_ended_in_2015_raises_an_alarm(town):
    assert not [alarm for alarm in alarms(town, today()) if alarm.basis == ENDED_CLASS]
    # No act puts such an item in force; an old row is what the alarm is for.
    ItemFacts.objects.filter(item__code="LN-001").update(power_type=ENDED_CLASS)
    assert ENDED_CLASS in {alarm.basis for alarm in alarms(town, today())}


def test_alarms_cost_the_same_few_queries_however_many_items(town, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        alarms(town, today())
