"""Who writes and who reviews what is to be learned."""

from mingtang.people.enums import Permission as P

KEEPING = P.STUDY_KEEP
# The second person: the secrecy reviewer, or another of those who write.
REVIEWING = (P.DOCUMENT_REVIEW, P.STUDY_KEEP)
MAKERS = frozenset(REVIEWING)
