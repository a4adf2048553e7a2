"""Import, jobs and the vocabulary on pages."""

from pathlib import Path

import pytest
import xlsxwriter
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from delivery.jobs import start_job
from delivery.models import Job, JobStatus
from references.enums import TagStatus
from references.importing.aliases import FIELDS
from references.importing.running import import_file
from references.models import Contact, Customer, ImportMapping, Tag
from tests.factories import make_contact, make_customer, make_tag
from tests.web.conftest import LogIn, read_page
from users.models import User
from web.setup.import_fields import GROUPS

GOOD = "customer,promoter,title,email,nps\nFjordbank,Nora Lindqvist,CFO,nora@fjordbank.example,9\n"


@pytest.fixture
def client(manager: User, log_in: LogIn, settings: LazySettings, tmp_path: Path) -> Client:
    settings.MEDIA_ROOT = tmp_path
    return log_in(manager)


def upload(client: Client, text: str, name: str = "pool.csv") -> str:
    """Send a file; gives the address of its preview."""
    response = client.post("/setup/import/", {"file": SimpleUploadedFile(name, text.encode())})
    assert response.status_code == 302
    return str(response["Location"])


def test_every_field_of_an_import_is_offered_once() -> None:
    offered = [field for _label, fields in GROUPS for field in fields]
    assert sorted(offered) == sorted(FIELDS)


def test_preview_shows_the_mapping_and_rows_but_no_contact_data(client: Client) -> None:
    page = read_page(client.get(upload(client, GOOD)).content.decode())
    assert len(page.all("select")) == 5
    assert "Nora Lindqvist" in page.text
    assert "nora@fjordbank.example" not in page.text


def test_preview_tells_what_is_not_kept(client: Client) -> None:
    text = "customer,promoter,email,IsDeleted\nFjordbank,Nora,n@fjord.example,true\nHolm,Ada,ada@holm.example,false\n"
    page = read_page(client.get(upload(client, text)).content.decode())
    assert "Read, but not kept" in page.text
    assert "deleted in the CRM, not imported" in page.text
    assert "@" not in page.text


def test_preview_writes_nothing(client: Client) -> None:
    client.get(upload(client, GOOD))
    assert not Customer.objects.exists()


def test_upload_of_no_file_or_an_empty_one_is_refused(client: Client) -> None:
    assert client.post("/setup/import/", {}).status_code == 422
    response = client.post("/setup/import/", {"file": SimpleUploadedFile("pool.csv", b"")})
    assert response.status_code == 422


def test_preview_of_a_picture_says_what_it_is(client: Client) -> None:
    page = read_page(client.get(upload(client, "GIF89a and so on", "pool.csv")).content.decode())
    assert "picture" in page.text


def test_a_changed_mapping_is_looked_at_again(client: Client) -> None:
    address = upload(client, "Konto,Mensch\nFjordbank,Nora Lindqvist\n")
    page = read_page(client.post(address, {"column-0": "customer", "column-1": "promoter"}).content.decode())
    assert "Nora Lindqvist" in page.text
    assert not Job.objects.exists()


def test_start_queues_a_job_and_saves_the_mapping(client: Client, manager: User) -> None:
    address = upload(client, "Konto,Mensch\nFjordbank,Nora Lindqvist\n")
    given = {"column-0": "customer", "column-1": "promoter", "act": "start", "save_as": "Our CRM", "dry_run": "on"}
    response = client.post(address, given)
    job = Job.objects.get()
    assert response["Location"] == reverse("web:job", args=[job.pk])
    assert (job.requested_by, job.parameters["dry_run"]) == (manager, True)
    assert ImportMapping.objects.get().mapping == {"Konto": "customer", "Mensch": "promoter"}
    again = upload(client, "Konto,Mensch\nAlderbank,Aksel Dahl\n")
    assert "Aksel Dahl" in client.get(f"{again}?mapping=Our+CRM").content.decode()


def test_start_without_a_customer_column_is_refused(client: Client) -> None:
    address = upload(client, GOOD)
    response = client.post(address, {"column-1": "promoter", "act": "start"})
    assert response.status_code == 422
    assert not Job.objects.exists()


