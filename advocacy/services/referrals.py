"""Writes referrals: a lead comes in, is checked, and goes on to won or lost. The only writer of their status.

The referrer's ledger has one row for each that counts, earned as it goes on: for bringing it, once it is qualified,
once it is won. Duplicates, one's own house and customers that are there already are kept, marked, and never paid.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from advocacy.enums import ReferralStatus, ReferralVia, Stage
from advocacy.lifecycles import REFERRAL
from advocacy.models import PointsEntry, PointsRule, Referral
from advocacy.permissions import may_see_lead, may_settle_referral
from advocacy.referral_lookup import TWINS, fold, is_paid_for, keep, look_up
from advocacy.services.flags import raise_flags
from advocacy.services.points import award_stage, reverse_source
from advocacy.services.referral_links import promise_lead_letter
from delivery.links import revoke_links
from delivery.mails import send_later
from references.enums import Actor, ContactStatus, EngagementStatus
from references.errors import DomainError
from references.models import Contact, Customer, Engagement
from references.personal_words import ERASED_NAME
from references.pool.writing import pool_write
from references.services.customers import save_customer
from references.services.holds import lock_person
from references.services.ledger import change_engagement_status, log_engagement
from references.services.saving import record_change, save_checked
from users.models import User

ACTIVITY = "referral"
MOST_A_DAY = 20
LETTER_ARRIVED = "advocacy_referral_arrived"
LETTER_ENDED = "advocacy_referral_ended"
LETTER_OWNER = "advocacy_referral_owner"
_F = ReferralStatus
_STAGES = {_F.NEW: Stage.ACCEPTED, _F.QUALIFIED: Stage.DONE, _F.WON: Stage.CONFIRMED}
_ENDS = frozenset({_F.WON, _F.LOST, _F.DISQUALIFIED})


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadData:
    """What is said of a lead; `agreed` says that they know, and may be written to."""

    name: str
    company: str
    email: str = ""
    phone: str = ""
    note: str = ""
    agreed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Won:
    """What a won referral brought: worth, deal, and the customer it became, one that is there or a new one's name."""

    value: Decimal | None = None
    currency: str = ""
    deal_id: str = ""
    became: Customer | None = None
    new_customer: str = ""


def refer(
    *,
    referrer: Contact,
    lead: LeadData,
    creation_key: str,
    via: str = ReferralVia.HUB,
    by: User | None = None,
    owner: User | None = None,
) -> Referral:
    """Take a lead in, once per `creation_key`; it is the account owner's unless another is given.

    What the checks find is kept with it and refuses nothing. Raises DomainError: key_taken, has_opted_out, too_many on
    one day, or a field's own code (lead_name, company, lead_email).
    """
    with pool_write():
        person = lock_person(referrer.pk)
        there = Referral.objects.filter(creation_key=creation_key).first()
        if there is not None:
            if there.referrer_id != person.pk:
                raise DomainError("key_taken", "This key belongs to another referral.")
            return there
        _require_welcome(person)
        row = _make(person, lead, via=via, owner=owner, creation_key=creation_key)
        save_checked(row)
        actor = Actor.PROMOTER if by is None and via in {ReferralVia.HUB, ReferralVia.LINK} else ""
        record_change(subject=row, before="", after=row.status, by=by, actor=actor)
        _count(row, by=by)
        raise_flags(contact=person)
        _tell_new(row, by)
    return row


def move_referral(
    *, referral: Referral, to: str, by: User | None = None, why: str = "", won: Won | None = None, actor: str = ""
) -> Referral:
    """Move a referral along its table; ledger, points and the referrer's letter follow.

    Raises DomainError: move_not_allowed, why_required for lost and disqualified, currency_required, own_customer,
    not_allowed to make a customer unless for managers, or what `save_customer` and a field itself do.
    """
    with pool_write():
        row = lock_referral(referral.pk)
        before = row.status
        REFERRAL.require_move(before, to)
        if to in {_F.LOST, _F.DISQUALIFIED} and not (why.strip()):
            raise DomainError("why_required", "Say why, in a few words.", "why")
        row.status = to
        _fill(row, to, why=why.strip(), won=won or Won(), by=by)
        if to in {_F.QUALIFIED, _F.WON} or before == _F.DISQUALIFIED:
            _find_twin(row, is_reopened=before == _F.DISQUALIFIED)
        save_checked(row)
        record_change(subject=row, before=before, after=to, by=by, why=why, actor=actor)
        _follow(row, by=by, why=why)
        if to in _ENDS:
            key = f"{LETTER_ENDED}:{row.pk}:{to}:{timezone.now():%Y%m%d%H%M}"
            send_later(kind=LETTER_ENDED, key=key, payload={"referral": row.pk, "status": to})
    referral.refresh_from_db()
    return referral


