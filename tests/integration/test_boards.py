"""公示栏 by HTTP: entered, what must hang, printed, hung with a photo, outdated, looked at; kept by a post; proved."""

import zlib
from datetime import datetime, timedelta
from io import BytesIO

import pypdf
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction

from mingtang.boards import actions, hanging
from mingtang.boards.actions import Facts
from mingtang.boards.enums import SheetState, What
from mingtang.boards.models import Board, Check, Hanging, Sheet
from mingtang.boards.newest import standing
from mingtang.demo.boards import picture
from mingtang.demo.utilities import build_utilities
from mingtang.disclosure.actions import Content
from mingtang.files.photo import place
from mingtang.ledger.frozen import told_rows
from mingtang.lib.errors import Refused
from mingtang.people.models import Post, Unit
from mingtang.rulebook import actions as items
from tests.factories import acts, rules
from tests.factories.acts import corrected, published
from tests.factories.cast import AGENT, CLERK_3, DISCIPLINE, POWER, SIGNER, login, staff
from tests.integration.desk_steps import text
from tests.unit.files.photos import exif

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-03-02T10:00:00+08:00")


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def board(clock, town):
    """A board of a village that its agent keeps, with one document that must hang there."""
    return entered(town, "station-changdi")


def entered(town, keeper, name="长堤村公示栏", **more):
    facts = Facts(name, "村部门口", Post.objects.get(town=town, code=keeper), 90, **more)
    return actions.open_board(town=town, facts=facts, by=staff(SIGNER))


def required(board, edition):
    return actions.require(board=board, what=What.DOCUMENT, document=edition.document, by=staff(SIGNER))


def with_place(photo: bytes) -> bytes:
    """The PNG with a place in it, as a telephone writes it."""
    body = exif()
    chunk = len(body).to_bytes(4) + b"eXIf" + body + zlib.crc32(b"eXIf" + body).to_bytes(4)
    return photo[:33] + chunk + photo[33:]


def blank() -> bytes:
    """A white wall of 600 × 400 dots."""
    white = zlib.compress((b"\0" + b"\xff" * 600) * 400, 9)
    parts = (b"IHDR", bytes.fromhex("00000258000001900800000000")), (b"IDAT", white)
    chunks = (len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4) for name, body in parts)
    return picture()[:8] + b"".join(chunks)


def upload(data=None, name="墙.png"):
    return SimpleUploadedFile(name, picture() if data is None else data)


def post(client, sheet, key, data=None, name="墙.png"):
    sent = {f"post-{sheet.pk}-key": key, f"post-{sheet.pk}-photo": upload(data, name)}
    return client.post(f"/desk/boards/sheets/{sheet.pk}/post", sent)


