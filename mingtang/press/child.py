"""The short-lived process that runs Typst. Started by :mod:`mingtang.press.render`, never imported by a server.

Reads one job as JSON on standard input, writes the PDF (or the font chains as JSON) to standard output. Exit codes:
0 done, 3 Typst refused the template or its data, 4 no installed font covers Chinese.
"""

import io
import json
import resource
import sys
from pathlib import Path
from typing import Any

from mingtang.press.coverage import covers
from mingtang.press.fonts import FAILED, NO_FONT, chains

TEMPLATES = Path(__file__).resolve().parent / "templates"


def main() -> int:
    """Read a job, write its PDF, or the font chains where no template is named. 0, else ``NO_FONT`` or ``FAILED``."""
    job = json.load(sys.stdin.buffer)
    resource.setrlimit(resource.RLIMIT_AS, (job["memory"], job["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (job["seconds"], job["seconds"]))
    import typst  # after the limits, which then hold for it too

    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=job["folders"])
    roles = _chains(fonts)
    if "template" not in job:
        sys.stdout.write(json.dumps(roles))
        return 0
    if not roles["title"]:
        return NO_FONT
    inputs = {"data": json.dumps(job["data"]), "fonts": json.dumps(roles)}
    if url := job["data"].get("check_url"):
        inputs["qr"] = _qr(url)
    if address := job["data"].get("pay_text"):
        inputs["pay_qr"] = _qr(address)
    try:
        pdf = typst.compile(
            str(TEMPLATES / f"{job['template']}.typ"),
            root=str(TEMPLATES),
            font_paths=fonts,
            sys_inputs=inputs,
            format="pdf",
            timestamp=0,  # equal data give equal bytes
        )
    except typst.TypstError as error:
        # The message names the template's fault; the diagnostic could quote a person's data.
        sys.stderr.write(error.message)
        return FAILED
    sys.stdout.buffer.write(pdf)
    return 0


def _chains(fonts: Any) -> dict[str, list[str]]:
    families = fonts.families()
    roles = chains(families)
    if roles["title"]:
        return roles
    faces = {face.family: face for face in fonts.fonts() if face.path}
    return chains(families, [name for name, face in faces.items() if covers(Path(face.path), face.index)])


def _qr(url: str) -> str:
    import segno

    out = io.BytesIO()
    segno.make_qr(url, error="m").save(out, kind="svg", border=2, xmldecl=False, svgns=True)
    return out.getvalue().decode()


if __name__ == "__main__":
    sys.exit(main())
