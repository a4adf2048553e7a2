"""What a saved search finds now, under the rights of whoever saved it, and what of it is new to them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django_filters import FilterSet

from matching.models import SavedSearch
from references.filters import (
    CaseStudyFilter,
    ProofPointFilter,
    SpeakerFilter,
    SpeakingSlotFilter,
    TestimonialFilter,
)
from references.models import CaseStudy, Contact, ProofPoint, SpeakingSlot, Testimonial
from users.models import User

MOST_FOLLOWED = 5_000
"""A search that finds more is too wide to say what of it is new."""


@dataclass(frozen=True, slots=True)
class Noun:
    """What can be searched: its rows as a user may see them, its filters, and the page that lists it."""

    rows: Callable[[User], "QuerySet[Any]"]
    filterset: type[FilterSet]
    page: str


NOUNS: Mapping[str, Noun] = {
    "speaker": Noun(
        lambda user: Contact.objects.visible_to(user).select_related("customer"), SpeakerFilter, "/speakers/"
    ),
    "testimonial": Noun(lambda _user: Testimonial.objects.all(), TestimonialFilter, "/stories/"),
    "case_study": Noun(lambda _user: CaseStudy.objects.all(), CaseStudyFilter, "/stories/?noun=case_study"),
    "proof_point": Noun(lambda _user: ProofPoint.objects.all(), ProofPointFilter, "/stories/?noun=proof_point"),
    "slot": Noun(lambda user: SpeakingSlot.objects.visible_to(user), SpeakingSlotFilter, "/slots/"),
}


@dataclass(frozen=True, slots=True)
class News:
    """How a search stands: how many rows fit, and the ids that are new since its owner last looked.

    `problem` says why it finds nothing any more: `invalid_filters`, or `too_wide` to follow; "" for none.
    """

    total: int
    new: frozenset[int]
    problem: str = ""


def filter_search(noun: str, query: str, user: User) -> Any:
    """The FilterSet of a search as `user` asks it now; its form says whether the filters still make sense."""
    known = NOUNS[noun]
    return known.filterset(QueryDict(query), queryset=known.rows(user), request=SimpleNamespace(user=user))


def read_news(search: SavedSearch) -> News:
    """See what a search finds now; its owner is loaded."""
    filters = filter_search(search.noun, search.query, search.user)
    if not filters.form.is_valid():
        return News(0, frozenset(), "invalid_filters")
    ids = find_ids(filters)
    if len(ids) > MOST_FOLLOWED:
        return News(filters.qs.count(), frozenset(), "too_wide")
    return News(len(ids), ids - seen_ids(search))


def find_ids(filters: Any) -> frozenset[int]:
    """The ids that a valid FilterSet finds, one more than are followed at most."""
    rows = filters.qs.order_by().prefetch_related(None).values_list("pk", flat=True)
    return frozenset(rows[: MOST_FOLLOWED + 1])


def seen_ids(search: SavedSearch) -> frozenset[int]:
    """What fitted when its owner last looked."""
    return frozenset(_known(search, "seen"))


def told_ids(search: SavedSearch) -> frozenset[int]:
    """What its owner was written of since then."""
    return frozenset(_known(search, "told"))


def page_of(search: SavedSearch) -> str:
    """The path of the list with the search's filters."""
    page = NOUNS[search.noun].page
    return page + (("&" if "?" in page else "?") + search.query if search.query else "")


def _known(search: SavedSearch, which: str) -> list[int]:
    return list(search.known.get(which, ())) if isinstance(search.known, dict) else []
