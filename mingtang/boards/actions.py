"""What the office does with boards: enter one, change it, close it, say what must hang there."""

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from mingtang.boards.enums import What
from mingtang.boards.models import MOST_DAYS, Board, Sheet
from mingtang.disclosure.derived.template import templates
from mingtang.disclosure.enums import EditionState
from mingtang.disclosure.models import Document
from mingtang.events import types
from mingtang.events.log import record
from mingtang.guard.clear import clear_text
from mingtang.hall.models import Site
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Post, Staff, Unit, Village
from mingtang.people.policies import actor, check_may
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.models import Item
from mingtang.towns.models import Jurisdiction
from mingtang.utilities.models import Tenant

OPENED = types.define("board.opened", "登记公示栏", public=True)
CHANGED = types.define("board.changed", "改公示栏的登记", public=True)
CLOSED = types.define("board.closed", "撤掉公示栏", public=True)
REQUIRED = types.define("board.required", "定公示栏上该贴什么", public=True)
RELEASED = types.define("board.released", "公示栏上不用再贴", public=True)
MAX_NAME, MAX_PLACE = 40, 100


@dataclass(frozen=True)
class Facts:
    """What is written down of a board. ``keeper`` is the post that hangs up and looks."""

    name: str
    place: str
    keeper: Post
    check_days: int
    village: Village | None = None
    unit: Unit | None = None
    site: Site | None = None


def _checked(town: Jurisdiction, facts: Facts) -> dict[str, Any]:
    if any(row is not None and row.town_id != town.pk for row in (facts.keeper, facts.village, facts.unit, facts.site)):
        raise Refused("选的岗位、村、单位不在这个镇。请重新选。", field="keeper")
    if not 1 <= facts.check_days <= MOST_DAYS:
        raise Refused(f"天数请写 1 到 {MOST_DAYS}。", field="check_days")
    typed = dict(vars(facts))
    typed["name"] = clear_text(facts.name, "请写公示栏的名称，例如：长堤村公示栏。", "name", MAX_NAME, town=town.pk)
    typed["place"] = clear_text(facts.place, "请写在哪里，例如：村部大门右边的墙上。", "place", MAX_PLACE, town=town.pk)
    return typed


def told(board: Board) -> dict[str, Any]:
    """What the events say of a board."""
    return {
        "name": board.name,
        "place": board.place,
        "keeper": board.keeper.code,
        "check_days": board.check_days,
        "village": board.village_id,
        "unit": board.unit.code if board.unit else "",
        "site": board.site_id,
    }


def _saved(board: Board) -> Board:
    try:
        board.save()
    except IntegrityError as error:
        raise Refused(f"已经有“{board.name}”。同名的，请写清楚是哪一块。", field="name") from error
    return board


def open_board(*, town: Jurisdiction, facts: Facts, by: Staff) -> Board:
    """Enter a board that hangs somewhere; the first look is due after its days."""
    check_may(by, Permission.CATALOGUE_KEEP, town)
    typed = _checked(town, facts)
    with act():
        board = _saved(Board(town=town, opened_on=timezone.localdate(), **typed))
        record(town=town, type=OPENED, subject=board.subject, by=actor(by), data=told(board))
    return board


def change(*, board: Board, facts: Facts, by: Staff) -> Board:
    """Another place, keeper or rhythm."""
    check_may(by, Permission.CATALOGUE_KEEP, board.town)
    typed = _checked(board.town, facts)
    with act():
        board = locked(board)
        for name, value in typed.items():
            setattr(board, name, value)
        _saved(board)
        record(town=board.town, type=CHANGED, subject=board.subject, by=actor(by), data=told(board))
    return board


def close(*, board: Board, reason: str, by: Staff) -> Board:
    """The board is gone from the wall. The reason is public; what hung there stays on record."""
    check_may(by, Permission.CATALOGUE_KEEP, board.town)
    reason = clear_text(reason, "请写明为什么撤掉，这句话会公开。", "reason", town=by.town_id)
    with act():
        board = locked(board)
        board.closed_on, board.closed_reason = timezone.localdate(), reason
        board.save(update_fields=["closed_on", "closed_reason"])
        record(town=board.town, type=CLOSED, subject=board.subject, by=actor(by), reason=reason)
    return board


def require(
    *,
    board: Board,
    what: str,
    by: Staff,
    document: Document | None = None,
    template: str = "",
    item: Item | None = None,
) -> Sheet:
    """From today this must hang there."""
    check_may(by, Permission.CATALOGUE_KEEP, board.town)
    with act():
        board = locked(board)
        _check_what(board, what, document, template, item)
        try:
            sheet = Sheet.objects.create(
                board=board, what=what, document=document, template=template, item=item, since=timezone.localdate()
            )
        except IntegrityError as error:
            raise Refused("这块公示栏上已经定了要贴这个。", field="what") from error
        _event(sheet, REQUIRED, by)
    return sheet


def _check_what(board: Board, what: str, document: Document | None, template: str, item: Item | None) -> None:
    if what not in What.values:
        raise Refused("请选要贴什么。", field="what")
    if what == What.FEES and (board.unit is None or not Tenant.objects.filter(unit=board.unit).exists()):
        raise Refused("收费表要贴在公用单位自己的公示牌上。请先写明这块牌是哪个公用单位的。", field="what")
    if what == What.DOCUMENT and (
        document is None
        or document.town_id != board.town_id
        or document.current is None
        or document.current.state != EditionState.PUBLISHED
    ):
        raise Refused("没有找到这份已经公开的信息。请核对索引号。", field="document")
    if what == What.LIST and template not in templates():
        raise Refused("请选是哪一种公示表。", field="template")
    if what == What.ITEM and (
        item is None
        or item.town_id != board.town_id
        or item.current is None
        or item.current.state != VersionState.IN_FORCE
    ):
        raise Refused("请写一个正在施行的事项，名称或者编码都行。", field="item")


def release(*, sheet: Sheet, by: Staff) -> Sheet:
    """From today this need not hang there any more; what hangs is taken down by whoever keeps the board."""
    check_may(by, Permission.CATALOGUE_KEEP, sheet.board.town)
    with act():
        locked(sheet.board)
        rows = Sheet.objects.select_for_update(of=("self",)).select_related("board__town", "document", "item")
        sheet = rows.get(pk=sheet.pk)
        if sheet.ended_on:
            raise Refused("已经不用再贴了。请刷新再看。")
        if sheet.hangings.filter(down_at__isnull=True).exists():
            raise Refused("墙上还贴着。请看管的岗位先登记取下。")
        sheet.ended_on = timezone.localdate()
        sheet.save(update_fields=["ended_on"])
        _event(sheet, RELEASED, by)
    return sheet


def sheet_facts(sheet: Sheet) -> dict[str, Any]:
    document = sheet.document.index_number if sheet.document else ""
    of_item = {"item": sheet.item.code} if sheet.item else {}
    return of_item | {"sheet": sheet.pk, "what": sheet.what, "document": document, "template": sheet.template}


def _event(sheet: Sheet, type: str, by: Staff) -> None:
    record(town=sheet.board.town, type=type, subject=sheet.board.subject, by=actor(by), data=sheet_facts(sheet))


def locked(board: Board) -> Board:
    """The board under its lock. Raises ``Refused`` once it is closed."""
    Board.objects.select_for_update().only("pk").get(pk=board.pk)
    board = Board.objects.select_related("town", "keeper", "unit", "village", "site").get(pk=board.pk)
    if board.closed_on:
        raise Refused(f"{board}已经撤掉了。")
    return board
