"""What advocacy holds of one person: erased with them, and given to them on demand; registered with the floor below."""

from typing import Any

from django.db.models import Q

from advocacy.models import (
    AdopterFeedback,
    AdopterSeat,
    AskAssignment,
    BadgeAward,
    FraudFlag,
    Handover,
    PlayStep,
    PointsAccount,
    PointsEntry,
    RecoveryPlay,
    Redemption,
    Referral,
)
from advocacy.services.leaving import end_open
from references.models import Contact
from references.personal_words import ERASED_NAME, Person
from references.services.erasing import forget_moves, hide_in, register_eraser
from references.services.exporting import list_rows, register_exporter
from references.services.saving import name_subject
from users.models import User


def register_personal_data() -> None:
    """Let persons be erased from advocacy, and told what it holds of them."""
    register_eraser(erase_from_advocacy)
    register_exporter("advocacy", export_advocacy)


def erase_from_advocacy(contact: Contact, person: Person, by: User | None) -> None:
    """End what goes on with a person and take their words out of it; points, values and counts stay."""
    end_open(contact=contact, by=by)
    assignments = AskAssignment.objects.filter(contact=contact)
    assignments.update(evidence="", evidence_url="", decline_reason="", note="")
    PointsAccount.objects.filter(contact=contact).update(is_on_leaderboard=False, alias="")
    Redemption.objects.filter(account__contact=contact).update(wish="")
    hide_in(Redemption.objects.filter(account__contact=contact), ["note"], person.hide)
    hide_in(PointsEntry.objects.filter(account__contact=contact), ["note"], person.hide)
    plays = RecoveryPlay.objects.filter(contact=contact)
    hide_in(plays, ["why", "outcome"], person.hide)
    hide_in(PlayStep.objects.filter(play__contact=contact), ["text"], person.hide)
    seats = AdopterSeat.objects.filter(contact=contact)
    AdopterFeedback.objects.filter(seat__contact=contact).update(text=ERASED_NAME)
    hide_in(seats, ["outcome"], person.hide)
    hide_in(Handover.objects.filter(nomination__contact=contact), ["note", "reply"], person.hide)
    hide_in(FraudFlag.objects.filter(contact=contact), ["detail", "note"], person.hide)
    referred = Referral.objects.filter(referrer=contact)
    referred.update(note="")
    hide_in(referred, ["reason"], person.hide)
    _erase_as_lead(person)
    for rows in (assignments, plays, seats, referred):
        forget_moves([name_subject(row) for row in rows.only("pk")], person)


def _erase_as_lead(person: Person) -> None:
    """Whoever was once referred, and is erased now, is no lead any more either."""
    if not person.email:
        return
    leads = Referral.objects.filter(Q(lead_email__iexact=person.email))
    leads.update(lead_name=ERASED_NAME, lead_email="", lead_phone="", note="")


def export_advocacy(contact: Contact) -> dict[str, Any]:
    """What a person was asked for and did, their points and rewards, whom they referred, how we tried to win them back.

    Whom they referred is told by company alone: the rest is somebody else's.
    """
    account = PointsAccount.objects.filter(contact=contact)
    return {
        "points": list_rows(account, "balance", "lifetime", "is_on_leaderboard", "alias", "opened_at"),
        "entries": list_rows(
            PointsEntry.objects.filter(account__contact=contact).order_by("id"), "amount", "kind", "stage", "activity",
            "expires_on", "note", "recorded_at", date="on",
        ),
        "badges": list_rows(BadgeAward.objects.filter(account__contact=contact), "at", badge="badge__name"),
        "redemptions": list_rows(
            Redemption.objects.filter(account__contact=contact).order_by("id"), "status", "cost", "value", "currency",
            "wish", "note", "requested_at", "decided_at", reward="reward__name",
        ),
        "asks": list_rows(
            AskAssignment.objects.filter(contact=contact).order_by("id"), "status", "points", "note", "reasons",
            "asked_at", "answer_by", "scheduled_on", "done_at", "confirmed_at", "evidence", "evidence_url",
            "decline_reason", ask="ask__name",
        ),
        "referrals": list_rows(
            Referral.objects.filter(referrer=contact).order_by("id"), "company", "status", "via", "created_at",
            "ended_at",
        ),
        "recovery": list_rows(
            RecoveryPlay.objects.filter(contact=contact).order_by("id"), "name", "kind", "why", "score", "score_on",
            "status", "outcome", "next_score", "next_score_on", "result", "opened_at", "ended_at",
        ),
        "early_adopter": list_rows(
            AdopterSeat.objects.filter(contact=contact).order_by("id"), "status", "invited_at", "agreed_at",
            "agreed_version", "ended_at", "adopted", "outcome", program="program__name",
        ),
        "feedback_given": list_rows(
            AdopterFeedback.objects.filter(seat__contact=contact).order_by("id"), "text", "at"
        ),
        "flags": list_rows(FraudFlag.objects.filter(contact=contact), "code", "detail", "status", "raised_at"),
    }  # fmt: skip
