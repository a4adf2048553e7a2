"""Judges two customers, or two contacts: how likely they are one, and why; None where they are not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from references.duplicates.names import (
    APART,
    INITIALS,
    PART,
    SAME,
    SHARE,
    TYPO,
    Name,
    alike,
    is_acronym,
    read_firm,
    read_person,
    relate,
)

Reason = tuple[str, int]
"""A code (see REASONS) and a number: how alike, in percent; 0 where none belongs to it."""
REASONS = (
    "same_domain", "same_label", "same_name", "same_words", "names_alike", "name_part", "acronym", "same_email",
    "same_phone", "same_customer", "two_emails", "initials", "names_share",
)  # fmt: skip
LEAST = 70
_SHORT = 6  # names of fewer letters must be equal
_ALIKE = 88


@dataclass(frozen=True, slots=True)
class Firm:
    """A customer to compare. `domain` is "" unless theirs alone; `within` are its places and all around them."""

    id: int
    folded: str
    domain: str = ""
    places: frozenset[int] = frozenset()
    within: frozenset[int] = frozenset()
    name: Name = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", read_firm(self.folded))


@dataclass(frozen=True, slots=True)
class Person:
    """A contact to compare. `email` is "" for a mailbox that many read; `domain` is the customer's own, or ""."""

    id: int
    folded: str
    firm: int
    email: str = ""
    phone: str = ""
    domain: str = ""
    name: Name = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", read_person(self.folded))


@dataclass(frozen=True, slots=True)
class Likely:
    """Two rows by id, the smaller first, that are likely one: a score of `LEAST` to 100, and why."""

    first: int
    second: int
    score: int
    reasons: tuple[Reason, ...]


def judge_firms(one: Firm, other: Firm) -> Likely | None:
    """Whether two customers are likely one; sisters in two countries, or on two domains, are not."""
    is_placed_apart = bool(one.places and other.places) and not (one.places & other.within or other.places & one.within)
    if is_placed_apart:
        return None
    relation, percent = relate(one.name, other.name), alike(one.name, other.name)
    if one.domain and one.domain == other.domain:
        return _judge_neighbours(one, other, relation, percent)
    if one.domain and other.domain:
        if relation == SAME and _has_same_label(one.domain, other.domain):
            return _likely(one.id, other.id, 80, ("same_name", 0), ("same_label", 0))
        return None
    if relation == SAME:
        has_two_forms = bool(one.name.forms and other.name.forms) and one.name.forms != other.name.forms
        code = "same_name" if one.name.forms == other.name.forms else "same_words"
        return _likely(one.id, other.id, 78 if has_two_forms else 90, (code, 0))
    if relation == TYPO and percent >= _ALIKE and min(len(one.name.key), len(other.name.key)) >= _SHORT:
        return _likely(one.id, other.id, percent - 8, ("names_alike", percent))
    return None


def judge_persons(one: Person, other: Person) -> Likely | None:
    """Whether two contacts are likely one; a shared mailbox, or a name met at two customers, is not enough."""
    relation, percent = relate(one.name, other.name), alike(one.name, other.name)
    if relation == APART:
        return None
    if relation == TYPO and percent < _ALIKE:
        relation = SHARE
    about_name = _name_reason(relation, percent)
    if one.email and one.email == other.email:
        score = {SAME: 99, TYPO: 95, INITIALS: 95, PART: 93, SHARE: 82}[relation]
        return _likely(one.id, other.id, score, ("same_email", 0), about_name)
    if relation == SHARE:
        return None
    has_two_emails = bool(one.email and other.email)
    reasons = [about_name, *_phone_reason(one, other)]
    if one.firm == other.firm:
        reasons.append(("same_customer", 0))
        if has_two_emails:
            return _judge_two_emails(one, other, relation, reasons)
        if relation == PART and min(len(one.name.words), len(other.name.words)) < 2:
            return None
        score = {SAME: 92, TYPO: 82, PART: 80, INITIALS: 76}[relation]
        return _likely(one.id, other.id, score + (5 if _has_same_phone(one, other) else 0), *reasons)
    if relation != SAME or has_two_emails:
        return None
    if one.domain and one.domain == other.domain:
        return _likely(one.id, other.id, 82, *reasons, ("same_domain", 0))
    return _likely(one.id, other.id, 80, *reasons) if _has_same_phone(one, other) else None


def _judge_neighbours(one: Firm, other: Firm, relation: str, percent: int) -> Likely | None:
    """Two customers on one domain: one of them under two names, or sisters of one house."""
    scores = {SAME: (98, "same_name"), PART: (75, "name_part")}
    if relation in scores:
        score, code = scores[relation]
        return _likely(one.id, other.id, score, ("same_domain", 0), (code, 0))
    if relation == TYPO:
        return _likely(one.id, other.id, 92, ("same_domain", 0), ("names_alike", percent))
    if is_acronym(one.name, other.name):
        return _likely(one.id, other.id, 85, ("same_domain", 0), ("acronym", 0))
    return None


def _judge_two_emails(one: Person, other: Person, relation: str, reasons: list[Reason]) -> Likely | None:
    """One name at one customer under two addresses: an old address, or two of one name."""
    if relation != SAME:
        return None
    (local, _at, host), (second, _sign, other_host) = one.email.partition("@"), other.email.partition("@")
    if host == other_host and re.sub(r"\d", "", local) == re.sub(r"\d", "", second):
        return None  # numbered by those who keep the addresses: two of one name
    score = (72 if host == other_host else 80) + (10 if _has_same_phone(one, other) else 0)
    return _likely(one.id, other.id, score, *reasons, ("two_emails", 0))


def _name_reason(relation: str, percent: int) -> Reason:
    codes = {SAME: "same_name", TYPO: "names_alike", INITIALS: "initials", PART: "name_part", SHARE: "names_share"}
    return codes[relation], percent if relation == TYPO else 0


def _has_same_phone(one: Person, other: Person) -> bool:
    return bool(one.phone) and one.phone == other.phone


def _phone_reason(one: Person, other: Person) -> Iterator[Reason]:
    if _has_same_phone(one, other):
        yield ("same_phone", 0)


def _has_same_label(one: str, other: str) -> bool:
    """acme.com and acme.io, but not acme.de and acme.fr: these are two countries'."""
    (label, _dot, end), (second, _point, other_end) = one.rpartition("."), other.rpartition(".")
    return label == second and not (len(end) == len(other_end) == 2)


def _likely(one: int, other: int, score: int, *reasons: Reason) -> Likely | None:
    return Likely(min(one, other), max(one, other), min(score, 100), tuple(reasons)) if score >= LEAST else None
