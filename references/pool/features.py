"""Reads the rows of some customers and gives what the pool index keeps of them: plain features per person and story."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import F, Q

from references import activities
from references.blinding import hide_names
from references.caps import first_asked, last_answered
from references.days import NO_DAY, OPEN_END
from references.enums import (
    ContactStatus,
    EngagementStatus,
    Health,
    Loyalty,
    Seniority,
    Sensitivity,
    SizeBand,
    TagOrigin,
    TestimonialKind,
)
from references.models import (
    Blackout,
    CaseStudy,
    CaseStudyTag,
    Consent,
    Contact,
    ContactTag,
    Customer,
    CustomerTag,
    Engagement,
    EngagementChange,
    ProofPoint,
    Tag,
    Testimonial,
    TestimonialTag,
)
from references.pool.statements import DayNumber, MomentDay, Statement, UnixSeconds, Wanted
from references.querysets import USABLE_CONTENT
from references.text import fold, fold_name, stems
from references.vocabulary import Vocabulary

CHUNK = 2_000
STATUSES: tuple[str, ...] = tuple(ContactStatus.values)
SENIORITIES: tuple[str, ...] = tuple(Seniority.values)
SIZES: tuple[str, ...] = tuple(SizeBand.values)
SENSITIVITIES: tuple[str, ...] = tuple(Sensitivity.values)
LOYALTIES: tuple[str, ...] = tuple(Loyalty.values)
ENGAGEMENT_STATUSES: tuple[str, ...] = tuple(EngagementStatus.values)
_STATUS_INDEX: dict[str, int] = {status: place for place, status in enumerate(ENGAGEMENT_STATUSES)}
ACTIVITY_INDEX: dict[str, int] = {code: place for place, code in enumerate(activities.CODES)}
ASSET_ACTIVITY = {kind: kind.value for kind in TestimonialKind}
CONTENT_KINDS: tuple[str, ...] = ("case_study", "testimonial")

OPTED_OUT, NOT_REFERENCEABLE, ESCALATION, RED_HEALTH, RENEWAL_SENSITIVE = 1, 2, 4, 8, 16

Words = tuple[list[str], list[str], list[str]]
HEAD, BODY, VOICE = 0, 1, 2
"""Text fields: titles and words that describe; stories; what people said themselves."""


class TagFeature(NamedTuple):
    """How a row carries a tag: the day it was last verified, and the confidence in percent (below 100: inferred)."""

    day: int
    confidence: int = 100


@dataclass(slots=True)
class ConsentFeature:
    """One consent as day numbers; `until` is OPEN_END where it has no end."""

    activity: int
    starts: int
    until: int


@dataclass(slots=True)
class EventFeature:
    """One touch of the ledger, with the days it was asked and answered; `expires` in Unix seconds, 0 if no hold."""

    contact: int
    activity: int
    status: int
    day: int
    asked: int
    answered: int
    expires: int
    went_badly: bool
    thanked: bool
    rewarded: bool


@dataclass(slots=True)
class PersonFeature:
    """One contact as the index keeps it; `tags` are by tag id, `words` are stems per text field."""

    id: int
    status: int
    seniority: int
    sensitivity: int
    activities: int
    flags: int
    paused_until: int
    max_per_quarter: int
    loyalty: int
    title_words: list[str]
    tags: dict[int, TagFeature] = field(default_factory=dict)
    words: Words = field(default_factory=lambda: ([], [], []))
    consents: list[ConsentFeature] = field(default_factory=list)
    blackouts: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class ContentFeature:
    """One usable story or testimonial; `contact` is 0 where no person stands behind it."""

    id: int
    kind: int
    activity: int
    contact: int
    published: int
    expires: int
    tags: dict[int, TagFeature]
    words: Words
    consents: list[ConsentFeature] = field(default_factory=list)


@dataclass(slots=True)
class CustomerFeature:
    """One customer with its people, its usable content and the whole ledger of its contacts."""

    id: int
    size: int
    owner: int
    renewal: int
    flags: int
    exclusions: list[str]
    people: list[PersonFeature] = field(default_factory=list)
    content: list[ContentFeature] = field(default_factory=list)
    events: list[EventFeature] = field(default_factory=list)


def read_features(
    customer_ids: Sequence[int] | None,
    using: str,
    *,
    names_customers: bool = True,
    beyond: int = 0,
    last: int = 0,
    vocabulary: Vocabulary | None = None,
) -> Iterator[list[CustomerFeature]]:
    """Yield features in chunks of customers, in id order; all customers where `customer_ids` is None.

    All may be limited to those with ids above `beyond`, and up to `last` where it is given. Ids that no longer exist
    are left out. `names_customers` says whether the policy lets customers be named at all. The names of tags are
    taken from `vocabulary`, of the same moment, where it has them.
    Sixteen queries a chunk.
    """
    names = _TagNames(using, vocabulary)
    if customer_ids is not None:
        waiting = iter(sorted(customer_ids))
        while chunk := list(islice(waiting, CHUNK)):
            yield _Chunk(Wanted(ids=chunk), using, names_customers, names).read()
        return
    asked = Customer.objects.using(using).filter(id__gt=beyond).order_by("id")
    if last:
        asked = asked.filter(id__lte=last)
    everyone = iter(asked.values_list("id", flat=True).iterator(chunk_size=CHUNK))
    while chunk := list(islice(everyone, CHUNK)):
        # all between two ids, since nobody is left out: cheaper to ask for than two thousand ids
        yield _Chunk(Wanted(chunk[0], chunk[-1]), using, names_customers, names).read()


class _TagNames:
    """The stems of the names of tags, each read and stemmed once: many rows carry few tags."""

    def __init__(self, using: str, vocabulary: Vocabulary | None) -> None:
        self.using, self.vocabulary = using, vocabulary or Vocabulary(())
        self.stems: dict[int, list[str]] = {}

    def read(self, tag_ids: Iterable[int]) -> dict[int, list[str]]:
        """Give the stems by tag, those of `tag_ids` among them."""
        lacking = set(tag_ids).difference(self.stems)
        known = {pk for pk in lacking if pk in self.vocabulary}
        self.stems |= {pk: stems(self.vocabulary.get(pk).name) for pk in known}
        if lacking := lacking - known:
            rows = Tag.objects.using(self.using).filter(pk__in=lacking).values_list("pk", "name")
            self.stems |= {pk: stems(name) for pk, name in rows}
        return self.stems


_WORD = re.compile(r"[^\W_]+")
_HUNDREDS = 128
"""Makes one number of a day and a confidence."""
_USABLE: dict[str, Any] = {"status__in": USABLE_CONTENT, "customer__is_referenceable": True}
_CUSTOMERS = Statement(
    Customer, "id", "id", "size_band", "account_owner_id", DayNumber("renewal_date"), "is_renewal_sensitive",
    "is_referenceable", "has_open_escalation", "health", "raw_industry", "notes", "exclusions", "is_named",
    "folded_name", "domain",
)  # fmt: skip
_CONTACTS = Statement(
    Contact, "customer", "id", "customer_id", "folded_name", "status", "seniority", "sensitivity", "activities",
    "has_opted_out", DayNumber("paused_until"), "max_per_quarter", "loyalty", "title", "notes",
)  # fmt: skip
_PROOF_POINTS = Statement(
    ProofPoint, "customer", "customer_id", "metric", "before", "after", "case_study__status", "testimonial__status"
)
_CUSTOMER_TAGS = Statement(
    CustomerTag, "customer", "customer_id", "tag_id", DayNumber("verified_on") * _HUNDREDS + F("confidence"),
    Q(origin=TagOrigin.GIVEN), order=("customer_id", "id"),
)  # fmt: skip
_CONTACT_TAGS = Statement(ContactTag, "contact__customer", "contact_id", "tag_id", DayNumber("verified_on"))
_BLACKOUTS = Statement(
    Blackout, "contact__customer", "contact_id", DayNumber("starts_on"), DayNumber("ends_on", absent=OPEN_END)
)
_STORY_TAGS = Statement(
    CaseStudyTag, "case_study__customer", "case_study_id", "tag_id", case_study__status__in=USABLE_CONTENT
)
_STORIES = Statement(
    CaseStudy, "customer", "id", "customer_id", "contact_id", "title", "challenge", "solution_text", "results",
    DayNumber("published_on"), DayNumber("expires_on", absent=OPEN_END), **_USABLE,
)  # fmt: skip
_QUOTE_TAGS = Statement(
    TestimonialTag, "testimonial__customer", "testimonial_id", "tag_id", testimonial__status__in=USABLE_CONTENT
)
_QUOTES = Statement(
    Testimonial, "customer", "id", "customer_id", "contact_id", "kind", "text", "said_by_title",
    DayNumber("published_on"), DayNumber("expires_on", absent=OPEN_END), "said_by", **_USABLE,
)  # fmt: skip
_CONSENTS = Statement(
    Consent, "customer", "contact_id", "customer_id", "activity", DayNumber("valid_from"),
    DayNumber("valid_until", absent=OPEN_END), "case_study_id", "testimonial_id",
    revoked_at__isnull=True, superseded_by__isnull=True,
)  # fmt: skip
_WITHDRAWALS = Statement(
    Consent, "customer", "contact_id", "activity", "case_study_id", "testimonial_id", revoked_at__isnull=False
)
_TOUCHES = Statement(
    Engagement, "contact__customer", "id", "contact__customer_id", "contact_id", "activity", "status",
    DayNumber("on"), MomentDay("recorded_at"), UnixSeconds("hold_expires_at"), "went_badly", "was_thanked",
    "was_rewarded", order=("on", "id"),
)  # fmt: skip
_CHANGES = Statement(
    EngagementChange, "engagement__contact__customer", "engagement_id", MomentDay("at"), "status", order=("at", "id")
)


class _Facts(dict[int, TagFeature]):
    """Facts about tags by the number a statement makes of them: the same few for many rows."""

    def __missing__(self, number: int) -> TagFeature:
        fact = self[number] = TagFeature(*divmod(number, _HUNDREDS))
        return fact


class _Chunk:
    """Reads one chunk of customers, a query per kind of row."""

    def __init__(self, wanted: Wanted, using: str, names_customers: bool, names: _TagNames) -> None:
        self.wanted = wanted
        self.names = names
        self.names_customers = names_customers
        self.using = using
        self.customers: dict[int, CustomerFeature] = {}
        self.people: dict[int, tuple[PersonFeature, CustomerFeature]] = {}
        self.opted_out: set[int] = set()
        self.hidden: dict[int, list[str]] = defaultdict(list)
        self.customer_tags: dict[int, dict[int, TagFeature]] = defaultdict(dict)
        self.customer_words: dict[int, Words] = {}
        self.described: dict[int, list[str]] = {}
        self.telling: dict[int, set[str]] = {}

    def rows(self, statement: Statement) -> list[tuple[Any, ...]]:
        return statement.rows(self.wanted, self.using)

    def read(self) -> list[CustomerFeature]:
        contacts = self.rows(_CONTACTS)
        for row in contacts:
            self.hidden[row[1]].append(row[2])
        self.read_customers()
        self.read_customer_tags()
        self.read_people(contacts)
        self.read_contact_tags()
        content = self.read_content()
        self.read_consents(content)
        for contact_id, starts, ends in self.rows(_BLACKOUTS):
            if contact_id in self.people:
                self.people[contact_id][0].blackouts.append((starts, ends))
        self.read_ledger()
        for person, customer in self.people.values():
            shared = self.customer_words[customer.id]
            person.words = (person.title_words + shared[HEAD], shared[BODY], shared[VOICE])
            person.tags = {**self.customer_tags[customer.id], **person.tags}
        return list(self.customers.values())

    def stems(self, customer_id: int, text: str) -> list[str]:
        """The stems of a customer's text without the names that nobody may search for: its people's, or its own."""
        folded = text.lower() if text.isascii() else fold(text)
        names = self.hidden[customer_id]
        telling = self.telling.get(customer_id)
        if telling is None:
            telling = {word for name in names for word in name.split() if len(word) > 2}
            self.telling[customer_id] = telling
        written = [word for word in telling if word in folded]
        if written and not {form for word in written for form in (word, word + "s")}.isdisjoint(_WORD.findall(folded)):
            text = hide_names(text, names, instead=" ")
        return stems(text)

    def read_customers(self) -> None:
        for row in self.rows(_CUSTOMERS):
            if not (row[11] and self.names_customers):
                self.hidden[row[0]].extend(name for name in (row[12], fold_name(row[13])) if name)
            flags = (
                (RENEWAL_SENSITIVE if row[4] else 0)
                | (0 if row[5] else NOT_REFERENCEABLE)
                | (ESCALATION if row[6] else 0)
                | (RED_HEALTH if row[7] == Health.RED else 0)
            )
            size = SIZES.index(row[1]) if row[1] else -1
            self.customers[row[0]] = CustomerFeature(
                row[0], size, row[2] or 0, row[3], flags, _read_exclusions(row[10])
            )
            self.customer_words[row[0]] = (self.stems(row[0], f"{row[8]} {row[9]}"), [], [])
        for customer_id, metric, before, after, *status in self.rows(_PROOF_POINTS):
            if any(each is not None and each not in USABLE_CONTENT for each in status):
                continue
            self.customer_words[customer_id][BODY].extend(self.stems(customer_id, f"{metric} {before} {after}"))

    def read_customer_tags(self) -> None:
        rows = self.rows(_CUSTOMER_TAGS)
        named = self.names.read({row[1] for row in rows})
        facts = _Facts()
        for customer_id, group in groupby(rows, key=itemgetter(0)):
            tags, head = self.customer_tags[customer_id], self.customer_words[customer_id][HEAD]
            for _customer, tag_id, fact, is_given in group:
                tags[tag_id] = facts[fact]
                if is_given:
                    head += named[tag_id]

    def read_people(self, contacts: Iterable[tuple[Any, ...]]) -> None:
        for row in contacts:
            if row[7]:
                self.opted_out.add(row[0])
            if row[3] == ContactStatus.RETIRED:
                continue
            customer = self.customers[row[1]]
            person = PersonFeature(
                id=row[0],
                status=STATUSES.index(row[3]),
                seniority=SENIORITIES.index(row[4]) if row[4] else -1,
                sensitivity=SENSITIVITIES.index(row[5]),
                activities=_activity_bits(row[6]),
                flags=customer.flags | (OPTED_OUT if row[7] else 0),
                paused_until=row[8],
                max_per_quarter=-1 if row[9] is None else row[9],
                loyalty=LOYALTIES.index(row[10]),
                title_words=self.stems(customer.id, f"{row[11]} {row[12]}"),
            )
            customer.people.append(person)
            self.people[person.id] = (person, customer)

    def read_contact_tags(self) -> None:
        rows = self.rows(_CONTACT_TAGS)
        named = self.names.read(row[1] for row in rows)
        for contact_id, tag_id, verified in rows:
            if contact_id in self.people:
                person = self.people[contact_id][0]
                person.tags[tag_id] = TagFeature(verified)
                person.title_words.extend(named[tag_id])

    def read_content(self) -> dict[int, list[ContentFeature]]:
        """Read usable content; its words also describe the customer's people. Gives content by customer."""
        found: dict[int, list[ContentFeature]] = defaultdict(list)
        self.described = {each: list(words[HEAD]) for each, words in self.customer_words.items()}
        tags: dict[int, dict[int, TagFeature]] = defaultdict(dict)
        for case_study_id, tag_id in self.rows(_STORY_TAGS):
            tags[case_study_id][tag_id] = TagFeature(NO_DAY)
        for row in self.rows(_STORIES):
            told = self.stems(row[1], f"{row[4]} {row[5]} {row[6]}")
            story: Words = (self.stems(row[1], row[3]), told, [])
            self.add_content(found, row[:3], CONTENT_KINDS[0], "case_study", row[7:9], tags[row[0]], story)
        tags.clear()
        for testimonial_id, tag_id in self.rows(_QUOTE_TAGS):
            tags[testimonial_id][tag_id] = TagFeature(NO_DAY)
        for row in self.rows(_QUOTES):
            unknown = [row[8]] if row[2] is None and row[8] else []
            title, text = (hide_names(each, unknown, instead=" ") for each in (row[5], row[4]))
            said: Words = (self.stems(row[1], title), [], self.stems(row[1], text))
            self.add_content(found, row[:3], CONTENT_KINDS[1], ASSET_ACTIVITY[row[3]], row[6:8], tags[row[0]], said)
        return found

    def add_content(
        self,
        found: dict[int, list[ContentFeature]],
        identity: tuple[Any, ...],
        kind: str,
        activity: str,
        days: tuple[int, int],
        tags: dict[int, TagFeature],
        words: Words,
    ) -> None:
        content_id, customer_id, contact_id = identity
        if contact_id in self.opted_out:
            return
        shared = self.customer_words[customer_id]
        for place in (HEAD, BODY, VOICE):
            shared[place].extend(words[place])
        content = ContentFeature(
            id=content_id,
            kind=CONTENT_KINDS.index(kind),
            activity=ACTIVITY_INDEX[activity],
            contact=contact_id or 0,
            published=days[0],
            expires=days[1],
            tags={**self.customer_tags[customer_id], **tags},
            words=(self.described[customer_id] + words[HEAD], words[BODY], words[VOICE]),
        )
        found[customer_id].append(content)
        self.customers[customer_id].content.append(content)

    def read_consents(self, content: dict[int, list[ContentFeature]]) -> None:
        withdrawn, taken_back = self.read_withdrawals()
        for contact_id, customer_id, activity, starts, until, *piece in self.rows(_CONSENTS):
            consent = ConsentFeature(ACTIVITY_INDEX[activity], starts, until)
            only = _piece_key(*piece)
            if only is None and contact_id is None:
                for person in self.customers[customer_id].people:
                    if (person.id, activity) not in withdrawn:
                        person.consents.append(consent)
            elif only is None and contact_id in self.people:
                self.people[contact_id][0].consents.append(consent)
            for each in content[customer_id]:
                if each.activity != consent.activity:
                    continue
                own, is_refused = (each.kind, each.id), (each.contact, activity) in withdrawn
                is_theirs = contact_id == each.contact or (contact_id is None and not is_refused)
                is_by_themselves = contact_id is not None and contact_id == each.contact
                is_given = own == only and contact_id not in self.opted_out and (is_by_themselves or not is_refused)
                if is_given or (only is None and is_theirs and own not in taken_back):
                    each.consents.append(replace(consent, until=min(consent.until, each.expires)))

    def read_withdrawals(self) -> tuple[set[tuple[int, str]], set[tuple[int, int]]]:
        """What was revoked: activities by person, and single pieces of content by kind and id."""
        people, pieces = set(), set()
        for contact_id, activity, *piece in self.rows(_WITHDRAWALS):
            only = _piece_key(*piece)
            if only is not None:
                pieces.add(only)
            elif contact_id is not None:
                people.add((contact_id, activity))
        return people, pieces

    def read_ledger(self) -> None:
        changes: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for engagement_id, day, status in self.rows(_CHANGES):
            changes[engagement_id].append((day, status))
        for touch_id, customer_id, contact, activity, status, day, recorded, expires, *feedback in self.rows(_TOUCHES):
            history = changes.get(touch_id, ())
            answered = last_answered(history, status)
            self.customers[customer_id].events.append(
                EventFeature(
                    contact,
                    ACTIVITY_INDEX[activity],
                    _STATUS_INDEX[status],
                    day,
                    min(first_asked(history, recorded), day),
                    min(recorded, day) if answered is None else answered,
                    expires if status == EngagementStatus.HELD else 0,
                    *map(bool, feedback),
                )
            )


_ACTIVITY_BIT = {code: 1 << place for code, place in ACTIVITY_INDEX.items()}


@lru_cache(maxsize=16_384)
def _activity_bits(written: str) -> int:
    """The activities of a list in JSON, a bit each; those that are no longer known are left out."""
    bits = 0
    for code in json.loads(written):
        bits |= _ACTIVITY_BIT.get(code, 0)
    return bits


def _read_exclusions(written: str) -> list[str]:
    return [] if written == "[]" else [fold_name(name) for name in json.loads(written)]


def _piece_key(case_study_id: int | None, testimonial_id: int | None) -> tuple[int, int] | None:
    """The content, by the index of its kind and its id, that a consent is limited to; None for a general one."""
    if case_study_id is not None:
        return CONTENT_KINDS.index("case_study"), case_study_id
    return None if testimonial_id is None else (CONTENT_KINDS.index("testimonial"), testimonial_id)
