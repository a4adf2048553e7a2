"""Writes campaigns: their settings, and their way from draft to running, closed, and running again."""

import re
import secrets
from collections.abc import Collection
from datetime import UTC, date, datetime, time
from typing import Any, TypedDict

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from delivery.promises import enqueue
from references.enums import Facet
from references.errors import DomainError
from references.models import Tag
from references.services.saving import assign, record_change, save_checked
from surveys.enums import CampaignStatus
from surveys.kinds import CLOSE_OFF, INVITE
from surveys.lifecycles import CAMPAIGN
from surveys.models import Campaign
from surveys.people_filter import read_people, unknown_names
from surveys.querysets import runs_surveys
from surveys.services.survey_links import keep_links_open
from surveys.wording import LONGEST, PARTS
from users.models import User

WHILE_RUNNING = frozenset(
    {"name", "texts", "closes_on", "reminder_days", "most_reminders", "shows_review_sites", "owner"}
)
"""What may still be changed of a campaign that runs; a closed one only gets another name or owner."""
WHILE_CLOSED = frozenset({"name", "owner"})
MOST_ORIGINS = 20
_ORIGIN = re.compile(r"https?://(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?")


class CampaignData(TypedDict, total=False):
    """The settings of a campaign that a form or a request may set."""

    name: str
    product: Tag | None
    subject_name: str
    texts: dict[str, dict[str, str]]
    audience: str
    sample_size: int | None
    rest_days: int
    reminder_days: int
    most_reminders: int
    opens_on: date | None
    closes_on: date | None
    asks_consent: bool
    shows_review_sites: bool
    welcomes_at_once: bool
    pauses_on_fall: bool
    opens_plays: bool
    widget_origins: list[str]
    owner: User | None


@transaction.atomic
def save_campaign(
    *, campaign: Campaign | None = None, data: CampaignData, by: User | None, creation_key: str = ""
) -> Campaign:
    """Make a draft, once per `creation_key`, or change a campaign as far as its status leaves it open.

    `by` None is the program itself. Raises DomainError: not_allowed, key_taken, not_editable, unknown_field,
    unknown_language, unknown_text, text_too_long, bad_audience, not_a_product, bad_site, too_many_sites, or a field's
    own code (name: unique).
    """
    _require_runner(by)
    if campaign is None:
        there = Campaign.objects.filter(creation_key=creation_key).first() if creation_key else None
        if there is not None:
            if there.name != data.get("name", ""):
                raise DomainError("key_taken", _("This key belongs to another campaign."))
            return there
        made: dict[str, Any] = {"owner": by, "seed": secrets.randbelow(2**31 - 1) + 1}
        row = Campaign(creation_key=creation_key or secrets.token_urlsafe(16), **made)
    else:
        row = _lock(campaign)
        _require_editable(row, data)
    closed_before = row.closes_on
    assign(row, data, CampaignData.__annotations__)
    _check(row, data)
    save_checked(row)
    if campaign is None:
        record_change(subject=row, before="", after=row.status, by=by)
    elif row.closes_on != closed_before:
        keep_links_open(row)
    return row


def start_campaign(*, campaign: Campaign, by: User | None) -> Campaign:
    """Let a draft run: its audience is invited at once, or on the day it opens where that lies ahead.

    Without an audience it runs for the widget and the telephone alone. Raises DomainError: not_allowed,
    move_not_allowed, closes_over, audience_required, bad_audience.
    """
    _require_runner(by)
    with transaction.atomic():
        row = _lock(campaign)
        _require_move(row, CampaignStatus.RUNNING, only_from=CampaignStatus.DRAFT)
        _require_time(row)
        _check_audience(row)
        if not (row.audience or row.widget_origins or row.invitations.exists()):
            message = _("Say who is asked: an audience, a list of people, or a site that shows the widget.")
            raise DomainError("audience_required", message, "audience")
        row.started_at = timezone.now()
        _move(row, CampaignStatus.RUNNING, by)
        promise_invitations(row)
    campaign.refresh_from_db()
    return campaign


def close_campaign(*, campaign: Campaign, by: User | None, why: str = "") -> Campaign:
    """End a campaign: no answer is taken any more, and whoever has not answered counts as no answer.

    Raises DomainError: not_allowed, move_not_allowed.
    """
    _require_runner(by)
    with transaction.atomic():
        row = _lock(campaign)
        _require_move(row, CampaignStatus.CLOSED)
        row.closed_at = timezone.now()
        _move(row, CampaignStatus.CLOSED, by, why)
        enqueue(kind=CLOSE_OFF, key=f"{CLOSE_OFF}:{row.pk}:{row.closed_at.isoformat()}", payload={"campaign": row.pk})
    campaign.refresh_from_db()
    return campaign


def reopen_campaign(*, campaign: Campaign, by: User | None, closes_on: date | None = None) -> Campaign:
    """Take answers again, until `closes_on` or without an end; the links that went out open once more.

    Nobody is written to again who was before. Raises DomainError: not_allowed, move_not_allowed, closes_over.
    """
    _require_runner(by)
    with transaction.atomic():
        row = _lock(campaign)
        _require_move(row, CampaignStatus.RUNNING, only_from=CampaignStatus.CLOSED)
        row.closes_on, row.closed_at = closes_on, None
        _require_time(row)
        row.started_at = row.started_at or timezone.now()
        _move(row, CampaignStatus.RUNNING, by)
        keep_links_open(row)
    campaign.refresh_from_db()
    return campaign


