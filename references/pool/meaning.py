"""How close in meaning people's stories are to a question, where a local embedding model is set.

A customer's texts are embedded passage by passage; a person is as close as the closest passage of the customer. Vectors
are kept with the segment, which holds exactly the customers as last changed, and in a file on this host under the hash
of the text, so that a process that starts embeds only what is new, and each text is embedded by one process. The file
keeps no text and no name, and forgets what no process asked for in `KEPT_DAYS`.
"""

import fcntl
import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
from django.conf import settings
from django.utils import timezone

from references.blinding import hide_names
from references.days import day_number
from references.embedders import Embedder, Vectors, open_embedder
from references.models import CaseStudy, Contact, Customer, Testimonial
from references.pool.segment import Segment
from references.pool.snapshot import Snapshot
from references.querysets import USABLE_CONTENT

Floats = npt.NDArray[np.float64]

MOST_PASSAGES = 32
"""Of each customer: those of the newest stories, then of the newest quotes."""
KEPT_DAYS = 30

_CHUNK = 500
_BATCH = 256
_REMEMBERED = "meaning"


def embedder() -> Embedder | None:
    """The model that `SEMANTIC_MODEL` names; None where it names none."""
    return open_embedder(settings.SEMANTIC_MODEL) if settings.SEMANTIC_MODEL else None


def embed_question(text: str) -> Vectors | None:
    """The unit vector of a question; None without a model or words."""
    model = embedder()
    return None if model is None or not text.strip() else model.embed([text])[0]


def embed_pool(snapshot: Snapshot) -> None:
    """Embed all that is told in the pool ahead of the first question; without a model nothing is done."""
    if embedder() is not None:
        for view in snapshot.views:
            _vectors_of(view.segment)


def score_meaning(question: Vectors, segment: Segment) -> Floats:
    """By person's row, max(0, cosine) of the question and the closest passage of the customer; 0 without a passage."""
    vectors, customers = _vectors_of(segment)
    by_customer = np.zeros(len(segment.customer_ids), dtype=np.float64)
    np.maximum.at(by_customer, customers, (vectors @ question).astype(np.float64))
    scores: Floats = np.minimum(1.0, by_customer[segment.people_docs.places])
    return scores


def meaning_of(question: Vectors, segment: Segment, row: int) -> float:
    """`score_meaning` of one row."""
    vectors, customers = _vectors_of(segment)
    mine = vectors[customers == segment.people_docs.places[row]]
    return float(min(1.0, max(0.0, (mine @ question).max()))) if len(mine) else 0.0


def _vectors_of(segment: Segment) -> tuple[Vectors, npt.NDArray[np.int64]]:
    """All passages' vectors of a segment and the customer's place of each, computed once."""
    model = embedder()
    assert model is not None, "a question was embedded by a model"  # noqa: S101
    key = (_REMEMBERED, model.name)
    if key not in segment.remembered:
        passages: list[str] = []
        places: list[int] = []
        ids = segment.customer_ids.tolist()
        for start in range(0, len(ids), _CHUNK):
            told = read_passages(ids[start : start + _CHUNK])
            for place, customer in enumerate(ids[start : start + _CHUNK], start=start):
                passages.extend(told.get(customer, ()))
                places.extend([place] * len(told.get(customer, ())))
        segment.remembered[key] = (embed_kept(model, passages), np.asarray(places, dtype=np.int64))
    found: tuple[Vectors, npt.NDArray[np.int64]] = segment.remembered[key]
    return found


def read_passages(customer_ids: Sequence[int]) -> dict[int, list[str]]:
    """What each customer tells, `MOST_PASSAGES` at most, without the names nobody may search for. Four queries."""
    using = settings.POOL_DATABASE
    found: dict[int, list[str]] = defaultdict(list)
    hidden: dict[int, list[str]] = defaultdict(list)
    people = Contact.objects.using(using).filter(customer__in=customer_ids)
    for customer, name in people.values_list("customer_id", "name"):
        hidden[customer].append(name)
    described: dict[int, str] = {}
    customers = Customer.objects.using(using).filter(pk__in=customer_ids)
    for pk, industry, name, domain in customers.values_list("id", "raw_industry", "name", "domain"):
        described[pk] = industry
        hidden[pk].extend(each for each in (name, domain) if each)
    usable = {"customer__in": customer_ids, "status__in": USABLE_CONTENT, "customer__is_referenceable": True}
    stories = CaseStudy.objects.using(using).filter(**usable).order_by("-id")
    for customer, title, *told in stories.values_list("customer_id", "title", "challenge", "solution_text", "results"):
        found[customer].extend(_passages((f"{described[customer]}. {title}", *told), hidden[customer]))
    quotes = Testimonial.objects.using(using).filter(**usable).order_by("-id")
    for customer, text in quotes.values_list("customer_id", "text"):
        found[customer].extend(_passages((text,), hidden[customer]))
    return {customer: passages[:MOST_PASSAGES] for customer, passages in found.items()}


def _passages(texts: Iterable[str], hidden: Sequence[str]) -> list[str]:
    return [hide_names(text, hidden, instead=" ") for text in texts if text.strip(" .")]


def embed_kept(model: Embedder, passages: Sequence[str]) -> Vectors:
    """One row per passage: kept ones from the file of this host, new ones embedded and kept."""
    if not passages:
        return np.zeros((0, model.size), dtype=np.float32)
    keys = [hashlib.sha256(passage.encode()).digest() for passage in passages]
    with _open_file(model) as file:
        kept = _read(file, keys)
        fresh = {key: text for key, text in zip(keys, passages, strict=True) if key not in kept}
        waiting = list(fresh)
        for start in range(0, len(waiting), _BATCH):
            some = waiting[start : start + _BATCH]
            vectors = model.embed([fresh[key] for key in some])
            kept |= dict(zip(some, vectors, strict=True))
            with file:  # a start that is broken off goes on from here
                rows = [(key, _today(), kept[key].tobytes()) for key in some]
                file.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)
        _forget(file, keys)
    return np.stack([kept[key] for key in keys])


@contextmanager
def _open_file(model: Embedder) -> Iterator[sqlite3.Connection]:
    """The file of a model's vectors, for one thread of one process at a time."""
    folder = Path(settings.VAR_DIR) / "meaning"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{model.name}.sqlite3"
    with path.with_suffix(".lock").open("w") as queue:
        fcntl.flock(queue, fcntl.LOCK_EX)  # closing the file gives it up
        with closing(sqlite3.connect(path)) as file:
            file.execute(
                "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, asked INTEGER NOT NULL, "
                "vector BLOB NOT NULL) WITHOUT ROWID"
            )
            yield file


def _read(file: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
    found: dict[bytes, Vectors] = {}
    for start in range(0, len(keys), _CHUNK):
        some = keys[start : start + _CHUNK]
        marks = ",".join("?" * len(some))
        rows = file.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", some)  # noqa: S608
        found |= {key: np.frombuffer(vector, dtype=np.float32) for key, vector in rows}
    return found


def _forget(file: sqlite3.Connection, keys: Sequence[bytes]) -> None:
    """Note that these were asked for today, and let go what nobody asked for in `KEPT_DAYS`."""
    with file:
        rows = [(_today(), key, _today()) for key in keys]
        file.executemany("UPDATE vectors SET asked = ? WHERE key = ? AND asked < ?", rows)
        file.execute("DELETE FROM vectors WHERE asked < ?", (_today() - KEPT_DAYS,))


def _today() -> int:
    return day_number(timezone.localdate())
