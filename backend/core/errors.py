"""What can go wrong, as classes. Each error has words fit to show a person; doors turn the class into a status.

Areas subclass these beside the code that raises them, so that a reader meets the error where it happens.
"""

from __future__ import annotations


class Error(Exception):
    """Something a person can be told. `message` is shown as it is: plain words, and what to do next."""

    status = 500
    message = "Something went wrong on our side. Try again in a minute."

    def __init__(self, message: str | None = None) -> None:
        if message is not None:
            self.message = message
        super().__init__(self.message)

    @property
    def code(self) -> str:
        """A stable name for machines: `SessionFull` → `session-full`."""
        name = type(self).__name__
        return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("-")


class Invalid(Error):
    """The input cannot be used. `fields` maps a field's name to what is wrong with it, in words."""

    status = 422
    message = "Some of that needs a fix."

    def __init__(self, message: str | None = None, *, fields: dict[str, list[str]] | None = None) -> None:
        super().__init__(message)
        self.fields = fields or {}


class NotFound(Error):
    """There is no such thing, or it is not for the person who asks: the answer is the same for both."""

    status = 404
    message = "We can't find that. It may have moved or ended."


class Conflict(Error):
    """The input is fine, but the world has moved on."""

    status = 409
    message = "That changed while you were looking. Have another look and try again."


class Unavailable(Error):
    """A part we need does not answer; `retry_after` is in seconds."""

    status = 503
    message = "We're having trouble. Try again in a minute."
    retry_after = 30
