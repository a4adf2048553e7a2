"""Finds or makes the customers that rows tell of: by CRM id, else by domain, else by name."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from references.enums import IdentityKind
from references.importing.among import among
from references.importing.anonymous import must_not_be_named, names_nobody
from references.importing.cells import lengthen_id, spell_ids
from references.importing.former import former_customers
from references.importing.headings import LEADS
from references.importing.making import make
from references.importing.record import ImportRow
from references.importing.remarks import Remarks
from references.importing.statuses import AVAILABLE
from references.importing.upserts import Held, Upserts
from references.models import Customer
from references.text import fold, fold_name
from users.models import User

# Sites on which many organizations have a page: a domain that says nothing about whose it is.
SHARED_DOMAINS = frozenset(
    """facebook.com linkedin.com twitter.com x.com instagram.com youtube.com github.com github.io gitlab.com medium.com
    wordpress.com blogspot.com wixsite.com google.com sites.google.com goo.gl bit.ly linktr.ee notion.site
    gmail.com googlemail.com hotmail.com outlook.com live.com yahoo.com icloud.com aol.com gmx.de web.de example.com
    example.org amazonaws.com herokuapp.com netlify.app vercel.app myshopify.com""".split()
)


class CustomerWriter:
    """The customers of a file, a batch at a time."""

    def __init__(self, remarks: Remarks) -> None:
        self.upserts = Upserts(Customer)
        self._remarks = remarks
        self._owners = _read_owners()
        self._other_ids: dict[str, int] = {}  # CRM ids of customers that the pool knows under another id
        self._by_id: dict[str, Held[Customer]] = {}
        self._by_name: dict[str, Held[Customer]] = {}
        self._by_domain: defaultdict[str, list[Held[Customer]]] = defaultdict(list)

    def begin(self, rows: Iterable[ImportRow]) -> None:
        """Read the customers that a batch may mean; five queries."""
        rows = list(rows)
        self.upserts.begin()
        self._by_id, self._by_name, self._by_domain = {}, {}, defaultdict(list)
        ids = spell_ids(row.customer_id for row in rows if row.customer_id)
        found = Customer.objects.order_by("pk")
        self._index(found.exclude(external_id="").filter(external_id__in=among(ids)))
        names = {fold_customer(row.customer) for row in rows if row.customer}
        domains = {row.customer_domain for row in rows if is_own_domain(row.customer_domain)}
        self._index(found.filter(folded_name__in=among(names)))
        self._index(found.filter(domain__in=among(domains)))
        self._index_former(ids, names, domains)
        others = {self._other_ids[each]: each for each in ids if each in self._other_ids}
        if others:
            self._index(found.filter(pk__in=others))

    def take(self, row: ImportRow) -> Held[Customer] | None:
        """Give the customer of a row, changed by what the row says; None, and a problem, where there is none."""
        held = self._find(row)
        if held is None:
            if not fold_customer(row.customer) or names_nobody(row.customer):
                self._refuse(row)
                return None
            held = self._create(row)
        self._fill(held, row)
        held.is_touched = True
        return held

    def find(self, row: ImportRow) -> Held[Customer] | None:
        """Give the customer of a row as the pool knows it, or None."""
        return self._find(row)

    def _index(self, customers: Iterable[Customer]) -> None:
        for held in self.upserts.hold(customers):
            self._remember(held)

    def _index_former(self, ids: set[str], names: set[str], domains: set[str]) -> None:
        """Take in the customers into whom those that the rows mean were merged."""
        for known in former_customers(ids, names, domains):
            held = self.upserts.hold([known.customer] if known.customer else [])[0]
            self._remember(held)
            if known.kind == IdentityKind.CRM_ID:
                self._by_id.setdefault(known.value, held)
            elif known.kind == IdentityKind.NAME:
                self._by_name.setdefault(known.value, held)
            elif held not in self._by_domain[known.value]:
                self._by_domain[known.value].append(held)

    def _remember(self, held: Held[Customer]) -> None:
        customer = held.row
        self._by_name[customer.folded_name] = held
        if customer.external_id:
            self._by_id[lengthen_id(customer.external_id)] = held
        if is_own_domain(customer.domain) and held not in self._by_domain[customer.domain]:
            self._by_domain[customer.domain].append(held)

    def _find(self, row: ImportRow) -> Held[Customer] | None:
        name = fold_customer(row.customer)
        if row.customer_id:
            held = self._by_id.get(row.customer_id)
            if held is None and row.customer_id in self._other_ids:
                pk = self._other_ids[row.customer_id]
                held = next((each for each in self._by_name.values() if each.row.id == pk), None)
            if held is not None:
                return held
        same_domain = self._by_domain.get(row.customer_domain) or []
        for held in same_domain:
            if held.row.folded_name == name:
                return held
        if name in self._by_name:
            return self._by_name[name]
        for held in same_domain:
            if not (row.customer_id and held.row.external_id):  # two ids are two accounts, on one domain
                return held
        return None

    def _create(self, row: ImportRow) -> Held[Customer]:
        held = self.upserts.create(make(Customer, name=row.customer, folded_name=fold_customer(row.customer)))
        held.row.external_id = row.customer_id
        held.row.domain = row.customer_domain if is_own_domain(row.customer_domain) else ""
        held.row.is_referenceable = self._remarks.kind != LEADS
        if must_not_be_named(row.customer):
            held.row.is_named = False
            problem = "must not be named, it says: only managers and the account owner will see it"
            self._remarks.note(row, "customer", row.customer, problem)
        held.claimed.add("name")
        self._remember(held)
        return held

    def _fill(self, held: Held[Customer], row: ImportRow) -> None:
        self._fill_identity(held, row)
        held.set("size_band", row.size)
        held.set("tier", row.tier)
        held.set("health", row.health)
        held.set("renewal_date", row.renewal_date)
        held.set("raw_industry", " | ".join(row.industry)[:300])
        held.set("raw_location", (row.country or " | ".join(row.region))[:300])
        self._fill_money(held, row)
        if row.customer_status not in {"", AVAILABLE}:
            held.put("is_referenceable", False)
            problem = "customers that must not be references now are kept as such, until a manager says otherwise"
            self._remarks.note(row, self._remarks.find_field("customer_status", "reference_status"), "", problem)
        if row.account_owner:
            owner = self._owners.get(fold(row.account_owner)) or self._owners.get(fold_name(row.account_owner))
            if owner is None:
                self._remarks.note(
                    row,
                    "account_owner",
                    row.account_owner,
                    "is no user of this program and was left out",
                    "a user's e-mail address or full name",
                )
            held.set("account_owner_id", owner)

    def _fill_identity(self, held: Held[Customer], row: ImportRow) -> None:
        customer, name = held.row, fold_customer(row.customer)
        is_same_id = bool(row.customer_id) and lengthen_id(customer.external_id) == row.customer_id
        if row.customer_id and not customer.external_id:
            held.set("external_id", row.customer_id)
            self._by_id[row.customer_id] = held
        elif row.customer_id and not is_same_id and row.customer_id not in self._other_ids:
            self._note_other_id(held, row)
        if name and name != customer.folded_name:
            if is_same_id and name not in self._by_name:
                held.set("name", row.customer)
                held.put("folded_name", fold_customer(held.row.name))
                self._by_name[held.row.folded_name] = held
            else:
                self._remarks.note(
                    row, "customer", row.customer, f"was taken for {customer.name}", "one name per customer"
                )
        if row.customer_domain and not is_own_domain(row.customer_domain):
            problem = "is a domain that many share and was left out"
            self._remarks.note(row, "customer_domain", row.customer_domain, problem, "a domain of the customer's own")
        elif row.customer_domain and not customer.domain:
            held.set("domain", row.customer_domain)
            self._remember(held)

    def _note_other_id(self, held: Held[Customer], row: ImportRow) -> None:
        if held.row.id:
            self._other_ids[row.customer_id] = held.row.id
        self._by_id[row.customer_id] = held
        problem = f"is another id of {held.row.name}, who is known as {held.row.external_id}"
        self._remarks.note(row, "customer_id", row.customer_id, problem, "one record per customer")

    def _fill_money(self, held: Held[Customer], row: ImportRow) -> None:
        customer = held.row
        currency = row.currency or customer.currency
        if row.annual_value is None:
            if customer.annual_value is None and customer.lifetime_value is None:
                held.set("currency", row.currency)
            return
        if not currency:
            self._remarks.note(
                row,
                "annual_value",
                "",
                "has no currency and was left out",
                "a column currency, or amounts such as EUR 1,200",
            )
        elif customer.lifetime_value is not None and customer.currency != currency:
            self._remarks.note(
                row,
                "annual_value",
                f"{row.annual_value} {currency}",
                f"is not in {customer.currency}, as {customer.name}'s other value, and was left out",
            )
        elif "annual_value" not in held.claimed:
            held.set("annual_value", row.annual_value)
            held.claimed.add("currency")
            held.put("currency", currency)

    def _refuse(self, row: ImportRow) -> None:
        if fold_customer(row.customer):
            expected = "a name of its own for each such customer, such as “(unnamed) UK retailer”"
            self._remarks.refuse(row, "customer", row.customer, "does not tell one customer from another", expected)
            return
        if row.customer:
            self._remarks.refuse(row, "customer", row.customer, "is no name", "a name with letters or digits")
            return
        field, value = ("customer_id", row.customer_id) if row.customer_id else ("customer_domain", row.customer_domain)
        self._remarks.refuse(
            row,
            field,
            value,
            "belongs to no customer in the pool",
            "the id or domain of a known customer: import the accounts first, or give the name too",
        )


@lru_cache(maxsize=16_384)
def fold_customer(name: str) -> str:
    """The identity of a customer's name, as long as the pool holds."""
    return fold_name(name)[:200]


def is_own_domain(domain: str) -> bool:
    """Whether a domain tells one organization from another."""
    return bool(domain) and domain not in SHARED_DOMAINS


def _read_owners() -> dict[str, int]:
    """Active users by e-mail address and, where only one goes by it, by name."""
    owners: dict[str, int] = {}
    names: dict[str, list[int]] = defaultdict(list)
    for pk, email, name in User.objects.filter(is_active=True).values_list("pk", "email", "name"):
        owners[fold(email)] = pk
        names[fold_name(name)].append(pk)
    return owners | {name: pks[0] for name, pks in names.items() if name and len(pks) == 1}
