"""The one way a room says no."""


class Refused(Exception):
    """An act that may not happen now.

    ``str(error)`` is one Chinese sentence for the person who tried: what is wrong and how to mend it.
    ``field`` names the form field it is about, when there is one.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
