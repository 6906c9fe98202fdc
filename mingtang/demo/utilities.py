"""The public utilities of the demo town: taken in, and what each has published of its services, prices and promises.

Everything is invented and marked so. Some leave something open, so that the pages show it.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from mingtang.demo.documents import PUBLISHED, identity, walk
from mingtang.disclosure import actions
from mingtang.disclosure.actions import Content, Metadata
from mingtang.disclosure.enums import Theme
from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.kinds.facts import Typed, take
from mingtang.disclosure.models import Document
from mingtang.lib.tx import act
from mingtang.people import villages
from mingtang.people.models import Post, Staff, Unit, Village
from mingtang.towns.models import Jurisdiction
from mingtang.utilities import interruptions, tenants
from mingtang.utilities.enums import Cut, Urgency
from mingtang.utilities.interruptions import Told
from mingtang.utilities.models import Interruption, Tenant
from mingtang.voices import challenges, matters
from mingtang.voices.challenges import Claim, Met, row_key
from mingtang.voices.enums import MatterKind, MatterOutcome
from mingtang.voices.models import Matter

KEEPER, REVIEWER = "qianfa", "baomi"
Rows = Sequence[Sequence[str]]

# unit: (post that answers, who writes, who checks: the town's reviewer where the utility has no second person)
TENANTS = {
    "power": ("power-head", "gongdian", REVIEWER),
    "health": ("health-head", "weisheng", "yuanzhang"),
    "school": ("school-open", "xuexiao", REVIEWER),
    "telecom": ("telecom-open", "dianxin", REVIEWER),
    "mobile": ("mobile-open", "yidong", REVIEWER),
}
ABOUT = {
    "power": ("全镇的供电、抄表、报装、抢修。", "所长 辉煌（演示）", "县供电公司（演示）", "0730-5550112"),
    "health": ("看病、急诊、打预防针、慢病随访。", "院长 康安（演示）", "县卫生健康局（演示）", "0730-5550113"),
    "school": ("义务教育，学前班。", "校长 文启（演示）", "县教育局（演示）", "0730-5550114"),
    "telecom": ("固定电话、宽带。", "店长 通达（演示）", "县电信公司（演示）", "0730-5550115"),
    "mobile": ("移动电话、宽带。", "店长 传声（演示）", "县移动公司（演示）", "0730-5550116"),
}
SERVICES: dict[str, Rows] = {
    "power": (
        (
            "居民新装电表",
            "本镇住户",
            "窗口或者电话申请，上门勘查后装表",
            "供电所营业厅",
            "8:00—18:00",
            "",
            "身份证、房屋证明",
            "2",
        ),
        ("报修", "所有用户", "打电话，集镇四十五分钟、村里两小时到", "上门", "昼夜", "", "不用带", "0"),
        ("电费查询、缴纳", "所有用户", "营业厅、代收点、手机", "供电所营业厅", "8:00—18:00", "", "户号", "0"),
    ),
    "health": (
        ("门诊", "所有人", "挂号、看病、取药", "卫生院门诊楼", "8:00—17:30，急诊昼夜", "", "身份证或者医保卡", "0"),
        (
            "打预防针",
            "儿童、需要的成人",
            "按通知的日子来，先登记后接种",
            "预防接种室",
            "周三、周六上午",
            "",
            "接种本",
            "0",
        ),
    ),
    "school": (
        (
            "一年级入学",
            "学区里满六周岁的孩子",
            "八月下旬到学校登记",
            "中心学校",
            "8:30—16:30",
            "",
            "户口本、接种证",
            "5",
        ),
    ),
    "telecom": (("宽带新装", "本镇住户", "营业厅申请，师傅上门", "电信营业厅", "8:30—18:00", "", "身份证", "3"),),
    "mobile": (("办卡、补卡", "所有人", "本人到营业厅", "移动营业厅", "8:30—18:00", "", "身份证", "0"),),
}
FEES: dict[str, Rows] = {
    "power": (
        (
            "居民用电第一档",
            "每度0.60元",
            "居民生活用电价格（演示）",
            "五保户、低保户每月10度不收",
            "0.60",
            "千瓦时",
            "湘发改价〔2026〕1号（演示）",
            "政府定价",
            "省发展改革委（演示）",
            "2026-01-01",
            "",
        ),
        (
            "居民用电第二档",
            "每度0.65元",
            "居民生活用电价格（演示）",
            "",
            "0.65",
            "千瓦时",
            "湘发改价〔2026〕1号（演示）",
            "政府定价",
            "省发展改革委（演示）",
            "2026-01-01",
            "",
        ),
        (
            "农业生产用电",
            "每度0.555元",
            "农业生产用电价格（演示）",
            "",
            "0.555",
            "千瓦时",
            "湘发改价〔2026〕1号（演示）",
            "政府定价",
            "省发展改革委（演示）",
            "2026-01-01",
            "",
        ),
    ),
    "health": (
        (
            "普通门诊诊查费",
            "每次5元",
            "医疗服务价格目录（演示）",
            "65岁以上老人不收",
            "5",
            "次",
            "岳医保发〔2026〕2号（演示）",
            "政府指导价",
            "市医疗保障局（演示）",
            "2026-01-01",
            "",
        ),
        (
            "肌肉注射",
            "每次3元",
            "医疗服务价格目录（演示）",
            "",
            "3",
            "次",
            "岳医保发〔2026〕2号（演示）",
            "政府指导价",
            "市医疗保障局（演示）",
            "2026-01-01",
            "",
        ),
    ),
    "school": (
        (
            "课后服务费",
            "每学期300元",
            "课后服务收费标准（演示）",
            "低保家庭的孩子不收",
            "300",
            "学期",
            "华发改价〔2026〕3号（演示）",
            "政府指导价",
            "县发展改革局（演示）",
            "2026-02-01",
            "2027-01-31",
        ),
    ),
    "telecom": (
        (
            "宽带月租（100M）",
            "每月50元",
            "宽带资费公示（演示）",
            "",
            "50",
            "月",
            "资费方案 DX-2026-07（演示）",
            "市场调节价",
            "电信公司（演示）",
            "2026-03-01",
            "",
        ),
    ),
}
FREE: dict[str, Rows] = {
    "power": (("新装电表（居民）", "所有住户"), ("报修上门", "所有用户")),
    "health": (("国家免疫规划的疫苗", "适龄儿童"),),
    "school": (("学费、杂费、教科书", "义务教育阶段的学生"),),
    "telecom": (("停机、复机", "所有用户"),),
}
PROMISES: dict[str, Rows] = {
    "power": (
        ("接到报修到现场（集镇）", "打报修电话", "45分钟", "书面说明原因，网站上公开", "45", "分钟"),
        ("接到报修到现场（村）", "打报修电话", "2小时", "书面说明原因，网站上公开", "2", "小时"),
        ("居民新装电表", "申请以后上门装好通电", "2个工作日", "免一个月电费（演示）", "2", "工作日"),
    ),
    "health": (("急诊接诊", "到急诊室", "5分钟", "院长当面道歉，公开原因", "5", "分钟"),),
    "telecom": (("宽带故障修复", "打报修电话", "24小时", "按天退月租", "24", "小时"),),
    "mobile": (("补卡", "本人到营业厅", "30分钟", "送一个月来电显示（演示）", "30", "分钟"),),
}


VILLAGES = ("集镇社区", "长堤村", "荷花村", "青山村", "清水村", "黄湖村")


def build_villages(town: Jurisdiction) -> None:
    if not Village.objects.filter(town=town).exists():
        for name in VILLAGES:
            villages.add(town=town, name=name, by=Staff.objects.get(username=KEEPER))


def build_utilities(town: Jurisdiction) -> None:
    """Each taken in once; a second run leaves everything as it has become."""
    build_villages(town)
    for code, (owner, author, checker) in TENANTS.items():
        unit = Unit.objects.get(town=town, code=code)
        with act():
            if not Tenant.objects.filter(unit=unit).exists():
                post = Post.objects.get(town=town, code=owner)
                tenants.admit(unit=unit, owner=post, by=Staff.objects.get(username=KEEPER))
        writer = Staff.objects.get(username=author)
        reviewer = Staff.objects.get(username=checker)
        for kind, typed in _papers(unit).items():
            with act():
                _publish(unit, kind, typed, writer, reviewer)
    _interruptions(town)
    _matters(town)


def _interruptions(town: Jurisdiction) -> None:
    """One planned, one told too late, one urgent that was put off, one that waits for the second person."""
    if Interruption.objects.filter(town=town).exists():
        return
    today = timezone.localtime().replace(minute=0, second=0, microsecond=0)

    def told(unit: str, cut: str, urgency: str, begin: int, hours: int, places: str, reason: str, advice: str = ""):
        start = today + timedelta(hours=begin)
        named = [row for row in Village.objects.filter(town=town) if row.name.removesuffix("社区") in places]
        return interruptions.propose(
            tenant=Tenant.objects.get(town=town, unit__code=unit),
            cut=cut,
            urgency=urgency,
            told=Told(places, start, start + timedelta(hours=hours), reason, advice, named),
            by=Staff.objects.get(username=TENANTS[unit][1]),
        )

    checker = Staff.objects.get(username=REVIEWER)
    planned = told(
        "power", Cut.POWER, Urgency.PLANNED, 10 * 24, 9, "长堤村一至四组（演示）", "更换变压器", "请提前存水、充电。"
    )
    interruptions.announce(interruption=planned, by=checker)
    late = told("telecom", Cut.NETWORK, Urgency.PLANNED, 30, 4, "集镇人民路、新街（演示）", "光缆割接")
    interruptions.announce(interruption=late, by=checker)
    urgent = told("power", Cut.POWER, Urgency.URGENT, -1, 3, "集镇老街（演示）", "树枝压断线路", "不要碰掉下来的电线。")
    interruptions.change(
        interruption=urgent,
        told=Told(
            urgent.places,
            urgent.starts_at,
            urgent.ends_at + timedelta(hours=2),
            urgent.reason,
            urgent.advice,
            urgent.villages.all(),
        ),
        why="配件从县里送来，要多等两小时（演示）",
        by=urgent.author,
    )
    told("health", Cut.CLINIC, Urgency.PLANNED, 4 * 24, 8, "预防接种室（演示）", "设备检修", "接种改到下一个接种日。")


def _matters(town: Jurisdiction) -> None:
    """One of each kind: answered, disputed and ruled on, taken, still open."""
    if Matter.objects.filter(town=town).exists():
        return

    def told(unit: str, kind: str, text: str) -> Matter:
        tenant = Tenant.objects.get(town=town, unit__code=unit)
        token = f"demo-matter-{unit}-{kind}"
        return matters.tell(tenant=tenant, kind=kind, told=matters.Told(text), submission=token).matter

    power, telecom = (Staff.objects.get(username=TENANTS[unit][1]) for unit in ("power", "telecom"))
    row = told("power", MatterKind.COMPLAINT, "（演示）报修三个小时才来人。")
    row = matters.answer(
        matter=row, outcome=MatterOutcome.PARTLY, text="那天有两处断线，晚了四十分钟，已经向您道歉。", by=power
    )
    row = matters.dispute(matter=row, text="（演示）不止四十分钟，电话也没有人接。")
    ruling = "查了报修电话的记录，晚了七十分钟，供电所已经加了一名值班的人。"
    matters.rule(matter=row, outcome=MatterOutcome.UPHELD, text=ruling, by=Staff.objects.get(username="jiwei"))
    row = told("telecom", MatterKind.QUESTION, "（演示）宽带欠费停了，补交以后多久通？")
    row = matters.answer(matter=row, outcome=MatterOutcome.EXPLAINED, text="补交以后十分钟自动通，不收费。", by=telecom)
    matters.accept(matter=row)
    told("health", MatterKind.SUGGESTION, "（演示）赶集日门诊早开半小时。")
    told("power", MatterKind.HELP, "（演示）家里有人用呼吸机，停电那天怎么办？")
    _challenges(town)


def _challenges(town: Jurisdiction) -> None:
    """One fee that was really charged otherwise and is asked about again, one promise that waits for the office."""
    power, fees = Unit.objects.get(town=town, code="power"), identity("power-utility-fees")
    document = Document.objects.select_related("current").get(town=town, identity=fees)
    first, standard = FEES["power"][0][:2]
    claim = Claim(power, document.subject, document.current.number, row_key(first), f"{power}：{first} {standard}")
    met = Met("（演示）代收点每度收了我0.62元。", "上个月", "集镇代收点", "")
    row = challenges.challenge(claim=claim, met=met, submission="demo-challenge-fee").matter
    text = "查到一处代收点多收了2分，差额已经退，收费牌换了新的。"
    keeper, office = (Staff.objects.get(username=name) for name in (TENANTS["power"][1], "jiwei"))
    row = challenges.propose(matter=row, outcome=MatterOutcome.UPHELD, text=text, by=keeper)
    row = challenges.confirm(matter=row, by=office)
    challenges.ask_again(matter=row, text="（演示）差额退到了代收点，没有退给我。")
    promise = Document.objects.select_related("current").get(town=town, identity=identity("power-utility-promise"))
    service, _, limit, *_ = PROMISES["power"][1]
    claim = Claim(power, promise.subject, promise.current.number, row_key(service), f"{power}：{service} {limit}")
    met = Met("（演示）打了电话，第二天上午才来人。", "11月20日", "长堤村", "0730-5550199")
    row = challenges.challenge(claim=claim, met=met, submission="demo-challenge-promise").matter
    text = "当天雷雨，三处断线，到长堤村用了十五个小时，没有按承诺书面说明，已经补上。"
    challenges.propose(matter=row, outcome=MatterOutcome.UPHELD, text=text, by=keeper)


def _papers(unit: Unit) -> dict[str, Typed]:
    """What a utility publishes, by kind."""
    duties, head, superior, phone = ABOUT[unit.code]
    place = (f"{unit.name}（演示）", "万庾镇人民路（演示地址）", "8:00—18:00", unit.phone, duties)
    channels = (
        ("电话", unit.phone, "昼夜", "当时答复，查清的三天"),
        ("网页", "本站“公用单位”", "昼夜", "按写明的日子"),
    )
    found = {
        "utility-about": Typed(
            {"duties": duties, "head": head, "superior": superior, "superior_phone": phone},
            {"places": (place,), "channels": channels},
        ),
        "utility-services": Typed(
            {"hotline": unit.phone},
            {"services": [(*row[:5], row[5] or unit.phone, *row[6:]) for row in SERVICES[unit.code]]},
        ),
    }
    asked = {"unit": unit.name, "complaint": "0730-5550002"}
    if unit.code in FEES:
        found["utility-fees"] = Typed(asked, {"fees": FEES[unit.code], "free": FREE[unit.code]})
    if unit.code in PROMISES:
        more = {"address": "万庾镇人民路（演示地址），8:00—18:00", "repair": unit.phone}
        found["utility-promise"] = Typed(asked | more, {"promises": PROMISES[unit.code]})
    return found


def _publish(unit: Unit, kind: str, typed: Typed, writer: Staff, reviewer: Staff) -> None:
    mark = identity(f"{unit.code}-{kind}")
    if Document.objects.filter(town=unit.town, identity=mark).exists():
        return
    facts, faults = take(kind_of(kind), typed)
    if faults:
        raise ValueError(f"{unit.code} {kind}: {faults}")
    edition = actions.draft(
        town=unit.town,
        metadata=Metadata(
            unit=unit,
            kind=kind,
            theme=Theme.UTILITY,
            generated_on=timezone.localdate(),
            source=unit.name,
            identity=mark,
        ),
        content=Content(f"{unit.name}：{kind_of(kind).name}（演示）", "", facts=facts),
        by=writer,
    )
    walk(edition, PUBLISHED, writer, reviewer, Staff.objects.get(username=KEEPER))