def settle_checks(*, referral: Referral, by: User, why: str) -> Referral:
    """Let a referral count in spite of what the checks found: a manager's word, with a reason; it is paid from then.

    Raises DomainError: not_allowed, why_required, nothing_to_settle.
    """
    if not may_settle_referral(by):
        raise DomainError("not_allowed", "That a referral counts in spite of a check is for managers to say.")
    if not why.strip():
        raise DomainError("why_required", "Say why it counts all the same.", "why")
    with pool_write():
        row = lock_referral(referral.pk)
        if is_paid_for(row):
            raise DomainError("nothing_to_settle", "It counts already.")
        row.warnings = [{**each, "is_settled": True} for each in row.warnings]
        row.duplicate_of = None
        row.save(update_fields=["warnings", "duplicate_of"])
        record_change(subject=row, before=row.status, after=row.status, by=by, why=f"Counts: {why.strip()}")
        _count(row, by=by)
    referral.refresh_from_db()
    return referral


@transaction.atomic
def set_owner(*, referral: Referral, owner: User | None, by: User) -> Referral:
    """Give a referral to somebody, who is told by letter, or to nobody."""
    row = Referral.objects.select_for_update(no_key=True).get(pk=referral.pk)
    if owner is not None and not owner.is_active:
        raise DomainError("not_active", "Whoever has left cannot follow it up.", "owner")
    if row.owner_id != (owner.pk if owner else None):
        row.owner = owner
        row.save(update_fields=["owner"])
        record_change(subject=row, before=row.status, after=row.status, by=by, why=f"Owner: {owner or 'nobody'}.")
        if owner is not None and owner != by:
            _tell_owner(row, owner)
    referral.refresh_from_db()
    return referral


@transaction.atomic
def disclose_lead(*, user: User, referral: Referral, why: str) -> tuple[str, str]:
    """Give a lead's e-mail and phone, the look kept in the referral's history before.

    Raises DomainError: not_disclosed unless for the referral's owner, managers and marketers; reason_required.
    """
    if not may_see_lead(user, referral):
        raise DomainError("not_disclosed", "The lead's data are for its owner, managers and marketers.")
    if not why.strip():
        raise DomainError("reason_required", "Say why you need the contact data.", "why")
    status = referral.status
    why = f"Looked at the lead's contact data: {why.strip()}"
    record_change(subject=referral, before=status, after=status, by=user, why=why)
    return referral.lead_email, referral.lead_phone


def forget_lead(*, referral: Referral, by: User | None = None, actor: str = "", why: str = "") -> Referral:
    """Erase who a lead is; company, worth and what it earned stay. One that was open is lost."""
    with pool_write():
        row = lock_referral(referral.pk)
        if row.status in {_F.NEW, _F.QUALIFIED}:
            why = why or "The lead does not want to hear from us."
            row = move_referral(referral=row, to=_F.LOST, by=by, actor=actor, why=why)
        rows = Referral.objects.filter(pk=row.pk)
        rows.update(lead_name=ERASED_NAME, lead_email="", lead_phone="", note="", lead_agreed=False)
        revoke_links(subject=row.source)
        status = row.status
        record_change(subject=row, before=status, after=status, by=by, actor=actor, why="The lead's data were erased.")
    referral.refresh_from_db()
    return referral


def forget_old_leads() -> int:
    """Erase leads that ended without a deal, or never agreed and wait, longer than LEAD_DAYS ago; gives how many."""
    limit = timezone.now() - timedelta(days=settings.LEAD_DAYS)
    over = Q(status__in=[_F.LOST, _F.DISQUALIFIED], ended_at__lt=limit)
    silent = Q(status=_F.NEW, lead_agreed=False, created_at__lt=limit)
    rows = Referral.objects.filter(over | silent).exclude(lead_name=ERASED_NAME)
    found = list(rows.order_by("pk")[:1_000])
    for row in found:
        forget_lead(referral=row, actor=Actor.SYSTEM, why="Kept as long as it may be.")
    return len(found)


def lock_referral(referral_id: int) -> Referral:
    """Lock a referral after its referrer and their customer; gives it with both, inside a transaction."""
    referrer = Referral.objects.values_list("referrer_id", flat=True).get(pk=referral_id)
    person = lock_person(referrer)
    row = Referral.objects.select_for_update(of=("self",), no_key=True).get(pk=referral_id)
    row.referrer = person
    return row


def _require_welcome(person: Contact) -> None:
    if person.has_opted_out or person.status == ContactStatus.RETIRED:
        raise DomainError("has_opted_out", "This person has left or opted out.", "referrer")
    since = timezone.now() - timedelta(days=1)
    if Referral.objects.filter(referrer=person, created_at__gt=since).count() >= MOST_A_DAY:
        raise DomainError("too_many", "There were very many referrals today. Please go on tomorrow.")


