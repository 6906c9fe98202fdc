"""Tables of the catalogue: its columns, and documents with their editions and frozen revisions."""

from mingtang.disclosure.models.columns import Column, Filing
from mingtang.disclosure.models.documents import (
    Attachment,
    Document,
    Edition,
    Revision,
    ViewCount,
    content_hash,
)

__all__ = ["Attachment", "Column", "Document", "Edition", "Filing", "Revision", "ViewCount", "content_hash"]
