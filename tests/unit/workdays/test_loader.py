import json
from datetime import date

import pytest

from mingtang.events.log import CONSOLE
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer
from mingtang.workdays.actions import seed, set_day, unconfirm_year
from mingtang.workdays.loader import import_calendar, read_calendar
from mingtang.workdays.models import CalendarDay, CalendarYear
from mingtang.workdays.seed import seed_calendar
from mingtang.workdays.tables import calendar_for, last_confirmed_year

pytestmark = pytest.mark.django_db
FRIDAY = date(2027, 3, 5)


@pytest.fixture
def town():
    return Jurisdiction.objects.create(code="430623103", prefix="WY", name="万庾镇", site_name="万庾镇")


@pytest.fixture
def other():
    return Jurisdiction.objects.create(code="430623104", prefix="QT", name="其他镇", site_name="其他镇")


def notice(year: int) -> dict:
    rest = [("元旦", f"{year}-01-01"), ("国庆节", f"{year}-10-01"), ("国庆节", f"{year}-10-04")]
    days = [{"name": name, "date": day, "isOffDay": True} for name, day in rest]
    return {"year": year, "days": [*days, {"name": "国庆节", "date": f"{year}-10-09", "isOffDay": False}]}


@pytest.fixture
def file(tmp_path):
    def write(name: str, content) -> object:
        path = tmp_path / name
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, indent=1)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_seeded_tables_say_what_the_seed_says(town):
    loaded = seed(town=town, by=CONSOLE)
    assert loaded.confirmed == tuple(range(2004, 2027))
    tables, pure = calendar_for(), seed_calendar()
    first, last = date(2004, 1, 1).toordinal(), date(2028, 1, 1).toordinal()
    for day in map(date.fromordinal, range(first, last)):
        assert tables.is_workday(day) == pure.is_workday(day)
    assert last_confirmed_year() == 2026
    assert seed(town=town, by=CONSOLE).days == 0
    assert Event.objects.filter(type="calendar.loaded").count() == 1


def test_the_next_years_notice_confirms_it_and_once_is_enough(town, file):
    seed(town=town, by=CONSOLE)
    path = file("2027.json", notice(2027))
    before = calendar_for()
    assert before.last_day(date(2026, 12, 20), 20).provisional
    loaded = import_calendar(path, town=town, by=CONSOLE)
    assert (loaded.days, loaded.confirmed, loaded.incomplete) == (4, (2027,), ())
    assert not calendar_for().last_day(date(2026, 12, 20), 20).provisional
    assert calendar_for().is_workday(date(2027, 10, 9))
    assert before.last_day(date(2026, 12, 20), 20).provisional
    again = import_calendar(path, town=town, by=CONSOLE)
    assert (again.days, again.confirmed) == (0, ())
    assert Event.objects.filter(type="calendar.loaded").count() == 2


@pytest.mark.shared
def test_notices_and_table_of_the_shared_folder_change_no_day(town, shared):
    seed(town=town, by=CONSOLE)
    for name in ("2018.json", "2019.json", "2018.json", "workdays_2007_2026.csv"):
        import_calendar(shared / "data/holidays" / name, town=town, by=CONSOLE)
        for day in map(date.fromordinal, range(date(2018, 1, 1).toordinal(), date(2020, 1, 1).toordinal())):
            assert calendar_for().is_workday(day) == seed_calendar().is_workday(day), (name, day)


def test_a_csv_may_set_a_day_back_to_the_plain_week(town, file):
    set_day(town=town, by=CONSOLE, day=FRIDAY, is_workday=False, reason="误录", source="无", national=True)
    loaded = import_calendar(file("a.csv", f"date,is_workday,reason\n{FRIDAY},1,\n"), town=town, by=CONSOLE)
    assert (loaded.days, loaded.incomplete) == (1, (2027,))
    assert calendar_for().is_workday(FRIDAY)


