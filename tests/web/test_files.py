"""Files are given to be saved, to whoever may read them that day, and to nobody else."""

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.urls import reverse
from django.utils import timezone

from references.file_rights import public_logo, public_picture
from references.models import Consent, Contact, StoredFile, Testimonial
from references.pool.writing import pool_write
from references.services.consents import revoke_consent
from references.services.files import save_file
from tests.factories import make_consent, make_contact, make_customer, make_testimonial
from tests.references.uploads import PDF, picture, upload
from tests.web.conftest import LogIn
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def nora() -> Contact:
    return make_contact(make_customer("Fjordbank"), "Nora Lindqvist")


@pytest.fixture
def quote(nora: Contact) -> Testimonial:
    return make_testimonial(nora)


def address(file: StoredFile) -> str:
    return reverse("web:file", args=[file.pk])


def status(log_in: LogIn, user: User, file: StoredFile) -> int:
    response = log_in(user).get(address(file))
    list(response)  # it is closed once it is read
    return response.status_code


def test_a_file_is_to_be_saved_and_never_opened_here(manager: User, log_in: LogIn, quote: Testimonial) -> None:
    file = save_file(owner=quote, kind="pdf", upload=upload("Über uns.pdf", PDF))
    response = log_in(manager).get(address(file))
    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"


def test_no_file_is_no_file(manager: User, log_in: LogIn, quote: Testimonial) -> None:
    file = save_file(owner=quote, kind="pdf", upload=upload("a.pdf", PDF))
    assert log_in(manager).get(reverse("web:file", args=[uuid.uuid4()])).status_code == 404
    file.content.storage.delete(str(file.content.name))
    assert status(log_in, manager, file) == 404


def test_a_piece_s_file_is_read_while_its_rights_hold(
    rep: User, marketer: User, manager: User, log_in: LogIn, nora: Contact, quote: Testimonial
) -> None:
    file = save_file(owner=quote, kind="picture", upload=upload("nora.png", picture()))

    def seen() -> tuple[int, int, int]:
        return status(log_in, rep, file), status(log_in, marketer, file), status(log_in, manager, file)

    assert seen() == (404, 404, 200)
    consent = make_consent(nora, "quote", valid_until=timezone.localdate())
    assert seen() == (200, 200, 200)
    with pool_write():
        Consent.objects.update(valid_until=timezone.localdate() - timedelta(days=1))
    assert seen() == (404, 404, 200)
    with pool_write():
        Consent.objects.update(valid_until=None)
    assert seen() == (200, 200, 200)
    revoke_consent(consent=consent)
    assert seen() == (404, 404, 200)


def test_a_file_names_people_so_a_nameless_right_does_not_open_it(
    rep: User, marketer: User, log_in: LogIn, nora: Contact, quote: Testimonial
) -> None:
    file = save_file(owner=quote, kind="picture", upload=upload("nora.png", picture()))
    make_consent(nora, "quote", is_attributed=False)
    assert (status(log_in, rep, file), status(log_in, marketer, file)) == (404, 404)


def test_who_uploaded_a_file_may_read_it(marketer: User, log_in: LogIn, quote: Testimonial) -> None:
    file = save_file(owner=quote, kind="pdf", upload=upload("a.pdf", PDF), by=marketer)
    assert status(log_in, marketer, file) == 200


def test_evidence_is_for_managers_and_the_account_owner(
    rep: User, outsider: User, marketer: User, manager: User, log_in: LogIn
) -> None:
    contact = make_contact(make_customer(account_owner=rep))
    consent = make_consent(contact, "quote")
    file = save_file(owner=consent, kind="evidence", upload=upload("mail.txt", b"Yes"))
    seen = {user.email: status(log_in, user, file) for user in (rep, outsider, marketer, manager)}
    assert seen == {rep.email: 200, outsider.email: 404, marketer.email: 404, manager.email: 200}


