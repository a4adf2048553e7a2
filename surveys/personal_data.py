"""What surveys hold of one person: erased with them, and given to them on demand; registered with the floor below."""

from typing import Any

from delivery.links import revoke_links
from references.models import Contact, LoyaltyRecord
from references.personal_words import Person
from references.services.erasing import forget_moves, hide_in, register_eraser
from references.services.exporting import list_rows, register_exporter
from references.services.saving import name_subject
from surveys.models import Amendment, Invitation, Response, SurveyOptOut
from users.models import User


def register_personal_data() -> None:
    """Let persons be erased from surveys, and told what these hold of them."""
    register_eraser(erase_from_surveys)
    register_exporter("surveys", export_surveys)


def erase_from_surveys(contact: Contact, person: Person, by: User | None) -> None:
    """Take the words and the telling facts out of somebody's answers; the scores stay and are counted."""
    answers = Response.objects.filter(contact=contact)
    answers.update(comment="", attributes={}, language="")
    for answer in answers:
        answer.topics.clear()
    Amendment.objects.filter(response__contact=contact).update(comment="")
    hide_in(Response.objects.filter(contact__customer=contact.customer_id), ["comment"], person.hide_in_full)
    invitations = Invitation.objects.filter(contact=contact)
    hide_in(invitations, ["call_note"], person.hide)
    invitations.update(call_again_on=None)
    for invitation in invitations:
        revoke_links(subject=f"invitation:{invitation.pk}")
    for rows in (answers, invitations):
        forget_moves([name_subject(row) for row in rows], person)


def export_surveys(contact: Contact) -> dict[str, Any]:
    """What a person was asked and answered, with what they had said before, and their class over time."""
    return {
        "invitations": list_rows(
            Invitation.objects.filter(contact=contact).order_by("id"), "channel", "status", "sent_at", "reminders",
            "calls", "call_note", campaign="campaign__name",
        ),
        "answers": list_rows(
            Response.objects.filter(contact=contact).order_by("id"), "score", "comment", "channel", "answered_on",
            "attributes", "recorded_at", "amended_at", campaign="campaign__name",
        ),
        "answers_before": list_rows(
            Amendment.objects.filter(response__contact=contact).order_by("id"), "score", "comment", "at"
        ),
        "loyalty": list_rows(LoyaltyRecord.objects.filter(contact=contact), "score", "loyalty", date="on"),
        "no_surveys_since": list_rows(SurveyOptOut.objects.filter(contact=contact), "at"),
    }  # fmt: skip
