"""Documents as another platform gives them away, one on each line: a town's notices, plans, tables and answers.

Every text is put together from the sentences below by a random number with a fixed seed: no two are equal, words are as
unevenly frequent as in a real catalogue (拨付 in every third, 蜂箱 in every hundredth), and nothing in it is anybody's.
"""

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench.catalogue import PLACES, THINGS

FIRST, DAYS = date(2009, 1, 5), 6_100
ISSUERS = (
    "党政办公室",
    "社会事务办公室",
    "农业农村办公室",
    "财政所",
    "应急管理办公室",
    "自然资源所",
    "卫生院",
    "供电所",
)
THEMES = ("规划计划", "政策文件", "办事服务", "财政资金", "工程项目", "社会救助", "涉农补贴", "应急安全", "教育卫生")
GOODS = ("稻种", "化肥", "鱼苗", "果苗", "饲料", "农膜", "水泵", "路灯", "课桌", "蜂箱", "药箱", "棉被")
WORKS = ("沟渠清淤", "道路硬化", "危桥改造", "泵站维修", "路灯安装", "校舍加固", "公厕改建", "堤防加固", "管网延伸")
KINDS = ("通知", "公示", "工作方案", "情况通报", "实施办法", "答复", "年度计划", "验收结果")
OPENINGS = (
    "为了做好{place}片{work}工作，按照年初安排，现将有关事项说明如下。",
    "{place}片的{work}已经列入今年的实事，资金和工期都已落实，请各村抓紧。",
    "根据群众反映，{place}片{thing}办理中还有几件事要讲清楚。",
    "经镇政府研究，{goods}采购和发放按下面的办法进行。",
)
SENTENCES = (
    "{work}由{issuer}牵头，{place}村、{other}村配合，每月月底前报一次进度。",
    "这次共安排资金{money}元，分{count}次拨付，第一次在开工以后十个工作日内付清。",
    "办理{thing}的，带上身份证明到便民服务中心窗口提出申请，材料不全的一次告知。",
    "{goods}按实际种植面积分配，每亩{count}份，由村里造册，张榜七天没有异议以后发放。",
    "施工期间{place}大桥至{other}路口单向通行，货车请绕道，预计影响{count}天。",
    "质量由第三方检测，不合格的返工，费用由施工单位承担。",
    "对没有按时完成的村，要在下一次例会上说明原因和补救的日期。",
    "群众对结果有不同意见的，可以在公示期内向{issuer}提出，我们在五个工作日内答复。",
    "汛期以前完成{place}段的清理，备足砂石和编织袋，值班电话全天有人接。",
    "今年新增{thing}{count}户，比去年多{more}户，其中{place}片占了一半。",
    "培训安排在每月的第二个赶集日，地点在{place}村部，由农技站派人讲授{goods}的使用方法。",
    "各项支出都要有合同、发票和验收单，财政所按季度抽查，抽查结果向社会公开。",
)
HEADINGS = ("一、工作内容", "二、资金和进度", "三、办理方法", "四、监督和反馈")


def records(count: int, seed: int = 20181018) -> Iterator[dict[str, Any]]:
    """So many documents, the same ones each time; a longer list begins with the shorter one."""
    chance = random.Random(seed)
    for number in range(count):
        yield _record(number, chance)


def write(path: Path, count: int) -> None:
    """The documents as lines of JSON."""
    with path.open("w", encoding="utf-8") as file:
        for record in records(count):
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def _said(chance: random.Random, template: str) -> str:
    place, other = chance.sample(PLACES, 2)
    return template.format(
        place=place,
        other=other,
        work=_uneven(chance, WORKS),
        thing=_uneven(chance, THINGS),
        goods=_uneven(chance, GOODS),
        issuer=chance.choice(ISSUERS),
        money=chance.randrange(8, 4_000) * 100,
        count=chance.randrange(2, 40),
        more=chance.randrange(1, 9),
    )


def _uneven(chance: random.Random, words: tuple[str, ...]) -> str:
    """The first words often, the last ones seldom."""
    return words[int(len(words) * chance.random() ** 2)]


def _record(number: int, chance: random.Random) -> dict[str, Any]:
    day = FIRST + timedelta(days=int(DAYS * chance.random() ** 0.7))
    issuer, kind = _uneven(chance, ISSUERS), _uneven(chance, KINDS)
    title = f"关于{chance.choice(PLACES)}片{_uneven(chance, WORKS)}和{_uneven(chance, THINGS)}的{kind}（{number}）"
    parts = [f"<p>{_said(chance, chance.choice(OPENINGS))}</p>"]
    for heading in HEADINGS[: chance.randrange(2, 5)]:
        parts.append(f"<h2>{heading}</h2>")
        for _ in range(chance.randrange(1, 4)):
            sentences = chance.sample(SENTENCES, chance.randrange(2, 5))
            parts.append(f"<p>{''.join(_said(chance, one) for one in sentences)}</p>")
    if number % 10 == 0:
        rows = (
            f"<tr><td>{place}村</td><td>{_uneven(chance, GOODS)}</td><td>{chance.randrange(10, 900)}</td></tr>"
            for place in chance.sample(PLACES, 6)
        )
        parts.append(f"<table><tr><th>村</th><th>物资</th><th>数量</th></tr>{''.join(rows)}</table>")
    return {
        "id": f"bench-{number:06d}",
        "title": title,
        "issuer": issuer,
        "theme": chance.choice(THEMES),
        "doc_number": f"万政发〔{day.year}〕{number % 200 + 1}号" if kind in ("通知", "实施办法") else "",
        "generated_on": day.isoformat(),
        "published_on": f"{day.isoformat()} {chance.randrange(8, 18):02d}:{chance.randrange(60):02d}",
        "url": f"https://old.example/info/{number}.html",
        "content_html": "".join(parts),
    }
