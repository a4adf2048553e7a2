"""Names of people as exports write them."""

import pytest

from references.importing.names import clean_person, split_attribution, unlink


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Bo, Al", "Al Bo"),
        ("van den Berg, Piet", "Piet van den Berg"),
        ("GARCÍA LÓPEZ, Ana María", "Ana María GARCÍA LÓPEZ"),
        ("O'Dowd, Tom", "Tom O'Dowd"),
        ("Mr. Al Bo", "Al Bo"),
        ("Frau Dr. Käthe Öttinger", "Dr. Käthe Öttinger"),
        ("Herr Toni Moser", "Toni Moser"),
        ("Mme Chloé Dubois", "Chloé Dubois"),
        ("Sr. João Silva", "João Silva"),
    ],
)
def test_clean_person_turns_and_strips(name: str, expected: str) -> None:
    assert clean_person(name) == expected


@pytest.mark.parametrize(
    "name",
    [
        "Al Bo",
        "Al Bo, Jr.",
        "Bo, PhD",
        "Rossi, CEO",
        "John Smith, Marketing",
        "Ana, Ben and Cy, Dora",
        "@peter, @samir",
        "Madonna",
        "Miss",
        "Herr",
        "Bo, 3rd floor",
        "Frauke Meyer",
        "Mario Rossi",
        ", Al",
        "Bo,",
    ],
)
def test_clean_person_leaves_other_names_alone(name: str) -> None:
    assert clean_person(name) == name


@pytest.mark.parametrize(
    ("said_by", "expected"),
    [
        ("— Ren Ito, CTO, Tidal Power", ("Ren Ito", "CTO, Tidal Power")),
        ("Ren Ito", ("Ren Ito", "")),
        ("Ito, Ren", ("Ito, Ren", "")),
        ("", ("", "")),
    ],
)
def test_split_attribution(said_by: str, expected: tuple[str, str]) -> None:
    assert split_attribution(said_by) == expected


def test_unlink_keeps_the_words_of_a_link() -> None:
    assert unlink("[Globex](https://globex.example) and [Initech](http://initech.example)") == "Globex and Initech"
    assert unlink("f[0](x)") == "f0"
    assert unlink("Acme (https://notes.example/Acme-123)") == "Acme"
    assert unlink("Acme [EMEA]") == "Acme [EMEA]"
