"""The same soft score over the same data by SQLite (FTS5), PostgreSQL (GIN), tantivy and Xapian, beside the engine.

Every peer is given an advantage: who may be asked, fatigue, acceptance and the weight of each posting are worked out
beforehand, and so are the similarities of tags. It only filters, sums the best similarity per tag asked for and the
squashed relevance of the words, and sorts; it gives no reasons.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np
import psycopg

from benchmarks.engine import LIMIT, Engine, Ranked
from benchmarks.report import Report, Timing, measure, summarize
from matching.need import Need
from matching.ranking import TEXT, plan_need, weigh_tags
from matching.similarity import ORDERED
from references.days import day_number
from references.enums import Facet
from references.pool.features import BODY, HEAD, SENIORITIES, SIZES
from references.pool.selection import in_pool, visible_people

FETCH = LIMIT * 4  # enough for 20 different customers

SQLITE_QUERY = """
WITH asked(place, tag, points) AS (
    SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(:asked)),
near AS (
    SELECT carries.promoter, max(asked.points * carries.weight) AS points
    FROM asked JOIN carries ON carries.tag = asked.tag GROUP BY carries.promoter, asked.place),
said AS (
    SELECT promoter, :text_points * b / (b + :typical) AS points
    FROM (SELECT rowid AS promoter, -bm25(words, 2.0, 1.0) AS b FROM words WHERE words MATCH :words)),
fit AS (
    SELECT promoter, sum(points) AS points
    FROM (SELECT * FROM near UNION ALL SELECT * FROM said) GROUP BY promoter)
SELECT promoter.id, promoter.customer, promoter.base + fit.points + coalesce(:sizes ->> promoter.size, 0)
       + coalesce(:ranks ->> promoter.seniority, 0) AS score
FROM fit JOIN promoter ON promoter.id = fit.promoter
WHERE promoter.is_free ORDER BY score DESC, promoter.id LIMIT :fetch
"""

POSTGRES_QUERY = """
WITH asked AS (
    SELECT * FROM unnest(%(places)s::int[], %(tags)s::int[], %(points)s::float8[]) AS a(place, tag, points)),
near AS (
    SELECT carries.promoter, max(asked.points * carries.weight) AS points
    FROM asked JOIN carries ON carries.tag = asked.tag GROUP BY carries.promoter, asked.place),
said AS (
    SELECT id AS promoter, %(text_points)s * b / (b + 1) AS points
    FROM (SELECT id, 10 * ts_rank(words, q) AS b
          FROM promoter, to_tsquery('simple', %(words)s) AS q WHERE words @@ q) AS ranked),
fit AS (
    SELECT promoter, sum(points) AS points
    FROM (SELECT * FROM near UNION ALL SELECT * FROM said) AS both_of_them GROUP BY promoter)
SELECT promoter.id, promoter.customer, promoter.base + fit.points
       + (%(sizes)s::float8[])[promoter.size + 1] + (%(ranks)s::float8[])[promoter.seniority + 1] AS score
FROM fit JOIN promoter ON promoter.id = fit.promoter
WHERE promoter.is_free ORDER BY score DESC, promoter.id LIMIT %(fetch)s
"""

TANTIVY_QUERY = """
Must is_free:1 (score 0), Should dismax(tags:t * points, …) per tag asked for, Should head:word * 2 and body:word.
Less work than the others do: it adds neither fatigue nor acceptance nor size and rank, weighs no posting by its age,
and leaves bm25 unsquashed, since its Python package sorts by nothing else.
"""

XAPIAN_QUERY = """
OP_FILTER(OP_OR(OP_MAX(OP_FILTER(FixedWeightPostingSource(points), T<tag>), …) per tag asked for,
OP_SCALE_WEIGHT(H<word>, 2 * worth), OP_SCALE_WEIGHT(B<word>, worth)), F), bm25. As little work as tantivy's.
"""

Rows = list[tuple[int, int, float]]
Peer = Callable[["Question"], Rows]


@dataclass(frozen=True)
class Question:
    """One read brief as plain numbers: (place, tag, points) per similar tag, words, and points by size and rank."""

    asked: list[tuple[int, int, float]]
    words: list[str]
    text_points: float
    typical: float
    sizes: list[float]
    ranks: list[float]


@dataclass(frozen=True)
class Data:
    """The pool as rows: promoters, what they carry, and their words in two fields."""

    promoters: list[tuple[int, int, bool, float, int, int]]
    carries: list[tuple[int, int, float]]
    words: list[tuple[int, str, str]]


def run(report: Report, ranked: Ranked) -> None:
    """Time the peers over the engine's own pool and briefs."""
    report.begin(f"Peers doing the same soft score, {len(ranked.pool):,} promoters")
    report.add("RefProgram, with reasons", ranked.timing)
    bare = measure([partial(ranked.engine.choose, need) for need in ranked.needs])
    report.add("RefProgram, tags and words only, without reasons", bare, "the work that tantivy and Xapian are given")
    data = make_data(ranked.engine)
    questions = [make_question(ranked.engine, need) for need in ranked.needs]
    truth = [{hit.id for hit, _ in ranked.engine.rank(need)} for need in ranked.needs]
    for name, open_peer in (
        ("SQLite, FTS5 (bm25) and tag join", open_sqlite),
        ("PostgreSQL, GIN on tsvector and tag join", open_postgres),
        ("tantivy, tags and words only", open_tantivy),
        ("Xapian, tags and words only", open_xapian),
    ):
        with TemporaryDirectory() as folder:
            for peer, told in open_peer(data, Path(folder)):
                if peer is None:
                    report.add(name, "skipped", told)
                    continue
                timing, shared = _time(peer, questions, truth)
                ratio = f"{timing.median / ranked.timing.median:,.1f} × RefProgram's time"
                report.add(f"{name} ({told})", timing, f"{ratio}; {shared:.0%} of the same top 20")
    report.note("Query asked of SQLite", SQLITE_QUERY)
    report.note("Query asked of PostgreSQL", POSTGRES_QUERY)
    report.note("Query asked of tantivy", TANTIVY_QUERY)
    report.note("Query asked of Xapian", XAPIAN_QUERY)


