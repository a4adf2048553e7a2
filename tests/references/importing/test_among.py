"""Many values looked up at once are found as one at a time, however odd they are, and none means nobody."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from references.importing.among import among
from references.importing.inserting import insert_rows
from references.models import Contact, Customer
from references.pool.writing import pool_write

pytestmark = pytest.mark.django_db
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=6)


@given(st.sets(TEXT | st.sampled_from(["NULL", '"', "\\", "{}", ",", "\\N", "'", "ä🙂", "%s"]), min_size=1, max_size=6))
@settings(deadline=None, max_examples=60)
def test_texts_are_found_as_they_are(names: set[str]) -> None:
    wanted = sorted(names)[::2]
    with pool_write():
        Customer.objects.all().delete()
        insert_rows(Customer, ("name", "folded_name"), [(each, each) for each in sorted(names)])
    assert sorted(Customer.objects.filter(folded_name__in=among(wanted)).values_list("name", flat=True)) == wanted


def test_keys_are_found_by_any_relation() -> None:
    with pool_write():
        customers = insert_rows(Customer, ("name", "folded_name"), [(each, each) for each in "abc"])
        people = [(key, str(key), str(key)) for key in customers]
        contacts = insert_rows(Contact, ("customer_id", "name", "folded_name"), people)
    found = Contact.objects.filter(customer__in=among({customers[0], customers[2], 10**12}))
    assert sorted(found.values_list("pk", flat=True)) == [contacts[0], contacts[2]]
    assert Contact.objects.get(pk__in=among([contacts[1]])).customer_id == customers[1]


def test_nobody_is_asked_for_where_there_is_nothing(django_assert_num_queries: pytest.FixtureRequest) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert list(Customer.objects.filter(pk__in=among(set()))) == []
