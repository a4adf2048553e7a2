"""Times the content library: many pieces searched by briefs, by words and by facets, beside SQLite's full text."""

import random
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from benchmarks.database import write_pool
from benchmarks.pool import SEED, SyntheticPool, make_briefs, make_pool
from benchmarks.report import Report, clock, measure
from matching.content import choose_content, rank_content
from matching.need import Need
from matching.search import understand
from references.importing.inserting import insert_rows
from references.models import Contact, Testimonial
from references.pool.index import current_snapshot
from references.pool.writing import pool_write
from users.enums import Role
from users.models import User

QUOTE_WORDS = 30
PEER_QUERY = """
SELECT t.id FROM quotes JOIN references_testimonial t ON t.id = quotes.rowid
JOIN references_customer c ON c.id = t.customer_id
WHERE quotes MATCH ? AND t.status IN ('approved', 'published') AND c.is_referenceable
AND EXISTS (SELECT 1 FROM references_consent k WHERE k.activity = t.kind AND k.customer_id = t.customer_id
    AND k.contact_id IS NULL AND k.revoked_at IS NULL AND k.superseded_by_id IS NULL AND k.valid_from <= date('now')
    AND (k.valid_until IS NULL OR k.valid_until >= date('now')))
ORDER BY t.published_on DESC, t.id LIMIT 25
"""


def run(report: Report, pieces: int, count: int, now: datetime) -> None:
    """Write a quote of each of `pieces` people, and stories, and search them `count` times each way."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    pool = make_pool(pieces, now.date())
    write_pool(pool)
    write_quotes(pool)
    total = Testimonial.objects.count() + int(pool.tells.sum())
    report.begin(f"The content library, {total:,} pieces on SQLite")
    report.add("cold start from the database", f"{clock(current_snapshot):,.2f} s", "people and content")
    user = User.objects.create_user("content@example.test", None, role=Role.MARKETER)
    _measure_briefs(report, user, make_briefs(pool, count), now)
    words = [" ".join(pair) for pair in choose_words(pool, count)]
    _measure_answers(report, user, pool, words)
    _measure_peer(report, words)


def write_quotes(pool: SyntheticPool) -> None:
    """Give everybody in the pool one published quote of 30 words, as frequent as the pool's own."""
    source = random.Random(SEED)
    ranks = range(len(pool.words))
    weights = [1.0 / (1 + rank) for rank in ranks]
    people = list(Contact.objects.order_by("id").values_list("id", "customer_id"))
    drawn = iter(source.choices(pool.words, weights, k=QUOTE_WORDS * len(people)))
    rows = (
        (contact, customer, " ".join(next(drawn) for _ in range(QUOTE_WORDS)), pool.today)
        for contact, customer in people
    )
    fixed = {"status": "published", "kind": "quote"}
    with pool_write() as touched:
        insert_rows(Testimonial, ("contact_id", "customer_id", "text", "published_on"), rows, fixed)
        touched.add(everything=True)


def choose_words(pool: SyntheticPool, count: int) -> list[tuple[str, str]]:
    """Pairs of words to look for: one of the hundred most frequent, and a rarer one."""
    source = random.Random(SEED + 1)
    return [(source.choice(pool.words[5:100]), source.choice(pool.words[100:2_000])) for _ in range(count)]


def _measure_briefs(report: Report, user: User, briefs: Sequence[str], now: datetime) -> None:
    snapshot = current_snapshot()
    needs = [understand(text) for text in briefs]
    today = now.date()

    def rank(need: Need) -> None:
        found = choose_content(snapshot, need, {}, today=today, limit=20)
        for hit in found.hits:
            found.explain(hit)

    engine = [partial(rank, need) for need in needs]
    checked = [partial(rank_content, user, snapshot, need, {}, today=today, limit=20) for need in needs]
    for what, calls in (
        ("rank content for a read brief, top 20 with reasons", engine),
        ("the same, with rights checked in the database and names withheld", checked),
    ):
        measure(calls)
        report.add(what, measure(calls), f"{len(briefs)} briefs")


def _measure_answers(report: Report, user: User, pool: SyntheticPool, words: Sequence[str]) -> None:
    """Ask the API in this process: middleware, rights, serializers included, no network."""
    client = Client(HTTP_HOST="localhost", raise_request_exception=True)
    client.force_login(user)
    address = reverse("api:v1:testimonial-list")
    names = [tag.slug for tag in pool.vocabulary.tags if tag.facet == "industry"][:60]

    def ask(**parameters: str | int) -> None:
        assert client.get(address, parameters).status_code == 200

    rare = [text.split()[1] for text in words]
    asked: dict[str, list[dict[str, str | int]]] = {
        "the API: quotes with two words": [{"search": text} for text in words],
        "the API: quotes with a word, usable for web": [{"search": word, "channel": "web"} for word in rare],
        "the API: quotes of an industry": [{"industry": name} for name in names],
        "the API: all quotes, by page": [{"page": number + 1} for number in range(20)],
    }
    for what, all_parameters in asked.items():
        ask(**all_parameters[0])
        calls = [partial(ask, **parameters) for parameters in all_parameters]
        report.add(what, measure(calls), f"{len(calls)} calls, in process")


def _measure_peer(report: Report, words: Sequence[str]) -> None:
    """The same search for words as SQL over an FTS5 index of the same quotes, rights by EXISTS, no HTTP."""
    connection.close()
    database = sqlite3.connect(Path(str(settings.DATABASES["default"]["NAME"])))
    database.executescript("""
        PRAGMA cache_size = -400000;
        CREATE VIRTUAL TABLE quotes USING fts5 (text, content = '');
        INSERT INTO quotes (rowid, text) SELECT id, text FROM references_testimonial;
        INSERT INTO quotes (quotes) VALUES ('optimize');
    """)

    def ask(text: str) -> None:
        database.execute(PEER_QUERY, [" AND ".join(f'"{word}"' for word in text.split())]).fetchall()

    calls = [partial(ask, text) for text in words]
    measure(calls)
    report.add("SQLite FTS5 with rights, ids of a page alone", measure(calls), f"{sqlite3.sqlite_version}, peer")
    report.note("SQLite FTS5, the peer of the content library", PEER_QUERY)
    database.execute("DROP TABLE quotes")
    database.close()
