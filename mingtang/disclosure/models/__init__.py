"""Tables of the catalogue: documents with their editions and frozen revisions."""

from mingtang.disclosure.models.documents import (
    Attachment,
    Document,
    Edition,
    Revision,
    ViewCount,
    content_hash,
)

__all__ = ["Attachment", "Document", "Edition", "Revision", "ViewCount", "content_hash"]