def test_a_sheet_hangs_by_its_photo_and_is_outdated_by_the_next_edition(client, board, clock, town, other_town):
    first = published(town)
    login(client, SIGNER)
    sent = {"require-what": "document", "require-document": "没有这个号"}
    assert "没有找到这份" in text(client.post(f"/desk/boards/{board.pk}/require", sent))
    sent["require-document"] = first.document.index_number
    assert client.post(f"/desk/boards/{board.pk}/require", sent).status_code == 302
    assert "已经定了要贴这个" in text(client.post(f"/desk/boards/{board.pk}/require", sent))
    sheet = Sheet.objects.get()
    assert "该贴，还没有贴" in text(client.get(f"/boards/{board.pk}"))

    login(client, AGENT)
    assert "该贴，还没有贴" in text(client.get("/desk/")), "it waits for who keeps the board"
    paper = client.get(f"/desk/boards/sheets/{sheet.pk}.pdf?size=a4")
    words = "".join(pypdf.PdfReader(BytesIO(paper.content)).pages[0].extract_text().split())
    assert f"/boards/s/{sheet.pk}/{first.pk}" in words and "贴到2027年3月2日为止" in words and "第1版" in words
    for data, name, sentence in (
        (b"not a picture", "墙.png", "请换一种格式"),
        (blank(), "墙.png", "一片空白"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * hanging.PHOTO_LIMIT, "墙.png", "照片太大"),
    ):
        refused = post(client, sheet, first.pk, data, name)
        assert refused.status_code == 422 and sentence in text(refused), sentence
    assert not Hanging.objects.exists()
    assert post(client, sheet, first.pk, with_place(picture()), "430623195603080012.png").status_code == 302
    hung = Hanging.objects.get()
    shown = client.get(f"/boards/hangings/{hung.pk}/photo")
    assert "430623" not in shown["Content-Disposition"], "what it was called names somebody"
    assert shown.content == picture() and not place(shown.content), "where it was taken is gone"
    assert client.get(f"/boards/hangings/{hung.pk}/photo", HTTP_HOST="other.example").status_code == 404
    assert "是最新的" in text(client.get(f"/boards/s/{sheet.pk}/{first.pk}"))
    assert first.document.views.get().channel == "board", "it counts as arrived"
    assert "公示栏" not in text(client.get("/desk/?again")).partition("<main")[2]

    second = corrected(first, Content("关于做好春季森林防火工作的通知", "<p>改过了。</p>"))
    clock.shift(timedelta(days=3))
    login(client, AGENT)
    scanned = text(client.get(f"/boards/s/{sheet.pk}/{first.pk}?later"))
    assert "不是最新的" in scanned and "您看到的是第 1 版。现在是第 2 版" in scanned
    assert client.get(f"/boards/s/{sheet.pk}/999999").status_code == 404
    page = text(client.get("/boards/?later"))
    assert "过期：已经有新版" in page and "晚 3 天" in page and "责任：便民服务中心长堤村代办员" in page
    assert "过期：已经有新版，3 天了" in text(client.get("/desk/"))
    assert "现在是第 2 版" in text(post(client, sheet, first.pk)), "the old one is not hung up once more"
    assert post(client, sheet, second.pk).status_code == 302
    hung.refresh_from_db()
    assert hung.down_at and standing(board).sheets[0].state == SheetState.NEWEST
    clock.shift(timedelta(days=366))
    login(client, AGENT)
    assert standing(board).sheets[0].state == SheetState.EXPIRED
    assert client.post(f"/desk/boards/sheets/{sheet.pk}/down").status_code == 302
    assert standing(board).sheets[0].state == SheetState.MISSING
    check = told_rows()["公示栏"]
    assert list(check(town)) == []
    Hanging.objects.filter(pk=hung.pk).update(edition=second)
    Board.objects.update(place="别处")
    assert {finding.table for finding in check(town)} == {"boards_hanging", "boards_board"}


