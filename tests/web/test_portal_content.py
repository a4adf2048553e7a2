"""The page on which a customer looks at a draft: line by line, by link, once."""

import pytest
from django.test import Client

from delivery.links import link_path
from delivery.models import SignedLink
from references.models import CaseStudy, Consent, ContentReview
from references.services.reviews import give_to_customer, take_back_review
from tests.factories import make_proof_point
from tests.references.reviewing import make_draft, make_reader, make_review
from tests.web.conftest import read_page
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(marketer: User) -> ContentReview:
    return make_review(marketer)


def path_of(review: ContentReview) -> str:
    return link_path(SignedLink.objects.get(subject=f"review:{review.pk}"))


def text_of(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200
    return read_page(response.content.decode()).text


def test_page_says_who_asks_what_for_and_changes_nothing_by_looking(review: ContentReview) -> None:
    text = text_of(path_of(review))
    for words in ("Nora Lindqvist, is it right like this?", "Mara Marketer", "For our web page", "Nobody knew why."):
        assert words in text, words
    assert "stimmt es so?" in text_of(path_of(review) + "?language=de")
    review.refresh_from_db()
    assert (review.status, CaseStudy.objects.get().status) == ("waiting", "with_customer")


def test_numbers_are_looked_at_too(marketer: User) -> None:
    contact = make_reader()
    story = make_draft(contact, marketer)
    make_proof_point(contact.customer, case_study=story, before="10", after="2", unit="days", how_measured="by hand")
    text = text_of(path_of(give_to_customer(piece=story, contact=contact, by=marketer)))
    assert "Time to close: 10 → 2 days (by hand)" in text


def test_yes_records_what_was_allowed_and_is_said_once_more(review: ContentReview) -> None:
    path = path_of(review)
    given = {
        "decision_1": "ok",
        "channels": ["web", "social"],
        "named": "no",
        "valid_until": "2999-01-31",
        "note": "Good.",
    }
    response = Client().post(f"{path}content-approve/", given)
    assert response.status_code == 302
    assert "You approved this on" in text_of(response["Location"])
    consents = Consent.objects.filter(case_study__isnull=False)
    assert sorted(consents.values_list("channel", "is_attributed")) == [("social", False), ("web", False)]
    again = Client().post(f"{path}content-approve/", {**given, "channels": ["print"]})
    assert again.status_code == 302
    assert Consent.objects.count() == 2
    assert "You approved this on" in text_of(path)


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ({"named": "yes"}, "This field is required"),
        ({"channels": ["web"]}, "This field is required"),
        ({"channels": ["web"], "named": "yes", "valid_until": "2001-01-31"}, "Please give a day to come."),
        ({"channels": ["web"], "named": "yes", "decision_2": "change"}, "still marked to be changed"),
        ({"channels": ["web"], "named": "yes", "suggestion_2": "Better."}, "still marked to be changed"),
    ],
)
def test_yes_without_all_that_it_takes_is_asked_again(
    review: ContentReview, missing: dict[str, object], words: str
) -> None:
    response = Client().post(f"{path_of(review)}content-approve/", missing)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert CaseStudy.objects.get().status == "with_customer"


def test_wished_changes_come_back_as_they_were_said(review: ContentReview) -> None:
    path = path_of(review)
    assert Client().post(f"{path}content-changes/", {"decision_1": "ok"}).status_code == 422
    given = {"decision_2": "change", "suggestion_2": "It took nine days.", "comment_2": "Nine."}
    response = Client().post(f"{path}content-changes/", given)
    text = text_of(response["Location"])
    assert "You wished changes on" in text
    assert "It took nine days." in text
    line = review.lines.get(number=2)
    assert (line.decision, line.suggestion, line.comment) == ("change", "It took nine days.", "Nine.")
    assert CaseStudy.objects.get().status == "draft"


def test_link_of_a_draft_that_was_taken_back_is_closed(review: ContentReview) -> None:
    path = path_of(review)
    take_back_review(review=review)
    for response in (
        Client().get(path),
        Client().post(f"{path}content-approve/", {"channels": ["web"], "named": "yes"}),
    ):
        assert response.status_code == 410
        assert "Nora" not in response.content.decode()
    assert Consent.objects.count() == 0


def test_link_opens_nothing_else(review: ContentReview) -> None:
    path = path_of(review)
    assert Client().post(f"{path}approve/").status_code == 404
    assert Client().post(f"{path}erase/").status_code == 404
    assert Client().get(f"{path}content-approve/").status_code == 302
