"""Writing customers: validation, tags with their age, and proof points."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from references.errors import DomainError
from references.models import CaseStudy, Customer, CustomerTag, NoteKind, PoolNote, ProofPoint
from references.pool.gate import PoolWriteError
from references.services.customers import CustomerData, delete_proof_point, save_customer, save_proof_point
from references.services.reviews import give_to_customer
from references.services.tags import reject_tag
from tests.factories import make_customer, make_tag
from tests.references.reviewing import make_draft, make_reader
from users.models import User

pytestmark = pytest.mark.django_db


def test_write_outside_pool_write_raises() -> None:
    customer = make_customer()
    for write in (
        lambda: Customer.objects.create(name="X", folded_name="x"),
        lambda: Customer.objects.bulk_create([Customer(name="X", folded_name="x")]),
        lambda: Customer.objects.update(name="X"),
        lambda: Customer.objects.bulk_update([customer], ["name"]),
        lambda: Customer.objects.all().delete(),
        customer.save,
        customer.delete,
    ):
        with pytest.raises(PoolWriteError):
            write()


def test_save_customer_new() -> None:
    bank = make_tag("industry", "Banking")
    made = save_customer(data={"name": "Ärger & Co.", "domain": " Acme.Example "}, tags=[bank])
    assert (made.folded_name, made.domain) == ("arger co", "acme.example")
    assert made.customer_tags.get().verified_on == timezone.localdate()
    assert PoolNote.objects.filter(kind=NoteKind.CUSTOMER, object_id=made.pk).exists()


@pytest.mark.parametrize(
    "data, code, field",
    [
        ({"name": "..."}, "name_required", "name"),
        ({"name": "ACME!"}, "duplicate_customer", "name"),
        ({"name": "B", "annual_value": Decimal(5)}, "currency_required", "currency"),
        ({"name": "B", "tier": "golden"}, "invalid_choice", "tier"),
        ({"name": "B" * 201}, "max_length", "name"),
        ({"name": "B", "folded_name": "x"}, "unknown_field", "folded_name"),
    ],
)
def test_save_customer_refuses(data: CustomerData, code: str, field: str) -> None:
    make_customer("Acme")
    with pytest.raises(DomainError) as refusal:
        save_customer(data=data)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert Customer.objects.count() == 1


def test_save_customer_same_crm_id_twice_is_refused() -> None:
    make_customer(external_id="crm-1")
    with pytest.raises(DomainError) as refusal:
        save_customer(data={"name": "Other", "external_id": "crm-1"})
    assert Customer.objects.count() == 1
    assert refusal.value.message


def test_save_customer_tags_become_exactly_those_given() -> None:
    kept, gone, new = make_tag(), make_tag(), make_tag()
    customer = make_customer(tags=[kept, gone], verified_on=date(2024, 5, 1))
    save_customer(customer=customer, data={}, tags=[new, kept])
    ages = dict(CustomerTag.objects.filter(customer=customer).values_list("tag", "verified_on"))
    assert ages == {kept.pk: date(2024, 5, 1), new.pk: timezone.localdate()}


def test_save_customer_without_tags_leaves_them() -> None:
    customer = make_customer(tags=[make_tag()])
    save_customer(customer=customer, data={"name": "Renamed"})
    assert customer.tags.count() == 1


def test_save_customer_verified_on_refreshes_all_tags() -> None:
    tag = make_tag()
    customer = make_customer(tags=[tag], verified_on=date(2023, 1, 1))
    save_customer(customer=customer, data={}, tags=[tag], verified_on=date(2026, 1, 1))
    assert customer.customer_tags.get().verified_on == date(2026, 1, 1)


def test_save_customer_merged_tag_stands_for_its_target_and_rejected_is_refused() -> None:
    target = make_tag()
    merged = make_tag(status="merged", merged_into=target)
    customer = save_customer(data={"name": "Acme"}, tags=[merged, target])
    assert list(customer.tags.all()) == [target]
    rejected = reject_tag(tag=make_tag(status="proposed"))
    with pytest.raises(DomainError) as refusal:
        save_customer(data={"name": "Other"}, tags=[rejected])
    assert refusal.value.code == "tag_rejected"
    assert Customer.objects.count() == 1


def test_proof_point_saved_changed_and_removed() -> None:
    customer = make_customer()
    point = save_proof_point(customer=customer, data={"metric": "Close", "after": "2 days"})
    save_proof_point(customer=customer, point=point, data={"before": "9 days"})
    assert customer.proof_points.get().before == "9 days"
    with pytest.raises(DomainError) as refusal:
        save_proof_point(customer=customer, data={"metric": "Saved", "after": "x", "amount": Decimal(3)})
    assert refusal.value.code == "currency_required"
    with pytest.raises(DomainError) as refusal:
        save_proof_point(customer=make_customer(), point=point, data={})
    assert refusal.value.code == "wrong_customer"
    delete_proof_point(point=point, by=None)
    assert not customer.proof_points.exists()


def test_number_read_before_the_draft_was_given_stays_as_shown(manager: User) -> None:
    contact = make_reader()
    draft = make_draft(contact, manager)
    point = save_proof_point(customer=contact.customer, piece=draft, data={"metric": "Days", "after": "2"})
    stale, point = CaseStudy.objects.get(pk=draft.pk), ProofPoint.objects.select_related("case_study").get(pk=point.pk)
    give_to_customer(piece=draft, contact=contact, by=manager)
    for write in (
        lambda: save_proof_point(customer=contact.customer, piece=stale, data={"metric": "More", "after": "1"}),
        lambda: save_proof_point(customer=contact.customer, point=point, data={"after": "1"}),
        lambda: delete_proof_point(point=point, by=manager),
    ):
        with pytest.raises(DomainError) as caught:
            write()
        assert caught.value.code == "content_with_customer"
    assert [each.after for each in ProofPoint.objects.all()] == ["2"]
