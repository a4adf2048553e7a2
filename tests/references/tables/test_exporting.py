"""Exports of tables: who gets which rows, what is blinded, and contact data on record."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from references.errors import DomainError
from references.models import Consent, Contact, Disclosure, Lead
from references.pool.writing import pool_write
from references.services.consents import revoke_consent
from references.tables.exporting import Export, open_export
from references.tables.table import all_tables, find_table, tables_for
from tests.factories import (
    make_case_study,
    make_consent,
    make_contact,
    make_customer,
    make_disclosure,
    make_engagement,
    make_nomination,
    make_proof_point,
    make_slot,
    make_tag,
    make_testimonial,
)
from users.models import User

pytestmark = pytest.mark.django_db


def opened(name: str, user: User, query: str = "", **options: Any) -> Export:
    table = find_table(name, user)
    assert table is not None, name
    return open_export(table=table, user=user, query=QueryDict(query), **options)


def rows_of(name: str, user: User, query: str = "", **options: Any) -> list[dict[str, Any]]:
    export = opened(name, user, query, **options)
    export.record_disclosures()
    return [dict(zip(export.names, row, strict=True)) for row in export.cells()]


def add_one_of_all(number: int) -> Contact:
    """One row of every table of this floor."""
    industry = make_tag("industry", f"Industry {number}")
    customer = make_customer(f"Customer {number}", tags=[industry])
    contact = make_contact(
        customer, f"Person {number}", consents=["speaking", "quote", "call"], email=f"{number}@c.example"
    )
    make_consent(customer, "case_study")
    make_proof_point(customer)
    make_case_study(customer, tags=[industry])
    make_testimonial(contact)
    make_slot(speaker=contact)
    make_engagement(contact)
    make_nomination(contact)
    make_disclosure(contact)
    Lead.objects.create(
        name="Jo", email="jo@v.example", agreed_to="mail", agreed_at=timezone.now(), creation_key=str(number)
    )
    return contact


HERE = (
    "promoters", "customers", "case-studies", "testimonials", "proof-points", "speaking-slots", "consents",
    "engagements", "nominations", "leads", "disclosures",
)  # fmt: skip


def test_tables_of_this_floor_are_known() -> None:
    assert [table.name for table in all_tables() if table.name in HERE] == list(HERE)


@pytest.mark.parametrize("name", HERE)
def test_export_has_a_cell_for_every_column_in_constant_queries(name: str, manager: User) -> None:
    def count() -> int:
        rows_of(name, manager)
        with CaptureQueriesContext(connection) as queries:
            assert rows_of(name, manager)
        return len(queries)

    add_one_of_all(1)
    one = count()
    for number in (2, 3):
        add_one_of_all(number)
    assert count() == one


@pytest.mark.parametrize("name", HERE)
def test_export_of_somebody_new_runs_dry_without_rows(name: str, outsider: User) -> None:
    if find_table(name, outsider) is not None:
        assert rows_of(name, outsider) == []


def test_promoters_are_named_to_managers_alone(manager: User, outsider: User) -> None:
    make_contact(make_customer("Nordbank"), "Ada Voss", title="CFO of Nordbank", email="ada@n.example")
    seen, blinded = rows_of("promoters", manager)[0], rows_of("promoters", outsider)[0]
    assert (seen["name"], seen["title"], seen["customer"]) == ("Ada Voss", "CFO of Nordbank", "Nordbank")
    assert (blinded["name"], blinded["title"]) == ("", "CFO")
    assert "ada@n.example" not in str([seen, blinded])


def test_promoters_follow_the_words_and_facets_of_the_list(manager: User) -> None:
    banking = make_tag("industry", "Banking")
    banker = make_contact(make_customer(tags=[banking]), title="Treasurer")
    make_contact(title="Treasurer")
    paused = make_contact(status="paused")
    assert [row["id"] for row in rows_of("promoters", manager, "f=industry:banking")] == [banker.pk]
    assert len(rows_of("promoters", manager, "q=treasurer&page=2&look=cards")) == 2
    assert [row["id"] for row in rows_of("promoters", manager, "status=paused")] == [paused.pk]


def test_contact_data_is_for_those_who_run_the_program(rep: User, marketer: User) -> None:
    make_contact(make_customer(account_owner=rep), email="a@b.example")
    for user in (rep, marketer):
        with pytest.raises(DomainError) as refusal:
            opened("promoters", user, with_contact_data=True)
        assert refusal.value.code == "not_disclosed"
        assert "email" not in rows_of("promoters", user)[0]


def test_contact_data_is_on_record_for_everybody_in_the_file_and_no_one_else(manager: User) -> None:
    banking = make_tag("industry", "Banking")
    inside = make_contact(make_customer(tags=[banking]), email="in@b.example", phone="+49 1")
    make_contact(email="out@b.example")
    rows = rows_of("promoters", manager, "f=industry:banking", with_contact_data=True)
    assert [(row["email"], row["phone"]) for row in rows] == [("in@b.example", "+49 1")]
    assert list(Disclosure.objects.values_list("contact", "user", "why")) == [
        (inside.pk, manager.pk, "Export of promoters")
    ]


def test_contact_data_of_whoever_is_not_on_record_stays_out(manager: User) -> None:
    make_contact(email="late@b.example")
    export = opened("promoters", manager, with_contact_data=True)
    assert [row[-2:] for row in export.cells()] == [["", ""]]


def test_contact_data_of_a_table_without_any_is_refused(manager: User) -> None:
    with pytest.raises(DomainError):
        opened("customers", manager, with_contact_data=True)


def test_leads_have_their_address_only_where_asked_for(marketer: User, rep: User) -> None:
    Lead.objects.create(name="Jo", email="jo@v.example", agreed_to="mail", agreed_at=timezone.now(), creation_key="1")
    assert "email" not in rows_of("leads", marketer)[0]
    assert rows_of("leads", marketer, with_contact_data=True)[0]["email"] == "jo@v.example"
    assert find_table("leads", rep) is None
    assert "leads" not in {table.name for table in tables_for(rep)}


def _testimonial() -> tuple[str, Consent]:
    contact = make_contact(make_customer("Nordbank"), "Ada Voss")
    consent = make_consent(contact, "quote", is_attributed=False)
    make_testimonial(contact, "At Nordbank it works, says Ada Voss.", transcript="Nordbank", url="https://n.example/q")
    return "testimonials", consent


def _story() -> tuple[str, Consent]:
    customer = make_customer("Nordbank")
    consent = make_consent(customer, "case_study", is_attributed=False)
    make_case_study(customer, "How Nordbank did it", url="https://n.example/s")
    return "case-studies", consent


def _number() -> tuple[str, Consent]:
    customer = make_customer("Nordbank")
    consent = make_consent(customer, "case_study", is_attributed=False)
    make_proof_point(customer, "Days to close at Nordbank")
    return "proof-points", consent


@pytest.mark.parametrize("make", [_testimonial, _story, _number])
def test_content_leaves_the_export_with_its_consent_and_is_nameless_without_attribution(
    make: Callable[[], tuple[str, Consent]], manager: User
) -> None:
    name, consent = make()
    rows = rows_of(name, manager)
    assert len(rows) == 1
    assert rows[0]["attributed"] is False
    assert "nordbank" not in str(rows).lower()
    assert "n.example" not in str(rows)
    assert "Voss" not in str(rows)
    revoke_consent(consent=consent, by=manager)
    assert rows_of(name, manager) == []


def test_content_says_how_and_until_when(manager: User) -> None:
    region = make_tag("region", "Germany", slug="germany")
    customer = make_customer("Nordbank")
    until = timezone.localdate().replace(month=12, day=31)
    make_consent(customer, "case_study", channel="web", region=region, valid_until=until)
    make_case_study(customer, "How Nordbank did it")
    row = rows_of("case-studies", manager, "channel=web&used_in=germany")[0]
    assert (row["customer"], row["title"], row["usable_until"]) == ("Nordbank", "How Nordbank did it", until)
    assert row["rights"] == [f"web, germany, until {until.isoformat()}"]
    assert rows_of("case-studies", manager, "channel=print") == []


def test_slots_name_a_speaker_only_while_consent_covers_the_day(manager: User) -> None:
    contact = make_contact(name="Ada Voss")
    make_slot(speaker=contact)
    assert rows_of("speaking-slots", manager)[0]["speaker"] is None
    make_consent(contact, "speaking")
    assert rows_of("speaking-slots", manager)[0]["speaker_name"] == "Ada Voss"


def test_customers_tell_of_the_account_to_those_who_keep_it(manager: User, rep: User, outsider: User) -> None:
    make_customer("Nordbank", account_owner=rep, tier="key", domain="nord.example")
    assert rows_of("customers", manager, "q=nord")[0]["tier"] == "key"
    assert rows_of("customers", rep)[0]["tier"] == "key"
    assert rows_of("customers", outsider)[0]["tier"] is None
    assert rows_of("customers", manager, "q=sued") == []


def test_consents_of_others_accounts_stay_out(manager: User, rep: User, outsider: User) -> None:
    contact = make_contact(make_customer(account_owner=rep), "Ada Voss", consents=["call"])
    with pool_write():
        Consent.objects.filter(contact=contact).update(evidence="signed")
    assert len(rows_of("consents", manager)) == len(rows_of("consents", rep)) == 1
    assert rows_of("consents", outsider) == []
    assert rows_of("consents", manager, "in_force=false") == []


def test_ledger_keeps_notes_with_the_account(manager: User, outsider: User) -> None:
    make_engagement(make_contact(name="Ada Voss"), note="was late")
    assert (row := rows_of("engagements", manager)[0])["note"] == "was late"
    assert row["name"] == "Ada Voss"
    assert (row := rows_of("engagements", outsider)[0])["note"] == ""
    assert row["name"] == ""


def test_disclosures_of_others_are_for_managers(manager: User, rep: User, outsider: User) -> None:
    make_disclosure(user=rep)
    assert len(rows_of("disclosures", manager)) == len(rows_of("disclosures", rep)) == 1
    assert rows_of("disclosures", outsider) == []


def test_nominations_never_hold_the_address_of_someone_new(manager: User) -> None:
    make_nomination(person_email="new@b.example")
    assert "new@b.example" not in str(rows_of("nominations", manager))
