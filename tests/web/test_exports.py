"""Exports on pages: the menu of a list, the page of a table, large files, and contact data on record."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from delivery.jobs import run_job
from delivery.models import Job
from references.models import Disclosure
from tests.conftest import make_user
from tests.factories import make_contact, make_customer, make_tag
from tests.web.conftest import LogIn
from users.enums import Role
from users.models import User

pytestmark = pytest.mark.django_db


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return str(b"".join(response.streaming_content), "utf-8-sig")


def test_list_is_taken_along_as_it_is_filtered(manager: User, log_in: LogIn) -> None:
    make_contact(make_customer("Nordbank", tags=[make_tag("industry", "Banking")]), "Ada Voss")
    make_contact(make_customer("Voltwerk"), "Bo Reyes")
    client = log_in(manager)
    page = client.get("/pool/?f=industry:banking&page=1").content.decode()
    link = reverse("web:export-now", args=["promoters", "csv"]) + "?f=industry%3Abanking"
    assert f'href="{link}"' in page
    response = client.get(link)
    assert response["Content-Disposition"] == 'attachment; filename="promoters.csv"'
    text = text_of(response)
    assert "Ada Voss" in text
    assert "Bo Reyes" not in text
    assert text.startswith("Id,")


@pytest.mark.parametrize(
    "path", ["/pool/", "/customers/", "/nominations/", "/requests/", "/demand/", "/setup/disclosures/"]
)
def test_every_list_has_the_menu(path: str, manager: User, log_in: LogIn) -> None:
    make_contact()
    assert 'class="export-menu"' in log_in(manager).get(path).content.decode()


def test_exports_list_tables_with_their_rows_for_each_role(manager: User, rep: User, log_in: LogIn) -> None:
    make_customer(), make_customer()
    page = log_in(manager).get("/exports/").content.decode()
    assert reverse("web:export", args=["leads"]) in page
    assert '<td class="end number" data-label="Rows">2</td>' in page
    assert reverse("web:export", args=["leads"]) not in log_in(rep).get("/exports/").content.decode()


def test_table_of_others_and_unknown_formats_are_not_found(rep: User, log_in: LogIn) -> None:
    for path in ("leads/", "leads/csv/", "secrets/", "customers/pdf/"):
        assert log_in(rep).get(f"/exports/{path}").status_code == 404


def test_contact_data_takes_a_post_and_is_on_record(manager: User, log_in: LogIn) -> None:
    make_contact(email="a@b.example")
    client = log_in(manager)
    assert "a@b.example" not in text_of(client.get("/exports/promoters/csv/?contact_data=1"))
    assert not Disclosure.objects.exists()
    assert "a@b.example" in text_of(client.post("/exports/promoters/", {"format": "csv", "contact_data": "1"}))
    assert Disclosure.objects.get().user == manager


def test_contact_data_is_not_offered_to_others(marketer: User, log_in: LogIn) -> None:
    make_contact(email="a@b.example")
    client = log_in(marketer)
    assert "contact_data" not in client.get("/exports/promoters/").content.decode()
    response = client.post("/exports/promoters/", {"format": "csv", "contact_data": "1"})
    assert response.status_code == 302
    assert not Disclosure.objects.exists()


def test_large_table_is_made_by_a_job_for_whoever_asked(
    manager: User, rep: User, log_in: LogIn, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr("web.exports.views.MOST_AT_ONCE", 1)
    make_customer("Nordbank"), make_customer("Voltwerk")
    client = log_in(manager)
    response = client.get("/exports/customers/csv/?tier=standard")
    assert response["Location"] == "/exports/customers/?tier=standard"
    job_page = client.post("/exports/customers/?q=bank", {"format": "csv"})
    assert job_page.status_code == 200  # one row is not large
    job_page = client.post("/exports/customers/", {"format": "csv"})
    job = Job.objects.get()
    assert job_page["Location"] == f"/exports/files/{job.pk}/"
    assert client.get(f"/exports/files/{job.pk}/file/").status_code == 404
    run_job({"job": job.pk})
    assert "Download" in client.get(job_page["Location"]).content.decode()
    assert "Voltwerk" in text_of(client.get(f"/exports/files/{job.pk}/file/"))
    for path in (job_page["Location"], f"/exports/files/{job.pk}/file/"):
        assert log_in(rep).get(path).status_code == 404


def test_file_is_gone_for_whoever_lost_the_role_it_was_made_in(
    log_in: LogIn, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr("web.exports.views.MOST_AT_ONCE", 0)
    make_contact(email="a@b.example")
    admin = make_user(Role.ADMIN, "admin@example.test")
    client = log_in(admin)
    client.post("/exports/promoters/", {"format": "csv", "contact_data": "1"})
    client.post("/exports/program/")
    jobs = list(Job.objects.all())
    for job in jobs:
        run_job({"job": job.pk})
    files = [f"/exports/files/{job.pk}/file/" for job in jobs]
    assert all(b"".join(client.get(path).streaming_content) for path in files)  # type: ignore[attr-defined]
    User.objects.filter(pk=admin.pk).update(role=Role.SALES)
    assert [client.get(path).status_code for path in files] == [404, 404]


def test_archive_of_the_program_is_for_administrators(
    manager: User, log_in: LogIn, settings: Any, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    assert "Make the archive" not in log_in(manager).get("/exports/").content.decode()
    assert log_in(manager).post("/exports/program/").status_code == 403
    admin = make_user(Role.ADMIN, "admin@example.test")
    client = log_in(admin)
    assert "Make the archive" in client.get("/exports/").content.decode()
    assert client.get("/exports/program/").status_code == 405
    job = Job.objects.get(pk=client.post("/exports/program/")["Location"].split("/")[3])
    assert (job.kind, job.requested_by) == ("archive", admin)
