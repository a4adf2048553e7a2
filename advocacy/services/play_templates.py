"""Writes the templates of recovery plays: what is done, in how many days, and for which class one opens by itself."""

from collections.abc import Iterable
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from advocacy import starter
from advocacy.models import PlayTemplate
from references.errors import DomainError
from references.services.saving import save_checked

MOST_STEPS = 12
LONGEST_STEP = 300


class TemplateData(TypedDict, total=False):
    """What a template says; the steps in order."""

    name: str
    kind: str
    about: str
    steps: list[str]
    due_days: int
    opens_for: str
    is_active: bool


@transaction.atomic
def save_template(*, template: PlayTemplate | None = None, **data: Unpack[TemplateData]) -> PlayTemplate:
    """Make a template, or change one; plays that are open keep the steps they began with.

    One in use opens by itself for a class: it takes over from the one that did. Raises DomainError: no_steps,
    too_many_steps, step_too_long, promoters_need_none, or a field's own code.
    """
    row = (
        PlayTemplate() if template is None else PlayTemplate.objects.select_for_update(no_key=True).get(pk=template.pk)
    )
    for name, value in data.items():
        setattr(row, name, value)
    row.steps = _clean_steps(row.steps)
    if row.opens_for not in {"", "passive", "detractor"}:
        raise DomainError("promoters_need_none", _("Plays open for passives and detractors."), "opens_for")
    if row.opens_for and row.is_active:
        others = PlayTemplate.objects.filter(opens_for=row.opens_for, is_active=True).exclude(pk=row.pk)
        others.update(opens_for="")
    save_checked(row)
    return row


@transaction.atomic
def add_starter_plays() -> int:
    """Add the plays of the starter that are not there by name; gives how many.

    One opens by itself for a class only where none does yet.
    """
    there = set(PlayTemplate.objects.values_list("name", flat=True))
    taken = set(PlayTemplate.objects.filter(is_active=True).exclude(opens_for="").values_list("opens_for", flat=True))
    new = [each for each in starter.PLAYS if each.name not in there]
    for each in new:
        save_template(
            name=each.name,
            kind=each.kind,
            about=each.about,
            steps=list(each.steps),
            due_days=each.due_days,
            opens_for="" if each.opens_for in taken else each.opens_for,
        )
    return len(new)


def _clean_steps(steps: Iterable[str]) -> list[str]:
    found = [" ".join(step.split()) for step in steps if step.strip()]
    if not found:
        raise DomainError("no_steps", _("Say at least one thing to be done."), "steps")
    if len(found) > MOST_STEPS:
        raise DomainError("too_many_steps", _("Keep it to %(n)s steps.") % {"n": MOST_STEPS}, "steps")
    if any(len(step) > LONGEST_STEP for step in found):
        raise DomainError("step_too_long", _("Keep each step to %(n)s characters.") % {"n": LONGEST_STEP}, "steps")
    return found