def test_the_guide_of_an_item_hangs_and_is_outdated_by_its_next_version(client, board, clock, town):
    login(client, SIGNER)
    for typed in ("没有这个事项", ""):
        sent = {"require-what": "item", "require-item": typed}
        assert client.post(f"/desk/boards/{board.pk}/require", sent).status_code == 422, typed
    sent = {"require-what": "item", "require-item": "LM-001"}
    assert client.post(f"/desk/boards/{board.pk}/require", sent).status_code == 302
    assert "已经定了要贴这个" in text(client.post(f"/desk/boards/{board.pk}/require", sent))
    sheet, first = Sheet.objects.get(), acts.in_force(town, "LM-001")
    assert f"{first.name}：办事指南" in text(client.get(f"/boards/{board.pk}"))

    login(client, AGENT)
    paper = client.get(f"/desk/boards/sheets/{sheet.pk}.pdf?size=a3")
    words = "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(BytesIO(paper.content)).pages)
    named = [row.name for row in first.spec.materials] + [step.name for step in first.spec.steps]
    for word in (*named, first.spec.complaint_phone, "可以不带", "贴到2027年3月2日为止", f"/s/{sheet.pk}/{first.pk}"):
        assert "".join(word.split()) in words, word
    assert post(client, sheet, first.pk).status_code == 302
    assert "是最新的" in text(client.get(f"/boards/s/{sheet.pk}/{first.pk}"))
    told = client.get("/boards.json").json()["boards"][0]["sheets"][0]
    assert told["state"] == "newest" and told["check_url"] == f"/boards/s/{sheet.pk}/{first.pk}"

    second = rules.in_force(rules.drafted(town, "LM-001", promised_days=4))
    clock.shift(timedelta(days=3))
    login(client, AGENT)
    scanned = text(client.get(f"/boards/s/{sheet.pk}/{first.pk}?later"))
    assert "您看到的是第 1 版。现在是第 2 版" in scanned and f"/services/{first.item.code}" in scanned
    assert client.get(f"/boards/s/{sheet.pk}/{acts.in_force(town, 'LN-001').pk}").status_code == 404
    assert "过期：已经有新版" in text(client.get("/boards/?later")) and "3 天了" in text(client.get("/desk/"))
    assert "现在是第 2 版" in text(post(client, sheet, first.pk))
    assert post(client, sheet, second.pk).status_code == 302
    assert f"{first.name}：办事指南，第 1 版" in text(client.get(f"/boards/{board.pk}?later"))
    items.suspend(version=acts.in_force(town, "LM-001"), reason="山上防火，暂停采伐", by=staff("zhanzhang"))
    assert standing(board).sheets[0].state == SheetState.GONE
    with pytest.raises(Refused, match="正在施行的事项"):
        actions.require(board=board, what=What.ITEM, item=first.item, by=staff(SIGNER))
    check = told_rows()["公示栏"]
    assert list(check(town)) == []
    Hanging.objects.filter(down_at__isnull=False).update(version=second)
    Sheet.objects.update(item=acts.in_force(town, "LN-001").item)
    assert {finding.table for finding in check(town)} == {"boards_hanging", "boards_sheet"}


def test_a_sheet_and_a_hanging_are_one_thing_each(board, town):
    sheet = actions.require(board=board, what=What.ITEM, item=acts.in_force(town, "LM-001").item, by=staff(SIGNER))
    photo = (upload().name, BytesIO(picture()))
    hung = hanging.post_up(sheet=sheet, key=acts.in_force(town, "LM-001").pk, photo=photo, by=staff(AGENT))
    edition = published(town)
    for row, name, value in ((sheet, "item", None), (sheet, "document", edition.document), (hung, "edition", edition)):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**{name: value})
    with pytest.raises(DatabaseError), transaction.atomic():
        sheet.hangings.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Sheet.objects.filter(pk=required(board, edition).pk).delete()


def test_somebody_looks_in_time_or_is_named(client, board, clock):
    login(client, AGENT)
    look = f"/desk/boards/{board.pk}/look"
    assert "请写明看到什么问题" in text(client.post(look, {"look-fine": "no"}))
    assert "把这一栏清空" in text(client.post(look, {"look-fine": "yes", "look-note": "褪色"}))
    assert client.post(look, {"look-fine": "yes", "look-photo": upload()}).status_code == 302
    assert client.get(f"/boards/checks/{Check.objects.get().pk}/photo").status_code == 200
    assert "看得好" in text(client.get("/boards/")) and "2026年5月31日" in text(client.get(f"/boards/{board.pk}"))
    clock.shift(timedelta(days=80))
    login(client, AGENT)
    assert "查看长堤村公示栏" in text(client.get("/desk/")), "ten days before"
    clock.shift(timedelta(days=12))
    page = text(client.get("/boards/?later"))
    assert "没有看好" in page and "查看晚了 2 天" in page
    login(client, DISCIPLINE)
    assert client.post(look, {"look-fine": "no", "look-note": "玻璃碎了"}).status_code == 302, (
        "whoever oversees looks too"
    )
    assert "看到的问题：玻璃碎了" in text(client.get("/boards/?again"))


