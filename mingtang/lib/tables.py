"""Rows of an HTML table whose cells name the head they stand under. Pure."""

import re
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

_CELL = re.compile(r"<(tr|td|th)\b([^>]*)>")
_SPAN = re.compile(r'\bcolspan="(\d+)"')


def headed(rows: Markup, columns: Sequence[Any]) -> Markup:
    """``rows`` with a ``data-head`` on every ``td`` that stands under one column alone, for the narrow sheet to show.

    ``columns`` are text or mappings with ``label``. A cell over several columns, or beyond the last, says nothing.
    """
    heads = [column if isinstance(column, str) else column["label"] for column in columns]
    place = 0

    def cell(found: re.Match[str]) -> str:
        nonlocal place
        name, attributes = found.groups()
        if name == "tr":
            place = 0
            return found[0]
        span = _SPAN.search(attributes)
        here, place = place, place + (int(span[1]) if span else 1)
        if name == "th" or span or here >= len(heads) or not heads[here]:
            return found[0]
        return f'<td{attributes} data-head="{escape(heads[here])}">'

    return Markup(_CELL.sub(cell, rows))  # noqa: S704 (rows are markup already, the heads are escaped)
