"""The wall: what is on it, what takes it off, and what cannot be read or searched out of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from references.models import Consent, Contact, Testimonial
from references.pool.writing import pool_write
from references.wall import WallQuery, count_choices, find_piece, find_pieces
from references.wall_pieces import Piece
from tests.factories import (
    make_case_study,
    make_consent,
    make_contact,
    make_customer,
    make_proof_point,
    make_tag,
    make_testimonial,
)

TODAY = timezone.localdate()
pytestmark = pytest.mark.django_db


def make_speaker(name: str = "Nora Lindqvist", *, is_attributed: bool = True, **customer: Any) -> Contact:
    bank = make_customer(
        "Fjordbank",
        domain="fjordbank.example",
        size_band="10001+",
        tags=[make_tag("industry", "Banking")],
        **customer,
    )
    contact = make_contact(bank, name, title="CFO at Fjordbank", seniority="c_level")
    for activity in ("quote", "review", "video"):
        make_consent(contact, activity, channel="web", is_attributed=is_attributed)
    return contact


def on_wall(**query: object) -> list[str]:
    return [piece.text or piece.title for piece in find_pieces(WallQuery(**query)).pieces]  # type: ignore[arg-type]


def the_piece(row: Testimonial) -> Piece:
    piece = find_piece("testimonial", row.pk)
    assert piece is not None
    return piece


def change(row: object, **fields: object) -> None:
    """Change a row as a service would: at once for every reader."""
    with pool_write() as touched:
        type(row).objects.filter(pk=row.pk).update(**fields)  # type: ignore[attr-defined]
        touched.add(row.customer_id)  # type: ignore[attr-defined]


def test_only_what_is_published_and_consented_to_for_the_web_is_shown() -> None:
    nora = make_speaker()
    make_testimonial(nora, "Published")
    make_testimonial(nora, "Approved only", status="approved")
    make_testimonial(nora, "Recalled", status="recalled")
    make_testimonial(nora, "A webinar nobody agreed to", kind="webinar")
    make_testimonial(nora, "Past its own end", expires_on=TODAY - timedelta(days=1))
    printed = make_contact(make_customer(), consents=[])
    make_consent(printed, "quote", channel="print")
    make_testimonial(printed, "For print alone")
    assert on_wall() == ["Published"]


@pytest.mark.parametrize(
    "fields",
    [
        {"revoked_at": timezone.now()},
        {"valid_until": TODAY - timedelta(days=1)},
        {"valid_from": TODAY + timedelta(days=1)},
        {"channel": "sales"},
    ],
    ids=["revoked", "over", "not yet", "other channel"],
)
def test_a_consent_that_does_not_hold_takes_its_piece_away_at_once(fields: dict[str, object]) -> None:
    nora = make_speaker()
    quote = make_testimonial(nora, "We closed in two days.")
    assert on_wall() == ["We closed in two days."]
    assert count_choices(WallQuery()).kind[0].count == 1
    change(Consent.objects.get(contact=nora, activity="quote"), **fields)
    assert on_wall() == []
    assert find_piece("testimonial", quote.pk) is None
    assert count_choices(WallQuery()).kind == []


def test_a_consent_for_a_region_counts_only_where_it_is_asked_for() -> None:
    world = make_tag("region", "Worldwide", slug="world")
    nordics = make_tag("region", "Nordics", parent=world)
    norway = make_tag("region", "Norway", parent=nordics)
    for name, region in (("Nordic", nordics), ("Everywhere", world), ("No limit", None)):
        contact = make_contact(make_customer())
        make_consent(contact, "quote", region=region)
        make_testimonial(contact, name)
    assert set(on_wall()) == {"Everywhere", "No limit"}
    assert set(on_wall(used_in=norway.slug)) == {"Nordic", "Everywhere", "No limit"}
    assert on_wall(used_in="atlantis") == []


def test_a_named_piece_says_who_and_links_on() -> None:
    quote = make_testimonial(
        make_speaker(), "Fjordbank closed in two days.", url="https://video.example/1", kind="video"
    )
    piece = the_piece(quote)
    assert (piece.text, piece.customer, piece.said_by) == (
        "Fjordbank closed in two days.",
        "Fjordbank",
        "Nora Lindqvist",
    )
    assert piece.url == "https://video.example/1"


@pytest.mark.parametrize("how", ["consent", "customer"])
def test_a_piece_without_attribution_tells_no_name_anywhere(how: str) -> None:
    nora = make_speaker(is_attributed=how != "consent", is_named=how != "customer")
    quote = make_testimonial(
        nora,
        "At Fjordbank we, and I, Nora Lindqvist, closed in two days. See fjordbank.example.",
        transcript="Nora of Fjordbank speaks.",
        url="https://stories.example/fjordbank",
        review_site="Fjordbank reviews",
        kind="review",
    )
    make_proof_point(nora.customer, "Days to close at Fjordbank", "2", testimonial=quote, how_measured="By Fjordbank")
    piece = the_piece(quote)
    assert not {"fjordbank", "nora", "lindqvist"} & set(repr(piece).lower().replace(".", " ").split())
    assert "fjordbank" not in repr(piece).lower()
    assert "lindqvist" not in repr(piece).lower()
    assert piece.who == "CFO · Banking · 10,000+ people"
    assert piece.url == ""
    assert piece.points[0].metric == "Days to close at …"


def test_names_withheld_cannot_be_searched_for() -> None:
    make_testimonial(make_speaker(is_attributed=False), "Fjordbank closed in two days.")
    assert on_wall(search="closed") != []
    for word in ("fjordbank", "Nora", "fjordbank.example", "lindq"):
        assert on_wall(search=word) == [], word


def test_narrowing_by_product_takes_what_a_piece_is_about_or_else_its_customer() -> None:
    ledger, vault = make_tag("product", "Ledger"), make_tag("product", "Vault")
    part = make_tag("product", "Ledger Close", parent=ledger)
    contact = make_contact(make_customer(tags=[ledger, vault]), consents=["quote"])
    make_testimonial(contact, "About Vault", tags=[vault])
    make_testimonial(contact, "About Ledger Close", tags=[part])
    make_testimonial(contact, "About nothing in particular")
    assert set(on_wall(product=("ledger",))) == {"About Ledger Close", "About nothing in particular"}
    assert set(on_wall(product=("vault",))) == {"About Vault", "About nothing in particular"}
    counts = {each.value: each.count for each in count_choices(WallQuery()).product}
    assert counts == {"ledger": 2, "vault": 2, "ledger-close": 1}
    assert on_wall(product=("unknown",)) == []


def test_counts_are_of_what_choosing_them_finds() -> None:
    ledger, bank, shop = make_tag("product", "Ledger"), make_tag("industry", "Bank"), make_tag("industry", "Shop")
    for industry, language in ((bank, "en"), (bank, "de"), (shop, "en")):
        customer = make_customer(tags=[industry])
        make_testimonial(make_contact(customer, consents=["quote"]), language=language, tags=[ledger])
        make_case_study(customer, language=language)
        make_consent(customer, "case_study")
    query = WallQuery(industry=("bank",), language="en")
    choices = count_choices(query)
    for name in ("product", "industry", "kind"):
        for each in getattr(choices, name):
            values: Any = {name: (each.value,)}
            chosen = replace(query, **values)
            assert find_pieces(chosen).total == each.count, (name, each)
    for each in choices.language:
        assert find_pieces(WallQuery(industry=("bank",), language=each.value)).total == each.count


def test_stories_and_quotes_stand_together_newest_first_on_pages_that_do_not_overlap() -> None:
    nora = make_speaker()
    make_consent(nora.customer, "case_study")
    for number in range(5):
        day = TODAY - timedelta(days=number)
        make_testimonial(nora, f"Quote {number}", published_on=day)
        make_case_study(nora.customer, f"Story {number}", published_on=day)
    pages = [find_pieces(WallQuery(), page=page, size=4) for page in (1, 2, 3, 4)]
    names = [piece.text or piece.title for shelf in pages for piece in shelf.pieces]
    assert names == [f"{kind} {number}" for number in range(5) for kind in ("Quote", "Story")]
    assert {shelf.total for shelf in pages} == {10}
    assert on_wall(oldest_first=True) == names[::-1]


def test_numbers_of_a_customer_stand_beside_its_named_pieces() -> None:
    nora = make_speaker()
    make_consent(nora.customer, "case_study")
    story = make_case_study(nora.customer, "Two days")
    make_proof_point(nora.customer, "Days to close", "2", before="9", unit="days", case_study=story)
    make_proof_point(nora.customer, "Of the whole company", "7")
    make_proof_point(make_customer(), "Of somebody else", "1")
    piece = find_piece("case_study", story.pk)
    assert piece is not None
    assert [(point.metric, point.before, point.after) for point in piece.points] == [
        ("Days to close", "9 days", "2 days"),
        ("Of the whole company", "", "7"),
    ]


def test_numbers_of_a_customer_do_not_tell_whose_a_nameless_piece_is() -> None:
    nora = make_speaker(is_attributed=False)
    make_consent(nora.customer, "case_study")
    named, nameless = make_case_study(nora.customer), make_testimonial(nora)
    make_proof_point(nora.customer, "Of the whole company", "47.3")
    make_proof_point(nora.customer, "Its own", "7", testimonial=nameless)
    story, quote = find_piece("case_study", named.pk), the_piece(nameless)
    assert story is not None
    assert [point.after for point in story.points] == ["47.3"]
    assert not quote.is_named
    assert [point.after for point in quote.points] == ["7"]


def test_what_an_embed_keeps_is_read_leniently() -> None:
    query = WallQuery.from_filters({"product": ["a", 3], "language": "de", "kind": "quote", "other": 1})
    assert query == WallQuery(product=("a",), language="de", kind=("quote",))
