"""Writes what a promoter agrees to after their answer: activities, consents, and their place in the pool."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from references.enums import Actor, ContactStatus, Loyalty, NominationStatus
from references.errors import DomainError
from references.loyalty import classify_score
from references.models import Contact, Nomination
from references.pool.writing import pool_write
from references.services.contacts import change_status
from references.services.holds import lock_person
from references.services.nominations import approve_by_rule
from references.services.own_page import give_own_consent, set_own_limits
from surveys.enums import CampaignStatus
from surveys.models import Response


def agree_from_survey(*, response: Response, agreed: Collection[str], is_attributed: bool) -> Contact:
    """Let a person who answered nine or ten say what they may be asked for, and consent to it, with name or without.

    What they agreed to before stays. Where the campaign welcomes at once they are active from now on, unless a manager
    has turned them down; else a manager decides on their nomination. Raises DomainError: not_offered, not_running,
    nothing_chosen, unknown_activity, has_opted_out.
    """
    if not agreed:
        raise DomainError("nothing_chosen", "Choose at least one.", "activities")
    with pool_write():
        if response.contact_id is None:
            raise DomainError("not_offered", "Nobody knows whose answer this is.")
        person = lock_person(response.contact_id)
        row = Response.objects.select_related("campaign").get(pk=response.pk)
        if row.campaign.status != CampaignStatus.RUNNING:
            raise DomainError("not_running", "This survey takes no answers now.", "campaign")
        if not row.campaign.asks_consent or classify_score(row.score) != Loyalty.PROMOTER:
            raise DomainError("not_offered", "This is asked of promoters, where the campaign says so.")
        evidence = _("Given by themselves, after their answer in %(campaign)s.") % {"campaign": row.campaign.name}
        wanted = {*person.activities, *agreed}
        set_own_limits(contact=person, max_per_quarter=person.max_per_quarter, agreed=wanted)
        for code in sorted(agreed):
            give_own_consent(contact=person, activity=code, is_attributed=is_attributed, evidence=evidence)
        if row.campaign.welcomes_at_once:
            _welcome(person, row)
    person.refresh_from_db()
    return person


def _welcome(person: Contact, response: Response) -> None:
    if person.status not in {ContactStatus.KNOWN, ContactStatus.NOMINATED}:
        return
    nominations = Nomination.objects.filter(contact=person).exclude(status=NominationStatus.DRAFT).order_by("-pk")
    if any(each.status == NominationStatus.NOT_APPROVED for each in nominations):
        return
    why = _("Consented after their answer in %(campaign)s") % {"campaign": response.campaign.name}
    if person.status == ContactStatus.KNOWN:
        change_status(contact=person, to=ContactStatus.NOMINATED, why=why, actor=Actor.SYSTEM)
    change_status(contact=person, to=ContactStatus.ACTIVE, why=why, actor=Actor.PROMOTER)
    for each in nominations.filter(creation_key=f"response:{response.pk}").waiting():
        approve_by_rule(nomination=each, why=why)
