"""The tables of organizations, stages and what is kept on record: customers, slots, nominations, leads, looks."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import ClassVar

import django_filters
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from references.blinding import may_see_customer_name, may_see_person
from references.enums import ContactStatus, Facet, TagStatus
from references.filters import CustomerFilter, SpeakingSlotFilter
from references.models import Contact, Customer, Disclosure, Lead, Nomination, SpeakingSlot
from references.permissions import may_edit_customer, may_edit_slots
from references.pool.cards import describe_people
from references.pool.index import current_snapshot
from references.program import current_policy
from references.record_filters import DisclosureFilter, NominationFilter
from references.rights import Use, nameable_customers, rights_of, usable_speakers
from references.spreadsheets import Cell
from references.tables.table import Column, Table, Tell
from references.text import fold_name
from users.enums import Scope
from users.models import User

_TOLD = (Facet.INDUSTRY, Facet.PRODUCT, Facet.SOLUTION, Facet.REGION, Facet.TECHNOLOGY)


class CustomerListFilter(CustomerFilter):
    """The filters of customers, and the words of the list's one box."""

    q = django_filters.CharFilter(method="keep_called", help_text="Part of the name or of the domain.")

    class Meta(CustomerFilter.Meta):
        pass

    def keep_called(self, queryset: QuerySet[Customer], name: str, value: str) -> QuerySet[Customer]:
        text = value.strip()[:200]
        return queryset.filter(Q(folded_name__contains=fold_name(text)) | Q(domain__icontains=text))


def _customers(user: User) -> QuerySet[Customer]:
    is_promoter = Q(contacts__status=ContactStatus.ACTIVE, contacts__has_opted_out=False)
    rows = nameable_customers(user, current_snapshot().policy)
    rows = rows.annotate(promoters=Count("contacts", filter=is_promoter, distinct=True))
    return rows.select_related("account_owner").prefetch_related("tags")


def _begin_customers(user: User) -> Tell:
    def tell(rows: Sequence[Customer]) -> Iterator[Sequence[Cell]]:
        for row in rows:
            tags = defaultdict(list)
            for tag in row.tags.all():
                if tag.status == TagStatus.ACCEPTED:
                    tags[tag.facet].append(tag.name)
            keeps = may_edit_customer(user, row)
            account: list[Cell] = [
                row.external_id, row.tier, row.health, row.is_referenceable, row.is_named, row.has_open_escalation,
                row.renewal_date, row.annual_value, row.lifetime_value, row.currency, str(row.account_owner or ""),
            ]  # fmt: skip
            yield [
                row.pk, row.name, row.domain, row.size_band, *(tags[facet] for facet in _TOLD),
                row.promoters, *(account if keeps else [None] * len(account)),  # type: ignore[attr-defined]
            ]  # fmt: skip

    return tell


CUSTOMERS = Table(
    name="customers",
    title=_("Customers"),
    about=_("The organizations whose names you may see; how an account stands is for those who keep it."),
    scope=Scope.POOL_READ,
    columns=(
        Column("id", _("Id")),
        Column("name", _("Name")),
        Column("domain", _("Domain")),
        Column("size", _("Size")),
        Column("industries", _("Industries")),
        Column("products", _("Products")),
        Column("solutions", _("Solutions")),
        Column("regions", _("Regions")),
        Column("technologies", _("Technologies")),
        Column("promoters", _("Promoters")),
        Column("external_id", _("CRM id")),
        Column("tier", _("Tier")),
        Column("health", _("Health")),
        Column("is_referenceable", _("Referenceable")),
        Column("is_named", _("May be named")),
        Column("has_open_escalation", _("Open escalation")),
        Column("renewal_date", _("Renewal")),
        Column("annual_value", _("Annual value")),
        Column("lifetime_value", _("Lifetime value")),
        Column("currency", _("Currency")),
        Column("account_owner", _("Account owner")),
    ),
    filterset=CustomerListFilter,
    rows=_customers,
    begin=_begin_customers,
)


