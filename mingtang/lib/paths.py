"""Where an installation keeps what is not in its database."""

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def data_dir() -> Path:
    """The data folder: ``$MINGTANG_DATA``, else ``var`` beside the code. Created on first use."""
    path = Path(os.environ.get("MINGTANG_DATA") or CHECKOUT / "var")
    path.mkdir(parents=True, exist_ok=True)
    return path


def data_path(name: str) -> Path:
    """A sub folder of the data folder, created on first use."""
    path = data_dir() / name
    path.mkdir(parents=True, exist_ok=True)
    return path
