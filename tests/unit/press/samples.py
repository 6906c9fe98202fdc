"""Invented data for every paper: an ordinary set, and one with long and hostile text."""

from typing import Any

from mingtang.press.papers import PAPERS

# What would be markup, code or a function call if a template read it.
HOSTILE = '#strong[*粗*] $x^2$ `code` <label> @ref \\u{4e00} // /* "引" _下_ ~ = 标题 #read("/etc/passwd")'
RARE = "㛃䶮喆堃"
LONG_ORGAN = "湖南省岳阳市华容县万庾镇人民政府便民服务中心城乡建设与自然资源和规划综合办公室第一窗口"

REMEDIES = [
    "如不服本决定，可以自收到本决定书之日起六十日内向华容县人民政府申请行政复议。",
    "也可以自收到本决定书之日起六个月内依法向人民法院提起行政诉讼。",
]
HEAD: dict[str, Any] = {
    "organ": "万庾镇人民政府",
    "number": "万政许受〔2026〕12号",
    "issued_on": "2026-03-04",
    "demo": True,
    "check_url": "http://127.0.0.1:8000/cases/WY2026000001X",
    "checkpoint": {"origin": "wanyu.example/log", "size": 1234, "words": ["明月", "清风", "稻田", "石桥"]},
    "proof": {
        "commitment": "9f86d081884c7d659a2feaa0c55ad015" * 2,
        "opening": '{"salt":"' + "ab" * 16 + '","type":"x"}',
        "file": '{"format":"mingtang-receipt-1"}',
    },
}
CASE: dict[str, Any] = {
    **HEAD,
    "case_number": "WY2026000001X",
    "applicant": "张三",
    "agent": "代理人：李四",
    "item_name": "农村村民宅基地审批",
    "item_code": "11430623006382329L5000115001000",
    "handler": "综合窗口2号（工号1007）",
    "consult_phone": "0730-5550101",
    "complaint_phone": "0730-5550199",
}
LIMITS: dict[str, Any] = {
    "promised_limit": "10个工作日",
    "statutory_limit": "20个工作日",
    "expected_on": "2026-03-18",
}
MATERIALS: list[dict[str, Any]] = [
    {"name": "农村宅基地和建房（规划许可）申请表", "form": "原件", "copies": 1, "pages": 2},
    {"name": "居民身份证", "form": "复印件", "copies": 1, "pages": 1, "note": "原件已核对并退还"},
    {"name": "村民小组会议记录", "form": "原件、电子", "copies": 2},
]
MISSING = [
    {"name": "居民户口簿", "problem": "没有提交", "mend": "提交户主页和本人页复印件1份", "basis": "办事指南材料第3项"},
    {"name": "申请表", "problem": "第2页没有签名", "mend": "到窗口补签，或者签名后拍照上传"},
]

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 40" width="90" height="40" font-family="sans-serif">'
    '<rect x="2" y="2" width="86" height="36" fill="none" stroke="#000"/>'
    '<text x="10" y="25" font-size="14">收件审查</text></svg>'
)

