"""What a value means: whole names first, parts next, and a proposal for what nobody knows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from references.importing.tagnames import Finding, KnownTag, TagNames, fold_value, may_be_tag, slug_value, to_singular

RETAIL, GOODS, TELECOM, STOCKS, GONE, OLD, SOFTWARE, IDEA, GO, MESH = range(1, 11)
NAMES = TagNames(
    [
        KnownTag(RETAIL, "industry", "retail", "Retail", synonyms=("shops",)),
        KnownTag(GOODS, "industry", "consumer-goods", "Consumer Goods", synonyms=("FMCG",)),
        KnownTag(TELECOM, "industry", "telecom", "Telecommunications", synonyms=("=TEL",)),
        KnownTag(STOCKS, "industry", "markets", "Capital Markets", synonyms=("securities",)),
        KnownTag(GONE, "industry", "junk", "Junk", "rejected"),
        KnownTag(OLD, "industry", "stores", "Stores", "merged", RETAIL),
        KnownTag(SOFTWARE, "industry", "software", "Software & SaaS", synonyms=("~software",)),
        KnownTag(IDEA, "solution", "mesh-idea", "Mesh for factories", "proposed"),
        KnownTag(GO, "solution", "c", "C"),
        KnownTag(MESH, "solution", "service-mesh", "Service mesh", synonyms=("mesh",)),
    ]
)


@pytest.mark.parametrize(
    ("value", "tags", "missing"),
    [
        ("retail", (RETAIL,), ()),
        ("RETAIL (online)", (RETAIL,), ()),
        ("Shop", (RETAIL,), ()),
        ("consumergoods", (GOODS,), ()),
        ("Retail & Consumer Goods", (RETAIL, GOODS), ()),
        ("Retail, FMCG", (RETAIL, GOODS), ()),
        ("tel", (TELECOM,), ()),
        ("Telecommunications equipment provider", (TELECOM,), ()),
        ("Software development", (SOFTWARE,), ()),
        ("Security", (), ("Security",)),
        ("Junk", (), ()),
        ("Stores", (RETAIL,), ()),
        ("Other", (), ()),
        ("https://x.test", (), ()),
        ("Retail and Beekeeping", (RETAIL,), ()),
        ("Beekeeping, Falconry", (), ("Beekeeping", "Falconry")),
        ("we do a great many things at once here", (), ()),
    ],
)
def test_industry_is_found_whole_or_in_its_parts(value: str, tags: tuple[int, ...], missing: tuple[str, ...]) -> None:
    assert NAMES.find("industry", value) == Finding(tags, missing)


def test_solution_known_in_part_is_proposed_as_well() -> None:
    assert NAMES.find("solution", "Service mesh for Alps") == Finding((MESH,), ("Service mesh for Alps",))


def test_proposal_carries_what_is_known_within_it() -> None:
    assert NAMES.find("solution", "mesh for factories") == Finding((IDEA, MESH), ())


def test_product_is_never_taken_apart_at_an_and() -> None:
    assert NAMES.find("product", "Salt & Pepper") == Finding((), ("Salt & Pepper",))


def test_languages_with_signs_stay_apart() -> None:
    assert NAMES.find("solution", "C++").tags == ()
    assert slug_value("C++") == "c-plus-plus"
    assert slug_value("C#") == "c-sharp"


def test_proposal_made_just_now_is_found() -> None:
    names = TagNames([])
    assert names.find("product", "Loom").missing == ("Loom",)
    names.add(KnownTag(7, "product", "loom", "Loom", "proposed"))
    assert names.find("product", "LOOMS").tags == (7,)


@given(st.text(max_size=80))
def test_any_value_is_found_or_missing_and_a_missing_one_can_be_a_tag(value: str) -> None:
    found = NAMES.find("industry", value)
    assert all(may_be_tag(name) for name in found.missing)
    assert len(slug_value(value)) <= 120


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(value: str) -> None:
    assert fold_value(fold_value(value)) == fold_value(value)
    assert to_singular(to_singular("glass classes buses")) == "glass class buse"
