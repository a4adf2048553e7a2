"""What the references floor refuses with: a stable code for programs, a sentence for people."""


class DomainError(Exception):
    """Something that cannot be done. `field` names the input at fault, where there is one."""

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
