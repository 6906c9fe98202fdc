"""What the public pages of an item say: guide, guide of one's own situation, slip, data, flowchart, fee board."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.test import Client
from lxml import html

from mingtang.rulebook.catalogue.reading import read as catalogue
from tests.agreement import flows
from tests.agreement.flows import SERVE_DAYS, squeezed
from tests.agreement.oracle import Answers, Row, Version, agree
from tests.factories.books import tables
from tests.factories.conditions import names


@dataclass(frozen=True)
class Part:
    """A page or a part of it, as a reader sees it: where white space stands says nothing."""

    node: Any

    @property
    def text(self) -> str:
        return squeezed(self.node.text_content())

    def parts(self, path: str) -> list["Part"]:
        return [Part(found) for found in self.node.xpath(path)]

    def part(self, path: str) -> "Part":
        (found,) = self.parts(path)
        return found

    def texts(self, path: str) -> list[str]:
        return [found.text for found in self.parts(path)]

    def values(self, path: str) -> list[str]:
        """Of attributes, as they stand."""
        return [str(found) for found in self.node.xpath(path)]

    def hidden(self) -> dict[str, str]:
        """What the page's one long form brings along unseen."""
        return {one.get("name"): one.get("value") for one in self.node.xpath(".//main//input[@type='hidden']")}


def read(answer: HttpResponse, status: int = 200) -> Part:
    assert answer.status_code == status, answer.content.decode()[:3000]
    root = html.document_fromstring(answer.content.decode())
    for sign in root.xpath("//i[@aria-hidden]"):
        sign.drop_tree()
    return Part(root)


def fen(text: str) -> list[int]:
    """Every sum of money in a text."""
    found = re.findall(r"([\d,]+)(?:\.(\d\d))?元", text)
    return [int(yuan.replace(",", "")) * 100 + int(rest or 0) for yuan, rest in found]


def number(text: str) -> int | None:
    """The number a text holds; None where it holds none."""
    found = re.findall(r"\d+", text)
    assert len(found) < 2, text
    return int(found[0]) if found else None


# What every page that lists them lists alike


def papers(page: Part) -> list[tuple[str, int, str, bool, str]]:
    """Name, copies, grace, whether we fetch it ourselves, and for whom."""
    found = []
    for one in page.parts(".//ol[@class='materials']/li"):
        about = one.part("./p[1]")
        copies = re.search(r"(\d+)份", about.text)
        when = [text.removeprefix("只在这种情况要：") for text in about.texts("./span[@class='strong']")]
        grace = [text for text in GRACES if text in about.text]
        ours = "我们自己调取" in about.text
        found.append((one.part("./h3").text, int(copies[1]) if copies else 0, "".join(grace), ours, "".join(when)))
    return found


GRACES = ("没有也可以办", "可以写承诺书代替", "可以先受理，过后再补")


def _grace(row: Row) -> str:
    """What is allowed to whoever does not have a paper that is asked for."""
    if not row["required"]:
        return GRACES[0]
    return (GRACES[1] if row["pledge"] else "") + (GRACES[2] if row["deferrable"] else "")


def paper(row: Row, whole: bool = True) -> tuple[str, int, str, bool, str]:
    """As ``papers`` reads it; ``whole``: with for whom."""
    ours = row["fetched_by_us"]
    grace = "" if ours else _grace(row)
    when = squeezed(row["when_label"]) if whole and row["when"] else ""
    return squeezed(row["name"]), 0 if ours else row["copies"], grace, ours, when


def steps(page: Part) -> list[list[str]]:
    """Each position with what is said of its steps."""
    found = []
    for one in page.parts(".//ol[@class='steps']/li"):
        branches = one.parts("./ul/li")
        for branch in branches:
            for about in branch.node.xpath("./p"):
                about.drop_tree()
        found.append([branch.text for branch in branches] or [f"{one.part('./h3').text}：{one.part('./p[1]').text}"])
    return found