SAMPLES: dict[str, dict[str, Any]] = {
    "receipt": {
        **CASE,
        **LIMITS,
        "number": "WY2026000001X",
        "code": "K7M4-P9QX",
        "received_at": "2026-03-04T09:30:00+08:00",
        "channel": "窗口",
        "materials": MATERIALS,
        "silence_note": "自收到材料之日起五个工作日内不告知的，即为受理。",
        "outstanding": ["居民户口簿复印件"],
        "answers": [
            {"key": "project", "value": "rebuild", "question": "这次是哪一种建房？", "answer": "原址翻建"},
            {"key": "land", "value": "basic_farmland", "question": "建在什么地上？", "answer": "永久基本农田"},
        ],
        "told": ["永久基本农田上不能建住宅（土地管理法第六十二条）。"],
        "charges": {
            "lines": [
                {
                    "fee": {
                        "code": "A1",
                        "name": "耕地开垦费",
                        "basis": "《土地管理法》第三十条",
                        "receipt": "财政票据",
                    },
                    "working": "120 平方米 × 5元 = 600元，一件最多收 500元，低保户，收 250元",
                    "amount": 25_000,
                },
                {
                    "fee": {"name": "工本费", "basis": "价费字〔1992〕133号"},
                    "working": "每本 75元",
                    "amount": 7500,
                },
            ],
            "total": 32_500,
            "said": "325元",
        },
    },
    "acceptance": {
        **CASE,
        **LIMITS,
        "received_on": "2026-03-04",
        "accepted_on": "2026-03-04",
        "basis": "《中华人民共和国行政许可法》第三十二条第一款第五项",
        "conditions": ["居民户口簿复印件容缺，请于2026年3月11日前补交；到期未补交的，按撤回申请处理。"],
    },
    "supplement": {
        **CASE,
        "received_on": "2026-03-04",
        "basis": "《中华人民共和国行政许可法》第三十二条第一款第四项",
        "missing": MISSING,
        "reply_by": "2026-03-25",
        "submit_to": "便民服务中心任一窗口、网上凭查询码上传，或者交村代办点。",
    },
    "payment": {
        **CASE,
        "payment_number": "202600000133",
        "charges": {
            "lines": [
                {
                    "fee": {
                        "code": "A1",
                        "name": "不动产登记费",
                        "basis": "发改价格规〔2016〕2559号",
                        "receipt": "财政票据",
                    },
                    "working": "每件 80元",
                    "amount": 8000,
                },
                {
                    "fee": {"name": "工本费", "basis": "价费字〔1992〕133号"},
                    "working": "2 本 × 10元 = 20元",
                    "amount": 2000,
                },
            ],
            "total": 10_000,
            "said": "100元",
        },
        "capital": "人民币壹佰元整",
        "due_on": "2026-04-01",
        "payee": "万庾镇财政所非税收入汇缴专户",
        "bank": "华容农村商业银行万庾支行",
        "account": "82010600000012345",
        "pay_text": "https://pay.example/202600000133",
    },
    "not_accepted": {
        **CASE,
        "received_on": "2026-03-04",
        "basis": "《中华人民共和国行政许可法》第三十二条第一款第二项",
        "reasons": ["申请事项依法不属于本机关职权范围。"],
        "competent_organ": "华容县自然资源局",
        "remedies": REMEDIES,
    },
    "grant": {
        **CASE,
        "accepted_on": "2026-03-04",
        "basis": "《中华人民共和国土地管理法》第六十二条",
        "decision": ["准予张三户在万庾镇某村某组使用宅基地120平方米建住宅。"],
        "results": [
            {"name": "农村宅基地批准书", "number": "农宅字430623001号", "valid_from": "2026-03-18"},
            {"name": "乡村建设规划许可证", "valid_to": "2028-03-17"},
        ],
        "conditions": ["开工前请联系镇自然资源所到场放线。"],
    },
    "refusal": {
        **CASE,
        "accepted_on": "2026-03-04",
        "basis": "《中华人民共和国土地管理法》第六十二条第一款",
        "facts": ["经实地查看和查询登记，申请户已有一处宅基地。"],
        "reasons": ["农村村民一户只能拥有一处宅基地，申请不符合该规定。"],
        "remedies": REMEDIES,
    },
    "service_record": {
        **CASE,
        "recipient": "张三",
        "documents": [{"name": "准予决定书", "number": "万政许准〔2026〕3号", "copies": 1}],
        "mode": "直接送达",
    },
    "letter": {
        **CASE,
        "title": "延期告知书",
        "paragraphs": ["你（单位）于2026年3月4日提出的申请，在法定期限内不能作出决定，延长 5 个工作日。"],
        "facts": [{"name": "延长后的法定期限", "value": "2026年4月8日"}],
        "reasons": ["连日大雨，现场核查推迟。"],
        "remedies": REMEDIES,
    },
    "order": {
        **HEAD,
        "number": "WYD2600001X",
        "code": "K7M4P9QX",
        "resident": "张三",
        "taken_at": "2026-03-04T09:30",
        "items": ["老年人优待证办理", "林木采伐许可"],
        "place": "上门办",
        "station": "长堤村便民服务站",
        "agent_post": "便民服务中心长堤村代办员",
        "station_phone": "0730-5550021",
        "complaint_phone": "0730-5550002",
        "scope": ["递交材料", "领取结果"],
        "valid_to": "2026-06-02",
        "originals": [
            {"name": "身份证", "sheets": 1, "holder": "便民服务中心长堤村代办员", "offered": "综合窗口"},
            {"name": "户口本", "sheets": 4, "holder": "便民服务中心长堤村代办员"},
        ],
        "promises": ["3 个工作日内代办员交到窗口", "3 个工作日内代办员送到本人"],
    },
    "document": {
        "title": "关于印发《万庾镇示例工作方案》的通知",
        "issuer": "万庾镇人民政府",
        "index_number": "006382329L/2026-0000012",
        "scope": "全社会",
        "generated_on": "2026-02-27",
        "published_on": "2026-03-04",
        "method": "主动公开",
        "source": "党政办",
        "theme": "综合政务",
        "doc_number": "万政发〔2026〕5号",
        "addressee": "各村（社区），镇直各单位",
        "body": [
            {"type": "p", "text": "现将《万庾镇示例工作方案》印发给你们，请认真组织实施。" * 3},
            {"type": "h2", "text": "一、总体要求"},
            {"type": "p", "text": "坚持公开为常态、不公开为例外，让群众看得到、听得懂、能监督。" * 4},
            {"type": "h3", "text": "（一）工作目标"},
            {"type": "ol", "items": ["公开目录完整；", "办事指南齐全。"]},
            {"type": "ul", "items": ["示例要点"]},
            {
                "type": "table",
                "caption": "任务分工表",
                "header": 1,
                "rows": [
                    ["任务", "牵头单位", "期限"],
                    [{"text": "目录编制", "rows": 2}, "党政办", "3月底"],
                    ["司法所", "4月底"],
                    [{"text": "以上两项每季度报告一次", "cols": 3}],
                ],
            },
            {"type": "note", "text": "（此件公开发布）"},
        ],
        "attachments": ["任务清单", "联系人名单"],
        "signed_by": "万庾镇人民政府",
        "signed_on": "2026-02-27",
        "copied_to": "镇党委、镇人大办公室。",
        "print_note": "本件由网站生成，与网上公开的文本一致。",
        "demo": True,
        "check_url": "http://127.0.0.1:8000/info/006382329L/2026-0000012",
        "checkpoint": HEAD["checkpoint"],
    },
    "review": {
        **HEAD,
        "number": "006382329L/2026-1430766 第2版",
        "title": "关于赶集日停车的通告",
        "issuer": "万庾镇党政办公室",
        "doc_number": "万政发〔2026〕3号",
        "scope": "全部公开，政府网站",
        "author": "文起草",
        "sides": ["国家秘密（第十四条）", "安全和稳定（第十四条）", "商业秘密（第十五条）", "内部信息（第十六条）"],
        "things": [
            {"name": "正文", "sha256": "9f86d081884c7d65" * 4, "answers": ["没有"] * 4, "note": ""},
            {"name": "名单.xlsx", "sha256": "60303ae22b998861" * 4, "answers": ["没有", "有"] * 2, "note": "遮住姓名"},
        ],
        "warnings": ["正文：链接“县政府”没有地址。"],
        "waived": ["正文：第2行有手机号。放行：文审查，是公布的办公手机。"],
        "result": "退回修改",
        "reviewer": "文审查",
        "reviewed_at": "2026-03-04T09:30",
        "sha256": "2c26b46b68ffc68f" * 4,
    },
    "flowchart": {
        "title": "农村村民建房审批",
        "organ": "万庾镇人民政府",
        "item_code": "11430623006382329L5000115001000",
        "version": 2,
        "in_force_on": "2026-03-04",
        "drawing": DRAWING,
        "legend": [{"svg": DRAWING, "words": "方框：一步，写着限几个工作日"}],
        "steps": ["提交申请（申请人）。", "收件审查（便民服务中心窗口，限 5 个工作日）。"],
        "specials": ["审查期间如需检测：依据：《行政许可法》第四十五条。"],
        "sha256": "9f86d081884c7d659a2feaa0c55ad015" * 2,
        "flow_sha256": "60303ae22b998861bce3b28f33eec1be" * 2,
        "demo": True,
        "check_url": "http://127.0.0.1:8000/services/JF-001/flow",
        "checkpoint": HEAD["checkpoint"],
    },
    "board": {
        "organ": "供电所",
        "title": "供电所：公用事业收费表",
        "number": "006382329L/2026-0000024",
        "edition": 2,
        "size": "a3",
        "across": True,
        "body": [
            {
                "type": "table",
                "rows": [
                    ["项目", "标准", "依据", "定价", "减免"],
                    ["居民用电第一档", "每度0.60元", "湘发改价〔2026〕1号", "政府定价", "低保户每月10度不收"],
                ],
                "header": 1,
                "widths": [5, 5, 8, 5, 5],
            },
            {"type": "p", "text": "不收费的：报修上门（所有用户）。"},
        ],
        "published_on": "2026-03-04",
        "began": "公开",
        "until": "2027-01-31",
        "phone": "0730-5550002",
        "demo": True,
        "check_url": "http://127.0.0.1:8000/boards/s/4/25",
        "checkpoint": HEAD["checkpoint"],
    },
    "list": {
        "organ": "万庾镇人民政府",
        "title": "救助补助对象公示（长堤村）：2026年3月1日至2026年3月31日",
        "number": "2026-0001",
        "edition": 1,
        "size": "a4",
        "columns": ["序号", "姓名", "村（社区）", "救助补助项目", "金额", "校验码"],
        "rows": [["1", "张*", "长堤村", "小额临时救助", "720元", "2C26B46B"]],
        "count": 1,
        "left_out": 1,
        "total": "720元",
        "basis": "社会救助暂行办法第四十八条",
        "shown_on": "2026-04-02",
        "until": "2026-04-09",
        "root": "9f86d081884c7d659a2feaa0c55ad015" * 2,
        "phone": "0730-5550002",
        "personal": True,
        "opened_by": "收件凭证上的编号",
        "demo": True,
        "check_url": "http://127.0.0.1:8000/lists/2026-0001/check",
        "checkpoint": HEAD["checkpoint"],
    },
    "poster": {
        "organ": "万庾镇人民政府",
        "title": "向政府要一份信息",
        "lead": "网上、公开栏里找不到的，您可以申请。",
        "size": "a4",
        "edition": 1,
        "published_on": "2026-03-02",
        "printed_on": "2026-03-04",
        "points": [
            {"head": "多久答复", "text": "收到申请以后20个工作日以内答复。", "basis": "《政府信息公开条例》第三十三条"}
        ],
        "left_out": ["要不要钱"],
        "phone": "0730-5550001",
        "complaint_phone": "0730-5550002",
        "demo": True,
        "check_url": "http://127.0.0.1:8000/learn/ask",
        "checkpoint": HEAD["checkpoint"],
    },
}


