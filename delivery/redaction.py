"""Blots e-mail addresses and telephone numbers out of text that is kept or logged."""

import re

# Bounded repeats keep the work linear in the length of a line.
_ADDRESS = re.compile(r"[^\s@<>\"'(),;:=\[\]]{0,63}[^\s@]@[^\s@<>\"'(),;:\[\]]{1,255}\.[^\s@<>\"'(),;:\[\]]{1,63}")
_NUMBER = re.compile(r"(?<![\w.+-])(?:\+|\(|00)\d[\d ().\-/]{6,24}\d(?![\w-])")


def redact(text: str) -> str:
    """Give `text` with every e-mail address and every international or bracketed telephone number replaced."""
    return _NUMBER.sub("[number]", _ADDRESS.sub("[address]", text))
