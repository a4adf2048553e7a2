"""Whole files: imported whole or not at all, twice the same as once, and tried out without a trace."""

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection

from references.importing.running import READING, WRITING, import_file
from references.models import (
    CaseStudy,
    CaseStudyTag,
    Consent,
    Contact,
    ContactTag,
    Customer,
    CustomerTag,
    Engagement,
    StateChange,
    Tag,
    Testimonial,
)
from references.services.vocabulary import load_vocabulary
from tests.references.importing.files import count_rows, find_data, import_rows, read_revision, write_csv
from users.models import User

pytestmark = pytest.mark.django_db
EVERYTHING: tuple[Any, ...] = (
    Customer, Contact, CaseStudy, Testimonial, Consent, Engagement, Tag, CustomerTag, ContactTag, CaseStudyTag,
    StateChange,
)  # fmt: skip
FULL = {
    "customer": "Acme Mills",
    "customer_domain": "www.acme-mills.example",
    "industry": "Textiles",
    "country": "Lyon, France",
    "size": "350",
    "products": "Looms|Yarn Cloud",
    "solutions": "monitoring",
    "tier": "key",
    "health": "green",
    "renewal_date": "2027-03-31",
    "annual_value": "120000",
    "currency": "EUR",
    "promoter": "Ana López",
    "title": "Head of Infrastructure",
    "email": "Ana@Acme-Mills.example",
    "languages": "en|fr",
    "activities": "call|quote",
    "max_per_quarter": "2",
    "nps": "10",
    "nps_comment": "Superb",
    "nps_date": "2026-02-03",
    "story_id": "s-1",
    "story_title": "Weaving at scale",
    "story_url": "https://example.com/weaving",
    "results": "Twice the cloth",
    "quote": "We sleep at night.",
    "consent": "call|quote",
    "consent_until": "2030-01-01",
    "external_id": "003A",
}


def test_import_writes_everything_a_row_tells(tmp_path: Path) -> None:
    load_vocabulary()
    report = import_rows(tmp_path, FULL)
    made = {kind: count.created for kind, count in report.counts.items()}
    assert made == {
        "customers": 1, "contacts": 1, "stories": 1, "quotes": 1, "consents": 2, "answers": 1, "tags": 2,
        "slots": 0, "recordings": 0,
    }  # fmt: skip
    customer = Customer.objects.get()
    assert (customer.name, customer.domain, customer.size_band) == ("Acme Mills", "acme-mills.example", "201-1000")
    assert (str(customer.annual_value), customer.currency, customer.tier) == ("120000.00", "EUR", "key")
    assert (customer.raw_industry, customer.raw_location) == ("Textiles", "Lyon, France")
    assert set(customer.tags.values_list("slug", flat=True)) >= {"textiles", "lyon", "looms", "yarn-cloud"}
    contact = Contact.objects.get()
    assert (contact.email, contact.external_id, contact.origin) == ("ana@acme-mills.example", "003A", "import")
    assert (contact.status, contact.loyalty, contact.nps_score) == ("active", "promoter", 10)
    assert (contact.seniority, contact.max_per_quarter) == ("director", 2)
    assert set(contact.tags.values_list("slug", flat=True)) == {"it-operations", "english", "french"}
    story, quote = CaseStudy.objects.get(), Testimonial.objects.get()
    assert (story.contact, story.status, story.external_id) == (contact, "published", "s-1")
    assert (quote.contact, quote.said_by, quote.status) == (contact, "Ana López", "published")


def test_import_again_changes_nothing(tmp_path: Path) -> None:
    rows = [FULL, {"customer": "Beta", "story_title": "B", "consent": "case_study"}]
    import_rows(tmp_path, *rows)
    before, revision = count_rows(EVERYTHING), read_revision()
    report = import_rows(tmp_path, *rows)
    assert report.changes == 0
    told = {"customers", "contacts", "stories", "quotes", "consents", "answers"}
    assert {report.counts[kind].unchanged for kind in told} == {1, 2, 3}
    assert (count_rows(EVERYTHING), read_revision()) == (before, revision)