def _swollen(value: Any, key: str = "") -> Any:
    """The same data with every free text made long and hostile; numbers, dates and choices stay."""
    fixed = (
        "key",
        "value",
        "number",
        "case_number",
        "payment_number",
        "account",
        "pay_text",
        "code",
        "item_code",
        "check_url",
        "index_number",
        "type",
        "commitment",
        "opening",
    )
    fixed += ("drawing", "svg", "sha256", "flow_sha256", "size", "until", "began")
    if isinstance(value, dict):
        return {name: _swollen(item, name) for name, item in value.items() if name != "checkpoint"}
    if isinstance(value, list):
        return [_swollen(item, key) for item in value] * (20 if key in {"materials", "missing"} else 1)
    if not isinstance(value, str) or key in fixed or key.endswith(("_on", "_at", "_by", "_to", "valid_from")):
        return value
    if key in {"organ", "issuer"}:
        return LONG_ORGAN + RARE
    if key in {"applicant", "recipient"}:
        value = LONG_ORGAN
    return f"{value}{RARE}{HOSTILE}"


LONG = {name: _swollen(data) for name, data in SAMPLES.items()}
LONG["receipt"]["materials"] = LONG["receipt"]["materials"][:20]
# What a person without any optional answer gets.
BARE = {
    name: {key: value for key, value in data.items() if key in required}
    for name, data in SAMPLES.items()
    for required in [PAPERS[name][1].__required_keys__]
}
