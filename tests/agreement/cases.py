"""One case from the first question to service: form, window, checklist, bill, process, line."""

import hashlib
import json
from datetime import date

from django.test import Client

from mingtang.cases import papers
from mingtang.cases.models import Case
from mingtang.lib.identifiers import id_check_character
from tests.agreement.flows import SERVE_DAYS, squeezed
from tests.agreement.oracle import Answers, Row, Version, agree, due, known
from tests.agreement.pages import (
    Part,
    answered,
    barred,
    bill,
    comes,
    fen,
    fields,
    questions,
    read,
    wanted_answered,
    wanted_bill,
    wanted_questions,
)
from tests.factories.acts import APPLICANT
from tests.factories.any_item import TODAY
from tests.factories.cast import login

# Who holds which post.
HOLDERS = {
    "window-1": "chuangkou1",
    "window-3": "chuangkou3",
    "window-4": "chuangkou4",
    "land-review": "guotu",
    "build-review": "chengjian",
    "forest-check": "linye",
    "social-check": "shehui",
    "deputy-mayor": "zhenzhang",
}
WHO = {"kind": "person", "name": APPLICANT.name, "id_number": APPLICANT.id_number, "phone": APPLICANT.phone}

AGENT = {
    "acts_as": "agent",
    "acting_name": "李代办",
    "acting_id_number": "43062319700101001" + id_check_character("43062319700101001"),
    "acting_seen": "on",
}


def legends(page: Part, inputs: str) -> list[tuple[str, str, str]]:
    """Of each paper on a form: its key, its name and what is said of it."""
    found = []
    for one in page.parts(f"//fieldset[.//input[starts-with(@name,'{inputs}')]]"):
        (key, *_) = one.values(f".//input[starts-with(@name,'{inputs}')]/@name")
        name = one.part("./legend").text.partition(".")[2]
        found.append((key.removeprefix(inputs), name, one.part("./p[@class='hint'][1]").text))
    return found


def _listed(surface: str, page: Part, inputs: str, version: Version, answers: Answers) -> None:
    """Exactly the papers that this person brings, each with its form, copies and whether it may be left out."""
    rows, wanted = legends(page, inputs), version.brought(answers)
    agree(surface, "papers", [key for key, _, _ in rows], [row["key"] for row in wanted])
    for (_, name, hint), row in zip(rows, wanted, strict=True):
        agree(surface, "optional", (name + hint).count("没有也可以"), int(not row["required"]))
        agree(surface, "name", name.removesuffix("（没有也可以）"), squeezed(row["name"]))
        copies = f"{row['copies']}份" if row["copies"] else ""
        agree(surface, "copies", hint.startswith(squeezed(row["form"]) + copies), True)


def online(client: Client, code: str, version: Version, answers: Answers) -> Case:
    """Apply on the web: the questions, the form, once more, the receipt."""
    place = f"/services/{code}/apply"
    page, sent = read(client.get(place)), fields(answers)
    agree("form", "questions", questions(page), wanted_questions(version))
    if version.data["situations"]:
        page = read(client.post(place, {**page.hidden(), **sent}))
        barred("form", page.text, version, answers)
        if version.bars(answers):
            (told,) = page.values("//button[@name='told']/@value")
            page = read(client.post(place, {**page.hidden(), **sent, "told": told}))
    _listed("form", page, "how_", version, answers)
    agree("form", "answers", answered(page), wanted_answered(version, answers))
    promised, owed = version.data["promised_days"], wanted_bill(version, answers)
    said = page.part("//main//div[contains(@class,'banner')][.//*[contains(text(),'材料不齐也可以先提交')]]").text
    agree("form", "days", f"承诺{promised}个工作日" in said if promised else "当场办结" in said, True)
    agree("form", "total", fen(said) or [0], [owed[1]])
    page = read(client.post(place, {**page.hidden(), **WHO, "stage": "review"}))
    agree("form", "bill", bill(page), owed)
    rows = [name for name, said in answered(page) if said == "带到窗口"]
    agree("form", "papers once more", rows, [squeezed(row["name"]) for row in version.brought(answers)])
    answer = client.post(place, {**page.hidden(), "stage": "submit"})
    assert answer.status_code == 302, answer.content.decode()
    page = read(client.get(answer["Location"]))
    agree("receipt", "bill", bill(page), owed)
    agree("receipt", "answers", answered(page), wanted_answered(version, answers))
    case = Case.objects.select_related("version", "town", "key").latest("pk")
    page = read(client.get(f"/cases/{case.number}/mine"))
    agree("my case", "bill", bill(page), owed)
    agree("my case", "answers", answered(page), wanted_answered(version, answers))
    listed = page.texts("//section[h2='您交的材料']//li/span[1]")
    agree("my case", "papers", listed, [squeezed(row["name"]) for row in version.materials(answers)])
    return case


