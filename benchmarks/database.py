"""Times what needs the database: cold start, refresh, whole answers; over a synthetic pool in a temporary SQLite."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from benchmarks.pool import SyntheticPool, make_briefs, make_pool
from benchmarks.report import Report, clock, measure, summarize
from matching.search import search_references
from matching.warming import warm_up
from references.activities import CODES
from references.enums import Health, TagStatus
from references.importing.inserting import insert_rows
from references.models import (
    CaseStudy,
    Consent,
    Contact,
    ContactTag,
    Customer,
    CustomerTag,
    Engagement,
    Tag,
)
from references.pool.features import (
    ENGAGEMENT_STATUSES,
    ESCALATION,
    NOT_REFERENCEABLE,
    OPTED_OUT,
    RED_HEALTH,
    SENIORITIES,
    SENSITIVITIES,
    SIZES,
    STATUSES,
)
from references.pool.index import current_snapshot, forget_snapshot
from references.pool.segment import REWARDED, THANKED, WENT_BADLY
from references.pool.writing import pool_write
from references.services.vocabulary import load_vocabulary
from users.models import User

CHANGED = 100
REFRESHES = 12


def run(report: Report, people: int, count: int, now: datetime) -> None:
    """Load a pool of `people`, read it, change it, and ask pages and API for it."""
    report.begin(f"From the database, {people:,} promoters on SQLite")
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    measure_all(report, make_pool(people, now.date()), count)


def measure_all(report: Report, pool: SyntheticPool, count: int) -> None:
    """Write a pool into the empty database and measure everything with `count` briefs."""
    report.add("write the pool, in one transaction", f"{clock(partial(write_pool, pool)):,.1f} s", "not a goal")
    user = User.objects.create_user("rep@example.test", None)
    briefs = make_briefs(pool, count)
    report.add("cold start from the database", f"{clock(current_snapshot):,.2f} s", "writes the image too")
    if settings.POOL_IMAGE_DIR and len(pool) >= settings.POOL_IMAGE_MIN_PEOPLE:
        forget_snapshot()
        report.add("cold start from the image", f"{clock(current_snapshot) * 1000:,.0f} ms", "any later process")
    report.add("ask what changed, where nothing did", measure([current_snapshot] * count), "before every answer")
    warm_up()  # as a web process does
    searches = [partial(search_references, user=user, text=text) for text in briefs]
    measure(searches)
    found = measure(searches)
    report.add("whole search with cards, reasons, refusals, stories", found, f"{count} briefs, from their text, warm")
    _measure_refresh(report, user, briefs)
    _measure_answers(report, user, briefs)


def _measure_refresh(report: Report, user: User, briefs: Sequence[str]) -> None:
    """Change 100 promoters of as many customers, again and again; each time refresh, and answer a brief."""
    refreshes, searches = [], []
    for number in range(REFRESHES):
        change_promoters(number)
        refreshes.append(clock(current_snapshot))
        searches.append(clock(partial(search_references, user=user, text=briefs[number % len(briefs)])))
    report.add(f"refresh of {CHANGED} changed promoters", summarize(refreshes), f"{REFRESHES} in a row, then merged")
    report.add("the first whole search after each", summarize(searches), "counts and conditions are worked out anew")


def change_promoters(number: int) -> None:
    """Give another 100 promoters, of different customers, another title."""
    first = number * CHANGED * 3
    with pool_write() as touched:
        chosen: dict[int, Contact] = {}
        for contact in Contact.objects.order_by("customer_id")[first : first + CHANGED * 3]:
            chosen.setdefault(contact.customer_id, contact)
        for contact in list(chosen.values())[:CHANGED]:
            contact.title = f"Changed {number}"
            contact.save(update_fields=["title"])
            touched.add(contact.customer_id)


def _measure_answers(report: Report, user: User, briefs: Sequence[str]) -> None:
    """Ask the page and the API in this process: middleware, templates and serializers included, no network."""
    client = Client(HTTP_HOST="localhost", raise_request_exception=True)
    client.force_login(user)
    page, api = reverse("web:find"), reverse("api:v1:match-search")

    def ask_page(text: str) -> None:
        assert client.get(page, {"q": text}).status_code == 200

    def ask_api(text: str) -> None:
        assert client.post(api, {"text": text}, content_type="application/json").status_code == 200

    def browse(number: int) -> None:
        assert client.get(reverse("web:pool"), {"page": number + 1}).status_code == 200

    for what, ask in (("the find page with an answer", ask_page), ("the API's match search", ask_api)):
        ask(briefs[0])
        report.add(f"{what}, in process", measure([partial(ask, text) for text in briefs]), f"{len(briefs)} briefs")
    browse(0)
    pages = measure([partial(browse, number) for number in range(20)])
    report.add("the pool page, in process", pages, "20 pages, by name")


def write_pool(pool: SyntheticPool) -> None:
    """Write a synthetic pool into an empty, migrated database."""
    load_vocabulary()
    with pool_write() as touched:
        tags = _write_tags(pool)
        customers = _write_customers(pool)
        contacts = _write_contacts(pool, customers)
        of_customers = (
            (customers[place], tags[tag], _day(pool.verified[place]))
            for place, row in enumerate(pool.customer_tags.tolist())
            for tag in dict.fromkeys(row)
        )
        insert_rows(CustomerTag, ("customer_id", "tag_id", "verified_on"), of_customers)
        of_contacts = (
            (contacts[row], tags[role], _day(pool.verified[place]))
            for row, (role, place) in enumerate(zip(pool.roles.tolist(), pool.places.tolist(), strict=True))
        )
        insert_rows(ContactTag, ("contact_id", "tag_id", "verified_on"), of_contacts)
        stories = (
            (customers[place], f"Story {place}", _text(pool, row))
            for place, row in enumerate(pool.stories.tolist())
            if pool.tells[place]
        )
        insert_rows(CaseStudy, ("customer_id", "title", "results"), stories, {"status": "published"})
        places, activities = (each.tolist() for each in pool.consents.nonzero())
        consents = ((customers[place], CODES[each]) for place, each in zip(places, activities, strict=True))
        insert_rows(Consent, ("customer_id", "activity"), consents, {"valid_from": date(1970, 1, 2)})
        _write_ledger(pool, contacts)
        touched.add(everything=True)


def _write_tags(pool: SyntheticPool) -> dict[int, int]:
    """Write the tags that the starter vocabulary lacks; gives the database's id by the pool's."""
    known = {(facet, slug): pk for pk, facet, slug in Tag.objects.values_list("pk", "facet", "slug")}
    lacking = [tag for tag in pool.vocabulary.tags if (tag.facet, tag.slug) not in known]
    rows = [(tag.facet, tag.slug, tag.name) for tag in lacking]
    made = insert_rows(Tag, ("facet", "slug", "name"), rows, {"status": TagStatus.ACCEPTED})
    known |= {(tag.facet, tag.slug): pk for tag, pk in zip(lacking, made, strict=True)}
    return {tag.id: known[tag.facet, tag.slug] for tag in pool.vocabulary.tags}


def _write_customers(pool: SyntheticPool) -> list[int]:
    """Write the customers; gives their ids by place."""
    flags, sizes = [0] * len(pool.notes), [""] * len(pool.notes)
    for place, flag, size in zip(
        pool.places.tolist(), pool.people["flags"].tolist(), pool.people["size"].tolist(), strict=True
    ):
        flags[place], sizes[place] = flag, SIZES[size]
    rows = (
        (
            f"Customer {place} {pool.words[place % len(pool.words)].title()}",
            f"customer {place} {pool.words[place % len(pool.words)]}",
            sizes[place],
            Health.RED if flags[place] & RED_HEALTH else Health.GREEN,
            not flags[place] & NOT_REFERENCEABLE,
            bool(flags[place] & ESCALATION),
            _text(pool, notes),
        )
        for place, notes in enumerate(pool.notes.tolist())
    )
    names = ("name", "folded_name", "size_band", "health", "is_referenceable", "has_open_escalation", "notes")
    return insert_rows(Customer, names, rows)


def _write_contacts(pool: SyntheticPool, customers: Sequence[int]) -> list[int]:
    """Write the contacts; gives their ids by row."""
    columns = ("status", "seniority", "sensitivity", "activities", "flags")
    people = zip(
        pool.places.tolist(), pool.titles.tolist(), *(pool.people[each].tolist() for each in columns), strict=True
    )
    rows = (
        (
            customers[place],
            f"Person {row}",
            f"person {row}",
            _text(pool, title),
            STATUSES[status],
            SENIORITIES[seniority],
            SENSITIVITIES[sensitivity],
            [code for bit, code in enumerate(CODES) if agreed >> bit & 1],
            bool(flags & OPTED_OUT),
        )
        for row, (place, title, status, seniority, sensitivity, agreed, flags) in enumerate(people)
    )
    names = (
        "customer_id", "name", "folded_name", "title", "status", "seniority", "sensitivity", "activities",
        "has_opted_out",
    )  # fmt: skip
    return insert_rows(Contact, names, rows)


def _write_ledger(pool: SyntheticPool, contacts: Sequence[int]) -> None:
    columns = [
        pool.ledger[name].tolist() for name in ("row", "activity", "status", "day", "asked", "expires", "feedback")
    ]
    rows: Iterable[tuple[Any, ...]] = (
        (
            contacts[row],
            CODES[activity],
            ENGAGEMENT_STATUSES[status],
            _day(day),
            datetime.combine(_day(asked), time(9), UTC),
            datetime.fromtimestamp(expires, UTC) if expires else None,
            bool(feedback & WENT_BADLY),
            bool(feedback & THANKED),
            bool(feedback & REWARDED),
            f"benchmark:{number}",
        )
        for number, (row, activity, status, day, asked, expires, feedback) in enumerate(zip(*columns, strict=True))
    )
    names = (
        "contact_id", "activity", "status", "on", "recorded_at", "hold_expires_at", "went_badly", "was_thanked",
        "was_rewarded", "source",
    )  # fmt: skip
    insert_rows(Engagement, names, rows)


def _day(number: int) -> date:
    return date(1970, 1, 1) + timedelta(days=int(number))


def _text(pool: SyntheticPool, words: Iterable[int]) -> str:
    return " ".join(pool.words[each] for each in words)
