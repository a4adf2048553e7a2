"""Finds or makes the people that rows tell of: by CRM id, else by e-mail address, else by customer and name."""

import re
from collections import defaultdict
from collections.abc import Iterable, Set
from datetime import date
from functools import lru_cache

from django.db.models import QuerySet

from references.announcing import announce_unavailable
from references.enums import ContactStatus, IdentityKind, Origin
from references.importing.among import among
from references.importing.cells import lengthen_id, spell_ids
from references.importing.former import former_contacts
from references.importing.making import join, make
from references.importing.ranks import read_seniority
from references.importing.record import ImportRow
from references.importing.records import Import, Move
from references.importing.remarks import Remarks
from references.importing.statuses import AVAILABLE, PAUSED, RETIRED
from references.importing.upserts import Held, Upserts
from references.lifecycles import CONTACT
from references.loyalty import classify_score
from references.models import Contact, Customer
from references.text import fold_name

_MAILBOX = re.compile(
    r"^(info|office|contact|hello|sales|support|admin|mail|team|service|help|marketing|press|kontakt|contacto|jobs|"
    r"accounting|billing|noreply|no-reply|enquiries|inquiries)@"
)
_RANK = (ContactStatus.KNOWN, ContactStatus.NOMINATED, ContactStatus.ACTIVE)
_DETRACTOR = 6
_PROMOTER = 9


