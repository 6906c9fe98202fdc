"""The demo town and its organisation, as the work plan names it. People, telephones and numbers are invented."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from mingtang.events.log import CONSOLE
from mingtang.hall.models import Site, Window
from mingtang.lib.tx import act
from mingtang.people import actions
from mingtang.people.enums import Role, Trade, UnitKind
from mingtang.people.models import Post, Staff, Unit
from mingtang.towns.models import Host, Jurisdiction, Level
from mingtang.workdays.actions import seed

PASSWORD = "wanyu-demo"  # noqa: S105 (printed on purpose: a demo town's log-in)
COUNTY = {"code": "430623", "prefix": "HR", "name": "华容县", "level": Level.COUNTY, "site_name": "华容县政务公开"}
TOWN = {
    "code": "430623107",
    "prefix": "WY",
    "name": "万庾镇",
    "uscc": "11430623006382329L",
    "site_name": "万庾镇人民政府",
    "site_code": "4306230000",
    "phone": "0730-5550001",
    "complaint_phone": "0730-5550002",
    "address": "万庾镇人民路（演示地址）",
    "is_demo": True,
}

# code: (name, kind, duty, phone)
UNITS: dict[str, tuple[str, str, str, str]] = {
    "leading-group": (
        "政务公开领导小组",
        UnitKind.LEADING_GROUP,
        "统一领导政务公开，批准事项和收费的变动",
        "0730-5550003",
    ),
    "party-office": ("党政办公室", UnitKind.OFFICE, "牵头推行政务公开，安排部署，汇总情况，保密审查", "0730-5550004"),
    "news": ("新闻信息中心", UnitKind.OFFICE, "编辑发布政府信息，宣传政务公开", "0730-5550005"),
    "justice": ("司法所", UnitKind.STATION, "指导政务公开的法治化，审核事项的合法性", "0730-5550006"),
    "discipline": ("纪委", UnitKind.OFFICE, "监督检查政务公开，追究责任", "0730-5550007"),
    "centre": ("便民服务中心", UnitKind.CENTRE, "集中公开和办理行政许可、公共服务", "0730-5550001"),
    "construction": ("村镇建设办公室", UnitKind.OFFICE, "村镇规划和建房审查", "0730-5550008"),
    "land": ("自然资源所", UnitKind.STATION, "宅基地和农用地审查", "0730-5550009"),
    "forestry": ("林业站", UnitKind.STATION, "林木采伐的核查", "0730-5550010"),
    "social": ("社会事务办公室", UnitKind.OFFICE, "社会救助、老年人服务", "0730-5550011"),
    "finance": ("财政所", UnitKind.STATION, "收费对账、开票据，非税收入缴入国库", "0730-5550017"),
    "power": ("供电所", UnitKind.UTILITY, "供电服务，公开电价和服务承诺", "0730-5550012"),
    "health": ("卫生院", UnitKind.UTILITY, "看病、打预防针，公开诊疗和药品的价格（演示单位）", "0730-5550013"),
    "school": ("中心学校", UnitKind.UTILITY, "义务教育，公开学校的收费（演示单位）", "0730-5550014"),
    "telecom": ("电信营业厅", UnitKind.UTILITY, "固定电话和宽带服务（演示单位）", "0730-5550015"),
    "mobile": ("移动营业厅", UnitKind.UTILITY, "移动电话服务（演示单位）", "0730-5550016"),
}
TRADES = {
    "power": Trade.POWER,
    "health": Trade.HEALTH,
    "school": Trade.EDUCATION,
    "telecom": Trade.TELECOM,
    "mobile": Trade.MOBILE,
}

# code: (unit, name, roles, leader)
POSTS: dict[str, tuple[str, str, list[str], bool]] = {
    "group-head": ("leading-group", "组长", [], True),
    "office-admin": ("party-office", "系统管理员", [Role.ADMINISTRATOR], False),
    "office-secrecy": ("party-office", "保密审查员", [Role.SECRECY_REVIEWER], False),
    "office-head": ("party-office", "主任", [Role.SIGNER, Role.OFFICE_HEAD], True),
    "news-editor": ("news", "编辑", [Role.EDITOR], False),
    "justice-head": ("justice", "所长", [Role.JUSTICE], True),
    "discipline-head": ("discipline", "书记", [Role.DISCIPLINE], True),
    "centre-head": ("centre", "主任", [Role.CENTRE_HEAD], True),
    "window-1": ("centre", "综合窗口", [Role.WINDOW_CLERK, Role.DECIDER], False),
    "window-3": ("centre", "建房用地窗口", [Role.WINDOW_CLERK], False),
    "window-4": ("centre", "社会事务窗口", [Role.WINDOW_CLERK], False),
    "station-changdi": ("centre", "长堤村代办员", [Role.WINDOW_CLERK], False),
    "land-review": ("land", "用地审查岗", [Role.STEP_OWNER], False),
    "build-review": ("construction", "规划审查岗", [Role.STEP_OWNER], False),
    "forest-check": ("forestry", "现场核查岗", [Role.STEP_OWNER], False),
    "social-check": ("social", "入户核对岗", [Role.STEP_OWNER], False),
    "deputy-mayor": ("leading-group", "分管副镇长", [Role.DECIDER], True),
    "cashier": ("finance", "收费岗", [Role.CASHIER], False),
    "power-service": ("power", "客户服务岗", [Role.TENANT_EDITOR, Role.ITEM_EDITOR], False),
    "power-meter": ("power", "计量岗", [Role.STEP_OWNER], False),
    "power-head": ("power", "所长", [Role.UNIT_HEAD, Role.DECIDER], True),
    "health-open": ("health", "公开岗", [Role.TENANT_EDITOR], False),
    "health-head": ("health", "院长", [Role.TENANT_CHECKER], True),
    "school-open": ("school", "公开岗", [Role.TENANT_EDITOR], False),
    "telecom-open": ("telecom", "营业岗", [Role.TENANT_EDITOR], False),
    "mobile-open": ("mobile", "营业岗", [Role.TENANT_EDITOR], False),
    "land-head": ("land", "所长", [Role.UNIT_HEAD], True),
    "forestry-head": ("forestry", "站长", [Role.UNIT_HEAD], True),
    "social-head": ("social", "主任", [Role.UNIT_HEAD], True),
}


@dataclass(frozen=True)
class Login:
    username: str
    name: str
    post: str
    does: str


LOGINS = (
    Login("bianji", "苏禾（演示）", "news-editor", "起草政府信息"),
    Login("baomi", "何慎（演示）", "office-secrecy", "保密审查"),
    Login("qianfa", "罗正（演示）", "office-head", "签发、公开，登记领导小组的决定"),
    Login("zhuren", "方圆（演示）", "centre-head", "管窗口、编制事项"),
    Login("sifa", "严律（演示）", "justice-head", "审核事项的合法性"),
    Login("chuangkou1", "文清（演示）", "window-1", "综合窗口：收件、当场办结"),
    Login("chuangkou3", "易安（演示）", "window-3", "建房用地窗口：收件、受理、送达"),
    Login("chuangkou4", "林暖（演示）", "window-4", "社会事务窗口：收件、受理、送达"),
    Login("guotu", "田间（演示）", "land-review", "用地审查"),
    Login("chengjian", "梁木（演示）", "build-review", "规划审查"),
    Login("linye", "柏青（演示）", "forest-check", "采伐现场核查"),
    Login("shehui", "惠民（演示）", "social-check", "入户核对"),
    Login("zhenzhang", "江平（演示）", "deputy-mayor", "作出决定"),
    Login("jiwei", "纪明（演示）", "discipline-head", "监督检查"),
    Login("gongdian", "明亮（演示）", "power-service", "供电所：发布信息、编制本所的事项"),
    Login("guanli", "管用（演示）", "office-admin", "补录历史信息、日历"),
    Login("suozhang", "池深（演示）", "land-head", "自然资源所负责人：同意本所事项的变动"),
    Login("zhanzhang", "林荫（演示）", "forestry-head", "林业站负责人：同意本站事项的变动"),
    Login("jiliang", "舒准（演示）", "power-meter", "电能表校验"),
    Login("diansuo", "辉煌（演示）", "power-head", "供电所负责人：作出决定，同意本所事项的变动"),
    Login("shoufei", "金准（演示）", "cashier", "收费对账：看缴款、开票据、退款"),
    Login("shezhuren", "安和（演示）", "social-head", "社会事务办公室负责人：同意本办事项的变动"),
    Login("weisheng", "卫宁（演示）", "health-open", "卫生院：公开本院的服务、收费、停诊"),
    Login("yuanzhang", "康安（演示）", "health-head", "卫生院院长：核对本院要公开的"),
    Login("xuexiao", "文启（演示）", "school-open", "中心学校：公开本校的收费、招生"),
    Login("dianxin", "通达（演示）", "telecom-open", "电信营业厅：公开资费、断网通知"),
    Login("yidong", "传声（演示）", "mobile-open", "移动营业厅：公开资费、断网通知"),
    Login("cunban", "乡音（演示）", "station-changdi", "长堤村代办员：登记号单，在村里接待、收件"),
)

WINDOWS = (
    (1, "综合", "centre", "window-1"),
    (3, "建房用地", "land", "window-3"),
    (4, "社会事务", "social", "window-4"),
)

# post, item code, who granted it
DELEGATIONS = (
    ("window-1", "LN-001", "social"),
    ("deputy-mayor", "LM-001", "leading-group"),
    ("deputy-mayor", "JF-001", "leading-group"),
    ("deputy-mayor", "JZ-001", "leading-group"),
)


def build_town() -> Jurisdiction:
    """The county, the town, its host names and the calendar; the same ones again when they stand already."""
    with act():
        county, _ = Jurisdiction.objects.get_or_create(code=COUNTY["code"], defaults=COUNTY)
        town, _ = Jurisdiction.objects.get_or_create(
            code=TOWN["code"],
            defaults={
                **TOWN,
                "parent": county,
                "is_default": not Jurisdiction.objects.filter(is_default=True).exists(),
            },
        )
        for name in ("127.0.0.1", "localhost"):
            Host.objects.get_or_create(name=name, defaults={"jurisdiction": town})
    seed(town=town, by=CONSOLE)
    return town


def build_organisation(town: Jurisdiction) -> None:
    """Units, posts, staff, windows and letters of delegation."""
    with act():
        for order, (code, (name, kind, duty, phone)) in enumerate(UNITS.items()):
            Unit.objects.get_or_create(
                town=town,
                code=code,
                defaults={
                    "name": name,
                    "kind": kind,
                    "trade": TRADES.get(code, ""),
                    "duty": duty,
                    "phone": phone,
                    "order": order,
                },
            )
        units = {unit.code: unit for unit in Unit.objects.filter(town=town)}
        for code, (unit, name, roles, leader) in POSTS.items():
            Post.objects.get_or_create(
                town=town,
                code=code,
                defaults={"unit": units[unit], "name": name, "roles": roles, "is_leader": leader},
            )
        _bring_up(town)
        posts = {post.code: post for post in Post.objects.filter(town=town)}
        began = timezone.now() - timedelta(days=30)
        # One hash for all: sixteen would cost a newcomer eight seconds, and the password is printed anyway.
        hashed = make_password(PASSWORD)
        # A town made by an earlier release keeps its numbers; who joined since gets the next one.
        held = Staff.objects.filter(town=town, number__regex=r"^[0-9]+$").values_list("number", flat=True)
        numbers = count(max([1000, *map(int, held)]) + 1)
        for login in LOGINS:
            if Staff.objects.filter(username=login.username).exists():
                continue
            number = str(next(numbers))
            staff = Staff.objects.create(
                town=town, username=login.username, name=login.name, number=number, password=hashed
            )
            actions.appoint(staff=staff, post=posts[login.post], by=CONSOLE, valid_from=began)
        _windows(town, units, posts)
        _delegations(town, units, posts, began)


def _bring_up(town: Jurisdiction) -> None:
    """Give the units and posts of a town that an earlier release made the trade and roles they have today."""
    for unit in Unit.objects.filter(town=town, code__in=TRADES):
        if unit.trade != TRADES[unit.code]:
            unit.trade = TRADES[unit.code]
            unit.save(update_fields=["trade"])
    for post in Post.objects.filter(town=town, code__in=POSTS):
        if post.roles != (roles := POSTS[post.code][2]):
            post.roles = roles
            post.save(update_fields=["roles"])


def _windows(town: Jurisdiction, units: dict[str, Unit], posts: dict[str, Post]) -> None:
    site, _ = Site.objects.get_or_create(
        town=town,
        name="万庾镇便民服务中心",
        defaults={
            "address": TOWN["address"],
            "hours": "周一至周五 8:30—12:00，14:30—17:30；赶集日中午不休",
            "phone": TOWN["phone"],
        },
    )
    for number, name, unit, post in WINDOWS:
        Window.objects.get_or_create(
            town=town, site=site, number=number, defaults={"name": name, "unit": units[unit], "post": posts[post]}
        )


def _delegations(town: Jurisdiction, units: dict[str, Unit], posts: dict[str, Post], began: datetime) -> None:
    for number, (post, item, grantor) in enumerate(DELEGATIONS, 1):
        letter = f"万授〔2026〕{number}号"
        if posts[post].delegations.filter(number=letter).exists():
            continue
        actions.delegate(
            grantor=units[grantor],
            post=posts[post],
            number=letter,
            item_code=item,
            step_code="decide",
            valid_from=began,
            valid_to=began + timedelta(days=730),
            by=CONSOLE,
        )
