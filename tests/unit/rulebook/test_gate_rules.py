"""The publication gate's rules about a spec by itself: each names the field, and a sound spec passes them all."""

import copy
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.demo.items import ITEMS
from mingtang.rulebook import situations
from mingtang.rulebook.requirements import listed, situated, text
from mingtang.rulebook.spec import (
    Enclosure,
    Fee,
    InPerson,
    Material,
    Question,
    Result,
    Situation,
    Superior,
    Work,
    parse,
)
from tests.factories.specs import row

pytestmark = pytest.mark.pure
SPECS = {code: parse(copy.deepcopy(data)) for code, _, data in ITEMS}
FOREST, ELDER, RELIEF = SPECS["LM-001"], SPECS["LN-001"], SPECS["JZ-001"]
KIND = row(Situation, key="kind", question="哪一种？", options=[
    {"key": "big", "label": "大的", "bars": ""},
    {"key": "small", "label": "小的", "bars": ""},
    {"key": "none", "label": "都不是", "bars": "这不归这个事项管。"},
])  # fmt: skip
CITED = "《森林法》第五十七条"
AREA = row(Situation, key="area", question="多大？", unit="亩", most=100)
CHECK = row(
    Work, key="check", name="复核", post="forest-check", working_days=1, standard="看", basis="《森林法》第五十七条"
)
BIG = replace(CHECK, when="kind == 'big' and area > 10", when_label="大的，超过十亩")
PAPER = row(
    Material, key="p", name="地块证明", issuer="村民委员会", form="原件", medium="paper", source="10", copies=1,
    standard="清楚", basis="演示", when="kind == 'small'", when_label="小的",
)  # fmt: skip
ASKING = replace(
    FOREST,
    situations=(KIND, AREA),
    steps=(*FOREST.steps, BIG),
    materials=(*FOREST.materials, PAPER),
    fees=(
        row(
            Fee,
            name="工本费",
            nature="service",
            fund="own",
            amount=100,
            per="亩",
            quantity="area",
            payer="申请人",
            scope="领证",
            receipt="税务发票",
            basis="演示",
        ),
    ),
)


def found(spec) -> list[tuple[str, str]]:
    issues = [*text.six(spec), *text.rules(spec), *listed.rules(spec), *situated.rules(spec)]
    return [(issue.field, issue.sentence) for issue in issues]


def paper(**values):
    return replace(FOREST, materials=(replace(FOREST.materials[0], **values), *FOREST.materials[1:]))


def step(**values):
    return replace(FOREST, steps=(replace(FOREST.steps[0], **values), *FOREST.steps[1:]))


def listing(spec=FOREST, **values):
    return replace(spec, listing=replace(spec.listing, **values))


def above(spec, **values):
    county = Superior(organ="华容县林业局", working_days=10, basis="行政许可法第四十三条")
    return replace(spec, superior=replace(county, **values))


def told(spec, **values):
    return replace(spec, publication=replace(spec.publication, **values))


def comes(spec=None, /, **values):
    spec = spec or replace(FOREST, online=False, listing=replace(FOREST.listing, ways=("1",), online_depth=""))
    return replace(spec, in_person=InPerson(**{"apply": "", "collect": "", **values}))


def asking(**values):
    return replace(ASKING, **values)


def question(**values):
    return asking(situations=(replace(KIND, **values), AREA))


@pytest.mark.parametrize("spec", [*SPECS.values(), ASKING])
def test_a_sound_spec_passes(spec):
    assert found(spec) == []


