"""Makes the cards by which promoters are shown: one reading of the database, blinded for whoever looks."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from references.blinding import band_label, blind_title, headline, may_see_customer_name, may_see_person
from references.compiled import Compiled
from references.enums import Facet, Seniority, SizeBand, TagStatus
from references.models import Contact, ContactTag, CustomerTag
from references.policy import ProgramPolicy
from references.pool.conditions import Usage
from references.pool.result import PromoterCard
from users.models import User

_PEOPLE = Compiled(Contact.objects.select_related("customer"))
_OWN_TAGS = Compiled(
    ContactTag.objects.filter(tag__status=TagStatus.ACCEPTED)
    .order_by("id")
    .values_list("contact_id", "tag__facet", "tag__name"),
    "contact",
)
_SHARED_TAGS = Compiled(
    CustomerTag.objects.filter(tag__status=TagStatus.ACCEPTED)
    .order_by("id")
    .values_list("customer_id", "tag__facet", "tag__name"),
    "customer",
)


def read_people(ids: Collection[int]) -> dict[int, Contact]:
    """Give the contacts of these ids that there are, their customers loaded; one query."""
    return {contact.pk: contact for contact in _PEOPLE.among(ids)}


def build_cards(user: User, usage: Mapping[int, Usage], policy: ProgramPolicy) -> dict[int, PromoterCard]:
    """Give the cards of these contacts by id, as `user` may see them; three queries, whatever their number."""
    return make_cards(user, read_people(usage), usage, policy)


def make_cards(
    user: User, people: Mapping[int, Contact], usage: Mapping[int, Usage], policy: ProgramPolicy
) -> dict[int, PromoterCard]:
    """Give the cards of people by id, as `user` may see them, of what `read_people` gave; two queries."""
    tags = _read_tags(people.values())
    return {pk: _build_card(user, contact, tags[pk], usage[pk], policy) for pk, contact in people.items()}


def describe_people(contacts: Iterable[Contact]) -> dict[int, str]:
    """Give the headlines of contacts, their customers loaded, by id; two queries. Nobody is named in them."""
    people = list(contacts)
    tags = _read_tags(people)
    return {contact.pk: _describe(contact, tags[contact.pk]) for contact in people}


def _describe(contact: Contact, tags: Mapping[str, list[str]]) -> str:
    customer = contact.customer
    return headline(
        title=contact.title,
        roles=tags.get(Facet.ROLE, []),
        seniority=contact.seniority,
        industries=tags.get(Facet.INDUSTRY, []),
        regions=tags.get(Facet.REGION, []),
        size=customer.size_band,
        hidden=[contact.name, customer.name, customer.domain],
    )


def _read_tags(contacts: Iterable[Contact]) -> dict[int, dict[str, list[str]]]:
    """Names of accepted tags by contact and facet; the person's own come before the customer's."""
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    people: dict[int, list[int]] = defaultdict(list)
    for contact in contacts:
        people[contact.customer_id].append(contact.pk)
    ids = [each for group in people.values() for each in group]
    for contact_id, facet, name in _OWN_TAGS.among(ids):
        found[contact_id][facet].append(name)
    for customer_id, facet, name in _SHARED_TAGS.among(people):
        for contact_id in people[customer_id]:
            if name not in found[contact_id][facet]:
                found[contact_id][facet].append(name)
    return found


def _build_card(
    user: User, contact: Contact, tags: Mapping[str, list[str]], usage: Usage, policy: ProgramPolicy
) -> PromoterCard:
    customer = contact.customer
    sees_person = may_see_person(user, contact)
    sees_customer = may_see_customer_name(user, customer, policy)
    names = [contact.name, customer.name, customer.domain]
    return PromoterCard(
        contact_id=contact.pk,
        customer_id=customer.pk,
        headline=_describe(contact, tags),
        customer_name=customer.name if sees_customer else None,
        promoter_name=contact.name if sees_person else None,
        title=contact.title if sees_person else blind_title(contact.title, names),
        seniority=band_label(Seniority, contact.seniority),
        industries=tuple(tags.get(Facet.INDUSTRY, [])),
        products=tuple(tags.get(Facet.PRODUCT, [])),
        solutions=tuple(tags.get(Facet.SOLUTION, [])),
        regions=tuple(tags.get(Facet.REGION, [])),
        languages=tuple(tags.get(Facet.LANGUAGE, [])),
        size=band_label(SizeBand, customer.size_band),
        status=contact.status,
        activities=tuple(contact.activities),
        phi=usage.phi,
        band=usage.band,
        last_used=usage.last_used,
        used_past_year=usage.used_past_year,
    )
