"""What may be used, for what, where and until when: the rights that consents in force give over people and content.

Everything here starts from consents that hold on the day asked about, so a lapsed or revoked one is gone at the next
read. Content over which any right is without attribution, or whose customer may not be named, has `may_be_named` false:
show it without names, to everyone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import cast

from django.db.models import Prefetch, Q, QuerySet

from references.enums import TestimonialKind
from references.models import CaseStudy, Consent, Contact, Customer, Testimonial
from references.policy import ProgramPolicy
from references.querysets import ConsentQuerySet, ContactQuerySet, ContentQuerySet
from users.models import User

ASSET_ACTIVITIES: tuple[str, ...] = tuple(TestimonialKind.values)
"""A testimonial's kind is also the activity that its consent names."""


@dataclass(frozen=True, slots=True)
class Use:
    """A use asked about: on a day, in a channel (any where empty), in a region.

    `regions` holds the ids of that region and of everything above it; empty where no region was named.
    """

    on: date
    channel: str = ""
    regions: frozenset[int] = frozenset()

    def consents(self, activities: Iterable[str]) -> ConsentQuerySet[Consent]:
        """The consents that allow this use for any of `activities`."""
        found = Consent.objects.in_force(on=self.on, channel=self.channel, regions=self.regions)
        return found.filter(activity__in=list(activities))


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
    return usable.prefetch_related(*_load(use, [activity]))


def usable_case_studies(rows: QuerySet[CaseStudy], use: Use) -> QuerySet[CaseStudy]:
    """Narrow stories to those that may be used, their rights loaded, annotated with `may_be_named`."""
    consents = use.consents(["case_study"])
    return (
        cast(ContentQuerySet[CaseStudy], rows)
        .standing()
        .filter(consents.covering("contact", "case_study"))
        .annotate(may_be_named=_may_be_named(_nameless(consents, "case_study")))
        .prefetch_related(*_load(use, ["case_study"]))
    )


def usable_testimonials(rows: QuerySet[Testimonial], use: Use) -> QuerySet[Testimonial]:
    """Narrow testimonials to those whose kind may be used, their rights loaded, annotated with `may_be_named`."""
    by_kind = {kind: use.consents([kind]) for kind in ASSET_ACTIVITIES}
    usable = [Q(kind=kind) & consents.covering("contact", kind) for kind, consents in by_kind.items()]
    nameless = [Q(kind=kind) & _nameless(consents, kind) for kind, consents in by_kind.items()]
    return (
        cast(ContentQuerySet[Testimonial], rows)
        .standing()
        .filter(reduce(or_, usable))
        .annotate(may_be_named=_may_be_named(reduce(or_, nameless)))
        .prefetch_related(*_load(use, ASSET_ACTIVITIES))
    )


def rights_of(row: Contact | CaseStudy | Testimonial, activity: str) -> tuple[Right, ...]:
    """Give the rights over a row that one of the `usable_…` functions above has loaded; no query."""
    person = row.pk if isinstance(row, Contact) else row.contact_id
    consents: Sequence[Consent] = row.customer.rights_loaded  # type: ignore[attr-defined]
    withdrawn: Sequence[Consent] = row.customer.withdrawals_loaded  # type: ignore[attr-defined]
    is_withdrawn = any(each.contact_id == person and each.activity == activity for each in withdrawn)
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
        if consent.activity == activity and consent.contact_id in whose
    )


def usable_until(rights: Sequence[Right]) -> date | None:
    """The last day on which any of `rights` holds, None where one of them has no end."""
    ends = [right.until for right in rights]
    return None if not ends or None in ends else max(end for end in ends if end is not None)


def _nameless(consents: ConsentQuerySet[Consent], activity: str) -> Q:
    return consents.filter(is_attributed=False).covering("contact", activity)


def _may_be_named(nameless: Q) -> Q:
    return Q(customer__is_named=True) & ~nameless


def _load(use: Use, activities: Sequence[str]) -> "tuple[Prefetch[str, QuerySet[Consent], str], ...]":
    """Load the customer's rights, and what its people have withdrawn."""
    rights = use.consents(activities).select_related("region")
    withdrawn = Consent.objects.withdrawn(activities)
    return (
        Prefetch("customer__consents", queryset=rights, to_attr="rights_loaded"),
        Prefetch("customer__consents", queryset=withdrawn, to_attr="withdrawals_loaded"),
    )
