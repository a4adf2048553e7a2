"""Rows: every field at once, what is wrong with line and heading, and real files where they are at hand."""

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from references.importing.aliases import CANONICAL, FIELDS
from references.importing.errors import ImportRefusedError
from references.importing.headings import guess_mapping, load_mapping, require_importable
from references.importing.readers import open_table
from references.importing.rows import ImportRow, RowProblem, find_day_first, read_row, read_rows

DATA = Path(os.environ.get("REFPROGRAM_DATA", Path(__file__).parents[4] / "shared" / "data"))
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the test data is not at hand")


def read(**cells: str) -> ImportRow | list[RowProblem]:
    return read_row(7, list(cells.values()), load_mapping({name: name for name in cells}, list(cells)))


def row(**cells: str) -> ImportRow:
    found = read(**cells)
    assert isinstance(found, ImportRow), found
    return found


def problems(**cells: str) -> list[RowProblem]:
    found = read(**cells)
    assert isinstance(found, list), found
    return found


FULL = {
    "customer": "Acme, Inc.",
    "customer_domain": "https://www.acme.com/",
    "industry": "Retail|E-commerce",
    "country": "Beijing, China, and San Mateo, CA",
    "region": "Asia; North America",
    "size": "600+",
    "products": "Kubernetes|Helm",
    "solutions": "IoT|tools: Maven, Go|A long way of saying what this is about",
    "tier": "Tier 1",
    "health": "Green",
    "renewal_date": "31.12.2026",
    "annual_value": "$1,200.00",
    "currency": "USD",
    "account_owner": "sam@example.com",
    "promoter": "Ana  Pérez",
    "title": "CTO at Acme",
    "role": "IT",
    "seniority": "C-level",
    "email": "Ana@Acme.com",
    "phone": "+1 415 555 0100",
    "languages": "en, es",
    "activities": "reference call|quote",
    "max_per_quarter": "2.0",
    "nps": "9",
    "nps_comment": "Good.\r\nReally.",
    "nps_date": "2026-01-31T10:00:00Z",
    "story_id": "acme-1",
    "story_title": "How Acme did it",
    "story_url": "https://example.com/acme",
    "challenge": "Slow",
    "solution_text": "Fast",
    "results": "10x",
    "quote": "It works.",
    "quote_by": "",
    "quote_title": "",
    "consent": "quote;logo",
    "consent_until": "1/2/2027",
    "external_id": "003x",
}


def test_read_row_with_every_canonical_field_but_those_of_talks() -> None:
    assert tuple(FULL) == CANONICAL[: len(FULL)]
    assert CANONICAL[len(FULL)] == "event"
    assert row(**FULL) == ImportRow(
        line=7,
        customer="Acme, Inc.",
        customer_domain="acme.com",
        industry=("Retail", "E-commerce"),
        country="Beijing, China, and San Mateo, CA",
        region=("Asia", "North America"),
        size="201-1000",
        products=("Kubernetes", "Helm"),
        solutions=("IoT", "Maven", "Go"),
        solution_phrases=("A long way of saying what this is about",),
        tier="strategic",
        health="green",
        renewal_date=date(2026, 12, 31),
        annual_value=Decimal("1200.00"),
        currency="USD",
        account_owner="sam@example.com",
        promoter="Ana Pérez",
        title="CTO",
        role="IT",
        seniority="c_level",
        email="Ana@acme.com",
        phone="+1 415 555 0100",
        languages=("en", "es"),
        activities=("call", "quote"),
        max_per_quarter=2,
        nps=9,
        nps_comment="Good.\nReally.",
        nps_date=date(2026, 1, 31),
        story_id="acme-1",
        story_title="How Acme did it",
        story_url="https://example.com/acme",
        challenge="Slow",
        solution_text="Fast",
        results="10x",
        quote="It works.",
        quote_by="Ana Pérez",
        quote_title="CTO",
        consent=("quote", "logo"),
        consent_until=date(2027, 1, 2),
        external_id="003x",
    )


def test_import_row_has_every_field() -> None:
    assert set(FIELDS) - {"first_name", "last_name"} <= set(ImportRow._fields)


def test_read_row_of_blanks_gives_nothing() -> None:
    assert row(**dict.fromkeys(CANONICAL, "N/A") | {"customer": "Acme", "region": ""}) == ImportRow(7, "Acme")


