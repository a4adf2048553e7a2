"""Writes responses, one by one: recorded once per source, amended while the campaign runs, and what follows from them.

What follows is for people whom we know: their history and class; nine and ten nominate them; less opens a recovery
play, and a fall pauses what they are asked for. Nothing is given for a score.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from advocacy.services.recovery import follow_amendment, measure_plays, open_for_score
from delivery.webhooks import emit
from references.enums import Actor, ContactStatus, EngagementStatus, Loyalty, NominationVia
from references.errors import DomainError
from references.loyalty import classify_score
from references.models import Contact, Nomination
from references.pool.writing import pool_write
from references.services.contacts import change_status
from references.services.holds import lock_person
from references.services.ledger import log_engagement
from references.services.loyalty import has_fallen, note_score, pause_after_fall
from references.services.nominations import nominate
from references.services.saving import record_change, save_checked
from surveys.enums import CampaignStatus, InvitationStatus
from surveys.events import RESPONSE_RECEIVED, describe_response
from surveys.lifecycles import INVITATION
from surveys.models import Amendment, Campaign, Invitation, Response
from surveys.services.touches import complete_touch
from users.models import User

PAUSE = timedelta(days=90)
"""How long references are paused after a fall in score; a manager, or the person, may end it before."""
FRESH = timedelta(days=60)
"""An answer older than this is history: it opens no play, pauses nobody and nominates nobody."""


def record_response(
    *,
    campaign: Campaign,
    score: int,
    source: str,
    channel: str,
    comment: str = "",
    contact: Contact | None = None,
    invitation: Invitation | None = None,
    answered_on: date | None = None,
    language: str = "",
    attributes: Mapping[str, str] | None = None,
    interviewer: User | None = None,
) -> Response:
    """Record an answer, once per `source`, with all that follows from it.

    An invited person has one answer, however it comes in: given again it is amended. Raises DomainError: not_running,
    score_out_of_range, date_ahead, wrong_invitation, erased, or a field's own code.
    """
    _check(campaign, score, answered_on, contact, invitation)
    with pool_write():
        person = None if contact is None else lock_person(contact.pk)
        invitation = invitation or _invitation_of(campaign, person)
        there = _find(source, invitation)
        if there is not None:
            is_same = (there.score, there.comment) == (score, comment.strip())
            return there if is_same else amend_response(response=there, score=score, comment=comment)
        row = Response(
            campaign=campaign,
            contact=person,
            invitation=invitation,
            score=score,
            comment=comment.strip(),
            channel=channel,
            product=campaign.product,
            language=language,
            answered_on=answered_on or timezone.localdate(),
            attributes=dict(attributes or {}),
            interviewer=interviewer,
            source=source,
        )
        save_checked(row)
        if invitation is not None:
            mark_answered(invitation, channel=channel, by=interviewer)
        elif person is not None:
            _log_touch(row, person, interviewer)
        follow_response(row)
        emit(RESPONSE_RECEIVED, subject=f"response:{row.pk}", data=describe_response(row))
    return row


def amend_response(*, response: Response, score: int, comment: str) -> Response:
    """Change an answer while its campaign runs; what it said before is kept.

    Raises DomainError: not_running, score_out_of_range.
    """
    with pool_write():
        if response.contact_id is not None:
            lock_person(response.contact_id)
        locked = Response.objects.select_for_update(of=("self",), no_key=True)
        row = locked.select_related("campaign", "contact__customer").get(pk=response.pk)
        _check(row.campaign, score, None, None, None)
        Amendment.objects.create(response=row, score=row.score, comment=row.comment)
        row.score, row.comment, row.amended_at = score, comment.strip(), timezone.now()
        save_checked(row, update_fields=["score", "comment", "amended_at"])
        follow_response(row)
    response.refresh_from_db()
    return response


def follow_response(row: Response) -> None:
    """Do what an answer asks for (its campaign and contact loaded), inside a `pool_write`; idempotent."""
    person = row.contact
    if person is None:
        return
    before = Contact.objects.values_list("nps_score", flat=True).get(pk=person.pk)
    is_present = note_score(
        contact=person, score=row.score, on=row.answered_on, comment=row.comment, source=f"response:{row.pk}"
    )
    follow_amendment(source=_play_of(row), score=row.score)
    if not is_present:
        return
    measure_plays(contact=person, score=row.score, on=row.answered_on)
    is_here = not person.has_opted_out and person.status != ContactStatus.RETIRED
    if is_here and _is_fresh(row):
        _settle(row, person, before)
        Response.objects.filter(pk=row.pk).update(is_settled=True)


def mark_answered(invitation: Invitation, *, channel: str, by: User | None = None) -> None:
    """Note that an invitation was answered, in the ledger too."""
    row = (
        Invitation.objects.select_for_update(of=("self",), no_key=True).select_related("contact").get(pk=invitation.pk)
    )
    if row.status == InvitationStatus.ANSWERED:
        return
    before = row.status
    INVITATION.require_move(before, InvitationStatus.ANSWERED)
    row.status, row.sent_at = InvitationStatus.ANSWERED, row.sent_at or timezone.now()
    row.save(update_fields=["status", "sent_at"])
    record_change(subject=row, before=before, after=row.status, by=by, actor=Actor.USER if by else Actor.PROMOTER)
    complete_touch(row, channel=channel, by=by)


def _settle(row: Response, person: Contact, before: int | None) -> None:
    if classify_score(row.score) == Loyalty.PROMOTER:
        _nominate(row, person)
        return
    why = _("Answered %(score)s in %(campaign)s") % {"score": row.score, "campaign": row.campaign.name}
    if row.campaign.opens_plays:
        open_for_score(contact=person, score=row.score, on=row.answered_on, source=_play_of(row), why=why)
    if row.campaign.pauses_on_fall and has_fallen(before, row.score):
        pause_after_fall(contact=person, until=timezone.localdate() + PAUSE, why=why)


def _play_of(row: Response) -> str:
    """The source of the play that an answer opens."""
    return f"response:{row.pk}:play"


def _nominate(row: Response, person: Contact) -> None:
    """Put forward whoever is not in the pool yet; a manager decides, as on every other nomination."""
    if person.status != ContactStatus.KNOWN:
        return
    key = f"response:{row.pk}"
    if Nomination.objects.filter(contact=person).waiting().exists():
        return
    moment = _("Answered %(score)s in %(campaign)s") % {"score": row.score, "campaign": row.campaign.name}
    if row.comment:
        moment = f"{moment}: “{row.comment[:1_000]}”"
    nominate(
        customer=person.customer,
        contact=person,
        moment=moment,
        by=None,
        via=NominationVia.SURVEY,
        creation_key=key,
    )
    change_status(contact=person, to=ContactStatus.NOMINATED, why=moment[:300], actor=Actor.SYSTEM)


def _is_fresh(row: Response) -> bool:
    return row.answered_on is not None and row.answered_on >= timezone.localdate() - FRESH


def _invitation_of(campaign: Campaign, person: Contact | None) -> Invitation | None:
    """The invitation that somebody has who answers by another way, so that it is not answered or reminded of again."""
    rows = Invitation.objects.filter(campaign=campaign).exclude(status=InvitationStatus.SKIPPED)
    return None if person is None else rows.filter(contact=person).first()


def _find(source: str, invitation: Invitation | None) -> Response | None:
    found = Response.objects.filter(source=source).first()
    if found is None and invitation is not None:
        found = Response.objects.filter(invitation=invitation).first()
    return found


def _log_touch(row: Response, person: Contact, by: User | None) -> None:
    log_engagement(
        contact=person,
        activity="survey",
        status=EngagementStatus.COMPLETED,
        on=row.answered_on or timezone.localdate(),
        source=f"survey:response:{row.pk}",
        by=by,
    )


def _check(
    campaign: Campaign, score: int, answered_on: date | None, contact: Contact | None, invitation: Invitation | None
) -> None:
    if campaign.status != CampaignStatus.RUNNING:
        raise DomainError("not_running", "This survey takes no answers now.", "campaign")
    if not 0 <= score <= 10:
        raise DomainError("score_out_of_range", "A score lies between 0 and 10.", "score")
    if answered_on is not None and answered_on > timezone.localdate() + timedelta(days=1):
        raise DomainError("date_ahead", "That day has not come yet.", "answered_on")
    if invitation is not None and (
        invitation.campaign_id != campaign.pk or contact is None or invitation.contact_id != contact.pk
    ):
        raise DomainError("wrong_invitation", "The invitation is somebody else's.", "invitation")
