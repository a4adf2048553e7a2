"""Publishing, revising and ending content, and where it is used."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from delivery.models import OutboxMessage
from references.enums import ContentStatus
from references.errors import DomainError
from references.lifecycles import CONTENT
from references.models import CaseStudy, ContentReview, ContentUse, StateChange
from references.services.consents import revoke_consent
from references.services.library import (
    add_use,
    apply_suggestions,
    end_content,
    end_use,
    publish_content,
    recall_content,
    revise_content,
)
from references.services.reviews import (
    LineAnswer,
    approve_draft,
    give_to_customer,
    take_back_review,
    wish_changes,
)
from references.where_used import where_used
from tests.factories import (
    make_case_study,
    make_consent,
    make_contact,
    make_customer,
    make_proof_point,
    make_tag,
    make_testimonial,
)
from tests.references.reviewing import EVERYWHERE, make_draft, make_reader, make_review
from users.models import User

pytestmark = pytest.mark.django_db


def letters(kind: str) -> list[int]:
    rows = OutboxMessage.objects.filter(kind="mail").order_by("pk")
    return [each.payload["user"] for each in rows if each.payload["letter"] == kind]


def test_publish_needs_approval_and_a_consent(marketer: User) -> None:
    review = make_review(marketer)
    story = CaseStudy.objects.get()
    with pytest.raises(DomainError) as refusal:
        publish_content(piece=story, by=marketer)
    assert refusal.value.code == "move_not_allowed"
    approve_draft(review=review, answers={}, allowed=EVERYWHERE)
    review.refresh_from_db()
    assert review.consent is not None
    revoke_consent(consent=review.consent)
    with pytest.raises(DomainError) as refusal:
        publish_content(piece=story, by=marketer)
    assert refusal.value.code == "no_consent"
    make_consent(review.contact, "case_study", case_study=story)
    assert publish_content(piece=story, by=marketer).published_on is not None


def test_revision_carries_everything_and_takes_the_old_ones_place(marketer: User) -> None:
    contact, tag = make_reader(), make_tag()
    old = make_case_study(contact.customer, "Ten days", tags=[tag], contact=contact)
    make_proof_point(contact.customer, case_study=old, unit="days", how_measured="by hand")
    make_consent(contact, "case_study")
    new = revise_content(piece=old, by=marketer)
    assert (new.status, str(new), new.replaces_id, list(new.tags.all())) == ("draft", "Ten days", old.pk, [tag])
    assert list(new.proof_points.values_list("unit", "how_measured")) == [("days", "by hand")]
    with pytest.raises(DomainError) as refusal:
        revise_content(piece=old, by=marketer)
    assert refusal.value.code == "revision_exists"
    with pytest.raises(DomainError) as refusal:
        revise_content(piece=new, by=marketer)
    assert refusal.value.code == "still_draft"
    approve_draft(review=give_to_customer(piece=new, contact=contact, by=marketer), answers={}, allowed=EVERYWHERE)
    publish_content(piece=new, by=marketer)
    old.refresh_from_db()
    assert old.status == "recalled"
    assert StateChange.objects.filter(subject=f"casestudy:{old.pk}")[0].why == "Replaced by its revision."


def test_suggested_words_are_taken_over_by_one_or_all(marketer: User) -> None:
    review = make_review(marketer)
    answers = {
        2: LineAnswer("change", "", "It took nine days."),
        3: LineAnswer("change", "", "We knew why."),
    }
    wish_changes(review=review, answers=answers)
    review.refresh_from_db()
    assert apply_suggestions(review=review, by=marketer, number=3) == 1
    assert CaseStudy.objects.get().challenge == "It took ten days.\n\nWe knew why."
    assert apply_suggestions(review=review, by=marketer) == 1
    story = CaseStudy.objects.get()
    assert (story.challenge, story.version) == ("It took nine days.\n\nWe knew why.", 3)
    with pytest.raises(DomainError) as refusal:
        apply_suggestions(review=review, by=marketer)
    assert refusal.value.code == "line_gone"
    with pytest.raises(DomainError) as refusal:
        apply_suggestions(review=review, by=marketer, number=1)
    assert refusal.value.code == "no_suggestion"


def test_recall_says_why_and_tells_the_owner_where_it_is_used(marketer: User, manager: User) -> None:
    story = make_case_study(owner=marketer)
    use = add_use(piece=story, place="Banking page", url="https://www.program.example/banking", by=manager)
    with pytest.raises(DomainError) as refusal:
        recall_content(piece=story, why=" ", by=manager)
    assert refusal.value.code == "why_required"
    recall_content(piece=story, why="They were bought.", by=manager)
    assert letters("content_ended") == [marketer.pk]
    story.refresh_from_db()
    [place] = where_used(story, marketer)
    assert (place.name, place.is_open) == ("Banking page", True)
    end_use(use=use)
    ended_at = end_use(use=use).ended_at
    assert ContentUse.objects.get().ended_at == ended_at
    with pytest.raises(DomainError) as refusal:
        add_use(piece=story, place="Deck", by=manager)
    assert refusal.value.code == "not_usable"


def test_without_an_owner_every_manager_hears(manager: User, marketer: User) -> None:
    end_content(piece=make_testimonial(), to="expired", why="Its day passed.")
    assert letters("content_ended") == [manager.pk]


def test_uses_of_numbers_count_with_their_piece(marketer: User) -> None:
    story = make_case_study()
    make_consent(story.customer, "case_study")
    point = make_proof_point(story.customer, case_study=story)
    ContentUse.objects.create(proof_point=point, place="Billboard", since="2026-01-01")
    assert [each.name for each in where_used(story, marketer)] == ["Billboard", "The public wall"]


class TestMoves(TestCase):
    """Whatever is tried in whatever order, the status moves along its table alone."""

    @given(
        acts=st.lists(st.sampled_from(["give", "approve", "wish", "back", "publish", "recall", "expire"]), max_size=8)
    )
    def test_status_moves_only_along_the_table(self, acts: list[str]) -> None:
        user = User.objects.create_user("someone@example.test", "x", role="manager")
        contact = make_reader()
        story = make_draft(contact, user)
        seen = [story.status]
        for act in acts:
            review = story.contentreview_set.order_by("-pk").first()
            try:
                if act == "give":
                    give_to_customer(piece=story, contact=contact, by=user)
                elif act == "publish":
                    publish_content(piece=story, by=user)
                elif act == "recall":
                    recall_content(piece=story, why="Tried.", by=user)
                elif act == "expire":
                    end_content(piece=story, to=ContentStatus.EXPIRED, why="Tried.")
                elif review is None:
                    continue
                else:
                    _ANSWERS[act](review)
            except DomainError:
                continue
            seen.append(CaseStudy.objects.get(pk=story.pk).status)
        moves = list(pairwise(seen))
        assert all(CONTENT.may_move(before, after) for before, after in moves), seen
        changes = StateChange.objects.filter(subject=f"casestudy:{story.pk}").order_by("pk")
        assert [each.to_status for each in changes] == seen


_ANSWERS: dict[str, Callable[[ContentReview], object]] = {
    "approve": lambda review: approve_draft(review=review, answers={}, allowed=EVERYWHERE),
    "wish": lambda review: wish_changes(review=review, answers={}, note="Again, please."),
    "back": lambda review: take_back_review(review=review),
}


def test_what_nobody_would_see_is_not_published(marketer: User) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    gone = make_contact(has_opted_out=True, status="retired")
    for story in (
        make_case_study(status="approved", expires_on=yesterday),
        make_case_study(make_customer(is_referenceable=False), status="approved"),
        make_case_study(gone.customer, status="approved", contact=gone),
    ):
        make_consent(story.customer, "case_study")
        with pytest.raises(DomainError) as caught:
            publish_content(piece=story, by=marketer)
        assert caught.value.code == "not_usable"
        story.refresh_from_db()
        assert story.status == ContentStatus.APPROVED
