"""What the data of papers are made of: days, moments, what proves them."""

from typing import Annotated, Literal, NotRequired, TypedDict

Day = Annotated[str, "day"]
Moment = Annotated[str, "moment"]


class Checkpoint(TypedDict):
    """The last signed checkpoint of the town's log."""

    origin: str
    size: int
    words: list[str]  # four


class Proof(TypedDict):
    """What proves that this paper's event stands in the log: printed small; ``file`` is attached as ``proof.json``."""

    commitment: str
    opening: str
    file: str


class Cell(TypedDict):
    text: str
    cols: NotRequired[int]
    rows: NotRequired[int]


class Block(TypedDict):
    """A piece of a document's body. ``p h2 h3 right note`` use ``text``, ``ul ol`` ``items``, ``table`` ``rows``."""

    type: Literal["p", "h2", "h3", "right", "note", "ul", "ol", "table"]
    text: NotRequired[str]
    items: NotRequired[list[str]]
    rows: NotRequired[list[list[str | Cell]]]
    header: NotRequired[int]  # leading rows repeated on each page
    widths: NotRequired[list[int]]  # of the columns, relative
    caption: NotRequired[str]