def window(client: Client, code: str, version: Version, answers: Answers) -> Case:
    """Hand in at the window, complete."""
    login(client, HOLDERS[version.data["window_post"]])
    place = f"/desk/cases/new/{code}"
    page, sent = read(client.get(place)), fields(answers)
    if version.data["situations"]:
        agree("window", "questions", questions(page), wanted_questions(version))
        page = read(client.post(place, {**page.hidden(), **sent}))
    _listed("window", page, "check_", version, answers)
    barred("window", page.text, version, answers)
    agree("window", "bill", bill(page), wanted_bill(version, answers))
    ticks = {f"check_{row['key']}": "ok" for row in version.brought(answers)}
    told_to_come = [text for text in comes(version) if text in page.text]
    agree("window", "in person", told_to_come, comes(version))
    told = dict(zip(("told",), page.values("//input[@name='told']/@value"), strict=False))
    if version.data["in_person"]["apply"]:
        refused = read(client.post(place, {**page.hidden(), **sent, **WHO, **ticks, **told, **AGENT}), 422)
        agree("window", "an agent", comes(version)[0] in "".join(refused.texts("//*[@class='error']")), True)
    answer = client.post(place, {**page.hidden(), **sent, **WHO, **ticks, **told})
    assert answer.status_code == 302, answer.content.decode()
    return Case.objects.select_related("version", "town", "key").latest("pk")


def taken_in(case: Case, version: Version, answers: Answers) -> None:
    """What was laid down at once: the version and its process, the checklist, the bill, the first limit."""
    agree("case", "version", case.version.data, version.data)
    agree("case", "process", case.flow_sha256, hashlib.sha256(bytes(case.version.bpmn)).hexdigest())
    rows = [row.material_key for row in case.materials.order_by("order")]
    agree("checklist", "papers", rows, [row["key"] for row in version.materials(answers)])
    fetched = {row.material_key for row in case.materials.filter(state="fetched")}
    agree("checklist", "fetched", fetched, {row["key"] for row in version.fetched(answers)})
    receipt = case.documents.get(kind="receipt").data
    frozen = papers.billed(case)
    agree("bill", "lines", [(row["fee"]["name"], row["amount"]) for row in frozen["lines"]], version.bill(answers))
    agree("bill", "total", frozen["total"], version.total(answers))
    agree("bill", "in words", fen(frozen["said"]) or [0], [version.total(answers)])
    said = [(row["question"], row["answer"]) for row in receipt["answers"]]
    agree("receipt", "answers", said, version.answered(answers))
    agree("receipt", "told", receipt["told"], version.bars(answers))
    agree("receipt", "limits", (receipt["promised_limit"], receipt["statutory_limit"]), _limits(version.data))
    agree("process", "offers", _open(case), {"intake"})
    agree("clocks", "intake", _clocks(case), _wanted_clocks(version, [], {}))


def _limits(data: Row) -> tuple[str, str]:
    promised, statutory = data["promised_days"], data["statutory_days"]
    return (
        f"{promised}个工作日" if promised else "当场办结",
        "法律没有规定" if statutory is None else f"{statutory}个工作日",
    )


