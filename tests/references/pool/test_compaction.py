"""Segments merged in memory are the segment that reading their customers anew gives."""

from dataclasses import fields
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from references.models import Blackout, Contact, Customer
from references.pool.compaction import merge_views
from references.pool.features import read_features
from references.pool.segment import Documents, Ledger, People, Postings, Segment, build_segment
from references.pool.snapshot import View
from references.pool.writing import pool_write
from tests.factories import make_case_study, make_contact, make_customer, make_engagement, make_tag, make_testimonial

CUSTOMERS = 7


def make_pool() -> list[int]:
    """Customers with one to three people, some of them with stories, quotes, touches, blackouts and exclusions."""
    tags = [make_tag(slug=f"tag-{number}") for number in range(4)]
    made = []
    for number in range(CUSTOMERS):
        customer = make_customer(tags=tags[number % 3 : number % 3 + 2], notes=f"billing in region {number}")
        with pool_write() as touched:
            Customer.objects.filter(pk=customer.pk).update(exclusions=["Rival"] if number % 3 == 1 else [])
            touched.add(customer.pk)
        people = [make_contact(customer, title=f"Head {each}", consents=["call"]) for each in range(1 + number % 3)]
        make_engagement(people[-1], "call", on=date(2026, 1, 1 + number))
        make_engagement(people[0], "webinar", on=date(2026, 2, 1 + number))
        if number % 2:
            make_case_study(customer, title=f"Story {number}", results="twice as fast")
            make_testimonial(people[0], text=f"We saved {number} weeks")
            with pool_write() as touched:
                Blackout.objects.create(contact=people[0], starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 9))
                touched.add(customer.pk)
        made.append(customer.pk)
    return made


def read(customers: list[int]) -> Segment:
    return build_segment(read_features(customers, "default"))


def told(segment: Segment) -> dict[str, Any]:
    """All that a segment holds, its terms by name."""
    found: dict[str, Any] = {
        "customers": segment.customer_ids.tolist(),
        "exclusions": segment.exclusions,
        "content": [segment.content_kind.tolist(), segment.content_activity.tolist()],
        "published": segment.content_published.tolist(),
    }
    for part in (segment.people, segment.ledger):
        found |= {f"{type(part).__name__}.{each.name}": getattr(part, each.name).tolist() for each in fields(part)}
    for name, documents in (("people", segment.people_docs), ("content", segment.content_docs)):
        found |= {f"{name}.{key}": value for key, value in told_documents(documents, list(segment.terms)).items()}
    return found


def told_documents(documents: Documents, terms: list[str]) -> dict[str, Any]:
    plain = ("ids", "customers", "places", "lengths", "tag_facts", "row_ptr", "row_tags")
    found: dict[str, Any] = {name: getattr(documents, name).tolist() for name in plain}
    found["tags"] = told_postings(documents.tags)
    found["consents"] = told_postings(documents.consents)
    words = documents.words
    found["words"] = {terms[key]: posting for key, posting in told_postings(words).items()}
    return found


def told_postings(postings: Postings) -> dict[int, Any]:
    return {int(key): [each.tolist() for each in postings.at(int(key))] for key in postings.keys}


class MergingTest(TestCase):
    """Whatever was laid over what, in whichever order."""

    @settings(max_examples=25)
    @given(layers=st.lists(st.sets(st.integers(0, CUSTOMERS - 1), min_size=1), min_size=1, max_size=4))
    def test_merged_is_what_reading_anew_gives(self, layers: list[set[int]]) -> None:
        customers = make_pool()
        views: list[View] = []
        for layer in layers:
            ids = sorted(customers[each] for each in layer)
            views = [view.without(np.array(ids)) for view in views]
            views.append(View(read(ids), np.zeros(0, dtype=np.int64)))

        merged = merge_views(views)

        assert told(merged) == told(read(sorted(customers[each] for each in set().union(*layers))))
        dtypes = {name: getattr(merged.people, name).dtype for name in (each.name for each in fields(People))}
        assert dtypes == {name: getattr(views[0].segment.people, name).dtype for name in dtypes}
        assert {each.name for each in fields(Ledger)} == {
            each.name
            for each in fields(Ledger)
            if getattr(merged.ledger, each.name).dtype == getattr(views[0].segment.ledger, each.name).dtype
        }


@pytest.mark.django_db
def test_what_nobody_is_left_of_is_an_empty_segment() -> None:
    contact: Contact = make_contact()
    view = View(read([contact.customer_id]), np.zeros(0, dtype=np.int64)).without(np.array([contact.customer_id]))
    merged = merge_views([view, view])
    assert len(merged.customer_ids) == len(merged.people_docs) == len(merged.ledger) == 0
    assert told_postings(merged.people_docs.words) == {}
