"""Which fonts paper is set in, and what happens where there is none."""

import io
import struct
import subprocess
import zipfile
from types import SimpleNamespace

import pytest

from mingtang.press import child, fonts, render
from mingtang.press.coverage import covers


def face(codes: str, *, collection: bool = False, kind: int = 4) -> bytes:
    """A font file with nothing but a character map."""
    points = sorted(map(ord, codes))
    if kind == 4:
        ends, starts = (struct.pack(f">{len(points) + 1}H", *points, 0xFFFF) for _ in "es")
        count = 2 * (len(points) + 1)
        subtable = struct.pack(">HHHHHHH", 4, 0, 0, count, 0, 0, 0) + ends + b"\0\0" + starts + b"\0" * 2 * count
    else:
        groups = b"".join(struct.pack(">III", p, p, 1) for p in points)
        subtable = struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(points)) + groups
    cmap = struct.pack(">HHHHI", 0, 1, 3, 10, 12) + subtable
    base = 16 if collection else 0
    table = struct.pack(">4sIII", b"cmap", 0, base + 28, len(cmap))
    head = struct.pack(">4sIII", b"ttcf", 0x10000, 1, 16) if collection else b""
    return head + struct.pack(">4sHHHH", b"OTTO", 1, 0, 0, 0) + table + cmap


@pytest.mark.parametrize("kind", [4, 12])
@pytest.mark.parametrize("collection", [False, True])
def test_coverage_is_read_from_the_font_itself(tmp_path, kind, collection):
    path = tmp_path / "font.otf"
    path.write_bytes(face("镇受理", kind=kind, collection=collection))
    assert covers(path, 0, "镇理")
    assert not covers(path, 0, "镇凭")


@pytest.mark.parametrize("content", [b"", b"OTTO", b"not a font at all, though long enough", face("镇")[:60]])
def test_a_broken_font_covers_nothing(tmp_path, content):
    path = tmp_path / "font.otf"
    path.write_bytes(content)
    assert not covers(path, 0, "镇")
    assert not covers(tmp_path / "absent.otf")


def test_the_towns_own_typefaces_come_first_and_rare_characters_fall_through():
    found = fonts.chains(["FZFangSong-Z02", "FandolFang R", "Noto Serif CJK SC", "Noto Sans CJK SC", "DejaVu Sans"])
    assert found["fang"] == ["FZFangSong-Z02", "FandolFang R", "Noto Serif CJK SC", "Noto Sans CJK SC"]
    assert found["title"][0] == "Noto Serif CJK SC"
    assert found["hei"][0] == "Noto Sans CJK SC"


def test_nothing_chinese_gives_empty_chains():
    assert not any(fonts.chains(["DejaVu Sans", "Libertinus Serif"]).values())


def test_an_unknown_family_that_covers_chinese_is_used(tmp_path):
    (tmp_path / "own.otf").write_bytes(face("万庾镇收件凭证办结补正"))
    (tmp_path / "latin.otf").write_bytes(face("ABC"))
    faces = [
        SimpleNamespace(family="镇府体", path=str(tmp_path / "own.otf"), index=0),
        SimpleNamespace(family="Latin", path=str(tmp_path / "latin.otf"), index=0),
        SimpleNamespace(family="Libertinus Serif", path=None, index=0),
    ]
    scan = SimpleNamespace(families=lambda: [f.family for f in faces], fonts=lambda: faces)
    assert set(map(tuple, child._chains(scan).values())) == {("镇府体",)}


def test_the_towns_folders_are_searched(tmp_path, monkeypatch):
    monkeypatch.setenv("MINGTANG_FONTS", f"{tmp_path}:/does/not/exist")
    assert fonts.folders()[0] == tmp_path
    assert all(folder.is_dir() for folder in fonts.folders())


@pytest.fixture
def without_fonts(tmp_path, monkeypatch):
    monkeypatch.setenv("MINGTANG_DATA", str(tmp_path))
    monkeypatch.setattr(render, "font_chains", lambda: {"title": []})
    return tmp_path / "fonts"


def pip(monkeypatch, *, code: int = 0, stderr: bytes = b"", names: tuple[str, ...] = ()):
    """Stand in for pip: leaves a wheel with the named members in the destination."""

    def run(command, **_):
        folder = command[command.index("--dest") + 1]
        assert "--require-hashes" in command and "--no-deps" in command
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as wheel:
            for name in names:
                wheel.writestr(name, b"font")
        if not code:
            with open(f"{folder}/font.whl", "wb") as file:
                file.write(content.getvalue())
        return subprocess.CompletedProcess(command, code, b"", stderr)

    monkeypatch.setattr(fonts.subprocess, "run", run)


def test_a_machine_with_fonts_fetches_nothing(monkeypatch):
    monkeypatch.setattr(render, "font_chains", lambda: {"title": ["Noto Serif CJK SC"]})
    monkeypatch.setattr(fonts, "fetch", lambda folder: pytest.fail("fetched"))
    told = []
    assert fonts.ensure(told.append) and told == []


def test_the_fallback_font_is_fetched_and_only_the_font_kept(without_fonts, monkeypatch):
    pip(monkeypatch, names=("package/__init__.py", "package/" + fonts.FALLBACK_FILE))
    told = []
    assert fonts.ensure(told.append)
    assert [path.name for path in without_fonts.iterdir()] == [fonts.FALLBACK_FILE]
    assert "备用字体已装好" in told[-1]


@pytest.mark.parametrize(
    ("stderr", "names", "code", "reason"),
    [
        (b"Could not find a version", (), 1, "连不上软件源"),
        (b"THESE PACKAGES DO NOT MATCH THE HASHES", (), 1, "校验值不符"),
        (b"", ("package/readme.txt",), 0, "没有字体"),
        (b"", (), None, "下载超时"),
    ],
)
def test_a_failed_fetch_is_told_and_leaves_nothing(without_fonts, monkeypatch, stderr, names, code, reason):
    pip(monkeypatch, code=code or 0, stderr=stderr, names=names)
    if code is None:
        monkeypatch.setattr(fonts, "DOWNLOAD_SECONDS", 0)

        def slow(command, *, timeout, **_):
            raise subprocess.TimeoutExpired(command, timeout)

        monkeypatch.setattr(fonts.subprocess, "run", slow)
    told = []
    assert not fonts.ensure(told.append)
    assert reason in told[-1] and fonts.APT_PACKAGE in told[-1]
    assert list(without_fonts.iterdir()) == []


def test_the_pinned_fallback_has_a_hash_and_names_no_index():
    text = fonts.REQUIREMENT.read_text()
    assert "--hash=sha256:" in text
    assert "index" not in text and "://" not in text
