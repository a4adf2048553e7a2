"""A web process reads the pool ahead of its first search."""

import pytest
from django.db import connections

from matching.warming import warm_up
from references.pool import index
from tests.factories import make_contact


@pytest.mark.django_db(transaction=True)
def test_warm_up_reads_the_pool() -> None:
    contact = make_contact()
    warm_up()
    held = index._index._snapshot
    assert held is not None
    assert held.views[0].segment.people_docs.ids.tolist() == [contact.pk]


@pytest.mark.django_db(transaction=True)
def test_warm_up_without_tables_leaves_it_to_the_first_search(caplog: pytest.LogCaptureFixture) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("ALTER TABLE references_poolrevision RENAME TO elsewhere")
    try:
        warm_up()
    finally:
        with connections["default"].cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO references_poolrevision")
    assert "could not be read" in caplog.text
