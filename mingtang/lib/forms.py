"""The token of a form: whoever sends the same form twice is told the same answer twice."""

import uuid


def form_token(sent: str) -> uuid.UUID:
    """The token that was sent along; a new one where none or nonsense was."""
    try:
        return uuid.UUID(sent)
    except ValueError:
        return uuid.uuid4()
