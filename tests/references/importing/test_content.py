"""Stories and quotes: which one a row means, whose they are, and the state in which they begin."""

from pathlib import Path

import pytest

from references.models import CaseStudy, Customer, Testimonial
from tests.factories import make_contact, make_customer
from tests.references.importing.files import import_rows

pytestmark = pytest.mark.django_db


def test_story_is_found_by_id_then_by_title(tmp_path: Path) -> None:
    import_rows(tmp_path, {"customer": "Acme", "story_id": "1", "story_title": "Old", "results": "x"})
    import_rows(tmp_path, {"customer": "Acme", "story_id": "1", "story_title": "New", "results": "y"})
    import_rows(tmp_path, {"customer": "Acme", "story_title": "NEW!", "challenge": "z"})
    story = CaseStudy.objects.get()
    assert (story.title, story.results, story.challenge) == ("NEW!", "y", "z")


def test_stories_with_ids_of_their_own_may_share_a_title(tmp_path: Path) -> None:
    rows = [{"customer": "Acme", "story_id": number, "story_title": "Story"} for number in (1, 2)]
    import_rows(tmp_path, *rows)
    assert CaseStudy.objects.count() == 2
    assert import_rows(tmp_path, *rows).changes == 0


def test_story_without_a_title_gets_one_of_its_words(tmp_path: Path) -> None:
    row = {"customer": "Acme", "results": "Costs fell by half. " * 20}
    import_rows(tmp_path, row)
    assert CaseStudy.objects.get().title.startswith("Acme: Costs fell by half.")
    assert len(CaseStudy.objects.get().title) < 110
    assert import_rows(tmp_path, row).changes == 0


@pytest.mark.parametrize(
    ("row", "status"),
    [({"story_url": "https://x.test/s"}, "published"), ({"consent": "case_study"}, "published"), ({}, "draft")],
)
def test_story_is_published_where_public_or_consented_to(tmp_path: Path, row: dict[str, str], status: str) -> None:
    import_rows(tmp_path, {"customer": "Acme", "story_title": "S"} | row)
    assert CaseStudy.objects.get().status == status


def test_row_without_a_person_is_the_customers_story(tmp_path: Path) -> None:
    import_rows(tmp_path, {"customer": "Acme", "story_title": "S", "products": "Loom"})
    story = CaseStudy.objects.get()
    assert (story.contact, story.customer.name) == (None, "Acme")
    assert [tag.slug for tag in story.tags.all()] == ["loom"]


def test_solutions_told_in_phrases_are_kept_as_text(tmp_path: Path) -> None:
    phrase = "Helps break the cycle of waiting for builds all night long"
    rows = [{"customer": "Acme", "story_title": "S", "solutions": phrase}, {"customer": "Beta", "solutions": phrase}]
    import_rows(tmp_path, *rows)
    assert CaseStudy.objects.get().solution_text == phrase
    assert Customer.objects.get(name="Beta").notes == phrase
    assert import_rows(tmp_path, *rows).changes == 0


def test_quote_is_found_by_its_words(tmp_path: Path) -> None:
    row = {"customer": "Acme", "promoter": "Ana", "title": "CTO", "quote": "We sleep at night."}
    import_rows(tmp_path, row)
    import_rows(tmp_path, row | {"quote": "we sleep at night"})
    quote = Testimonial.objects.get()
    assert (quote.text, quote.said_by, quote.said_by_title, quote.status) == (
        "We sleep at night.", "Ana", "CTO", "draft",
    )  # fmt: skip
    assert quote.contact is not None


def test_quote_of_another_person_is_theirs(tmp_path: Path) -> None:
    bo = make_contact(make_customer("Acme"), "Bo Berg")
    import_rows(
        tmp_path,
        {"customer": "Acme", "promoter": "Ana", "quote": "Fast.", "quote_by": "BO BERG"},
        {"customer": "Acme", "promoter": "Ana", "quote": "Cheap.", "quote_by": "Nobody Known"},
    )
    assert dict(Testimonial.objects.values_list("text", "contact")) == {"Fast.": bo.pk, "Cheap.": None}
