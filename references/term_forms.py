"""The forms under which the names of tags are compared: folded words, stems, and what is left without filler."""

from dataclasses import dataclass
from functools import lru_cache

from references.importing.tagnames import fold_value, to_singular
from references.text import stem

# Words that say of anything that it is a trade, a firm or an offer, and legal forms; they tell no two tags apart.
_FILLER_WORDS = """
services service industry industries sector sectors company companies firm firms solutions solution provider providers
products product group organization organisation vendor vendors supplier suppliers inc incorporated ltd limited llc plc
corp corporation co gmbh ag sa sas bv nv ab oy as kg srl spa pty kk
"""
_SMALL = frozenset("of the and for a an in on to with or &".split())  # no "it", which is a trade here
FILLER = frozenset(stem(word) for word in _FILLER_WORDS.split())


@dataclass(frozen=True, slots=True)
class Form:
    """A name for comparison. `head` is the stem of the word the others describe: banking in "retail banking"."""

    words: tuple[str, ...]
    stems: frozenset[str]
    core: frozenset[str]
    head: str

    @property
    def squeezed(self) -> str:
        """The folded words without spaces."""
        return "".join(self.words)

    @property
    def singular(self) -> frozenset[str]:
        """The words in the singular; lighter than stems, by which "production" is "product"."""
        return frozenset(to_singular(" ".join(self.words)).split())

    @property
    def filler(self) -> frozenset[str]:
        """The stems that tell no two tags apart."""
        return self.stems - self.core

    @property
    def digits(self) -> str:
        """The digits in order; names that differ in them mean different things."""
        return "".join(ch for ch in self.squeezed if ch.isdigit())


@lru_cache(maxsize=65_536)
def form_of(text: str) -> Form:
    """Give the form of a name; one of nothing but small words keeps them."""
    return form_of_words(tuple(fold_value(text).split()))


def form_of_words(words: tuple[str, ...]) -> Form:
    """The form of words that are folded already."""
    kept = [word for word in words if word not in _SMALL] or list(words)
    stems = [stem(word) for word in kept]
    core = [each for each in stems if each not in FILLER] or stems
    return Form(words=words, stems=frozenset(stems), core=frozenset(core), head=_head(words, core))


def _head(words: tuple[str, ...], core: list[str]) -> str:
    """The last word of the core, or the last before an "of" or "for": "manufacture of textiles" is manufacture."""
    for place, word in enumerate(words):
        if word in {"of", "for", "in"} and place:
            before = [stem(each) for each in words[:place] if stem(each) in core]
            if before:
                return before[-1]
    return core[-1] if core else ""
