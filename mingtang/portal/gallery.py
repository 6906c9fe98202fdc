"""The component gallery: every macro under `templates/_components/` with sample data.

All people, numbers and dates here are invented. The page is for those who build pages and reads no database.
"""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from markupsafe import Markup

from mingtang.lib.differences import changed
from mingtang.lib.text import WEEKDAYS
from mingtang.portal.forms import ApplyForm
from mingtang.rulebook.fees import Bill, Line
from mingtang.rulebook.spec import Fee

SITUATIONS = [
    {
        "key": "project",
        "question": "这次是哪一种建房？",
        "hint": "",
        "options": [{"key": "new", "label": "新址新建"}, {"key": "rebuild", "label": "原址翻建"}],
    },
    {"key": "area", "question": "准备建多大？", "hint": "按建筑面积填。", "unit": "平方米", "options": []},
]
STEP_SAMPLES = [
    {"title": "提交、收件审查", "owner": "便民服务中心建房用地窗口", "days": "最多 5 个工作日"},
    {
        "title": "核对农用地转用手续",
        "owner": "自然资源所用地审查岗",
        "days": "3 个工作日",
        "when": "占用农用地的",
        "note": "县里已经批准转用，地块和面积一致",
        "basis": "《土地管理法》第四十四条",
    },
    {
        "title": "同时审查",
        "parallel": [{"title": "规划审查", "owner": "村镇建设办公室", "days": "5 个工作日", "when": "加层的"}],
    },
]


class SampleForm(forms.Form):
    """One field of each kind, as a view would bind it."""

    name = forms.CharField(label="姓名", help_text="请写身份证上的名字。", max_length=50)
    kind = forms.ChoiceField(label="替谁办", choices=[("self", "自己"), ("agent", "替别人")], widget=forms.RadioSelect)
    village = forms.ChoiceField(label="哪个村", choices=[("a", "月形湾村"), ("b", "插旗村")])
    paper = forms.FileField(label="证明照片", required=False)
    note = forms.CharField(label="还想说明的", widget=forms.Textarea, required=False)
    agree = forms.BooleanField(label="以上都是真的", error_messages={"required": "请确认填写的内容是真的。"})


def _working(start: date, total: int, holidays: tuple[date, ...] = ()) -> dict[str, Any]:
    """The working of a date, day by day, for the sample clock."""
    days: list[dict[str, Any]] = []
    counted, day = 0, start
    while counted < total:
        day += timedelta(days=1)
        rest = "放假" if day in holidays else "周末" if day.weekday() > 4 else ""
        counted += not rest
        days.append({"date": day, "weekday": WEEKDAYS[day.weekday()], "counted": not rest, "n": counted, "why": rest})
    days[-1]["end"] = True
    return {
        "rule": "从受理的第二天起数工作日",
        "basis": "行政许可法 第八十二条",
        "start": start,
        "due": day,
        "days": days,
    }


SIX = [
    {"label": "办什么", "value": "宅基地与规划许可"},
    {"label": "依据", "value": "土地管理法 第六十二条"},
    {"label": "带什么", "figure": 4, "unit": "份材料"},
    {"label": "怎么走", "figure": 3, "unit": "步", "note": "两个所同时审查"},
    {"label": "多久", "before": "承诺", "figure": 15, "unit": "个工作日", "note": "法定 20 个工作日"},
    {"label": "收多少", "value": "不收费"},
]

WAY: dict[str, Any] = {
    "title": "老年人优待证",
    "line": "给年满六十五周岁的老人办理优待证。",
    "bring": [
        {"name": "老人本人的身份证", "form": "原件核对，看完就还"},
        {"name": "委托书", "form": "原件", "when": "家里人代办的", "later": "可以后补"},
    ],
    "fetched": 1,
    "days": "当场办结",
    "fee": "不收费",
    "visits": "跑一次",
    "in_person": "",
    "window": {"name": "1号窗口（综合）", "word": "照常", "tone": "done", "sentence": ""},
    "place": "便民服务中心一楼",
    "hours": "周一至周五 8:30—12:00",
    "phone": "0730-5550011",
}
MATERIALS = [
    {
        "code": "application",
        "name": "农村宅基地和建房（规划许可）申请表",
        "form": "原件",
        "copies": 2,
        "source": "申请人自备",
        "note": "窗口免费提供空白表。",
        "files": [
            {"label": "空白表格", "name": "建房申请表.docx", "url": "#"},
            {"label": "填写样张", "name": "建房申请表（样张）.pdf", "url": "#"},
        ],
    },
    {"code": "id", "name": "全家人的身份证明", "form": "原件核对", "source": "申请人自备", "state": "ok"},
    {
        "code": "resolution",
        "name": "村民小组讨论同意并公示的记录",
        "form": "原件",
        "copies": 1,
        "source": "村民委员会",
        "basis": "土地管理法实施条例 第三十四条",
        "state": "missing",
        "note": "缺公示结果一页。",
    },
    {"code": "old", "name": "旧房处置承诺", "form": "原件", "when": "拆旧建新的", "state": "waived"},
]


