"""What the keeper does at the wall: hang a sheet up with a photo of it, take it down, look whether all is in order."""

from io import BytesIO
from typing import BinaryIO

from django.utils import timezone

from mingtang.boards.actions import locked
from mingtang.boards.models import Board, Check, Hanging, Sheet
from mingtang.boards.newest import Newest, standing
from mingtang.disclosure import reach
from mingtang.disclosure.derived import actions as lists
from mingtang.disclosure.enums import ReachChannel
from mingtang.disclosure.models import Posting
from mingtang.events import types
from mingtang.events.log import record
from mingtang.files.actions import store
from mingtang.files.blank import seems_blank
from mingtang.files.models import StoredFile
from mingtang.files.photo import without_place
from mingtang.files.policies import IMAGES, named
from mingtang.files.sniff import ending, sniff
from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import Held, held_by

POSTED = types.define("board.posted", "贴上公示栏", public=True)
TAKEN_DOWN = types.define("board.taken_down", "从公示栏取下", public=True)
CHECKED = types.define("board.checked", "查看公示栏", public=True)
PHOTO_LIMIT = 8 * 1024 * 1024
MAX_NOTE = 200
Photo = tuple[str, BinaryIO]


def check_keeps(board: Board, by: Staff, *, look: bool = False) -> Held:
    """Raise ``Refused`` unless the person acts for the post that keeps the board, or for the office. ``look``: whoever
    oversees may look too."""
    held, extra = held_by(by), {Permission.OVERSEE} if look else set()
    mine = not held.tenant or board.unit_id in held.tenant
    keeps = board.keeper.code in held.served or not held.own.isdisjoint({Permission.CATALOGUE_KEEP, *extra})
    if by.town_id != board.town_id or not mine or not keeps:
        raise Refused(f"{board}由{board.keeper}看管，您的岗位不能登记。")
    return held


def keeps(board: Board, by: Staff, *, look: bool = False) -> bool:
    try:
        check_keeps(board, by, look=look)
    except Refused:
        return False
    return True


def _kept(board: Board, photo: Photo, held: Held) -> StoredFile:
    """The photo without what a telephone writes into it. Raises ``Refused`` for what is no photo, or shows nothing."""
    name, stream = photo
    data = stream.read(PHOTO_LIMIT + 1)
    if len(data) > PHOTO_LIMIT:
        raise Refused(f"照片太大，最多 {PHOTO_LIMIT // 1024 // 1024} MB。请把照片缩小再传。", field="photo")
    if sniff(data).code in IMAGES:
        data = without_place(data)
        if seems_blank(data):
            raise Refused("这张照片一片空白，看不出墙上贴着什么。请重拍一张。", field="photo")
    try:
        return store(
            town=board.town,
            # What a telephone or a person called it may name somebody.
            name=named("公示栏照片", ending(name)),
            stream=BytesIO(data),
            by=held.actor(),
            purpose="board",
            allowed=IMAGES,
            limit=PHOTO_LIMIT,
        )
    except Refused as refusal:
        raise Refused(refusal.message, field="photo") from refusal


def post_up(*, sheet: Sheet, key: int, photo: Photo, by: Staff) -> Hanging:
    """It hangs now, the photo shows it. ``key``: the edition on the sheet; refused when a newer one came out meanwhile.
    Whatever hung there before is down."""
    with act():
        board = locked(sheet.board)
        held = check_keeps(board, by)
        row = next((one for one in standing(board).sheets if one.sheet.pk == sheet.pk), None)
        if row is None or row.newest is None:
            raise Refused("这一张现在没有可贴的。请刷新再看。")
        if row.newest.key != key:
            raise Refused(f"贴的不是最新的一版：现在是第 {row.newest.number} 版。请打印新的一张，贴好再拍照。")
        now = timezone.now()
        if row.hanging:
            _down(row.hanging, by, held)
        hanging = Hanging.objects.create(
            sheet=row.sheet,
            edition=row.newest.edition,
            list=row.newest.list,
            version=row.newest.version,
            photo=_kept(board, photo, held),
            until=row.newest.until(timezone.localdate()),
            up_at=now,
            up_by=by,
        )
        _count(board, row.newest, by)
        record(town=board.town, type=POSTED, subject=board.subject, by=_who(board, held), data=facts(hanging))
    return hanging


def _count(board: Board, newest: Newest, by: Staff) -> None:
    """A document has reached those who pass by; the days of a list are counted from here."""
    today = timezone.localdate()
    if newest.edition:
        reach.add({(newest.edition.document_id, ReachChannel.BOARD): 1}, today)
    elif newest.list and not Posting.objects.filter(list=newest.list, place=board.name, down_on__isnull=True).exists():
        lists.hung(row=newest.list, place=board.name, on=today, by=by)


def take_down(*, hanging: Hanging, by: Staff) -> Hanging:
    """It hangs there no more."""
    with act():
        board = locked(hanging.sheet.board)
        held = check_keeps(board, by)
        hanging = Hanging.objects.select_for_update(of=("self",)).select_related("sheet", "list").get(pk=hanging.pk)
        if hanging.down_at:
            raise Refused("已经登记过取下。请刷新再看。")
        _down(hanging, by, held)
    return hanging


def _down(hanging: Hanging, by: Staff, held: Held) -> None:
    hanging.down_at, hanging.down_by = timezone.now(), by
    hanging.save(update_fields=["down_at", "down_by"])
    board = hanging.sheet.board
    for posting in Posting.objects.filter(list=hanging.list_id, place=board.name, down_on__isnull=True):
        lists.taken(posting=posting, on=timezone.localdate(), by=by)
    data = {"hanging": hanging.pk, "sheet": hanging.sheet_id}
    record(town=board.town, type=TAKEN_DOWN, subject=board.subject, by=_who(board, held), data=data)


def look(*, board: Board, fine: bool, by: Staff, note: str = "", photo: Photo | None = None) -> Check:
    """查看: all hangs there and can be read, or what is wrong, in public. The next look is due from today on."""
    note = clear_text(note, "" if fine else "请写明看到什么问题，这句话会公开。", "note", MAX_NOTE, town=by.town_id)
    if fine and note:
        raise Refused("写了问题，就请选“有问题”；没有问题的，把这一栏清空。", field="note")
    with act():
        board = locked(board)
        held = check_keeps(board, by, look=True)
        check = Check.objects.create(
            board=board,
            note=note,
            photo=_kept(board, photo, held) if photo else None,
            checked_at=timezone.now(),
            checked_by=by,
        )
        record(town=board.town, type=CHECKED, subject=board.subject, by=_who(board, held), data=check_facts(check))
    return check


def _who(board: Board, held: Held):
    return held.actor((board.keeper.code,)) if board.keeper.code in held.served else held.actor()


def facts(hanging: Hanging) -> dict[str, str | int | None]:
    """What the event says of a sheet on the wall."""
    of_item = {"version": hanging.version_id} if hanging.version_id else {}
    return of_item | {
        "hanging": hanging.pk,
        "sheet": hanging.sheet_id,
        "edition": hanging.edition_id,
        "list": hanging.list_id,
        "photo": hanging.photo.sha256,
        "until": hanging.until.isoformat(),
    }


def check_facts(check: Check) -> dict[str, str | int]:
    return {"check": check.pk, "note": check.note, "photo": check.photo.sha256 if check.photo else ""}
