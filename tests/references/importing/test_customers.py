"""Which customer a row means, and what it changes of one the pool knows."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from references.importing.running import import_file
from references.models import Contact, Customer
from references.pool.writing import pool_write
from tests.factories import make_customer
from tests.references.importing.files import import_rows, write_csv
from users.models import User

pytestmark = pytest.mark.django_db


def name_all() -> list[str]:
    return list(Customer.objects.order_by("pk").values_list("name", flat=True))


def test_customer_is_found_by_crm_id_and_renamed(tmp_path: Path) -> None:
    make_customer("Acme", external_id="001")
    import_rows(tmp_path, {"customer": "Acme Group", "customer_id": "001", "health": "red"})
    assert Customer.objects.values_list("name", "folded_name", "health").get() == ("Acme Group", "acme group", "red")


def test_customer_keeps_its_name_where_another_bears_the_new_one(tmp_path: Path) -> None:
    make_customer("Acme", external_id="001")
    make_customer("Beta")
    report = import_rows(tmp_path, {"customer": "Beta", "customer_id": "001"})
    assert name_all() == ["Acme", "Beta"]
    assert [note.problem for note in report.notes] == ["was taken for Acme"]


def test_customer_is_found_by_domain_under_another_name(tmp_path: Path) -> None:
    make_customer("Acme", domain="acme.test")
    report = import_rows(tmp_path, {"customer": "Acme Limited", "customer_domain": "https://www.acme.test/"})
    assert name_all() == ["Acme"]
    assert report.notes[0].value == "Acme Limited"


def test_customer_of_the_same_name_wins_among_those_of_a_domain(tmp_path: Path) -> None:
    make_customer("Acme UK", domain="acme.test")
    make_customer("Acme US", domain="acme.test")
    import_rows(tmp_path, {"customer": "Acme US", "customer_domain": "acme.test", "health": "green"})
    assert Customer.objects.get(health="green").name == "Acme US"


def test_customers_with_ids_of_their_own_may_share_a_domain(tmp_path: Path) -> None:
    rows = [
        {"customer": "Acme UK", "customer_id": "1", "customer_domain": "acme.test"},
        {"customer": "Acme US", "customer_id": "2", "customer_domain": "acme.test"},
    ]
    import_rows(tmp_path, *rows)
    assert name_all() == ["Acme UK", "Acme US"]
    assert import_rows(tmp_path, *rows).changes == 0


def test_customers_on_a_shared_site_stay_apart(tmp_path: Path) -> None:
    import_rows(
        tmp_path,
        {"customer": "Acme", "customer_domain": "facebook.com/acme"},
        {"customer": "Beta", "customer_domain": "facebook.com/beta"},
    )
    assert name_all() == ["Acme", "Beta"]


def test_customer_is_found_by_folded_name(tmp_path: Path) -> None:
    make_customer("Énergie, S.A.")
    import_rows(tmp_path, {"customer": "ENERGIE S A", "tier": "key"})
    assert Customer.objects.values_list("name", "tier").get() == ("Énergie, S.A.", "key")


def test_customer_is_joined_by_a_second_crm_id_of_its_name(tmp_path: Path) -> None:
    report = import_rows(
        tmp_path,
        {"customer": "Acme", "customer_id": "1"},
        {"customer": "Acme", "customer_id": "2"},
        {"customer_id": "2", "promoter": "Ana"},
    )
    assert Customer.objects.get().external_id == "1"
    assert Contact.objects.get().customer == Customer.objects.get()
    assert "another id of Acme" in report.notes[0].problem


def test_customer_given_by_domain_alone_must_be_known(tmp_path: Path) -> None:
    path = write_csv(tmp_path, {"customer_domain": "acme.test", "promoter": "Ana"})
    report = import_file(path)
    assert report.is_refused
    assert report.problems[0].field == "customer_domain"
    make_customer("Acme", domain="acme.test")
    assert not import_file(path).is_refused


def test_customer_without_letters_is_a_bad_row(tmp_path: Path) -> None:
    report = import_file(write_csv(tmp_path, {"customer": "???"}))
    assert [(problem.line, problem.problem) for problem in report.problems] == [(2, "is no name")]


def test_customer_is_changed_by_what_the_file_says_and_kept_in_what_it_does_not(tmp_path: Path) -> None:
    make_customer("Acme", size_band="1-50", health="green", renewal_date=date(2026, 1, 1))
    report = import_rows(tmp_path, {"customer": "Acme", "size": "9000", "renewal_date": "2027-01-01"})
    customer = Customer.objects.get()
    assert (customer.size_band, customer.health, customer.renewal_date) == ("1001-10000", "green", date(2027, 1, 1))
    assert (report.counts["customers"].updated, report.counts["customers"].created) == (1, 0)


def test_first_value_of_a_file_holds(tmp_path: Path) -> None:
    rows = [{"customer": "Acme", "health": "green"}, {"customer": "Acme", "health": "red", "tier": "key"}]
    import_rows(tmp_path, *rows)
    assert Customer.objects.values_list("health", "tier").get() == ("green", "key")


def test_value_without_currency_is_left_out_and_told(tmp_path: Path) -> None:
    report = import_rows(tmp_path, {"customer": "Acme", "annual_value": "5000"})
    assert Customer.objects.get().annual_value is None
    assert report.notes[0].problem == "has no currency and was left out"


def test_value_takes_the_currency_the_customer_has(tmp_path: Path) -> None:
    make_customer("Acme", currency="EUR", lifetime_value=Decimal(9))
    import_rows(tmp_path, {"customer": "Acme", "annual_value": "5000"})
    assert Customer.objects.values_list("annual_value", "currency").get() == (Decimal(5000), "EUR")


def test_value_in_another_currency_than_the_lifetime_value_is_left_out(tmp_path: Path) -> None:
    make_customer("Acme", currency="EUR", lifetime_value=Decimal(9))
    report = import_rows(tmp_path, {"customer": "Acme", "annual_value": "$5000"})
    assert Customer.objects.values_list("annual_value", "currency").get() == (None, "EUR")
    assert report.note_count == 1


@pytest.mark.parametrize("owner", ["rep@example.test", "REP@example.test", "Robin Rep"])
def test_account_owner_is_found_by_address_or_name(tmp_path: Path, rep: User, owner: str) -> None:
    import_rows(tmp_path, {"customer": "Acme", "account_owner": owner})
    assert Customer.objects.get().account_owner == rep


def test_unknown_account_owner_is_told_once(tmp_path: Path) -> None:
    report = import_rows(
        tmp_path, {"customer": "Acme", "account_owner": "Nobody"}, {"customer": "Beta", "account_owner": "Nobody"}
    )
    assert [note.value for note in report.notes] == ["Nobody"]


def test_customer_who_must_not_be_named_is_marked(tmp_path: Path) -> None:
    report = import_rows(tmp_path, {"customer": "(unnamed) UK retailer"}, {"customer": "Acme"})
    assert list(Customer.objects.order_by("pk").values_list("name", "is_named")) == [
        ("(unnamed) UK retailer", False),
        ("Acme", True),
    ]
    assert ["must not be named" in note.problem for note in report.notes] == [True]


def test_customer_whom_a_manager_let_be_named_stays_so(tmp_path: Path) -> None:
    import_rows(tmp_path, {"customer": "(unnamed) UK retailer"})
    with pool_write():
        Customer.objects.update(is_named=True)
    import_rows(tmp_path, {"customer": "(unnamed) UK retailer", "health": "red"})
    assert Customer.objects.values_list("is_named", "health").get() == (True, "red")


@pytest.mark.parametrize("name", ["Anonymous", "(unnamed)", "Confidential client", "ANONYM"])
def test_customer_by_a_name_that_any_could_bear_is_refused(tmp_path: Path, name: str) -> None:
    report = import_file(write_csv(tmp_path, {"customer": name, "country": "ES"}, {"customer": "Acme"}))
    assert [(problem.line, problem.value) for problem in report.problems] == [(2, name)]
    assert "one customer from another" in report.problems[0].problem
    assert name_all() == []


def test_customers_told_by_leads_are_not_referenceable_until_told_so(tmp_path: Path) -> None:
    make_customer("Acme")
    rows = [{"Id": f"00Q{at}", "Name": f"Ana {at}", "Company": name, "Email": f"a{at}@x.test", "IsConverted": "FALSE"}
            for at, name in enumerate(["Acme", "Beta"])]  # fmt: skip
    mapping = {"Name": "promoter", "Company": "customer", "Email": "email"}
    for given in (None, mapping):  # a page always gives a mapping
        report = import_rows(tmp_path, *rows, mapping=given)
        assert "not referenceable" in report.warnings[0]
        assert list(Customer.objects.order_by("name").values_list("name", "is_referenceable")) == [
            ("Acme", True),
            ("Beta", False),
        ]


def test_country_of_a_person_joined_by_domain_is_not_the_customers(tmp_path: Path) -> None:
    make_customer("Acme", domain="acme.test", raw_location="Spain")
    import_rows(tmp_path, {"Email": "ana@acme.test", "First Name": "Ana", "Associated Company Domain": "acme.test",
                           "Country": "Ghana"})  # fmt: skip
    assert Customer.objects.get().raw_location == "Spain"
    assert not Customer.objects.get().tags.exists()


def test_country_beside_a_customers_name_is_the_customers(tmp_path: Path) -> None:
    import_rows(tmp_path, {"Name": "Ana", "Email": "ana@acme.test", "Company": "Acme", "Country": "Spain"})
    assert Customer.objects.get().raw_location == "Spain"