WRONG = [
    (replace(FOREST, statutory_days=0), "statutory_days", "没有规定的请留空"),
    (replace(FOREST, promised_days=-1), "promised_days", "在 0 到 400"),
    (replace(FOREST, phone="5550010"), "phone", "要带区号"),
    (replace(FOREST, complaint_phone="见公示牌"), "complaint_phone", "要带区号"),
    (replace(FOREST, visits=99), "visits", "0 到 10"),
    (replace(FOREST, served=()), "served", "面向谁办"),
    (replace(FOREST, served=("村民",)), "served", "面向谁办"),
    (replace(FOREST, questions=()), "questions", "至少要写一个常见问题"),
    (replace(FOREST, questions=(Question("要钱吗？", " "),)), "questions", "有问有答"),
    (replace(FOREST, online=False), "online", "要一致"),
    (replace(FOREST, results=(Result("林木采伐许可证", "批文", "一年", 12),)), "results", "类型要选“证照”"),
    (replace(FOREST, results=(Result("批复", "批文", "", 0),)), "results", "有效期"),
    (replace(FOREST, files=(Enclosure("sample", "nothing", "样表.pdf", "0" * 64),)), "files", "没有对上"),
    (replace(FOREST, files=()), "files", "没有放样本"),
    (replace(FOREST, files=(Enclosure("result", "id", "样本.pdf", "0" * 64),)), "files", "没有对上"),
    (replace(FOREST, steps=()), "steps", "还缺审核环节"),
    (paper(medium=""), "materials", "纸质还是电子"),
    (paper(source="7"), "materials", "来源渠道"),
    (paper(issuer=" "), "materials", "由谁出具"),
    (paper(form=""), "materials", "没有写明形式"),
    (paper(standard=""), "materials", "受理标准"),
    (paper(copies=21), "materials", "最多 20 份"),
    (paper(copies=0, medium="paper"), "materials", "份数不能是 0"),
    (paper(name="林权证或者承包合同"), "materials", "列了 2 次"),
    (paper(when="kind == 'x'"), "materials", "两样都写或者都不写"),
    (paper(note="和有关证件一起交"), "materials", "有关证件"),
    (paper(pledge="是我本人。"), "materials", "几个工作日内核查"),
    (paper(verify_days=5), "materials", "几个工作日内核查"),
    (paper(pledge="是我本人。", verify_days=5, fetched_by_us=True), "materials", "不用承诺代替"),
    (replace(FOREST, results=(Result("林木采伐许可证", "证照", "一年", -1),)), "results", "有效几个月"),
    (replace(RELIEF, results=(Result("救助金", "其他", "一次", 3),)), "results", "有效几个月"),
    (above(FOREST, basis=""), "superior.basis", "凭哪一条报上级"),
    (above(FOREST, organ=""), "superior.organ", "没有写报哪个机关"),
    (above(ELDER), "superior.organ", "即办件"),
    (above(replace(FOREST, statutory_days=30)), "statutory_days", "最迟 20 个工作日审完报送"),
    (above(FOREST, working_days=0), "superior.working_days", "在 1 到 400"),
    (replace(FOREST, ex_officio="某条"), "ex_officio", "只能依申请办理"),
    (comes(apply="上级要求"), "in_person.apply", "写到法律名称和条款"),
    (comes(collect="某法"), "in_person.collect", "写到法律名称和条款"),
    (comes(FOREST, apply=CITED), "in_person.apply", "不能又在网上"),
    (listing(comes(apply=CITED), ways=("1", "3")), "in_person.apply", "用快递申请"),
    (listing(comes(collect=CITED), courier=True), "in_person.collect", "不能快递"),
    (replace(comes(collect=CITED), visits=0), "visits", "不能是 0"),
    (told(FOREST, scope=""), "publication.scope", "没有选定"),
    (told(FOREST, scope="none"), "publication.scope", "只公布数量的"),
    (told(FOREST, basis=" "), "publication.basis", "要有依据"),
    (told(FOREST, fields=()), "publication.fields", "没有选定公开哪些内容"),
    (told(FOREST, fields=("id_number",)), "publication.fields", "没有选定公开哪些内容"),
    (told(FOREST, days=-1), "publication.days", "在 0 到 400"),
    (told(RELIEF, scope="web"), "publication.scope", "不能公开到网站"),
    (told(RELIEF, days=0), "publication.days", "到期撤下"),
    (step(standard=""), "steps", "审查标准"),
    (step(basis=""), "steps", "没有依据的环节不能设"),
    (step(standard="符合相关规定"), "steps", "相关规定"),
    (step(working_days=9), "steps", "各环节加起来要 10 个工作日，比承诺的 5 个工作日长"),
    (replace(FOREST, summary="办其他手续。"), "summary", "其他手续"),
    (replace(FOREST, fees=(row(Fee),)), "fees", "没有写明收不收费"),
    (listing(level=""), "listing.level", "行使层级"),
    (listing(ways=()), "listing.ways", "办理形式"),
    (listing(holder_nature="1"), "listing.holder_nature", "应当是“受委托组织”"),
    (listing(entrusted_by=""), "listing.entrusted_by", "哪个机关委托的"),
    (listing(ELDER, entrusted_by="县里"), "listing.entrusted_by", "不是受委托办理的"),
    (listing(basic_code="采伐"), "listing.basic_code", "基本编码“采伐”不合规"),
    (listing(task_code="abc"), "listing.task_code", "实施编码"),
    (listing(visit_reason=""), "listing.visit_reason", "非到不可"),
    (listing(replace(FOREST, online=False, visits=0), ways=("1",), courier=False), "visits", "快递收件"),
    (listing(online_depth="7"), "visits", "全程网办"),
    (listing(online_payment=True), "listing.online_payment", "不用网上缴费"),
    (listing(replace(FOREST, served=("企业法人",)), person_themes=("生育收养",)), "listing.person_themes", "面向个人"),
    (listing(firm_themes=("设立变更",)), "listing.firm_themes", "面向单位的主题"),
    # Situations
    (question(key="Kind"), "situations", "不合规"),
    (question(key="decision"), "situations", "系统专用"),
    (question(key="opinion_site_visit"), "situations", "系统专用"),
    (question(question=""), "situations", "没有写要问什么"),
    (question(options=KIND.options[:1]), "situations", "2 到 10 个答案"),
    (question(options=(*KIND.options, KIND.options[0])), "situations", "代码重复"),
    (question(options=(replace(KIND.options[0], label=""), *KIND.options[1:])), "situations", "不能空着"),
    (asking(situations=(KIND, replace(AREA, most=0))), "situations", "写单位和最多填多少"),
    (asking(situations=(KIND, AREA, KIND)), "situations", "重复"),
    (asking(situations=tuple(replace(AREA, key=f"a{n}") for n in range(9))), "situations", "最多 8 个"),
    (asking(situations=(KIND, AREA, replace(AREA, key="mood"))), "situations", "怎样回答都一样"),
    (question(options=tuple(replace(one, bars="不行。") for one in KIND.options)), "situations", "没有人能办"),
    (asking(steps=(replace(BIG, when="__import__('os').system('id')"),)), "steps", "的条件不能用"),
    (asking(steps=(replace(BIG, when="kind.upper() == 'BIG'"),)), "steps", "的条件不能用"),
    (asking(steps=(replace(BIG, when="1 == 1"),)), "steps", "没有用到任何情况"),
    (asking(steps=(replace(BIG, when="kind"),)), "steps", "和写定的答案或者数比较"),
    (asking(steps=(replace(BIG, when="colour == 'red'"),)), "steps", "“colour”不是这个事项要问的情况"),
    (asking(steps=(replace(BIG, when="kind == 'huge'"),)), "steps", "没有“huge”这个答案"),
    (asking(steps=(replace(BIG, when="area == 'big'"),)), "steps", "只能和 0 到 100 的数比较"),
    (asking(steps=(replace(BIG, when="area > 500"),)), "steps", "只能和 0 到 100 的数比较"),
    (asking(steps=(replace(BIG, when="area < 5 and area > 6"),)), "steps", "没有人会遇到"),
    (asking(steps=(replace(BIG, when="kind == 'none'"),)), "steps", "没有人会遇到"),
    (asking(materials=(replace(PAPER, when="area >= 0"),)), "materials", "人人都符合"),
    (asking(steps=(*ASKING.steps[:2], replace(BIG, working_days=4))), "steps", "加起来要 7 个工作日"),
    # Whoever is barred and applies all the same is promised the same days.
    (asking(steps=(
        *ASKING.steps[:2],
        *(replace(BIG, key=key, when=f"kind != '{key}'", working_days=2) for key in ("big", "small")),
    )), "steps", "加起来要 7 个工作日"),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "field", "says"), WRONG, ids=[f"{says}" for _, _, says in WRONG])
