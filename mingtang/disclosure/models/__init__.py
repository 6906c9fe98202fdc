"""Tables of the catalogue: its columns, documents with their editions and frozen revisions, lists from records."""

from mingtang.disclosure.models.columns import Column, Filing, FilingRule
from mingtang.disclosure.models.derived import DerivedList, DerivedRow, Posting
from mingtang.disclosure.models.documents import (
    Attachment,
    Document,
    Edition,
    Revision,
    ViewCount,
    content_hash,
)
from mingtang.disclosure.models.draws import Draw, Expert
from mingtang.disclosure.models.guide import GuideEdition
from mingtang.disclosure.models.links import Link
from mingtang.disclosure.models.outside import ApprovalLink, Approver
from mingtang.disclosure.models.penalties import Penalty
from mingtang.disclosure.models.review import Comment, Review, Waiver
from mingtang.disclosure.models.stories import Claim, SetAside
from mingtang.disclosure.models.validity import Restatement
from mingtang.disclosure.models.withheld import Withholding
from mingtang.disclosure.models.words import ListEntry

__all__ = [
    "ApprovalLink",
    "Approver",
    "Attachment",
    "Claim",
    "Column",
    "Comment",
    "DerivedList",
    "DerivedRow",
    "Document",
    "Draw",
    "Edition",
    "Expert",
    "Filing",
    "FilingRule",
    "GuideEdition",
    "Link",
    "ListEntry",
    "Penalty",
    "Posting",
    "Restatement",
    "Review",
    "Revision",
    "SetAside",
    "ViewCount",
    "Waiver",
    "Withholding",
    "content_hash",
]