def _make(person: Contact, lead: LeadData, *, via: str, owner: User | None, creation_key: str) -> Referral:
    row = Referral(
        referrer=person,
        lead_name=lead.name.strip(),
        lead_email=lead.email.strip().lower(),
        lead_phone=lead.phone.strip(),
        company=lead.company.strip(),
        folded_company=fold(lead.company)[:200],
        note=lead.note.strip(),
        lead_agreed=lead.agreed,
        via=via,
        owner=owner or person.customer.account_owner,
        creation_key=creation_key,
    )
    findings = look_up(row)
    row.warnings = [keep(each) for each in findings]
    row.duplicate_of_id = next((each.about for each in findings if each.code in TWINS), None)
    return row


def _find_twin(row: Referral, *, is_reopened: bool) -> None:
    """Look once more for an earlier one of the same lead: two may have come in at the same moment.

    While it was disqualified another may have come, which counts: one that is opened again is a duplicate of that.
    """
    if row.duplicate_of_id is None and not any(each.get("is_settled") for each in row.warnings):
        found = look_up(row, is_reopened=is_reopened)
        row.duplicate_of_id = next((each.about for each in found if each.code in TWINS), None)


def _fill(row: Referral, to: str, *, why: str, won: Won, by: User | None) -> None:
    now = timezone.now()
    row.reason = why[:300] if to in {_F.LOST, _F.DISQUALIFIED} else ""
    row.qualified_at = None if to == _F.NEW else (row.qualified_at or (now if to in {_F.QUALIFIED, _F.WON} else None))
    row.ended_at = now if to in _ENDS else None
    if to != _F.WON:
        row.became = None
        return
    row.value, row.currency = won.value, won.currency.strip().upper()
    row.deal_id = won.deal_id.strip() or row.deal_id
    if row.value is not None and not row.currency:
        raise DomainError("currency_required", "Say in which currency.", "currency")
    if row.value is None:
        row.currency = ""
    row.became = _find_customer(row, won, by)


def _find_customer(row: Referral, won: Won, by: User | None) -> Customer | None:
    if won.became is not None:
        if won.became.pk == row.referrer.customer_id:
            raise DomainError("own_customer", "That is the referrer's own employer.", "became")
        return won.became
    name = won.new_customer.strip()
    if not name:
        return None
    if by is not None and not by.is_manager:
        raise DomainError("not_allowed", "New customers are added by managers; choose one that is there.", "became")
    return save_customer(data={"name": name, "account_owner": row.owner})


def _count(row: Referral, *, by: User | None) -> None:
    """Write the touch of one that counts, and give what it has earned by now."""
    if not is_paid_for(row) or row.status == _F.DISQUALIFIED:
        return
    log_engagement(
        contact=row.referrer,
        activity=ACTIVITY,
        status=EngagementStatus.COMPLETED,
        on=timezone.localdate(row.created_at),
        source=row.source,
        by=by,
    )
    _award(row, by=by)


def _award(row: Referral, *, by: User | None) -> None:
    rule = PointsRule.objects.filter(activity=ACTIVITY).first()
    stage = _STAGES.get(ReferralStatus(row.status), Stage.DONE if row.qualified_at else Stage.ACCEPTED)
    if rule is not None:
        award_stage(contact=row.referrer, source=row.source, activity=ACTIVITY, points=rule.points, stage=stage, by=by)


def _follow(row: Referral, *, by: User | None, why: str) -> None:
    """Let the ledger and the points follow the status that was just taken."""
    if row.status != _F.DISQUALIFIED and is_paid_for(row):
        if row.status != _F.LOST:
            _count(row, by=by)
        return
    touch = Engagement.objects.filter(source=row.source, status=EngagementStatus.COMPLETED).first()
    if touch is not None:
        change_engagement_status(engagement=touch, to=EngagementStatus.RELEASED, by=by, reason=why, at_origin=True)
    if PointsEntry.objects.filter(source__startswith=f"{row.source}:").exists():
        reverse_source(contact=row.referrer, source=row.source, by=by, note=why[:300])


def _tell_new(row: Referral, by: User | None) -> None:
    if row.via == ReferralVia.LINK:
        send_later(kind=LETTER_ARRIVED, key=f"{LETTER_ARRIVED}:{row.pk}", payload={"referral": row.pk})
    if row.owner is not None and row.owner != by:
        _tell_owner(row, row.owner)
    promise_lead_letter(row)


def _tell_owner(row: Referral, owner: User) -> None:
    key = f"{LETTER_OWNER}:{row.pk}:{owner.pk}"
    send_later(kind=LETTER_OWNER, key=key, payload={"referral": row.pk, "user": owner.pk})


def earned_by(row: Referral) -> int:
    """The points that a referral has brought its referrer, nothing of it taken back."""
    entries: Any = PointsEntry.objects.filter(source__startswith=f"{row.source}:", reversal=None)
    return sum(entries.values_list("amount", flat=True))