def _begin_slots(user: User) -> Tell:
    def tell(rows: Sequence[SpeakingSlot]) -> Iterator[Sequence[Cell]]:
        speakers = _read_speakers(user, rows)
        for row in rows:
            speaker, name = speakers.get(row.pk, (None, ""))
            yield [
                row.pk, row.activity, row.event, row.topic, row.starts_at, row.minutes, row.time_zone, row.place,
                row.region.name if row.region else "", row.format, row.audience, row.language, row.deadline,
                row.travel, row.url, row.status, speaker, name, str(row.owner or ""),
                [tag.name for tag in row.tags.all()],
            ]  # fmt: skip

    return tell


def _read_speakers(user: User, rows: Sequence[SpeakingSlot]) -> dict[int, tuple[int, str]]:
    """By slot the speaker's id and name, of those whose consent covers the day; three queries per activity."""
    of_activity: dict[str, dict[int, SpeakingSlot]] = defaultdict(dict)
    for row in rows:
        if row.speaker_id is not None:
            of_activity[row.activity][row.pk] = row
    found = {}
    for activity, slots in of_activity.items():
        people = Contact.objects.visible_to(user).filter(pk__in={row.speaker_id for row in slots.values()})
        usable = usable_speakers(people.select_related("customer"), activity, Use(on=timezone.localdate()))
        by_id = {person.pk: person for person in usable}
        for row in slots.values():
            person = by_id.get(row.speaker_id or 0)
            rights = () if person is None else rights_of(person, activity)
            if person is None or not any(each.until is None or each.until >= row.starts_at.date() for each in rights):
                continue
            is_attributed = all(right.is_attributed for right in rights)
            is_known = may_see_person(user, person, is_attributed=is_attributed)
            found[row.pk] = (person.pk, person.name if is_known else "")
    return found


SLOTS = Table(
    name="speaking-slots",
    title=_("Speaking slots"),
    about=_("Stages, panels and interviews, with whoever speaks as far as you may know."),
    scope=Scope.CONTENT_READ,
    columns=(
        Column("id", _("Id")),
        Column("activity", _("What the speaker does")),
        Column("event", _("Event")),
        Column("topic", _("Topic")),
        Column("starts_at", _("Starts (UTC)")),
        Column("minutes", _("Minutes")),
        Column("time_zone", _("Time zone")),
        Column("place", _("Place")),
        Column("region", _("Region")),
        Column("format", _("Format")),
        Column("audience", _("Audience")),
        Column("language", _("Language")),
        Column("deadline", _("Deadline")),
        Column("travel", _("Travel")),
        Column("url", _("Link")),
        Column("status", _("Status")),
        Column("speaker", _("Id of the speaker")),
        Column("speaker_name", _("Speaker")),
        Column("owner", _("Owner")),
        Column("tags", _("Tags")),
    ),
    filterset=SpeakingSlotFilter,
    rows=lambda user: SpeakingSlot.objects.visible_to(user).select_related("region", "owner").prefetch_related("tags"),
    begin=_begin_slots,
)


def _begin_nominations(user: User) -> Tell:
    policy = current_policy()

    def tell(rows: Sequence[Nomination]) -> Iterator[Sequence[Cell]]:
        described = describe_people([row.contact for row in rows if row.contact is not None])
        for row in rows:
            sees_customer = may_see_customer_name(user, row.customer, policy)
            yield [
                row.pk, row.status, row.via, row.contact_id, _name_nominee(user, row, described),
                row.person_title, row.customer_id, row.customer.name if sees_customer else "", row.moment,
                row.activities, str(row.nominated_by or ""), row.note, str(row.decided_by or ""), row.decided_at,
                row.created_at, row.updated_at,
            ]  # fmt: skip

    return tell


def _name_nominee(user: User, row: Nomination, described: dict[int, str]) -> str:
    if row.contact is None:
        return row.person_name
    return row.contact.name if may_see_person(user, row.contact) else described[row.contact.pk]