def test_an_import_runs_and_is_reported(
    client: Client, django_capture_on_commit_callbacks: "pytest.FixtureRequest"
) -> None:
    address = upload(client, GOOD)
    given = {"column-0": "customer", "column-1": "promoter", "column-2": "title", "act": "start"}
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        job_address = client.post(address, given)["Location"]
    page = read_page(client.get(job_address).content.decode())
    assert Contact.objects.get().name == "Nora Lindqvist"
    assert "succeeded" in page.text.lower()
    assert "See the promoters" in page.text


def test_a_discarded_upload_is_gone(client: Client) -> None:
    address = upload(client, GOOD)
    client.post(f"{address}discard/")
    assert client.get(address)["Location"] == "/setup/import/"


def make_report(job: Job) -> None:
    problem = {
        "line": 7,
        "column": "NPS",
        "field": "nps",
        "value": "=1+1",
        "problem": "No score.",
        "expected": "0 to 10",
    }
    report = {"message": "Refused.", "problems": [problem], "problem_count": 1, "counts": {}}
    Job.objects.filter(pk=job.pk).update(status=JobStatus.REFUSED, report=report)


def test_job_polls_while_it_runs_and_stops_after(client: Client) -> None:
    job = start_job(kind="sleep", title="Import pool.csv", parameters={})
    Job.objects.filter(pk=job.pk).update(status=JobStatus.RUNNING, done=40, total=80, step="Reading")
    address = reverse("web:job", args=[job.pk])
    page = read_page(client.get(address).content.decode())
    assert page.all("progress")[0]["value"] == "50"
    assert [each for _, each in page.elements if each.get("hx-trigger") == "every 1s"]
    make_report(job)
    part = client.get(address, headers={"HX-Request": "true", "HX-Target": "job"}).content.decode()
    assert "every 1s" not in part
    assert "0 to 10" in part
    assert "<html" not in part


def test_job_is_cancelled(client: Client) -> None:
    job = start_job(kind="sleep", title="Import pool.csv", parameters={})
    client.post(reverse("web:job-cancel", args=[job.pk]))
    job.refresh_from_db()
    assert job.status == JobStatus.CANCELLED


def test_report_is_downloaded_with_harmless_cells(client: Client) -> None:
    job = start_job(kind="sleep", title="Import pool.csv", parameters={})
    make_report(job)
    response = client.get(reverse("web:job-report", args=[job.pk]))
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert text.splitlines() == ["line,column,value,problem,expected", "7,NPS,'=1+1,No score.,0 to 10"]
    assert "attachment" in response["Content-Disposition"]


def test_proposals_are_accepted_and_rejected_in_bulk(client: Client) -> None:
    tags = [make_tag("industry", f"New {n}", status="proposed") for n in range(3)]
    client.post("/setup/vocabulary/proposals/", {"act": "accept", "tag": [tags[0].pk, tags[1].pk]})
    client.post("/setup/vocabulary/proposals/", {"act": "reject", "tag": [tags[2].pk]})
    found = dict(Tag.objects.values_list("name", "status"))
    assert found == {"New 0": TagStatus.ACCEPTED, "New 1": TagStatus.ACCEPTED, "New 2": TagStatus.REJECTED}


def test_nothing_ticked_changes_nothing(client: Client) -> None:
    make_tag("industry", "New", status="proposed")
    page = read_page(client.post("/setup/vocabulary/proposals/", {"act": "accept"}, follow=True).content.decode())
    assert "Tick the words first" in page.text
    assert Tag.objects.get().status == TagStatus.PROPOSED


def test_a_proposal_is_merged_into_an_accepted_word(client: Client) -> None:
    old, new = make_tag("industry", "Bankng", status="proposed"), make_tag("industry", "Banking")
    contact = make_contact(make_customer(tags=[old]))
    part = client.get(
        reverse("web:tag", args=[old.pk]), {"into": "bank"}, headers={"HX-Request": "true", "HX-Target": "targets"}
    ).content.decode()
    confirm = f"{reverse('web:tag-merge', args=[old.pk])}?into={new.pk}"
    assert f'href="{confirm}"' in part
    assert "cannot be undone" in client.get(confirm).content.decode()
    assert list(contact.customer.tags.all()) == [old]
    client.post(reverse("web:tag-merge", args=[old.pk]), {"into": new.pk})
    assert list(contact.customer.tags.all()) == [new]


