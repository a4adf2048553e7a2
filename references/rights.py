"""What may be used, for what, where and until when: the rights that consents in force give over people and content.

Everything here starts from consents that hold on the day asked about, so a lapsed or revoked one is gone at the next
read. Content over which any right is without attribution, or whose customer may not be named, has `may_be_named` false:
show it without names, to everyone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import cast

from django.db.models import BooleanField, Case, Prefetch, Q, QuerySet, When

from references.compiled import Compiled
from references.enums import TestimonialKind
from references.models import CaseStudy, Consent, Contact, Customer, ProofPoint, Testimonial
from references.policy import ProgramPolicy
from references.querysets import ConsentQuerySet, ContactQuerySet, ContentQuerySet
from users.models import User

ASSET_ACTIVITIES: tuple[str, ...] = tuple(TestimonialKind.values)
"""A testimonial's kind is also the activity that its consent names."""


@dataclass(frozen=True, slots=True)
class Use:
    """A use asked about: on a day, in a channel (any where empty), in a region.

    `regions` holds the ids of that region and of everything above it; empty where no region was named. With `until` it
    lasts from `on` to that day, and a consent must last as long.
    """

    on: date
    channel: str = ""
    regions: frozenset[int] = frozenset()
    until: date | None = None

    @property
    def last(self) -> date:
        """The last day of use."""
        return self.until or self.on

    def consents(self, activities: Iterable[str]) -> ConsentQuerySet[Consent]:
        """The consents that allow this use for any of `activities`."""
        found = Consent.objects.in_force(on=self.on, channel=self.channel, regions=self.regions)
        lasting = Q(valid_until__isnull=True) | Q(valid_until__gte=self.last)
        return found.filter(lasting, activity__in=list(activities))

    def nameless(self, activities: Iterable[str]) -> ConsentQuerySet[Consent]:
        """The consents that allow it only without names, on any of its days."""
        found = Consent.objects.in_force(on=self.on, until=self.last, channel=self.channel, regions=self.regions)
        return found.filter(activity__in=list(activities), is_attributed=False)


@dataclass(frozen=True, slots=True)
class Right:
    """One consent in force, as told to whoever wants to use something; `until` is the last day, None for no end."""

    activity: str
    channel: str
    region: str | None
    is_attributed: bool
    until: date | None


def nameable_customers(user: User, policy: ProgramPolicy) -> QuerySet[Customer]:
    """The customers whose name `user` may see; the rows for which `blinding.may_see_customer_name` holds."""
    rows = Customer.objects.visible_to(user)
    return rows if user.is_manager or policy.show_customer_name else rows.filter(account_owner=user)


def usable_speakers(rows: QuerySet[Contact], activity: str, use: Use) -> QuerySet[Contact]:
    """Narrow contacts to the promoters who consent to `activity`, their rights loaded."""
    people = cast(ContactQuerySet[Contact], rows)
    usable = people.usable_for(activity, on=use.on, channel=use.channel, regions=use.regions)
    if use.until is not None:
        usable = usable.filter(use.consents([activity]).covering("pk", activity))
    return usable.prefetch_related(*_load(use, [activity]))


def usable_case_studies(rows: QuerySet[CaseStudy], use: Use) -> QuerySet[CaseStudy]:
    """Narrow stories to those that may be used, their rights loaded, annotated with `may_be_named`."""
    return coverable_case_studies(rows, use).prefetch_related(*_load(use, ["case_study"]))


def coverable_case_studies(rows: QuerySet[CaseStudy], use: Use) -> QuerySet[CaseStudy]:
    """As `usable_case_studies`, for `load_rights` to load the rights of."""
    covered, named = _rules(use, "case_study")
    return cast(ContentQuerySet[CaseStudy], rows).standing(on=use.last).filter(covered).annotate(may_be_named=named)


def usable_testimonials(rows: QuerySet[Testimonial], use: Use) -> QuerySet[Testimonial]:
    """Narrow testimonials to those whose kind may be used, their rights loaded, annotated with `may_be_named`."""
    return coverable_testimonials(rows, use).prefetch_related(*_load(use, ASSET_ACTIVITIES))


def coverable_testimonials(rows: QuerySet[Testimonial], use: Use) -> QuerySet[Testimonial]:
    """As `usable_testimonials`, for `load_rights` to load the rights of."""
    covered, named = _rules(use, "testimonial")
    return cast(ContentQuerySet[Testimonial], rows).standing(on=use.last).filter(covered).annotate(may_be_named=named)


def load_rights(rows: Sequence[CaseStudy | Testimonial], use: Use) -> None:
    """Load what `rights_of` needs over pieces of both kinds together, their customers loaded; two queries."""
    customers = {row.customer_id: row.customer for row in rows}
    for customer in customers.values():
        customer.rights_loaded, customer.withdrawals_loaded = [], []  # type: ignore[attr-defined]
    for row in rows:
        row.customer = customers[row.customer_id]
    rights, withdrawn = _compiled(use)
    for consent in rights.among(customers):
        customers[consent.customer_id].rights_loaded.append(consent)  # type: ignore[attr-defined]
    for consent in withdrawn.among(customers):
        customers[consent.customer_id].withdrawals_loaded.append(consent)  # type: ignore[attr-defined]