def wanted_steps(version: Version, stages: list[list[Row]], whole: bool = True) -> list[list[str]]:
    data, posts = version.data, version.posts
    intake = ("材料齐的当场收，" if data["kind"] == "instant" else "") + f"最多 {data['intake_days']} 个工作日"
    found = [[f"提交、收件审查：{posts[data['window_post']]}　{intake}"]]
    for stage in stages:
        between = "，" if len(stage) > 1 else "　"
        found.append([_step(version, one, between, whole) for one in stage])
    above = data["superior"]
    if above["organ"]:
        found.append([f"审查完报送上级：{posts[data['decider_post']]}"])
        days = f"　{above['working_days']} 个工作日" if above["working_days"] else ""
        found.append([f"上级决定：{above['organ']}{days}"])
    else:
        found.append([f"作出决定：{posts[data['decider_post']]}"])
    found.append([f"送达：{posts[data['window_post']]}　最多 {SERVE_DAYS} 个工作日"])
    return [[squeezed(text) for text in stage] for stage in found]


def _step(version: Version, row: Row, between: str, whole: bool) -> str:
    said = f"{row['name']}：{version.posts[row['post']]}{between}{row['working_days']} 个工作日"
    return said + (f"　只在这种情况有：{row['when_label']}" if whole and row["when"] else "")


def bill(page: Part) -> tuple[list[tuple[str, int]], int]:
    """The lines of a bill and its total."""
    cards = page.parts(".//div[@class='card'][p[@class='sentence']][ul/li]")
    if not cards:
        return [], 0
    (card,) = cards
    lines = []
    for one in card.parts("./ul/li"):
        about = one.text.removeprefix(one.part("./span[@class='strong']").text).split("依据：")[0]
        lines.append((one.part("./span[@class='strong']").text, 0 if about.endswith("不用交") else fen(about)[-1]))
    return lines, fen(card.part("./p[@class='sentence']").text)[0]


def wanted_bill(version: Version, answers: Answers) -> tuple[list[tuple[str, int]], int]:
    return [(squeezed(name), owed) for name, owed in version.bill(answers)], version.total(answers)


def facts(page: Part) -> dict[str, str]:
    return dict(zip(page.texts(".//dl[@class='facts']/dt"), page.texts(".//dl[@class='facts']/dd"), strict=True))


def answered(page: Part) -> list[tuple[str, str]]:
    rows = page.parts(".//dl[@class='review']/div")
    return [(row.part("./dt").text, row.part("./dd").text) for row in rows]


def wanted_answered(version: Version, answers: Answers) -> list[tuple[str, str]]:
    return [(squeezed(question), squeezed(said)) for question, said in version.answered(answers)]


def questions(page: Part) -> dict[str, list[str]]:
    """What is asked, by field, with the answers offered; none where a number is to be filled in."""
    found: dict[str, list[str]] = {}
    for name, kind, value in (
        (one.get("name"), one.get("type"), one.get("value"))
        for one in page.node.xpath(".//input[starts-with(@name,'ask_')]")
    ):
        if kind != "hidden":
            found.setdefault(name, []).extend([value] if kind == "radio" else [])
    return found


def wanted_questions(version: Version) -> dict[str, list[str]]:
    rows = version.data["situations"]
    return {f"ask_{one['key']}": [option["key"] for option in one["options"]] for one in rows}


def fields(answers: Answers) -> dict[str, str]:
    """Answers as a form sends them."""
    return {f"ask_{key}": str(value) for key, value in answers.items()}


def barred(surface: str, text: str, version: Version, answers: Answers) -> None:
    """Each answer that bars is told with its reason, and no other reason is."""
    options = [option["bars"] for one in version.data["situations"] for option in one["options"] if option["bars"]]
    told = {bars for bars in options if squeezed(bars.rstrip("。")) in text}
    agree(surface, "bars", told, set(version.bars(answers)))


def days(version: Version) -> dict[str, int | None]:
    """The two limits, as their sentences hold them; on the spot holds no number."""
    above = version.data["superior"]
    told = {"法定时限": version.data["statutory_days"], "我们承诺": version.data["promised_days"] or None}
    return told | ({"报上级以后": above["working_days"]} if above["organ"] else {})


def comes(version: Version) -> list[str]:
    """For what the applicant must come in person, each with the article."""
    row = version.data["in_person"]
    return [
        squeezed(f"{what}要本人来（{row[name]}）")
        for name, what in (("apply", "申请"), ("collect", "领结果"))
        if row[name]
    ]


