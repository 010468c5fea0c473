"""What the parsers raise when a text cannot be understood."""


class KitError(ValueError):
    """A refusal in one Chinese sentence that names the rule and the remedy."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Unreadable(KitError):
    """The text is not a value of the kind asked for."""
