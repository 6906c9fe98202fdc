"""The demo item that charges: the power station checks a meter. Tariff and tariff paper are invented, marked 演示."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from mingtang.demo.items import COMMON, LISTING, MINUTES, material, publish, result, step
from mingtang.demo.laws import CONGRESS, build_laws
from mingtang.events.log import CONSOLE
from mingtang.hall import entry
from mingtang.hall.models import Window
from mingtang.lib.tx import act
from mingtang.people import actions as people
from mingtang.people.models import Delegation, Post, Staff, Unit
from mingtang.rulebook.actions import Basis
from mingtang.rulebook.laws.levels import LawLevel
from mingtang.rulebook.models import Item
from mingtang.rulebook.powers.actions import DutyText, PowerText, list_power
from mingtang.rulebook.powers.enums import DutyKind, PlanClass, PowerKind
from mingtang.towns.models import Jurisdiction

LAWS = (
    ("中华人民共和国价格法", LawLevel.LAW, CONGRESS, date(1998, 5, 1), (6, 13)),
    ("中华人民共和国电力法", LawLevel.LAW, CONGRESS, date(2018, 12, 29), (31,)),
)
CODE, LETTER = "GD-001", "万电授〔2026〕1号"
# What the station may ask for a service it sets by itself (价格法 6), as posted (13). The tariff is no real one.
TARIFF = "万电价〔2026〕1号（演示文件，金额是编的）；《价格法》第六条、第十三条"


def _fee(name: str, amount: int, payer: str, when: str, when_label: str, **changes: Any) -> dict[str, Any]:
    return {
        "code": "",
        "name": name,
        "nature": "service",
        "fund": "own",
        "amount": amount,
        "per": "块",
        "quantity": "meters",
        "most": 0,
        "payer": payer,
        "scope": "用户申请校验电能表时收；校验结果不准的，全部退还",
        "receipt": "增值税电子普通发票",
        "basis": TARIFF,
        "when": when,
        "when_label": when_label,
        "reductions": [],
        "valid_from": "",
        "valid_to": "",
        **changes,
    }


METER = {
    **COMMON,
    "name": "电能表校验",
    "kind": "promised",
    "power_type": "20",
    "power_holder": "law_authorised",
    "holder": "万庾供电所",
    "served": ["自然人", "企业法人"],
    "summary": "觉得家里或者厂里的电能表走得不准，可以申请校验。表不准的，换表、退校验费、退多收的电费。",
    "basis": [{"law": "中华人民共和国电力法", "article": "第三十一条"}],
    "situations": [
        {
            "key": "user",
            "question": "您是哪一类用户？",
            "hint": "看电费单上的“用电类别”。",
            "unit": "",
            "most": 0,
            "options": [
                {"key": "home", "label": "居民", "bars": ""},
                {"key": "relief", "label": "低保户、特困户", "bars": ""},
                {"key": "firm", "label": "企业、个体工商户", "bars": ""},
            ],
        },
        {
            "key": "meters",
            "question": "要校验几块表？",
            "hint": "",
            "unit": "块",
            "most": 50,
            "options": [],
        },
    ],
    "conditions": ["在本镇用电，有户号", "电能表和封印没有自己拆动过"],
    "materials": [
        material("id", "用电人的身份证或者营业执照", "公安机关", "核对用户"),
        material("bill", "最近一期电费单", "供电所", "核对户号和表号", required=False, fetched_by_us=True, source="20"),
    ],
    "window_post": "window-1",
    "decider_post": "power-head",
    "steps": [
        step("check", "现场校验", "power-meter", 3, "两人到场，用标准表比对，结果当场签字", "《电力法》第三十一条")
    ],
    "statutory_days": None,
    "promised_days": 5,
    "silence_rule": "promise",
    "fees": [
        _fee(
            "居民电能表校验费",
            3000,
            "居民用户",
            "user in ('home', 'relief')",
            "居民用户",
            most=9000,
            reductions=[
                {
                    "label": "低保户、特困户",
                    "when": "user == 'relief'",
                    "percent": 100,
                    "basis": "万电价〔2026〕1号第三项（演示文件）",
                }
            ],
        ),
        _fee("企业电能表校验费", 8000, "企业、个体工商户", "user == 'firm'", "企业、个体工商户"),
    ],
    "results": [result("电能表校验结果单", "其他", "长期有效")],
    "phone": "0730-5550012",
    "synonyms": ["电表不准", "验电表", "电费怎么这么高", "查电表"],
    "questions": [
        {"question": "表真的不准怎么办？", "answer": "免费换表，校验费全退，多收的电费按结果退给您。"},
        {"question": "我是低保户，要交钱吗？", "answer": "不要。申请时说一声，我们自己核对，不用开证明。"},
    ],
    "listing": {
        **LISTING,
        "holder_nature": "2",
        "visit_reason": "现场校验时请用电人在场签字",
        "person_themes": [],
        "firm_themes": [],
    },
}


def build_fees(town: Jurisdiction) -> None:
    """The item in force, the power it stands on, the window that takes it in, the letter by which it is decided."""
    build_laws(LAWS)
    publish(town, CODE, "power", METER, {0: Basis("价格法", "第六条")})
    with act():
        if not Delegation.objects.filter(town=town, number=LETTER).exists():
            _authorise(town, Item.objects.get(town=town, code=CODE))


def _authorise(town: Jurisdiction, item: Item) -> None:
    editor, station = Staff.objects.get(username="zhuren"), Unit.objects.get(town=town, code="power")
    head = Post.objects.get(town=town, code="power-head")
    text = PowerText(
        name="电能表校验",
        type=PowerKind.PUBLIC_SERVICE,
        plan_class=PlanClass.OTHER,
        unit=station,
        post=head,
        basis=(("电力法", "第三十一条"),),
        scope="用户对电能表准不准有疑问的，现场校验",
        place="万庾镇全境",
        duties=(DutyText(DutyKind.DUTY, "五个工作日内校验，结果当场给用户看；不准的，换表、退费"),),
    )
    list_power(town=town, code="WY-GG-02", text=text, minutes_number=MINUTES, by=editor, items=[item])
    window = Window.objects.get(site__town=town, site__code="hall", number=1)
    entry.enter(item=item, window=window, since_on=timezone.localdate(), by=editor)
    began = timezone.now() - timedelta(days=30)
    people.delegate(
        grantor=station,
        post=head,
        number=LETTER,
        item_code=CODE,
        step_code="decide",
        valid_from=began,
        valid_to=began + timedelta(days=730),
        by=CONSOLE,
    )