def test_a_csv_of_a_whole_year_confirms_it(town, file):
    rows = "date,is_workday,reason\n2027-01-01,0,元旦\n2027年10月1日,放假,国庆节\n2027/10/9,上班,国庆节\n"
    assert import_calendar(file("a.csv", rows), town=town, by=CONSOLE).confirmed == (2027,)
    assert calendar_for().reason(date(2027, 10, 9)) == "调休上班（国庆节）"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (
            "a.csv",
            "date,is_workday,reason\n2027-02-30,0,x\n2027-03-01,也许,\n1,\n",
            ["第2行", "2月30日不存在", "第3行的is_workday", "第4行"],
        ),
        ("a.csv", "date,is_workday\n2027-03-01,0\n2027-03-01,1\n", ["第3行与第2行矛盾"]),
        ("a.csv", "date,is_workday\n1927-03-01,0\n", ["第2行的日期1927-03-01不在"]),
        ("a.csv", "日期,上班\n", ["第1行应写明栏名"]),
        ("a.csv", "", ["第1行应写明栏名"]),
        ("a.csv", "date,is_workday\n", ["没有一天"]),
        ("a.json", {"year": 2027, "days": []}, ["没有一天"]),
        ("a.json", '{"days": [', ["不是完整的JSON"]),
        ("a.json", {"year": 2027}, ["缺少days"]),
        ("a.json", {"days": [{"date": "2027-02-29", "isOffDay": True}]}, ["第4行", "2月29日不存在"]),
        ("a.json", {"days": [{"date": "2027-02-28"}, 3]}, ["第1条", "第2条", "isOffDay"]),
    ],
)
def test_a_bad_file_is_refused_whole_with_its_lines_named(town, file, name, content, words):
    with pytest.raises(Refused) as refusal:
        import_calendar(file(name, content), town=town, by=CONSOLE)
    for word in words:
        assert word in str(refusal.value)
    assert not CalendarDay.objects.exists() and not Event.objects.exists()


def test_a_file_with_very_many_bad_rows_names_the_first_and_counts_the_rest(file):
    with pytest.raises(Refused, match="另有18处"):
        read_calendar(file("a.csv", "date,is_workday\n" + "昨天,1\n" * 30))


def test_a_towns_own_day_goes_before_the_national_and_stays_its_own(town, other):
    seed(town=town, by=CONSOLE)
    day = date(2018, 10, 19)
    row = set_day(town=town, by=CONSOLE, day=day, is_workday=False, reason="防汛停工", source="华政发〔2018〕9号")
    assert row.town == town
    assert not calendar_for(town).is_workday(day)
    assert calendar_for(other).is_workday(day) and calendar_for().is_workday(day)
    assert row in CalendarDay.objects.visible_to(Viewer(town))
    assert row not in CalendarDay.objects.visible_to(Viewer(other))
    event = Event.objects.get(type="calendar.day_set")
    assert (event.subject, event.reason, event.actor) == ("calendar:2018-10-19", "防汛停工", "console")
    assert event.data == {"is_workday": False, "national": False}
    set_day(town=town, by=CONSOLE, day=day, is_workday=True, reason="恢复上班", source="华政发〔2018〕10号")
    assert calendar_for(town).is_workday(day)


@pytest.mark.parametrize("change", [{"reason": " "}, {"source": ""}, {"day": date(1980, 1, 1)}, {"reason": "长" * 61}])
def test_a_day_without_reason_or_source_is_refused(town, change):
    said = {"day": FRIDAY, "is_workday": False, "reason": "国庆节", "source": "通知"} | change
    with pytest.raises(Refused) as refusal:
        set_day(town=town, by=CONSOLE, **said)
    assert refusal.value.field == next(iter(change))
    assert not CalendarDay.objects.exists()


def test_a_confirmation_can_be_taken_back(town):
    seed(town=town, by=CONSOLE)
    unconfirm_year(town=town, by=CONSOLE, year=2026, reason="通知有更正")
    assert calendar_for().last_day(date(2026, 1, 5), 5).provisional
    assert not CalendarYear.objects.get(year=2026).confirmed
    with pytest.raises(Refused, match="没有确认"):
        unconfirm_year(town=town, by=CONSOLE, year=2026, reason="再撤")