def test_read_row_reports_all_that_is_wrong_with_line_and_heading() -> None:
    mapping = load_mapping(
        {"Firma": "customer", "Mail": "email", "NPS": "nps", "Bis": "renewal_date"}, ["Firma", "Mail", "NPS", "Bis"]
    )
    found = read_row(12, ["", "nobody", "11", "soon"], mapping)
    assert isinstance(found, list)
    assert {(p.line, p.column, p.field, p.value) for p in found} == {
        (12, "Firma", "customer", ""),
        (12, "Mail", "email", "nobody"),
        (12, "NPS", "nps", "11"),
        (12, "Bis", "renewal_date", "soon"),
    }
    assert all(p.problem and p.expected for p in found)


@pytest.mark.parametrize("cells", [["Acme"], ["Acme", "a@b.co", "x"]])
def test_read_row_of_another_width_is_a_problem(cells: list[str]) -> None:
    found = read_row(3, cells, guess_mapping(["customer", "email"]))
    assert isinstance(found, list)
    assert str(len(cells)) in found[0].problem
    assert "2" in found[0].expected


def test_read_row_joins_a_person_by_id_or_domain() -> None:
    assert row(first_name="Ana", last_name="Null", customer_id="001").promoter == "Ana Null"
    assert row(email="ana@acme.com", customer_domain="acme.com").customer == ""
    assert problems(promoter="Ana", customer_domain="")[0].field == "customer_domain"
    assert problems(customer="", customer_domain="acme.com")[0].field == "customer"


def test_read_row_says_whose_the_external_id_is() -> None:
    assert row(customer="Acme", external_id="001").customer_id == "001"
    assert row(customer="Acme", external_id="003", promoter="Ana").customer_id == ""


def test_read_row_of_consent_in_yes_and_no() -> None:
    assert row(customer="Acme", activities="call", consent="yes").consent == ("call",)
    refused = row(customer="Acme", activities="call", consent="No")
    assert (refused.consent, refused.consent_refused) == ((), True)
    assert problems(customer="Acme", consent="yes")[0].field == "consent"


def test_read_row_of_money_in_two_currencies_is_a_problem() -> None:
    assert problems(customer="Acme", annual_value="$5", currency="EUR")[0].field == "annual_value"
    assert row(customer="Acme", annual_value="5 €").currency == "EUR"


def test_read_row_names_who_was_quoted() -> None:
    quoted = row(customer="Acme", promoter="Ana", title="CTO", quote="Yes.", quote_by="Bo", quote_title="CEO, ACME")
    assert (quoted.quote_by, quoted.quote_title) == ("Bo", "CEO")
    assert row(customer="Acme", promoter="Ana", title="CTO", quote="Yes.", quote_by="Bo").quote_title == ""
    assert row(customer="Acme", promoter="Ana").quote_by == ""


def test_read_row_of_long_texts() -> None:
    assert problems(customer="x" * 201)[0].expected == "at most 200 characters"
    cut = row(customer="Acme", story_title="x" * 301)
    assert len(cut.story_title) == 300
    assert [note.field for note in cut.notes] == ["story_title"]


def test_read_row_notes_a_size_that_counts_others() -> None:
    found = row(customer="Acme University", size="13,000 students")
    assert found.size == ""
    assert [note.value for note in found.notes] == ["13,000 students"]


def test_read_row_joins_several_columns_of_a_list() -> None:
    mapping = load_mapping({"customer": "customer", "A": "products", "B": "products"}, ["customer", "A", "B"])
    found = read_row(2, ["Acme", "x|y", "Y"], mapping)
    assert isinstance(found, ImportRow)
    assert found.products == ("x", "y")


def test_read_row_keeps_na_where_it_means_north_america() -> None:
    assert row(customer="Acme", region="NA").region == ("NA",)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (["3/4/26", "31/1/26"], True),
        (["3/4/26", "1/31/26"], False),
        (["3/4/26"], False),
        (["31.1.26", "1/31/26"], False),
    ],
)
def test_find_day_first_by_the_dates_that_leave_no_doubt(tmp_path: Path, dates: list[str], expected: bool) -> None:
    path = tmp_path / "pool.csv"
    path.write_text("customer,nps_date\n" + "".join(f"Acme,{day}\n" for day in dates))
    table = open_table(path)
    mapping = guess_mapping(table.headings)
    assert find_day_first(table, mapping) is expected
    first = next(read_rows(table, mapping, day_first=expected))
    assert isinstance(first, ImportRow)
    assert first.nps_date == (date(2026, 4, 3) if expected else first.nps_date)


