"""What keeps a fee from being published: each mistake in one sentence that names the fee and says how to mend it."""

import copy
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.demo.items import ITEMS
from mingtang.rulebook import fee_rules, fees, situations
from mingtang.rulebook.laws.actions import NewArticle, NewLaw, add_law
from mingtang.rulebook.requirements import situated
from mingtang.rulebook.spec import Fee, Reduction, Situation, parse
from tests.factories.specs import row

pure = pytest.mark.pure
SERVICE = parse(copy.deepcopy(next(data for code, _, data in ITEMS if code == "LN-001")))
LICENCE = parse(copy.deepcopy(next(data for code, _, data in ITEMS if code == "LM-001")))
DAY = date(2026, 6, 1)
METERS = row(Situation, key="meters", question="几块表？", unit="块", most=20)
POOR = row(
    Situation,
    key="poor",
    question="是低保户吗？",
    options=[
        {"key": "yes", "label": "是", "bars": ""},
        {"key": "no", "label": "不是", "bars": ""},
        {"key": "firm", "label": "是企业", "bars": "企业请到县公司办。"},
    ],
)
FREE = Reduction("低保户免收", "poor == 'yes'", 100, "演示文件")
FEE = row(
    Fee,
    name="校验费",
    nature="service",
    fund="own",
    amount=5000,
    per="块",
    quantity="meters",
    payer="居民用户",
    scope="申请校验电能表",
    receipt="增值税发票",
    basis="演示文件",
    reductions=[{"label": FREE.label, "when": FREE.when, "percent": 100, "basis": FREE.basis}],
)


def told(*found: Fee, **changes) -> list[str]:
    spec = replace(SERVICE, situations=(METERS, POOR), fees=found, **changes)
    rows = fee_rules.problems(spec)
    assert {(field, disclosure) for field, _, disclosure in rows} <= {("fees", "收费标准")}
    return [sentence for _, sentence, _ in rows]


@pure
def test_a_whole_fee_has_no_problems_and_no_fee_has_none():
    assert told(FEE) == told() == []


@pure
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "第 1 项收费没有写名称"),
        ({"amount": -1}, "负数（-0.01元）"),
        ({"amount": 0}, "整项删去，页面会写明“不收费”"),
        ({"amount": 10**9}, "大得不合常理"),
        ({"per": ""}, "计费单位"),
        ({"payer": " "}, "向谁收"),
        ({"scope": ""}, "收费范围"),
        ({"receipt": ""}, "收钱都要给票"),
        ({"basis": ""}, "没有依据的不能收"),
        ({"nature": "other"}, "收费性质只能是行政事业性收费、政府性基金"),
        ({"fund": ""}, "资金管理方式只能是"),
        ({"nature": "administrative"}, "不能算单位收入"),
        ({"quantity": "sheets"}, "没有这个情形"),
        ({"quantity": "poor"}, "那是选择题，数不出来"),
        ({"most": -1}, "不封顶请写 0"),
        ({"most": 4999}, "比一块的标准 50元 还低"),
        ({"valid_from": "2026-02-30"}, "不是真实的日期"),
        ({"valid_to": "20260701"}, "不是真实的日期"),
        ({"valid_from": "2026-07-02", "valid_to": "2026-07-01"}, "前后颠倒"),
        ({"when_label": "低保户"}, "没有写条件"),
        ({"when": "poor == 'yes'"}, "没有写给群众看的说法"),
        ({"when": "meters > 20", "when_label": "很多表"}, "谁也不会符合"),
        ({"when": "poor == 'firm'", "when_label": "企业"}, "谁也不会符合"),
        ({"when": "meters >= 0", "when_label": "有表的"}, "人人都符合"),
    ],
)
def test_each_mistake_is_told_with_its_remedy(changes, said):
    # Without reductions, whose own sentences would join in where the fee's condition is the mistake.
    [sentence] = told(replace(FEE, reductions=(), **changes))
    assert said in sentence and sentence.endswith("。")


@pure
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"label": ""}, "减免“（未命名）”没有写给群众看的说法"),
        ({"basis": ""}, "没有写依据"),
        ({"percent": 0}, "减 0% 不对"),
        ({"percent": 101}, "减 101% 不对"),
        ({"when": ""}, "没有写谁可以减"),
        ({"when": "poor"}, "个个都符合"),
        ({"when": "poor == 'firm'"}, "等于没有减免"),
    ],
)
def test_each_mistake_of_a_reduction_is_told(changes, said):
    [sentence] = told(replace(FEE, reductions=(replace(FREE, **changes),)))
    assert said in sentence


