"""A consent for one piece of content covers that piece and nothing else, in the database and in the index alike."""

from datetime import timedelta

import pytest
from django.utils import timezone

from references.enums import ContactStatus
from references.errors import DomainError
from references.models import CaseStudy, Contact, ProofPoint, Testimonial
from references.pool.index import current_snapshot
from references.pool.pieces import consented
from references.rights import (
    Use,
    rights_of,
    usable_case_studies,
    usable_proof_points,
    usable_speakers,
    usable_testimonials,
)
from references.services.consents import record_consent, revoke_consent, supersede_consent
from references.services.contacts import change_status
from tests.factories import (
    make_case_study,
    make_consent,
    make_contact,
    make_customer,
    make_proof_point,
    make_testimonial,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def usable(use: Use | None = None) -> tuple[set[int], set[int]]:
    """The ids of usable stories and testimonials."""
    use = use or Use(TODAY)
    stories = usable_case_studies(CaseStudy.objects.all(), use)
    return {row.pk for row in stories}, {row.pk for row in usable_testimonials(Testimonial.objects.all(), use)}


def indexed() -> tuple[set[int], set[int]]:
    """The same, as the pool index sees them."""
    found: tuple[set[int], set[int]] = set(), set()
    for view in current_snapshot().views:
        covered = consented(view, TODAY) & view.content.is_live
        for kind in (0, 1):
            rows = covered & (view.segment.content_kind == kind)
            found[kind].update(view.segment.content_docs.ids[rows].tolist())
    return found


def test_consent_for_one_piece_covers_no_other() -> None:
    contact = make_contact()
    first, second = make_testimonial(contact), make_testimonial(contact)
    record_consent(contact=contact, activity="quote", piece=first)
    assert usable() == indexed() == (set(), {first.pk})
    assert not usable_speakers(Contact.objects.all(), "quote", Use(TODAY)).exists()
    row = usable_testimonials(Testimonial.objects.all(), Use(TODAY)).get()
    assert len(rights_of(row, "quote")) == 1
    make_consent(contact, "quote")
    assert usable() == indexed() == (set(), {first.pk, second.pk})


def test_piece_taken_back_is_gone_whatever_is_allowed_in_general() -> None:
    customer = make_customer()
    first, second = make_case_study(customer), make_case_study(customer)
    make_consent(customer, "case_study")
    own = record_consent(customer=customer, activity="case_study", piece=first)
    assert usable() == indexed() == ({first.pk, second.pk}, set())
    revoke_consent(consent=own)
    assert usable() == indexed() == ({second.pk}, set())
    assert rights_of(usable_case_studies(CaseStudy.objects.all(), Use(TODAY)).get(), "case_study")
    record_consent(customer=customer, activity="case_study", piece=first)
    assert usable() == indexed() == ({first.pk, second.pk}, set())


def test_revoked_piece_leaves_what_the_person_allows_otherwise() -> None:
    contact = make_contact()
    first, second = make_testimonial(contact), make_testimonial(contact)
    make_consent(contact.customer, "quote")
    revoke_consent(consent=record_consent(contact=contact, activity="quote", piece=first))
    assert usable() == indexed() == (set(), {second.pk})


def test_anonymous_consent_for_a_piece_hides_names_of_that_piece_alone() -> None:
    contact = make_contact()
    first, second = make_testimonial(contact), make_testimonial(contact)
    make_consent(contact, "quote")
    record_consent(contact=contact, activity="quote", piece=first, is_attributed=False)
    rows = usable_testimonials(Testimonial.objects.all(), Use(TODAY))
    named = {row.pk: row.may_be_named for row in rows}  # type: ignore[attr-defined]  # annotated
    assert named == {first.pk: False, second.pk: True}


def test_superseding_keeps_the_piece() -> None:
    contact = make_contact()
    first, second = make_testimonial(contact), make_testimonial(contact)
    old = record_consent(contact=contact, activity="quote", piece=first)
    supersede_consent(consent=old, channel="web")
    assert usable(Use(TODAY, "web")) == (set(), {first.pk})
    assert usable(Use(TODAY, "print")) == (set(), set())
    assert second.pk not in usable()[1]


def test_piece_must_be_the_customers_and_of_its_kind() -> None:
    contact, other = make_contact(), make_contact()
    quote = make_testimonial(contact)
    for whose, activity, code in ((other, "quote", "wrong_customer"), (contact, "case_study", "wrong_piece")):
        with pytest.raises(DomainError) as caught:
            record_consent(contact=whose, activity=activity, piece=quote)
        assert caught.value.code == code


def test_content_past_its_own_end_is_not_used() -> None:
    contact = make_contact(consents=("quote",))
    quote = make_testimonial(contact, expires_on=TODAY)
    assert usable() == (set(), {quote.pk})
    assert usable(Use(TODAY + timedelta(days=1))) == (set(), set())


def test_proof_points_follow_their_piece_or_the_customers_stories() -> None:
    customer = make_customer()
    contact = make_contact(customer)
    quote, story = make_testimonial(contact), make_case_study(customer)
    of_quote = make_proof_point(customer, testimonial=quote)
    of_story = make_proof_point(customer, case_study=story)
    own = make_proof_point(customer)

    def points(**filters: bool) -> set[int]:
        rows = usable_proof_points(ProofPoint.objects.all(), Use(TODAY)).filter(**filters)
        return set(rows.values_list("pk", flat=True))

    assert points() == set()
    record_consent(contact=contact, activity="quote", piece=quote, is_attributed=False)
    assert points() == {of_quote.pk}
    assert points(may_be_named=True) == set()
    record_consent(customer=customer, activity="case_study")
    assert points() == {of_quote.pk, of_story.pk, own.pk}
    assert points(may_be_named=True) == {of_story.pk, own.pk}
    for row in usable_proof_points(ProofPoint.objects.all(), Use(TODAY)):
        assert rights_of(row, "quote" if row.pk == of_quote.pk else "case_study")


def test_consent_for_a_piece_ends_with_whoever_gave_it_and_opted_out() -> None:
    customer = make_customer()
    reader, story = make_contact(customer), make_case_study(customer)
    record_consent(contact=reader, activity="case_study", piece=story)
    assert usable()[0] == indexed()[0] == {story.pk}
    change_status(contact=reader, to=ContactStatus.RETIRED, has_opted_out=True)
    assert usable()[0] == indexed()[0] == set()
    record_consent(customer=customer, activity="case_study")
    assert usable()[0] == indexed()[0] == {story.pk}
    use = Use(TODAY)
    row = usable_case_studies(CaseStudy.objects.all(), use).get()
    assert len(rights_of(row, "case_study")) == 1


def test_what_a_person_took_back_does_not_make_their_customer_named() -> None:
    customer = make_customer()
    contact = make_contact(customer)
    make_consent(customer, "quote", is_attributed=False)
    before = make_consent(contact, "quote")
    make_testimonial(contact)
    for revoke in (False, True):
        if revoke:
            revoke_consent(consent=before)
            record_consent(contact=contact, activity="quote")
        assert not usable_testimonials(Testimonial.objects.all(), Use(TODAY)).get().may_be_named  # type: ignore[attr-defined]


def test_piece_is_nameless_where_it_must_be_on_any_day_of_its_use() -> None:
    customer = make_customer()
    contact, soon = make_contact(customer), TODAY + timedelta(days=3)
    end = TODAY + timedelta(days=30)
    make_consent(contact, "quote")
    make_consent(contact, "quote", is_attributed=False, valid_until=end)
    make_consent(customer, "case_study")
    make_consent(customer, "case_study", is_attributed=False, valid_from=soon, valid_until=end)
    rows = (make_testimonial(contact), make_case_study(customer), make_proof_point(customer))
    finders = (usable_testimonials, usable_case_studies, usable_proof_points)

    def named(use: Use) -> list[bool]:
        found = [find(type(row).objects.all(), use).get() for find, row in zip(finders, rows, strict=True)]  # type: ignore[operator]
        return [row.may_be_named for row in found]

    assert named(Use(TODAY)) == [False, True, True]
    assert named(Use(TODAY, until=end + timedelta(days=30))) == [False, False, False]
    assert named(Use(end + timedelta(days=1), until=end + timedelta(days=30))) == [True, True, True]


def test_colleague_does_not_outweigh_what_a_person_took_back() -> None:
    contact = make_contact()
    colleague = make_contact(contact.customer)
    quote = make_testimonial(contact)
    revoke_consent(consent=record_consent(contact=contact, activity="quote"))
    record_consent(contact=colleague, activity="quote", piece=quote)
    assert usable() == indexed() == (set(), set())
    record_consent(contact=contact, activity="quote", piece=quote)
    assert usable() == indexed() == (set(), {quote.pk})
    row = usable_testimonials(Testimonial.objects.all(), Use(TODAY)).get()
    assert len(rights_of(row, "quote")) == 1
