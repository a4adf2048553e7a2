"""The content library: the list, the page of a piece, and what is done from it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from references.models import CaseStudy, Contact, ContentReview, ContentUse, ProofPoint, Testimonial
from references.services.consents import revoke_consent
from references.services.library import add_use, recall_content
from references.services.reviews import LineAnswer, approve_draft, give_to_customer, wish_changes
from tests.factories import (
    make_case_study,
    make_consent,
    make_contact,
    make_customer,
    make_proof_point,
    make_testimonial,
)
from tests.references.reviewing import EVERYWHERE, make_draft, make_reader, make_review
from tests.web.conftest import LogIn, read_page
from users.models import User
from web.library.comparing import compare

pytestmark = pytest.mark.django_db


def test_compare_tells_same_words_once_and_different_texts_apart() -> None:
    bits = compare("It took ten days each month.", "It took nine days each month.")
    assert [(bit.kind, bit.text) for bit in bits] == [
        ("same", "It took "),
        ("gone", "ten"),
        ("new", "nine"),
        ("same", " days each month."),
    ]
    assert [bit.kind for bit in compare("One thing here.", "Quite another matter.")] == ["gone", "same", "new"]
    assert [bit.kind for bit in compare("", "New.")] == ["new"]


def page_of(row: CaseStudy | Testimonial, name: str = "content-piece") -> str:
    kind = "case_study" if isinstance(row, CaseStudy) else "testimonial"
    return reverse(f"web:{name}", args=[kind, row.pk])


def test_list_holds_every_piece_with_counts_by_state(marketer: User, log_in: LogIn) -> None:
    customer = make_customer("Fjordbank")
    make_case_study(customer, "Ten days to two", status="draft")
    quote = make_testimonial(make_contact(customer), "It simply works.")
    make_consent(quote.contact, "quote", channel="web", valid_until=timezone.localdate() + timedelta(days=400))  # type: ignore[arg-type]
    client = log_in(marketer)
    text = read_page(client.get("/content/").content.decode()).text
    for words in ("2 pieces", "All 2", "Draft 1", "Published 1", "Ten days to two", "It simply works.", "Web · until"):
        assert words in text, words
    drafts = read_page(client.get("/content/?status=draft").content.decode()).text
    assert "Ten days to two" in drafts
    assert "It simply works." not in drafts
    assert "Published 1" in drafts
    for query, found in (("kind=quote", False), ("kind=case_study", True), ("search=days", True), ("owner=99", False)):
        assert ("Ten days to two" in client.get(f"/content/?{query}").content.decode()) == found, query


def test_list_is_ordered_across_kinds_and_paged(marketer: User, log_in: LogIn) -> None:
    customer, today = make_customer(), timezone.localdate()
    make_case_study(customer, "Middle", expires_on=today + timedelta(days=20))
    make_testimonial(make_contact(customer), "Soonest", expires_on=today + timedelta(days=10))
    for number in range(25):
        make_case_study(customer, f"Endless {number}")
    client = log_in(marketer)
    html = client.get("/content/?ordering=expires_on").content.decode()
    assert html.index("Soonest") < html.index("Middle") < html.index("Endless")
    assert "Page 1 of 2" in html
    assert read_page(client.get("/content/?ordering=expires_on&page=2").content.decode()).text.count("Endless") == 2


def test_account_owner_sees_their_customers_content_alone(rep: User, log_in: LogIn) -> None:
    make_case_study(make_customer(account_owner=rep), "Mine to keep")
    other = make_case_study(title="Somebody else's")
    client = log_in(rep)
    html = client.get("/content/").content.decode()
    assert "Mine to keep" in html
    assert "Somebody else" not in html
    assert client.get(page_of(other)).status_code == 403
    assert client.get("/content/quote/1/").status_code == 404
    assert client.get("/content/case_study/999/").status_code == 404


def test_hidden_customer_is_neither_named_nor_found(marketer: User, log_in: LogIn) -> None:
    story = make_case_study(make_customer("Quillmark", is_named=False), "Quillmark closed in two days")
    client = log_in(marketer)
    for address in ("/content/", page_of(story)):
        assert "Quillmark" not in client.get(address).content.decode()
    assert "two days" not in client.get("/content/?search=quillmark").content.decode()
    assert "two days" in client.get("/content/?search=closed").content.decode()


@pytest.mark.parametrize("word", ["Quillmark", "Quillmark's", "(Quillmark"])
def test_hidden_customer_is_not_found_however_it_is_written(word: str, marketer: User, log_in: LogIn) -> None:
    make_case_study(make_customer("Quillmark", is_named=False), "Quillmark's close (Quillmark) took two days")
    client = log_in(marketer)
    assert "took two days" in client.get("/content/?search=close").content.decode()
    assert "took two days" not in client.get("/content/", {"search": word}).content.decode()


def test_piece_without_attribution_names_nobody_to_marketers(marketer: User, manager: User, log_in: LogIn) -> None:
    contact = make_contact(make_customer("Quillmark"), "Otto Steiner")
    make_consent(contact, "quote", is_attributed=False)
    quote = make_testimonial(contact, "Quillmark likes it.")
    for user, sees in ((marketer, False), (manager, True)):
        client = log_in(user)
        for path in ("/content/", page_of(quote)):
            html = client.get(path).content.decode()
            assert "likes it." in html
            assert [name in html for name in ("Quillmark", "Steiner")] == [sees, sees and path != "/content/"], path


def test_draft_is_given_from_its_page(marketer: User, log_in: LogIn) -> None:
    contact = make_reader(title="CFO")
    story, client = make_draft(contact, marketer), log_in(marketer)
    assert "Give it to the customer" in client.get(page_of(story)).content.decode()
    form = client.get(page_of(story, "content-give")).content.decode()
    assert "CFO" in form
    assert "Nora" not in form
    response = client.post(page_of(story, "content-give"), {"contact": contact.pk, "note": "For the web"})
    assert response["Location"] == page_of(story)
    text = read_page(client.get(page_of(story)).content.decode()).text
    assert "CFO is reading it" in text
    again = client.post(page_of(story, "content-give"), {"contact": contact.pk})
    assert again.status_code == 422
    assert "looking at it already" in again.content.decode()
    client.post(page_of(story, "content-move"), {"act": "take-back"})
    assert ContentReview.objects.get().status == "withdrawn"


def test_wishes_stand_beside_the_words_and_are_taken_over(manager: User, log_in: LogIn) -> None:
    review = make_review(manager)
    wish_changes(review=review, answers={2: LineAnswer("change", "Nine.", "It took nine days.")}, note="Nearly.")
    story, client = CaseStudy.objects.get(), log_in(manager)
    text = read_page(client.get(page_of(story)).content.decode()).text
    for words in ("The customer wishes changes", "It took nine days.", "Nine.", "Nearly.", "Nora Lindqvist"):
        assert words in text, words
    client.post(page_of(story, "content-apply"), {"line": "2"})
    story.refresh_from_db()
    assert story.challenge == "It took nine days.\n\nNobody knew why."
    page = read_page(client.get(page_of(story)).content.decode())
    assert "changed since" in page.text
    assert page.all("ins")
    client.post(page_of(story, "content-apply"), {})
    assert "have been changed since" in client.get(page_of(story)).content.decode()


def test_approved_piece_is_published_revised_and_recalled(marketer: User, log_in: LogIn) -> None:
    review = make_review(marketer)
    approve_draft(review=review, answers={}, allowed=EVERYWHERE)
    story, client = CaseStudy.objects.get(), log_in(marketer)
    assert "so they stay" in client.get(page_of(story)).content.decode()
    client.post(page_of(story, "content-move"), {"act": "publish"})
    story.refresh_from_db()
    assert story.status == "published"
    response = client.post(page_of(story, "content-move"), {"act": "revise"})
    new = CaseStudy.objects.exclude(pk=story.pk).get()
    assert response["Location"] == page_of(new)
    html = client.get(page_of(story)).content.decode()
    assert "Open the revision" in html
    assert "Make a revision" not in html.replace("Make a revision to change them", "")
    assert client.post(page_of(story, "content-recall"), {"why": ""}).status_code == 422
    client.post(page_of(story, "content-recall"), {"why": "They were bought."})
    text = read_page(client.get(page_of(story)).content.decode()).text
    assert "They were bought." in text
    assert "It is over" in text


def test_approved_words_are_refused_in_the_form(manager: User, log_in: LogIn) -> None:
    contact = make_reader()
    story = make_draft(contact, manager)
    approve_draft(review=give_to_customer(piece=story, contact=contact, by=manager), answers={}, allowed=EVERYWHERE)
    address = reverse("web:case-study-edit", args=[contact.customer_id, story.pk])
    response = log_in(manager).post(address, {"title": "Quite another", "contact": contact.pk, "language": "en"})
    assert response.status_code == 422
    assert "Make a revision" in response.content.decode()


def test_places_are_noted_and_ticked_off_after_a_recall(marketer: User, log_in: LogIn) -> None:
    story, client = make_case_study(), log_in(marketer)
    assert client.post(page_of(story, "content-use-add"), {"place": ""}).status_code == 422
    client.post(page_of(story, "content-use-add"), {"place": "Banking page", "url": "www.x.example", "channel": "web"})
    add_use(piece=make_case_study(), place="Elsewhere", by=marketer)
    recall_content(piece=story, why="Bought.", by=marketer)
    assert "Take it down in 1 place" in client.get(page_of(story)).content.decode()
    assert "1 place to take it down" in client.get("/content/").content.decode()
    mine, other = ContentUse.objects.get(case_study=story), ContentUse.objects.get(place="Elsewhere")
    assert client.post(page_of(story, "content-use-end"), {"use": other.pk}).status_code == 404
    client.post(page_of(story, "content-use-end"), {"use": mine.pk})
    text = read_page(client.get(page_of(story)).content.decode()).text
    assert "taken down" in text
    assert "It is over" in text


def test_numbers_are_added_changed_and_removed(marketer: User, log_in: LogIn) -> None:
    story, client = make_case_study(), log_in(marketer)
    given = {"metric": "Time to close", "before": "10", "after": "2", "unit": "days", "how_measured": "by hand"}
    assert client.post(page_of(story, "content-number-add"), {**given, "amount": "5"}).status_code == 422
    client.post(page_of(story, "content-number-add"), {**given, "amount": "40000", "currency": "eur"})
    text = read_page(client.get(page_of(story)).content.decode()).text
    assert "Time to close: 10 → 2 days, 40,000 EUR (by hand)" in text
    point = ProofPoint.objects.get()
    address = reverse("web:content-number", args=["case_study", story.pk, point.pk])
    client.post(address, {**given, "after": "3"})
    point.refresh_from_db()
    assert (point.after, point.amount) == ("3", None)
    strange = make_proof_point(make_customer())
    elsewhere = reverse("web:content-number", args=["case_study", story.pk, strange.pk])
    assert client.post(elsewhere, {"act": "remove"}).status_code == 404
    client.post(address, {"act": "remove"})
    assert list(ProofPoint.objects.all()) == [strange]


def test_piece_without_a_consent_says_so_and_is_not_published(promoter: Contact, marketer: User, log_in: LogIn) -> None:
    story = make_case_study(make_customer(), status="approved")
    client = log_in(marketer)
    html = client.get(page_of(story)).content.decode()
    assert "nobody may use it until there is one" in html
    assert ">Publish<" not in html
    client.post(page_of(story, "content-move"), {"act": "publish"})
    story.refresh_from_db()
    assert story.status == "approved"
    consent = make_consent(story.customer, "case_study")
    assert "Publish" in client.get(page_of(story)).content.decode()
    revoke_consent(consent=consent)
    assert "nobody may use it until there is one" in client.get(page_of(story)).content.decode()


def test_story_page_leads_to_the_library_for_those_who_keep_it(
    promoter: Contact, marketer: User, rep: User, log_in: LogIn
) -> None:
    story = CaseStudy.objects.get()
    address = reverse("web:story", args=["case_study", story.pk])
    assert page_of(story) in log_in(marketer).get(address).content.decode()
    assert page_of(story) not in log_in(rep).get(address).content.decode()
