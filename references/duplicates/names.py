"""Compares folded names: of organizations without their legal forms, of people word by word."""

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

LEGAL_FORMS = frozenset(
    """ab ag as asa aps bv bvba co company corp corporation doo eg ev gmbh gbr inc incorporated kft kg kgaa kk lda llc
    llp lp limited ltd ltda mbh nv ohg oy oyj plc pte pty pvt sa sarl sas sasu sca se sl slu snc spa spol srl srlu sro
    spzoo ug zrt""".split()
)
_SPELLED = ("s a r l", "s p a", "s r l", "s r o", "sp z o o", "d o o", "s a s", "b v", "n v", "s a", "s l", "a g")
_WORD_ALIKE = 80  # percent: two words that may be one, misspelled

SAME, TYPO, PART, INITIALS, SHARE, APART = "same", "typo", "part", "initials", "share", "apart"


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart: its words that tell, sorted and in one string, without spaces, and its legal forms."""

    words: tuple[str, ...]
    key: str
    squeezed: str
    forms: frozenset[str] = frozenset()

    @property
    def numbers(self) -> frozenset[str]:
        """The words with a digit in them: "Plant 1" and "Plant 2" are two."""
        return frozenset(word for word in self.words if any(char.isdigit() for char in word))


@lru_cache(maxsize=65_536)
def read_firm(folded: str) -> Name:
    """Take the folded name of an organization apart; one that is all legal forms keeps them."""
    text = folded
    for spelled in _SPELLED:
        if text.endswith(f" {spelled}"):
            text = f"{text[: -len(spelled)]}{spelled.replace(' ', '')}"
            break
    words = text.removeprefix("the ").split()
    telling = tuple(word for word in words if word not in LEGAL_FORMS and word not in {"and", "und", "et"})
    if not telling:
        return _name(tuple(words), frozenset())
    return _name(telling, frozenset(word for word in words if word in LEGAL_FORMS))


@lru_cache(maxsize=65_536)
def read_person(folded: str) -> Name:
    """Take the folded name of a person apart."""
    return _name(tuple(folded.split()), frozenset())


def relate(one: Name, other: Name) -> str:
    """How two names stand to each other: SAME, TYPO, INITIALS, PART (words missing), SHARE (some words) or APART."""
    if one.key == other.key or one.squeezed == other.squeezed:
        return SAME
    if one.numbers != other.numbers:
        return APART
    here, there = set(one.words), set(other.words)
    left, right = sorted(here - there), sorted(there - here)
    if _are_initials(left, right) and here & there:
        return INITIALS
    if not left or not right:
        return PART
    if len(left) == len(right) and all(fuzz.ratio(*pair) >= _WORD_ALIKE for pair in zip(left, right, strict=True)):
        return TYPO
    return SHARE if here & there else APART


def alike(one: Name, other: Name) -> int:
    """How alike two names are, in percent."""
    if one.squeezed == other.squeezed:
        return 100
    return round(fuzz.ratio(one.key, other.key))


def is_acronym(one: Name, other: Name) -> bool:
    """Whether one name is made of the first letters of the other."""
    short, long = sorted((one, other), key=lambda name: len(name.words))
    letters = "".join(word[0] for word in long.words)
    return len(long.words) > 2 and short.words == (letters,)


def _name(words: tuple[str, ...], forms: frozenset[str]) -> Name:
    return Name(words, " ".join(sorted(words)), "".join(words), forms)


def _are_initials(left: list[str], right: list[str]) -> bool:
    """Whether the words that differ are, one for one, a first letter and a word: "j smith" and "john smith"."""
    if not left or len(left) != len(right):
        return False
    return all(one[0] == other[0] and 1 in {len(one), len(other)} for one, other in zip(left, right, strict=True))