def _in_person(surface: str, page: Part, version: Version) -> None:
    told = [
        fact.removesuffix("有监护人的，监护人来就行。")
        for fact in page.texts("//dl/dt[.='谁来办']/following-sibling::dd[1]")
    ]
    agree(surface, "in person", told, ["；".join(comes(version)) + "。"] if comes(version) else [])


# The pages


def guide(client: Client, code: str, version: Version) -> None:
    page = read(client.get(f"/services/{code}"))
    data = version.data
    agree("guide", "papers", papers(page.part("//section[@id='materials']")), [paper(row) for row in data["materials"]])
    agree("guide", "steps", steps(page.part("//section[@id='steps']")), wanted_steps(version, version.all_stages))
    limits = facts(page.part("//section[@id='limits']"))
    agree("guide", "days", {title: number(text) for title, text in limits.items()}, days(version))
    agree("guide", "fees", _fees(page.part("//section[@id='fees']")), _wanted_fees(version))
    agree("guide", "questions", questions(page), wanted_questions(version))
    agree("guide", "at a glance", _glance(page), _wanted_glance(version))
    flows.words_say(page.texts("//section[@id='flow']//ol/li"), version)
    _in_person("guide", page, version)
    agree("guide", "offers to apply", bool(page.parts(f"//a[@href='/services/{code}/apply']")), data["online"])


def _glance(page: Part) -> dict[str, str]:
    rows = page.parts("//dl[@class='six']/div")
    return {row.part("./dt").text: row.part("./dd").text for row in rows}


def _wanted_glance(version: Version) -> dict[str, str]:
    data = version.data
    brought = [one for one in data["materials"] if not one["fetched_by_us"]]
    some = [one for one in brought if one["when"]]
    branches = [one for one in data["steps"] if one["when"]]
    widest = max(map(len, version.all_stages), default=0)
    flow = ("窗口一次办完", "一步接一步")[widest] if widest < 2 else f"{widest}步同时办"
    notes = [] if data["statutory_days"] is None else [f"法定{data['statutory_days']}个工作日"]
    notes += ["报上级以后另算"] if data["superior"]["organ"] else []
    return {
        "办什么": squeezed("、".join(one["name"] for one in data["results"])),
        "依据": "".join(data["basis"][0].values()),
        "带什么": f"{len(brought) - len(some)}份材料" + (f"有的情况再加{len(some)}份" if some else ""),
        "怎么走": f"{len(data['steps']) - len(branches) + (4 if data['superior']['organ'] else 3)}步{flow}"
        + (f"，有的情况多{len(branches)}步" if branches else ""),
        "多久": (f"承诺{data['promised_days']}个工作日" if data["promised_days"] else "当场办结") + "，".join(notes),
        "收多少": fee_words(version),
    }


def fee_words(version: Version) -> str:
    """What an application costs, where it is the same for everybody."""
    charged = [fee for fee in version.data["fees"] if version.in_force(fee)]
    if any(fee["quantity"] or fee["when"] or fee["reductions"] for fee in charged):
        return "按情形收费"
    return squeezed("、".join(f"{fee['name']} {price(fee)}" for fee in charged)) or "不收费"


def yuan(amount: int) -> str:
    return f"{amount // 100:,}{f'.{amount % 100:02}' if amount % 100 else ''}元"


def price(fee: Row) -> str:
    return f"{yuan(fee['amount'])}／{fee['per']}"


def _fees(page: Part) -> list[tuple[str, str, list[int]]]:
    """Of each fee that is charged or will be: its standard, for whom it is, and how much less some pay."""
    found = []
    for one in page.parts(".//ul[@class='results']/li"):
        when = [text.removeprefix("只在这种情况收：") for text in one.texts("./p[1]/span[@class='strong']")]
        less = one.part("./p[2]").text.replace("不用交", "减收100%")
        found.append((one.part("./h3").text, "".join(when), [int(found) for found in re.findall(r"减收(\d+)%", less)]))
    return found


def _wanted_fees(version: Version) -> list[tuple[str, str, list[int]]]:
    rows = []
    for fee in version.data["fees"]:
        if fee["valid_to"] and date.fromisoformat(fee["valid_to"]) < version.on:
            continue
        said = f"{fee['name']}{price(fee)}" + (f"，一件最多{yuan(fee['most'])}" if fee["most"] else "")
        begins = date.fromisoformat(fee["valid_from"] or "0001-01-01")
        said += f"{begins.year}年{begins.month}月{begins.day}日起收" if begins > version.on else ""
        when = squeezed(fee["when_label"]) if fee["when"] else ""
        rows.append((squeezed(said), when, [one["percent"] for one in fee["reductions"]]))
    return rows


