"""宣传活动: entered once, with photos and what was handed out; struck out with a public reason when it was wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from mingtang import guard
from mingtang.events import types
from mingtang.events.log import record
from mingtang.files.actions import store_public, text_of
from mingtang.guard.clear import clear_text
from mingtang.lib.canonical import canonical_json, sha256_hex
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_may
from mingtang.study.enums import Counting, Manner
from mingtang.study.models import Outreach, OutreachFile
from mingtang.study.powers import KEEPING
from mingtang.towns.models import Jurisdiction

ENTERED = types.define("outreach.entered", "登记宣传活动", public=True)
STRUCK = types.define("outreach.struck", "划去宣传活动", public=True)

MOST_PEOPLE, MOST_FILES = 100_000, 6
PLACE, ABOUT, CAPTION = 60, 200, 100
PURPOSE = "outreach"


@dataclass(frozen=True)
class Held:
    """What was done where and how many came. ``words`` say what the files show, one for each."""

    held_on: date
    place: str
    manner: str
    about: str
    people: int
    counting: str
    files: Sequence[UploadedFile] = ()
    words: str = ""


def facts(row: Outreach) -> dict[str, Any]:
    """What the events say: all of it, the words and the files as hashes."""
    files = [[one.file.sha256, one.words] for one in row.files.all()]
    return {
        "held_on": row.held_on.isoformat(),
        "manner": row.manner,
        "people": row.people,
        "counting": row.counting,
        "words": sha256_hex(canonical_json([row.place, row.about, row.struck_reason, files])),
        "struck": bool(row.struck_reason),
    }


def enter(*, town: Jurisdiction, held: Held, by: Staff) -> tuple[Outreach, list[str]]:
    """Write one down; the sentences tell what was taken out of a photo. Raises ``Refused`` for a day to come, a number
    that cannot be, files that are no photo or document, and what the guard stops."""
    check_may(by, KEEPING, town)
    if held.held_on > timezone.localdate():
        raise Refused("日期还没有到。活动办过以后再登记。", field="held_on")
    if not 1 <= held.people <= MOST_PEOPLE:
        raise Refused(f"到了多少人，请填 1 到 {MOST_PEOPLE:,}。没有人来的不用登记。", field="people")
    if held.manner not in Manner.values or held.counting not in Counting.values:
        raise Refused("请选形式和人数怎么来的。", field="manner")
    if len(held.files) > MOST_FILES:
        raise Refused(f"一次活动最多放 {MOST_FILES} 个文件，请挑一挑。", field="files")
    words = clear_text(
        held.words,
        "请写明照片、材料是什么，看不见的人要靠这句话。" if held.files else "",
        "words",
        CAPTION,
        town=by.town_id,
    )
    row = Outreach(
        town=town,
        held_on=held.held_on,
        place=clear_text(held.place, "请写明地点。", "place", PLACE, town=by.town_id),
        manner=held.manner,
        about=clear_text(held.about, "请写明讲了什么。", "about", ABOUT, town=by.town_id),
        people=held.people,
        counting=held.counting,
        entered_by=by,
    )
    told: list[str] = []
    with act():
        row.save()
        for file in held.files:
            stored, said = store_public(
                town=town, name=file.name or "", stream=file.file, by=actor(by), purpose=PURPOSE
            )
            told += said
            said_in = (("", stored.name), *text_of(stored).parts)
            found = guard.check_many(said_in, lists=guard.lists_of(town.pk))
            if guard.blocked(found):
                raise Refused(f"文件“{stored.name}”：{found[0].message}", field="files")
            OutreachFile.objects.create(outreach=row, file=stored, words=words)
        record(town=town, type=ENTERED, subject=row.event_subject, by=actor(by), data=facts(row))
    return row, told


def strike(*, row: Outreach, reason: str, by: Staff) -> Outreach:
    """It was entered by mistake, or the number was wrong: it counts no more, the public reason stays."""
    check_may(by, KEEPING, row.town)
    reason = clear_text(reason, "请写明为什么划去，这句话会公开。", "reason", town=by.town_id)
    with act():
        row = Outreach.objects.select_for_update(of=("self",)).select_related("town").get(pk=row.pk)
        if row.struck_reason:
            raise Refused("这一条已经划去了。请刷新后再看。")
        row.struck_reason = reason
        row.save(update_fields=["struck_reason"])
        record(town=row.town, type=STRUCK, subject=row.event_subject, by=actor(by), reason=reason, data=facts(row))
    return row
