"""The few SVG pieces both drawings are made of. Presentation attributes only: pages forbid inline styles."""

from collections.abc import Collection, Sequence
from html import escape

from mingtang.flows.layout import FONT, Box, Point
from mingtang.flows.reading import Diagram

INK, INK_2, EDGE = "#1d2327", "#545d66", "#46515c"
PAPER, LINE_COLOUR, TINT, BAND = "#ffffff", "#8f8a7e", "#f3ede0", "#fbf9f5"
BLUE, BLUE_TINT = "#1a4f8b", "#eaf1f9"
GREEN, GREEN_TINT = "#1a6e45", "#e9f4ee"
AMBER, AMBER_TINT = "#8a5200", "#fdf3e1"
SANS = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"
SERIF = "'Noto Serif CJK SC','Source Han Serif SC','Songti SC',SimSun,serif"


def opening(width: int, height: int, view_box: str, prefix: str) -> str:
    """The opening tag; `prefix` keeps the ids of two drawings on one page apart."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view_box}" width="{width}" height="{height}" '
        f'role="img" aria-labelledby="{prefix}-title {prefix}-desc" font-family="{SANS}">'
    )


def pill(box: Box, words: str, fill: str, stroke: str, colour: str) -> str:
    """A rounded label that sits on the edge of a box."""
    return rect(box, fill, stroke, 1.5, 10) + text(box.cx, box.y + 15, words, size=13, weight=600, fill=colour)


def described(diagram: Diagram, sentences: list[str], current: Collection[str], prefix: str) -> list[str]:
    """Title and description for people who do not see the drawing."""
    now = "、".join(node.name for node in diagram.nodes.values() if node.id in current)
    told = "".join(sentences) + (f"当前办到：{now}。" if now else "")
    return [
        f'<title id="{prefix}-title">{escape(diagram.name)}流程图</title>',
        f'<desc id="{prefix}-desc">{escape(told)}</desc>',
    ]


def arrow_marker(prefix: str) -> str:
    return (
        f'<defs><marker id="{prefix}-arrow" viewBox="0 0 10 10" refX="9.5" refY="5" markerWidth="7" markerHeight="7" '
        f'orient="auto"><path d="M0 0L10 5L0 10z" fill="{EDGE}"/></marker></defs>'
    )


def text(
    x: float,
    y: float,
    content: str,
    *,
    size: int = FONT,
    weight: int = 400,
    anchor: str = "middle",
    fill: str = INK,
    halo: bool = False,
    family: str = "",
) -> str:
    """One line of text with its baseline at `y`."""
    extra = f' font-weight="{weight}"' if weight != 400 else ""
    extra += ' stroke="#ffffff" stroke-width="5" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    extra += f' font-family="{family}"' if family else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" text-anchor="{anchor}" fill="{fill}"{extra}>'
        f"{escape(content)}</text>"
    )


def rect(box: Box, fill: str, stroke: str, width: float, radius: int = 0, dash: str = "") -> str:
    extra = f' rx="{radius}"' if radius else ""
    extra += f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<rect x="{box.x}" y="{box.y}" width="{box.w}" height="{box.h}"{extra} fill="{fill}" stroke="{stroke}" '
        f'stroke-width="{width:g}"/>'
    )


def arrow(points: Sequence[Point], prefix: str, *, back: bool = False) -> str:
    """An edge with its arrow head; broken when it leads back."""
    path = " ".join(f"{x},{y}" for x, y in points)
    dash = ' stroke-dasharray="7 4"' if back else ""
    return (
        f'<polyline points="{path}" fill="none" stroke="{EDGE}" stroke-width="1.6"{dash} stroke-linejoin="round" '
        f'marker-end="url(#{prefix}-arrow)"/>'
    )