def situation(client: Client, code: str, version: Version, answers: Answers) -> None:
    """The guide for these answers: papers, steps, money of this person and nothing of others."""
    page = read(client.get(f"/services/{code}/situation", fields(answers)))
    bring, way, limits, fees, _ = page.parts("//main//section[not(@id)]")
    brought = [paper(row, whole=False) for row in version.brought(answers)]
    agree("situation", "papers", papers(bring), brought)
    fetched = [
        text.removeprefix("这些我们自己调取，不用您带：").rstrip("。") for text in bring.texts("./p[not(@class)]")
    ]
    wanted = squeezed("、".join(row["name"] for row in version.fetched(answers)))
    agree("situation", "fetched", [text for text in fetched if text != "不用带材料"], [wanted] if wanted else [])
    agree("situation", "steps", steps(way), wanted_steps(version, version.stages(answers), whole=False))
    agree("situation", "days", {title: number(text) for title, text in facts(limits).items()}, days(version))
    agree("situation", "bill", bill(fees), wanted_bill(version, answers))
    agree("situation", "answers", answered(page), wanted_answered(version, answers))
    barred("situation", page.text, version, answers)
    _in_person("situation", page, version)
    figures = page.texts("//div[@class='figures']/div")
    promised = f"{version.data['promised_days']}个工作日" if version.data["promised_days"] else "当场办结"
    money = yuan(version.total(answers)) if version.bill(answers) else "不收费"
    agree("situation", "figures", figures, [promised, f"{len(brought)}份材料", money])


def slip(client: Client, code: str, version: Version) -> None:
    """The sheet to carry along."""
    page, data = read(client.get(f"/find/{code}")), version.data
    wanted = []
    for one in data["materials"]:
        if not one["fetched_by_us"]:
            copies = f"，{one['copies']}份" if one["copies"] else ""
            when = f"只在这种情况要：{one['when_label']}" if one["when"] else ""
            grace = "，也".join(text for text in GRACES if text in _grace(one))
            wanted.append(squeezed(f"{one['name']}{one['form']}{copies}{when}{grace}"))
    agree("slip", "papers", page.texts("//ul[@class='bring']/li"), wanted)
    ours = [number(text) for text in page.texts("//main//p[@class='quiet']") if "我们自己查" in text]
    fetched = len(data["materials"]) - len(wanted)
    agree("slip", "fetched", ours, [fetched] if fetched else [])
    said = facts(page)
    visits = f"跑{data['visits']}趟" if data["visits"] else "一趟也不用跑"
    promised = f"承诺{data['promised_days']}个工作日" if data["promised_days"] else "当场办结"
    agree("slip", "days", said["多久"], f"{promised}，{visits}")
    agree("slip", "fees", said["多少钱"], fee_words(version))
    _in_person("slip", page, version)


def as_data(client: Client, code: str, version: Version) -> None:
    """The published version as data is the version, word for word, with the hash of the file that runs."""
    body = json.loads(client.get(f"/services/{code}.json").content)
    agree("data", "version", {name: body.get(name) for name in version.data}, version.data)
    bpmn = client.get(f"/services/{code}/flow.bpmn").content
    agree("data", "process", body["flow_sha256"], hashlib.sha256(bpmn).hexdigest())


def flowchart(client: Client, code: str, version: Version) -> None:
    """Page, drawings and file of the process."""
    bpmn = client.get(f"/services/{code}/flow.bpmn").content
    flows.file_holds(bpmn, version)
    for picture in ("flow.svg", "flow-narrow.svg", "flow-sheet.svg"):
        flows.drawing_shows(client.get(f"/services/{code}/{picture}").content.decode(), version)
    page = read(client.get(f"/services/{code}/flow"))
    flows.words_say(page.texts("//section[@id='words']/ol/li"), version)
    specials = [text.split("：")[0].removeprefix("审查期间如需") for text in page.texts("//section[@id='words']/ul/li")]
    agree("flowchart", "special procedures", specials, [one["name"] for one in version.data["procedures"]])
    agree("flowchart", "hash", hashlib.sha256(bpmn).hexdigest() in page.text, True)


