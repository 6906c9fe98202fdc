"""救济途径: one pure function, used by every adverse paper."""

from dataclasses import dataclass
from datetime import date

from mingtang.workdays.packs import rule


@dataclass(frozen=True)
class Remedies:
    """Where a person may turn, and by when; periods run from service."""

    review_body: str
    review_limit: str
    review_basis: str
    suit_limit: str
    suit_basis: str

    @property
    def sentence(self) -> str:
        return (
            f"不服本决定的，可以自收到之日起{self.review_limit}内向{self.review_body}申请行政复议"
            f"{self.review_basis}；也可以自收到之日起{self.suit_limit}内依法向人民法院提起行政诉讼{self.suit_basis}。"
        )


def remedies(*, county: str, decided_on: date) -> Remedies:
    """Against a decision of the town: the county government, or the court (复议法 20, 24; 行诉法 46).

    Selected by the day of the decision; a basis nobody has read is not printed as law.
    """
    review, suit = rule("FOI_APPEAL", decided_on), rule("SUIT", decided_on)

    def basis(citation: str) -> str:
        return f"（{citation}）" if citation else ""

    return Remedies(
        review_body=f"{county}人民政府",
        review_limit=review.limit,
        review_basis=basis(review.citation),
        suit_limit=suit.limit,
        suit_basis=basis(suit.citation),
    )