def _fee(name: str, amount: int, per: str, quantity: str) -> Fee:
    return Fee(
        code="",
        name=name,
        nature="service",
        fund="own",
        amount=amount,
        per=per,
        quantity=quantity,
        most=0,
        payer="申请人",
        scope="样张",
        receipt="财政电子票据",
        basis="样张文件（演示）",
        when="",
        when_label="",
        reductions=(),
        valid_from="",
        valid_to="",
    )


BILLS = [
    Bill(
        (
            Line(_fee("证书工本费", 500, "份", "sheets"), 3, 1500, 750, "低保户", 50),
            Line(_fee("现场测量费", 12_000, "次", ""), 1, 12_000, 12_000, "", 0),
        )
    ),
    Bill(()),
]

FEES = [
    {
        "number": 1,
        "anchor": "fee-sample",
        "code": "000000",
        "name": "证书工本费",
        "nature": "行政事业性收费",
        "fund": "缴入国库",
        "basis": "样张文件（演示）；《样张法》第三条",
        "links": [{"label": "《样张法》第三条（法律）", "url": "#", "dead": True}],
        "scope": "发证时收",
        "payer": "申请人",
        "only": "补办的",
        "per": "份",
        "price": "5元／份",
        "most": "20元",
        "amount": "5元",
        "less": [{"label": "低保户：减收 50%", "basis": "样张文件第二项（演示）"}],
        "receipt": "财政电子票据",
        "phone": "0730-555 0002",
        "complaints": "12345、12315",
        "since": date(2026, 7, 1),
        "state": "现行",
        "tone": "done",
        "unit": "综合窗口",
        "unit_url": "#",
        "item": "老年人优待证",
        "item_url": "#",
        "history_url": "#",
        "wrong_url": "#",
    }
]

STEPS = [
    {"title": "窗口收件", "state": "done", "owner": "综合窗口", "place": "3 号窗口", "actual": "11月9日 9:12"},
    {"title": "受理", "state": "done", "actual": "11月9日 9:40", "lag": "当场录入"},
    {
        "title": "两个所同时审查",
        "state": "now",
        "planned": "11月23日",
        "branches": [
            {"title": "自然资源所", "state": "done", "planned": "11月18日", "actual": "11月16日"},
            {
                "title": "村镇建设办",
                "state": "now",
                "planned": "11月23日",
                "word": "今天到期",
                "tone": "today",
                "delay": "现场踏勘遇雨，改在 11月22日。",
            },
        ],
    },
    {"title": "审批决定", "state": "todo", "owner": "分管镇长", "planned": "11月27日"},
    {"title": "送达", "state": "todo", "planned": "11月30日前"},
]

CLOCKS = [
    {
        "name": "承诺时限",
        "used": 10,
        "total": 15,
        "due": date(2026, 11, 30),
        "state": "running",
        "basis": "本事项第 2 版",
        "working": _working(date(2026, 11, 9), 15),
    },
    {
        "name": "法定时限",
        "used": 8,
        "total": 20,
        "due": date(2026, 12, 7),
        "state": "paused",
        "reason": "11月20日起现场检验，12月1日自动恢复。",
        "basis": "行政许可法 第四十五条",
    },
    {"name": "一次告知", "used": 7, "total": 5, "due": date(2026, 11, 16), "state": "late"},
]

ITEMS = [
    {"title": "农村村民住宅用地审批", "url": "#", "days": 15, "materials": 4, "fee": "不收费", "sub": "联办件"},
    {"title": "老年人优待证", "url": "#", "on_the_spot": True, "materials": 2, "fee": "不收费", "sub": "即办件"},
    {"title": "临时救助金给付", "url": "#", "days": 10, "materials": 3, "fee": "不收费", "sub": "承诺件"},
]

DOCUMENTS = [
    {"title": "关于调整防汛值班的通知", "url": "#", "date": date(2026, 11, 20)},
    {
        "title": "2026 年度农村人居环境整治以奖代补资金分配方案及各村各组验收结果一览表",
        "url": "#",
        "date": date(2026, 11, 18),
    },
    {"title": "村组道路项目验收结果", "url": "#", "date": date(2026, 11, 15)},
]

PROOF = {"index": 1284, "words": list("稻桥春印"), "logged_at": "2026-11-20 10:02", "url": "#"}

