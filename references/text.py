"""Turns free text into comparable words: folding, tokens with their places, and stems."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import snowballstemmer

_TOKEN = re.compile(r"[^\W_]+(?:[.&+#'’/-][^\W_]+)*[+#]*", re.UNICODE)
_PART = re.compile(r"[.&'’/-]")
_stemmer = snowballstemmer.stemmer("english")


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text: its folded form and where it stands (character offsets, end exclusive)."""

    word: str
    start: int
    end: int


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Lower-case `text` and strip its accents, so that "Énergie" and "energie" compare equal."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(ch for ch in decomposed if not unicodedata.combining(ch))


def fold_name(name: str) -> str:
    """Fold a name for identity: case, accents, punctuation and runs of spaces do not matter."""
    return " ".join(re.findall(r"[^\W_]+", fold(name)))


def tokenize(text: str) -> list[Token]:
    """Split `text` into folded tokens; compounds such as "cloud-native" or "C++" stay one token."""
    return [Token(fold(m.group()), m.start(), m.end()) for m in _TOKEN.finditer(text)]


def split_compound(word: str) -> list[str]:
    """Give the parts of a compound token ("cloud-native" → cloud, native); one part for a plain word."""
    return [part for part in _PART.split(word) if part]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Reduce a folded word to its Snowball stem ("insurers" → "insur"), but keep `_APART` apart."""
    return _APART.get(word) or str(_stemmer.stemWord(word))


def stems(text: str) -> list[str]:
    """Give the stems of all words of `text` in order, compounds as their parts, stop words left out."""
    return list(chain.from_iterable(map(_stems_of_piece, text.split())))  # no token holds a space


@lru_cache(maxsize=65_536)
def _stems_of_piece(piece: str) -> tuple[str, ...]:
    parts = chain.from_iterable(split_compound(fold(token)) for token in _TOKEN.findall(piece))
    return tuple(stem(part) for part in parts if part not in STOP_WORDS and (len(part) > 1 or part.isdigit()))


_APART = {
    written: kept
    for kept, forms in {
        "hospitality": "hospitality",
        "customs": "customs",
        "engine": "engine engines",
        "important": "important importance importantly",
        "authority": "authority authorities",
        "animation": "animation animations",
        "experiment": "experiment experiments experimental experimentation",
        "transition": "transition transitions transitional",
    }.items()
    for written in forms.split()
}
"""Words that Snowball gives the stem of another word: a hospital, a customer, an engineer, an import, an author, an
animal, an experience, transit. What overstemming costs a search is Krovetz, *Viewing morphology as an inference
process*, 1993."""

STOP_WORDS = frozenset(
    """
    a about above after again all also am an and any are as at be because been before being below
    between both but by can could did do does doing don down during each few for from further get
    had has have having he her here hers him his how i if in into is it its itself just let me more
    most my no nor not now of off on once only or other our out over own please same she should so
    some such t than that the their them then there these they this those through to too under until
    up us very was we were what when where which while who whom why will with would you your d ll m
    re s ve
    """.split()
)
