"""Puts what a second list brought into the program: customers and people who were there already, and unknown words."""

from collections.abc import Iterable, Mapping
from datetime import date

from references.demo import PREFIX
from references.enums import Facet, Origin
from references.errors import DomainError
from references.models import Contact, Customer, DuplicatePair, Tag
from references.pool.writing import pool_write
from references.services.contacts import ContactData, save_contact
from references.services.customers import save_customer
from references.services.duplicates import search_all
from references.services.synonym_proposals import propose_misreading, propose_synonym
from references.services.tags import find_tag, propose_tag
from references.services.unmapped import list_unmapped

_ID = f"{PREFIX}list-"
_FIRMS: tuple[tuple[str, str, str, tuple[tuple[str, str], ...]], ...] = (
    ("Quillmar Stores", "Ware-housing", "Bavarria", (("Jonna Fexby", "Chief Happiness Officer"),)),
    ("Pellwick Depots", "Ware-housing", "North coast", (("Teo Marrin", "Floor Whisperer"),)),
    ("Osterlune Cover", "Reinsurance services", "North coast", (("Ira Dolm", "Chief Happiness Officer"),)),
    ("Brackwen Mutual", "Reinsurance services", "", (("Nell Ostby", "Claims Whisperer"), ("Uwe Tarn", "Bid Wrangler"))),
    ("Harrowmere Hulls", "Marine insurance", "", (("Silke Roda", "Bid Wrangler"),)),
    ("Lintova Lines", "Freigt forwarding", "Bavarria", (("Pim Okker", "Chief Happiness Officer"),)),
    ("Velmora Hives", "Beekeeping", "", (("Dana Uhl", "Claims Whisperer"),)),
)
"""Name, industry and location as the list spells them, and people with their titles."""
_HEARD = (("insurance", "risk carriers", 3), ("banking", "money houses", 1))
"""Slug of an industry, the words by which people meant it, and how often."""
_MISREAD = ("transport-logistics", "transportation")
_TWINS = 3


def load_second_list(*, today: date) -> Mapping[str, int]:
    """Write the list, unless it is there or the program is not, and search for duplicates; gives the rows per kind."""
    known = Customer.objects.filter(external_id__startswith=PREFIX)
    if not known.exists() or known.filter(external_id__startswith=_ID).exists():
        return {}
    with pool_write():
        made = [_read_firm(number, firm, today) for number, firm in enumerate(_FIRMS, 1)]
        made += [_read_twin(number, row, today) for number, row in enumerate(_choose_known(), len(_FIRMS) + 1)]
    _hear()
    search_all()
    pairs = DuplicatePair.objects.open().count()
    return {"customers of a second list": len(made), "likely duplicates": pairs, "new words": len(list_unmapped())}


def _read_firm(number: int, firm: tuple[str, str, str, tuple[tuple[str, str], ...]], today: date) -> Customer:
    name, industry, location, people = firm
    row = save_customer(
        data={
            "name": name,
            "domain": f"{name.split()[0].lower()}.example",
            "external_id": f"{_ID}{number:02d}",
            "raw_industry": industry,
            "raw_location": location,
        },
        tags=[propose_tag(facet=Facet.INDUSTRY, name=industry)],
        verified_on=today,
    )
    for person, title in people:
        address = f"{person.replace(' ', '.').lower()}@{row.domain}"
        _save_person(row, person, title, address)
    return row


def _choose_known() -> list[Contact]:
    """Some who are in the program, each at another customer, the same at every load."""
    rows = Contact.objects.filter(external_id__startswith=PREFIX, status="active").exclude(email="")
    found = {row.customer_id: row for row in rows.select_related("customer").order_by("-external_id")}
    people = list(found.values())
    return people[:: max(len(people) // _TWINS, 1)][:_TWINS]


def _read_twin(number: int, person: Contact, today: date) -> Customer:
    """A customer as the list has it, under another legal form or with a slip, and its person once more at either."""
    known = person.customer
    is_slip = number % 2 == 0
    name = f"{known.name[:2]}{known.name[1:]}" if is_slip else f"{known.name} Ltd"
    row = save_customer(
        data={
            "name": name,
            "domain": known.domain if is_slip else "",
            "external_id": f"{_ID}{number:02d}",
        },
        verified_on=today,
    )
    roles = list(person.tags.all())
    first, _space, last = person.name.partition(" ")
    _save_person(row, person.name, person.title, tags=roles)
    _save_person(known, f"{first[0]}. {last}", person.title, tags=roles)
    return row


def _save_person(customer: Customer, name: str, title: str, email: str = "", tags: Iterable[Tag] = ()) -> None:
    data: ContactData = {"name": name, "title": title, "email": email, "origin": Origin.IMPORT}
    save_contact(customer=customer, data=data, tags=tags)


def _hear() -> None:
    """What people told the manager of words since."""
    for slug, words, times in _HEARD:
        for _ in range(times):
            propose_synonym(tag=_industry(slug), text=words)
    slug, words = _MISREAD
    propose_misreading(tag=_industry(slug), text=words)


def _industry(slug: str) -> Tag:
    tag = find_tag(facet=Facet.INDUSTRY, name=slug.replace("-", " "))
    if tag is None:
        raise DomainError("tag_gone", f"There is no industry '{slug}'.", "tag")
    return tag
