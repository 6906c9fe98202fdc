"""The boards of the demo town: one kept well, one with a sheet missing, utilities with and without one."""

import zlib
from io import BytesIO

from mingtang.boards import actions, hanging
from mingtang.boards.actions import Facts
from mingtang.boards.enums import What
from mingtang.boards.models import Board
from mingtang.boards.newest import standing
from mingtang.disclosure.enums import ListState
from mingtang.disclosure.models import DerivedList, Document
from mingtang.hall.models import Site
from mingtang.lib.tx import act
from mingtang.people.models import Post, Staff, Unit, Village
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.models import Item
from mingtang.towns.models import Jurisdiction

KEEPER, VILLAGE, GUIDE = "qianfa", "长堤村", "LN-001"
WIDE, HIGH = 320, 240


def build_boards(town: Jurisdiction) -> None:
    """Entered once; a second run leaves everything as it has become."""
    if Board.objects.filter(town=town).exists():
        return
    with act():
        village = Village.objects.get(town=town, name=VILLAGE)
        board = _board(town, f"{VILLAGE}公示栏", "村部大门右边的墙上（演示）", "station-changdi", village=village)
        if shown := DerivedList.objects.filter(town=town, village=VILLAGE, state=ListState.SHOWN).first():
            actions.require(board=board, what=What.LIST, template=shown.template, by=_staff(KEEPER))
            _hang(board, "cunban")
        _require_newest(board, town)
        hanging.look(board=board, fine=False, note="玻璃破了一角（演示）", by=_staff("cunban"))
        hall = Site.objects.filter(town=town).first()
        centre = _board(town, "便民服务中心公示栏", "大厅进门左边（演示）", "window-1", site=hall)
        _require_newest(centre, town)
        if item := Item.objects.filter(town=town, code=GUIDE, current__state=VersionState.IN_FORCE).first():
            actions.require(board=centre, what=What.ITEM, item=item, by=_staff(KEEPER))
        _hang(centre, "chuangkou1")
        hanging.look(board=centre, fine=True, by=_staff("chuangkou1"))
        for code, keeper, name in (("power", "power-service", "gongdian"), ("health", "health-open", "")):
            unit = Unit.objects.get(town=town, code=code)
            of_unit = _board(town, f"{unit.name}公示牌", "门厅正面的墙上（演示）", keeper, unit=unit)
            actions.require(board=of_unit, what=What.FEES, by=_staff(KEEPER))
            if name:
                _hang(of_unit, name)
                hanging.look(board=of_unit, fine=True, by=_staff(name))


def _staff(username: str) -> Staff:
    return Staff.objects.get(username=username)


def _board(town: Jurisdiction, name: str, place: str, keeper: str, **more) -> Board:
    post = Post.objects.get(town=town, code=keeper)
    return actions.open_board(town=town, facts=Facts(name, place, post, 90, **more), by=_staff(KEEPER))


def _require_newest(board: Board, town: Jurisdiction) -> None:
    """The newest document of the town's own."""
    rows = Document.objects.filter(town=town, current__state="published", unit__tenancy__isnull=True)
    if document := rows.select_related("current").order_by("-listed_at", "-pk").first():
        actions.require(board=board, what=What.DOCUMENT, document=document, by=_staff(KEEPER))


def _hang(board: Board, username: str) -> None:
    """What should hang there does."""
    for row in standing(board).sheets:
        if row.newest:
            photo = (f"{board.name}.png", BytesIO(picture()))
            hanging.post_up(sheet=row.sheet, key=row.newest.key, photo=photo, by=_staff(username))


def picture() -> bytes:
    """A drawing that stands for a photo of a sheet on a wall."""
    lines = b"".join(b"\0" + b"".join(_pixel(x, y) for x in range(WIDE)) for y in range(HIGH))
    head = WIDE.to_bytes(4) + HIGH.to_bytes(4) + b"\x08\x02\0\0\0"
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    packed = (len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4) for name, body in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def _pixel(x: int, y: int) -> bytes:
    """A wall of bricks, on it a white sheet with a red head and lines of writing."""
    if not (70 <= x < 250 and 30 <= y < 210):
        mortar = y % 24 < 2 or (x + y // 24 % 2 * 24) % 48 < 2
        return b"\xc8\xbe\xb4" if mortar else b"\xa0\x5a\x46"
    if 45 <= y < 60 and 90 <= x < 230:
        return b"\xc8\x10\x2e"
    writing = y > 70 and y % 12 < 5 and 90 <= x < 230 - (y // 12 % 3) * 20
    return b"\x50\x50\x50" if writing else b"\xff\xff\xff"
