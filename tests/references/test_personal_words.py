"""The words by which a person is known, taken out of texts."""

import pytest

from references.personal_words import Person

NORA = Person("Nora Lindqvist", "nora@fjordbank.example", "+47 555 0100")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Mail NORA@fjordbank.example", "Mail …"),
        ("Call +47 (555) 01-00 or 475550100", "Call … or …"),
        ("Call 555 0199", "Call 555 0199"),
        ("", ""),
    ],
)
def test_addresses_are_hidden_however_they_are_written(text: str, left: str) -> None:
    assert NORA.hide_addresses(text) == left


def test_text_about_the_person_loses_single_words_too() -> None:
    assert NORA.hide("Lindqvist likes it, says Nora") == "… likes it, says …"


def test_text_about_others_loses_only_the_whole_name() -> None:
    assert NORA.hide_in_full("Nora Lindqvist and Nora Berg") == "… and Nora Berg"


def test_person_without_addresses_hides_none() -> None:
    assert Person("Nora Lindqvist", "", "12").hide_addresses("12 mails, a@b.example") == "12 mails, a@b.example"
