"""Blots e-mail addresses and telephone numbers out of text that is kept or logged."""

import re

_ADDRESS = re.compile(r"[^\s@<>\"'(),;:=\[\]]+@[^\s@<>\"'(),;:\[\]]+\.[^\s@<>\"'(),;:\[\]]+")
_NUMBER = re.compile(r"(?<![\w.+-])(?:\+|\(|00)\d[\d ().\-/]{6,}\d(?![\w-])")


def redact(text: str) -> str:
    """Give `text` with every e-mail address and every international or bracketed telephone number replaced."""
    return _NUMBER.sub("[number]", _ADDRESS.sub("[address]", text))
