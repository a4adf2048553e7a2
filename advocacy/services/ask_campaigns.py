"""Writes campaigns of asks: one ask of all whom a filter of the pool finds and whom nothing stands against today."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from advocacy.audience import find_audience, read_audience
from advocacy.enums import AskCampaignStatus
from advocacy.lifecycles import ASK_CAMPAIGN
from advocacy.models import Ask, AskAssignment, AskCampaign
from advocacy.next_asks import BrokenRule, Suggestion
from advocacy.services.asking import put_ask
from advocacy.suggestions import read_next_asks
from delivery.jobs import JobRefusedError, report_progress, start_job
from delivery.models import Job
from references.errors import DomainError
from references.models import Contact
from references.services.saving import assign, record_change, save_checked
from users.models import User

JOB_KIND = "ask_campaign"
CHUNK = 500
NO_ADDRESS = "no_address"
TOO_MANY = "too_many"
_FIELDS = ("name", "ask", "audience", "most_people", "note")


class CampaignData(TypedDict, total=False):
    """The fields of a campaign; `audience` is the query string of the pool's page."""

    name: str
    ask: Ask
    audience: str
    most_people: int
    note: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """Somebody who would be asked, and why."""

    contact_id: int
    suggestion: Suggestion


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody who would not, by the first rule that stands against it."""

    contact_id: int
    rules: tuple[BrokenRule, ...]

    @property
    def code(self) -> str:
        return self.rules[0].code


@dataclass(frozen=True, slots=True)
class Preview:
    """Who would be asked, best first, and who not; `found` is how many the filter finds."""

    found: int
    chosen: tuple[Chosen, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def reasons(self) -> dict[str, int]:
        """How many are left out, by code, the most frequent first."""
        return dict(Counter(each.code for each in self.left_out).most_common())


def save_campaign(
    *, data: CampaignData, by: User, campaign: AskCampaign | None = None, creation_key: str = ""
) -> AskCampaign:
    """Add a campaign, once per key, or change a draft.

    Raises DomainError: gating, unknown_filter, not_a_draft, or a field's own code.
    """
    with transaction.atomic():
        if campaign is None:
            there = AskCampaign.objects.filter(creation_key=creation_key).first()
            if there is not None:
                return there
            row = AskCampaign(owner=by, creation_key=creation_key)
        else:
            row = _lock(campaign)
            if row.status != AskCampaignStatus.DRAFT:
                raise DomainError("not_a_draft", "A campaign that has begun is changed no more: begin another.")
        assign(row, data, _FIELDS)
        row.audience = row.audience.strip().rpartition("?")[2]
        read_audience(row.audience)
        is_new = row.pk is None
        save_checked(row)
        if is_new:
            record_change(subject=row, before="", after=row.status, by=by)
    return row


def preview_campaign(campaign: AskCampaign, user: User) -> Preview:
    """Who would be asked today, as far as `user` may see people; constant queries for every 500 found.

    Raises DomainError: gating, unknown_filter.
    """
    found = find_audience(read_audience(campaign.audience), user)
    chosen, left_out = [], []
    for ids in _chunks(found):
        reached = set(Contact.objects.filter(pk__in=ids).exclude(email="").values_list("pk", flat=True))
        judged = read_next_asks(ids, asks=[campaign.ask])
        for contact_id in ids:
            asks = judged[contact_id]
            if contact_id not in reached:
                left_out.append(LeftOut(contact_id, (BrokenRule(NO_ADDRESS, _("No e-mail address is on file.")),)))
            elif asks.best is None:
                left_out.append(LeftOut(contact_id, asks.refusals[0].rules))
            else:
                chosen.append(Chosen(contact_id, asks.best))
    chosen.sort(key=lambda each: (each.suggestion.rank, each.contact_id))
    late = (BrokenRule(TOO_MANY, _("The campaign asks fewer people, and others come first.")),)
    left_out += [LeftOut(each.contact_id, late) for each in chosen[campaign.most_people :]]
    return Preview(len(found), tuple(chosen[: campaign.most_people]), tuple(left_out))


def start_campaign(*, campaign: AskCampaign, by: User) -> Job:
    """Begin a campaign: a job asks its people, one after the other.

    Raises DomainError: move_not_allowed, ask_not_in_use, nobody_to_ask, gating, unknown_filter.
    """
    if not preview_campaign(campaign, by).chosen:
        raise DomainError("nobody_to_ask", "Nobody whom the filter finds can be asked for this today.", "audience")
    with transaction.atomic():
        row = _lock(campaign)
        if not row.ask.is_active:
            raise DomainError("ask_not_in_use", "This ask is not in use.", "ask")
        _move(row, AskCampaignStatus.RUNNING, by)
        row.started_at, row.owner = timezone.now(), by
        row.save(update_fields=["status", "started_at", "owner"])
        parameters = {"campaign": row.pk}
        return start_job(kind=JOB_KIND, title=row.name, parameters=parameters, requested_by=by)


def close_campaign(*, campaign: AskCampaign, by: User) -> AskCampaign:
    """Ask nobody more; whoever was asked can still answer. Raises DomainError(move_not_allowed)."""
    with transaction.atomic():
        row = _lock(campaign)
        _move(row, AskCampaignStatus.CLOSED, by)
        row.closed_at = timezone.now()
        row.save(update_fields=["status", "closed_at"])
    return row


def run_campaign_job(job: Job) -> dict[str, Any]:
    """Ask the people of a campaign; once each however often it is run, and nobody after it was closed."""
    campaign = AskCampaign.objects.select_related("ask", "owner").get(pk=job.parameters["campaign"])
    if campaign.owner is None or not campaign.owner.is_active:
        raise JobRefusedError({"message": _("Whoever began the campaign has left.")})
    asked = AskAssignment.objects.filter(campaign=campaign).count()  # by an attempt that died
    try:
        preview = preview_campaign(campaign, campaign.owner)
    except DomainError as error:
        raise JobRefusedError({"message": error.message}) from error
    left_out = Counter({code: n for code, n in preview.reasons.items() if not asked or code != "already_open"})
    todo = preview.chosen[: max(0, campaign.most_people - asked)]
    for place, each in enumerate(todo):
        report_progress(job, done=place, total=len(todo))
        if not AskCampaign.objects.filter(pk=campaign.pk, status=AskCampaignStatus.RUNNING).exists():
            break
        asked += _put(campaign, each.contact_id, left_out)
    report_progress(job, done=len(todo), total=len(todo))
    AskCampaign.objects.filter(pk=campaign.pk).update(left_out=dict(left_out.most_common()))
    return {"message": _("%(asked)d asked.") % {"asked": asked}, "asked": asked, "left_out": dict(left_out)}


def _put(campaign: AskCampaign, contact_id: int, left_out: "Counter[str]") -> int:
    contact = Contact.objects.select_related("customer").get(pk=contact_id)
    key = f"campaign:{campaign.pk}:{contact_id}"
    try:
        put_ask(
            contact=contact,
            ask=campaign.ask,
            creation_key=key,
            by=campaign.owner,
            campaign=campaign,
            note=campaign.note,
        )
    except DomainError as error:  # something has changed since they were found
        left_out[error.code] += 1
        return 0
    return 1


def _lock(campaign: AskCampaign) -> AskCampaign:
    rows = AskCampaign.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("ask").get(pk=campaign.pk)


def _move(row: AskCampaign, to: str, by: User) -> None:
    ASK_CAMPAIGN.require_move(row.status, to)
    record_change(subject=row, before=row.status, after=to, by=by)
    row.status = to


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
