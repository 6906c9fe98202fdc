"""The files a guide offers: blank forms, filled-in samples, what the result looks like."""

from typing import Any
from urllib.parse import quote

from mingtang.rulebook.enums import FileRole
from mingtang.rulebook.spec import Spec

LABELS = {FileRole.FORM: "空白表格", FileRole.SAMPLE: "填写样张", FileRole.RESULT: "样本"}


def files_of(spec: Spec, code: str, of: str, *roles: str) -> list[dict[str, Any]]:
    """The files of one material (by key) or one result (by name): what each is, its name and address."""
    return [
        {
            "label": LABELS[FileRole(file.role)],
            "name": file.name,
            "url": f"/services/{code}/files/{file.sha256}/{quote(file.name)}",
        }
        for file in spec.files
        if file.of == of and file.role in roles
    ]
