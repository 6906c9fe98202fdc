"""The sections of the editor, in the order of the six disclosures. What is not said here cannot be kept at the desk."""

from mingtang.desk.keeping.kinds import Choice, Choices, Day, Flag, Lines, Long, Money, Text, Whole
from mingtang.desk.keeping.shape import Field, Rows, Section, Start
from mingtang.rulebook import enums
from mingtang.rulebook.actions import MAX_NAME
from mingtang.rulebook.requirements.text import MAX_COPIES, MAX_DAYS, MAX_MONTHS
from mingtang.rulebook.situations import MAX_OPTIONS, MAX_SITUATIONS
from mingtang.rulebook.spec import Basis, Fee, Material, Option, Procedure, Question, Reduction, Result, Situation, Work

RESULT_KINDS = tuple((kind, kind) for kind in ("证照", "批文", "其他", "无"))


def _choice(words: type, **more: bool) -> Choice:
    return Choice(tuple((value, str(label)) for value, label in words.choices if value), **more)


_RESULTS = Rows(
    "results",
    "结果",
    Result,
    (
        Field("name", "办成后得到什么", Text(60), "例如：林木采伐许可证。不发证的，写“登记完成”这样的话。"),
        Field("kind", "类型", Choice(RESULT_KINDS)),
        Field("validity", "有效期", Text(60), "例如：一年；长期有效。"),
        Field("months", "有效期几个月", Whole(MAX_MONTHS, unit="个月"), "没有期限的填 0。"),
    ),
    (Start("加一个结果", {"kind": "证照"}),),
    carried=("was",),
    spare=True,
    most=10,
)
WHAT = Section(
    "what",
    "办什么",
    (
        Field("name", "事项名称", Text(MAX_NAME, wide=True), "群众看得懂的叫法，一件事一个名称。"),
        Field(
            "kind", "办件类型", _choice(enums.CaseKind, radio=True), "当场办完的是即办件；几个部门一起办的是联办件。"
        ),
        Field("power_type", "事项类型", _choice(enums.PowerType)),
        Field(
            "summary", "给谁办、办什么", Long(300), "一两句话。例如：给年满六十五周岁的老人办理优待证，凭证免费乘车。"
        ),
        Field("served", "面向谁", Choices(tuple(enums.Served.choices))),
        _RESULTS,
    ),
    also=("unit",),
)
BASIS = Section(
    "basis",
    "依据",
    (
        Rows(
            "basis",
            "依据",
            Basis,
            (
                Field("law", "法律法规名称", Text(120, hints="laws")),
                Field("article", "条款", Text(60), "例如：第五十七条；第四十七条、第四十八条。"),
            ),
            (Start("加一条依据"),),
            head="law",
            spare=True,
            flat=True,
            most=20,
        ),
        Field("holder", "以谁的名义办", Text(60)),
        Field("power_holder", "职权来源", _choice(enums.PowerHolder, radio=True)),
        Field("listing-entrusted_by", "受哪个机关委托", Text(60), "受委托的才填。", opt=True),
    ),
    "写到哪部法的哪一条。写好以后点“核对依据”，马上看得到这一条现在还有没有效。",
)
ASK = Section(
    "ask",
    "条件和情形",
    (
        Field("conditions", "申请条件", Lines(), "一行写一个条件。没有条件的，写“无条件受理”。"),
        Rows(
            "situations",
            "情形",
            Situation,
            (
                Field("question", "要问的话", Text(60, wide=True), "例如：是新建、改建还是扩建？"),
                Field("hint", "怎样回答", Text(120), "帮群众看明白的一句话。", opt=True),
                Rows(
                    "options",
                    "答案",
                    Option,
                    (
                        Field("label", "答案", Text(40)),
                        Field("bars", "选了就不能办的，写明为什么", Text(120), opt=True),
                    ),
                    (Start("加一个答案"),),
                    head="label",
                    letter="a",
                    flat=True,
                    most=MAX_OPTIONS,
                ),
                Field("unit", "数量的单位", Text(10), "例如：平方米、人。"),
                Field("most", "最多填到", Whole(1_000_000, width="10")),
            ),
            (
                Start("加一个选择题", {"options": [{}, {}]}),
                Start("加一个数量题"),
            ),
            head="question",
            letter="q",
            most=MAX_SITUATIONS,
            hint="同一件事，情况不同，材料、环节、收费也不同的，才要问。人人都一样的不用问。",
        ),
    ),
)
PAPERS = Section(
    "papers",
    "材料",
    (
        Rows(
            "materials",
            "材料",
            Material,
            (
                Field("name", "材料名称", Text(80)),
                Field("issuer", "谁出具", Text(60), "例如：公安机关、申请人。"),
                Field("form", "原件还是复印件", Text(60, hints="forms")),
                Field("copies", "份数", Whole(MAX_COPIES, empty=1, unit="份")),
                Field("basis", "凭什么要", Text(200), "法律名称和条款，或者用来核验什么。"),
                Field("standard", "怎样才合格", Text(200)),
                Field("required", "必须交", Flag()),
                Field("deferrable", "可以先办，材料后补", Flag()),
                Field("fetched_by_us", "不用群众带，我们自己调取", Flag()),
                Field(
                    "pledge",
                    "可以写承诺书代替的，写明承诺什么",
                    Text(200),
                    "直接关系公共安全、生态环境、人身健康、生命财产安全的不能用承诺代替。",
                    rare=True,
                    opt=True,
                ),
                Field(
                    "verify_days", "决定以后几个工作日内核查承诺", Whole(MAX_DAYS, unit="个工作日"), rare=True, opt=True
                ),
                Field("medium", "材料形式", _choice(enums.Medium), rare=True),
                Field("source", "材料来源", _choice(enums.Source), rare=True),
                Field("note", "填写要注意的", Text(200), rare=True, opt=True),
            ),
            (
                Start(
                    "加一份材料",
                    {
                        "copies": 1,
                        "required": True,
                        "medium": enums.Medium.EITHER.value,
                        "source": enums.Source.SELF.value,
                    },
                ),
            ),
            told=("form", "copies"),
            letter="m",
            spare=True,
            when="什么情况才要",
        ),
    ),
    "一份一份列清楚，不写“其他材料”。本镇发的、自己查得到的，选“我们自己调取”。",
    also=("files",),
)
FLOW = Section(
    "flow",
    "流程",
    (
        Field("window_post", "谁收件", Choice(offers="windows")),
        Rows(
            "steps",
            "环节",
            Work,
            (
                Field("name", "环节名称", Text(32), "例如：现场核查。"),
                Field("post", "哪个岗位办", Choice(offers="workers")),
                Field("working_days", "几个工作日", Whole(MAX_DAYS, unit="个工作日")),
                Field("standard", "审查什么、怎样算通过", Text(200)),
                Field("basis", "依据", Text(200)),
                Field("together", "和上一个环节同时办", Flag(), apart=True),
            ),
            (Start("加一个环节", {"working_days": 1}),),
            told=("post", "working_days"),
            letter="s",
            carried=("group",),
            when="什么情况才办",
            hint="收件、决定、送达不用写，系统自己有。当场办完的不用加环节。",
        ),
        Field("decider_post", "谁决定", Choice(offers="deciders")),
        Field(
            "listing-ways", "怎样申请", Choices(tuple(enums.Way.choices)), "选了“网上办理”，办事指南上就有“现在申请”。"
        ),
        Field(
            "listing-online_depth", "网上能办到哪一步", Choice(tuple(enums.OnlineDepth.choices)[1:], free="不能网上办")
        ),
        Field("visits", "群众要跑几次", Whole(10, unit="次")),
        Field("listing-visit_reason", "为什么非到现场不可", Text(120), "不用跑的不填。", opt=True),
        Field(
            "in_person-apply",
            "申请非要本人来的，依据哪一条",
            Text(200),
            "法律名称和条款。别人可以代办的不填；法律没有写的，不能要求本人来。",
            rare=True,
            opt=True,
        ),
        Field("in_person-collect", "领结果非要本人来的，依据哪一条", Text(200), rare=True, opt=True),
        Field("listing-courier", "结果可以快递", Flag(), rare=True),
        Field("listing-appointment", "可以预约", Flag(), rare=True),
        Field(
            "silence_rule", "逾期不告知怎么算", Choice(tuple(enums.SilenceRule.choices), free="按事项类型定"), rare=True
        ),
        Field("superior-organ", "由上级决定的，报哪个机关", Text(60), "本镇自己决定的不填。", rare=True, opt=True),
        Field(
            "superior-working_days",
            "上级几个工作日办完",
            Whole(MAX_DAYS, empty=None, unit="个工作日"),
            "没有规定的不填。",
            rare=True,
            opt=True,
        ),
        Field("superior-basis", "凭什么报上级", Text(200), rare=True, opt=True),
        Field(
            "ex_officio",
            "可以不等申请就办的，写明依据",
            Text(200),
            "例如：社会救助暂行办法第十七条。只能凭申请办的不填。",
            rare=True,
            opt=True,
        ),
        Field("joint_decision", "联合办理怎样作决定", Text(200), "联办件才填。", rare=True, opt=True),
    ),
)
LIMITS = Section(
    "limits",
    "时限",
    (
        Field(
            "statutory_days",
            "法定时限（工作日）",
            Whole(MAX_DAYS, empty=None, unit="个工作日"),
            "法律没有规定的不填。",
            opt=True,
        ),
        Field("promised_days", "承诺时限（工作日）", Whole(MAX_DAYS, unit="个工作日"), "当场办结的填 0。"),
        Field(
            "intake_days",
            "收件审查（工作日）",
            Whole(5, low=1, empty=5, unit="个工作日"),
            "最长 5 个工作日。",
            rare=True,
        ),
        Rows(
            "procedures",
            "特别程序",
            Procedure,
            (Field("name", "名称", Text(12), "例如：听证、检验、专家评审。"), Field("article", "依据的条款", Text(60))),
            (Start("加一个特别程序"),),
            flat=True,
            most=8,
            hint="依法不算在时限里的才写。",
        ),
    ),
)
FEES = Section(
    "fees",
    "收费",
    (
        Rows(
            "fees",
            "收费",
            Fee,
            (
                Field("name", "收费项目", Text(60)),
                Field("amount", "标准（元）", Money(), "例如：12.50。"),
                Field("per", "每", Text(10), "例如：本、平方米、人次。"),
                Field("basis", "依据", Text(200), "文件名称和文号。"),
                Field("nature", "收费性质", _choice(enums.FeeNature)),
                Field("fund", "钱交到哪里", _choice(enums.FundWay)),
                Field("payer", "向谁收", Text(60)),
                Field("scope", "办什么的时候收", Text(120)),
                Field("receipt", "开什么票据", Text(60)),
                Field(
                    "quantity",
                    "按数量收的，数量从哪来",
                    Choice(offers="numbers", free="不按数量"),
                    "要先在“条件和情形”里加一个数量题。",
                ),
                Rows(
                    "reductions",
                    "减免",
                    Reduction,
                    (
                        Field("label", "谁可以减免", Text(60)),
                        Field("percent", "少收百分之几", Whole(100, unit="%"), "全免填 100。"),
                        Field("basis", "依据", Text(200)),
                    ),
                    (Start("加一个减免", {"percent": 100}),),
                    head="label",
                    most=10,
                    when="符合哪个情形",
                ),
                Field("most", "一件最多收（元）", Money(), "不封顶的不填。", rare=True, opt=True),
                Field("code", "项目编码", Text(40), rare=True, opt=True),
                Field("valid_from", "从哪天起收", Day(), rare=True, opt=True),
                Field("valid_to", "收到哪天", Day(), rare=True, opt=True),
            ),
            (
                Start(
                    "加一项收费",
                    {"nature": enums.FeeNature.ADMINISTRATIVE.value, "fund": enums.FundWay.TREASURY.value},
                ),
            ),
            told=("amount", "per"),
            most=20,
            when="什么情况才收",
        ),
        Field("listing-online_payment", "可以网上缴费", Flag(), rare=True),
    ),
    "没有加收费，就是不收费。",
)
WHERE = Section(
    "where",
    "到哪里办",
    (
        Field("place", "办理地点", Text(120, wide=True)),
        Field("hours", "办理时间", Text(120, wide=True)),
        Field("phone", "咨询电话", Text(40, width="20")),
        Field("complaint_phone", "监督电话", Text(40, width="20"), "不能和咨询电话相同。"),
        Field("listing-traffic", "怎样去", Text(200), "坐什么车，在哪里下。", opt=True),
    ),
)
MORE = Section(
    "more",
    "其他",
    (
        Field(
            "synonyms", "群众怎样叫这件事", Lines(40, many=40), "一行一个，搜索时找得到。例如：砍树、伐木。", opt=True
        ),
        Rows(
            "questions",
            "常见问题",
            Question,
            (Field("question", "问", Text(120, wide=True)), Field("answer", "答", Long(600))),
            (Start("加一个问题"),),
            head="question",
            most=30,
        ),
        Field("visibility", "办理进度", _choice(enums.Visibility, radio=True), "救助、补助一类的，只能凭查询码看。"),
        Field("publication-scope", "准予的结果公开到哪里", _choice(enums.Disclosed, radio=True)),
        Field("publication-fields", "公开哪些内容", Choices(tuple(enums.DisclosedField.choices)), opt=True),
        Field("publication-days", "公开几天", Whole(MAX_DAYS, unit="天"), "有效期内一直公开的填 0。", opt=True),
        Field("publication-basis", "凭什么公开", Text(200), "法律名称和条款。只公布数量的不填。", opt=True),
        Field("listing-level", "行使层级", _choice(enums.ExerciseLevel), rare=True),
        Field("listing-scope", "通办范围", _choice(enums.Scope), rare=True),
        Field("listing-basic_code", "基本编码", Text(40), rare=True, opt=True),
        Field("listing-task_code", "实施编码", Text(60), rare=True, opt=True),
        Field("listing-quota", "数量限制", Text(120), "没有限制的不填。", rare=True, opt=True),
        Field("listing-intermediary", "中介服务", Text(120), "没有的不填。", rare=True, opt=True),
        Field("listing-person_themes", "个人主题", Lines(30, many=10), "一行一个。", rare=True, opt=True),
        Field("listing-firm_themes", "单位主题", Lines(30, many=10), "一行一个。", rare=True, opt=True),
        Field("listing-rights", "申请人的权利", Long(300), rare=True, opt=True),
        Field("listing-duties", "申请人的义务", Long(300), rare=True, opt=True),
    ),
)
SECTIONS = (WHAT, BASIS, ASK, PAPERS, FLOW, LIMITS, FEES, WHERE, MORE)
# Kept by their own controls, or following from others.
APART = {"files": "uploaded in the section of materials", "parts": "composed, not typed"}
DERIVED = {"online": "whether the ways to apply name the net", "listing-holder_nature": "follows from power_holder"}