def test_the_fee_sheet_comes_from_the_fee_table_and_who_has_none_is_named(client, clock, town):
    build_utilities(town)
    power = entered(town, "power-service", "供电所公示牌", unit=Unit.objects.get(code="power"))
    with pytest.raises(Refused, match="公用单位自己的公示牌"):
        actions.require(board=entered(town, "window-1"), what=What.FEES, by=staff(SIGNER))
    assert "供电所" in text(client.get("/boards/")).partition("没有公示牌的公用单位")[2]
    sheet = actions.require(board=power, what=What.FEES, by=staff(SIGNER))
    left = text(client.get("/boards/?later")).partition("没有公示牌的公用单位")[2]
    assert "供电所" not in left and "中心学校" in left
    login(client, POWER)
    paper = client.get(f"/desk/boards/sheets/{sheet.pk}.pdf?size=a3")
    words = "".join(pypdf.PdfReader(BytesIO(paper.content)).pages[0].extract_text().split())
    for word in ("每度0.555元", "湘发改价〔2026〕1号", "五保户", "不收费的：", "可以不交"):
        assert word in words, word
    key = standing(power).sheets[0].newest.key
    assert post(client, sheet, key).status_code == 302
    told = client.get("/boards.json").json()
    assert [sheet["state"] for row in told["boards"] for sheet in row["sheets"]] == ["newest"]
    assert "中心学校" in told["utilities_without_board"]
    ends = standing(entered_fees(town, "school")).sheets[0].newest.until(NOW.date())
    assert ends.isoformat() == "2027-01-31", "the first price that ends ends the sheet"
    login(client, "weisheng")
    assert "供电所公示牌" not in text(client.get("/desk/boards/"))
    assert client.get(f"/desk/boards/{power.pk}").status_code == 404
    assert client.get(f"/desk/boards/sheets/{sheet.pk}.pdf").status_code == 404
    assert post(client, sheet, key).status_code == 404


def entered_fees(town, code):
    board = entered(town, "school-open", "学校公示牌", unit=Unit.objects.get(code=code))
    actions.require(board=board, what=What.FEES, by=staff(SIGNER))
    return board


def test_a_board_is_kept_by_its_post_and_changed_by_the_office(client, board, town):
    edition = published(town)
    sheet = required(board, edition)
    login(client, CLERK_3)
    assert "看管，您的岗位不能登记" in text(post(client, sheet, edition.pk))
    assert client.post(f"/desk/boards/{board.pk}/close", {"close-reason": "拆了"}).status_code == 422
    assert client.get("/desk/boards/new").status_code == 403
    login(client, SIGNER)
    facts = {"name": "长堤村公示栏", "place": "村部", "keeper": board.keeper_id, "check_days": 400}
    assert "天数请写 1 到 365" in text(client.post("/desk/boards/new", facts))
    assert "已经有“长堤村公示栏”" in text(client.post("/desk/boards/new", facts | {"check_days": 30}))
    change = {f"change-{name}": value for name, value in (facts | {"check_days": 30}).items()}
    assert client.post(f"/desk/boards/{board.pk}/change", change).status_code == 302
    board.refresh_from_db()
    assert (board.place, board.check_days) == ("村部", 30)
    assert post(client, sheet, edition.pk).status_code == 302, "the office may hang up too"
    assert "先登记取下" in text(client.post(f"/desk/boards/sheets/{sheet.pk}/release"))
    client.post(f"/desk/boards/sheets/{sheet.pk}/down")
    assert client.post(f"/desk/boards/sheets/{sheet.pk}/release").status_code == 302
    assert client.post(f"/desk/boards/{board.pk}/close", {"close-reason": "村部拆了"}).status_code == 302
    assert "村部拆了" in text(client.get(f"/boards/{board.pk}")) and "长堤村公示栏" not in text(client.get("/boards/"))
    with pytest.raises(Refused, match="已经撤掉"):
        hanging.look(board=board, fine=True, by=staff(AGENT))
    assert list(told_rows()["公示栏"](town)) == []
