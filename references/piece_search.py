"""Narrows content to the pieces that hold some words, by the pool index; a name that is withheld finds nothing."""

from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import Any

import django_filters
import numpy as np
import numpy.typing as npt
from django.db.models import Model, Q, QuerySet

from references.filtering import MOST_WORDS
from references.idlist import id_list
from references.pool.index import current_snapshot
from references.pool.names import NameList, Names
from references.pool.pieces import find_pieces
from references.rights import Use, nameable_customers
from references.text import fold_name, stem, stems
from users.models import User

Ids = npt.NDArray[np.int64]
LEAST_NAME = 2
LEAST_BEGINNING = 3


class PieceWordsFilter(django_filters.CharFilter):  # type: ignore[misc]
    """Pieces in which every word occurs: in the text, a tag, or a name that may be shown."""

    def filter(self, qs: QuerySet[Any], value: str | None) -> QuerySet[Any]:
        words = (value or "").split()[:MOST_WORDS]
        if not words:
            return qs
        user = getattr(self.parent.request, "user", None)
        return qs.filter(holding_words(qs.model, words, self.parent.use, user))


def holding_words(model: type[Model], words: Sequence[str], use: Use, user: User | None = None) -> Q:
    """Pieces of `model` (CaseStudy, Testimonial) that hold all words, rows annotated with `may_be_named`.

    A piece of whose customer or person a word is the name, or touches it however it is written ("Acme's", "creme" of
    Crème), is found only where it may be named, and where the policy lets `user`, if one asks, see that name.
    """
    kind = "case_study" if model._meta.model_name == "casestudy" else "testimonial"
    snapshot = current_snapshot()
    in_text = find_pieces(snapshot, kind, words, use.on)
    in_name, touched = _find_named(snapshot.names, model, words)
    texts = _common(in_text)
    free = np.setdiff1d(texts, touched, assume_unique=True)
    if not len(touched):
        return Q(pk__in=id_list(free.tolist()))
    both = _common([np.union1d(text, name) for text, name in zip(in_text, in_name, strict=True)])
    shown = np.intersect1d(both, touched, assume_unique=True)
    seen = Q(may_be_named=True, pk__in=id_list(shown.tolist()))
    if user is not None:
        seen &= Q(customer__in=nameable_customers(user, snapshot.policy))
    return Q(pk__in=id_list(free.tolist())) | seen


def touching(word: str, *columns: str) -> Q:
    """Rows in one of whose folded `columns` any part of a word occurs."""
    return _holding_any(_parts(word), columns)


def _common(found: Sequence[Ids]) -> Ids:
    rest = found[0]
    for each in found[1:]:
        rest = np.intersect1d(rest, each, assume_unique=True)
    return rest


def _find_named(names: Names, model: type[Model], words: Sequence[str]) -> tuple[list[Ids], Ids]:
    """By word, the ids of pieces whose customer or person bears it; and of all whose names a word touches.

    One query where a name is touched.
    """
    customers, people = _bearing(names.customers, words), _bearing(names.people, words)
    found: list[set[int]] = [set() for _ in words]
    touched = []
    if customers or people:
        whose = Q(customer__in=id_list(customers)) | Q(contact__in=id_list(people))
        rows = model._default_manager.filter(whose).values_list("pk", "customer_id", "contact_id")
        for pk, customer_id, contact_id in rows:
            touched.append(pk)
            for place in customers.get(customer_id, set()) | people.get(contact_id, set()):
                found[place].add(pk)
    return [_ids(each) for each in found], _ids(touched)


def _ids(found: Collection[int]) -> Ids:
    return np.array(sorted(found), dtype=np.int64)


def _bearing(names: NameList, words: Sequence[str]) -> dict[int, set[int]]:
    """By id of rows whose name a word touches, the places of the words that the name bears in all their parts."""
    wanted = [_parts(word) for word in words]
    parts = set(chain.from_iterable(wanted))
    found: dict[int, set[int]] = {}
    for line in set[int]().union(*(names.holding(each) for each in (*parts, *map(_beginning, parts)))):
        touched = {part for part in parts if _touches(part, names.name(line))}
        if touched:
            found[int(names.ids[line])] = {
                place for place, each in enumerate(wanted) if each and touched.issuperset(each)
            }
    return found


def _holding_any(parts: Iterable[str], columns: Sequence[str]) -> Q:
    found = Q(pk__in=[])
    for part in dict.fromkeys(parts):
        for column in columns:
            found |= Q(**{f"{column}__icontains": part})
    return found


def _parts(word: str) -> list[str]:
    """The folded parts of a word that are long enough to say a name."""
    return [part for part in fold_name(word).split() if len(part) >= LEAST_NAME]


def _beginning(part: str) -> str:
    """What a part has in common with all that the index takes for the same word: "academies", "academy"."""
    short = stem(part)
    return short[:-1] if len(short) > LEAST_BEGINNING else short


def _touches(part: str, name: str) -> bool:
    """Whether the index may find a name by a part: within it, by its stem, or as how one of its words begins."""
    short = stem(part)
    return part in name or short in name or any(each.startswith(short) for each in stems(name))
