"""Which fonts paper is set in, and what to do on a machine that has none for Chinese.

No free cut of the typefaces that GB/T 9704-2012 names exists: a town that holds a licence puts the files into a
folder named by ``$MINGTANG_FONTS`` (or into ``fonts`` in the data folder) and they are used first.
"""

import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from mingtang.lib.paths import CHECKOUT, data_path

# Debian's package for good paper, and the wheel that serves where nobody may install packages (OFL, 27 MB).
APT_PACKAGE = "fonts-noto-cjk"
REQUIREMENT = CHECKOUT / "requirements" / "font.txt"
FALLBACK_FILE = "NotoSansCJKtc-Regular.otf"
FALLBACK_MB = 27
DOWNLOAD_SECONDS = 170

# Exit codes of the child (press/child.py).
FAILED, NO_FONT = 3, 4

# Debian's TeX packages keep OpenType fonts where no system scan looks.
EXTRA_FOLDERS = (Path("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"),)

SERIF = (
    "Noto Serif CJK SC", "Source Han Serif SC", "Source Han Serif CN", "Noto Serif SC", "SimSun", "STSong",
    "Songti SC", "AR PL UMing CN", "AR PL SungtiL GB", "FandolSong",
)  # fmt: skip
SANS = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "Noto Sans SC", "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei", "Microsoft YaHei", "PingFang SC", "SimHei", "STHeiti", "FandolHei", "Noto Sans CJK TC",
    "Droid Sans Fallback",
)  # fmt: skip
# Each role of GB/T 9704-2012, best first; what a role lacks is taken from SERIF, then SANS.
ROLES = {
    "fang": ("FZFangSong-Z02", "FangSong_GB2312", "FangSong", "STFangsong", "FandolFang R"),
    "kai": ("FZKai-Z03", "KaiTi_GB2312", "KaiTi", "STKaiti", "LXGW WenKai", "FandolKai", "AR PL UKai CN"),
    "hei": ("FZHei-B01", *SANS),
    "title": ("FZXiaoBiaoSong-B05", "FZXiaoBiaoSong-B05S", *SERIF),
}


def chains(families: Iterable[str], others: Iterable[str] = ()) -> dict[str, list[str]]:
    """For each role the installed families to try, in order. ``others`` are unknown ones found to cover Chinese.

    Every list is empty when nothing installed covers Chinese.
    """
    present = set(families)
    common = [*SERIF, *SANS, *ROLES["fang"], *ROLES["kai"]]
    rest = [name for name in common if name in present] + list(others)
    return {role: list(dict.fromkeys([n for n in names if n in present] + rest)) for role, names in ROLES.items()}


def folders() -> list[Path]:
    """Folders searched besides the system's own: the town's, the data folder's, TeX's."""
    own = [Path(name) for name in os.environ.get("MINGTANG_FONTS", "").split(os.pathsep) if name]
    return [folder for folder in (*own, data_path("fonts"), *EXTRA_FOLDERS) if folder.is_dir()]


def ensure(progress: Callable[[str], None]) -> bool:
    """Make sure that some font covers Chinese; fetches one into the data folder when none does.

    ``progress`` is told in Chinese what happens. Returns whether paper can be made; never raises, for a missing font
    stops nothing but paper.
    """
    from mingtang.press.render import PaperUnavailable, font_chains

    try:
        if font_chains()["title"]:
            return True
    except PaperUnavailable as error:
        progress(str(error))
        return False
    progress(f"没有找到中文字体，正在下载一套备用字体（约 {FALLBACK_MB} MB）……")
    if reason := fetch(data_path("fonts")):
        progress(f"备用字体没有下载成功：{reason}。网页不受影响；要打印文书，请管理员安装：apt install {APT_PACKAGE}")
        return False
    progress("备用字体已装好，可以生成文书。")
    return True


def fetch(folder: Path) -> str:
    """Put the fallback font into ``folder``; an empty string when it is there, else the reason in Chinese.

    The wheel is pinned and checked against its SHA-256 (``requirements/font.txt``); pip's own configuration says where
    from. Only the font file is kept, and it appears whole or not at all.
    """
    with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as work:
        command = [
            sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-input", "--require-hashes",
            "--disable-pip-version-check", "--timeout", "15", "--retries", "1", "--only-binary", ":all:",
            "--dest", work, "-r", str(REQUIREMENT),
        ]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, timeout=DOWNLOAD_SECONDS, check=False)  # noqa: S603
        except (OSError, subprocess.TimeoutExpired):
            return "下载超时"
        if done.returncode:
            if b"HASHES" in done.stderr.upper():
                return "下载到的文件与登记的校验值不符，已丢弃"
            return "连不上软件源，或者没有安装 pip"
        for wheel in Path(work).glob("*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                for name in archive.namelist():
                    if name.endswith(f"/{FALLBACK_FILE}"):
                        part = Path(work) / FALLBACK_FILE
                        part.write_bytes(archive.read(name))
                        part.replace(folder / FALLBACK_FILE)
                        return ""
    return "下载到的文件里没有字体"
