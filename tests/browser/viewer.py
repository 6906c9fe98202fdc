"""bpmn.io's viewer (bpmn-js), a tool of others in which the tests open our flows.

Fetched with npm by name, version and hash, and kept beside the virtual environment: `python -m tests.browser.viewer`,
which `tests/run` does. For the tests only, never committed or served: its licence wants its mark to stay on pages.
"""

import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE, VERSION = "bpmn-js", "18.31.1"
SHA512 = "Hc7LzrgwfcBRUAdI/380Q2v1MJ115atGEVGadawLfDbHdo+r+IkmNj8fuYPFmWglUYt1KYIaC46OeX16HGTKQw=="
MEMBER = "package/dist/bpmn-viewer.production.min.js"
SCRIPT = Path(sys.prefix) / "share" / f"{PACKAGE}-{VERSION}.js"


def fetch() -> None:
    """Put the viewer in its place. Raises ``SystemExit`` with a sentence when it cannot be had or is not the one."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            "npm",
            "pack",
            f"{PACKAGE}@{VERSION}",
            "--silent",
            "--ignore-scripts",
            f"--pack-destination={folder}",
        ]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=180)
        except (OSError, subprocess.SubprocessError) as error:
            raise SystemExit(f"拿不到 {PACKAGE} {VERSION}：{error}") from None
        (archive,) = Path(folder).iterdir()
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if digest != SHA512:
            raise SystemExit(f"{PACKAGE} {VERSION} 的散列值不对，没有使用：{digest}")
        with tarfile.open(archive) as files:
            member = files.extractfile(MEMBER)
            assert member is not None
            script = member.read()
    SCRIPT.parent.mkdir(exist_ok=True)
    draft = SCRIPT.with_suffix(".part")
    draft.write_bytes(script)
    draft.replace(SCRIPT)


if __name__ == "__main__":
    if not SCRIPT.exists():
        fetch()
