"""Reads a recruiting task as it stands today: who comes nearest, what each lacks now, and who is known but unasked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from matching.models import RecruitingCandidate, Request, UnmetDemand
from matching.proposing import rank_request
from matching.results import Candidate, Excluded, Refusal
from references.enums import ContactStatus, Facet
from references.models import Contact, Customer
from references.pool.cards import build_cards
from references.pool.conditions import Usage
from references.pool.index import current_snapshot
from references.pool.result import PromoterCard
from references.program import current_policy
from users.models import User

MOST_KNOWN = 5
OF_CUSTOMERS = (Facet.INDUSTRY, Facet.PRODUCT, Facet.SOLUTION, Facet.REGION, Facet.TECHNOLOGY)


@dataclass(frozen=True, slots=True)
class Nearest:
    """One of the nearest people: how they are shown to the viewer, and what stands between them and the ask today.

    `is_free` where nothing does any more. `card` is None for somebody who has left the pool, or whom the viewer may
    not see; then `lacks` are those of the day the demand was noted.
    """

    contact_id: int
    card: PromoterCard | None
    fit: float
    lacks: tuple[Refusal, ...]
    free_from: date | None
    is_free: bool
    is_new: bool


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody at a customer that fits, who is no promoter yet; `shared` is how many facets of the segment fit."""

    contact: Contact
    shared: int


def read_nearest(demand: UnmetDemand, user: User) -> list[Nearest]:
    """The people of a demand's recruiting task, best first, judged anew; a constant number of queries."""
    rows = list(RecruitingCandidate.objects.filter(task__demand=demand).order_by("rank"))
    ids = [row.contact_id for row in rows]
    if not ids:
        return []
    found = rank_request(demand.request, only=ids, limit=len(ids), lists=("candidates", "excluded"))
    people: list[Candidate | Excluded] = [*found.candidates, *found.excluded]
    judged = {each.card.contact_id: each for each in people}
    cards = _cards_for(user, people)
    return [_make(row, judged.get(row.contact_id), cards) for row in rows]


def read_known(demand: UnmetDemand) -> list[Known]:
    """People at the customers that fit the segment best who might be won: known or nominated, not opted out."""
    tag_ids = _tags_of(demand.segment)
    fitting = Q(customer_tags__tag__in=tag_ids, customer_tags__tag__facet__in=OF_CUSTOMERS)
    customers = Customer.objects.filter(fitting, is_referenceable=True, contacts__status__in=_MAYBE).annotate(
        shared=Count("customer_tags__tag__facet", distinct=True)
    )
    best = dict(customers.order_by("-shared", "pk").values_list("pk", "shared")[:MOST_KNOWN])
    people = Contact.objects.filter(customer__in=best, status__in=_MAYBE, has_opted_out=False)
    found = [Known(each, best[each.customer_id]) for each in people.select_related("customer").order_by("pk")]
    found.sort(key=lambda each: (-each.shared, each.contact.status != ContactStatus.NOMINATED, each.contact.pk))
    return found[:MOST_KNOWN]


def deals_waiting(demand: UnmetDemand, user: User) -> Sequence[Request]:
    """The requests that lack just this and still stand, as `user` may see them, the largest deal first."""
    same = UnmetDemand.objects.visible_to(user).unmet().filter(label=demand.label, activity=demand.activity)
    rows = Request.objects.filter(pk__in=same.values("request")).select_related("owner")
    return list(rows.order_by("-deal_value", "pk"))


_MAYBE = (ContactStatus.KNOWN, ContactStatus.NOMINATED)


def _cards_for(user: User, people: Sequence[Candidate | Excluded]) -> dict[int, PromoterCard]:
    """The cards of these people as this user may see them, whoever they were ranked for."""
    usage = {
        each.card.contact_id: Usage(each.card.phi, each.card.band, each.card.last_used, each.card.used_past_year)
        for each in people
    }
    return build_cards(user, usage, current_policy())


def _make(
    row: RecruitingCandidate, judged: Candidate | Excluded | None, cards: dict[int, PromoterCard]
) -> Nearest:  # fmt: skip
    if judged is None:
        lacks = tuple(Refusal(each["code"], each["sentence"]) for each in row.lacks)
        return Nearest(row.contact_id, None, row.fit, lacks, row.free_from, is_free=False, is_new=False)
    lacks = judged.refusals if isinstance(judged, Excluded) else ()
    return Nearest(
        contact_id=row.contact_id,
        card=cards.get(row.contact_id),
        fit=judged.fit,
        lacks=lacks,
        free_from=judged.next_free,
        is_free=isinstance(judged, Candidate),
        is_new=judged.card.last_used is None,
    )


def _tags_of(segment: dict[str, list[str]]) -> set[int]:
    """The tags that a segment names, with everything below them."""
    vocabulary = current_snapshot().vocabulary
    named = {(facet, name) for facet, names in segment.items() for name in names}
    found = {
        tag_id for (facet, _slug), tag_id in vocabulary.slugs.items() if (facet, vocabulary.get(tag_id).name) in named
    }
    return found | {below for tag_id in found for below in vocabulary.descendants(tag_id)}