def _time(peer: Peer, questions: Sequence[Question], truth: Sequence[set[int]]) -> tuple[Timing, float]:
    """Milliseconds over all questions, after ten to warm up, and the share of the engine's top 20 found too."""
    for question in questions[:10]:
        peer(question)
    seconds, shared = [], []
    for question, best in zip(questions, truth, strict=True):
        began = perf_counter()
        found = peer(question)
        seconds.append(perf_counter() - began)
        firsts: dict[int, int] = {}
        for promoter, customer, _ in found:
            firsts.setdefault(customer, promoter)
        shared.append(len(best.intersection(list(firsts.values())[:LIMIT])) / max(1, len(best)))
    return summarize(seconds), float(np.mean(shared))


def make_data(engine: Engine) -> Data:
    """Give the engine's columns and postings as rows."""
    view, policy, conditions = engine.view, engine.snapshot.policy.ranking, engine.conditions()
    segment, documents = view.segment, view.segment.people_docs
    free = conditions.free() & in_pool(view) & visible_people(view, engine.viewer)
    accepted, answered = view.segment.answers
    mean, prior = engine.snapshot.acceptance, policy.acceptance_prior
    acceptance = (accepted + prior * mean) / (answered + prior) - mean
    base = policy.acceptance_points * acceptance - policy.fatigue_points * conditions.phi
    columns = (documents.ids, documents.customers, free, base, segment.people.size, segment.people.seniority)
    tags = np.repeat(documents.tags.keys, np.diff(documents.tags.ptr))
    weights = weigh_tags(documents.tag_facts, day_number(engine.now.date()), policy)[documents.tags.values]
    terms = list(segment.terms)
    fields: list[list[list[str]]] = [[[] for _ in documents.ids] for _ in (HEAD, BODY)]
    for key, start, end in zip(documents.words.keys, documents.words.ptr, documents.words.ptr[1:], strict=False):
        rows, counts = documents.words.rows[start:end].tolist(), documents.words.values[start:end].tolist()
        for row, times in zip(rows, counts, strict=True):
            for field in (HEAD, BODY):
                fields[field][row].extend([terms[key]] * times[field])
    return Data(
        promoters=list(zip(*(column.tolist() for column in columns), strict=True)),
        carries=list(zip(tags.tolist(), documents.ids[documents.tags.rows].tolist(), weights.tolist(), strict=True)),
        words=[(row + 1, " ".join(head), " ".join(body)) for row, (head, body) in enumerate(zip(*fields, strict=True))],
    )


def make_question(engine: Engine, need: Need) -> Question:
    """Turn a plan into points per tag, word, size and rank."""
    plan, policy = plan_need(engine.snapshot, need), engine.snapshot.policy.ranking
    asked: list[tuple[int, int, float]] = []
    bands = {Facet.SIZE: [0.0] * len(SIZES), Facet.SENIORITY: [0.0] * len(SENIORITIES)}
    words = 0.0
    place = 0
    for group in plan.groups:
        points = policy.fit_points * group.share
        if group.code == TEXT:
            words = points
        total = sum(facet.confidence for facet in group.facets)
        for facet in group.facets:
            worth = points * facet.confidence / total
            if facet.facet in ORDERED:
                bands[Facet(facet.facet)] = [worth * step for step in facet.steps]
            for each in facet.asked:
                asked += [(place, tag, worth * each.share * similarity) for tag, similarity in each.similar.items()]
                place += 1
    terms = [term for term, _ in plan.query.terms]
    return Question(asked, terms, words, plan.query.typical, bands[Facet.SIZE], bands[Facet.SENIORITY])


