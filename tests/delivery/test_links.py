"""Signed links: they open what they are for, until they expire or are revoked, and cannot be guessed or altered."""

import string
import uuid
from datetime import timedelta

import hypothesis
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from delivery.links import (
    LinkError,
    absolute_url,
    issue_link,
    link_path,
    link_token,
    mark_used,
    read_link,
    revoke_links,
)
from delivery.models import SignedLink

pytestmark = pytest.mark.django_db

SHORT = timedelta(days=1)
CHARACTERS = string.ascii_letters + string.digits + "-_=.% é\0"


def make_link(**fields: object) -> SignedLink:
    return issue_link(**{"purpose": "action", "subject": "match:12", "lifetime": SHORT, **fields})  # type: ignore[arg-type]


def refusal_of(token: str, *purposes: str) -> str:
    with pytest.raises(LinkError) as refused:
        read_link(token, *(purposes or ("action",)))
    return refused.value.code


def test_link_is_read_back_by_its_token() -> None:
    link = make_link()
    assert read_link(link_token(link), "hub", "action") == link


def test_link_is_the_same_each_time_it_is_written() -> None:
    link = make_link()
    again = SignedLink.objects.get(pk=link.pk)
    assert link_path(link) == link_path(again) == f"/p/{link_token(link)}/"
    assert link_path(make_link()) != link_path(link)


def test_link_leaves_nothing_secret_in_the_database() -> None:
    link = make_link()
    signature = link_token(link).partition("-")[2]
    stored = str(SignedLink.objects.filter(pk=link.pk).values().get())
    assert len(signature) == 43
    assert signature not in stored


def test_link_stands_under_the_address_of_the_site(settings: Settings) -> None:
    settings.SITE_URL = "https://refs.example.test"
    assert absolute_url("/p/x/") == "https://refs.example.test/p/x/"


def test_link_of_another_purpose_is_unknown() -> None:
    token = link_token(make_link())
    assert refusal_of(token, "hub") == "unknown"
    with pytest.raises(LinkError):
        read_link(token)


def test_link_signed_by_another_key_is_unknown(settings: Settings) -> None:
    token = link_token(make_link())
    settings.SECRET_KEY = "another"
    assert refusal_of(token) == "unknown"


@pytest.mark.parametrize("token", ["", "-", "x", "é-ü", "0" * 32 + "-", "\0-\0", "a" * 10_000])
def test_link_that_was_made_up_is_unknown_without_asking_the_database(token: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert refusal_of(token) == "unknown"
    assert len(queries) == 0


def test_link_that_is_over_says_whose_it_was_and_an_unknown_one_does_not() -> None:
    link = make_link()
    revoke_links(subject=link.subject)
    for token, purpose, whose in ((link_token(link), "action", link), (link_token(link), "hub", None)):
        with pytest.raises(LinkError) as refused:
            read_link(token, purpose)
        assert refused.value.link == whose


def test_link_that_was_signed_but_is_gone_is_unknown() -> None:
    link = make_link()
    token = link_token(link)
    SignedLink.objects.all().delete()
    assert refusal_of(token) == "unknown"


def test_link_ends_when_its_time_is_over() -> None:
    link = make_link()
    SignedLink.objects.update(expires_at=timezone.now())
    assert refusal_of(link_token(link)) == "expired"


def test_links_of_a_subject_are_revoked_together() -> None:
    action, hub, other = make_link(), make_link(purpose="hub"), make_link(subject="match:1")
    assert revoke_links(subject="match:12", purpose="hub") == 1
    assert refusal_of(link_token(hub), "hub") == "revoked"
    assert read_link(link_token(action), "action") == action
    assert revoke_links(subject="match:12") == 1
    assert refusal_of(link_token(action)) == "revoked"
    assert read_link(link_token(other), "action") == other


def test_link_is_first_used_once() -> None:
    link = make_link()
    assert [mark_used(link), mark_used(SignedLink.objects.get())] == [True, False]
    assert SignedLink.objects.get().used_at == link.used_at


@hypothesis.settings(max_examples=60, deadline=None)
@given(key=st.uuids(), place=st.integers(0, 75), other=st.sampled_from(CHARACTERS))
def test_link_with_any_changed_character_is_unknown(key: uuid.UUID, place: int, other: str) -> None:
    fields = {"purpose": "action", "subject": "x", "expires_at": timezone.now() + SHORT}
    link, _is_new = SignedLink.objects.get_or_create(pk=key, defaults=fields)
    token = link_token(link)
    assert len(token) == 76
    assert read_link(token, "action") == link
    changed = token[:place] + other + token[place + 1 :]
    if changed != token:
        assert refusal_of(changed) == "unknown"
