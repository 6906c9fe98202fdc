"""新闻 by HTTP: what changed becomes a story with its sources, and the page says what became of them."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from mingtang.demo.utilities import build_utilities
from mingtang.demo.wanted import build_wanted
from mingtang.disclosure import actions, columns
from mingtang.disclosure.models import Claim, Document, Edition, SetAside
from mingtang.disclosure.stories.claims import Typed
from mingtang.events import follow
from mingtang.events.log import CONSOLE
from mingtang.oversight import digest
from mingtang.oversight.models import Slot
from mingtang.oversight.proved import check_slots
from mingtang.oversight.sweep import sweep
from mingtang.people.models import Post
from mingtang.portal.stored import page_store
from mingtang.portal.wrapper import START
from tests.factories import acts, rules, stories
from tests.factories.cast import EDITOR, POWER, SIGNER, login, staff
from tests.factories.duties import on, open_catalogue, post
from tests.integration.desk_steps import text

pytestmark = pytest.mark.django_db
SINCE = "/desk/stories/?since=2000-01-01"


def written(*typed, **head):
    """What the form posts for these paragraphs."""
    sent = {
        "title": stories.TITLE,
        "unit": "party-office",
        "generated_on": "2026-03-02",
        "count": str(len(typed)),
        **head,
    }
    for number, one in enumerate(typed, 1):
        sent |= {f"{name}-{number}": value for name, value in vars(one).items()}
    return sent


def event_of(edition):
    return Edition.objects.get(pk=edition.pk).published_event_id


def test_a_change_becomes_a_story_and_its_correction_is_told(client, town, django_capture_on_commit_callbacks):
    columns.open_all(town=town, owner=Post.objects.get(code="office-head"), by=CONSOLE)
    notice = acts.published(town, acts.content(body="<p>粮站前坪有 40 个车位，不收费。</p>"))
    address, number = f"/info/{notice.document.index_number}", notice.document.index_number
    login(client, EDITOR)
    shown = text(client.get(SINCE))
    assert "公开了“关于赶集日停车的通告”。" in shown
    picked = text(client.get(f"/desk/stories/new?event={event_of(notice)}"))
    assert f'value="{address}"' in picked and "出处现在是：关于赶集日停车的通告，第 1 版" in picked

    # What is wrong is said with the number of the paragraph; what was typed stays.
    bad = client.post("/desk/stories/new", written(Typed("claim", "粮站能停车。", address="/info/no-such")))
    assert bad.status_code == 422 and "第 1 段的出处“/info/no-such”在本站找不到" in text(bad)
    assert "粮站能停车。" in text(bad)
    told = (
        Typed("quote", "车停进坪里好。", speaker="便民服务中心主任"),
        Typed("claim", "有 40 个车位，不收费。", address=f"{town.base_url}{address}?via=code#part-1"),
        Typed("claim", ""),
    )
    made = client.post("/desk/stories/new", written(*told, **{"place-2": "1"}))
    edition = Edition.objects.select_related("revision").get(document__kind="story")
    assert made["Location"] == f"/desk/info/{edition.pk}"
    assert [one.mark for one in edition.revision.claims.all()] == ["claim", "quote"], "moved before the other"
    assert client.get(f"/desk/info/{edition.pk}/edit")["Location"] == f"/desk/stories/{edition.pk}/edit"
    form = text(client.get(f"/desk/stories/{edition.pk}/edit"))
    assert "便民服务中心主任" in form and "第 1 段" in form
    again = written(*told[1:], seen_revision="1")
    assert client.post(f"/desk/stories/{edition.pk}/edit", again).status_code == 302
    late = client.post(f"/desk/stories/{edition.pk}/edit", again)
    assert late.status_code == 422 and "有同事保存过这份信息" in text(late)
    preview, sheet = (text(client.get(f"/desk/info/{edition.pk}{page}")) for page in ("/preview", ""))
    assert '<a href="#source-1"' in preview and '<a href="/news/">新闻</a>' in preview
    assert "<dt>栏目</dt><dd>文化、广电、新闻出版</dd>" in sheet and "其他信息" not in preview + sheet
    with django_capture_on_commit_callbacks(execute=True):
        story = acts.publish_draft(Edition.objects.get(pk=edition.pk))
    path = f"/info/{story.document.index_number}"
    follow.settle()

    page = text(client.get(path, **{START: page_store().begin(town.code)}))
    assert f'<li id="source-1"><a href="{address}">关于赶集日停车的通告</a>' in page and "已于" not in page
    assert page_store().find(town.code, path)
    assert "已经写过" in text(client.get(SINCE)) and "赶集停车有了新地方" not in text(client.get(SINCE))
    for list_of in ("/news/", f"/news/{timezone.localdate():%Y-%m}", "/", "/feeds/news.atom", "/feeds/kind/story.atom"):
        assert stories.TITLE in text(client.get(list_of)), list_of
    assert client.get("/news/2099-01").status_code == client.get("/news/2026-13").status_code == 404

    with django_capture_on_commit_callbacks(execute=True):
        acts.corrected(notice, acts.content(body="<p>粮站前坪有 50 个车位，不收费。</p>"))
    assert not page_store().find(town.code, path), "the stored page goes with the event of its source"
    assert text(client.get(path)).count("此处所引的“关于赶集日停车的通告”已于") == 2
    data = json.loads(client.get(f"{path}.json").content)
    assert data["theme"] == "文化、广电、新闻出版"
    data = data["paragraphs"][0]
    assert data["source"]["url"] == f"{town.base_url}{address}" and "更正为第 2 版" in data["source"]["since"]
    assert data["source"]["sha256"] == notice.revision.sha256
    assert "新闻的出处变了，等您更正" in text(client.get("/desk/")) and "要更正" in text(client.get(SINCE))

    mended = {"title": stories.TITLE, "note": "车位多了。", "count": "1", "text-1": "有 50 个车位。", "mark-1": "claim"}
    assert client.post(f"/desk/stories/{story.pk}/renew", mended | {"address-1": address}).status_code == 302
    acts.publish_draft(Edition.objects.get(document=story.document, number=2))
    assert "等您更正" not in text(client.get("/desk/")) and "已于" not in text(client.get(path))
    assert Document.objects.get(index_number=number).current.number == 2


def test_changes_are_told_in_numbers_and_nothing_of_a_person(client, town):
    before = acts.in_force(town, "LM-001").spec
    papers = acts.in_force(town, "LM-001").data["materials"]
    asked = [paper["key"] for paper in papers if not paper["fetched_by_us"]]
    papers = [paper for paper in papers if paper["key"] != asked[0]]
    changes = {"promised_days": before.promised_days - 2, "materials": papers}
    rules.in_force(rules.drafted(town, "LM-001", **changes))
    build_wanted(town)
    hidden = acts.drafted(town, acts.content("还没有公开的一份"))
    gone = acts.published(town, acts.content("写了人名的一份"))
    actions.withdraw(edition=gone, ground="personal", reason="有个人信息。", by=staff(SIGNER))
    case = acts.apply(town, "LN-001", by=acts.clerk_of("LN-001")).case
    login(client, EDITOR)
    shown = text(client.get(SINCE))
    assert "承诺办结从 5 个工作日减到 3 个工作日，少 2 个工作日" in shown
    assert "要交的材料从 3 份减到 2 份，少 1 份" in shown
    assert "人次找“办护照”，没有找到。镇里答复：" in shown
    for secret in ("夜市摆摊", hidden.revision.title, gone.revision.title, case.number, acts.APPLICANT.name):
        assert secret not in shown, secret
    month = text(client.get(f"/news/{timezone.localdate():%Y-%m}"))
    assert "找“办护照”" in month and "夜市摆摊" not in month and acts.APPLICANT.name not in month
    digest = text(client.get(f"/desk/stories/new?month={timezone.localdate():%Y-%m}"))
    assert "找“办护照”" in digest and "夜市摆摊" not in digest


def test_a_change_may_be_set_aside_with_a_word(client, town):
    first, second = acts.published(town, acts.content("第一份通告")), acts.published(town, acts.content("第二份通告"))
    login(client, EDITOR)
    key = event_of(first)
    assert client.post("/desk/stories/aside", {"event": key, f"{key}-reason": ""}).status_code == 422
    assert client.post("/desk/stories/aside", {"event": key, f"{key}-reason": "大家都知道。"}).status_code == 302
    shown = text(client.get(SINCE))
    assert "第一份通告" not in shown and "第二份通告" in shown
    assert SetAside.objects.get().about_id == key
    assert client.post("/desk/stories/aside", {"event": event_of(second) + 99, "reason": "x"}).status_code == 404
    stories.published(town, stories.claim_of(second.document, "出了一份通告。"))
    assert "第二份通告" not in text(client.get("/desk/stories/")), "told before the last story"
    later = timezone.localdate() + timedelta(days=2)
    assert "没有新的变化" in text(client.get(f"/desk/stories/?since={later.isoformat()}"))
    wrong = text(client.get("/desk/stories/?since=%E6%98%A8%E5%A4%A9"))
    assert 'id="id_since-error"' in wrong and "昨天" in wrong


def test_the_staff_of_a_utility_see_their_own_changes(client, town):
    build_utilities(town)
    acts.published(town, acts.content("镇里的通告"))
    login(client, POWER)
    shown = text(client.get(SINCE))
    assert "供电所" in shown
    for other in ("镇里的通告", "卫生院：", "电信营业厅", "的月报"):
        assert other not in shown, other
    theirs = Document.objects.exclude(unit__code="power").filter(current__isnull=False).first()
    key = theirs.current.published_event_id
    assert client.post("/desk/stories/aside", {"event": key, f"{key}-reason": "不是我的。"}).status_code == 404
    assert theirs.index_number not in text(client.get(f"/desk/stories/new?event={key}"))
    other = client.post("/desk/stories/new", written(Typed("note", "一段话。")))
    assert other.status_code == 422, "a unit that is not theirs"
    assert not Claim.objects.exists()


def test_the_digest_is_a_duty_of_every_month(client, town):
    open_catalogue(town)
    with on(2026, 7, 2):
        login(client, SIGNER)
        assert "/desk/duties/new?kind=digest" in text(client.get("/desk/stories/"))
        begun = text(client.get("/desk/duties/new?kind=digest"))
        assert 'value="每月公布公开月报"' in begun and '<option value="digest" selected>' in begun
        terms = {**digest.TERMS, "source": "promise", "basis": "政务公开工作规划", "owner": post("news-editor").pk}
        assert client.post("/desk/duties/new?kind=digest", terms)["Location"] == "/desk/duties/own-1"
        sweep(town=town)
    with on(2026, 8, 5):
        sweep(town=town)
        login(client, EDITOR)
        slot = Slot.objects.get(duty__code="own-1", period="2026-07")
        address = f"/desk/duties/own-1/{slot.pk}"
        for page in ("/desk/stories/", "/desk/"):
            assert address in text(client.get(page)), page
        assert "/desk/stories/new?month=2026-07" in text(client.get(address))
        # Its month is what it states, not what it is called: 六月 is older, and nobody wrote of it.
        told = written(Typed("note", "七月的事。"), title="镇里七月做了什么，比2026年6月多")
        client.post("/desk/stories/new?month=2026-07", told)
        acts.publish_draft(Edition.objects.get(document__kind="digest"))
        sweep(town=town)
        page = text(client.get("/desk/stories/"))
        assert address not in page and "duties/new?kind=digest" not in page
    with on(2026, 10, 30):
        sweep(town=town)
        states = dict(
            Slot.objects.filter(duty__code="own-1").standing(timezone.localdate()).values_list("period", "state")
        )
        assert states == {"2026-07": "on_time", "2026-08": "empty", "2026-09": "empty", "2026-10": "due"}
        board = text(client.get("/board/own-1"))
        assert "2026年8月" in board and "空着，过了" in board
        assert not list(check_slots(town))


def test_a_reprint_leads_back_to_its_source(client, town):
    fields = {"from": "县人民政府网站", "address": "example.com/1", "on": "2026-03-01"}

    def drafted(address):
        text_of = acts.content("用电提示", "<p>插座不要并着接。</p>")
        facts = {"fields": fields | {"address": address}, "sheets": {}}
        return actions.draft(
            town=town,
            metadata=acts.metadata(town, kind="reprint"),
            content=actions.Content(text_of.title, text_of.body_html, facts=facts),
            by=staff(EDITOR),
        )

    login(client, EDITOR)
    refused = client.post(f"/desk/info/{drafted('example.com/1').pk}/submit")
    assert refused.status_code == 422 and "原文网址要以 https:// 或者 http:// 开头" in text(refused)
    edition = acts.publish_draft(drafted("https://example.com/1"))
    page = text(client.get(f"/info/{edition.document.index_number}"))
    assert '<a href="https://example.com/1" rel="external noopener">县人民政府网站</a>（转载' in page
    assert "用电提示" in text(client.get("/news/"))
