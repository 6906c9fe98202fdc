"""The entries of the desk: one row for few, two for many, and no page without its entry."""

import re
from collections import Counter
from pathlib import Path

from mingtang.desk import access
from mingtang.desk.navigation import ONE_ROW, Entry, navigation

VIEWS = Path(access.__file__).parent / "views"
EVERY = [(label, entry) for label, group in access.GROUPS.items() for entry in group]


def test_few_entries_stand_in_one_row_under_their_own_names():
    shown = navigation(EVERY[:ONE_ROW], "cases")
    assert [row.label for row in shown.rows] == [entry.label for _, entry in EVERY[:ONE_ROW]]
    assert [row.label for row in shown.rows if row.current] == ["办件"]
    assert not shown.beside


def test_many_stand_by_their_kind_and_the_open_kind_shows_its_own():
    shown = navigation(EVERY, "money")
    assert [row.label for row in shown.rows][:3] == ["待办", "办件", "窗口业务"]
    assert [row.url for row in shown.rows[1:3]] == ["/desk/cases/", "/desk/counter/"]
    assert [row.current for row in shown.rows].count(True) == 1 and shown.rows[2].current
    assert shown.group == "窗口业务" and [row.label for row in shown.beside if row.current] == ["收费"]
    assert not navigation(EVERY, "todo").beside


def test_a_kind_of_which_somebody_may_open_one_bears_its_name():
    many = [("甲", Entry(str(number), f"甲{number}", f"/{number}")) for number in range(ONE_ROW)]
    shown = navigation([*many, ("乙", Entry("only", "唯一", "/only"))], "only")
    assert [(row.label, row.url) for row in shown.rows] == [("甲", "/0"), ("唯一", "/only")]
    assert not shown.beside


def test_each_entry_stands_once_and_each_page_names_one():
    keys = Counter(entry.key for _, entry in EVERY)
    assert set(keys.values()) == {1}
    named = {key for path in VIEWS.glob("*.py") for key in re.findall(r'active="(\w+)"', path.read_text())}
    assert named <= set(keys), named - set(keys)
