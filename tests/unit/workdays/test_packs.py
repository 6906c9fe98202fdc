from datetime import date, timedelta
from itertools import pairwise

import pytest

from mingtang.lib.errors import Refused
from mingtang.workdays.packs import RULES, rule, rules_on

THEN, NOW = date(2018, 10, 18), date(2026, 1, 5)


def test_the_same_name_selects_the_rule_of_its_day():
    assert (rule("FOI_REPLY", THEN).amount, rule("FOI_REPLY", THEN).extension) == (15, 15)
    assert (rule("FOI_REPLY", NOW).amount, rule("FOI_REPLY", NOW).extension) == (20, 20)
    assert rule("FOI_REPLY", date(2019, 5, 14)).amount == 15
    assert rule("FOI_REPLY", date(2019, 5, 15)).amount == 20
    assert rule("XF_DONE", THEN).basis == ("信访条例", "第三十三条")
    assert rule("XF_DONE", NOW).basis == ("信访工作条例", "第三十四条")
    assert rule("SERVE_PUBLIC", THEN).amount == 60 and rule("SERVE_PUBLIC", NOW).amount == 30


@pytest.mark.parametrize(
    ("id", "amount", "extension"),
    [("LIC_CORRECT", 5, 0), ("LIC_DECIDE", 20, 10), ("LIC_JOINT", 45, 15), ("LIC_DELIVER", 10, 0)],
)
def test_licence_limits_are_the_same_in_both_packs(id, amount, extension):
    for day in (THEN, NOW):
        found = rule(id, day)
        assert (found.amount, found.unit, found.extension, found.mark) == (amount, "working_days", extension, "law")
    assert rule(id, THEN).citation.startswith("《中华人民共和国行政许可法》第")


def test_a_rule_that_is_not_in_force_is_refused_and_an_unknown_name_is_a_fault():
    with pytest.raises(Refused, match="2018年10月18日尚未施行"):
        rule("FOI_CORRECT", THEN)
    with pytest.raises(KeyError):
        rule("NO_SUCH", NOW)


def test_only_what_was_read_is_printed_as_law():
    for each in RULES:
        if each.mark == "law":
            assert each.law and each.article and each.citation
        else:
            assert each.citation == ""
        if each.mark == "unread":
            assert each.note
    models = {each.id for each in RULES if each.mark == "model"}
    assert {"HOT_DONE", "HOT_RETURN", "NETAPPLY", "REVIEW_CONTACT"} <= models


def test_periods_of_one_name_follow_each_other_without_overlap():
    for name in {each.id for each in RULES}:
        periods = sorted((each.valid_from, each.valid_to or date.max) for each in RULES if each.id == name)
        for earlier, later in pairwise(periods):
            assert earlier[1] <= later[0], name
        assert all(begin < end for begin, end in periods)


def test_every_rule_is_found_on_its_first_and_last_day():
    for each in RULES:
        assert rule(each.id, each.valid_from) is each
        if each.valid_to:
            assert rule(each.id, each.valid_to - timedelta(days=1)) is each
    assert [found.id for found in rules_on(THEN, ["PUB", "FOI_3P"])] == ["PUB"]
    assert len(rules_on(NOW)) == len({found.id for found in rules_on(NOW)})


def test_an_extension_names_who_grants_it():
    for each in RULES:
        assert bool(each.extension) == bool(each.extension_by), each.id
        assert each.limit[0].isdigit()
