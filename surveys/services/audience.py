"""Says whom a campaign would ask, and whom it would not and why: found by filter or list, judged, then sampled."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from django.utils import timezone

from references.enums import Actor, ContactStatus
from references.models import Blackout, Contact, StateChange
from surveys.enums import CampaignStatus, InvitationChannel, InvitationStatus
from surveys.models import Campaign, Invitation, SurveyOptOut
from surveys.people_filter import read_people, surveyed_since

OPTED_OUT, NO_SURVEYS, NO_ADDRESS = "opted_out", "no_surveys", "no_address"
RESTED, OPEN_INVITATION, DAYS_OFF, PAUSED = "rested", "open_invitation", "days_off", "paused_self"
NOT_SAMPLED = "not_sampled"
REASONS = (OPTED_OUT, NO_SURVEYS, DAYS_OFF, PAUSED, RESTED, OPEN_INVITATION, NO_ADDRESS)
"""Why somebody who was found is not asked, in the order in which it is looked for: the first that holds is told."""
T = TypeVar("T")
UNASKED = (InvitationStatus.WAITING, InvitationStatus.SKIPPED)
_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a campaign would ask now, by id: `mailed` by letter, `called` by telephone since there is no address.

    `found` counts everybody whom the filter or the list names and who is not invited yet, `skipped` gives the reason
    of each who is not asked. Of those who may be asked `left_out` are not in the sample.
    """

    found: int
    mailed: tuple[int, ...]
    called: tuple[int, ...]
    skipped: Mapping[int, str] = field(default_factory=dict)
    left_out: int = 0

    @property
    def asked(self) -> int:
        return len(self.mailed) + len(self.called)

    @property
    def reasons(self) -> dict[str, int]:
        """How many are skipped for each reason, the sample last; only those that occur."""
        counted = Counter(self.skipped.values())
        told = {reason: counted[reason] for reason in REASONS if counted[reason]}
        return told | ({NOT_SAMPLED: self.left_out} if self.left_out else {})


def find_audience(campaign: Campaign, *, today: date | None = None) -> Audience:
    """Judge everybody whom a campaign's filter or list names; nothing is written. A bad filter finds nobody.

    About ten queries. Those invited already are no part of it, but for listed ones that still wait to be asked.
    """
    today = today or timezone.localdate()
    listed, done, sent = _read_invitations(campaign)
    ids = set(listed)
    if campaign.audience:
        ids |= set(read_people(campaign.audience).qs.order_by().values_list("pk", flat=True))
    ids -= done
    found = {pk: reachable for chunk in _chunks(sorted(ids)) for pk, *reachable in _read_contacts(chunk)}
    skipped = _judge(campaign, found, today)
    askable = [pk for pk in found if pk not in skipped]
    size = None if campaign.sample_size is None else max(0, campaign.sample_size - sent)
    chosen = pick_sample(askable, size, campaign.seed)
    return Audience(
        found=len(found),
        mailed=tuple(pk for pk in chosen if found[pk][0]),
        called=tuple(pk for pk in chosen if not found[pk][0]),
        skipped=skipped,
        left_out=len(askable) - len(chosen),
    )


def pick_sample(ids: Iterable[int], size: int | None, seed: int) -> list[int]:
    """At most `size` of the ids, in their order: drawn by seed, the same whenever it is drawn.

    Each id gets a number by its own digest and the smallest are drawn, as in a simple random sample: who else is
    there changes nobody's number.
    """
    rows = sorted(ids)
    if size is None or len(rows) <= size:
        return rows
    drawn = sorted(rows, key=lambda pk: hashlib.sha256(f"{seed}:{pk}".encode()).digest())[:size]
    return sorted(drawn)


def judge_one(contact: Contact, *, today: date | None = None) -> str:
    """Why somebody must not be written to at this moment, whatever was found before; "" for nothing."""
    today = today or timezone.localdate()
    if contact.has_opted_out or contact.status == ContactStatus.RETIRED:
        return OPTED_OUT
    if SurveyOptOut.objects.filter(contact=contact).exists():
        return NO_SURVEYS
    if Blackout.objects.filter(contact=contact, starts_on__lte=today, ends_on__gte=today).exists():
        return DAYS_OFF
    if contact.status == ContactStatus.PAUSED and contact.pk in _paused_by_themselves([contact.pk]):
        return PAUSED
    return "" if contact.email else NO_ADDRESS


def _read_invitations(campaign: Campaign) -> tuple[set[int], set[int], int]:
    """The contacts that are listed and wait, those that were asked or skipped before, and how many were asked."""
    listed: set[int] = set()
    done: set[int] = set()
    if campaign._state.adding:
        return listed, done, 0
    for contact_id, status, channel in campaign.invitations.values_list("contact", "status", "channel"):
        is_open = status == InvitationStatus.WAITING and channel == InvitationChannel.EMAIL
        (listed if is_open else done).add(contact_id)
    return listed, done, campaign.invitations.exclude(status__in=UNASKED).count()


def _read_contacts(ids: list[int]) -> Iterable[tuple[int, str, str, bool, str]]:
    rows = Contact.objects.filter(pk__in=ids).order_by("pk")
    return rows.values_list("pk", "email", "phone", "has_opted_out", "status")


def _judge(campaign: Campaign, found: Mapping[int, list[object]], today: date) -> dict[int, str]:
    """The first reason against each that has one."""
    since = today - timedelta(days=campaign.rest_days)
    open_ones = Invitation.objects.filter(
        status__in=(InvitationStatus.WAITING, InvitationStatus.SENT), campaign__status=CampaignStatus.RUNNING
    ).exclude(campaign=campaign.pk)
    off = Blackout.objects.filter(starts_on__lte=today, ends_on__gte=today)
    paused = [pk for pk, (*_, status) in found.items() if status == ContactStatus.PAUSED]
    against: dict[str, set[int]] = {
        OPTED_OUT: {pk for pk, (_, _, is_out, status) in found.items() if is_out or status == ContactStatus.RETIRED},
        NO_SURVEYS: set(SurveyOptOut.objects.values_list("contact", flat=True)),
        DAYS_OFF: set(off.values_list("contact", flat=True)),
        PAUSED: _paused_by_themselves(paused),
        RESTED: set(surveyed_since(since + timedelta(days=1)).values_list("contact", flat=True)),
        OPEN_INVITATION: set(open_ones.values_list("contact", flat=True)),
        NO_ADDRESS: {pk for pk, (email, phone, *_) in found.items() if not email and not phone},
    }
    return {pk: reason for pk in found if (reason := next((each for each in REASONS if pk in against[each]), ""))}


def _paused_by_themselves(ids: Iterable[int]) -> set[int]:
    """Those of paused contacts who paused on their own page, where they were told that nobody asks them meanwhile."""
    subjects = {f"contact:{pk}": pk for pk in ids}
    paused: dict[int, str] = {}
    for chunk in _chunks(list(subjects)):
        moves = StateChange.objects.filter(subject__in=chunk, to_status=ContactStatus.PAUSED).order_by("pk")
        paused.update({subjects[subject]: actor for subject, actor in moves.values_list("subject", "actor")})
    return {pk for pk, actor in paused.items() if actor == Actor.PROMOTER}


def _chunks(rows: list[T]) -> Iterable[list[T]]:
    return (rows[start : start + _CHUNK] for start in range(0, len(rows), _CHUNK))
