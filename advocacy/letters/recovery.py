"""The letters to whoever is to win somebody back: a play is yours, and its day is over."""

from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from advocacy.models import RecoveryPlay
from advocacy.services.recovery import LETTER_OPENED
from advocacy.services.recovery_changes import LETTER_OVERDUE
from delivery.links import absolute_url
from delivery.mails import Action, Letter, register_letter
from delivery.outbox import Payload
from references.consent_view import tell_whose
from references.program import current_policy


@dataclass(frozen=True, slots=True)
class Task:
    """One play for its owner; `who` without a name where they may not know it, `steps` what is not done yet."""

    to: str
    who: str
    customer: str
    play: str
    why: str
    due_on: date
    steps: tuple[str, ...]
    url: str
    is_late: bool = False
    language: str = "en"
    zone: str = ""


def read(payload: Payload, *, is_late: bool) -> Task | None:
    """The play as it stands; None where it has ended, its owner has left, or it is not late any more."""
    rows = RecoveryPlay.objects.open().select_related("contact__customer", "owner").prefetch_related("steps")
    row = rows.filter(pk=payload["play"]).first()
    if row is None or row.owner is None or not row.owner.is_active:
        return None
    if is_late and row.due_on >= timezone.localdate():
        return None
    whose = tell_whose(row.owner, row.contact, row.contact.customer, current_policy())
    return Task(
        to=row.owner.email,
        who=whose.who,
        customer=whose.customer,
        play=row.name,
        why=whose.hide(row.why),
        due_on=row.due_on,
        steps=tuple(whose.hide(step.text) for step in row.steps.all() if step.done_at is None),
        url=absolute_url(f"/recovery/{row.pk}/"),
        is_late=is_late,
        zone=row.owner.time_zone,
    )


def write(task: Task) -> Letter:
    """The letter, in the language spoken now."""
    who = f"{task.who} ({task.customer})" if task.customer and task.customer != task.who else task.who
    day = date_format(task.due_on, "j F Y")
    if task.is_late:
        heading = _("Overdue: %(play)s, %(who)s") % {"play": task.play, "who": who}
        first = _("This was due on %(day)s. Do it, give it another day, or say what came of it.") % {"day": day}
    else:
        heading = _("Win back %(who)s: %(play)s") % {"who": who, "play": task.play}
        first = _("It is yours, until %(day)s.") % {"day": day}
    steps = "\n".join(f"• {step}" for step in task.steps)
    return Letter(
        to=task.to,
        language=task.language,
        subject=heading,
        heading=heading,
        paragraphs=tuple(each for each in (first, task.why, steps) if each),
        actions=(Action(_("Open the play"), task.url),),
    )


def register_recovery_letters() -> None:
    """Let the outbox build and send them."""
    opened = gettext_lazy("Owner of a recovery play: it is yours")
    late = gettext_lazy("Owner of a recovery play: it is overdue")
    register_letter(LETTER_OPENED, label=opened, build=_build_opened, sample=_show_opened)
    register_letter(LETTER_OVERDUE, label=late, build=_build_overdue, sample=_show_overdue)


def _build_opened(payload: Payload) -> Letter | None:
    return _write_for(read(payload, is_late=False))


def _build_overdue(payload: Payload) -> Letter | None:
    return _write_for(read(payload, is_late=True))


def _write_for(task: Task | None) -> Letter | None:
    if task is None:
        return None
    with translation.override(task.language), timezone.override(ZoneInfo(task.zone or "UTC")):
        return write(task)


def _show_opened() -> Letter:
    with translation.override(get_language() or "en"):
        return write(SAMPLE)


def _show_overdue() -> Letter:
    with translation.override(get_language() or "en"):
        return write(replace(SAMPLE, is_late=True))


SAMPLE = Task(
    to="mara.fieldgate@larkspur.example",
    who="Nora Lindqvist",
    customer="Fjordbank",
    play="Call by the account owner",
    why="Answered 4 in Spring survey",
    due_on=date(2026, 3, 12),
    steps=("Read what they wrote, and what support knows of them", "Call and listen"),
    url="https://references.example/recovery/1/",
)
