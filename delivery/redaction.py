"""Blots e-mail addresses, telephone numbers and the tokens of signed links out of text that is kept or logged."""

import re

# Bounded repeats keep the work linear in the length of a line.
_ADDRESS = re.compile(r"[^\s@<>\"'(),;:=\[\]]{0,63}[^\s@]@[^\s@<>\"'(),;:\[\]]{1,255}\.[^\s@<>\"'(),;:\[\]]{1,63}")
_TOKEN = re.compile(r"[0-9a-f]{32}-[A-Za-z0-9_-]{43}")
_NUMBER = re.compile(r"(?<![\w.+-])(?:\+|\(|00)\d[\d ().\-/]{6,24}\d(?![\w-])")


def redact(text: str) -> str:
    """Give `text` with every e-mail address, international or bracketed telephone number and link's token replaced."""
    return _NUMBER.sub("[number]", _ADDRESS.sub("[address]", _TOKEN.sub("[link]", text)))
