"""Whom a campaign of asks is about: a filter of the pool, as the pool's page writes it in its address.

Nobody is picked by a score, a loyalty class or a mood: asking only the pleased, for a review above all, is gating.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q
from django.http import QueryDict

from advocacy.next_asks import MOMENT_DAYS
from references.enums import ContactStatus, EngagementStatus, NominationVia
from references.errors import DomainError
from references.idlist import id_list
from references.models import Contact, Engagement, Nomination, ProofPoint
from references.pool.search import find_people
from references.pool.selection import TAG_FACETS
from users.models import User

FACETS = frozenset({*TAG_FACETS, "size", "seniority", "activity", "band"})
"""What people are chosen by; their status is not among them, since only the active are asked."""
SHOWN_ONLY = frozenset({"sort", "page", "look"})
GATES = ("nps", "loyal", "score", "sentiment", "mood", "rating", "promoter", "passive", "detractor", "health")
MOST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Audience:
    """Words, and the values chosen of each facet."""

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_everybody(self) -> bool:
        """Whether nothing narrows it."""
        return not self.text and not self.chosen

    @property
    def keys(self) -> tuple[str, ...]:
        """The choices as the pool's address has them: "industry:banking"."""
        return tuple(f"{facet}:{value}" for facet, values in self.chosen.items() for value in values)


def read_audience(query: str) -> Audience:
    """Read the query string of the pool's page, with or without what stands before its question mark.

    Raises DomainError: gating where it picks by score, class or mood, unknown_filter for what the pool does not have.
    """
    given = QueryDict(query.strip().rpartition("?")[2])
    chosen: dict[str, tuple[str, ...]] = {}
    for name in given:
        _refuse_gate(name)
        if name not in {"f", "q", *SHOWN_ONLY}:
            raise DomainError("unknown_filter", f"The pool has no filter '{name}'.", "audience")
    for key in given.getlist("f"):
        facet, _colon, value = key.strip().partition(":")
        _refuse_gate(facet)
        if facet == "status" and value == ContactStatus.ACTIVE:
            continue
        if facet not in FACETS or not value:
            raise DomainError("unknown_filter", f"The pool has no filter '{key}'.", "audience")
        chosen[facet] = (*chosen.get(facet, ()), value)
    return Audience(given.get("q", "").strip()[:MOST_TEXT], chosen)


def find_audience(audience: Audience, user: User) -> list[int]:
    """The ids of the active promoters that a user finds so, in ascending order."""
    chosen = {**audience.chosen, "status": (ContactStatus.ACTIVE,)}
    return find_people(user=user, text=audience.text, chosen=chosen)


def moments_first(contact_ids: Sequence[int], today: date) -> list[int]:
    """These ids with those of whom something good was seen lately first, else as they were; four queries.

    Where not everybody can be judged at once, they are the ones worth looking at.
    """
    since = today - timedelta(days=MOMENT_DAYS)
    people = Contact.objects.filter(pk__in=id_list(contact_ids))
    nominated = Nomination.objects.filter(created_at__date__gte=since).exclude(via=NominationVia.SURVEY)
    seen = Q(pk__in=nominated.values("contact"))
    did = Q(pk__in=Engagement.objects.filter(status=EngagementStatus.COMPLETED, on__gte=since).values("contact"))
    measured = ProofPoint.objects.filter(measured_on__range=(since, today)).values("customer")
    renewed = Q(customer__renewal_date__range=(since, today))
    lately: set[int] = set()
    for moment in (seen, did, Q(customer__in=measured), renewed):
        lately |= set(people.filter(moment).values_list("pk", flat=True))
    return sorted(contact_ids, key=lambda each: each not in lately)


def _refuse_gate(name: str) -> None:
    if any(each in name.casefold() for each in GATES):
        message = "People are not picked by score, class or mood: asking only the pleased would be gating."
        raise DomainError("gating", message, "audience")
