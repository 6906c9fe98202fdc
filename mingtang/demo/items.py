"""Four items of the demo town: 即办件, 承诺件, 联办件, and a sealed kind (aid)."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from mingtang.demo.laws import build_laws
from mingtang.demo.samples import enclosures, store_samples
from mingtang.events.log import CONSOLE
from mingtang.lib.tx import act
from mingtang.people.models import Staff, Unit
from mingtang.rulebook import actions
from mingtang.rulebook.models import Item
from mingtang.towns.models import Jurisdiction

MINUTES = "万政公组纪〔2026〕1号"
HALL = "万庾镇便民服务中心（人民路，演示地址）"
_OFFICES = ("公安机关", "自然资源部门或者村集体")
HOURS = "周一至周五 8:30—12:00，14:30—17:30；赶集日中午不休"


def material(key: str, name: str, issuer: str, basis: str, **changes: Any) -> dict[str, Any]:
    """A paper as stored JSON: one original, seen and given back, unless ``changes`` say otherwise."""
    return {
        "key": key,
        "name": name,
        "issuer": issuer,
        "form": "原件核对，复印件留存",
        "medium": "either",
        "source": "20" if issuer in _OFFICES else "10",
        "copies": 1,
        "required": True,
        "fetched_by_us": False,
        "deferrable": False,
        "pledge": "",
        "verify_days": 0,
        "standard": "清楚、完整、在有效期内",
        "basis": basis,
        "note": "",
        "when": "",
        "when_label": "",
        **changes,
    }


def step(key: str, name: str, post: str, days: int, standard: str, basis: str, **changes: Any) -> dict[str, Any]:
    """A step as stored JSON, by itself and always, unless ``changes`` say otherwise."""
    return {
        "key": key,
        "name": name,
        "post": post,
        "working_days": days,
        "group": None,
        "standard": standard,
        "basis": basis,
        "when": "",
        "when_label": "",
        **changes,
    }


def _option(key: str, label: str, bars: str = "") -> dict[str, str]:
    return {"key": key, "label": label, "bars": bars}


def _choice(key: str, question: str, hint: str, *options: dict[str, str]) -> dict[str, Any]:
    return {"key": key, "question": question, "hint": hint, "unit": "", "most": 0, "options": list(options)}


def result(name: str, kind: str, validity: str, months: int = 0) -> dict[str, Any]:
    return {"name": name, "kind": kind, "validity": validity, "months": months}


def published(scope: str, basis: str, *fields: str, days: int = 0) -> dict[str, Any]:
    """What everybody learns of a grant."""
    return {"scope": scope, "fields": list(fields), "days": days, "basis": basis}


COUNTED = published("none", "")


LISTING: dict[str, Any] = {
    "basic_code": "",
    "task_code": "",
    "level": "5",
    "holder_nature": "1",
    "entrusted_by": "",
    "ways": ["1", "2"],
    "visit_reason": "领取证件时核对本人",
    "scope": "5",
    "quota": "",
    "online_depth": "4",
    "online_payment": False,
    "appointment": False,
    "courier": True,
    "intermediary": "",
    "person_themes": [],
    "firm_themes": [],
    "rights": "有权知道办到哪一步，有权陈述、申辩，不服可以申请复议或者起诉。",
    "duties": "如实提交材料，对内容的真实性负责。",
    "traffic": "镇客运站下车，沿人民路走两百米。",
}


def listing_of(theme: str, entrusted_by: str = "") -> dict[str, Any]:
    nature = "3" if entrusted_by else "1"
    return {**LISTING, "person_themes": [theme], "holder_nature": nature, "entrusted_by": entrusted_by}


COMMON: dict[str, Any] = {
    "holder": "万庾镇人民政府",
    "served": ["自然人"],
    "place": HALL,
    "hours": HOURS,
    "complaint_phone": "0730-5550002",
    "intake_days": 5,
    "joint_decision": "",
    "procedures": [],
    "fees": [],
    "superior": {"organ": "", "working_days": None, "basis": ""},
    "ex_officio": "",
    "in_person": {"apply": "", "collect": ""},
    "publication": COUNTED,
    "visits": 1,
    "online": True,
    "visibility": "public",
    "situations": [],
    "files": [],
    "parts": [],
    "listing": LISTING,
}

_ELDER = {
    **COMMON,
    "name": "老年人优待证申领",
    "files": enclosures("LN-001"),
    "listing": listing_of("优待抚恤"),
    "kind": "instant",
    "power_type": "20",
    "power_holder": "own",
    "summary": "给年满六十五周岁的老人办理优待证，凭证乘车、看病、逛公园享受优待。",
    "basis": [{"law": "中华人民共和国老年人权益保障法", "article": "第五十三条"}],
    "conditions": ["年满六十五周岁", "户籍在本镇，或者在本镇居住"],
    "materials": [
        material("id", "老人本人的身份证", "公安机关", "核验年龄和户籍"),
        material("photo", "近期一寸彩色照片", "申请人", "印在优待证上", form="纸质或电子照片", copies=2),
    ],
    "window_post": "window-1",
    "decider_post": "window-1",
    "steps": [],
    "statutory_days": None,
    "promised_days": 0,
    "silence_rule": "promise",
    "results": [result("老年人优待证", "证照", "长期有效")],
    "phone": "0730-5550011",
    "synonyms": ["老年证", "老人证", "敬老卡", "老人坐车免费"],
    "questions": [
        {"question": "老人来不了怎么办？", "answer": "家里人带上老人的身份证可以代办，村里的代办员也可以上门收材料。"},
        {"question": "要交钱吗？", "answer": "不收任何费用。"},
    ],
}

_FOREST = {
    **COMMON,
    "name": "农村居民采伐林木许可",
    "files": enclosures("LM-001"),
    "listing": listing_of("环保绿化", "华容县林业局"),
    "kind": "promised",
    "power_type": "01",
    "power_holder": "entrusted",
    "summary": "农村居民采伐自留山和个人承包集体山林里的林木，先领采伐许可证再采伐。房前屋后自己的零星树木不用办。",
    "basis": [
        {"law": "中华人民共和国森林法", "article": "第五十七条"},
        {"law": "中华人民共和国行政许可法", "article": "第四十二条"},
    ],
    "conditions": ["林木权属清楚，没有争议", "采伐的数量在年度限额以内", "说明采伐后在哪里、什么时候更新造林"],
    "materials": [
        material("id", "申请人身份证", "公安机关", "核验申请人"),
        material(
            "right",
            "林权证或者承包合同",
            "自然资源部门或者村集体",
            "森林法第五十八条：权属证明",
            pledge="要采的林木归我家所有，没有争议；不实的，愿意承担责任，退回采伐许可证。",
            verify_days=10,
        ),
        material(
            "plan",
            "采伐地点、树种、面积、数量和更新措施的说明",
            "申请人",
            "森林法第五十八条",
            form="填写样表，一式一份",
        ),
        material(
            "map", "采伐地块位置图", "林业站", "核对地块", required=False, fetched_by_us=True, form="由林业站调取"
        ),
    ],
    "window_post": "window-3",
    "decider_post": "deputy-mayor",
    "steps": [
        step(
            "site_visit",
            "现场核查",
            "forest-check",
            2,
            "两人到场，核对权属、地块、树种和数量",
            "《行政许可法》第三十四条",
        ),
        step("quota", "核对采伐限额", "forest-check", 1, "不超过本镇年度限额", "《森林法》第五十四条"),
    ],
    "statutory_days": 20,
    "promised_days": 5,
    "silence_rule": "statutory",
    "publication": published("web", "行政许可法第四十条", "holder", "place", "content", "number", "decided", "valid"),
    "procedures": [{"name": "检验、检测", "article": "行政许可法第四十五条"}],
    "results": [result("林木采伐许可证", "证照", "一年", 12)],
    "phone": "0730-5550010",
    "synonyms": ["砍树", "砍伐证", "伐木", "砍山上的树要不要批"],
    "questions": [
        {"question": "砍自家屋边的几棵树要办吗？", "answer": "房前屋后、自留地里个人所有的零星林木，不用办采伐许可证。"}
    ],
}

_HOUSE = {
    **COMMON,
    "name": "农村村民建房审批（宅基地和乡村建设规划许可）",
    "files": enclosures("JF-001"),
    "listing": listing_of("规划建设"),
    "kind": "joint",
    "power_type": "01",
    "power_holder": "own",
    "summary": "村民新建、改建、扩建住房，一次申请，同时办下宅基地批准书和乡村建设规划许可证。",
    "basis": [
        {"law": "中华人民共和国土地管理法", "article": "第六十二条"},
        {"law": "中华人民共和国城乡规划法", "article": "第四十一条"},
    ],
    "conditions": [
        "申请人是本村集体经济组织成员，一户只有一处宅基地",
        "村民会议或者村民代表会议同意，并在村里公示过",
        "符合村庄规划，不占永久基本农田",
    ],
    "situations": [
        _choice(
            "project",
            "这次是哪一种建房？",
            "",
            _option("new", "新址新建：在没有房子的地方起屋"),
            _option("rebuild", "原址翻建：拆了旧屋，在原地重建"),
            _option("extend", "扩建：旧屋不拆，加层或者加宽"),
        ),
        _choice(
            "land",
            "准备建在什么地上？",
            "说不准的，先问村委会，或者请自然资源所查地类。",
            _option("homestead", "原来的宅基地，或者村里的空闲地"),
            _option("farmland", "农用地，不是永久基本农田"),
            _option(
                "basic_farmland",
                "永久基本农田",
                "永久基本农田上不能建住宅（《土地管理法》第六十二条）",
            ),
        ),
    ],
    "materials": [
        material("id", "全家人的身份证和户口簿", "公安机关", "核验一户一宅"),
        material(
            "application",
            "农村宅基地和建房申请表",
            "申请人",
            "土地管理法实施条例第三十四条",
            form="填写样表，签字按手印",
        ),
        material(
            "resolution",
            "村民会议或者村民代表会议的决议和公示记录",
            "村民委员会",
            "土地管理法实施条例第三十四条",
            form="原件",
        ),
        material("drawing", "住房设计图或者选用的通用图样", "申请人", "城乡规划法第四十一条", form="纸质或电子"),
        material(
            "old_house",
            "旧屋的照片",
            "申请人",
            "土地管理法第六十二条：核对原址和四至",
            form="纸质或电子照片",
            copies=3,
            note="正面、左侧、右侧各一张，要看得到隔壁的房子。",
            when="project in ('rebuild', 'extend')",
            when_label="翻建或者扩建的",
        ),
        material(
            "conversion",
            "农用地转用批准文件",
            "县自然资源局",
            "土地管理法第四十四条",
            form="由我们向县里调取",
            source="20",
            fetched_by_us=True,
            when="land == 'farmland'",
            when_label="占用农用地的",
        ),
        material(
            "planning", "村庄规划图", "自然资源所", "核对地块", required=False, fetched_by_us=True, form="由我们调取"
        ),
    ],
    "window_post": "window-3",
    "decider_post": "deputy-mayor",
    "steps": [
        step(
            "conversion_check",
            "核对农用地转用手续",
            "land-review",
            3,
            "县里已经批准转用，地块和面积一致",
            "《土地管理法》第四十四条",
            when="land == 'farmland'",
            when_label="占用农用地的",
        ),
        step(
            "land_review",
            "用地审查",
            "land-review",
            5,
            "一户一宅、面积标准、地类",
            "《土地管理法》第六十二条",
            group="joint",
        ),
        step(
            "build_review",
            "规划审查",
            "build-review",
            5,
            "村庄规划、建筑面积、层数和四至",
            "《城乡规划法》第四十一条",
            group="joint",
        ),
    ],
    "statutory_days": 20,
    "promised_days": 15,
    "silence_rule": "statutory",
    "results": [
        result("农村宅基地批准书", "批文", "两年内开工", 24),
        result("乡村建设规划许可证", "证照", "两年内开工", 24),
    ],
    "publication": published("web", "行政许可法第四十条", "holder", "place", "content", "number", "decided", "valid"),
    "visits": 1,
    "phone": "0730-5550009",
    "synonyms": ["盖房子", "建房", "宅基地", "起屋", "修房子", "家里想建房要办什么手续"],
    "questions": [
        {"question": "要跑两个所吗？", "answer": "不用。窗口收一套材料，自然资源所和村镇建设办公室同时审查。"},
        {"question": "图纸请谁画？", "answer": "可以选用镇里提供的通用图样，不收费。"},
    ],
}

_RELIEF = {
    **COMMON,
    "name": "小额临时救助",
    "listing": listing_of("社会保障", "华容县民政局"),
    "kind": "promised",
    "power_type": "05",
    "power_holder": "entrusted",
    "summary": "家里突然遇到火灾、重病、意外，生活一时过不下去的，可以申请一次性救助。",
    "basis": [{"law": "社会救助暂行办法", "article": "第四十七条、第四十八条"}],
    "conditions": ["遇到突发的、紧迫的困难，基本生活暂时难以维持", "户籍在本镇或者在本镇居住"],
    "materials": [
        material("id", "申请人身份证或者居住证", "公安机关", "核验申请人"),
        material(
            "hardship",
            "困难情况说明",
            "申请人",
            "社会救助暂行办法第四十八条",
            form="口头说明由窗口记录，或者自己书写",
        ),
    ],
    "window_post": "window-4",
    "decider_post": "deputy-mayor",
    "steps": [
        step("home_visit", "入户核对", "social-check", 3, "两人入户，核对困难情况", "《社会救助暂行办法》第四十八条")
    ],
    "statutory_days": None,
    "promised_days": 7,
    "silence_rule": "promise",
    "results": [result("临时救助金", "其他", "一次发放")],
    "publication": published("board", "社会救助暂行办法第四十八条", "holder", "place", "content", days=7),
    "visibility": "sealed",
    "phone": "0730-5550011",
    "synonyms": ["困难补助", "救急", "家里遭了火灾", "大病没钱治"],
    "questions": [{"question": "别人查得到我申请救助吗？", "answer": "查不到。救助办件只能凭您的查询码查看。"}],
}

ITEMS = (
    ("LN-001", "social", _ELDER),
    ("LM-001", "forestry", _FOREST),
    ("JF-001", "land", _HOUSE),
    ("JZ-001", "social", _RELIEF),
)


def build_items(town: Jurisdiction) -> None:
    """The items in force, and before them the laws they stand on."""
    build_laws()
    store_samples(town)
    for code, unit, data in ITEMS:
        first = data["basis"][0]
        publish(town, code, unit, data, {0: actions.Basis(first["law"], first["article"])})


def publish(town: Jurisdiction, code: str, unit: str, data: dict[str, Any], bases: Mapping[int, actions.Basis]) -> None:
    """List, review and put in force, by the people whose duty it is, or nothing. ``bases``: see ``check_basis``."""
    if Item.objects.filter(town=town, code=code).exists():
        return
    editor, justice, office = (Staff.objects.get(username=name) for name in ("zhuren", "sifa", "qianfa"))
    with act():
        version = actions.list_item(
            town=town, code=code, unit=Unit.objects.get(town=town, code=unit), data=data, by=CONSOLE, editor=editor
        )
        version = actions.propose(version=version, by=editor)
        version = actions.check_basis(version=version, bases=bases, by=editor)
        version = actions.review(version=version, by=justice)
        # The first catalogue publishes what stands already: no notice period, and the page says so.
        version = actions.decide(
            version=version, minutes_number=MINUTES, decided_on=timezone.localdate(), by=office, initial=True
        )
        version = actions.announce(version=version, by=editor)
        actions.put_in_force(version=version, by=editor)
