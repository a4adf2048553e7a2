"""Writes fraud flags: signs are raised once each, and a manager says what they mean. Nothing happens by itself."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from advocacy.enums import AssignmentStatus, FlagStatus
from advocacy.fraud_signs import SeenAct, SeenReferral, Sign, find_signs
from advocacy.lifecycles import FLAG
from advocacy.models import AskAssignment, FraudFlag, Referral
from advocacy.services.points import forfeit_source
from references.errors import DomainError
from references.models import Contact
from references.services.saving import record_change
from users.models import User

LOOK_BACK = timedelta(days=2)
_DONE = (AssignmentStatus.DONE, AssignmentStatus.CONFIRMED)


def read_signs(contact: Contact) -> tuple[Sign, ...]:
    """What looks wrong about a person's referrals and asks by now; two queries."""
    referrals = Referral.objects.filter(referrer=contact).values_list("pk", "created_at", "lead_email")
    acts = AskAssignment.objects.filter(contact=contact, status__in=_DONE, done_at__isnull=False)
    return find_signs(
        [SeenReferral(pk, timezone.localdate(at), email) for pk, at, email in referrals],
        [
            SeenAct(pk, timezone.localdate(at), url)
            for pk, at, url in acts.values_list("pk", "done_at", "evidence_url")
            if at is not None
        ],
    )


@transaction.atomic
def raise_flags(*, contact: Contact) -> list[FraudFlag]:
    """Raise every sign of a person that was not raised before; gives the new ones."""
    raised = []
    for sign in read_signs(contact):
        row, is_new = FraudFlag.objects.get_or_create(
            source=_source(contact.pk, sign.key),
            defaults={
                "contact": contact,
                "code": sign.code,
                "detail": sign.text[:300],
                "referral_id": sign.referrals[-1] if sign.referrals else None,
                "assignment_id": sign.acts[-1] if sign.acts else None,
            },
        )
        if is_new:
            record_change(subject=row, before="", after=row.status, by=None, why=sign.text)
            raised.append(row)
    return raised


def sweep_flags() -> int:
    """Look at everybody who did an ask, or referred somebody, in the past two days; gives how many signs are new."""
    since = timezone.now() - LOOK_BACK
    acts = AskAssignment.objects.filter(done_at__gt=since).values("contact")
    people = Contact.objects.filter(pk__in=acts.union(Referral.objects.filter(created_at__gt=since).values("referrer")))
    return sum(len(raise_flags(contact=person)) for person in people.order_by("pk"))


@transaction.atomic
def decide_flag(*, flag: FraudFlag, to: str, by: User, note: str = "", takes_points: bool = False) -> FraudFlag:
    """Say what a flag means, or open it again; with `takes_points` what it rests on earns nothing, by now or later.

    Raises DomainError: not_allowed unless for managers, move_not_allowed, note_required, points_stay where it is not
    confirmed.
    """
    if not by.is_manager:
        raise DomainError("not_allowed", "Flags are decided by managers.")
    if takes_points and to != FlagStatus.CONFIRMED:
        raise DomainError("points_stay", "Points are taken back only where it is confirmed.", "takes_points")
    if to != FlagStatus.OPEN and not note.strip():
        raise DomainError("note_required", "Say what you found.", "note")
    row = FraudFlag.objects.select_for_update(no_key=True).get(pk=flag.pk)
    before = row.status
    FLAG.require_move(before, to)
    row.status, row.note = to, note.strip()[:300]
    row.decided_by, row.decided_at = (None, None) if to == FlagStatus.OPEN else (by, timezone.now())
    row.save(update_fields=["status", "note", "decided_by", "decided_at"])
    record_change(subject=row, before=before, after=to, by=by, why=note)
    if takes_points:
        _take_points(row, by)
    flag.refresh_from_db()
    return flag


def _take_points(row: FraudFlag, by: User) -> None:
    """Take back what the referrals and asks of a flag earned; those it rests on by now."""
    sign = next((each for each in read_signs(row.contact) if _source(row.contact_id, each.key) == row.source), None)
    referrals = set(sign.referrals if sign else ()) | ({row.referral_id} if row.referral_id else set())
    acts = set(sign.acts if sign else ()) | ({row.assignment_id} if row.assignment_id else set())
    sources = [f"referral:{pk}" for pk in sorted(referrals)] + [f"assignment:{pk}" for pk in sorted(acts)]
    for source in sources:
        forfeit_source(contact=row.contact, source=source, by=by, note=row.detail)


def _source(contact_id: int, key: str) -> str:
    return f"contact:{contact_id}:{key}"