NOMINATIONS = Table(
    name="nominations",
    title=_("Nominations"),
    about=_("Moments that somebody saw, as far as they concern you."),
    scope=Scope.REQUESTS_READ,
    columns=(
        Column("id", _("Id")),
        Column("status", _("Status")),
        Column("via", _("Came in by")),
        Column("contact", _("Id of the person")),
        Column("who", _("Who")),
        Column("person_title", _("Job title")),
        Column("customer_id", _("Id of the customer")),
        Column("customer", _("Customer")),
        Column("moment", _("The moment")),
        Column("activities", _("Would suit for")),
        Column("nominated_by", _("Nominated by")),
        Column("note", _("Note")),
        Column("decided_by", _("Decided by")),
        Column("decided_at", _("Decided")),
        Column("created_at", _("Created")),
        Column("updated_at", _("Changed")),
    ),
    filterset=NominationFilter,
    rows=lambda user: Nomination.objects.visible_to(user).select_related(
        "customer", "contact__customer", "nominated_by", "decided_by"
    ),
    begin=_begin_nominations,
)


class LeadFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds leads by day and by whether they were handed over."""

    since = django_filters.DateFilter(field_name="agreed_at", lookup_expr="date__gte", help_text="First day.")
    until = django_filters.DateFilter(field_name="agreed_at", lookup_expr="date__lte", help_text="Last day.")
    handed_over = django_filters.BooleanFilter(
        field_name="handed_over_at", lookup_expr="isnull", exclude=True, help_text="Handed over, or still not."
    )

    class Meta:
        model = Lead
        fields: ClassVar[list[str]] = []


def _begin_leads(user: User) -> Tell:
    def tell(rows: Sequence[Lead]) -> Iterator[Sequence[Cell]]:
        for row in rows:
            yield [
                row.pk, row.name, row.company, row.message, row.agreed_to, row.agreed_at,
                row.embed.name if row.embed else "", row.noun, row.piece_id or None, row.handed_over_at, row.email,
            ]  # fmt: skip

    return tell


LEADS = Table(
    name="leads",
    title=_("Leads"),
    about=_("Visitors of the public wall who want to hear from us."),
    scope=Scope.CONTENT_READ,
    columns=(
        Column("id", _("Id")),
        Column("name", _("Name")),
        Column("company", _("Company")),
        Column("message", _("Message")),
        Column("agreed_to", _("What they agreed to")),
        Column("agreed_at", _("Agreed")),
        Column("embed", _("Where")),
        Column("noun", _("Kind of piece")),
        Column("piece", _("Id of the piece")),
        Column("handed_over_at", _("Handed over")),
        Column("email", _("E-mail"), is_contact_data=True),
    ),
    filterset=LeadFilter,
    rows=lambda user: Lead.objects.select_related("embed").order_by("-pk"),
    begin=_begin_leads,
    offered_to=may_edit_slots,
    contact_data_to=may_edit_slots,
)


def _begin_disclosures(user: User) -> Tell:
    policy = current_policy()

    def tell(rows: Sequence[Disclosure]) -> Iterator[Sequence[Cell]]:
        for row in rows:
            contact = row.contact
            sees_customer = may_see_customer_name(user, contact.customer, policy)
            yield [
                row.pk, row.at, row.user_id, str(row.user or ""), row.contact_id,
                contact.name if may_see_person(user, contact) else "", contact.customer.name if sees_customer else "",
                row.why,
            ]  # fmt: skip

    return tell


DISCLOSURES = Table(
    name="disclosures",
    title=_("Contact data seen"),
    about=_("Who looked at whose e-mail and phone; all looks for managers, else your own."),
    scope=Scope.CONTACTS_READ,
    columns=(
        Column("id", _("Id")),
        Column("at", _("When (UTC)")),
        Column("user", _("Id of the user")),
        Column("user_name", _("Seen by")),
        Column("contact", _("Id of the person")),
        Column("name", _("Name")),
        Column("customer", _("Customer")),
        Column("why", _("Why")),
    ),
    filterset=DisclosureFilter,
    rows=lambda user: Disclosure.objects.visible_to(user).select_related("user", "contact__customer"),
    begin=_begin_disclosures,
)
