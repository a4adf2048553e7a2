"""Rows: every field at once, what is wrong with line and heading, and real files where they are at hand."""

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from references.importing.agreeing import YES_OR_NO
from references.importing.aliases import CANONICAL, FIELDS
from references.importing.day_order import find_day_first, judge_dates, warn_of_dates
from references.importing.errors import ImportRefusedError
from references.importing.headings import guess_mapping, load_mapping, require_importable
from references.importing.readers import open_table
from references.importing.record import DeletedRow, ImportRow, RowProblem
from references.importing.rows import ReadRow, read_row, read_rows

DATA = Path(os.environ.get("REFPROGRAM_DATA", Path(__file__).parents[4] / "shared" / "data"))
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the test data is not at hand")


def read(**cells: str) -> ReadRow:
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
    assert set(FIELDS) - {"first_name", "last_name", "deleted", *YES_OR_NO} <= set(ImportRow._fields)


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
    elif isinstance(found, DeletedRow):
        assert found.note.column == "deleted"
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


def test_read_row_takes_the_first_address_and_the_name_before_it() -> None:
    found = row(customer="Acme", email='"Bo, Al" <al@acme.example>; ben@acme.example')
    assert (found.promoter, found.email) == ("Al Bo", "al@acme.example")
    (note,) = found.notes
    assert (note.column, note.value, note.problem) == ("email", "ben@acme.example", "is one address too many")
    assert row(customer="Acme", promoter="Cy Do", email="Al Bo <al@acme.example>").promoter == "Cy Do"


def test_read_row_takes_the_first_of_several_ids_and_its_name() -> None:
    found = row(customer="Acme;Acme Holding", customer_id="88;99", promoter="Ana")
    assert (found.customer, found.customer_id) == ("Acme", "88")
    assert "one id too many" in found.notes[0].problem
    assert row(customer="Acme; and more", customer_id="88").customer == "Acme; and more"


def test_read_row_joins_ids_that_a_program_wrote_as_numbers() -> None:
    found = row(customer_id="1234.0", promoter="Ana", external_id="77.0")
    assert (found.customer_id, found.external_id) == ("1234", "77")
    (problem,) = problems(customer="Acme", customer_id="1.235E+3")
    assert (problem.column, problem.value) == ("customer_id", "1.235E+3")


@pytest.mark.parametrize("cell", ["1", "0", "x", "yes", "No", "✗"])
def test_read_row_makes_no_story_of_a_mark(cell: str) -> None:
    found = row(customer="Acme", story_title=cell)
    assert not found.has_story
    assert "not its title" in found.notes[0].problem


def test_read_row_takes_a_name_from_a_link_and_none_from_a_formula() -> None:
    assert row(customer="[Globex](https://globex.example)").customer == "Globex"
    assert problems(customer="=A1")[0].problem == "is a formula"


def test_read_row_refuses_what_heads_a_group_of_rows() -> None:
    assert problems(customer="EMEA", promoter="", email="")[0].problem == "is a part of the world, not a customer"
    assert row(customer="EMEA", promoter="Ana").customer == "EMEA"
    assert row(customer="EMEA").customer == "EMEA"


def test_read_row_reads_noughts_for_a_date_as_none() -> None:
    for cell in ("0000-00-00", "0000-00-00 00:00:00", "0/0/00", "00.00.0000"):
        assert row(customer="Acme", renewal_date=cell).renewal_date is None
    assert problems(customer="Acme", renewal_date="2026-00-00")


def test_read_row_takes_the_second_phone_where_the_first_is_blank() -> None:
    mapping = guess_mapping(["Company", "Email", "Mobile", "Business Phone"])
    found = read_row(2, ["Acme", "a@a.co", "+49 170 5550", ""], mapping)
    assert isinstance(found, ImportRow)
    assert found.phone == "+49 170 5550"
    both = read_row(2, ["Acme", "a@a.co", "+49 170 5550", "+49 30 5550"], mapping)
    assert isinstance(both, ImportRow)
    assert both.phone == "+49 30 5550"
    bad = read_row(2, ["Acme", "a@a.co", "ask", ""], mapping)
    assert isinstance(bad, list)
    assert bad[0].column == "Mobile"


def test_read_row_splits_who_said_something_from_their_title() -> None:
    found = row(customer="Tidal", quote="It works.", quote_by="— Ren Ito, CTO, Tidal")
    assert (found.quote_by, found.quote_title) == ("Ren Ito", "CTO")
    assert row(customer="Tidal", quote="It works.", quote_by="Ren Ito, CTO", quote_title="Boss").quote_title == "Boss"


@pytest.mark.parametrize(
    ("text", "day_first", "doubtful"),
    [
        ("customer;renewal_date\nAcme;01-04-2026\n", True, "01-04-2026"),
        ("customer,renewal_date\nAcme,01-04-2026\n", False, "01-04-2026"),
        ("customer,renewal_date\nAcme,01-04-2026\nBeta,31-04-2026\n", True, ""),
        ("customer;renewal_date\nAcme;01-04-2026\nBeta;04/31/2026\n", False, ""),
        ("customer;renewal_date\nAcme;2026-04-01\n", False, ""),
        ("customer;renewal_date\nAcme;04-04-2026\n", False, ""),
    ],
)
def test_judge_dates_by_the_others_or_by_what_separates_cells(
    tmp_path: Path, text: str, day_first: bool, doubtful: str
) -> None:
    path = tmp_path / "pool.csv"
    path.write_text(text)
    table = open_table(path)
    assert judge_dates(table, guess_mapping(table.headings)) == (day_first, doubtful)


def test_warn_of_dates_says_how_they_were_read() -> None:
    assert "“1/4/2026” were read with the day first" in warn_of_dates(True, "1/4/2026")[0]
    assert "month first" in warn_of_dates(False, "1/4/2026")[0]
    assert warn_of_dates(True, "") == ()


def test_read_rows_refuses_a_second_table_below_the_first(tmp_path: Path) -> None:
    path = tmp_path / "pool.csv"
    path.write_text("Company,Industry,Country\nAcme,Retail,US\n,,\nContact,Email,Company\nAna,ana@acme.test,Acme\n")
    table = open_table(path)
    with pytest.raises(ImportRefusedError, match="begins in line 4: Contact, Email, Company") as caught:
        list(read_rows(table, guess_mapping(table.headings)))
    assert caught.value.code == "two_tables"


def test_total_of_records_is_a_row_of_totals() -> None:
    found = read_row(9, ["Total", "2 Records", "345,000.00"], guess_mapping(["customer", "promoter", "annual_value"]))
    assert isinstance(found, list)
    assert found[0].problem == "is a row of totals"


def test_name_before_an_address_is_the_name() -> None:
    found = read_row(2, ["Acme", '"Noor, Ali" <ali@acme.test>; b@acme.test'], guess_mapping(["customer", "promoter"]))
    assert isinstance(found, ImportRow)
    assert found.promoter == "Ali Noor"
