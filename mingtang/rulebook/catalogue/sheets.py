"""The sheets of the catalogue: one row an item on the first, one row a record on each of the others."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, get_args, get_type_hints

from mingtang.rulebook import spec as specs
from mingtang.rulebook.catalogue.columns import Column, columns_of, is_list

CODE, UNIT, NUMBER, STATE, CHECK = "事项编码", "实施单位", "版本", "状态", "校验码"
ORDER = "序号"
# Ours, for people to read; an import passes them by.
ABOUT, POSTS = "说明", "岗位"

_TITLES: dict[tuple[str, ...], str] = {
    ("basis",): "依据",
    ("situations",): "情形",
    ("situations", "options"): "答案",
    ("conditions",): "条件",
    ("materials",): "材料",
    ("steps",): "环节",
    ("fees",): "收费",
    ("fees", "reductions"): "减免",
    ("procedures",): "特别程序",
    ("results",): "结果",
    ("questions",): "常见问题",
    ("files",): "文件",
    ("parts",): "组成",
}
_CONDITION = Column("", "申请条件", "一行写一个条件", width=60)


@dataclass(frozen=True)
class Sheet:
    """``path`` leads from the spec to its records: ``("fees", "reductions")``; empty for the items themselves.

    ``lead`` are the columns before the fields: whose record it is, and which in order.
    """

    title: str
    path: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def lead(self) -> tuple[str, ...]:
        if not self.path:
            return (CODE, UNIT, NUMBER, STATE, CHECK)
        return (CODE, self.parent_order, ORDER) if len(self.path) == 2 else (CODE, ORDER)

    @property
    def parent_order(self) -> str:
        """The column that says which situation or fee a nested record belongs to."""
        return _TITLES[self.path[:1]] + ORDER

    @property
    def titles(self) -> tuple[str, ...]:
        return (*self.lead, *(column.title for column in self.columns))

    def records(self, data: dict[str, Any]) -> Iterator[tuple[tuple[int, ...], Any]]:
        """The records of a spec as JSON, each with its place in order (and before it that of what it belongs to)."""
        rows = data[self.path[0]]
        if len(self.path) == 1:
            yield from (((number,), row) for number, row in enumerate(rows, 1))
        else:
            for outer, row in enumerate(rows, 1):
                yield from (((outer, inner), one) for inner, one in enumerate(row[self.path[1]], 1))


def _sheets() -> Iterator[Sheet]:
    nested = [column for name, kind in NESTED.items() for column in columns_of(kind, within=f"{name}.")]
    yield Sheet("事项", (), (*columns_of(specs.Spec, leave=("conditions",)), *nested))
    for path, kind in _paths(specs.Spec):
        yield Sheet(_TITLES[path], path, columns_of(kind) if kind else (_CONDITION,))


def _paths(kind: type, before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], type | None]]:
    """Every list of records below a kind, in the order of the fields; ``conditions`` is one of plain texts."""
    hints = get_type_hints(kind)
    for field in fields(kind):
        path = (*before, field.name)
        if is_list(hints[field.name]):
            inner = get_args(hints[field.name])[0]
            yield path, inner
            yield from _paths(inner, path)
        elif path in _TITLES:
            yield path, None


# The records of a spec that stand once, by their field.
NESTED = {name: kind for name, kind in get_type_hints(specs.Spec).items() if is_dataclass(kind)}
SHEETS = tuple(_sheets())
ITEMS = SHEETS[0]


def values_of(sheet: Sheet, record: Any) -> list[Any]:
    """The values of one record in the order of the sheet's columns. The items' sheet shows the records that stand once
    (``NESTED``) beside the spec's own fields."""
    if not sheet.path:
        return [_reach(record, column.field) for column in sheet.columns]
    return [record] if sheet.columns == (_CONDITION,) else [record[column.field] for column in sheet.columns]


def _reach(record: dict[str, Any], way: str) -> Any:
    for name in way.split("."):
        record = record[name]
    return record


def record_of(sheet: Sheet, values: list[Any]) -> Any:
    """The record that ``values_of`` took apart; lists of records below it are empty."""
    if sheet.columns == (_CONDITION,):
        return values[0]
    found = dict(zip((column.field for column in sheet.columns), values, strict=True))
    if not sheet.path:
        whole: dict[str, Any] = {name: {} for name in NESTED}
        for way, value in found.items():
            holder, _, name = way.rpartition(".")
            (whole[holder] if holder else whole)[name] = value
        return {**whole, **{other.path[0]: [] for other in SHEETS if len(other.path) == 1}}
    return found | {other.path[1]: [] for other in SHEETS if other.path[:-1] == sheet.path}
