"""Objects made quickly are as the model would make them, and share nothing."""

import pytest
from django.db import models

from references.importing.making import join, make
from references.models import CaseStudy, Contact, Customer, Testimonial


@pytest.mark.parametrize("model", [Customer, Contact, CaseStudy, Testimonial])
def test_made_objects_are_as_the_model_makes_them(model: type[models.Model]) -> None:
    made, usual = make(model), model()
    assert type(made) is model
    assert {name: value for name, value in vars(made).items() if name != "_state"} == {
        name: value for name, value in vars(usual).items() if name != "_state"
    }
    assert (made._state.adding, made._state.db) == (True, None)
    assert made.pk is None


def test_made_objects_share_no_list() -> None:
    first, second = make(Contact, name="Ana"), make(Contact, name="Ben")
    first.activities.append("call")
    assert (first.name, second.name, second.activities, make(Contact).activities) == ("Ana", "Ben", [], [])


def test_a_joined_object_is_there_without_a_query() -> None:
    customer = make(Customer, id=7, name="Acme")
    contact = make(Contact)
    join(contact, "customer", customer)
    assert (contact.customer_id, contact.customer) == (7, customer)
    assert make(Contact).customer_id is None