class ContactWriter:
    """The contacts of a file, a batch at a time. `addresses` are the contacts, by e-mail address, the file may mean."""

    def __init__(self, remarks: Remarks, run: Import, addresses: dict[str, list[int]]) -> None:
        self.upserts = Upserts(Contact)
        self._remarks = remarks
        self._run = run
        self._addresses = addresses
        self._by_id: dict[str, Held[Contact]] = {}
        self._by_email: defaultdict[str, list[Held[Contact]]] = defaultdict(list)
        self._by_name: defaultdict[tuple[int, str], list[Held[Contact]]] = defaultdict(list)
        self._moved: list[tuple[Held[Contact], str, str]] = []
        self._agreed: dict[Held[Contact], list[str]] = {}
        self.moves: list[Move] = []

    def begin(self, pairs: Iterable[tuple[ImportRow, Customer]], fresh: Set[int] = frozenset()) -> None:
        """Read the contacts that a batch may mean, each once; at most seven queries.

        Customers that are `fresh`, by their keys, have none.
        """
        self.upserts.begin()
        self.moves, self._moved, self._agreed = [], [], {}
        self._by_id, self._by_email, self._by_name = {}, defaultdict(list), defaultdict(list)
        pairs = list(pairs)
        names = {fold_person(name) for row, _ in pairs for name in (row.promoter, row.quote_by) if name}
        emails = {row.email.lower() for row, _ in pairs if row.email}
        pks = {pk for email in emails for pk in self._addresses.get(email, ())}
        customers = {customer.id: customer for _, customer in pairs}
        found = Contact.objects.order_by("pk")
        ids = spell_ids(row.external_id for row, _ in pairs if row.external_id and row.has_person)
        self._index(found.exclude(external_id="").filter(external_id__in=among(ids)), customers)
        self._index(found.filter(pk__in=among(pks - self.upserts.held_keys)), customers)
        there = found.filter(customer__in=among(customers.keys() - fresh), folded_name__in=among(names))
        missing = set(there.values_list("pk", flat=True)) - self.upserts.held_keys
        self._index(found.filter(pk__in=among(missing)), customers)
        self._index_former(ids, emails, names)

    def take(self, row: ImportRow, customer: Customer) -> Held[Contact] | None:
        """Give the person of a row, changed by what the row says; None where the row has none, or one who is gone."""
        if not row.has_person:
            return None
        held = self._find(row, customer)
        if row.opted_out:
            self._opt_out(held or self._create(row, customer), row)
            return None
        if row.reference_status == RETIRED:
            self._retire(held or self._create(row, customer), row)
            return None
        if held is not None and held.row.customer_id != customer.id:
            held = self._meet_elsewhere(held, row, customer)
            if held is None:
                return None
        if held is None:
            held = self._create(row, customer)
        elif held.row.has_opted_out or held.row.status == ContactStatus.RETIRED:
            self._remarks.note(row, "promoter", held.row.name, "has left or opted out, and stays out")
            held.is_touched = True
            return None
        held.is_touched = True
        self._fill(held, row)
        if row.reference_status == PAUSED:
            self._pause(held, row)
        return held

    def find_named(self, name: str, customer: Customer) -> Contact | None:
        """Give the contact of a customer who goes by this name."""
        found = self._by_name.get((customer.id, fold_person(name))) or []
        return found[0].row if found else None

    def flush(self) -> list[Held[Contact]]:
        """Write the batch and the record of every status taken; gives what is new or changed."""
        for held, agreed in self._agreed.items():
            held.put("activities", [code for code in agreed if _refusal(code) not in held.claimed])
        written = self.upserts.flush()
        self.moves = [(f"contact:{held.row.id}", before, after) for held, before, after in self._moved]
        for held in written:
            email = held.row.email
            if email and held.row.id not in self._addresses.setdefault(email, []):
                self._addresses[email].append(held.row.id)
        return written

    def _index(self, found: QuerySet[Contact], customers: dict[int, Customer]) -> None:
        """Take contacts in, each with its customer: of `customers`, or else read for this."""
        contacts = list(found)
        strangers = {contact.customer_id for contact in contacts} - customers.keys()
        known = customers | Customer.objects.in_bulk(strangers) if strangers else customers
        for contact in contacts:
            contact.customer = known[contact.customer_id]
        for held in self.upserts.hold(contacts):
            self._remember(held)

    def _index_former(self, ids: set[str], emails: set[str], names: set[str]) -> None:
        """Take in the people into whom those that the rows mean were merged; one query."""
        for known in former_contacts(ids, emails, names):
            held = self.upserts.hold([known.contact] if known.contact else [])[0]
            self._remember(held)
            if known.kind == IdentityKind.CRM_ID:
                self._by_id.setdefault(known.value, held)
                continue
            key = (held.row.customer_id, known.value)
            there = self._by_email[known.value] if known.kind == IdentityKind.EMAIL else self._by_name[key]
            if held not in there:
                there.append(held)

    def _remember(self, held: Held[Contact]) -> None:
        contact = held.row
        if contact.external_id:
            self._by_id[lengthen_id(contact.external_id)] = held
        namesakes = self._by_name[contact.customer_id, contact.folded_name]
        if held not in namesakes:
            namesakes.append(held)
        sharing = self._by_email[contact.email.lower()] if contact.email else namesakes
        if held not in sharing:
            sharing.append(held)

    def _find(self, row: ImportRow, customer: Customer) -> Held[Contact] | None:
        if row.external_id and row.external_id in self._by_id:
            return self._by_id[row.external_id]
        if row.email and not _MAILBOX.match(row.email.lower()):
            same = sorted(self._by_email.get(row.email.lower(), []), key=lambda held: _distance(held, customer))
            if same:
                return same[0]
        name = fold_person(row.promoter)
        namesakes = self._by_name.get((customer.id, name)) or [] if name else []
        for held in sorted(namesakes, key=lambda held: _distance(held, customer)):
            has_two_addresses = row.email and held.row.email and row.email.lower() != held.row.email
            if not has_two_addresses:
                return held
        return None

    def _opt_out(self, held: Held[Contact], row: ImportRow) -> None:
        """Keep that a person wants to hear nothing; plans made with them are looked at again."""
        held.is_touched = True
        if held.row.has_opted_out:
            return
        held.put("has_opted_out", True)
        if held.row.status != ContactStatus.RETIRED:
            self._move(held, ContactStatus.RETIRED)
        if not held.is_new:
            announce_unavailable(contact_id=held.row.pk)
        self._remarks.note(row, "opted_out", "", "people who have opted out are kept as such, and asked for nothing")

    def _retire(self, held: Held[Contact], row: ImportRow) -> None:
        """Let go whom the file says has left; plans made with them are looked at again."""
        held.is_touched = True
        if held.row.status == ContactStatus.RETIRED:
            return
        self._move(held, ContactStatus.RETIRED)
        if not held.is_new:
            announce_unavailable(contact_id=held.row.pk)
        self._remarks.note(
            row, "reference_status", "", "people who have left are kept as retired, and asked for nothing"
        )

    def _pause(self, held: Held[Contact], row: ImportRow) -> None:
        """Stop asking a person until a manager ends that; who is not active steps up first, since only they pause."""
        while held.row.status in _RANK[:-1]:
            self._move(held, _RANK[_RANK.index(ContactStatus(held.row.status)) + 1])
        if held.row.status == ContactStatus.ACTIVE:
            self._move(held, ContactStatus.PAUSED)
        held.put("paused_until", None)
        problem = "people who must not be asked now are paused until a manager ends that"
        self._remarks.note(row, "reference_status", "", problem)

    def _meet_elsewhere(self, held: Held[Contact], row: ImportRow, customer: Customer) -> Held[Contact] | None:
        """Someone known at another customer: retired there if the address shows a new employer, else left there."""
        old = held.row
        if old.has_opted_out:
            self._remarks.note(row, "promoter", old.name, "has left or opted out, and stays out")
            return None
        old_host, new_host = old.email.rpartition("@")[2], row.email.lower().rpartition("@")[2]
        has_moved = old_host and new_host and old_host != new_host
        if not has_moved or self.upserts.is_known(held):
            problem = f"is known at {old.customer.name} and was left there"
            self._remarks.note(row, "promoter", row.promoter or row.email, problem, "one customer per person")
            return None
        if old.status != ContactStatus.RETIRED:
            self._move(held, ContactStatus.RETIRED)
        held.put("external_id", "")
        self._by_id.pop(row.external_id, None)
        return self._create(row, customer)

    def _create(self, row: ImportRow, customer: Customer) -> Held[Contact]:
        name = row.promoter or name_address(row.email)
        contact = make(
            Contact,
            name=name,
            folded_name=fold_person(name),
            email=row.email.lower(),
            external_id=row.external_id,
            origin=Origin.IMPORT,
            status=choose_status(row, self._run.today),
        )
        join(contact, "customer", customer)
        CONTACT.require_initial(contact.status)
        held = self.upserts.create(contact)
        held.claimed |= {"name"} if row.promoter else set()
        self._moved.append((held, "", contact.status))
        self._remember(held)
        return held

    def _fill(self, held: Held[Contact], row: ImportRow) -> None:
        contact = held.row
        if row.external_id and not contact.external_id:
            held.set("external_id", row.external_id)
            self._by_id[row.external_id] = held
        if row.email and not contact.email:
            held.set("email", row.email.lower())
            self._remember(held)
        self._rename(held, row)
        had_title = contact.title
        held.set("title", row.title)
        held.set("phone", row.phone)
        held.set("max_per_quarter", row.max_per_quarter)
        held.set("seniority", row.seniority)
        if not row.seniority and (not contact.seniority or (had_title and had_title != contact.title)):
            derived = read_seniority(contact.title)
            if derived and "seniority" not in held.claimed:
                held.put("seniority", derived)
        agreed = self._agreed.setdefault(held, list(contact.activities))
        agreed += [code for code in row.activities if code not in agreed]
        held.claimed.update(map(_refusal, row.declined))
        self._fill_answer(held, row)
        self._raise_status(held, row)

    def _rename(self, held: Held[Contact], row: ImportRow) -> None:
        contact, name = held.row, fold_person(row.promoter)
        if not name or name == contact.folded_name:
            if name:
                held.claimed.add("name")
            return
        key = (contact.customer_id, name)
        if "name" in held.claimed or self._by_name.get(key):
            self._remarks.note(row, "promoter", row.promoter, f"was taken for {contact.name}", "one name per person")
            return
        held.set("name", row.promoter)
        held.put("folded_name", name)
        self._remember(held)

    def _fill_answer(self, held: Held[Contact], row: ImportRow) -> None:
        """The newest answer holds; one without a date only where none has one."""
        if row.nps is None:
            return
        contact = held.row
        if contact.nps_on is not None and (row.nps_date is None or row.nps_date < contact.nps_on):
            return
        if contact.nps_on == row.nps_date and "nps_score" in held.claimed:
            return
        held.claimed.add("nps_score")
        held.put("nps_score", row.nps)
        held.put("nps_on", row.nps_date)
        held.put("nps_comment", row.nps_comment)
        held.put("loyalty", classify_score(row.nps))

    def _raise_status(self, held: Held[Contact], row: ImportRow) -> None:
        """Step up along the table to the status the row earns; never down, and out of no pause."""
        earned = choose_status(row, self._run.today)
        while held.row.status in _RANK and _RANK.index(ContactStatus(held.row.status)) < _RANK.index(earned):
            self._move(held, _RANK[_RANK.index(ContactStatus(held.row.status)) + 1])

    def _move(self, held: Held[Contact], to: ContactStatus) -> None:
        before = held.row.status
        CONTACT.require_move(before, to)
        held.put("status", to)
        self._moved.append((held, before, to))