def test_a_logo_is_shown_while_its_consent_holds(rep: User, marketer: User, log_in: LogIn) -> None:
    customer = make_customer()
    file = save_file(owner=customer, kind="logo", upload=upload("logo.png", picture()))
    assert (status(log_in, rep, file), status(log_in, marketer, file)) == (404, 200)
    consent = make_consent(customer, "logo")
    assert status(log_in, rep, file) == 200
    revoke_consent(consent=consent)
    assert status(log_in, rep, file) == 404


@pytest.mark.parametrize(
    ("consent", "customer", "is_public"),
    [
        ({"channel": "web"}, {}, True),
        ({"channel": "any"}, {}, True),
        ({"channel": "print"}, {}, False),
        ({"channel": "web", "is_attributed": False}, {}, False),
        ({"channel": "web", "valid_until": timezone.localdate() - timedelta(days=1)}, {}, False),
        ({"channel": "web", "revoked_at": timezone.now()}, {}, False),
        ({"channel": "web"}, {"is_named": False}, False),
        ({"channel": "web"}, {"is_referenceable": False}, False),
    ],
)
def test_the_public_sees_a_logo_only_by_consent_for_the_web(
    consent: dict[str, Any], customer: dict[str, Any], is_public: bool
) -> None:
    row = make_customer(**customer)
    file = save_file(owner=row, kind="logo", upload=upload("logo.png", picture()))
    make_consent(row, "logo", **consent)
    assert (public_picture(file.pk) is not None) == is_public
    assert (public_logo(row.pk) is not None) == is_public


def test_the_public_sees_a_picture_only_of_what_is_published_for_the_web(nora: Contact, quote: Testimonial) -> None:
    file = save_file(owner=quote, kind="picture", upload=upload("nora.png", picture()))
    paper = save_file(owner=quote, kind="pdf", upload=upload("nora.pdf", PDF))
    assert public_picture(file.pk) is None
    make_consent(nora, "quote", channel="web")
    assert public_picture(file.pk) == file
    assert public_picture(paper.pk) is None
    assert public_picture(uuid.uuid4()) is None
    with pool_write():
        Testimonial.objects.update(status="approved")
    assert public_picture(file.pk) is None


def test_a_file_is_added_on_the_page_of_its_piece(marketer: User, rep: User, log_in: LogIn, quote: Testimonial) -> None:
    add = reverse("web:file-add", args=["testimonial", quote.pk])
    page = reverse("web:story", args=["testimonial", quote.pk])
    client = log_in(marketer)
    response = client.post(add, {"kind": "pdf", "file": upload("story.pdf", PDF)}, follow=True)
    assert response.redirect_chain[-1][0] == page
    assert StoredFile.objects.get().uploaded_by == marketer
    assert "story.pdf" in response.content.decode()
    refused = client.post(add, {"kind": "pdf", "file": upload("story.pdf", picture())}, follow=True)
    assert "Upload a PDF" in refused.content.decode()
    assert "Choose a file" in client.post(add, {"kind": "pdf"}, follow=True).content.decode()
    assert StoredFile.objects.count() == 1
    assert log_in(rep).post(add, {"kind": "pdf", "file": upload("a.pdf", PDF)}).status_code == 403


def test_a_logo_is_added_and_removed_on_the_page_of_its_customer(marketer: User, rep: User, log_in: LogIn) -> None:
    customer = make_customer()
    client = log_in(marketer)
    add = reverse("web:file-add", args=["customer", customer.pk])
    client.post(add, {"file": upload("logo.jpg", picture("JPEG"))})
    file = StoredFile.objects.get(customer=customer)
    assert file.content_type == "image/png"
    make_consent(customer, "logo")
    remove = reverse("web:file-remove", args=[file.pk])
    assert log_in(rep).post(remove).status_code == 403
    response = client.post(remove, follow=True)
    assert response.redirect_chain[-1][0] == reverse("web:customer", args=[customer.pk])
    assert not StoredFile.objects.exists()


def test_nothing_is_added_to_a_customer_out_of_sight(marketer: User, log_in: LogIn) -> None:
    hidden = make_customer(is_named=False)
    for noun, pk in (("customer", hidden.pk), ("testimonial", 999), ("nonsense", 1)):
        assert log_in(marketer).post(reverse("web:file-add", args=[noun, pk])).status_code == 404
