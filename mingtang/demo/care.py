"""The demo item that the county decides, and that the office may begin by itself."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from mingtang.demo.items import COMMON, MINUTES, listing_of, material, publish, published, result, step
from mingtang.demo.laws import build_laws
from mingtang.events.log import CONSOLE
from mingtang.hall import entry
from mingtang.hall.models import Window
from mingtang.lib.tx import act
from mingtang.people import actions as people
from mingtang.people.models import Delegation, Post, Staff, Unit
from mingtang.rulebook.actions import Basis
from mingtang.rulebook.models import Item
from mingtang.rulebook.powers.actions import DutyText, PowerText, list_power
from mingtang.rulebook.powers.enums import DutyKind, PlanClass, PowerKind
from mingtang.towns.models import Jurisdiction

CODE, LETTER = "TK-001", "万授〔2026〕21号"

CARE: dict[str, Any] = {
    **COMMON,
    "name": "特困人员救助供养",
    "listing": {**listing_of("社会保障"), "ways": ["1"], "online_depth": ""},
    "kind": "promised",
    "power_type": "05",
    "power_holder": "own",
    "summary": "没有劳动能力、没有生活来源、没有人赡养抚养的老人、残疾人和未成年人，由政府供养。",
    "basis": [{"law": "社会救助暂行办法", "article": "第十四条、第十六条"}],
    "conditions": ["没有劳动能力", "没有生活来源", "没有法定赡养、抚养、扶养义务人，或者他们没有能力"],
    "materials": [
        material("id", "本人身份证或者户口簿", "公安机关", "核验本人"),
        material(
            "hardship",
            "家庭情况说明",
            "申请人",
            "社会救助暂行办法第十六条",
            form="口头说明由窗口记录，或者自己书写",
        ),
    ],
    "window_post": "window-4",
    "decider_post": "deputy-mayor",
    "steps": [step("home_visit", "入户核对", "social-check", 5, "两人入户，核对情况", "《社会救助暂行办法》第十六条")],
    "statutory_days": None,
    "promised_days": 10,
    "silence_rule": "promise",
    "superior": {"organ": "华容县民政局", "working_days": 10, "basis": "社会救助暂行办法第十一条、第十六条"},
    "ex_officio": "社会救助暂行办法第十七条",
    "results": [result("特困人员救助供养待遇", "其他", "条件没有变化就一直有")],
    "publication": published("board", "社会救助暂行办法第十六条", "holder", "place", days=7),
    "online": False,
    "visibility": "sealed",
    "phone": "0730-5550011",
    "synonyms": ["五保", "五保户", "孤老没人管"],
    "questions": [{"question": "本人不会申请怎么办？", "answer": "村里或者我们知道了，就主动上门办，不用本人申请。"}],
}


def build_care(town: Jurisdiction) -> None:
    """The item in force, its power, its window, and the letter of who refuses or sends it up; found again."""
    build_laws()
    first = CARE["basis"][0]
    publish(town, CODE, "social", CARE, {0: Basis(first["law"], first["article"])})
    with act():
        if not Delegation.objects.filter(town=town, number=LETTER).exists():
            _authorise(town, Item.objects.get(town=town, code=CODE))


def _authorise(town: Jurisdiction, item: Item) -> None:
    editor, unit = Staff.objects.get(username="zhuren"), Unit.objects.get(town=town, code="social")
    text = PowerText(
        name="特困人员救助供养（审核）",
        type=PowerKind.PAYMENT,
        plan_class=PlanClass.OTHER,
        unit=unit,
        post=Post.objects.get(town=town, code="social-check"),
        basis=(("社会救助暂行办法", "第十六条"),),
        scope="户籍在本镇的特困人员，审核以后报县里决定",
        place="万庾镇全境",
        duties=(DutyText(DutyKind.DUTY, "十个工作日内审完报送；发现符合条件的，主动启动，不等申请"),),
    )
    list_power(town=town, code="WY-JF-02", text=text, minutes_number=MINUTES, by=editor, items=[item])
    window = Window.objects.get(site__town=town, site__code="hall", number=4)
    entry.enter(item=item, window=window, since_on=timezone.localdate(), by=editor)
    began = timezone.now() - timedelta(days=30)
    people.delegate(
        grantor=Unit.objects.get(town=town, code="leading-group"),
        post=Post.objects.get(town=town, code="deputy-mayor"),
        number=LETTER,
        item_code=CODE,
        step_code="decide",
        valid_from=began,
        valid_to=began + timedelta(days=730),
        by=CONSOLE,
    )
