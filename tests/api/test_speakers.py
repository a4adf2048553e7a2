"""Speakers: who is listed, under which name, how tired, and when free."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.api.conftest import client_of, codes, ids
from tests.factories import (
    make_blackout,
    make_consent,
    make_contact,
    make_customer,
    make_engagement,
    make_policy,
    make_tag,
)
from users.models import User

Get = Callable[..., Any]


def in_days(days: int) -> Any:
    return timezone.localdate() + timedelta(days=days)


def test_activity_decides_whose_consent_counts(get: Get) -> None:
    speaker = make_contact(consents=["speaking"])
    writer = make_contact(consents=["press"])
    make_contact(consents=["call"])
    assert ids(get("speakers/")) == [speaker.pk]
    assert ids(get("speakers/", activity="press")) == [writer.pk]
    assert ids(get("speakers/", activity="webinar")) == []
    assert get("speakers/", activity="press")["results"][0]["activity"] == "press"


@pytest.mark.parametrize("status", ["known", "nominated", "paused", "retired"])
def test_only_promoters_are_listed(status: str, get: Get) -> None:
    make_contact(status=status, consents=["speaking"])
    assert ids(get("speakers/")) == []


def test_who_did_not_agree_to_the_activity_is_not_listed(get: Get) -> None:
    make_contact(consents=["speaking"], activities=["call"])
    assert ids(get("speakers/")) == []


def test_name_is_for_managers_owners_and_marketers_where_attributed(
    get: Get, rep: User, outsider: User, marketer: User, manager: User
) -> None:
    named = make_contact(make_customer(account_owner=rep), "Named Nell", consents=["speaking"])
    nameless = make_contact(make_customer(account_owner=rep), "Nameless Ned")
    make_consent(nameless, "speaking", is_attributed=False)
    shown = {
        user.role + user.email[0]: {row["id"]: row["promoter"]["name"] for row in get("speakers/", user)["results"]}
        for user in (rep, outsider, marketer, manager)
    }
    both = {named.pk: "Named Nell", nameless.pk: "Nameless Ned"}
    assert shown["managerm"] == shown["salesr"] == both
    assert shown["marketerm"] == {named.pk: "Named Nell", nameless.pk: None}
    assert shown["saleso"] == {named.pk: None, nameless.pk: None}
    attributed = {row["id"]: row["attributed"] for row in get("speakers/")["results"]}
    assert attributed == {named.pk: True, nameless.pk: False}


def test_title_that_names_a_hidden_customer_is_blinded(get: Get) -> None:
    customer = make_customer("Zyxware", is_named=False)
    make_contact(customer, title="CTO at Zyxware", consents=["speaking"])
    answer = get("speakers/")
    assert answer["results"][0]["promoter"]["customer_name"] is None
    assert "Zyxware" not in str(answer)
    assert ids(get("speakers/", search="zyxware")) == []


def test_words_find_titles_tags_and_names_one_may_see(get: Get, manager: User) -> None:
    customer = make_customer("Open Books", tags=[make_tag("industry", "Publishing")])
    contact = make_contact(customer, "Bea Binder", title="Head of Printing", consents=["speaking"])
    for words in ("printing", "publishing head", "open books"):
        assert ids(get("speakers/", search=words)) == [contact.pk], words
    for words in ("printing banking", "binder"):
        assert ids(get("speakers/", search=words)) == [], words
    make_policy({"show_customer_name": False})
    assert ids(get("speakers/", search="open")) == []
    assert ids(get("speakers/", manager, search="open")) == [contact.pk]


def test_tired_speaker_is_listed_with_why_and_left_out_of_a_day(get: Get) -> None:
    rested = make_contact(consents=["speaking"])
    tired = make_contact(consents=["speaking"])
    make_engagement(tired, "speaking", on=in_days(-20))
    rows = {row["id"]: row for row in get("speakers/")["results"]}
    assert rows[rested.pk]["refusals"] == []
    assert rows[rested.pk]["promoter"]["used_past_year"] == 0
    assert {"speaking", "rest"} <= {refusal["code"] for refusal in rows[tired.pk]["refusals"]}
    assert rows[tired.pk]["promoter"]["last_used"] == in_days(-20).isoformat()
    assert rows[tired.pk]["promoter"]["used_past_year"] == 1
    free = rows[tired.pk]["next_free"]
    assert free > in_days(100).isoformat()
    assert ids(get("speakers/", available_on=in_days(70))) == [rested.pk]
    assert set(ids(get("speakers/", available_on=free))) == {rested.pk, tired.pk}


def test_day_in_a_blackout_is_not_available(get: Get) -> None:
    contact = make_contact(consents=["speaking"])
    make_blackout(contact, in_days(80), in_days(90))
    assert ids(get("speakers/", available_on=in_days(79))) == [contact.pk]
    assert ids(get("speakers/", available_on=in_days(80))) == []
    assert ids(get("speakers/", available_on=in_days(90))) == []
    assert ids(get("speakers/", available_on=in_days(91))) == [contact.pk]


def test_bands_are_filtered_by_code(get: Get) -> None:
    big = make_contact(make_customer(size_band="10001+"), seniority="c_level", consents=["speaking"])
    make_contact(make_customer(size_band="1-50"), seniority="staff", consents=["speaking"])
    for facet, slugs in {"size": ["10001+", "1-50"], "seniority": ["c_level", "staff"]}.items():
        for slug in slugs:
            make_tag(facet, slug, slug=slug)
    assert ids(get("speakers/", size="10001+")) == [big.pk]
    assert ids(get("speakers/", seniority="c_level")) == [big.pk]
    assert len(ids(get("speakers/", seniority=["c_level", "staff"]))) == 2


def test_order_is_by_what_was_asked_and_unknown_last(get: Get) -> None:
    old = make_contact(consents=["speaking"], verified_on=None)
    fresh = make_contact(consents=["speaking"])
    never = make_contact(consents=["speaking"])
    for contact, day in ((old, -300), (fresh, -3)):
        type(contact).objects.filter(pk=contact.pk)
        _verify(contact, in_days(day))
    assert ids(get("speakers/")) == [fresh.pk, old.pk, never.pk]
    assert ids(get("speakers/", ordering="verified_on")) == [old.pk, fresh.pk, never.pk]


def _verify(contact: Any, day: Any) -> None:
    from references.pool.writing import pool_write

    with pool_write() as touched:
        contact.verified_on = day
        contact.save(update_fields=["verified_on"])
        touched.add(contact.customer_id)


@pytest.mark.parametrize(
    ("query", "field"),
    [({"activity": "dance"}, "activity"), ({"channel": "any"}, "channel"), ({"ordering": "name"}, "ordering")],
)
def test_query_that_makes_no_sense_is_refused(query: dict[str, str], field: str, marketer: User) -> None:
    response = client_of(marketer).get("/api/v1/speakers/", query)
    assert response.status_code == 400
    assert codes(response) == [("invalid_choice", field)]


def test_unknown_region_of_use_is_refused(marketer: User) -> None:
    response = client_of(marketer).get("/api/v1/speakers/", {"used_in": "atlantis"})
    assert codes(response) == [("unknown_tag", "used_in")]


def test_speaker_is_found_for_any_of_some_days(get: Get, marketer: User) -> None:
    contact, always = make_contact(consents=["speaking"]), make_contact(consents=["speaking"])
    make_blackout(contact, in_days(70), in_days(80))
    both = {contact.pk, always.pk}
    assert set(ids(get("speakers/", available_from=in_days(75), available_until=in_days(81)))) == both
    assert ids(get("speakers/", available_from=in_days(75), available_until=in_days(80))) == [always.pk]
    rows = get("speakers/", available_from=in_days(75), available_until=in_days(90))["results"]
    free = {row["id"]: row["next_free"] for row in rows}
    assert free == {contact.pk: in_days(81).isoformat(), always.pk: in_days(75).isoformat()}
    for query, code in (
        ({"available_from": in_days(75)}, ("until_required", "available_from")),
        ({"available_from": in_days(75), "available_until": in_days(74)}, ("ends_before", "available_until")),
        ({"available_from": in_days(75), "available_until": in_days(167)}, ("too_many_days", "available_until")),
        ({"available_on": in_days(75), "available_until": in_days(80)}, ("one_or_some", "available_on")),
    ):
        assert codes(client_of(marketer).get("/api/v1/speakers/", query)) == [code]