@given(st.lists(st.text(max_size=40), min_size=len(FIELDS), max_size=len(FIELDS)))
def test_read_row_of_any_cells_is_a_row_or_problems(cells: list[str]) -> None:
    found = read_row(1, cells, guess_mapping(FIELDS))
    if isinstance(found, list):
        assert found
        assert all(problem.column and problem.expected for problem in found)
    else:
        assert found.customer or found.customer_id or found.customer_domain


@needs_data
def test_read_rows_of_the_real_pool_finds_nothing_wrong() -> None:
    table = open_table(DATA / "pool.csv")
    mapping = guess_mapping(table.headings)
    require_importable(mapping)
    found = list(read_rows(table, mapping))
    assert [row for row in found if isinstance(row, list)] == []
    assert len(found) == 398


CRM_ROWS = {
    "hubspot_companies.csv": 200,
    "hubspot_contacts.csv": 679,  # the others name no company
    "maven_accounts.csv": 85,
    "sf_accountsForInsert.csv": 4,
    "sf_dataloader_accounts.csv": 423,
    "sf_dateWithTimeZone.csv": 2,
    "sf_demo_export_Account.csv": 250,
    "sf_demo_export_Contact.csv": 1122,
    "sf_emptyFirstRowFieldValueInCsvTemplate.csv": 1,
    "sf_trailhead_Account.csv": 18,
    "sf_trailhead_Contact.csv": 23,  # two addresses with an ampersand
    "sf_trailhead_Lead.csv": 22,
    "sf_upsertAccountCsvTemplate.csv": 100,
}


@needs_data
def test_read_rows_of_real_crm_exports_gives_rows_or_refuses() -> None:
    counts = {}
    for path in sorted((DATA / "crm").iterdir()):
        try:
            table = open_table(path)
            mapping = guess_mapping(table.headings)
            require_importable(mapping)
        except ImportRefusedError:
            continue
        found = read_rows(table, mapping, day_first=find_day_first(table, mapping))
        counts[path.name] = sum(isinstance(row, ImportRow) for row in found)
    assert counts == CRM_ROWS


def test_read_row_refuses_a_row_of_totals() -> None:
    mapping = guess_mapping(["customer", "annual value", "currency"])
    for first in ("Total", "Grand Totals (2 records)", "Summe"):
        (problem,) = read_row(9, [first, "1,200.50", ""], mapping)  # type: ignore[misc]
        assert (problem.line, problem.problem) == (9, "is a row of totals")
    told = read_row(9, ["Total", "1200", "EUR, France"], guess_mapping(["customer", "annual value", "country"]))
    assert isinstance(told, ImportRow)
    assert told.customer == "Total"


def test_rows_of_a_file_are_read_as_each_would_be_alone(tmp_path: Path) -> None:
    heading = "customer,title,size,nps_date,solutions,email,talk_title,country\n"
    long = "T" * 301
    lines = [
        "Acme,CTO at Acme,50 students,2026-01-31,IoT; tools: a and b,a@b.co,Talk,Spain",
        f"Beta,CTO at Acme,50 students,2026-01-31,IoT; tools: a and b,nobody,{long},Spain",
        f"Acme,CTO at Acme,70,never,IoT,nobody,{long},N/A",
        f"Acme,CTO at Acme,70,never,IoT,a@b.co,{long},N/A",
        f"Acme,CTO at Acme,50 students,2026-01-31,IoT,a@b.co,{long},Spain",
    ] * 2
    path = tmp_path / "pool.csv"
    path.write_text(heading + "\n".join(lines), encoding="utf-8")
    table = open_table(path)
    mapping = guess_mapping(table.headings)
    alone = [read_row(line, cells, mapping) for line, cells in table.rows()]
    assert list(read_rows(table, mapping)) == alone
    assert [isinstance(each, list) for each in alone] == [False, True, True, True, False] * 2
    assert isinstance(alone[4], ImportRow)
    assert [note.field for note in alone[4].notes] == ["talk_title", "size"]
