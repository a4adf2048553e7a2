"""A refused hold is told in sentences, with the day it ends, and never by codes."""

import pytest
from django.utils import timezone

from matching.refusing import explain_refused_hold
from references.models import StateChange
from references.pool.writing import pool_write
from tests.factories import make_engagement
from tests.matching.factories import make_banker, make_request, submit, the_match
from users.models import User

pytestmark = pytest.mark.django_db


def test_refused_hold_is_told_in_sentences(rep: User) -> None:
    contact = make_banker("Nora Lindqvist")
    make_engagement(contact, "call", on=timezone.localdate())
    request = make_request(rep)
    found = explain_refused_hold(["rest", "must_have", "opted_out"], request=request, contact=contact)
    assert [each.code for each in found] == ["must_have", "opted_out", "rest"]
    assert [each.may_override for each in found] == [True, False, True]
    assert "Rests" in found[2].sentence
    assert found[2].until is not None


def test_refused_choice_is_noted_with_its_reasons(rep: User) -> None:
    chosen, other = make_banker("Nora Lindqvist"), make_banker("Owen Marsh")
    with pool_write() as touched:
        chosen.has_opted_out = True
        chosen.save(update_fields=["has_opted_out"])
        touched.add(chosen.customer_id)
    request = submit(rep, chosen=[chosen.pk])
    assert the_match(request).contact == other
    notes = StateChange.objects.filter(subject=f"request:{request.pk}", why__contains="you chose")
    assert [("hold_refused" in note.why, "Nora" in note.why) for note in notes] == [(False, False)]


def test_refused_choice_says_why_in_words(rep: User) -> None:
    chosen = make_banker("Nora Lindqvist")
    make_banker("Owen Marsh")
    make_engagement(chosen, "call", on=timezone.localdate())
    request = submit(rep, chosen=[chosen.pk])
    note = StateChange.objects.get(subject=f"request:{request.pk}", why__contains="you chose")
    assert "Rests" in note.why
