"""Files of the guide: blank forms, samples of how to fill them in, what the result looks like."""

import re
from typing import Any

from mingtang import guard
from mingtang.desk.keeping.sheet import Sheet
from mingtang.files import policies
from mingtang.files.actions import store_public
from mingtang.files.models import StoredFile
from mingtang.files.reading import parts_of, read
from mingtang.lib.errors import Refused
from mingtang.people.models import Staff
from mingtang.people.policies import actor
from mingtang.rulebook.enclosed import blocking
from mingtang.rulebook.enums import FileRole
from mingtang.towns.models import Jurisdiction

MOST = 40
PURPOSE = "guide"
_SHA256 = re.compile(r"[0-9a-f]{64}")
IMAGE = "图片里的字系统看不出来，请自己核对，上面不能有真人的姓名、号码和照片。"


def places(sheet: Sheet) -> list[tuple[str, str]]:
    """What a file can belong to, as the screen stands: a blank form or a sample of a material, a sample of a result."""
    found = []
    for row in sheet.typed["materials"]:
        if not row["gone"]:
            name = row["name"].strip() or "（未命名的材料）"
            found.append((f"{FileRole.FORM.value} {row['key']}", f"{name}：{FileRole.FORM.label}"))
            found.append((f"{FileRole.SAMPLE.value} {row['key']}", f"{name}：{FileRole.SAMPLE.label}"))
    for row in sheet.typed["results"]:
        if not row["gone"] and row["name"].strip():
            found.append((f"{FileRole.RESULT.value} {row['was'] or row['name']}", f"{row['name']}：结果样本"))
    return found


def receive(sheet: Sheet, upload: Any, place: str, *, town: Jurisdiction, by: Staff) -> None:
    """Store an uploaded file and set it under the screen's files; what is wrong with it is said at the field.

    A file in which the guard finds a person's number or a secret mark is not taken.
    """
    try:
        if len(sheet.typed["files"]) >= MOST:
            raise Refused(f"一个事项最多放 {MOST} 个文件。请先删去不用的。")
        stored, told = store_public(town=town, name=upload.name, stream=upload, by=actor(by), purpose=PURPOSE)
        blocks = blocking(read(stored).parts, guard.lists_of(town.pk))
    except Refused as refusal:
        sheet.errors["upload"] = (f"文件“{upload.name[:60]}”没有收下", refusal.message)
        return
    if blocks:
        why = f"{blocks[0].message}样表请用编的姓名和号码，改好再传。"
        sheet.errors["upload"] = (f"文件“{upload.name[:60]}”没有收下", why)
        return
    sheet.typed["files"].append(
        {"for": place, "name": policies.clean_name(upload.name), "sha256": stored.sha256, "gone": ""}
    )
    sheet.focus = f"files-{len(sheet.typed['files']) - 1}"
    sheet.notes += told
    if stored.kind in policies.IMAGES:
        sheet.notes.append(IMAGE)
    sheet.notes.append(f"已收下“{upload.name[:60]}”，保存以后生效。")


def check(sheet: Sheet, town: Jurisdiction) -> None:
    """Every file belongs to something on the screen, and lies in the store, open: a sealed one is somebody's own."""
    known = dict(places(sheet))
    rows = [(n, file) for n, file in enumerate(sheet.typed["files"]) if not file.get("gone")]
    hashes = {file["sha256"] for _, file in rows if _SHA256.fullmatch(file["sha256"])}
    stored = list(StoredFile.objects.filter(town=town, sha256__in=hashes, sealed=False))
    held = {file.sha256 for file in stored}
    # The form names them, not the upload alone: what stands in them the gate asks the reading that is kept.
    parts_of(stored)
    for n, file in rows:
        where = f"文件“{file['name'][:60]}”"
        if file["for"] not in known:
            sheet.errors[f"files-{n}-for"] = (where, "请选它是哪份材料的表格，或者哪个结果的样本。")
        elif file["sha256"] not in held:
            sheet.errors[f"files-{n}-for"] = (where, "存储里找不到这个文件，请删去，重新上传。")


def drawn(sheet: Sheet, code: str) -> dict[str, Any]:
    """What the section of materials shows of files."""
    return {
        "rows": [
            {
                "name": f"files-{n}",
                "file": file["name"],
                "sha256": file["sha256"],
                "for": file["for"],
                "gone": file.get("gone"),
                "url": f"/services/{code}/files/{file['sha256']}/{file['name']}",
                "error": sheet.error(f"files-{n}-for"),
            }
            for n, file in enumerate(sheet.typed["files"])
        ],
        "places": places(sheet),
        "error": sheet.error("upload"),
    }
