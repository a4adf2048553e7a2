"""Importing answers on pages: columns shown and changeable, a trial that writes nothing, and the import as a job."""

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from delivery.jobs import run_job
from delivery.models import Job
from surveys.models import Campaign, Response
from tests.web.conftest import LogIn
from users.models import User

FILE = "NPS score,Why,Date,E-mail,Plan\n9,Fast,2026-03-01,ada@fjordbank.example,Team\n3,Slow,2026-03-02,,Free\nx,,,,\n"


@pytest.fixture(autouse=True)
def store(settings: LazySettings, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path


def upload(client: Client, text: str = FILE, campaign: str = "Old tool") -> str:
    """The address of the columns of an uploaded file."""
    file = SimpleUploadedFile("answers.csv", text.encode())
    response = client.post(reverse("web:survey-import"), {"file": file, "campaign": campaign})
    return response.headers["Location"]


def start(client: Client, address: str, act: str) -> tuple[Job, str]:
    """Start an import or a trial, run it, and give its page."""
    response = client.post(address, {"act": act, "campaign": "Old tool", "score": "", "day": "", "comment": ""})
    job = Job.objects.get()
    assert response.headers["Location"] == reverse("web:survey-job", args=[job.pk])
    run_job({"job": job.pk})
    return job, client.get(response.headers["Location"]).content.decode()


def test_columns_show_with_samples_but_no_contact_data(marketer: User, log_in: LogIn) -> None:
    client = log_in(marketer)
    page = client.get(upload(client)).content.decode()
    for words in ("the score", "the comment", "the day of the answer", "Fast", "Old tool", "A new survey is made"):
        assert words in page
    assert "ada@fjordbank.example" not in page
    assert not Response.objects.exists()


def test_trial_writes_nothing_and_leads_back(marketer: User, log_in: LogIn) -> None:
    client = log_in(marketer)
    address = upload(client)
    _job, page = start(client, address, "try")
    assert "would be imported" in page
    assert "Back to the columns, to import it" in page
    assert not Response.objects.exists()
    assert not Campaign.objects.exists()


def test_import_leads_to_its_answers(marketer: User, log_in: LogIn) -> None:
    client = log_in(marketer)
    job, page = start(client, upload(client), "start")
    row = Campaign.objects.get(name="Old tool")
    assert sorted(Response.objects.values_list("score", flat=True)) == [3, 9]
    assert f"/surveys/responses/?campaign={row.pk}" in page
    assert "Rows left out" in page
    assert job.requested_by == marketer


def test_columns_that_cannot_be_told_apart_are_asked_for(marketer: User, log_in: LogIn) -> None:
    client = log_in(marketer)
    address = upload(client, "Alpha,Beta\n9,3\n10,2\n")
    assert client.get(address).status_code == 422
    page = client.post(address, {"act": "look", "score": "Alpha"})
    assert page.status_code == 200
    assert "the score" in page.content.decode()


def test_what_is_no_table_is_refused_in_words(marketer: User, log_in: LogIn) -> None:
    client = log_in(marketer)
    response = client.post(reverse("web:survey-import"), {"file": SimpleUploadedFile("empty.csv", b"")})
    assert response.status_code == 422
    assert "empty" in response.content.decode()
    assert client.post(reverse("web:survey-import")).status_code == 422


def test_discarded_file_is_gone(marketer: User, log_in: LogIn) -> None:
    client = log_in(marketer)
    address = upload(client).partition("?")[0]
    client.post(f"{address}discard/")
    assert client.get(address).headers["Location"] == reverse("web:survey-import")
