"""Every relation that points to a customer or a contact, in any app, has a decision on what a merge does with it."""

from typing import Any

import pytest
from django.db import models

from references.merging.relations import Conflict, UndecidedRelationError, pointing_to, relation_of
from references.models import Contact, Customer, Tag


def walk() -> "list[models.ForeignKey[Any, Any]]":
    """All relations a merge meets: those to the two nouns, and to whatever is folded into its twin."""
    found: list[models.ForeignKey[Any, Any]] = []
    waiting: list[type[models.Model]] = [Customer, Contact]
    while waiting:
        for model, field in pointing_to(waiting.pop()):
            found.append(field)
            if relation_of(field).conflict == Conflict.FOLD:
                waiting.append(model)
    return found


def test_every_relation_is_decided() -> None:
    labels = {f"{field.model._meta.label}.{field.name}" for field in walk()}
    assert {"references.Contact.customer", "matching.Match.contact", "surveys.Response.invitation"} <= labels
    assert "advocacy.BadgeAward.account" in labels


def test_a_relation_nobody_decided_on_is_refused() -> None:
    with pytest.raises(UndecidedRelationError, match=r"references\.TagSynonym\.tag"):
        relation_of(next(field for model, field in pointing_to(Tag) if model.__name__ == "TagSynonym"))


def test_what_is_dropped_has_nothing_hanging_on_it() -> None:
    for field in walk():
        if relation_of(field).conflict == Conflict.DROP:
            assert list(pointing_to(field.model)) == [], field


def test_no_relation_is_many_to_many_without_a_model_of_ours() -> None:
    for model in (Customer, Contact):
        for field in model._meta.get_fields(include_hidden=True):
            if isinstance(field, models.ManyToManyRel):
                assert field.through is not None
                assert not field.through._meta.auto_created, field
