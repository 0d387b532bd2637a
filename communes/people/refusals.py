"""Why an action on people was not done."""


class PeopleRefused(ValueError):
    """Not done; the message goes to the form, beside `field` where it concerns one."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class NotYours(PeopleRefused):
    """The unit or the person lies outside the administrator's scope."""
