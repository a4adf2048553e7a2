"""The reusable questions to the pool's rows; `visible_to` is the only door to them for pages and the API."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value

from references.enums import (
    Channel,
    ContactStatus,
    ContentStatus,
    DuplicateStatus,
    NominationStatus,
    SlotStatus,
    TagStatus,
)
from references.pool.gate import require_pool_write

M_co = TypeVar("M_co", bound=models.Model, covariant=True)

USABLE_CONTENT = (ContentStatus.APPROVED, ContentStatus.PUBLISHED)
SHOWN_STATUSES = (ContactStatus.ACTIVE, ContactStatus.PAUSED)


class PoolQuerySet(models.QuerySet[M_co]):
    """A queryset whose writes raise PoolWriteError outside `pool_write()`."""

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[M_co]:
        require_pool_write()
        return super().bulk_create(*args, **kwargs)

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        require_pool_write()
        return super().bulk_update(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        require_pool_write()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        require_pool_write()
        return super().delete()


class TagQuerySet(PoolQuerySet[M_co]):
    def accepted(self) -> Self:
        return self.filter(status=TagStatus.ACCEPTED)

    def proposed(self) -> Self:
        return self.filter(status=TagStatus.PROPOSED)

    def visible_to(self, user: Any) -> Self:
        """Everybody sees accepted tags; managers also see proposals."""
        return self.exclude(status__in=[TagStatus.MERGED, TagStatus.REJECTED]) if user.is_manager else self.accepted()


class CustomerQuerySet(PoolQuerySet[M_co]):
    def visible_to(self, user: Any) -> Self:
        """Managers see all; others the customers that may be named, and those they own."""
        if user.is_manager:
            return self.all()
        return self.filter(Q(is_named=True, is_referenceable=True) | Q(account_owner=user))


class ContactQuerySet(PoolQuerySet[M_co]):
    def promoters(self) -> Self:
        """The pool: active contacts, no others."""
        return self.filter(status=ContactStatus.ACTIVE)

    def visible_to(self, user: Any) -> Self:
        """Managers see all; others the promoters, paused ones too, and everyone at customers they own.

        `references.pool.selection.visible_people` is the same rule over the index.
        """
        if user.is_manager:
            return self.all()
        return self.filter(
            Q(status__in=SHOWN_STATUSES, has_opted_out=False, customer__is_referenceable=True)
            | Q(customer__account_owner=user)
        )

    def usable_for(self, activity: str, *, on: date, channel: str = "", regions: Iterable[int] = ()) -> Self:
        """Promoters whose consent covers `activity` on that day; see `ConsentQuerySet.in_force`."""
        consents = self.model._meta.get_field("consents").related_model._default_manager.in_force(  # type: ignore[union-attr]
            activity, on=on, channel=channel, regions=regions
        )
        return self.filter(
            consents.covering("pk", activity),
            status=ContactStatus.ACTIVE,
            has_opted_out=False,
            customer__is_referenceable=True,
        )


class ConsentQuerySet(PoolQuerySet[M_co]):
    def in_force(
        self,
        activity: str = "",
        *,
        on: date,
        until: date | None = None,
        channel: str = "",
        regions: Iterable[int] | None = None,
    ) -> Self:
        """Consents that hold on a day: neither revoked nor superseded, in their dates, covering channel and region.

        `regions` are the ids of the region asked about and of everything above it; a consent limited to a region
        covers what lies inside it. An empty channel asks for any. With `until`, those that hold on any day till then.
        """
        found = self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=on),
            revoked_at__isnull=True,
            superseded_by__isnull=True,
            valid_from__lte=until or on,
        )
        if activity:
            found = found.filter(activity=activity)
        if channel:
            found = found.filter(channel__in=[Channel.ANY, channel])
        if regions:
            found = found.filter(Q(region__isnull=True) | Q(region__in=list(regions)))
        return found

    def visible_to(self, user: Any) -> Self:
        """Managers see all; marketers those of customers they see; others those of customers they own."""
        if user.is_manager:
            return self.all()
        if not user.is_marketer:
            return self.filter(customer__account_owner=user)
        named = Q(customer__is_named=True, customer__is_referenceable=True)
        return self.filter(named | Q(customer__account_owner=user))

    def general(self) -> Self:
        """Consents for a whole activity, not for one piece of content alone."""
        return self.filter(case_study__isnull=True, testimonial__isnull=True)

    def withdrawn(self, activities: Iterable[str]) -> Self:
        """Consents a person has revoked: what their whole customer allows does not cover that person any more."""
        return self.general().filter(contact__isnull=False, revoked_at__isnull=False, activity__in=list(activities))

    def covering(self, person: str, activity: str) -> Q:
        """Rows, by the name of their column for a person, over whom one of these consents, or their customer's, holds.

        Three lists of ids that a database makes once; asked of every row by itself it takes seconds.
        """
        general = self.general()
        people = general.filter(contact__isnull=False).values("contact")
        customers = general.filter(contact__isnull=True).values("customer")
        everyone: Self = self.model._default_manager.all()  # type: ignore[assignment]
        refused = everyone.withdrawn([activity]).values("contact")
        return Q(**{f"{person}__in": people}) | Q(Q(customer__in=customers) & ~Q(**{f"{person}__in": refused}))

    def covering_pieces(self, piece: str) -> Q:
        """Pieces of content ("case_study" or "testimonial") over which one of these consents holds.

        A consent for that one piece covers it and no other, until whoever gave it opts out; a colleague's does not
        outweigh that its own person took theirs back. One that was revoked takes it out of what is allowed in general.
        Asked of each row by itself, along indexes: pages of content are short. For testimonials the activity is the
        row's own kind.
        """
        activity = OuterRef("kind") if piece == "testimonial" else Value("case_study")
        rights, everyone = self.filter(activity=activity), self.model._default_manager.filter(activity=activity)
        gone = everyone.filter(revoked_at__isnull=False)
        general = {"case_study__isnull": True, "testimonial__isnull": True}
        own = rights.filter(contact=OuterRef("contact"), **general)
        whole = rights.filter(contact__isnull=True, customer=OuterRef("customer"), **general)
        refused = gone.filter(contact=OuterRef("contact"), **general)
        covered = Q(Exists(own)) | (Q(Exists(whole)) & ~Q(Exists(refused)))
        only = {piece: OuterRef("pk")}
        here = Q(contact__isnull=True) | Q(contact__has_opted_out=False)
        given = rights.filter(here, **only)
        by_themselves = Q(Exists(given.filter(contact=OuterRef("contact"))))
        by_others = Q(Exists(given)) & ~Q(Exists(refused))
        return by_themselves | by_others | (covered & ~Q(Exists(gone.filter(**only))))

    def bearing_on(self, piece: str) -> Q:
        """Pieces ("case_study", "testimonial") that one of these consents is about, whatever was revoked beside it."""
        activity = OuterRef("kind") if piece == "testimonial" else Value("case_study")
        rights = self.filter(activity=activity)
        general = rights.general()
        whole = general.filter(contact__isnull=True, customer=OuterRef("customer"))
        own = general.filter(contact=OuterRef("contact"))
        return Q(Exists(rights.filter(**{piece: OuterRef("pk")}))) | Q(Exists(own)) | Q(Exists(whole))


class ContentQuerySet(PoolQuerySet[M_co]):
    def standing(self, *, on: date) -> Self:
        """Approved or published content of a customer that is a reference, whose person has not opted out.

        It has not come to its own end before `on`. Consent for its kind of asset must still cover it before it is used.
        """
        return self.filter(
            Q(contact__isnull=True) | Q(contact__has_opted_out=False),
            Q(expires_on__isnull=True) | Q(expires_on__gte=on),
            status__in=USABLE_CONTENT,
            customer__is_referenceable=True,
        )


class SlotQuerySet(PoolQuerySet[M_co]):
    def open(self) -> Self:
        return self.filter(status=SlotStatus.OPEN)

    def visible_to(self, user: Any) -> Self:
        """Everyone who logs in sees all slots."""
        return self.all()


class EngagementQuerySet(PoolQuerySet[M_co]):
    def visible_to(self, user: Any) -> Self:
        """The ledger of the people `user` may see."""
        people = self.model._meta.get_field("contact").related_model
        return self.filter(contact__in=people._default_manager.visible_to(user))  # type: ignore[union-attr]

    def with_logged_by(self) -> Self:
        """Annotated with `logged_by`, the id of whoever logged the row; None where the program did."""
        changes = self.model._meta.get_field("changes").related_model
        first = changes._default_manager.filter(engagement=OuterRef("pk")).order_by("at", "pk")  # type: ignore[union-attr]
        return self.annotate(logged_by=Subquery(first.values("by")[:1]))

    def of_customers(self, customers: Iterable[int]) -> Self:
        """The ledger of all contacts of these customers, with its history, in order."""
        return (
            self.filter(contact__customer__in=list(customers))
            .annotate(customer_id=F("contact__customer"))
            .prefetch_related("changes")
            .order_by("on", "id")
        )


class DisclosureQuerySet(models.QuerySet[M_co]):
    def visible_to(self, user: Any) -> Self:
        """Managers see who looked at what, others their own looks."""
        return self.all() if user.is_manager else self.filter(user=user)


class ContactGrantQuerySet(models.QuerySet[M_co]):
    def in_force(self) -> Self:
        """Grants that nobody has taken back."""
        return self.filter(revoked_at__isnull=True)


class NominationQuerySet(models.QuerySet[M_co]):
    def visible_to(self, user: Any) -> Self:
        """Managers see all that left draft and their own; others what they made, and what is about their customers."""
        own = Q(nominated_by=user)
        if user.is_manager:
            return self.filter(own | ~Q(status=NominationStatus.DRAFT))
        return self.filter(own | Q(~Q(status=NominationStatus.DRAFT), customer__account_owner=user))

    def waiting(self) -> Self:
        """Those that somebody must still decide."""
        return self.filter(status__in=[NominationStatus.NEW, NominationStatus.IN_PROGRESS])


class HandoutQuerySet(models.QuerySet[M_co]):
    def visible_to(self, user: Any) -> Self:
        """Managers see all hand-outs, others those they made."""
        return self.all() if user.is_manager else self.filter(made_by=user)


class DuplicatePairQuerySet(models.QuerySet[M_co]):
    def visible_to(self, user: Any) -> Self:
        """Likely duplicates are the managers'; nobody else sees any."""
        return self.all() if user.is_manager else self.none()

    def open(self) -> Self:
        """Those that somebody must still decide."""
        return self.filter(status=DuplicateStatus.OPEN)
