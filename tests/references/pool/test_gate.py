"""The gate: no row that the pool index reads is written outside `pool_write()`, whichever way."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps

from references.models.base import PoolModel
from references.pool.gate import PoolWriteError
from tests.factories import make_contact, make_customer, make_tag

POOL_MODELS = [model for model in apps.get_models() if issubclass(model, PoolModel)]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", POOL_MODELS, ids=lambda model: model.__name__)
def test_every_way_to_write_a_pool_row_raises_outside(model: Any) -> None:
    rows = model._default_manager
    writes: tuple[Callable[[], object], ...] = (
        lambda: model().save(),
        lambda: model(pk=1).delete(),
        lambda: rows.create(),
        lambda: rows.bulk_create([model()]),
        lambda: rows.bulk_update([model(pk=1)], ["pk"]),
        lambda: rows.update(pk=1),
        lambda: rows.all().delete(),
    )
    for write in writes:
        with pytest.raises(PoolWriteError):
            write()


def test_writing_through_relations_raises_outside() -> None:
    tag, customer = make_tag(), make_customer(tags=[make_tag()])
    contact = make_contact(customer)
    for write in (
        lambda: customer.tags.add(tag, through_defaults={"verified_on": "2026-01-01"}),
        lambda: customer.tags.clear(),
        lambda: customer.contacts.update(name="x"),
        lambda: contact.blackouts.create(starts_on="2026-01-01", ends_on="2026-01-02"),
    ):
        with pytest.raises(PoolWriteError):
            write()
