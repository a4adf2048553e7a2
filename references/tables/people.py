"""The tables of people: promoters, what they allowed, and the ledger of their touches."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from references import activities
from references.blinding import may_see_customer_name, may_see_person
from references.enums import Channel, ContactStatus
from references.idlist import id_list
from references.models import Consent, Contact, Engagement
from references.permissions import may_edit_contact
from references.pool.cards import build_cards
from references.pool.index import current_snapshot
from references.pool.readiness import Readiness
from references.pool.result import PromoterCard
from references.pool.search import find_people
from references.pool.selection import BANDS
from references.program import current_policy
from references.record_filters import REPEAT, EngagementFilter, IdFilter
from references.spreadsheets import Cell
from references.tables.table import Column, Table, Tell
from users.enums import Scope
from users.models import User


class TextsField(forms.Field):
    """Texts of one parameter, repeated."""

    widget = forms.SelectMultiple

    def to_python(self, value: Any) -> list[str]:
        return [value] if isinstance(value, str) else [str(each) for each in value or [] if each]


class ChosenTextsFilter(django_filters.Filter):  # type: ignore[misc]
    """Texts that the FilterSet as a whole reads."""

    field_class = TextsField

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return qs


class PoolFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds promoters as the pool's list does: by words, and by any values of facets ("facet:slug")."""

    q = django_filters.CharFilter(method="as_it_is", help_text="Words: titles, tags, stories, and names you may see.")
    f = ChosenTextsFilter(help_text=f"A facet and a slug of it, as `industry:banking`. {REPEAT}")
    status = django_filters.MultipleChoiceFilter(choices=ContactStatus.choices, method="as_it_is", help_text=REPEAT)
    band = django_filters.MultipleChoiceFilter(
        choices=[(band, band) for band in BANDS], method="as_it_is", help_text=f"Bands of fatigue. {REPEAT}"
    )

    class Meta:
        model = Contact
        fields: ClassVar[list[str]] = []

    def as_it_is(self, queryset: QuerySet[Contact], name: str, value: Any) -> QuerySet[Contact]:
        return queryset

    def filter_queryset(self, queryset: QuerySet[Contact]) -> QuerySet[Contact]:
        asked = self.form.cleaned_data
        chosen: dict[str, tuple[str, ...]] = {name: tuple(asked.get(name) or ()) for name in ("status", "band")}
        for key in asked.get("f") or ():
            facet, _colon, slug = key.partition(":")
            chosen[facet] = (*chosen.get(facet, ()), slug)
        found = find_people(user=self.request.user, text=(asked.get("q") or "").strip()[:200], chosen=chosen)
        return queryset.filter(pk__in=id_list(found)).order_by("pk")


class ConsentFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds consents by what they allow, whose they are, and whether they hold."""

    activity = django_filters.MultipleChoiceFilter(choices=activities.CHOICES, help_text=REPEAT)
    channel = django_filters.MultipleChoiceFilter(choices=Channel.choices, help_text=REPEAT)
    customer = IdFilter(field_name="customer", help_text="Id of a customer.")
    contact = IdFilter(field_name="contact", help_text="Id of a promoter.")
    in_force = django_filters.BooleanFilter(method="keep_standing", help_text="Those that hold today, or the others.")
    ends_before = django_filters.DateFilter(field_name="valid_until", lookup_expr="lte", help_text="Last day.")

    class Meta:
        model = Consent
        fields: ClassVar[list[str]] = []

    def keep_standing(self, queryset: QuerySet[Consent], name: str, value: bool) -> QuerySet[Consent]:
        standing = Consent.objects.in_force(on=timezone.localdate()).values("pk")
        return queryset.filter(pk__in=standing) if value else queryset.exclude(pk__in=standing)


def _begin_promoters(user: User) -> Tell:
    readiness, policy = Readiness("call", timezone.localdate()), current_snapshot().policy

    def tell(rows: Sequence[Contact]) -> Iterator[Sequence[Cell]]:
        usage = {pk: standing.usage for pk, standing in readiness.of([row.pk for row in rows]).items()}
        cards = build_cards(user, usage, policy)
        for row in rows:
            yield [row.pk, *(_tell_card(cards[row.pk]) if row.pk in cards else _UNREAD), row.email, row.phone]

    return tell


def _tell_card(card: PromoterCard) -> list[Cell]:
    return [
        card.headline, card.promoter_name or "", card.title, card.seniority, card.customer_id,
        card.customer_name or "", card.industries, card.products, card.solutions, card.regions, card.languages,
        card.size, card.status, card.activities, round(card.phi, 4), card.band, card.last_used, card.used_past_year,
    ]  # fmt: skip


_UNREAD: list[Cell] = [""] * 18
"""Of somebody whom the index does not know yet, or no longer."""

PROMOTERS = Table(
    name="promoters",
    title=_("Promoters"),
    about=_("The people of the pool, as its list shows them to you."),
    scope=Scope.POOL_READ,
    columns=(
        Column("id", _("Id")),
        Column("headline", _("Who, without names")),
        Column("name", _("Name")),
        Column("title", _("Job title")),
        Column("seniority", _("Seniority")),
        Column("customer_id", _("Id of the customer")),
        Column("customer", _("Customer")),
        Column("industries", _("Industries")),
        Column("products", _("Products")),
        Column("solutions", _("Solutions")),
        Column("regions", _("Regions")),
        Column("languages", _("Languages")),
        Column("size", _("Size")),
        Column("status", _("Status")),
        Column("activities", _("Agreed to")),
        Column("fatigue", _("Fatigue, 0 to 1")),
        Column("band", _("Band of fatigue")),
        Column("last_used", _("Used last")),
        Column("used_past_year", _("Times used in a year")),
        Column("email", _("E-mail"), is_contact_data=True),
        Column("phone", _("Phone"), is_contact_data=True),
    ),
    filterset=PoolFilter,
    rows=lambda user: Contact.objects.visible_to(user),
    begin=_begin_promoters,
    person="pk",
)


def _consents(user: User) -> QuerySet[Consent]:
    """Managers see every consent, others those of the customers they own."""
    mine = Q() if user.is_manager else Q(customer__account_owner=user)
    rows = Consent.objects.filter(mine).order_by("pk")
    return rows.select_related("customer", "contact__customer", "region")


def _begin_consents(user: User) -> Tell:
    today = timezone.localdate()

    def tell(rows: Sequence[Consent]) -> Iterator[Sequence[Cell]]:
        pks = [row.pk for row in rows]
        standing = set(Consent.objects.in_force(on=today).filter(pk__in=pks).values_list("pk", flat=True))
        for row in rows:
            yield [
                row.pk, row.contact_id, row.contact.name if row.contact else "", row.customer_id, row.customer.name,
                row.activity, row.case_study_id, row.testimonial_id, row.channel,
                row.region.name if row.region else "", row.is_attributed, row.valid_from, row.valid_until,
                row.pk in standing, row.evidence, row.revoked_at, row.superseded_by_id, row.recorded_at,
            ]  # fmt: skip

    return tell


CONSENTS = Table(
    name="consents",
    title=_("Consents"),
    about=_("What people and customers allow, with dates; all of them for managers, else those of your own accounts."),
    scope=Scope.POOL_READ,
    columns=(
        Column("id", _("Id")),
        Column("contact", _("Id of the person")),
        Column("name", _("Name")),
        Column("customer_id", _("Id of the customer")),
        Column("customer", _("Customer")),
        Column("activity", _("Activity or asset")),
        Column("case_study", _("Only this case study")),
        Column("testimonial", _("Only this testimonial")),
        Column("channel", _("Channel")),
        Column("region", _("Region")),
        Column("attributed", _("With name")),
        Column("valid_from", _("From")),
        Column("valid_until", _("Until")),
        Column("in_force", _("Holds today")),
        Column("evidence", _("Evidence")),
        Column("revoked_at", _("Revoked")),
        Column("superseded_by", _("Superseded by")),
        Column("recorded_at", _("Recorded")),
    ),
    filterset=ConsentFilter,
    rows=_consents,
    begin=_begin_consents,
)


def _begin_ledger(user: User) -> Tell:
    policy = current_policy()

    def tell(rows: Sequence[Engagement]) -> Iterable[Sequence[Cell]]:
        for row in rows:
            contact = row.contact
            sees_customer = may_see_customer_name(user, contact.customer, policy)
            keeps_account = may_edit_contact(user, contact)
            yield [
                row.pk, row.contact_id, contact.name if may_see_person(user, contact) else "", contact.customer_id,
                contact.customer.name if sees_customer else "", row.activity, row.status, row.on, row.effort_hours,
                row.is_outside, row.went_badly, row.was_thanked, row.was_rewarded, row.recorded_at,
                row.note if keeps_account else "",
            ]  # fmt: skip

    return tell


LEDGER = Table(
    name="engagements",
    title=_("Ledger"),
    about=_("Every touch of the people you see: what they were asked for, and what came of it."),
    scope=Scope.REQUESTS_READ,
    columns=(
        Column("id", _("Id")),
        Column("contact", _("Id of the person")),
        Column("name", _("Name")),
        Column("customer_id", _("Id of the customer")),
        Column("customer", _("Customer")),
        Column("activity", _("Activity")),
        Column("status", _("Status")),
        Column("on", _("Date")),
        Column("effort_hours", _("Hours spent")),
        Column("is_outside", _("Outside the system")),
        Column("went_badly", _("Went badly")),
        Column("was_thanked", _("Thanked")),
        Column("was_rewarded", _("Rewarded")),
        Column("recorded_at", _("Recorded")),
        Column("note", _("Note")),
    ),
    filterset=EngagementFilter,
    rows=lambda user: Engagement.objects.visible_to(user).select_related("contact__customer"),
    begin=_begin_ledger,
)
