"""The words of a text: compounds in their parts, each with its place, and the boundaries between clauses."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from references.text import fold, stem

_TOKEN = re.compile(r"[^\W_]+(?:[.&+#'’/-][^\W_]+)*[+#]*", re.UNICODE)
_PART = re.compile(r"[^.&'’/-]+")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.[\w.-]+", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?;:\n\r|•·—–()\[\]\u2028\u2029]|\s[-*]\s")
_CONTRACTIONS = frozenset({"s", "d", "m", "ll", "re", "ve"})


class Span(NamedTuple):
    """A stretch of a text, as character offsets; `end` is exclusive."""

    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        """Tell whether the two stretches share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Word:
    """One part of a token: as written, folded and stemmed, with its character offsets (end exclusive).

    `gap` is what stands before it: "" inside a compound, " " a mere space, "," a comma, "." the end of a sentence.
    """

    raw: str
    word: str
    stem: str
    start: int
    end: int
    gap: str

    @property
    def opens_sentence(self) -> bool:
        """True for the first word of a sentence, where a capital says nothing."""
        return self.gap == "."


def split_words(text: str) -> list[Word]:
    """Split `text` into words, web and mail addresses and clipped verbs ("they'd") left out."""
    addresses = (
        [match.span() for match in _ADDRESS.finditer(text)] if "@" in text or "/" in text or "w." in text else []
    )
    words: list[Word] = []
    last = 0
    for token in _TOKEN.finditer(text):
        start, end = token.span()
        if any(start < stop and begin < end for begin, stop in addresses):
            continue
        gap = "." if not words else _gap(text[last:start])
        last = end
        for part in _PART.finditer(token.group()):
            raw = part.group()
            word = fold(raw)
            if not word or (gap == "" and word in _CONTRACTIONS and text[start + part.start() - 1] in "'’"):
                continue
            words.append(Word(raw, word, stem(word), start + part.start(), start + part.end(), gap))
            gap = ""
    return words


def is_shouted(words: list[Word]) -> bool:
    """True where a text is written in capitals throughout, so that case tells nothing."""
    letters = [word for word in words if len(word.raw) > 1 and word.raw.isalpha()]
    return len(letters) > 3 and sum(word.raw.isupper() for word in letters) > 0.6 * len(letters)


def _gap(between: str) -> str:
    if between == " " or (between.endswith(".") and between[:-1].isspace()):
        return " "  # a dot that opens a name, as in ".NET", ends nothing
    if _SENTENCE_END.search(between):
        return "."
    return "," if "," in between else " "
