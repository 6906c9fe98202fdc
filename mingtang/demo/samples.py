"""What the demo items' results look like: pictures of our own making, marked 样本."""

from pathlib import Path

from mingtang.events.log import CONSOLE
from mingtang.files.actions import store
from mingtang.files.policies import IMAGES
from mingtang.lib.canonical import sha256_hex
from mingtang.rulebook.enums import FileRole
from mingtang.towns.models import Jurisdiction

FOLDER = Path(__file__).parent / "samples"
# item: the results in the order of its pictures
RESULTS = {
    "LN-001": ("老年人优待证",),
    "LM-001": ("林木采伐许可证",),
    "JF-001": ("农村宅基地批准书", "乡村建设规划许可证"),
}


def _files(code: str) -> list[tuple[str, Path]]:
    return [(f"{name}（样本）.png", FOLDER / f"{code}-{n}.png") for n, name in enumerate(RESULTS[code], 1)]


def enclosures(code: str) -> list[dict[str, str]]:
    """The samples of an item's results, as its spec names them."""
    return [
        {"role": FileRole.RESULT.value, "of": of, "name": name, "sha256": sha256_hex(path.read_bytes())}
        for of, (name, path) in zip(RESULTS[code], _files(code), strict=True)
    ]


def store_samples(town: Jurisdiction) -> None:
    """Keep the bytes where the guide hands them out from."""
    for code in RESULTS:
        for name, path in _files(code):
            with path.open("rb") as stream:
                store(town=town, name=name, stream=stream, by=CONSOLE, purpose="guide", allowed=IMAGES)