def test_import_across_batches_changes_nothing_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("references.importing.spool.BATCH_ROWS", 2)
    rows = [
        {"customer": f"C{number % 2}", "health": health, "promoter": "Ana", "title": title, "activities": activity}
        for number, (health, title, activity) in enumerate(
            [("green", "CTO", "call"), ("red", "CFO", "quote"), ("yellow", "CEO", "press"), ("red", "COO", "video")] * 2
        )
    ]
    report = import_rows(tmp_path, *rows)
    assert (report.counts["customers"].created, report.counts["contacts"].created) == (2, 2)
    assert [customer.health for customer in Customer.objects.order_by("name")] == ["green", "red"]
    assert [contact.title for contact in Contact.objects.order_by("pk")] == ["CTO", "CFO"]
    assert Contact.objects.get(title="CTO").activities == ["call", "press"]
    revision = read_revision()
    assert import_rows(tmp_path, *rows).changes == 0
    assert read_revision() == revision


def test_dry_run_counts_exactly_and_writes_nothing(tmp_path: Path) -> None:
    path = write_csv(tmp_path, FULL)
    before, revision = count_rows(EVERYTHING), read_revision()
    tried = import_file(path, dry_run=True)
    assert (count_rows(EVERYTHING), read_revision()) == (before, revision)
    assert "would have created 1 customers" in tried.summarize()
    assert import_file(path).counts == tried.counts


def test_import_refuses_the_file_for_its_last_row(tmp_path: Path) -> None:
    path = write_csv(tmp_path, FULL, {"customer": "Beta", "email": "no address", "nps": "12"})
    report = import_file(path)
    assert report.refusal is not None
    assert report.refusal.code == "bad_rows"
    assert (report.rows, report.bad_rows, report.changes) == (2, 1, 0)
    assert [(each.line, each.column, each.value) for each in report.problems] == [
        (3, "email", "no address"),
        (3, "nps", "12"),
    ]
    assert count_rows(EVERYTHING) == [0] * len(EVERYTHING)


def test_import_can_leave_bad_rows_out(tmp_path: Path) -> None:
    path = write_csv(tmp_path, FULL, {"customer": "Beta", "email": "no address"})
    report = import_file(path, skip_bad_rows=True)
    assert (report.refusal, report.bad_rows, report.counts["customers"].created) == (None, 1, 1)
    assert list(Customer.objects.values_list("name", flat=True)) == ["Acme Mills"]


def test_import_of_bad_rows_alone_is_refused_even_if_they_may_be_left_out(tmp_path: Path) -> None:
    report = import_file(write_csv(tmp_path, {"customer": "Beta", "email": "no address"}), skip_bad_rows=True)
    assert report.is_refused


def test_import_refuses_rows_that_only_the_pool_shows_to_be_wrong(tmp_path: Path) -> None:
    path = write_csv(tmp_path, {"customer": "Acme"}, {"customer_id": "001X", "promoter": "Bo"})
    report = import_file(path)
    assert report.is_refused
    assert [(each.line, each.field, each.value) for each in report.problems] == [(3, "customer_id", "001X")]
    assert not Customer.objects.exists()
    assert import_file(path, skip_bad_rows=True).counts["customers"].created == 1


