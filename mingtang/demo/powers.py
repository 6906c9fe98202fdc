"""The demo town's power list in the middle of its clean-up, and its entry register. Local notices are invented."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from mingtang.hall import entry
from mingtang.hall.models import Entry, Exemption, Window
from mingtang.lib.tx import act
from mingtang.people.models import Post, Staff, Unit
from mingtang.rulebook.laws.actions import NewArticle, NewLaw, add_law
from mingtang.rulebook.laws.citing import title_key
from mingtang.rulebook.laws.levels import LawLevel
from mingtang.rulebook.models import Campaign, Item, Law, Power
from mingtang.rulebook.powers import actions, cleanup
from mingtang.rulebook.powers.actions import DutyText, PowerText
from mingtang.rulebook.powers.enums import DutyKind, PlanClass, PowerKind, PowerSource, Verdict
from mingtang.towns.models import Jurisdiction

ORDERED, DECIDED = "万政公组纪〔2026〕2号", "万政公组纪〔2026〕3号"
NOTICE = "万庾镇人民政府通知（演示）"
HOUSE = "万庾镇机关管理制度（演示）"
REDRESS = "可以在六十日内申请行政复议，或者在六个月内向人民法院起诉。"


@dataclass(frozen=True)
class Line:
    code: str
    name: str
    type: str
    plan_class: str
    unit: str
    post: str
    law: str
    article: str
    scope: str
    duty: str
    items: tuple[str, ...] = ()
    above: str = ""
    source: str = PowerSource.STATUTORY


K, C = PowerKind, PlanClass
LINES = (
    Line("WY-XK-01", "乡村建设规划许可（村民住宅）", K.LICENCE, C.LICENCE, "construction", "build-review",
         "城乡规划法", "第四十一条", "村民在集体土地上新建、改建、扩建住房的规划许可",
         "按村庄规划审查建筑面积、层数和四至，到现场放线、验收", ("JF-001",), "县自然资源局"),
    Line("WY-XK-02", "农村村民宅基地审批", K.LICENCE, C.LICENCE, "land", "land-review",
         "土地管理法", "第六十二条", "本镇集体经济组织成员的宅基地用地审批",
         "审查一户一宅、面积标准和地类，批准结果在村里公布", ("JF-001",), "县农业农村局"),
    Line("WY-XK-03", "农村居民采伐林木许可", K.LICENCE, C.LICENCE, "forestry", "forest-check",
         "森林法", "第五十七条", "农村居民采伐自留山和个人承包集体林地上的林木",
         "两人到场核对权属、地块、树种和数量，不得超过年度限额", ("LM-001",), "县林业局", PowerSource.ENTRUSTED_ABOVE),
    Line("WY-XK-04", "木材运输证核发", K.LICENCE, C.LICENCE, "forestry", "forest-check",
         "森林法实施条例", "第三十五条", "从林区运出木材的运输证", "核对来源证明", (), "县林业局"),
    Line("WY-JF-01", "小额临时救助", K.PAYMENT, C.OTHER, "social", "social-check",
         "社会救助暂行办法", "第四十八条", "金额较小的临时救助，由镇审批并报县备案",
         "两人入户核对，不得要群众证明“没有”，名单按规定公示", ("JZ-001",), "县民政局", PowerSource.ENTRUSTED_ABOVE),
    Line("WY-GG-01", "老年人优待证办理", K.PUBLIC_SERVICE, C.OTHER, "social", "window-1",
         "老年人权益保障法", "第五十三条", "年满六十五周岁老人的优待证", "当场办结，不收费", ("LN-001",)),
    Line("WY-CF-01", "乡村违法建设的处罚", K.PENALTY, C.OTHER, "construction", "build-review",
         "城乡规划法", "第六十五条", "没有取得乡村建设规划许可或者不按许可建设的",
         "先责令停止、限期改正，听取陈述申辩后再作决定"),
    Line("WY-JC-01", "农村建房巡查", K.INSPECTION, C.OTHER, "construction", "build-review",
         "城乡规划法", "第五十三条", "在建住房是否按规划许可施工", "每处在建住房至少巡查三次，每次记录"),
    Line("WY-JC-02", "农村建房巡查", K.INSPECTION, C.OTHER, "land", "land-review",
         "土地管理法", "第六十七条", "在建住房是否占用批准以外的土地", "发现违法占地，当天制止并上报"),
    Line("WY-SF-01", "村镇建设管理费收取", K.LEVY, C.FEE, "construction", "build-review",
         NOTICE, "第三条", "向建房户按面积收取", "开具票据，全额上缴"),
    Line("WY-FX-01", "建房图纸预先审核", K.OTHER, C.NON_LICENCE, "construction", "build-review",
         NOTICE, "第二条", "建房申请以前先审图纸", "五个工作日内审完"),
    Line("WY-QT-01", "企业用工情况初核", K.OTHER, C.OTHER, "social", "social-check",
         NOTICE, "第六条", "镇内企业报送的用工名册", "只核名册，不另收材料"),
    Line("WY-NB-01", "公务用车使用审批", K.OTHER, C.INTERNAL, "party-office", "office-head",
         HOUSE, "第八条", "本机关车辆的派用", "派车记录每月公开"),
    Line("WY-NB-02", "临时聘用人员审批", K.OTHER, C.INTERNAL, "party-office", "office-head",
         HOUSE, "第十二条", "本机关临时聘用人员的进出", "岗位、人数和经费先公示"),
)  # fmt: skip

# code, who proposes, verdict, reason, change, handed to, how far it is: proposed | reviewed | settled | returned
DECISIONS = (
    ("WY-XK-01", "chengjian", Verdict.KEEP, "法律规定由镇办理，群众用得多。", "", "", "settled"),
    ("WY-XK-02", "guotu", Verdict.KEEP, "法律规定由镇审批，和规划许可合成一件事办。", "", "", "settled"),
    ("WY-XK-03", "linye", Verdict.KEEP, "县里委托，就近办理，方便群众。", "", "", "settled"),
    ("WY-XK-04", "linye", Verdict.CANCEL, "森林法 2019 年修订以后，运木材不再要运输证。", "", "", "settled"),
    ("WY-SF-01", "chengjian", Verdict.CANCEL, "只有镇里自己的通知，没有法律、行政法规依据。", "", "", "settled"),
    (
        "WY-FX-01",
        "chengjian",
        Verdict.CANCEL,
        "国家已经取消非行政许可审批，图纸在许可环节一并审查。",
        "",
        "",
        "settled",
    ),
    (
        "WY-QT-01",
        "shehui",
        Verdict.HAND_UP,
        "镇里没有执法权，核了也不能处理。",
        "",
        "县人力资源和社会保障局",
        "settled",
    ),
    ("WY-NB-02", "zhuren", Verdict.CHANGE, "权力太集中，要有人监督。", "改为会议集体决定，结果公示。", "", "settled"),
    ("WY-JF-01", "shehui", Verdict.KEEP, "救急要快，镇里办最及时。", "", "", "reviewed"),
    ("WY-GG-01", "shehui", Verdict.KEEP, "当场办结，不收费。", "", "", "proposed"),
    ("WY-JC-02", "guotu", Verdict.KEEP, "巡查要有人管。", "", "", "returned"),
)


def _staff(username: str) -> Staff:
    return Staff.objects.get(username=username)


def _list(town: Jurisdiction, line: Line) -> None:
    text = PowerText(
        name=line.name,
        type=line.type,
        plan_class=line.plan_class,
        unit=Unit.objects.get(town=town, code=line.unit),
        post=Post.objects.get(town=town, code=line.post) if line.post != "window-1" else None,
        basis=((line.law, line.article),),
        scope=line.scope,
        place="万庾镇全境" if line.plan_class != PlanClass.INTERNAL else "镇机关",
        source=line.source,
        limit="按法律规定的标准和幅度",
        above=line.above,
        redress="" if line.plan_class == PlanClass.INTERNAL else REDRESS,
        duties=(
            DutyText(DutyKind.DUTY, line.duty, f"《{line.law}》{line.article}"),
            DutyText(DutyKind.BLAME, "该办不办、超过时限办、在规定以外加材料或者收费的，追究责任"),
        ),
    )
    items = Item.objects.filter(town=town, code__in=line.items)
    actions.list_power(town=town, code=line.code, text=text, minutes_number=ORDERED, by=_staff("zhuren"), items=items)


def _decide(town: Jurisdiction, campaign: Campaign) -> None:
    office, justice = _staff("qianfa"), _staff("sifa")
    for code, who, verdict, reason, change, target, until in DECISIONS:
        decision = cleanup.propose(
            campaign=campaign,
            power=Power.objects.get(town=town, code=code),
            verdict=verdict,
            reason=reason,
            change_note=change,
            handed_to=target,
            by=_staff(who),
        )
        if until in ("reviewed", "settled"):
            decision = cleanup.review(decision=decision, by=justice)
        if until == "settled":
            cleanup.settle(decision=decision, minutes_number=DECIDED, by=office)
        if until == "returned":
            cleanup.send_back(
                decision=decision, by=justice, reason="和村镇建设办公室的权力同名，请先商定由谁主办，再提意见。"
            )


def _register(town: Jurisdiction) -> None:
    """Three items in the hall; one still outside, with a plan half signed."""
    if Entry.objects.filter(town=town).exists() or Exemption.objects.filter(town=town).exists():
        return
    head, today = _staff("zhuren"), timezone.localdate()
    for code, number in (("LN-001", 1), ("LM-001", 3), ("JF-001", 3)):
        item, window = (
            Item.objects.get(town=town, code=code),
            Window.objects.get(site__town=town, site__code="hall", number=number),
        )
        entry.enter(item=item, window=window, since_on=today - timedelta(days=20), by=head)
    relief = Item.objects.get(town=town, code="JZ-001")
    entry.exempt(
        item=relief,
        reason="社会救助系统的专线还没有接到窗口，先在社会事务办公室收件。",
        minutes_number=ORDERED,
        from_on=today - timedelta(days=20),
        until_on=today + timedelta(days=45),
        by=head,
    )
    plan = entry.plan_hand_over(
        item=relief,
        milestones=(
            ("材料清单和样表交给窗口", today),
            ("专线接到4号窗口", today + timedelta(days=20)),
            ("窗口独立收件一周，双方验收", today + timedelta(days=40)),
        ),
        by=head,
    )
    first = plan.milestones.get(order=1)
    entry.sign(milestone=first, side=entry.UNIT_SIDE, by=_staff("shehui"))
    entry.sign(milestone=first, side=entry.CENTRE_SIDE, by=head)


def _own_paper(town: Jurisdiction) -> None:
    """The town's rules of its own household, which its internal powers cite."""
    articles = tuple(NewArticle(number) for number in (8, 12))
    paper = NewLaw(HOUSE, LawLevel.NORMATIVE, date(2026, 1, 1), articles, issuer=town.name, complete=False)
    if not Law.objects.filter(town=town, key=title_key(HOUSE)).exists():
        add_law(paper, town=town)


def build_powers(town: Jurisdiction) -> None:
    """Whole or not at all; what stands is left alone."""
    with act():
        _own_paper(town)
        if not Campaign.objects.filter(town=town).exists():
            today = timezone.localdate()
            campaign = cleanup.open_campaign(
                town=town,
                title=f"{today.year}年行政权力全面清理",
                minutes_number=ORDERED,
                from_on=today - timedelta(days=30),
                to_on=today + timedelta(days=60),
                by=_staff("zhuren"),
            )
            for line in LINES:
                _list(town, line)
            _decide(town, campaign)
        _register(town)