def usable_proof_points(rows: QuerySet[ProofPoint], use: Use) -> QuerySet[ProofPoint]:
    """Narrow proof points to those that may be used, their rights loaded, annotated with `may_be_named`.

    A number of a piece may be used as the piece itself; a number of the customer alone as the customer's case studies.
    """
    stories = usable_case_studies(CaseStudy.objects.all(), use)
    quotes = usable_testimonials(Testimonial.objects.all(), use)
    consents = use.consents(["case_study"]).general().filter(contact__isnull=True)
    own = Q(
        case_study__isnull=True,
        testimonial__isnull=True,
        customer__is_referenceable=True,
        customer__in=consents.values("customer"),
    )
    nameless = use.nameless(["case_study"]).general().filter(contact__isnull=True).values("customer")
    named = (
        Q(case_study__in=stories.filter(may_be_named=True).values("pk"))  # type: ignore[misc]  # annotated
        | Q(testimonial__in=quotes.filter(may_be_named=True).values("pk"))  # type: ignore[misc]
        | Q(own, customer__is_named=True) & ~Q(customer__in=nameless)
    )
    usable = own | Q(case_study__in=stories.values("pk")) | Q(testimonial__in=quotes.values("pk"))
    return (
        rows.filter(usable)
        .select_related("customer", "case_study__contact", "testimonial__contact")
        .annotate(may_be_named=Case(When(named, then=True), default=False, output_field=BooleanField()))
        .prefetch_related(*_load(use, ["case_study", *ASSET_ACTIVITIES]))
    )


def rights_of(row: Contact | CaseStudy | Testimonial | ProofPoint, activity: str) -> tuple[Right, ...]:
    """Give the rights over a row that one of the `usable_…` functions above has loaded; no query."""
    person, piece = _whose(row)
    consents: Sequence[Consent] = row.customer.rights_loaded  # type: ignore[attr-defined]
    withdrawn: Sequence[Consent] = row.customer.withdrawals_loaded  # type: ignore[attr-defined]
    own = [each for each in withdrawn if each.activity == activity]
    is_withdrawn = any(each.contact_id == person and _piece_of(each) is None for each in own)
    is_piece_withdrawn = piece is not None and any(_piece_of(each) == piece for each in own)
    whose = (person,) if is_withdrawn else (None, person)
    return tuple(
        Right(
            activity=consent.activity,
            channel=consent.channel,
            region=None if consent.region is None else consent.region.slug,
            is_attributed=consent.is_attributed,
            until=consent.valid_until,
        )
        for consent in consents
        if consent.activity == activity
        and (
            _piece_of(consent) == piece and (consent.contact_id == person or not is_withdrawn)
            if _piece_of(consent)
            else consent.contact_id in whose and not is_piece_withdrawn
        )
    )


def _whose(row: Contact | CaseStudy | Testimonial | ProofPoint) -> tuple[int | None, tuple[str, int] | None]:
    """The person whose consent counts for a row, and the piece that a consent may be limited to."""
    if isinstance(row, Contact):
        return row.pk, None
    if isinstance(row, ProofPoint):
        piece = row.case_study or row.testimonial
        return (None, None) if piece is None else _whose(piece)
    return row.contact_id, ("case_study" if isinstance(row, CaseStudy) else "testimonial", row.pk)


def _piece_of(consent: Consent) -> tuple[str, int] | None:
    if consent.case_study_id is not None:
        return "case_study", consent.case_study_id
    return None if consent.testimonial_id is None else ("testimonial", consent.testimonial_id)


def asset_of(row: CaseStudy | Testimonial | ProofPoint) -> str:
    """The asset that consent must name for a piece of content."""
    if isinstance(row, ProofPoint):
        return row.testimonial.kind if row.testimonial is not None else "case_study"
    return "case_study" if isinstance(row, CaseStudy) else row.kind


def usable_until(rights: Sequence[Right]) -> date | None:
    """The last day on which any of `rights` holds, None where one of them has no end."""
    ends = [right.until for right in rights]
    return None if not ends or None in ends else max(end for end in ends if end is not None)


@lru_cache(maxsize=256)
def _rules(use: Use, piece: str) -> tuple[Q, Q]:
    """When a piece may be used so, and when it may be named; writing this down costs more than asking it."""
    activities = ["case_study"] if piece == "case_study" else ASSET_ACTIVITIES
    named = Q(customer__is_named=True) & ~use.nameless(activities).bearing_on(piece)
    return use.consents(activities).covering_pieces(piece), named


def _load(use: Use, activities: Sequence[str]) -> "tuple[Prefetch[str, QuerySet[Consent], str], ...]":
    """Load the customer's rights, and what its people have withdrawn, of one piece or in general."""
    rights, withdrawn = _loadable(use, activities)
    return (
        Prefetch("customer__consents", queryset=rights, to_attr="rights_loaded"),
        Prefetch("customer__consents", queryset=withdrawn, to_attr="withdrawals_loaded"),
    )


def _loadable(use: Use, activities: Sequence[str]) -> tuple[QuerySet[Consent], QuerySet[Consent]]:
    """Rights for any of `activities`, and what was withdrawn of them."""
    here = Q(contact__isnull=True) | Q(contact__has_opted_out=False)
    rights = use.consents(activities).filter(here).select_related("region")
    withdrawn = Consent.objects.filter(revoked_at__isnull=False, activity__in=list(activities)).filter(
        Q(contact__isnull=False) | Q(case_study__isnull=False) | Q(testimonial__isnull=False)
    )
    return rights, withdrawn


@lru_cache(maxsize=4)
def _compiled(use: Use) -> tuple[Compiled[Consent], Compiled[Consent]]:
    rights, withdrawn = _loadable(use, ("case_study", *ASSET_ACTIVITIES))
    return Compiled(rights, "customer"), Compiled(withdrawn, "customer")
