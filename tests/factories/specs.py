"""Rows of a spec with only what a test is about written down."""

from typing import Any, TypeVar

from mingtang.rulebook.spec import blank, build

T = TypeVar("T")


def row(kind: type[T], /, **values: Any) -> T:
    """One record; what is not named says nothing."""
    return build(kind, {**blank(kind), **values}, kind.__name__)


def data(kind: type, /, **values: Any) -> dict[str, Any]:
    """The same record as stored JSON."""
    return {**blank(kind), **values}
