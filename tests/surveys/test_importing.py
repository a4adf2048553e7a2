"""Imports of answers: once and again, in part, by people of the pool, refused, tried out, and as a job."""

import csv
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from references.enums import ContactStatus
from references.importing.errors import ImportRefusedError
from references.importing.uploads import StoredUpload, find_upload, store_upload
from references.models import Contact, Engagement, LoyaltyRecord
from references.services.erasing import erase_contact
from surveys.columns import GivenColumns
from surveys.enums import CampaignStatus
from surveys.import_jobs import start_response_import
from surveys.importing import import_responses
from surveys.models import Campaign, Response
from surveys.segments import add_silent, read_tallies
from tests.factories import make_contact, make_customer
from tests.surveys.exports import HUBSPOT, QUALTRICS

pytestmark = pytest.mark.django_db(transaction=True)


def write(path: Path, headings: Sequence[str], rows: Sequence[Sequence[str]], delimiter: str = ",") -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows([headings, *rows])
    return path


@pytest.fixture
def wave(tmp_path: Path) -> Path:
    return write(
        tmp_path / "wave.csv",
        ["nps", "date", "comment", "plan"],
        [
            ["9", "2026-01-05", "Good", "pro"],
            ["9", "2026-01-05", "Good", "pro"],
            ["", "2026-01-06", "", "pro"],
            ["11", "2026-01-06", "", "free"],
            ["8.5", "2026-01-06", "", "free"],
            ["3", "someday", "NA", ""],
            ["10 - Extremely likely", "2026-01-07", "", "NA"],
        ],
    )


def test_import_counts_and_tells_what_it_left_out(wave: Path) -> None:
    report = import_responses(wave, campaign="Spring")
    assert (report.rows, report.created, report.skipped, report.invalid) == (7, 4, 1, 2)
    assert [(each.line, each.column, each.value, each.problem) for each in report.problems] == [
        (5, "nps", "11", "lies outside 0 to 10"),
        (6, "nps", "8.5", "is no whole number"),
    ]
    assert [(each.line, each.column, each.value) for each in report.notes] == [(7, "date", "someday")]
    assert report.tally.nps == 50.0
    told = "7 rows read: 4 answers imported, 1 without a score, 2 with no valid score, left out."
    assert report.summarize() == told
    assert report.columns == {"score": "nps", "day": "date", "comment": "comment"}


def test_import_again_gives_nothing_back_of_who_was_erased(tmp_path: Path) -> None:
    rows = [["9", "I am Nora", "nora@fjordbank.example", "pro"], ["8", "Fine", "", "free"]]
    path = write(tmp_path / "wave.csv", ["nps", "comment", "email", "plan"], rows)
    nora = make_contact(name="Nora Lindqvist", email="nora@fjordbank.example")
    import_responses(path, campaign="Spring")
    erase_contact(contact=nora)
    report = import_responses(path, campaign="Spring")
    assert (report.refusal, report.updated, report.unchanged) == (None, 0, 2)
    answer = Response.objects.get(score=9)
    assert (answer.contact, answer.comment, answer.attributes) == (nora, "", {})


def test_import_keeps_what_the_file_says(wave: Path) -> None:
    import_responses(wave, campaign="Spring")
    rows = Response.objects.order_by("id").values_list("score", "answered_on", "comment", "attributes", "channel")
    assert [
        (score, str(day), comment, attributes["plan"], channel) for score, day, comment, attributes, channel in rows
    ] == [
        (9, "2026-01-05", "Good", "pro", "import"),
        (9, "2026-01-05", "Good", "pro", "import"),
        (3, "None", "", "(blank)", "import"),
        (10, "2026-01-07", "", "NA", "import"),
    ]
    campaign = Campaign.objects.get()
    assert (campaign.name, campaign.status) == ("Spring", CampaignStatus.CLOSED)


def test_import_again_changes_nothing_and_takes_what_is_new(wave: Path, tmp_path: Path) -> None:
    import_responses(wave, campaign="Spring")
    again = import_responses(wave, campaign="Spring")
    assert (again.created, again.updated, again.unchanged) == (0, 0, 4)
    with wave.open("a", encoding="utf-8") as file:
        file.write("9,2026-01-05,Good,pro\n7,2026-01-08,,pro\n")
    longer = import_responses(wave, campaign="Spring")
    assert (longer.created, longer.unchanged) == (2, 4)
    other = import_responses(wave, campaign="Autumn")
    assert other.created == 6
    assert Response.objects.count() == 12