def fees(client: Client, code: str, unit: str, version: Version) -> None:
    """The board of the unit that charges: what it may take today, what it may take later, each with its terms."""
    held = [
        fee for fee in version.data["fees"] if not fee["valid_to"] or date.fromisoformat(fee["valid_to"]) >= version.on
    ]
    wanted = {
        "in_force": [_terms(fee) for fee in held if version.in_force(fee)],
        "coming": [_terms(fee) for fee in held if not version.in_force(fee)],
        "ended": [],
    }
    body = json.loads(client.get(f"/fees/{unit}.json").content)
    for standing, rows in wanted.items():
        said = [_told(row) for row in body[standing] if row["item_code"] == code]
        agree("fee board", f"data, {standing}", said, rows)
    everything = json.loads(client.get("/fees.json").content)["fees"]
    agree("fee board", "all", [_told(row) for row in everything if row["item_code"] == code], wanted["in_force"])
    page = read(client.get(f"/fees/{unit}"))
    cards = page.parts(f"//ol[contains(@class,'fees')]/li[.//a[@href='/services/{code}']]")
    said = [(card.part(".//*[self::h2 or self::h3]").text, card.part(".//p[@class='fig']").text) for card in cards]
    rows = [fee for fee in held if version.in_force(fee)] + [fee for fee in held if not version.in_force(fee)]
    agree("fee board", "sheet", said, [(squeezed(fee["name"]), price(fee)) for fee in rows])


def _terms(fee: Row) -> tuple[object, ...]:
    less = [(one["label"], one["percent"]) for one in fee["reductions"]]
    return fee["name"], fee["amount"], fee["per"], fee["most"], fee["when_label"], fee["basis"], less


def _told(row: Row) -> tuple[object, ...]:
    less = [(one["label"], one["percent"]) for one in row["reductions"]]
    return row["name"], row["amount_fen"], row["per"], row["most_fen"], row["only"], row["basis"], less


def worked_out(client: Client, code: str, version: Version, answers: Answers) -> None:
    """The calculator asks what the fees hang on, nothing else, and comes to the same sum."""
    page = read(client.get(f"/services/{code}/fees", fields(answers)))
    if not any(
        not fee["valid_to"] or date.fromisoformat(fee["valid_to"]) >= version.on for fee in version.data["fees"]
    ):
        agree("calculator", "free", "这件事不收费" in page.text, True)
        return
    rows = [*version.data["fees"], *(one for fee in version.data["fees"] for one in fee["reductions"])]
    hung = {fee["quantity"] for fee in version.data["fees"]}.union(*(names(row["when"]) for row in rows))
    wanted = {
        field: offered for field, offered in wanted_questions(version).items() if field.removeprefix("ask_") in hung
    }
    agree("calculator", "questions", questions(page), wanted)
    agree("calculator", "bill", bill(page), wanted_bill(version, answers))


def spreadsheet(exported: bytes, code: str, version: Version) -> None:
    """The item in the catalogue that goes out: cell by cell, and whole when it is taken in again."""
    found = tables(exported)
    for title, column, field, name in (
        ("材料", "材料名称", "materials", "name"),
        ("材料", "份数", "materials", "copies"),
        ("材料", "什么时候要", "materials", "when"),
        ("环节", "环节名称", "steps", "name"),
        ("环节", "工作日", "steps", "working_days"),
        ("收费", "收费标准（元）", "fees", "amount"),
    ):
        head, *rows = found[title]
        cells = [row[head.index(column)] for row in rows if row[head.index("事项编码")] == code]
        said = ["" if cell is None else cell for cell in cells]
        wanted = [one[name] / 100 if name == "amount" else one[name] for one in version.data[field]]
        agree("spreadsheet", column, said, wanted)
    head, *rows = found["事项"]
    for column, name in (("必须本人申请的依据", "apply"), ("必须本人领取的依据", "collect")):
        (said,) = [row[head.index(column)] for row in rows if row[head.index("事项编码")] == code]
        agree("spreadsheet", column, said or "", version.data["in_person"][name])
    agree("spreadsheet", "taken in again", catalogue(exported).entries[code].data(), version.data)