@pure
def test_a_reduction_is_judged_among_those_who_pay():
    many = replace(FEE, when="meters > 1", when_label="两块以上的")
    assert told(many) == []
    for when, said in (("meters > 0", "个个都符合"), ("meters == 1", "谁也不会符合")):
        [sentence] = told(replace(many, reductions=(replace(FREE, when=when),)))
        assert said in sentence


@pure
def test_a_number_that_cannot_be_printed_asks_for_a_cap():
    spec_many = replace(SERVICE, situations=(replace(METERS, most=10**9 - 1), POOR))
    huge = replace(FEE, amount=10**8)
    assert any("请写封顶" in row[1] for row in fee_rules.problems(replace(spec_many, fees=(huge,))))
    assert fee_rules.problems(replace(spec_many, fees=(replace(huge, most=10**9),))) == []


@pure
@pytest.mark.parametrize(
    ("one", "other", "twice"),
    [
        ({}, {}, True),
        ({"valid_to": "2026-06-30"}, {"valid_from": "2026-07-01"}, False),
        ({"valid_to": "2026-07-01"}, {"valid_from": "2026-07-01"}, True),
        ({"when": "poor == 'yes'"}, {"when": "poor == 'no'"}, False),
        ({"when": "meters > 5"}, {"when": "poor == 'no'"}, True),
        ({"name": "另一项"}, {}, False),
    ],
)
def test_two_fees_of_one_name_may_not_meet(one, other, twice):
    pair = [replace(FEE, reductions=(), when_label="x" if "when" in part else "", **part) for part in (one, other)]
    assert any("列了两次" in sentence for sentence in told(*pair)) is twice


_CONDITIONS = ["", "poor == 'yes'", "poor == 'no'", "meters > 3", "meters <= 3", "meters > 3 and poor == 'yes'"]
_DAYS = st.sampled_from(["", "2026-05-31", "2026-06-01", "2026-06-02"])


@pure
@given(
    whens=st.tuples(st.sampled_from(_CONDITIONS), st.sampled_from(_CONDITIONS)),
    spans=st.tuples(_DAYS, _DAYS, _DAYS, _DAYS),
    answers=st.fixed_dictionaries({"poor": st.sampled_from(["yes", "no"]), "meters": st.integers(0, 20)}),
)
def test_what_passes_never_charges_anybody_one_fee_twice(whens, spans, answers):
    pair = tuple(
        replace(FEE, reductions=(), when=when, when_label="x" if when else "", valid_from=start, valid_to=end)
        for when, start, end in zip(whens, spans[::2], spans[1::2], strict=True)
    )
    spec = replace(SERVICE, situations=(METERS, POOR), fees=pair)
    if not fee_rules.problems(spec):
        assert len(fees.bill(spec, answers, DAY).lines) <= 1


@pure
@given(st.lists(st.sampled_from(_CONDITIONS[1:]), min_size=1, max_size=3), st.sampled_from([" and ", " or "]))
def test_a_condition_that_passes_has_one_who_pays_and_one_who_does_not(parts, joined):
    fee = replace(FEE, reductions=(), when=joined.join(f"({part})" for part in parts), when_label="x")
    if told(fee):
        return
    spec = replace(SERVICE, situations=(METERS, POOR), fees=(fee,))
    paid = {bool(fees.bill(spec, answers, DAY).lines) for answers in situations.combinations(spec)}
    assert paid == {True, False}


@pure
@pytest.mark.parametrize("when", ["poor ==", "age > 3", "meters > 'x'", "__import__('os')"])
def test_a_condition_that_cannot_be_read_is_told_by_the_gate_once(when):
    fee = replace(FEE, when=when, when_label="x")
    assert told(fee, fee) == []
    spec = replace(SERVICE, situations=(METERS, POOR), fees=(fee,))
    assert len([issue for issue in situated.rules(spec) if issue.field == "fees"]) >= 1


@pytest.mark.django_db
def test_only_a_law_or_an_administrative_regulation_carries_a_licence_fee(town):
    for title, level in (("演示收费法", "law"), ("演示收费条例", "regulation"), ("演示收费办法", "department_rule")):
        add_law(NewLaw(title, level, date(2020, 1, 1), (NewArticle(3),)))

    def refused(basis: str, spec=LICENCE) -> bool:
        return bool(fee_rules.too_low(town, replace(spec, fees=(replace(FEE, basis=basis),)), DAY))

    for basis in ("《演示收费法》第三条", "演示收费条例第3条", "《演示收费办法》第三条、《演示收费法》第三条"):
        assert not refused(basis)
    for basis in ("", "省里的通知（演示）", "《演示收费办法》第三条", "《演示收费法》第四条", "《没有的法》第三条"):
        assert refused(basis)
        assert not refused(basis, SERVICE), "what is no licence may rest on another document"
    assert fee_rules.too_low(town, LICENCE, DAY) == []
