"""Keeps the inferred tags of customers in step with what their stories say."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from delivery.models import OutboxMessage
from delivery.promises import enqueue
from references.enums import TagOrigin
from references.inference import BODY, INDUSTRY, NAME, TITLE, Passage, infer_tags
from references.lexicon import Lexicon, compile_lexicon
from references.models import CaseStudy, Customer, CustomerTag, Testimonial
from references.pool.vocabulary import read_vocabulary
from references.pool.writing import pool_write

OUTBOX_KIND = "infer_tags"
_CHUNK = 200


def promise_inference(customer_ids: Iterable[int] | None) -> OutboxMessage:
    """Promise, in the caller's transaction, to read these customers' words anew; all customers' where None.

    A worker keeps the promise right after the commit; for all customers at the end of the minute, so that a row of
    changes to the vocabulary is one reading.
    """
    if customer_ids is not None:
        return enqueue(
            kind=OUTBOX_KIND, key=f"{OUTBOX_KIND}:{uuid.uuid4()}", payload={"customers": sorted(customer_ids)}
        )
    due = timezone.now().replace(second=0, microsecond=0) + timedelta(minutes=1)
    return enqueue(kind=OUTBOX_KIND, key=f"{OUTBOX_KIND}:all:{due:%Y%m%d%H%M}", payload={"customers": None}, due=due)


def keep_promise(payload: Mapping[str, Any]) -> None:
    """Handle a promise of inference; doing it twice changes nothing."""
    infer_all(payload["customers"])


def infer_all(customer_ids: Sequence[int] | None = None, on_progress: Callable[[int, int], None] | None = None) -> int:
    """Infer the tags of these customers, or of all, chunk by chunk, each committed; gives how many changed.

    `on_progress(done, total)` is called between chunks, outside transactions.
    """
    if customer_ids is None:
        customer_ids = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
    lexicon = compile_lexicon(read_vocabulary())
    changed = 0
    for start in range(0, len(customer_ids), _CHUNK):
        if on_progress is not None:
            on_progress(start, len(customer_ids))
        changed += infer_customer_tags(customer_ids[start : start + _CHUNK], lexicon)
    return changed


def infer_customer_tags(customer_ids: Sequence[int], lexicon: Lexicon) -> int:
    """Read these customers' words anew and write what changed of their inferred tags; gives how many customers changed.

    A tag that somebody gave is never touched.
    """
    with pool_write() as touched:
        changed = _infer_chunk(customer_ids, lexicon)
        touched.add_all(changed)
    return len(changed)


def _infer_chunk(customer_ids: Sequence[int], lexicon: Lexicon) -> set[int]:
    given: dict[int, set[int]] = defaultdict(set)
    carried: dict[int, dict[int, CustomerTag]] = defaultdict(dict)
    rows = CustomerTag.objects.filter(customer__in=customer_ids)
    for pk, owner, tag, origin, sure in rows.values_list("pk", "customer_id", "tag_id", "origin", "confidence"):
        if origin == TagOrigin.INFERRED:
            carried[owner][tag] = CustomerTag(pk=pk, customer_id=owner, tag_id=tag, confidence=sure)
        else:  # most of them, so no object is made of each
            given[owner].add(tag)
    today = timezone.localdate()
    added: list[CustomerTag] = []
    altered: list[CustomerTag] = []
    removed: list[CustomerTag] = []
    for customer_id, passages in _read_passages(customer_ids).items():
        inferred = infer_tags(passages, lexicon)
        for row in carried[customer_id].values():
            if row.tag_id not in inferred:
                removed.append(row)
        for tag_id, confidence in inferred.items():
            known = carried[customer_id].get(tag_id)
            if tag_id in given[customer_id]:
                continue
            if known is None:
                added.append(
                    CustomerTag(
                        customer_id=customer_id,
                        tag_id=tag_id,
                        verified_on=today,
                        origin=TagOrigin.INFERRED,
                        confidence=confidence,
                    )
                )
            elif known.confidence != confidence:
                known.confidence = confidence
                altered.append(known)
    CustomerTag.objects.filter(pk__in=[row.pk for row in removed]).delete()
    CustomerTag.objects.bulk_update(altered, ["confidence"])
    CustomerTag.objects.bulk_create(added)
    return {row.customer_id for row in (*added, *altered, *removed)}


def _read_passages(customer_ids: Iterable[int]) -> dict[int, list[Passage]]:
    """The words of each customer, by where they stand; three queries."""
    found: dict[int, list[Passage]] = {}
    for pk, name, industry in Customer.objects.filter(pk__in=customer_ids).values_list("pk", "name", "raw_industry"):
        found[pk] = [Passage(name, NAME), Passage(industry, INDUSTRY)]
    stories = CaseStudy.objects.filter(customer__in=found).order_by("pk")
    for customer_id, title, *texts in stories.values_list(
        "customer_id", "title", "challenge", "solution_text", "results"
    ):
        found[customer_id].append(Passage(title, TITLE))
        found[customer_id].extend(Passage(text, BODY) for text in texts)
    quotes = Testimonial.objects.filter(customer__in=found).order_by("pk")
    for customer_id, text in quotes.values_list("customer_id", "text"):
        found[customer_id].append(Passage(text, BODY))
    return found
