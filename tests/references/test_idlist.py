"""Ids as one parameter."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from references.idlist import id_list
from references.models import Customer
from tests.factories import make_customer


@pytest.mark.django_db
@pytest.mark.parametrize("more", [0, 300_000])
def test_rows_are_found_by_any_number_of_ids(more: int) -> None:
    first, second, third = make_customer(), make_customer(), make_customer()
    wanted = [first.pk, third.pk, *range(10**6, 10**6 + more)]
    with CaptureQueriesContext(connection) as queries:
        found = set(Customer.objects.filter(pk__in=id_list(wanted)))
    assert found == {first, third}
    assert len(queries) == 1
    assert second not in found


@pytest.mark.django_db
def test_no_ids_find_nothing() -> None:
    make_customer()
    assert not Customer.objects.filter(pk__in=id_list([])).exists()
