"""Tells names that are none: of customers who must not be named, and words that stand for any customer at all."""

import re

from references.text import fold_name

_UNNAMED = re.compile(
    r"^\W*(?:unnamed|un-named|anonymous|anonymi[sz]ed|confidential|undisclosed|not named)\b", re.IGNORECASE
)
_NOBODY = frozenset(
    """unnamed anonymous anonymised anonymized confidential undisclosed redacted anonym anonyme anonimo anonymer
    vertraulich confidentiel confidencial""".split()
)
_GENERAL = frozenset("a an the one customer client company account kunde cliente empresa entreprise".split())


def must_not_be_named(name: str) -> bool:
    """Whether a customer's name begins by saying that it is not told: "(unnamed) UK retailer"."""
    return bool(_UNNAMED.match(name)) or names_nobody(name)


def names_nobody(name: str) -> bool:
    """Whether a name says no more than that it is kept back, so that two rows of it may be two customers."""
    words = set(fold_name(name).split())
    return bool(words & _NOBODY) and not words - _NOBODY - _GENERAL