def test_merging_across_facets_is_refused(client: Client) -> None:
    old, new = make_tag("industry", "Banking", status="proposed"), make_tag("product", "Ledger")
    client.post(reverse("web:tag-merge", args=[old.pk]), {"into": new.pk})
    old.refresh_from_db()
    assert old.status == TagStatus.PROPOSED


def test_synonyms_and_name_are_edited(client: Client) -> None:
    tag = make_tag("industry", "Banking", synonyms=["banks"])
    given = {"name": "Banks and lenders", "synonyms": "lender\n\n bank "}
    client.post(reverse("web:tag", args=[tag.pk]), given)
    tag.refresh_from_db()
    assert tag.name == "Banks and lenders"
    assert set(tag.synonyms.values_list("text", flat=True)) >= {"lender", "bank", "Banking"}


def test_a_synonym_of_another_tag_is_refused(client: Client) -> None:
    make_tag("industry", "Insurance", synonyms=["insurers"])
    tag = make_tag("industry", "Banking")
    response = client.post(reverse("web:tag", args=[tag.pk]), {"name": "Banking", "synonyms": "insurers"})
    assert response.status_code == 422
    assert "goes by" in response.content.decode()


def test_a_rejected_word_is_accepted_after_all(client: Client) -> None:
    tag = make_tag("industry", "Space", status="rejected")
    page = read_page(client.get("/setup/vocabulary/?show=rejected").content.decode())
    assert "Space" in page.text
    client.post("/setup/vocabulary/proposals/", {"act": "accept", "tag": [tag.pk]})
    tag.refresh_from_db()
    assert tag.status == TagStatus.ACCEPTED


def test_merging_into_nothing_is_not_found(client: Client) -> None:
    tag = make_tag("industry", "Space", status="proposed")
    assert client.get(f"{reverse('web:tag-merge', args=[tag.pk])}?into=x").status_code == 404


def test_another_encoding_can_be_chosen_and_guesses_the_columns_anew(client: Client) -> None:
    text = "Company;Contact\nŽalgiris;Šarūnas Žukas\n".encode("cp1257")
    response = client.post("/setup/import/", {"file": SimpleUploadedFile("pool.csv", text)})
    address = str(response["Location"])
    assert "Žukas" not in client.get(address).content.decode()
    page = client.post(address, {"encoding": "cp1257", "column-0": "industry", "act": "start"}).content.decode()
    assert "Šarūnas Žukas" in page
    assert not Job.objects.exists()
    shown = {"encoding": "cp1257", "shown_encoding": "cp1257", "column-0": "customer", "column-1": "promoter"}
    client.post(address, {**shown, "act": "start"})
    assert Job.objects.get().parameters["encoding"] == "cp1257"


def test_another_sheet_can_be_chosen(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "pool.xlsx"
    workbook = xlsxwriter.Workbook(str(path))
    for name, rows in {
        "Accounts": [["Account Name"], ["Acme"]],
        "People": [["Company", "Contact"], ["Beta", "Ana"]],
    }.items():
        sheet = workbook.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    workbook.close()
    response = client.post("/setup/import/", {"file": SimpleUploadedFile("pool.xlsx", path.read_bytes())})
    address = str(response["Location"])
    assert "Beta" in client.get(address).content.decode()
    page = client.post(address, {"sheet": "Accounts", "act": "look"}).content.decode()
    assert "Acme" in page
    assert "Beta" not in page
    gone = client.post(address, {"sheet": "No\0ne", "encoding": "rot13", "act": "look"}).content.decode()
    assert "no sheet “None”" in gone


def test_an_import_as_a_job_reads_the_sheet_that_was_chosen(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "pool.xlsx"
    workbook = xlsxwriter.Workbook(str(path))
    for name, customer in (("One", "Acme"), ("Two", "Beta")):
        sheet = workbook.add_worksheet(name)
        sheet.write_row(0, 0, ["Company", "Country"])
        sheet.write_row(1, 0, [customer, "Norway"])
    workbook.close()
    assert import_file(path, sheet="Two").refusal is None
    assert list(Customer.objects.values_list("name", flat=True)) == ["Beta"]