def test_each_fault_is_named_at_its_field(spec, field, says):
    assert any(name == field and says in sentence for name, sentence in found(spec)), found(spec)


def test_a_condition_that_most_meet_is_no_fault():
    assert found(asking(materials=(replace(PAPER, when="area > 0"), *FOREST.materials))) == []


@given(
    groups=st.lists(st.sampled_from([None, "g", "h"]), min_size=1, max_size=6),
    days=st.lists(st.integers(1, 9), min_size=6, max_size=6),
)
def test_the_longest_way_is_what_a_person_waits_for(groups, days):
    """Side by side counts the slowest, one after the other counts all."""
    steps = tuple(
        replace(CHECK, key=f"s{n}", working_days=day, group=group)
        for n, (group, day) in enumerate(zip(groups, days, strict=False))
    )
    longest = situations.longest_way(replace(FOREST, steps=steps), {})
    assert max(step.working_days for step in steps) <= longest <= sum(step.working_days for step in steps)
    if set(groups) == {None}:
        assert longest == sum(step.working_days for step in steps)
    if set(groups) == {"g"}:
        assert longest == max(step.working_days for step in steps)


@given(st.sampled_from(["kind == 'big'", "area > 3", "area > 3 or kind != 'small'", "not (area <= 7)"]))
def test_what_the_gate_lets_through_is_met_by_somebody_and_not_by_everybody(when):
    spec = asking(materials=(replace(PAPER, when=when), *FOREST.materials))
    assert found(spec) == []
    met = {situations.holds(when, answers) for answers in situations.combinations(spec)}
    assert met == {True, False}
