"""What every list of what marketers source shares: some fields alone, the whole as CSV, and what changed since."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from references.models import Testimonial
from references.pool.writing import pool_write
from references.services.consents import revoke_consent
from tests.api.conftest import client_of, codes, ids
from tests.api.test_contract import SOURCED, address, make_world
from tests.factories import make_consent, make_contact, make_customer, make_tag, make_testimonial
from users.models import User

Get = Callable[..., Any]
LISTS = [f"{noun}-list" for noun in SOURCED]


def table(user: User, name: str, **query: Any) -> list[dict[str, str]]:
    response = client_of(user).get(address(name), query, HTTP_ACCEPT="text/csv")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(response.getvalue().decode())))


@pytest.mark.parametrize("name", LISTS)
def test_fields_cut_rows_and_never_cost_a_query_more(name: str, marketer: User) -> None:
    pk = make_world(1, marketer)[name.replace("-list", "-detail")]
    client = client_of(marketer)

    def rows(**query: str) -> tuple[list[dict[str, Any]], int]:
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address(name), query).json()["results"]
        return answer, len(queries)

    rows()
    whole, queries = rows()
    cut, fewer = rows(fields="id, updated_at")
    assert cut == [{key: row[key] for key in ("id", "updated_at")} for row in whole]
    assert fewer <= queries
    detail = client.get(address(name.replace("-list", "-detail"), pk), {"fields": "id"})
    assert detail.json() == {"id": pk}


def test_cut_content_loads_neither_rights_nor_tags(marketer: User) -> None:
    make_world(1, marketer)
    client = client_of(marketer)
    client.get(address("testimonial-list"))
    with CaptureQueriesContext(connection) as whole:
        client.get(address("testimonial-list"))
    with CaptureQueriesContext(connection) as cut:
        client.get(address("testimonial-list"), {"fields": "id,text"})
    assert len(cut) <= len(whole) - 4


@pytest.mark.parametrize("name", LISTS)
def test_unknown_field_is_refused_and_the_known_ones_are_named(name: str, marketer: User) -> None:
    response = client_of(marketer).get(address(name), {"fields": "id,email"})
    assert response.status_code == 400
    assert codes(response) == [("unknown_field", "fields")]
    assert "'email'" in response.json()["errors"][0]["detail"]
    assert "updated_at" in response.json()["errors"][0]["detail"]


@pytest.mark.parametrize("name", LISTS)
def test_csv_holds_the_whole_list_not_a_page_of_it(name: str, marketer: User) -> None:
    for number in range(3):
        make_world(number, marketer)
    listed = client_of(marketer).get(address(name), {"page_size": 200}).json()["results"]
    rows = table(marketer, name)
    assert [row["id"] for row in rows] == [str(row["id"]) for row in listed]
    assert [row["id"] for row in table(marketer, name, page_size=2)] == [row["id"] for row in rows[:2]]
    response = client_of(marketer).get(address(name), HTTP_ACCEPT="text/csv")
    assert response["Content-Disposition"] == f'attachment; filename="{address(name).split("/")[-2]}.csv"'
    assert response["RateLimit-Limit"]


def test_csv_flattens_what_is_nested_and_lets_no_cell_run(marketer: User) -> None:
    tags = [make_tag("industry", "Retail"), make_tag("industry", "Banking")]
    contact = make_contact(make_customer("Named Ltd", tags=tags), "Kim Said")
    make_consent(contact, "quote", channel="web", valid_until=timezone.localdate())
    make_testimonial(contact, '=HYPERLINK("http://evil.test")', said_by_title='"Head", of IT\nand more')
    row = table(marketer, "testimonial-list")[0]
    assert row["text"] == '\'=HYPERLINK("http://evil.test")'
    assert row["said_by_title"] == '"Head", of IT\nand more'
    assert row["customer.name"] == "Named Ltd"
    assert row["tags.industry"] == "banking | retail"
    assert row["tags.product"] == row["published_on"] == ""
    today = timezone.localdate().isoformat()
    assert row["rights"] == f"activity=quote; channel=web; region=; attributed=true; usable_until={today}"
    assert row["attributed"] == "true"
    assert list(table(marketer, "testimonial-list", fields="id,kind")[0]) == ["id", "kind"]


def test_csv_of_a_list_without_rows_has_its_headings(marketer: User) -> None:
    response = client_of(marketer).get(address("testimonial-list"), {"fields": "id,kind"}, HTTP_ACCEPT="text/csv")
    assert response.getvalue() == b"id,kind\r\n"


def test_csv_gives_the_same_rights_and_names_as_json(marketer: User) -> None:
    contact = make_contact(make_customer("Hush Inc", is_named=False), "Kim Said")
    consent = make_consent(contact, "quote")
    make_testimonial(contact, "Hush Inc gained.")
    row = table(marketer, "testimonial-list")[0]
    assert row["customer.id"] == row["customer.name"] == row["said_by"] == ""
    assert "Hush" not in str(row)
    revoke_consent(consent=consent)
    assert table(marketer, "testimonial-list") == []


def test_refusal_of_a_csv_is_json(marketer: User) -> None:
    response = client_of(marketer).get(address("testimonial-list"), {"fields": "x"}, HTTP_ACCEPT="text/csv")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/json"
    assert codes(response) == [("unknown_field", "fields")]
    detail = client_of(marketer).get(address("testimonial-detail"), HTTP_ACCEPT="text/csv")
    assert detail.status_code == 406


def test_what_changed_comes_in_the_order_of_its_changes(get: Get) -> None:
    contact = make_contact(consents=["quote"])
    quotes = [make_testimonial(contact) for _ in range(3)]
    start = timezone.now()
    with pool_write() as touched:
        for number, quote in enumerate((quotes[2], quotes[0])):
            Testimonial.objects.filter(pk=quote.pk).update(updated_at=start + timedelta(seconds=number))
        touched.add(contact.customer_id)
    since = start.isoformat()
    assert ids(get("testimonials/", updated_since=since)) == [quotes[2].pk, quotes[0].pk]
    assert ids(get("testimonials/", updated_since=since, ordering="-updated_at")) == [quotes[0].pk, quotes[2].pk]
    assert ids(get("testimonials/", updated_since=since.replace("+", " "))) == [quotes[2].pk, quotes[0].pk]
    assert ids(get("testimonials/", updated_since=(start + timedelta(seconds=2)).isoformat())) == []


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    ("value", "code"),
    [("2026-01-01T00:00:00", "offset_required"), ("yesterday", "invalid"), ("2026-13-01Z", "invalid")],
)
def test_moment_needs_its_offset(name: str, value: str, code: str, marketer: User) -> None:
    response = client_of(marketer).get(address(name), {"updated_since": value})
    assert codes(response) == [(code, "updated_since")]


def test_new_consent_brings_what_it_covers_into_the_next_pull(get: Get) -> None:
    from references.services.consents import record_consent

    contact = make_contact()
    quote = make_testimonial(contact)
    since = timezone.now().isoformat()
    assert ids(get("testimonials/", updated_since=since)) == ids(get("speakers/", updated_since=since)) == []
    record_consent(contact=contact, activity="quote")
    record_consent(contact=contact, activity="speaking")
    assert ids(get("testimonials/", updated_since=since)) == [quote.pk]
    assert ids(get("speakers/", updated_since=since)) == [contact.pk]


def test_use_until_a_day_needs_one_consent_that_lasts_as_long(get: Get) -> None:
    today = timezone.localdate()
    contact = make_contact()
    make_consent(contact, "quote", valid_until=today + timedelta(days=10))
    quote = make_testimonial(contact, expires_on=today + timedelta(days=20))
    make_consent(contact, "speaking", valid_until=today + timedelta(days=10))

    def found(path: str, days: int) -> list[int]:
        return ids(get(path, until=today + timedelta(days=days)))

    assert found("testimonials/", 10) == [quote.pk]
    assert found("testimonials/", 11) == []
    assert found("speakers/", 10) == [contact.pk]
    assert found("speakers/", 11) == []
    make_consent(contact, "quote", channel="web")
    assert found("testimonials/", 20) == [quote.pk]
    assert found("testimonials/", 21) == []
    row = get("testimonials/", until=today + timedelta(days=15))["results"][0]
    assert [right["channel"] for right in row["rights"]] == ["web"]
    assert row["usable_until"] == (today + timedelta(days=20)).isoformat()


def test_content_is_found_by_its_days_and_by_whether_it_may_carry_the_name(get: Get) -> None:
    named, nameless = make_contact(consents=["quote"]), make_contact()
    make_consent(nameless, "quote", is_attributed=False)
    old = make_testimonial(named, published_on=date(2025, 1, 1))
    new = make_testimonial(nameless, published_on=date(2026, 1, 1))
    assert ids(get("testimonials/", published_from="2025-01-02")) == [new.pk]
    assert ids(get("testimonials/", published_until="2025-01-01")) == [old.pk]
    assert ids(get("testimonials/", attributed="true")) == [old.pk]
    assert ids(get("testimonials/", attributed="false")) == [new.pk]
