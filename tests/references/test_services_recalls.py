"""Content whose rights end: by revoking at once, by date in the sweep, once."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from delivery import outbox
from delivery.models import OutboxMessage
from references.models import CaseStudy, Consent, StateChange, Testimonial
from references.pool.writing import pool_write
from references.rights import Use, usable_case_studies, usable_testimonials
from references.services.consents import record_consent, revoke_consent
from references.services.erasing import erase_contact
from references.services.exporting import export_contact
from references.services.library import add_use
from references.services.recalls import sweep_content
from references.services.reviews import LineAnswer, approve_draft, wish_changes
from tests.factories import make_case_study, make_consent, make_contact, make_testimonial
from tests.references.reviewing import EVERYWHERE, make_review
from users.models import User

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


def deliver() -> None:
    while waiting := list(OutboxMessage.objects.waiting().exclude(kind="infer_tags").values_list("pk", flat=True)):
        for each in waiting:
            assert outbox.deliver(each), OutboxMessage.objects.get(pk=each).last_error


def test_revoked_consent_is_gone_at_once_and_recalls_with_a_letter(marketer: User) -> None:
    quote = make_testimonial(owner=marketer)
    consent = make_consent(quote.contact, "quote")  # type: ignore[arg-type]
    add_use(piece=quote, place="Banking page", url="https://www.program.example/banking", by=marketer)
    assert usable_testimonials(Testimonial.objects.all(), Use(TODAY())).exists()
    revoke_consent(consent=consent)
    assert not usable_testimonials(Testimonial.objects.all(), Use(TODAY())).exists()
    deliver()
    quote.refresh_from_db()
    assert quote.status == "recalled"
    [letter] = [each for each in mail.outbox if each.to == [marketer.email]]
    assert "Not to be used any more" in letter.subject
    for words in ("https://www.program.example/banking", f"/content/testimonial/{quote.pk}/", "was revoked"):
        assert words in letter.body, words


def test_other_consents_keep_it_standing() -> None:
    contact = make_contact()
    quote = make_testimonial(contact)
    own, whole = make_consent(contact, "quote", channel="web"), make_consent(contact, "quote", channel="print")
    bare = make_case_study(contact.customer)
    revoke_consent(consent=make_consent(contact.customer, "call"))
    superseded = record_consent(contact=contact, activity="quote")
    deliver()
    assert {quote.status, bare.status} == {"published"}
    for consent in (own, superseded):
        revoke_consent(consent=consent)
        deliver()
    quote.refresh_from_db()
    bare.refresh_from_db()
    assert (quote.status, bare.status) == ("published", "published")
    revoke_consent(consent=whole)
    deliver()
    quote.refresh_from_db()
    assert quote.status == "recalled"


def test_consent_to_come_keeps_it_standing() -> None:
    quote = make_testimonial()
    record_consent(contact=quote.contact, activity="quote", valid_from=TODAY() + timedelta(days=9))
    make_consent(quote.contact, "quote", valid_until=TODAY() - timedelta(days=2))  # type: ignore[arg-type]
    assert sweep_content() == 0
    quote.refresh_from_db()
    assert quote.status == "published"


def test_sweep_expires_what_came_to_its_end_once(manager: User) -> None:
    by_consent, by_day, living = make_case_study(), make_case_study(), make_case_study()
    make_consent(by_consent.customer, "case_study", valid_until=TODAY() - timedelta(days=1))
    make_consent(by_day.customer, "case_study")
    make_consent(living.customer, "case_study", valid_until=TODAY())
    with pool_write():
        CaseStudy.objects.filter(pk=by_day.pk).update(expires_on=TODAY() - timedelta(days=1))
    assert sweep_content() == 2
    deliver()
    changes, sent = StateChange.objects.count(), OutboxMessage.objects.count()
    assert sweep_content() == 0
    assert (StateChange.objects.count(), OutboxMessage.objects.count()) == (changes, sent)
    statuses = CaseStudy.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["expired", "expired", "published"]
    assert len([each for each in mail.outbox if each.to == [manager.email]]) == 2


def test_what_begins_today_is_told_as_changed() -> None:
    story = make_case_study()
    consent = make_consent(story.customer, "case_study", valid_from=TODAY())
    early = timezone.now() - timedelta(days=5)
    with pool_write():
        Consent.objects.filter(pk=consent.pk).update(recorded_at=early)
        CaseStudy.objects.filter(pk=story.pk).update(updated_at=early)
    sweep_content()
    deliver()
    first = CaseStudy.objects.get().updated_at
    assert first > early
    sweep_content()
    deliver()
    assert CaseStudy.objects.get().updated_at == first
    assert usable_case_studies(CaseStudy.objects.all(), Use(TODAY())).exists()


def test_erasing_a_person_empties_what_they_said_of_drafts(marketer: User) -> None:
    review = make_review(marketer, results="Nora Lindqvist was glad.")
    wish_changes(review=review, answers={1: LineAnswer("change", "Ask me.", "Better")}, note="Call Nora Lindqvist.")
    told = export_contact(review.contact)["looks_at_drafts"]
    assert told["lines"][0]["suggestion"] == "Better"
    assert told["looks"][0]["note"] == "Call Nora Lindqvist."
    erase_contact(contact=review.contact)
    review.refresh_from_db()
    texts = [review.note, str(review.version.values), *review.lines.values_list("text", flat=True)]
    assert "Lindqvist" not in " ".join(texts)
    assert set(review.lines.values_list("comment", "suggestion")) == {("", "")}


def test_erasing_a_person_takes_back_what_waits_for_them(marketer: User) -> None:
    review = make_review(marketer)
    erase_contact(contact=review.contact)
    review.refresh_from_db()
    assert (review.status, CaseStudy.objects.get().status) == ("withdrawn", "draft")


def test_letter_to_the_customer_speaks_their_language_and_the_owner_hears(marketer: User) -> None:
    review = make_review(marketer)
    deliver()
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["nora@fjordbank.example"], "Your story, for you to look at")
    assert "For our web page" in letter.body
    mail.outbox.clear()
    approve_draft(review=review, answers={}, allowed=EVERYWHERE)
    deliver()
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (
        [marketer.email],
        "The customer approved: Closing the books in two days",
    )