def _open(case: Case) -> set[str]:
    return set(case.steps.filter(done_at__isnull=True).values_list("key", flat=True))


def _clocks(case: Case) -> set[tuple[str, str, int, date | None]]:
    """Each limit that was begun, with its last day as far as the plain calendar goes."""
    return {(row.kind, row.step_key, row.working_days, known(row.due_on)) for row in case.clocks.all()}


def _wanted_clocks(
    version: Version, begun: list[Row], more: dict[str, int | None]
) -> set[tuple[str, str, int, date | None]]:
    rows = [("step", one["key"], one["working_days"]) for one in begun]
    rows += [
        (kind, "", days) for kind, days in {"intake": version.data["intake_days"], **more}.items() if days is not None
    ]
    return {(kind, key, days, due(version.on, days)) for kind, key, days in rows}


def handled(client: Client, case: Case, version: Version, answers: Answers) -> None:
    """From acceptance to service: what the desk offers whom, what the line tells, how long each may take."""
    data, place = version.data, f"/desk/cases/{case.number}"
    clerk, decider = HOLDERS[data["window_post"]], HOLDERS[data["decider_post"]]
    above = data["superior"]["organ"]
    login(client, clerk)
    _brought(client, place, case, version, answers)
    _act(client, place, "accept")
    begun: list[Row] = []
    limits: dict[str, int | None] = {"statutory": data["statutory_days"], "promise": data["promised_days"]}
    for stage in version.stages(answers):
        begun += stage
        agree("process", "offers", _open(case), {one["key"] for one in stage})
        agree("clocks", "steps", _clocks(case), _wanted_clocks(version, begun, limits))
        for one in reversed(stage):
            login(client, HOLDERS[one["post"]])
            page = read(client.get(place))
            offered = {value.rpartition("/")[2] for value in page.values("//form[contains(@action,'/steps/')]/@action")}
            left = {row["key"] for row in stage[: stage.index(one) + 1] if row["post"] == one["post"]}
            agree("desk", "offers", offered, left)
            _act(client, place, f"steps/{one['key']}", **{f"{one['key']}-verdict": "agree"})
    agree("process", "offers", _open(case), {"decide"})
    login(client, decider)
    page = read(client.get(place))
    _line("desk", page, case, version, answers, [*_sent_up(version), "上级决定"] if above else ["作出决定"])
    agree("desk", "bill", bill(page), wanted_bill(version, answers))
    if above:
        _above(client, place, case)
        limits["superior"] = data["superior"]["working_days"]
    else:
        _act(client, place, "decide", outcome="granted", reasons="")
    login(client, clerk)
    if version.data["in_person"]["collect"]:
        for sent in ({"mode": "post", "receiver": APPLICANT.name}, {"mode": "direct", "receiver": "王五"}):
            refused = read(client.post(f"{place}/serve", {**sent, "happened_at": ""}), 422)
            why = "".join(refused.texts("//*[@class='error']"))
            agree("desk", "fetched by another", comes(version)[-1] in why, True)
    _act(client, place, "serve", mode="direct", receiver=APPLICANT.name, happened_at="")
    agree("process", "offers", _open(case), set())
    agree("clocks", "all", _clocks(case), _wanted_clocks(version, begun, {**limits, "service": SERVE_DAYS}))
    _public(client, case, version, answers)


def _sent_up(version: Version) -> list[str]:
    return ["审查完，报送上级"] if version.data["superior"]["organ"] else []


def _above(client: Client, place: str, case: Case) -> None:
    """The town sends it up and enters what came back."""
    _act(client, place, "acts/send_up", **{"send_up-opinion": "同意上报。"})
    agree("process", "offers", _open(case), {"reported_up"})
    told = {"outcome": "granted", "number": "华决〔2026〕1号", "decided_on": TODAY.isoformat()}
    _act(client, place, "acts/record_result", **{f"record_result-{name}": value for name, value in told.items()})


