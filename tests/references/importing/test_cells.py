"""Texts, lists, words and addresses in cells."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from hypothesis import given
from hypothesis import strategies as st

from references.activities import ACTIVITIES, CODES
from references.enums import Health, Seniority, Tier
from references.importing import cells
from references.importing.errors import CellError


@pytest.mark.parametrize(
    "text", ["", "N/A", "n/a", "NULL", "-", "—", "none", "NaN", "#N/A", "(blank)", "not available"]
)
def test_is_blank_of_what_says_nothing(text: str) -> None:
    assert cells.is_blank(text)


@pytest.mark.parametrize("text", ["0", "no", "Nana", "available", "not", "Unknown"])
def test_is_blank_of_what_says_something(text: str) -> None:
    assert not cells.is_blank(text)


def test_clean_text_drops_what_nobody_sees() -> None:
    assert cells.clean_text("\ufeff\u3000 Ac\u200bme\u00a0Inc \r\nx\r\x1a") == "Acme Inc \nx"


def test_split_values_at_bars_and_semicolons_but_not_commas() -> None:
    assert cells.split_values("edge  computing| ;N/A;Edge Computing|R, S|Édge computing") == ("edge computing", "R, S")


@pytest.mark.parametrize("activity", ACTIVITIES, ids=lambda activity: activity.code)
def test_parse_activities_knows_every_name_of_each(activity: object) -> None:
    assert activity in ACTIVITIES
    for found in ACTIVITIES:
        for name in (found.code, found.label, found.label.upper(), found.code.replace("_", " ")):
            assert cells.parse_activities(name) == (found.code,)
        if found is activity:
            assert all(len(cells.parse_activities(name)) == 1 for name in found.also)


def test_parse_activities_of_lists() -> None:
    assert cells.parse_activities("reference call; Case study|video, quote |call") == (
        "call",
        "case_study",
        "video",
        "quote",
    )
    assert cells.parse_activities("|".join(CODES)) == CODES
    with pytest.raises(CellError) as caught:
        cells.parse_activities("call|juggling")
    assert "juggling" in caught.value.problem
    assert "case_study" in caught.value.expected


@pytest.mark.parametrize(
    ("parse", "given", "expected"),
    [
        (cells.parse_health, "GREEN", "green"),
        (cells.parse_health, "At risk", "red"),
        (cells.parse_health, "amber", "yellow"),
        (cells.parse_tier, "Tier 1", "strategic"),
        (cells.parse_tier, "gold", "key"),
        (cells.parse_seniority, "C-Level", "c_level"),
        (cells.parse_seniority, "Vice President", "vp"),
        (cells.parse_email, "Ana <Ana@Example.COM>", "Ana@example.com"),
        (cells.parse_email, "mailto:a@b.co", "a@b.co"),
        (cells.parse_domain, "https://www.Acme.com:8080/x?y", "acme.com"),
        (cells.parse_domain, "ana@acme.co.uk", "acme.co.uk"),
        (cells.parse_domain, "müller.de", "müller.de"),
        (cells.parse_url, "example.com/story", "https://example.com/story"),
        (cells.parse_url, "http://example.com", "http://example.com"),
        (cells.parse_phone, "831.605.2433x72946", "831.605.2433x72946"),
        (cells.parse_phone, "14155550100.0", "14155550100"),
        (cells.parse_boolean, "Sí", True),
        (cells.parse_boolean, "Nein", False),
        (cells.parse_boolean, "call", None),
    ],
)
def test_parse_of_what_is_right(parse: Callable[[str], object], given: str, expected: object) -> None:
    assert parse(given) == expected


@pytest.mark.parametrize(
    ("parse", "given"),
    [
        (cells.parse_health, "so so"),
        (cells.parse_tier, "zinc"),
        (cells.parse_seniority, "wizard"),
        (cells.parse_email, "***@example.com.***"),
        (cells.parse_email, "a@b"),
        (cells.parse_email, "a@b.co, c@d.co"),
        (cells.parse_domain, "updated"),
        (cells.parse_domain, "a..b.com"),
        (cells.parse_domain, "10.0.0.1"),
        (cells.parse_url, "javascript:alert(1)"),
        (cells.parse_url, "ftp://example.com"),
        (cells.parse_url, "https://a b.com"),
        (cells.parse_phone, "call me"),
        (cells.parse_phone, "1" * 61),
    ],
)
def test_parse_of_what_is_wrong_says_what_would_be_right(parse: Callable[[str], object], given: str) -> None:
    with pytest.raises(CellError) as caught:
        parse(given)
    assert caught.value.problem
    assert caught.value.expected


def test_words_cover_every_choice() -> None:
    assert {cells.parse_health(value) for value in Health.values} == set(Health.values)
    assert {cells.parse_tier(value) for value in Tier.values} == set(Tier.values)
    assert {cells.parse_seniority(value) for value in Seniority.values} == set(Seniority.values)


@pytest.mark.parametrize("text", ["4.41234E+11", "3,46e10", "4E+11"])
def test_parse_phone_refuses_a_number_that_a_spreadsheet_rounded(text: str) -> None:
    with pytest.raises(CellError, match="rounded"):
        cells.parse_phone(text)


def test_parse_email_refuses_more_than_the_pool_holds() -> None:
    with pytest.raises(CellError):
        cells.parse_email("a" * 60 + "@" + ".".join(["b" * 60] * 4) + ".example")


@given(st.text("ab.-_+@0é\n ", min_size=3, max_size=14) | st.from_regex(cells._PLAIN_EMAIL))
def test_parse_email_takes_what_the_validator_of_django_takes(text: str) -> None:
    try:
        validate_email(text.strip())
    except ValidationError:
        with pytest.raises(CellError):
            cells.parse_email(text)
    else:
        if len(text.strip()) > 254:  # what the pool can hold
            with pytest.raises(CellError, match="characters long"):
                cells.parse_email(text)
        else:
            assert cells.parse_email(text).lower() == text.strip().lower()


def test_clean_text_drops_what_turns_the_direction_of_writing() -> None:
    assert cells.clean_text("\u202eemcA\u202c") == "emcA"
    assert cells.clean_text("Ac\0me") == "Acme"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('="00123"', "00123"),
        ('=""', ""),
        ("'+47 21 55", "+47 21 55"),
        ("'tis", "'tis"),
        ("=A1", "=A1"),
        ("Marks &amp; Co&nbsp;&#39;s", "Marks & Co 's"),
        ("AT&T; R&D", "AT&T; R&D"),
        ("\u200fAl\u200e Bo\x07", "Al Bo"),
        ("CafÃ© ZÃ¼rich", "Café Zürich"),
        ("â€œIt worksâ€\x9d", "“It works”"),
        ("São Ângelo", "São Ângelo"),
        ("ÂÃ", "ÂÃ"),
    ],
)
def test_clean_text_takes_off_what_other_programs_put_on(cell: str, expected: str) -> None:
    assert cells.clean_text(cell) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("1234.0", "1234"),
        ("000123", "000123"),
        ("12.50", "12.50"),
        (" a-1 ", "a-1"),
        ("0015g00000XyZaB", "0015g00000XyZaBAAV"),
        ("0015g00000XyZaBAAV", "0015g00000XyZaBAAV"),
        ("001234567890123", "001234567890123"),
    ],
)
def test_parse_id(given: str, expected: str) -> None:
    assert cells.parse_id(given) == expected


@pytest.mark.parametrize("given", ["1.235E+3", "1.23456789012346e+17"])
def test_parse_id_refuses_what_a_spreadsheet_rounded(given: str) -> None:
    with pytest.raises(CellError, match="rounded"):
        cells.parse_id(given)


@pytest.mark.parametrize(
    ("given", "first", "others"),
    [
        ("a@b.co", "a@b.co", ()),
        ("a@b.co; c@d.co", "a@b.co", ("c@d.co",)),
        ("a@b.co ::: c@d.co", "a@b.co", ("c@d.co",)),
        ("a@b.co / c@d.co", "a@b.co", ("c@d.co",)),
        ('"Ta, Be" <be@b.co>; be2@b.co', "be@b.co", ("be2@b.co",)),
        ("Ana <a@b.co>, Ben <c@d.co>", "a@b.co", ("c@d.co",)),
        ("Bo, Al <a@b.co>", "a@b.co", ()),
    ],
)
def test_parse_emails_gives_the_first_and_the_others(given: str, first: str, others: tuple[str, ...]) -> None:
    assert cells.parse_emails(given) == (first, others)


@pytest.mark.parametrize("given", ["a@b.co; nobody@", "a@b.co c@d.co", "a(at)b.co"])
def test_parse_emails_refuses_what_is_none(given: str) -> None:
    with pytest.raises(CellError):
        cells.parse_emails(given)


@pytest.mark.parametrize(
    ("given", "name"),
    [("Al Bo <a@b.co>", "Al Bo"), ('"Bo, Al" <a@b.co>', "Bo, Al"), ("a@b.co", ""), ("a@b.co <a@b.co>", "")],
)  # fmt: skip
def test_name_in_email(given: str, name: str) -> None:
    assert cells.name_in_email(given) == name


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("TRUE", True),
        ("Do Not Allow", True),
        ("Unsubscribed", True),
        ("Allow", False),
        ("Subscribed", False),
        ("no", False),
    ],
)
def test_parse_opted_out(given: str, expected: bool) -> None:
    assert cells.parse_opted_out(given) is expected


def test_parse_opted_out_refuses_other_words() -> None:
    with pytest.raises(CellError, match="opted out"):
        cells.parse_opted_out("perhaps")


def test_parse_activities_as_exports_write_them() -> None:
    given = "Phone Call; Site Visit; Speaking Engagement; Press Release; Case Studies"
    assert cells.parse_activities(given) == ("call", "site_visit", "speaking", "press", "case_study")
