"""Likely duplicates on pages: found after an import, compared, merged, undone; and old addresses that still lead on."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from delivery.models import Job
from references.models import Contact, Customer, DuplicatePair, Merge
from references.services.duplicates import search_all
from references.services.erasing import erase_contact
from references.services.merging import merge_rows
from tests.factories import make_contact, make_customer
from tests.web.conftest import LogIn
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(manager: User, log_in: LogIn, settings: LazySettings, tmp_path: Path) -> Client:
    settings.MEDIA_ROOT = tmp_path
    return log_in(manager)


def import_text(client: Client, text: str) -> Job:
    """Import a file on the page; gives the job."""
    file = SimpleUploadedFile("pool.csv", text.encode())
    page = client.post("/setup/import/", {"file": file})["Location"]
    headings = text.partition("\n")[0].split(",")
    columns = {f"column-{place}": field for place, field in enumerate(headings)}
    client.post(page, {"act": "start", **columns})
    return Job.objects.latest("pk")


def test_an_import_tells_how_many_likely_duplicates_it_brought(
    client: Client, django_capture_on_commit_callbacks: object
) -> None:
    make_contact(make_customer("Fjordbank", domain="fjordbank.example"), "Nora Lindqvist", email="")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        job = import_text(client, "customer,promoter,email\nFjordbank,Nora Lindquist,n@fjordbank.example\n")
    job.refresh_from_db()
    assert job.report["duplicates"] == 1
    assert b"1 likely duplicate among what it touched" in client.get(f"/setup/jobs/{job.pk}/").content


def test_an_old_file_does_not_make_a_merged_customer_anew(
    client: Client, manager: User, django_capture_on_commit_callbacks: object
) -> None:
    kept = make_customer("Fjordbank", external_id="A1")
    gone = make_customer("Fjord Bank Holding", external_id="B2")
    person = make_contact(gone, "Nora Lindqvist", email="nora@fjordbank.example", external_id="P1")
    merge_rows(kind="customer", kept=kept.pk, gone=gone.pk, by=manager)
    twin = make_contact(kept, "N. Lindqvist")
    merge_rows(kind="contact", kept=twin.pk, gone=person.pk, taken=set(), by=manager)
    old = "customer,customer_id,promoter,email\nFjord Bank Holding,B2,Nora Lindqvist,nora@fjordbank.example\n"
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        import_text(client, old)
    assert list(Customer.objects.values_list("name", flat=True)) == ["Fjordbank"]
    assert list(Contact.objects.values_list("pk", flat=True)) == [twin.pk]


def test_two_are_compared_merged_and_taken_apart_again(client: Client) -> None:
    one = make_contact(None, "Ana Lopez", title="CFO")
    other = make_contact(
        one.customer, "Ana López", title="Chief financial officer", phone="+49 30 1234567", email="ana@acme.example"
    )
    assert search_all() == 1
    pair = DuplicatePair.objects.get()
    page = client.get(f"/duplicates/{pair.pk}/").content.decode()
    assert "Chief financial officer" in page
    assert "1234567" not in page
    response = client.post(f"/duplicates/{pair.pk}/", {"act": "merge", "keep": one.pk, "take-title": "gone"})
    assert response["Location"] == f"/pool/{one.pk}/"
    assert client.get(f"/pool/{other.pk}/")["Location"] == f"/pool/{one.pk}/"
    assert Contact.objects.get().title == "Chief financial officer"
    assert "Ana López" in client.get("/duplicates/merges/").content.decode()
    client.post(f"/duplicates/merges/{Merge.objects.get().pk}/undo/")
    assert Contact.objects.get(pk=one.pk).title == "CFO"
    assert Contact.objects.get(pk=other.pk).phone == "+49 30 1234567"


def test_a_second_click_on_merge_tells_that_it_is_done(client: Client) -> None:
    one = make_contact(None, "Ana Lopez")
    make_contact(one.customer, "Ana López", email="ana@acme.example")
    search_all()
    address = f"/duplicates/{DuplicatePair.objects.get().pk}/"
    client.post(address, {"act": "merge", "keep": one.pk})
    assert client.post(address, {"act": "merge", "keep": one.pk})["Location"] == "/duplicates/merges/"
    assert Merge.objects.count() == 1


def test_values_are_told_by_what_they_are_called(client: Client) -> None:
    kept = make_customer("Acme", annual_value=493_600, currency="EUR", health="red")
    make_customer("Acme GmbH", health="green")
    one = make_contact(kept, "Ana Lopez", email="ana@acme.example", phone="+49 30 1234567")
    make_contact(kept, "Ana López", activities=["site_visit"])
    search_all()
    page = client.get(f"/duplicates/{DuplicatePair.objects.get(kind='customer').pk}/").content.decode()
    assert "493,600 EUR" in page
    assert "Red" in page
    assert ">red<" not in page
    page = client.get(f"/duplicates/{DuplicatePair.objects.get(kind='contact').pk}/").content.decode()
    assert "Site visit" in page
    assert page.count("that of the one that stays") == 2
    assert one.email not in page


def test_what_is_not_the_same_is_not_put_forward_again(client: Client) -> None:
    one = make_contact(None, "Ana Lopez")
    make_contact(one.customer, "Ana López", email="ana@acme.example")
    search_all()
    pair = DuplicatePair.objects.get()
    client.post(f"/duplicates/{pair.pk}/decide/", {"act": "dismiss"})
    assert search_all() == 0
    assert DuplicatePair.objects.get().status == "dismissed"
    assert client.get(f"/duplicates/{pair.pk}/")["Location"] == "/duplicates/?kind=contact&show=dismissed"
    assert "Look again" in client.get("/duplicates/?show=dismissed&kind=contact").content.decode()


def test_merging_customers_leads_on_to_their_people(client: Client) -> None:
    kept, gone = make_customer("Acme"), make_customer("Acme GmbH")
    make_contact(kept, "Ana Lopez", email="ana@acme.example")
    make_contact(gone, "Ana López", email="lopez@acme.example")
    for customer in (kept, gone):
        make_contact(customer, "Nora Lindqvist", email="")
    search_all()
    pair = DuplicatePair.objects.get(kind="customer")
    assert "become one too: Nora Lindqvist" in client.get(f"/duplicates/{pair.pk}/").content.decode()
    answer = client.post(f"/duplicates/{pair.pk}/", {"act": "merge", "keep": kept.pk}, follow=True)
    assert answer.redirect_chain == [("/duplicates/?kind=contact", 302)]
    assert "1 pair of their people is likely one too" in answer.content.decode()
    assert DuplicatePair.objects.open().get().kind == "contact"
    merges = client.get("/duplicates/merges/").content.decode()
    assert "They were merged along with their customers." in merges
    client.post(f"/duplicates/merges/{Merge.objects.get(kind='customer').pk}/undo/")
    assert not DuplicatePair.objects.open().filter(kind="contact").exists()
    assert DuplicatePair.objects.open().get().kind == "customer"
    assert "Acme GmbH" in merges


def test_the_list_opens_where_something_waits(client: Client) -> None:
    one = make_contact(None, "Ana Lopez")
    make_contact(one.customer, "Ana López", email="ana@acme.example")
    search_all()
    assert "Ana López" in client.get("/duplicates/").content.decode()
    make_customer("Northmill")
    make_customer("Northmill GmbH")
    search_all()
    page = client.get("/duplicates/").content.decode()
    assert "Northmill GmbH" in page
    assert "Ana López" not in page


def test_a_merged_customer_is_found_under_its_old_address(client: Client, manager: User) -> None:
    kept, gone = make_customer(), make_customer()
    merge_rows(kind="customer", kept=kept.pk, gone=gone.pk, by=manager)
    assert client.get(f"/customers/{gone.pk}/")["Location"] == f"/customers/{kept.pk}/"


def test_erasing_somebody_empties_the_record_of_the_merge(manager: User) -> None:
    one = make_contact(None, "Ana Lopez")
    other = make_contact(one.customer, "Ana López", email="ana@acme.example")
    merge_rows(kind="contact", kept=one.pk, gone=other.pk, by=manager)
    erase_contact(contact=one, by=manager)
    assert Merge.objects.get().journal == []
    assert not one.former_identities.exists()
