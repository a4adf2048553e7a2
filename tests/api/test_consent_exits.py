"""What loses its consent is gone from every sourcing endpoint at the next read: given, lapsed, revoked, superseded."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from references.models import CaseStudy, Consent, Contact, Testimonial
from references.pool.writing import pool_write
from tests.api.conftest import client_of, ids
from tests.factories import (
    make_case_study,
    make_consent,
    make_contact,
    make_customer,
    make_proof_point,
    make_slot,
    make_tag,
    make_testimonial,
)
from users.models import User

Get = Callable[..., Any]
CASES = [
    ("speakers/", "speaking"),
    ("testimonials/", "quote"),
    ("case-studies/", "case_study"),
    ("proof-points/", "case_study"),
]


def make_row(path: str, contact: Contact) -> int:
    """What the endpoint gives of a contact; gives its id."""
    if path == "speakers/":
        return contact.pk
    if path == "testimonials/":
        return make_testimonial(contact).pk
    story = make_case_study(contact.customer, contact=contact)
    return make_proof_point(contact.customer, case_study=story).pk if path == "proof-points/" else story.pk


def change(consent: Consent, **values: Any) -> None:
    with pool_write() as touched:
        Consent.objects.filter(pk=consent.pk).update(**values)
        touched.add(consent.customer_id)


@pytest.mark.parametrize(("path", "activity"), CASES)
@pytest.mark.parametrize("of_whole_customer", [False, True])
def test_row_comes_and_goes_with_its_consent(path: str, activity: str, of_whole_customer: bool, get: Get) -> None:
    contact = make_contact()
    pk = make_row(path, contact)
    assert ids(get(path)) == []
    consent = make_consent(contact.customer if of_whole_customer else contact, activity)
    assert ids(get(path)) == [pk]
    assert get(f"{path}{pk}/")["id"] == pk

    today = timezone.localdate()
    change(consent, valid_until=today)
    assert ids(get(path)) == [pk]
    change(consent, valid_until=today - timedelta(days=1))
    assert ids(get(path)) == []
    change(consent, valid_until=None)
    assert ids(get(path)) == [pk]
    change(consent, revoked_at=timezone.now())
    assert ids(get(path)) == []
    change(consent, revoked_at=None, valid_from=today + timedelta(days=7))
    assert ids(get(path)) == []
    day = "available_on" if path == "speakers/" else "on"
    if path != "speakers/":
        assert ids(get(path, **{day: today + timedelta(days=7)})) == [pk]
    change(consent, valid_from=today, superseded_by=make_consent(contact, "survey"))
    assert ids(get(path)) == []


@pytest.mark.parametrize(("path", "activity"), CASES)
def test_detail_without_consent_is_not_found(path: str, activity: str, marketer: User, manager: User) -> None:
    contact = make_contact()
    pk = make_row(path, contact)
    consent = make_consent(contact, activity)
    assert client_of(marketer).get(f"/api/v1/{path}{pk}/").status_code == 200
    change(consent, revoked_at=timezone.now())
    for user in (marketer, manager):
        assert client_of(user).get(f"/api/v1/{path}{pk}/").status_code == 404


@pytest.mark.parametrize(("path", "activity"), CASES)
def test_consent_for_something_else_or_of_someone_else_does_not_count(path: str, activity: str, get: Get) -> None:
    contact = make_contact()
    make_row(path, contact)
    make_consent(contact, "survey")
    make_consent(make_contact(contact.customer), activity)
    make_consent(make_contact(), activity)
    found = ids(get(path))
    assert contact.pk not in found or path != "speakers/"
    if path != "speakers/":
        assert found == []


@pytest.mark.parametrize(("path", "activity"), CASES)
def test_opt_out_and_a_customer_that_is_no_reference_end_every_use(path: str, activity: str, get: Get) -> None:
    contact = make_contact(consents=[activity])
    pk = make_row(path, contact)
    assert ids(get(path)) == [pk]
    with pool_write() as touched:
        Contact.objects.filter(pk=contact.pk).update(has_opted_out=True)
        touched.add(contact.customer_id)
    assert ids(get(path)) == []
    with pool_write() as touched:
        Contact.objects.filter(pk=contact.pk).update(has_opted_out=False)
        type(contact.customer).objects.filter(pk=contact.customer_id).update(is_referenceable=False)
        touched.add(contact.customer_id)
    assert ids(get(path)) == []


@pytest.mark.parametrize("path", ["testimonials/", "case-studies/"])
@pytest.mark.parametrize("status", ["draft", "with_customer", "expired", "recalled"])
def test_content_that_is_not_approved_is_not_given(path: str, status: str, get: Get) -> None:
    contact = make_contact(consents=["quote", "case_study"])
    pk = make_row(path, contact)
    model = Testimonial if path == "testimonials/" else CaseStudy
    with pool_write() as touched:
        model.objects.filter(pk=pk).update(status=status)
        touched.add(contact.customer_id)
    assert ids(get(path)) == []


def test_each_kind_of_testimonial_needs_its_own_consent(get: Get) -> None:
    contact = make_contact(consents=["video"])
    make_testimonial(contact, kind="quote")
    video = make_testimonial(contact, kind="video")
    make_testimonial(contact, kind="review")
    assert ids(get("testimonials/")) == [video.pk]


@pytest.mark.parametrize(("path", "activity"), CASES)
def test_channel_and_region_of_use_are_checked(path: str, activity: str, get: Get) -> None:
    europe = make_tag("region", "Europe")
    france = make_tag("region", "France", parent=europe)
    make_tag("region", "Japan")
    contact = make_contact()
    pk = make_row(path, contact)
    make_consent(contact, activity, channel="web", region=europe)
    assert ids(get(path)) == [pk]
    assert ids(get(path, channel="web")) == [pk]
    assert ids(get(path, channel="print")) == []
    assert ids(get(path, used_in=france.slug)) == [pk]
    assert ids(get(path, used_in="japan")) == []
    (right,) = get(f"{path}{pk}/")["rights"]
    assert right == {
        "activity": activity, "channel": "web", "region": "europe", "attributed": True, "usable_until": None,
    }  # fmt: skip


@pytest.mark.parametrize(("path", "activity"), CASES)
def test_rights_tell_until_when(path: str, activity: str, get: Get) -> None:
    contact = make_contact()
    pk = make_row(path, contact)
    soon, later = (timezone.localdate() + timedelta(days=days) for days in (10, 20))
    make_consent(contact, activity, valid_until=soon)
    make_consent(contact, activity, channel="web", valid_until=later)
    row = get(f"{path}{pk}/")
    assert row["usable_until"] == later.isoformat()
    assert [right["usable_until"] for right in row["rights"]] == [soon.isoformat(), later.isoformat()]
    make_consent(contact.customer, activity)
    assert get(f"{path}{pk}/")["usable_until"] is None


@pytest.mark.parametrize(("path", "activity"), CASES)
@pytest.mark.parametrize(("day", "code"), [(-1, "past_date"), (5000, "far_date")])
def test_day_of_use_must_lie_ahead(path: str, activity: str, day: int, code: str, marketer: User) -> None:
    name = "available_on" if path == "speakers/" else "on"
    asked = timezone.localdate() + timedelta(days=day)
    response = client_of(marketer).get(f"/api/v1/{path}", {name: asked.isoformat()})
    assert response.status_code == 400
    assert [(each["code"], each["attr"]) for each in response.json()["errors"]] == [(code, name)]


def test_slot_names_no_speaker_without_consent_on_its_day(get: Get, marketer: User) -> None:
    contact = make_contact(name="Sam Speaker")
    slot = make_slot(speaker=contact, status="confirmed")
    assert get(f"speaking-slots/{slot.pk}/")["speaker"] is None
    consent = make_consent(contact, "speaking")
    assert get(f"speaking-slots/{slot.pk}/")["speaker"] == {
        "id": contact.pk, "name": "Sam Speaker", "attributed": True, "usable_until": None,
    }  # fmt: skip
    change(consent, valid_until=slot.starts_at.date() - timedelta(days=1))
    assert get(f"speaking-slots/{slot.pk}/")["speaker"] is None
    change(consent, valid_until=slot.starts_at.date(), is_attributed=False)
    assert get(f"speaking-slots/{slot.pk}/")["speaker"] == {
        "id": contact.pk, "name": None, "attributed": False, "usable_until": slot.starts_at.date().isoformat(),
    }  # fmt: skip


def test_nameless_content_tells_of_nobody(get: Get, manager: User) -> None:
    customer = make_customer("Acme Rockets Ltd", domain="acmerockets.test")
    contact = make_contact(customer, "Dana Quill")
    story = make_case_study(
        customer,
        "How Acme Rockets flew",
        challenge="Dana Quill of ACME ROCKETS LTD had none.",
        url="https://x.test/acme",
    )
    quote = make_testimonial(contact, "At Acme Rockets we love it.", said_by_title="CTO, Acme Rockets")
    point = make_proof_point(customer, "Starts a year at Acme", case_study=story, how_measured="by Dana Quill")
    for activity in ("case_study", "quote"):
        make_consent(customer, activity)
        make_consent(customer, activity, channel="web", is_attributed=False)
    for user in (None, manager):
        for path, pk in (("case-studies/", story.pk), ("testimonials/", quote.pk)):
            row = get(f"{path}{pk}/", user)
            assert row["attributed"] is False
            assert row["customer"] is None
            assert row["url"] == ""
            assert "acme" not in str(row).lower()
            assert "quill" not in str(row["rights"]).lower()
            assert ids(get(path, user, search="Acme")) == []
            assert ids(get(path, user, search="Rockets")) == []
        number = get(f"proof-points/{point.pk}/", user)
        assert number["attributed"] is False
        assert "acme" not in str(number).lower()
        assert ids(get("proof-points/", user, search="Acme")) == ids(get("proof-points/", user, metric="acme")) == []
        assert get(f"testimonials/{quote.pk}/", user)["said_by"] is None
    print_only = get(f"case-studies/{story.pk}/", channel="print")
    assert print_only["attributed"] is True
    assert print_only["customer"] == {"id": customer.pk, "name": "Acme Rockets Ltd"}
    assert print_only["title"] == "How Acme Rockets flew"
    assert ids(get("case-studies/", channel="print", search="acme rockets")) == [story.pk]
