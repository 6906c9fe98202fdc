"""Information of the demo town, written for the demo: drafted, reviewed, signed and published by three persons.

Figures, telephones and places are invented; the laws named exist.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils import timezone

from mingtang.disclosure import actions
from mingtang.disclosure.actions import Content, Metadata
from mingtang.disclosure.enums import Side, Theme
from mingtang.disclosure.models import Document, Edition
from mingtang.disclosure.reviewing import CLEAR, Answers, Sheet, things
from mingtang.events.log import Actor
from mingtang.files import actions as files
from mingtang.files.models import StoredFile
from mingtang.lib.canonical import sha256_hex
from mingtang.lib.tx import act
from mingtang.people.models import Staff, Unit
from mingtang.people.policies import actor
from mingtang.towns.models import Jurisdiction

# How far a document of the demo has come.
DRAFT, IN_REVIEW, SIGNED, PUBLISHED = "draft", "in_review", "signed", "published"


@dataclass(frozen=True)
class Paper:
    """``body`` takes the year; a line that begins with ``#`` is a heading, a list of rows a table with a head.

    ``attachments`` are (name, lines); ``correction`` is (what to replace, by what, why): a second edition.
    """

    key: str
    unit: str
    theme: str
    title: str
    body: Sequence[str | list[tuple[str, ...]]]
    author: str = "bianji"
    number: str = ""
    reach: str = PUBLISHED
    attachments: Sequence[tuple[str, Sequence[str]]] = ()
    correction: tuple[str, str, str] | None = None


PAPERS = (
    Paper(
        "plan",
        "party-office",
        Theme.PLAN,
        "万庾镇{year}年政务公开工作要点（演示）",
        (
            "各村、社区，镇直各单位：",
            "为了让群众看得见、看得懂、能监督，现将今年政务公开要做的事安排如下。",
            "# 一、公开什么",
            "凡是和群众办事、花钱、用地、救助有关的，除法律规定不能公开的以外，都要公开。每件事写明谁来办、凭什么办、要带什么、多久办好、收不收费。",
            "# 二、谁来公开，什么时候公开",
            [
                ("内容", "责任单位", "什么时候更新"),
                ("办事指南", "便民服务中心", "一有变动就更新"),
                ("专项资金安排", "党政办公室", "每半年一次"),
                ("救助政策和名额", "社会事务办公室", "每季度一次"),
                ("建房审批结果", "自然资源所", "每季度一次"),
                ("供电收费和停电安排", "供电所", "停电前七天"),
            ],
            "# 三、怎样保证公开是真的",
            "信息公开前由一人起草、一人审查、一人签发，三个人不能是同一个人。公开的日期由公开日志记下，谁也不能倒签。",
            "到期没有公开的，网站上空着的位置照样显示，写明是哪个单位的事。",
            "# 四、怎样监督",
            "群众发现不公开、乱公开的，可以打监督电话0730-5550002，也可以到便民服务中心当面说。",
        ),
        number="万政发〔{year}〕3号",
    ),
    Paper(
        "power-fees",
        "power",
        Theme.UTILITY,
        "万庾供电所收费项目和标准（演示）",
        (
            "供电所只收下面列出的费用。表里没有的，一律不收。下列数字是演示用的。校验电表的收费，以收费公示牌为准。",
            [
                ("项目", "单位", "标准", "说明"),
                ("居民用电第一档", "元/千瓦时", "0.60", "每月200千瓦时以内"),
                ("居民用电第二档", "元/千瓦时", "0.65", "每月201至400千瓦时"),
                ("居民用电第三档", "元/千瓦时", "0.90", "每月400千瓦时以上"),
                ("农业生产用电", "元/千瓦时", "0.55", "排灌、育秧、烘干"),
                ("新装电表（居民）", "元/户", "0", "不收费"),
                ("校验电表（居民）", "元/块", "30", "低保户、特困户不收；表不准的，全退"),
            ],
            "对收费有疑问，请先打0730-5550012。三天没有答复的，打监督电话0730-5550002。",
        ),
        author="gongdian",
    ),
    Paper(
        "power-promises",
        "power",
        Theme.UTILITY,
        "万庾供电所服务承诺（演示）",
        (
            "一、计划停电提前七天告知，临时停电提前二十四小时告知。",
            "二、接到报修后，集镇四十五分钟到现场，村里两小时到现场。",
            "三、居民新装电表，申请之日起三个工作日内装好通电。",
            "四、六十岁以上老人、残疾人打一个电话，我们上门办。",
            "五、做不到的，向您书面说明原因，并在网站上公开。",
            "报修电话：0730-5550012，昼夜有人接。",
        ),
        author="gongdian",
        correction=("三个工作日", "两个工作日", "办理时限缩短一天，自公开之日起执行"),
    ),
    Paper(
        "market-day",
        "centre",
        Theme.SERVICE,
        "关于赶集日延长窗口服务时间的通知（演示）",
        (
            "为方便群众赶集时顺路办事，便民服务中心在逢五、逢十的赶集日延长服务时间，中午不休息。",
            [
                ("窗口", "办什么", "平日", "赶集日"),
                ("1号 综合", "优待证、证明、咨询", "8:30—12:00，14:30—17:30", "8:00—18:00"),
                ("3号 建房用地", "建房、采伐", "8:30—12:00，14:30—17:30", "8:00—18:00"),
                ("4号 社会事务", "救助、优抚", "8:30—12:00，14:30—17:30", "8:00—18:00"),
            ],
            "行动不便的老人，可以打0730-5550001约上门服务，不收费。",
        ),
    ),
    Paper(
        "funds",
        "party-office",
        Theme.FINANCE,
        "万庾镇{year}年上半年专项资金安排情况（演示）",
        (
            "现将今年上半年镇里安排的专项资金公开如下，数字是演示用的，单位：万元。",
            [
                ("项目", "资金来源", "安排", "已支付", "用在哪里"),
                ("村组道路维修", "县级补助", "86.00", "51.60", "四个村，共7.2公里"),
                ("农田水渠清淤", "省级补助", "42.50", "42.50", "三个村，共11公里"),
                ("农村厕所改造", "县级补助", "28.00", "19.60", "140户，验收后支付"),
                ("敬老院取暖", "镇级预算", "9.80", "9.80", "更换锅炉一台"),
                ("合计", "", "166.30", "123.50", ""),
            ],
            "拨付到户的补助另行按村公示。对任何一笔有疑问，可以到党政办公室查看凭证，也可以打0730-5550004。",
        ),
    ),
    Paper(
        "house-guide",
        "construction",
        Theme.LAND,
        "农村建房一看就懂（演示）",
        (
            "# 能不能建",
            "一户只有一处宅基地；建房要在村庄规划划定的范围里，不能占永久基本农田。依据是《中华人民共和国土地管理法》第六十二条。",
            "# 怎样办",
            "先向村里提出，村民代表会议同意、在村里公示以后，把材料交到便民服务中心3号窗口。自然资源所和村镇建设办公室同时审查，您只跑一次。",
            "# 图纸怎么办",
            "可以直接选用镇里提供的通用图样，不收费，目录见附件。请人另画也可以。",
            "# 找谁问",
            "自然资源所0730-5550009，村镇建设办公室0730-5550008。",
        ),
        attachments=(
            (
                "农房通用图样目录（演示）.docx",
                (
                    "农房通用图样目录（演示）",
                    "一号图：两层三开间，占地110平方米，建筑面积210平方米。",
                    "二号图：两层两开间，占地90平方米，建筑面积170平方米。",
                    "三号图：一层三开间，占地120平方米，适合老人居住，门口有坡道。",
                ),
            ),
            (
                "建房申请自查清单（演示）.txt",
                (
                    "建房申请自查清单（演示）",
                    "1. 全家人的身份证和户口簿",
                    "2. 农村宅基地和建房申请表，签字按手印",
                    "3. 村民代表会议的决议和公示记录",
                    "4. 设计图，或者写明选用几号通用图样",
                ),
            ),
        ),
    ),
    Paper(
        "relief-quota",
        "social",
        Theme.RELIEF,
        "万庾镇小额临时救助政策和发放情况（演示）",
        (
            "家里突然遇到火灾、重病、意外，生活一时过不下去的，可以申请临时救助。依据是《社会救助暂行办法》第四十七条、第四十八条。",
            "今年发放情况如下，数字是演示用的。受助人是谁，依法不公开。",
            [
                ("季度", "申请（户）", "批准（户）", "发放（元）", "平均几个工作日办好"),
                ("第一季度", "12", "10", "18000", "5"),
                ("第二季度", "9", "9", "14500", "4"),
                ("第三季度", "11", "9", "16200", "5"),
            ],
            "没有批准的，都当面说明了原因，并告诉了怎样复议。申请请到4号窗口，或者打0730-5550011。",
        ),
    ),
    Paper(
        "forest-fire",
        "forestry",
        Theme.SAFETY,
        "关于做好冬春森林防火的通告（演示）",
        (
            "冬春季节天干物燥，为保护大家的山林和家园，现将防火的事告诉大家。",
            "一、林区和离林区三十米以内，不烧田埂、不烧秸秆、不烧灰积肥。",
            "二、上坟祭祖用鲜花，不带火种上山。",
            "三、看见山火，先打12119，再打林业站0730-5550010。不要自己上山打火，老人、小孩、孕妇不参加扑火。",
            "四、违反规定用火的，依照《森林防火条例》第五十条处理。",
        ),
    ),
    Paper(
        "detailed-rules",
        "party-office",
        Theme.PLAN,
        "万庾镇{year}年政务公开实施细则（演示）",
        (
            "各村、社区，镇直各单位：",
            "《万庾镇{year}年政务公开工作要点》（万政发〔{year}〕3号）已经印发。为了把要点里的每一件事落到人、落到天，制定本细则。本镇自2020-01-01起按新的政务公开规定办理，本细则与它不一致的，以上级规定为准。",
            "一、谁来公开",
            "（一）谁制作，谁公开。文件由哪个办公室制作，就由哪个办公室公开；几个单位一起制作的，由牵头的单位公开。从别处转来的，由保存的单位公开，写明来源。",
            "（二）每个栏目有一个责任岗位。栏目空着，网页上写的就是这个岗位的名字和电话。岗位换人，从换人的当天起由接手的人负责，交接单留在党政办公室备查。",
            "（三）起草、审查、签发是三个人。人手再紧，也不能由一个人办两步；本单位凑不齐三个人的，请党政办公室指定。",
            "二、公开什么，什么时候公开",
            "（一）文件形成或者变更之后，二十个工作日以内公开；停电停水、地质灾害、森林火险这样的急事，随到随公开，来不及走完程序的，先打电话、敲锣、用大喇叭告诉群众，当天补办手续。",
            "（二）花钱的事，安排多少、付了多少、用在哪里，每半年公开一次，精确到分；拨付到户的，只公开到村和户数，不公开受助人的姓名。",
            "（三）办事的事，以事项的现行版本为准。窗口要的材料比网页上多一样，就是出格，要给群众出格单，并在网页上公开。",
            "三、怎样算公开到了",
            "（一）放在网上不等于群众知道。停电、防火、救助、建房这四类，除了网上公开，还要印出来贴到村里的公开栏，纸上印二维码，扫码打开的是印发时的那一版，有了新版会写明。",
            "（二）窗口每天8:30—12:00、14:30—17:30开门，群众要纸的，当场印给他，不收钱，印了几份当天登记。不识字的，读给他听。",
            "（三）每季度看一次：网页打开几次、扫码几次、印发几份、邮件送到几封。应知的事项到达率不到95%的，村干部上门讲一遍。",
            "四、写错了怎么办",
            "（一）写错一个字也要出更正版，写明为什么更正，旧版留着给人查对。不许悄悄改。",
            "（二）不该公开的公开了，先撤下，再查原因；撤下的位置留着编号和理由，证明这里有过一份文件。",
            "（三）群众指出错误的，三个工作日以内答复；指得对的，谢谢人家，并在更正说明里写明是群众发现的。",
            "五、谁来监督",
            "纪委每月抽查一次，抽到的文件从起草到公开的每一步都要说得清。群众可以打监督电话0730-5550002，也可以自己核对公开日志。发现日期倒签、内容被改的，依照有关规定处理。",
        ),
        number="万政发〔{year}〕5号",
    ),
    Paper(
        "house-results",
        "land",
        Theme.LAND,
        "万庾镇第三季度农村建房审批情况（演示）",
        (
            "第三季度收到建房申请17件，批准14件，不批准1件，还在办的2件，没有超期的。数字是演示用的。",
            [
                ("村", "申请", "批准", "不批准", "在办"),
                ("清水村", "6", "5", "0", "1"),
                ("长堤村", "7", "6", "1", "0"),
                ("荷花村", "4", "3", "0", "1"),
            ],
            "不批准的一件，选址在永久基本农田里，已书面说明理由，并告诉了怎样复议、怎样另选地方。",
        ),
        reach=IN_REVIEW,
    ),
    Paper(
        "wishes",
        "news",
        Theme.OTHER,
        "您最想看到镇里公开什么？（演示）",
        (
            "为了把公开的事办到群众心坎上，现在征求大家的意见。",
            "您可以到便民服务中心填一张纸，也可以打0730-5550005，说给我们听，我们记下来。",
            "收到的每一条意见，采纳不采纳，都在网站上答复。",
        ),
        reach=DRAFT,
    ),
)


def html_of(body: Sequence[str | list[tuple[str, ...]]], year: int) -> str:
    parts = []
    for piece in body:
        if isinstance(piece, list):
            head, *rows = piece
            parts.append("<table><tr>" + "".join(f"<th>{escape(cell)}</th>" for cell in head) + "</tr>")
            parts += ["<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows]
            parts.append("</table>")
        elif piece.startswith("# "):
            parts.append(f"<h2>{escape(piece[2:])}</h2>")
        else:
            parts.append(f"<p>{escape(piece.format(year=year))}</p>")
    return "".join(parts)


_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(lines: Sequence[str]) -> bytes:
    """A Word file with a paragraph for every line; the same bytes for the same lines."""
    text = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines)
    document = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<w:document xmlns:w="{_WORD}"><w:body>{text}</w:body></w:document>'
    )
    buffer = BytesIO()
    parts = (("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELATIONS), ("word/document.xml", document))
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, ZIP_DEFLATED)
    return buffer.getvalue()


def _attach(town: Jurisdiction, paper: Paper, by: Actor) -> list[tuple[StoredFile, str, list[tuple[str, str]]]]:
    found = []
    for name, lines in paper.attachments:
        data = docx(lines) if name.endswith(".docx") else "\n".join(lines).encode()
        stored = files.store(town=town, name=name, stream=BytesIO(data), by=by, purpose="document")
        found.append((stored, name, files.text_of(stored).parts))
    return found


def identity(key: str) -> str:
    """What tells a second run that a document of the demo stands already."""
    return sha256_hex(f"demo:{key}".encode())


def cleared(edition: Edition) -> Sheet:
    """A sheet on which nothing stands against publication."""
    nothing = Answers(dict.fromkeys(Side.values, CLEAR))
    of = {thing.key: nothing for thing in things(edition.revision)}
    return Sheet(edition.revision.sha256, of, warnings_seen=True)


def walk(edition: Edition, reach: str, author: Staff, reviewer: Staff, signer: Staff) -> None:
    """Send an edition on its way, each step by the person whose duty it is."""
    steps: list[Callable[[], Edition]] = []
    if reach != DRAFT:
        steps.append(lambda: actions.submit(edition=edition, by=author))
    if reach in {SIGNED, PUBLISHED}:
        steps += [
            lambda: actions.review(edition=edition, by=reviewer, sheet=cleared(edition)),
            lambda: actions.sign(edition=edition, by=signer),
        ]
    if reach == PUBLISHED:
        steps.append(lambda: actions.publish(edition=edition, by=signer))
    for step in steps:
        step()


def _build(town: Jurisdiction, paper: Paper, today: date) -> None:
    author, reviewer, signer = (Staff.objects.get(username=name) for name in (paper.author, "baomi", "qianfa"))
    title, body = paper.title.format(year=today.year), html_of(paper.body, today.year)
    attachments = _attach(town, paper, actor(author))
    edition = actions.draft(
        town=town,
        metadata=Metadata(
            unit=Unit.objects.get(town=town, code=paper.unit),
            theme=paper.theme,
            doc_number=paper.number.format(year=today.year),
            generated_on=today,
            source=town.name,
            identity=identity(paper.key),
        ),
        content=Content(title, body, attachments),
        by=author,
    )
    walk(edition, paper.reach, author, reviewer, signer)
    if paper.correction:
        wrong, right, why = paper.correction
        corrected = actions.new_edition(
            document=edition.document,
            content=Content(title, body.replace(wrong, right), attachments),
            by=author,
            note=why,
        )
        walk(corrected, PUBLISHED, author, reviewer, signer)


def build_documents(town: Jurisdiction) -> None:
    """Each document whole or not at all; one that stands is left alone, whatever has become of it."""
    today = timezone.localdate()
    for paper in PAPERS:
        with act():
            if not Document.objects.filter(town=town, identity=identity(paper.key)).exists():
                _build(town, paper, today)