HISTORY = [
    {
        "at": "2026-11-20 10:02",
        "what": "更正公开",
        "who": "党政办公室",
        "note": "改正附件二的合计数。",
        "index": 1284,
        "url": "#",
    },
    {"at": "2026-11-18 16:40", "what": "首次公开", "who": "党政办公室", "index": 1270},
]

GAPS = [
    {"what": "三季度惠农补贴发放表", "owner": "财政所长", "days_late": 12, "url": "#"},
    {"what": "十月份村级财务收支", "owner": "经管站长", "days_late": 0},
    {"what": "防汛预案修订稿", "owner": "应急办主任", "days_late": -3},
]

RESULTS = [
    {
        "title_html": Markup("农村村民<mark>住宅</mark>用地审批"),
        "url": "#",
        "kind": "事项",
        "issuer": "自然资源所",
        "snippet_html": Markup("农村村民申请<mark>建房</mark>，先向村民小组提出，经公示后……"),
    },
    {
        "title_html": Markup("万庾镇2018年政务公开工作规划"),
        "url": "#",
        "kind": "文件",
        "issuer": "万庾镇",
        "number": "索引号 006382329L/2018-1430766",
        "date": date(2018, 10, 18),
        "snippet_html": Markup("将城建、国土等项目集中到……"),
    },
]

FACETS = [
    {
        "title": "发布机构",
        "items": [
            {"label": "党政办公室", "url": "#", "count": 132, "active": True},
            {"label": "财政所", "url": "#", "count": 41},
        ],
    },
    {"title": "年份", "items": [{"label": "2026", "url": "#", "count": 88}, {"label": "2018", "url": "#", "count": 1}]},
]

WORK = [
    {
        "title": "今天到期",
        "items": [
            {
                "url": "#",
                "title": "村镇建设办审查意见",
                "sub": "WY2026000318X　李桂兰（演示）",
                "word": "今天",
                "tone": "today",
                "current": True,
            },
        ],
    },
    {
        "title": "等您办",
        "items": [{"url": "#", "title": "核对材料", "sub": "WY2026000321K", "word": "还有 3 天", "tone": "now"}],
    },
]

BODY = Markup(
    "<h2>一、指导思想</h2><p>这里是正文样张：字号大、行距宽、首行缩进，手机上不用放大就能看清。</p>"
    "<table><thead><tr><th>村</th><th>户数</th><th>金额（元）</th></tr></thead>"
    "<tbody><tr><td>月形湾村</td><td>12</td><td>36,000</td></tr><tr><td>插旗村</td><td>8</td><td>24,000</td></tr></tbody></table>"
)


# What a document of a kind states: a filled table and an empty one.
STATED = {
    "fields": [("年度", "2026年"), ("批准", "镇人民代表大会2026年1月10日批准")],
    "sheets": [
        {
            "code": "sample",
            "title": "三公经费预算表",
            "columns": [{"label": "项目", "num": False}, {"label": "本年预算数", "num": True}],
            "rows": [["公务接待费", "12,000元"]],
            "none": "",
        },
        {"code": "none", "title": "政府性基金预算收入表", "columns": [], "rows": [], "none": "本级没有政府性基金。"},
    ],
}


def samples() -> dict[str, Any]:
    """Sample data for every component; the bound form carries errors on purpose."""
    form = SampleForm({"kind": "self", "note": "门前的路去年塌过一次。"})
    return {
        "six_rows": SIX,
        "materials": MATERIALS,
        "way": WAY,
        "bills": BILLS,
        "fee_rows": FEES,
        "steps": STEPS,
        "clocks": CLOCKS,
        "items": ITEMS,
        "situations": SITUATIONS,
        "step_samples": STEP_SAMPLES,
        "documents": DOCUMENTS,
        "stated_sample": STATED,
        "compared_sample": [
            {"title": "正文", "whole": False, "lines": [changed("三个工作日内办好。", "两个工作日内办好。"), 12]}
        ],
        "proof_sample": PROOF,
        "changes": HISTORY,
        "gaps": GAPS,
        "results": RESULTS,
        "facet_groups": FACETS,
        "work": WORK,
        "body": BODY,
        "form": form,
        "applicant": ApplyForm({"acts_as": "guardian", "acting_name": "文父亲（演示）"}, aid=True, organisations=False),
        "sample_trail": [("政府信息公开", "#"), ("规划计划", "#"), ("工作规划", "")],
        "states": [
            ("已办结", "done"),
            ("正在办", "now"),
            ("还没到", "todo"),
            ("今天到期", "today"),
            ("超期 3 天", "late"),
            ("已暂停", "paused"),
            ("已撤回", "stop"),
            ("可验", "gold"),
        ],
        "tab_items": [("全部", "#", True), ("事项", "#", False), ("文件", "#", False)],
        "trail": [("组件陈列", "")],
    }


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component on one page."""
    return render(request, "gallery.html", samples())
