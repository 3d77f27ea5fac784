"""The one exception inside reading a value: it becomes a Problem before it leaves `kinds`."""


class BadValue(ValueError):
    """A raw value cannot be stored. `code` is a key of `messages.MESSAGES`; params never hold what was typed (D7)."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