def invite_rest(*, campaign: Campaign, by: User | None, key: str) -> None:
    """Invite whoever fits the audience by now, or was listed since, and was not looked at before; once per `key`.

    Raises DomainError: not_allowed, not_running.
    """
    _require_runner(by)
    with transaction.atomic():
        row = _lock(campaign)
        if row.status != CampaignStatus.RUNNING:
            raise DomainError("not_running", _("This survey takes no answers now."), "campaign")
        enqueue(kind=INVITE, key=f"{INVITE}:{row.pk}:{key[:100]}", payload={"campaign": row.pk})


def promise_invitations(row: Campaign) -> None:
    """Promise that the audience of a running campaign is invited, on the day it opens; once for each start."""
    today = timezone.localdate()
    due = datetime.combine(row.opens_on, time(6), UTC) if row.opens_on and row.opens_on > today else None
    started = "" if row.started_at is None else row.started_at.isoformat()
    enqueue(kind=INVITE, key=f"{INVITE}:{row.pk}:{started}", payload={"campaign": row.pk}, due=due)


def _lock(campaign: Campaign) -> Campaign:
    return Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)


def _require_runner(by: User | None) -> None:
    if by is not None and not runs_surveys(by):
        raise DomainError("not_allowed", _("Surveys are run by managers and marketers."))


def _require_editable(row: Campaign, data: CampaignData) -> None:
    """Refuse settings that are fixed by now, unless they stay as they are."""
    if row.status == CampaignStatus.DRAFT:
        return
    free = WHILE_RUNNING if row.status == CampaignStatus.RUNNING else WHILE_CLOSED
    for name, value in data.items():
        if name not in free and getattr(row, name, None) != value:
            message = _("This cannot be changed any more: the survey has begun.")
            raise DomainError("not_editable", message, name)


def _require_move(row: Campaign, to: str, *, only_from: str = "") -> None:
    CAMPAIGN.require_move(row.status, to)
    if only_from and row.status != only_from:
        raise DomainError("move_not_allowed", f"A campaign that is '{row.status}' cannot become '{to}'.", "status")


def _require_time(row: Campaign) -> None:
    if row.closes_on is not None and row.closes_on < timezone.localdate():
        raise DomainError("closes_over", _("The last day is over already."), "closes_on")


def _move(row: Campaign, to: str, by: User | None, why: str = "") -> None:
    before, row.status = row.status, to
    save_checked(row, update_fields=["status", "started_at", "closed_at", "closes_on", "updated_at"])
    record_change(subject=row, before=before, after=to, by=by, why=why)


def _check(row: Campaign, given: Collection[str]) -> None:
    if row.product is not None and row.product.facet != Facet.PRODUCT:
        raise DomainError("not_a_product", _("That is no product."), "product")
    if "texts" in given:
        row.texts = _clean_texts(row.texts)
    if "audience" in given:
        row.audience = row.audience.strip().lstrip("?")
        _check_audience(row)
    if "widget_origins" in given:
        row.widget_origins = _clean_origins(row.widget_origins)


def _clean_texts(texts: Any) -> dict[str, dict[str, str]]:
    """The words by language, without the empty ones."""
    languages = dict(settings.LANGUAGES)
    kept: dict[str, dict[str, str]] = {}
    for language, parts in texts.items() if isinstance(texts, dict) else ():
        if language not in languages or not isinstance(parts, dict):
            raise DomainError("unknown_language", _("That language is not spoken here."), "texts")
        for part, words in parts.items():
            if part not in PARTS or not isinstance(words, str):
                raise DomainError("unknown_text", _("A survey has no such text."), "texts")
            if len(words) > LONGEST:
                raise DomainError("text_too_long", _("A text has at most %(n)s letters.") % {"n": LONGEST}, "texts")
            if words.strip():
                kept.setdefault(language, {})[part] = words.strip()
    return kept


def _check_audience(row: Campaign) -> None:
    if not row.audience:
        return
    unknown = unknown_names(row.audience)
    if unknown:
        message = _("No filter is called “%(name)s”.") % {"name": unknown[0][:60]}
        raise DomainError("bad_audience", message, "audience")
    form = read_people(row.audience).form
    if not form.is_valid():
        message = next(str(message) for messages in form.errors.values() for message in messages)
        raise DomainError("bad_audience", message, "audience")


def _clean_origins(origins: Any) -> list[str]:
    given = [str(each).strip().lower().rstrip("/") for each in origins or [] if str(each).strip()]
    if len(given) > MOST_ORIGINS:
        raise DomainError("too_many_sites", _("At most %(n)s sites.") % {"n": MOST_ORIGINS}, "widget_origins")
    for origin in given:
        if not _ORIGIN.fullmatch(origin):
            message = _("'%(site)s' is no address of a site: write it as https://www.example.com.") % {"site": origin}
            raise DomainError("bad_site", message, "widget_origins")
    return list(dict.fromkeys(given))


def close_ended_campaigns() -> int:
    """Close the running campaigns whose last day is over; gives how many."""
    over = Campaign.objects.filter(status=CampaignStatus.RUNNING, closes_on__lt=timezone.localdate())
    count = 0
    for row in over:
        try:
            close_campaign(campaign=row, by=None, why="its last day is over")
        except DomainError:  # somebody closed it at this moment
            continue
        count += 1
    return count
