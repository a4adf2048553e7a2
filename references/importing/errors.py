"""The errors of an import: a file that is refused, and a cell that cannot be read."""


class ImportRefusedError(Exception):
    """A file or a mapping that cannot be imported, told so that a person can act on it.

    `code` is stable and for programs, `message` says what is wrong, `hint` what to do about it.
    """

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(f"{message} {hint}".strip())
        self.code = code
        self.message = message
        self.hint = hint


class CellError(ValueError):
    """A cell that cannot be read: `problem` says what is wrong, `expected` what would be right."""

    def __init__(self, problem: str, expected: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.expected = expected
