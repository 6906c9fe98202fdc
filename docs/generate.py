"""Writes the reference pages from the code: ``python -m docs.generate``; ``--check`` only says which page is stale."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import django

DOCS = Path(__file__).parent


def stale_pages(*, write: bool) -> list[str]:
    """Names of the committed pages that differ from what the code says now; with ``write`` they are written."""
    from docs.pages import PAGES  # needs the app registry

    stale = []
    for name, make in PAGES.items():
        path, text = DOCS / name, make()
        if path.exists() and path.read_text() == text:
            continue
        stale.append(name)
        if write:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return stale


def main(argv: Sequence[str] | None = None) -> int:
    """Write the pages, or with ``--check`` name those that are stale; returns 1 when there are any."""
    parser = argparse.ArgumentParser(prog="python -m docs.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, name what is stale")
    check = parser.parse_args(argv).check
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    stale = stale_pages(write=not check)
    for name in stale:
        print(f"docs/{name} {'is stale: run python -m docs.generate' if check else 'written'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