def test_import_leaves_nothing_when_the_database_fails_midway(tmp_path: Path) -> None:
    seen: list[str] = []

    def fail(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        is_insert = sql.startswith("INSERT") or "nextval" in sql  # PostgreSQL takes keys, then copies
        if is_insert and "references_consent" in f"{sql} {params}":
            seen.append(sql)
            raise IntegrityError("the disk is on fire")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        report = import_file(write_csv(tmp_path, FULL))
    assert seen
    assert report.refusal is not None
    assert report.refusal.code == "conflict"
    assert report.changes == 0
    assert count_rows(EVERYTHING) == [0] * len(EVERYTHING)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"customer\n", "no_rows"),
        (b"%PDF-1.7 x", "not_a_table"),
        (b"opportunity name,stage,amount,close date\nBig,Won,3,2026-01-01\n", "wrong_kind"),
        (b"colour,shape\nred,round\n", "no_customer"),
    ],
)
def test_import_refuses_what_is_no_pool(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(content)
    report = import_file(path)
    assert report.refusal is not None
    assert report.refusal.code == code


def test_import_of_no_file_is_refused(tmp_path: Path) -> None:
    report = import_file(tmp_path / "none.csv")
    assert report.refusal is not None
    assert report.refusal.code == "missing"


def test_import_applies_a_mapping_of_any_form(tmp_path: Path) -> None:
    path = write_csv(tmp_path, {"Firm": "Acme", "Who": "Ana"})
    mapping = {"Firm": "customer", "Who": "promoter"}
    report = import_file(path, mapping=mapping)
    assert report.counts["contacts"].created == 1
    assert report.mapping is not None
    for same in (report.mapping, report.mapping.to_json()):
        assert import_file(path, mapping=same).counts["contacts"].unchanged == 1
    assert import_file(path, mapping={"Firm": "colour"}).is_refused


def test_import_tells_progress_step_by_step(tmp_path: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    import_rows(tmp_path, FULL, on_progress=lambda *step: told.append(step))
    assert told == [(READING, 1, None), (WRITING, 0, 1), (WRITING, 1, 1)]


def test_import_stopped_by_its_watcher_writes_nothing(tmp_path: Path) -> None:
    def stop(step: str, done: int, total: int | None) -> None:
        if step == WRITING and done:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        import_file(write_csv(tmp_path, FULL), on_progress=stop)
    assert not Customer.objects.exists()


def test_import_records_who_moved_what(tmp_path: Path, manager: User) -> None:
    import_rows(tmp_path, {"customer": "Acme", "promoter": "Ana", "activities": "call"}, imported_by=manager)
    change = StateChange.objects.get(subject=f"contact:{Contact.objects.get().pk}")
    assert (change.from_status, change.to_status, change.by, change.why) == ("", "active", manager, "import pool.csv")


@pytest.fixture
def vocabulary(db: None) -> None:
    load_vocabulary()


@pytest.mark.usefixtures("vocabulary")
def test_real_pool_is_imported_whole_and_once() -> None:
    path = find_data("pool.csv")
    report = import_file(path)
    assert report.refusal is None
    assert (report.rows, report.bad_rows) == (398, 0)
    assert (Customer.objects.count(), CaseStudy.objects.count()) == (362, 398)
    assert not Customer.objects.exclude(raw_location="").exclude(tags__facet="region").exists()
    revision = read_revision()
    assert import_file(path).changes == 0
    assert read_revision() == revision


@pytest.mark.usefixtures("vocabulary")
@pytest.mark.parametrize("stem", ["sf_trailhead", "sf_demo_export"])
def test_real_crm_contacts_join_their_accounts_by_id(stem: str) -> None:
    assert not import_file(find_data(f"crm/{stem}_Account.csv")).is_refused
    customers = Customer.objects.count()
    report = import_file(find_data(f"crm/{stem}_Contact.csv"), skip_bad_rows=True)
    assert not report.is_refused
    assert Customer.objects.count() == customers
    assert Contact.objects.count() == report.rows - report.bad_rows


@pytest.mark.usefixtures("vocabulary")
def test_every_real_crm_file_is_imported_or_refused_with_a_reason() -> None:
    for path in sorted(find_data("crm").iterdir()):
        report = import_file(path, dry_run=True, skip_bad_rows=True)
        assert report.refusal is None or (report.refusal.message and report.refusal.hint), path.name


@pytest.mark.django_db
def test_import_passes_over_what_a_report_says_of_itself(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text("Account Name,Country\nAcme,ES\nBeta,FR\n\n\nAccounts of 2026\nConfidential\n")
    report = import_file(path)
    assert (report.refusal, report.rows, report.counts["customers"].created) == (None, 2, 2)
    assert "2 lines from line 6" in report.warnings[0]