Opened = Iterator[tuple[Peer | None, str]]


def open_sqlite(data: Data, folder: Path) -> Opened:
    """Load SQLite in a file, with a full-text index in two fields, and give the peer."""
    database = sqlite3.connect(folder / "peer.sqlite3")
    database.executescript("""
        PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA temp_store = MEMORY;
        CREATE TABLE promoter (id INTEGER PRIMARY KEY, customer INT, is_free INT, base REAL, size INT, seniority INT);
        CREATE TABLE carries (tag INT, promoter INT, weight REAL, PRIMARY KEY (tag, promoter)) WITHOUT ROWID;
        CREATE VIRTUAL TABLE words USING fts5 (head, body, content = '');
    """)
    database.executemany("INSERT INTO promoter VALUES (?, ?, ?, ?, ?, ?)", data.promoters)
    database.executemany("INSERT INTO carries VALUES (?, ?, ?)", data.carries)
    database.executemany("INSERT INTO words (rowid, head, body) VALUES (?, ?, ?)", data.words)
    database.execute("INSERT INTO words (words) VALUES ('optimize')")
    database.execute("ANALYZE")

    def ask(question: Question) -> Rows:
        given = {
            "asked": json.dumps(question.asked),
            "words": " OR ".join(f'"{word}"' for word in question.words) or '""',
            "text_points": question.text_points,
            "typical": question.typical,
            "sizes": json.dumps(question.sizes),
            "ranks": json.dumps(question.ranks),
            "fetch": FETCH,
        }
        return database.execute(SQLITE_QUERY, given).fetchall()

    yield ask, sqlite3.sqlite_version
    database.close()


