"""Kinds of documents as data: what each must state, by which law, and when it is due. Pure but for reading its pack."""

from mingtang.disclosure.kinds.kind import PLAIN, Field, Kind, Sheet, kind_of, kinds

__all__ = ["PLAIN", "Field", "Kind", "Sheet", "kind_of", "kinds"]