@lru_cache(maxsize=16_384)
def fold_person(name: str) -> str:
    """The identity of a person's name at a customer, as long as the pool holds."""
    return fold_name(name)[:200]


def choose_status(row: ImportRow, today: date) -> ContactStatus:
    """What a row earns its person: active with consent or agreed activities, nominated by a 9 or 10 or a status that
    says they may be asked, else known."""
    has_lapsed = row.consent_until is not None and row.consent_until < today
    is_willing = bool(row.activities or (row.consent and not has_lapsed)) and not row.consent_refused
    if row.reference_status not in {"", AVAILABLE}:
        return ContactStatus.KNOWN  # paused, or retired, from there
    if is_willing and (row.nps is None or row.nps > _DETRACTOR):
        return ContactStatus.ACTIVE
    if row.reference_status == AVAILABLE and (row.nps is None or row.nps > _DETRACTOR):
        return ContactStatus.NOMINATED
    return ContactStatus.NOMINATED if row.nps is not None and row.nps >= _PROMOTER else ContactStatus.KNOWN


def _refusal(activity: str) -> str:
    """What a file is remembered to have said of a person who does not want this activity."""
    return f"not {activity}"


def name_address(email: str) -> str:
    """Make a name of an address where no other is given: "ana.lopez@acme.com" is Ana Lopez."""
    words = re.findall(r"[^\W\d_]+", email.partition("@")[0])
    return " ".join(word.capitalize() for word in words) or email.partition("@")[0]


def read_addresses(emails: set[str]) -> dict[str, list[int]]:
    """The contacts of the pool that use one of these addresses; one pass over all of them, streamed."""
    found: dict[str, list[int]] = {}
    if emails:
        for pk, email in Contact.objects.exclude(email="").order_by("pk").values_list("pk", "email").iterator():
            if email.lower() in emails:
                found.setdefault(email.lower(), []).append(pk)
    return found


def _distance(held: Held[Contact], customer: Customer) -> tuple[bool, bool]:
    """Sort key: those at the customer first, and those who have not left."""
    return (held.row.customer_id != customer.id, held.row.status == ContactStatus.RETIRED)