def open_postgres(data: Data, _folder: Path) -> Opened:
    """Load a schema of its own in the PostgreSQL at DATABASE_URL, or else a local one, and give the peer."""
    url = os.environ.get("BENCHMARK_POSTGRES", "")
    if not url.startswith("postgres"):
        yield None, "DATABASE_URL names no PostgreSQL"
        return
    try:
        database = psycopg.connect(url, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        yield None, "no PostgreSQL can be reached"
        return
    schema = f"refprogram_benchmark_{os.getpid()}"
    with database, database.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {schema}")
        try:
            _load_postgres(cursor, schema, data)
            version = str(database.info.server_version // 10_000)
            yield (lambda question: _ask_postgres(cursor, question)), version
        finally:
            cursor.execute(f"DROP SCHEMA {schema} CASCADE")


def _load_postgres(cursor: psycopg.Cursor[Any], schema: str, data: Data) -> None:
    cursor.execute(f"SET search_path TO {schema}; SET work_mem TO '256MB'; SET client_min_messages TO error")
    cursor.execute("""
        CREATE UNLOGGED TABLE promoter (id int, customer int, is_free bool, base float8, size int, seniority int);
        CREATE UNLOGGED TABLE carries (tag int, promoter int, weight float8);
        CREATE UNLOGGED TABLE written (id int, head text, body text);
    """)
    for table, rows in (("promoter", data.promoters), ("carries", data.carries), ("written", data.words)):
        with cursor.copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    cursor.execute("""
        CREATE UNLOGGED TABLE loaded AS
        SELECT promoter.*, setweight(to_tsvector('simple', head), 'A') || to_tsvector('simple', body) AS words
        FROM promoter JOIN written USING (id);
        DROP TABLE promoter, written; ALTER TABLE loaded RENAME TO promoter;
        ALTER TABLE promoter ADD PRIMARY KEY (id);
        CREATE INDEX ON promoter USING gin (words);
        CREATE INDEX ON carries (tag) INCLUDE (promoter, weight);
    """)
    cursor.execute("VACUUM ANALYZE promoter")
    cursor.execute("VACUUM ANALYZE carries")


def _ask_postgres(cursor: psycopg.Cursor[Any], question: Question) -> Rows:
    places, tags, points = (
        (list(each) for each in zip(*question.asked, strict=True)) if question.asked else ([], [], [])
    )
    given = {
        "places": places,
        "tags": tags,
        "points": points,
        "words": " | ".join(f"'{word}'" for word in question.words),
        "text_points": question.text_points,
        "sizes": question.sizes,
        "ranks": question.ranks,
        "fetch": FETCH,
    }
    return cursor.execute(POSTGRES_QUERY, given).fetchall()


def open_tantivy(data: Data, _folder: Path) -> Opened:
    """Load an index of tantivy in memory, where the package is installed, and give the peer."""
    if find_spec("tantivy") is None:
        yield None, "the package tantivy is not installed"
        return
    tantivy: Any = import_module("tantivy")
    builder = (
        tantivy.SchemaBuilder()
        .add_integer_field("id", stored=True, fast=True)
        .add_integer_field("customer", stored=True)
    )
    builder.add_integer_field("is_free", indexed=True)
    for field, analyzer in (("tags", "whitespace"), ("head", "whitespace"), ("body", "whitespace")):
        builder.add_text_field(field, tokenizer_name=analyzer, index_option="freq")
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer(500_000_000, 1)
    carried: list[list[str]] = [[] for _ in data.promoters]
    for tag, promoter, _ in data.carries:
        carried[promoter - 1].append(str(tag))
    for (promoter, customer, is_free, *_), (_, head, body), tags in zip(
        data.promoters, data.words, carried, strict=True
    ):
        fields = {"id": promoter, "customer": customer, "is_free": int(is_free), "head": head, "body": body}
        writer.add_document(tantivy.Document(**fields, tags=" ".join(tags)))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    version = str(tantivy.__version__).split(",")[0].removeprefix("tantivy ")
    yield (lambda question: _ask_tantivy(tantivy, schema, searcher, question)), version


def _ask_tantivy(tantivy: Any, schema: Any, searcher: Any, question: Question) -> Rows:
    query, must, should = tantivy.Query, tantivy.Occur.Must, tantivy.Occur.Should
    parts = [(must, query.const_score_query(query.term_query(schema, "is_free", 1), 0.0))]
    near: dict[int, list[Any]] = {}
    for place, tag, points in question.asked:
        has_tag = query.const_score_query(query.term_query(schema, "tags", str(tag)), points)
        near.setdefault(place, []).append(has_tag)
    parts += [(should, query.disjunction_max_query(each)) for each in near.values()]
    worth = question.text_points / (2 * question.typical) if question.typical else 0.0
    for word in question.words:
        for field, weight in (("head", 2.0), ("body", 1.0)):
            parts.append((should, query.boost_query(query.term_query(schema, field, word), weight * worth)))
    found = searcher.search(query.boolean_query(parts), FETCH)
    documents = [(score, searcher.doc(address)) for score, address in found.hits]
    return [(each["id"][0], each["customer"][0], score) for score, each in documents]


def open_xapian(data: Data, folder: Path) -> Opened:
    """Load a database of Xapian in a folder, where the package is installed, and give the peer."""
    if find_spec("xapian") is None:
        yield None, "the package xapian-bindings-binary is not installed"
        return
    xapian: Any = import_module("xapian")
    carried: list[list[int]] = [[] for _ in data.promoters]
    for tag, promoter, _ in data.carries:
        carried[promoter - 1].append(tag)
    writer = xapian.WritableDatabase(str(folder / "written"), xapian.DB_CREATE_OR_OPEN)
    for (promoter, customer, is_free, *_), (_, head, body), tags in zip(
        data.promoters, data.words, carried, strict=True
    ):
        document = xapian.Document()
        document.set_data(f"{promoter} {customer}")
        for tag in tags:
            document.add_boolean_term(f"T{tag}")
        for field, text in (("H", head), ("B", body)):
            for word in text.split():
                document.add_term(field + word)
        if is_free:
            document.add_boolean_term("F")
        writer.add_document(document)
    writer.commit()
    writer.compact(str(folder / "compact"))
    writer.close()
    database = xapian.Database(str(folder / "compact"))
    yield (lambda question: _ask_xapian(xapian, database, question)), xapian.version_string()
    database.close()


def _ask_xapian(xapian: Any, database: Any, question: Question) -> Rows:
    query = xapian.Query
    near: dict[int, list[Any]] = {}
    for place, tag, points in question.asked:
        fixed = query(xapian.FixedWeightPostingSource(points))
        near.setdefault(place, []).append(query(query.OP_FILTER, fixed, query(f"T{tag}")))
    parts = [query(query.OP_MAX, each) for each in near.values()]
    worth = question.text_points / (2 * question.typical) if question.typical else 0.0
    for word in question.words:
        for field, weight in (("H", 2.0), ("B", 1.0)):
            parts.append(query(query.OP_SCALE_WEIGHT, query(field + word), weight * worth))
    enquire = xapian.Enquire(database)
    enquire.set_query(query(query.OP_FILTER, query(query.OP_OR, parts), query("F")))
    found = [(match.document.get_data().split(), match.weight) for match in enquire.get_mset(0, FETCH)]
    return [(int(promoter), int(customer), score) for (promoter, customer), score in found]