def _act(client: Client, place: str, what: str, **sent: str) -> None:
    answer = client.post(f"{place}/{what}", sent)
    assert answer.status_code == 302, answer.content.decode()


def _brought(client: Client, place: str, case: Case, version: Version, answers: Answers) -> None:
    """Whoever applied on the web comes with the papers: the window misses what must be brought, and nothing else."""
    page = read(client.get(place))
    names = page.texts("//section[h2='材料']/ul/li/span[1]")
    agree("desk", "papers", names, [squeezed(row["name"]) for row in version.materials(answers)] or ["不要求材料。"])
    if case.channel == "window":
        return
    needed = [row for row in version.brought(answers) if row["required"]]
    missed = [text for text in page.texts("//div[contains(@class,'banner')]//li") if text.startswith("还缺")]
    wanted = [squeezed(f"还缺“{row['name']}”（{row['form']}，{row['copies']} 份）。") for row in needed]
    agree("desk", "misses", missed, wanted)
    if needed:
        _act(client, place, "receive", seen=[row["key"] for row in needed])


def _line(where: str, page: Part, case: Case, version: Version, answers: Answers, decision: list[str]) -> None:
    """Received, accepted, the steps of this way with their posts, decided, served; nothing else."""
    data, posts = version.data, version.posts
    found = []
    for one in page.parts("//ol[@class='line']/li"):
        branches = [(row.part("./b").text, row.texts("./p/span")) for row in one.parts("./ul/li")]
        found.append((one.part("./b").text, one.texts("./p/span"), branches))
    stages = version.stages(answers)
    channel = {"window": "窗口收件", "online": "网上收件"}[case.channel]
    titles = [channel, "受理", *(_title(stage) for stage in stages), *decision, "送达"]
    agree("line", f"{where}: positions", [title for title, _, _ in found], titles)
    for (_, owner, branches), stage in zip(found[2 : 2 + len(stages)], stages, strict=True):
        said = [(name, owners[:1]) for name, owners in branches] or [(squeezed(stage[0]["name"]), owner[:1])]
        agree("line", f"{where}: steps", said, [(squeezed(one["name"]), [posts[one["post"]]]) for one in stage])
    owners = [owner[:1] for _, owner, _ in (found[1], *found[2 + len(stages) :])]
    above = [data["superior"]["organ"]] if data["superior"]["organ"] else []
    named = [posts[data["window_post"]], posts[data["decider_post"]], *above, posts[data["window_post"]]]
    agree("line", f"{where}: posts", owners, [[name] for name in named])


def _title(stage: list[Row]) -> str:
    return squeezed(stage[0]["name"]) if len(stage) == 1 else f"{len(stage)}步同时审查"


def _public(client: Client, case: Case, version: Version, answers: Answers) -> None:
    """The line as page and as data where the version makes it public; a sealed one answers nobody."""
    place = f"/cases/{case.number}"
    if version.data["visibility"] == "sealed":
        agree("line", "sealed", [client.get(place).status_code, client.get(f"{place}.json").status_code], [404, 404])
        return
    decided = [*_sent_up(version), "上级决定：准予"] if version.data["superior"]["organ"] else ["决定：准予"]
    _line("public", read(client.get(place)), case, version, answers, decided)
    body = json.loads(client.get(f"{place}.json").content)
    told = [[branch["key"] for branch in one["branches"]] or [one["key"]] for one in body["steps"]]
    stages = [[one["key"] for one in stage] for stage in version.stages(answers)]
    decisions = [["send_up"], ["above"]] if version.data["superior"]["organ"] else [["decide"]]
    agree("line data", "steps", told, [["submit"], ["accept"], *stages, *decisions, ["serve"]])
    clocks = {(row["kind"], row["step"] or "", row["working_days"]) for row in body["clocks"]}
    agree("line data", "clocks", clocks, {clock[:3] for clock in _clocks(case)})
    agree("line data", "process", body["flow_sha256"], hashlib.sha256(bytes(case.version.bpmn)).hexdigest())
