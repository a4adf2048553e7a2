"""Narrows content to the pieces that hold some words, by the pool index; a name that is withheld finds nothing."""

from collections.abc import Sequence
from typing import Any

import django_filters
import numpy as np
import numpy.typing as npt
from django.db.models import Model, Q, QuerySet

from references.filtering import MOST_WORDS
from references.idlist import id_list
from references.models import Contact, Customer
from references.pool.index import current_snapshot
from references.pool.pieces import find_pieces
from references.rights import Use, nameable_customers
from users.models import User

Ids = npt.NDArray[np.int64]
LEAST_NAME = 2


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

    A piece of whose customer or person a word is the name, or a part of it, is found only where it may be named, and
    where the policy lets `user`, if one asks, see that name.
    """
    kind = "case_study" if model._meta.model_name == "casestudy" else "testimonial"
    in_text = find_pieces(current_snapshot(), kind, words, use.on)
    in_name = _find_named(model, words)
    named = np.unique(np.concatenate(in_name))
    texts = _common(in_text)
    free = np.setdiff1d(texts, named, assume_unique=True)
    if not len(named):
        return Q(pk__in=id_list(free.tolist()))
    both = _common([np.union1d(text, name) for text, name in zip(in_text, in_name, strict=True)])
    shown = np.intersect1d(both, named, assume_unique=True)
    seen = Q(may_be_named=True, pk__in=id_list(shown.tolist()))
    if user is not None:
        seen &= Q(customer__in=nameable_customers(user, current_snapshot().policy))
    return Q(pk__in=id_list(free.tolist())) | seen


def _common(found: Sequence[Ids]) -> Ids:
    rest = found[0]
    for each in found[1:]:
        rest = np.intersect1d(rest, each, assume_unique=True)
    return rest


def _find_named(model: type[Model], words: Sequence[str]) -> list[Ids]:
    """By word, the ids of pieces whose customer or person bears it in their name. Two or three queries."""
    asked = {place: word.casefold() for place, word in enumerate(words) if len(word) >= LEAST_NAME}
    customers = _bearing(Customer, ("name", "domain"), asked)
    people = _bearing(Contact, ("name",), asked)
    found: list[set[int]] = [set() for _ in words]
    if customers or people:
        whose = Q(customer__in=id_list(customers)) | Q(contact__in=id_list(people))
        rows = model._default_manager.filter(whose).values_list("pk", "customer_id", "contact_id")
        for pk, customer_id, contact_id in rows:
            for place in customers.get(customer_id, set()) | people.get(contact_id, set()):
                found[place].add(pk)
    return [np.array(sorted(each), dtype=np.int64) for each in found]


def _bearing(model: type[Model], fields: Sequence[str], asked: dict[int, str]) -> dict[int, set[int]]:
    """By id, the places of the words that occur in one of its names."""
    some = Q(pk__in=[])
    for word in asked.values():
        for field in fields:
            some |= Q(**{f"{field}__icontains": word})
    found: dict[int, set[int]] = {}
    for pk, *names in model._default_manager.filter(some).order_by().values_list("pk", *fields):
        text = " ".join(names).casefold()
        found[pk] = {place for place, word in asked.items() if word in text}
    return found