def test_import_with_another_column_corrects_the_answers(tmp_path: Path) -> None:
    path = write(tmp_path / "two.csv", ["nps", "would recommend service"], [["9", "3"], ["8", "8"]])
    import_responses(path, campaign="Spring")
    amended = Response.objects.get(score=8)
    corrected = import_responses(path, campaign="Spring", given=GivenColumns(score="would recommend service"))
    assert (corrected.created, corrected.updated, corrected.unchanged) == (0, 2, 0)
    assert sorted(Response.objects.values_list("score", flat=True)) == [3, 8]
    Response.objects.filter(pk=amended.pk).update(score=1, amended_at=timezone.now())
    assert import_responses(path, campaign="Spring").updated == 1
    assert Response.objects.get(pk=amended.pk).score == 1


def test_dry_run_counts_and_writes_nothing(wave: Path) -> None:
    report = import_responses(wave, campaign="Spring", dry_run=True)
    assert report.created == 4
    assert report.summarize().startswith("7 rows read: 4 answers would be imported")
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("city,age\nRome,9\n", "no_score"),
        ("score,rating\n9,8\n3,4\n", "ambiguous_score"),
        ("", "empty"),
        ("nps\n", "no_rows"),
        ('{"nps": 9}', "json"),
    ],
)
def test_refused_file_writes_nothing(text: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "wave.csv"
    path.write_text(text, encoding="utf-8")
    report = import_responses(path, campaign="Spring")
    assert report.refusal is not None
    assert report.refusal.code == code
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(("campaign", "code"), [(" ", "no_campaign"), ("x" * 121, "long_name")])
def test_campaign_needs_a_name(wave: Path, campaign: str, code: str) -> None:
    report = import_responses(wave, campaign=campaign)
    assert report.refusal is not None
    assert report.refusal.code == code


def test_answers_go_to_a_campaign_that_is_there(wave: Path) -> None:
    there = Campaign.objects.create(name="Spring", status=CampaignStatus.RUNNING, creation_key="x")
    import_responses(wave, campaign="Spring")
    assert there.responses.count() == 4
    there.refresh_from_db()
    assert there.status == CampaignStatus.RUNNING


def test_semicolons_and_western_letters_are_read(tmp_path: Path) -> None:
    path = tmp_path / "wave.csv"
    path.write_bytes("NPS;Größe\n9;groß\n8;klein\n".encode("cp1252"))
    import_responses(path, campaign="Spring")
    assert {row["Größe"] for row in Response.objects.values_list("attributes", flat=True)} == {"groß", "klein"}


def test_values_under_which_nobody_gave_a_score_are_remembered(tmp_path: Path) -> None:
    rows = [["9", "Rome"], ["", "Oslo"], ["", "Rome"], ["11", "Bern"]]
    path = write(tmp_path / "wave.csv", ["nps", "city"], rows)
    import_responses(path, campaign="Spring")
    campaign = Campaign.objects.get()
    assert campaign.silent_values == {"city": ["Bern", "Oslo"]}
    import_responses(write(tmp_path / "more.csv", ["nps", "city"], [["9", "Oslo"], ["", "Linz"]]), campaign="Spring")
    campaign.refresh_from_db()
    tallies = add_silent(read_tallies(campaign.responses.all(), "city"), campaign, "city")
    assert {city: tally.responses for city, tally in tallies.items()} == {"Bern": 0, "Linz": 0, "Oslo": 1, "Rome": 1}


# People of the pool


def test_answers_of_known_people_are_theirs_and_update_their_class(tmp_path: Path) -> None:
    by_email = make_contact(email="ada@berg.test", status=ContactStatus.ACTIVE)
    by_id = make_contact(external_id="52")
    headings, rows = HUBSPOT
    path = write(tmp_path / "hubspot.csv", headings, rows)
    report = import_responses(path, campaign="Spring")
    assert report.linked == 2
    by_email.refresh_from_db()
    by_id.refresh_from_db()
    assert (by_email.nps_score, by_email.loyalty, str(by_email.nps_on)) == (10, "promoter", "2026-01-05")
    assert (by_id.nps_score, by_id.loyalty) == (5, "detractor")
    assert LoyaltyRecord.objects.count() == 2
    assert Engagement.objects.filter(activity="survey", contact=by_email).count() == 1
    again = import_responses(path, campaign="Spring")
    assert (again.created, again.unchanged) == (0, 2)
    assert (LoyaltyRecord.objects.count(), Engagement.objects.count()) == (2, 2)


def test_customer_and_name_together_make_somebody_known(tmp_path: Path) -> None:
    berg = make_customer("Berg AG")
    ada, twin = (
        make_contact(customer=berg, name="Ada Berg"),
        make_contact(customer=berg, name="Kim Lo", email="1@k.test"),
    )
    make_contact(customer=berg, name="Kim Lo", email="2@k.test")
    path = write(
        tmp_path / "wave.csv",
        ["Company", "Full name", "NPS"],
        [["berg ag", "ADA  BERG", "9"], ["Other", "Ada Berg", "9"], ["", "Ada Berg", "9"], ["Berg AG", "Kim Lo", "2"]],
    )
    assert import_responses(path, campaign="Spring").linked == 1
    assert Response.objects.get(contact__isnull=False).contact == ada
    twin.refresh_from_db()
    assert twin.nps_score is None


def test_retired_people_are_left_in_peace(tmp_path: Path) -> None:
    gone = make_contact(email="ada@berg.test", status=ContactStatus.RETIRED)
    import_responses(write(tmp_path / "wave.csv", ["email", "nps"], [["ada@berg.test", "9"]]), campaign="Spring")
    gone.refresh_from_db()
    assert gone.nps_score is None
    assert Response.objects.get().contact is None


def test_somebody_who_came_into_the_pool_since_is_linked_the_next_time(tmp_path: Path) -> None:
    path = write(tmp_path / "wave.csv", ["email", "nps"], [["ada@berg.test", "9"]])
    import_responses(path, campaign="Spring")
    ada = make_contact(email="ada@berg.test")
    again = import_responses(path, campaign="Spring")
    assert (again.created, again.updated) == (0, 1)
    ada.refresh_from_db()
    assert ada.nps_score == 9


def test_older_answer_does_not_overrule_a_newer_one_of_the_same_file(tmp_path: Path) -> None:
    ada = make_contact(email="ada@berg.test")
    rows = [["ada@berg.test", "9", "2026-02-01"], ["ada@berg.test", "2", "2026-01-01"]]
    import_responses(write(tmp_path / "wave.csv", ["email", "nps", "date"], rows), campaign="Spring")
    ada.refresh_from_db()
    assert ada.nps_score == 9


def test_day_ahead_is_left_out(tmp_path: Path) -> None:
    ahead = (timezone.localdate() + timedelta(days=30)).isoformat()
    report = import_responses(
        write(tmp_path / "w.csv", ["nps", "date"], [["9", ahead], ["8", "2026-01-01"]]), campaign="S"
    )
    assert [each.problem for each in report.notes] == ["has not come yet"]
    assert Response.objects.get(score=9).answered_on is None


def test_label_rows_are_no_answers(tmp_path: Path) -> None:
    headings, rows = QUALTRICS
    report = import_responses(write(tmp_path / "q.csv", headings, rows), campaign="Spring")
    assert (report.rows, report.created, report.invalid) == (2, 2, 0)


def test_queries_grow_by_batch_not_by_row(tmp_path: Path) -> None:
    def count(number: int) -> int:
        rows = [[str(row % 11), f"p{row}@x.test", str(row)] for row in range(number)]
        path = write(tmp_path / f"{number}.csv", ["nps", "email", "id"], rows)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            import_responses(path, campaign="Spring")
        return len(caught)

    count(2)
    assert count(900) - count(20) < 40  # a database takes so many values at a time


# As a job


def upload(path: Path) -> StoredUpload:
    return store_upload(SimpleUploadedFile(path.name, path.read_bytes()))


def test_job_imports_and_throws_the_upload_away(wave: Path, settings, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path / "media"
    stored = upload(wave)
    job = start_response_import(upload=stored.token, campaign="Spring", given=GivenColumns(), imported_by=None)
    job.refresh_from_db()  # tests do what is due as it is promised
    assert (job.status, job.report["created"], job.report["imported"]) == ("succeeded", 4, True)
    with pytest.raises(ImportRefusedError, match="no longer there"):
        find_upload(stored.token)


def test_job_keeps_the_upload_of_a_refused_file(settings, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path / "media"
    stored = upload(write(tmp_path / "w.csv", ["city"], [["Rome"]]))
    job = start_response_import(upload=stored.token, campaign="Spring", given=GivenColumns(), imported_by=None)
    job.refresh_from_db()
    assert (job.status, job.report["refusal"]["code"]) == ("refused", "no_score")
    assert find_upload(stored.token).name == "w.csv"


def test_contact_data_is_not_kept_beside_the_answer(tmp_path: Path) -> None:
    make_contact(email="ada@berg.test")
    headings, rows = HUBSPOT
    import_responses(write(tmp_path / "hubspot.csv", headings, rows), campaign="Spring")
    told = str(list(Response.objects.values_list("attributes", "source")))
    assert "ada" not in told.lower()
    assert Contact.objects.count() == 1
