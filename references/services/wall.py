"""What the public wall writes: embeds, counts that know nobody, and the leads that visitors leave."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import TypedDict

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from delivery.webhooks import emit
from references.enums import ContentNoun, Facet, PublicEvent
from references.errors import DomainError
from references.events import LEAD_CREATED
from references.models import Embed, Lead, PublicCount, Tag
from references.services.saving import check_fields, save_checked
from references.wall import KINDS, NOUNS
from users.models import User

MOST_PIECES = 24
MOST_LEADS_AN_HOUR = 60
MOST_LEADS_AN_ADDRESS = 3
MOST_LINKS = 2
_ORIGIN = re.compile(
    r"https?://(?:\*\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::\d+)?"
)
_LINK = re.compile(r"https?://|www\.|\[url", re.IGNORECASE)


class EmbedData(TypedDict, total=False):
    """What an embed shows and where; `filters` holds `product`, `industry`, `kind`, `language` and `used_in`."""

    name: str
    filters: dict[str, list[str] | str]
    piece_noun: str
    piece_id: int | None
    most: int
    theme: str
    sites: Sequence[str]
    has_lead_form: bool


class LeadData(TypedDict):
    """What a visitor wrote, and the text beside the box that they ticked."""

    name: str
    email: str
    company: str
    message: str
    agreed_to: str


def save_embed(*, embed: Embed | None, data: EmbedData, by: User) -> Embed:
    """Make an embed, or change one; raises DomainError (ended, bad_site, unknown_tag, no_piece, or a field's code)."""
    row = Embed(made_by=by) if embed is None else embed
    if row.ended_at is not None:
        raise DomainError("ended", _("This embed has ended; make a new one."))
    for name in ("name", "piece_noun", "piece_id", "theme", "has_lead_form"):
        if name in data:
            setattr(row, name, data[name])
    if "most" in data:
        row.most = min(max(data["most"], 1), MOST_PIECES)
    if "sites" in data:
        row.sites = [_check_site(site) for site in data["sites"] if site.strip()]
    if "filters" in data:
        row.filters = _check_filters(data["filters"])
    if (row.piece_noun in NOUNS) != bool(row.piece_id) or row.piece_noun == ContentNoun.PROOF_POINT:
        raise DomainError("no_piece", _("Say which piece is shown: its kind and its number."), "piece_id")
    save_checked(row)
    return row


def end_embed(*, embed: Embed) -> None:
    """Take what an embed shows off every site, for good; what was counted stays."""
    Embed.objects.filter(pk=embed.pk, ended_at=None).update(ended_at=timezone.now())


def _check_site(site: str) -> str:
    origin = site.strip().lower().rstrip("/")
    if not _ORIGIN.fullmatch(origin):
        message = _("'%(site)s' is no address of a site: write it as https://www.example.com.") % {"site": site.strip()}
        raise DomainError("bad_site", message, "sites")
    return origin


def _check_filters(filters: dict[str, list[str] | str]) -> dict[str, list[str] | str]:
    facets = {"product": Facet.PRODUCT, "industry": Facet.INDUSTRY, "used_in": Facet.REGION}
    for name, facet in facets.items():
        for slug in _listed(filters.get(name, [])):
            if not Tag.objects.accepted().filter(facet=facet, slug=slug).exists():
                raise DomainError("unknown_tag", f"There is no {facet.label.lower()} '{slug}'.", name)
    if not set(_listed(filters.get("kind", []))) <= set(KINDS):
        raise DomainError("unknown_kind", _("There is no such kind of piece."), "kind")
    return {name: filters[name] for name in (*facets, "kind", "language") if filters.get(name)}


def _listed(value: list[str] | str) -> list[str]:
    return [value] if isinstance(value, str) and value else list(value)


def count_event(*, event: str, place: str, noun: str = "", piece_id: int = 0) -> None:
    """Count one more view, click or lead of today, and nothing about whose; safe where many count at once."""
    key = {"day": timezone.localdate(), "event": event, "place": place, "noun": noun, "piece_id": piece_id}
    rows = PublicCount.objects.filter(**key)
    if not rows.update(count=F("count") + 1):
        PublicCount.objects.bulk_create([PublicCount(**key, count=0)], ignore_conflicts=True)
        rows.update(count=F("count") + 1)


def keep_lead(*, data: LeadData, embed: Embed | None, piece: tuple[str, int] | None, creation_key: str) -> Lead:
    """Keep what a visitor wrote, tell subscribers, and count it; the same key twice keeps one.

    Raises DomainError (too_many_links, too_many, or a field's code), and then nothing is stored.
    """
    known = Lead.objects.filter(creation_key=creation_key).first()
    if known is not None:
        return known
    _refuse_spam(data)
    noun, piece_id = piece or ("", 0)
    row = Lead(**data, embed=embed, noun=noun, piece_id=piece_id, creation_key=creation_key, agreed_at=timezone.now())
    try:
        check_fields(row)
        with transaction.atomic():
            row.save()
            emit(LEAD_CREATED, subject=f"lead:{row.pk}", data={"id": row.pk})
            count_event(event=PublicEvent.LEAD, place=place_of(embed), noun=noun, piece_id=piece_id)
    except IntegrityError:
        return Lead.objects.get(creation_key=creation_key)
    return row


def place_of(embed: Embed | None) -> str:
    """How counts name a place: the id of an embed, or "" for the wall."""
    return "" if embed is None else embed.pk.hex


def _refuse_spam(data: LeadData) -> None:
    if sum(len(_LINK.findall(data[name])) for name in ("name", "company", "message")) > MOST_LINKS:
        raise DomainError("too_many_links", _("Please leave out the links; we cannot take more than two."), "message")
    recent = Lead.objects.filter(agreed_at__gt=timezone.now() - timedelta(hours=1))
    is_often = recent.filter(email__iexact=data["email"]).count() >= MOST_LEADS_AN_ADDRESS
    if is_often or recent.count() >= MOST_LEADS_AN_HOUR:
        raise DomainError("too_many", _("We have had many messages just now. Please try again in an hour."))


def hand_over(*, lead: Lead, is_done: bool = True) -> None:
    """Mark that a lead went to whoever answers it, or take that back."""
    lead.handed_over_at = timezone.now() if is_done else None
    lead.save(update_fields=["handed_over_at"])


def delete_lead(*, lead: Lead) -> None:
    """Delete a lead for good; counts know only that there was one."""
    lead.delete()


def forget_old_leads() -> int:
    """Delete the leads older than LEAD_DAYS; gives how many."""
    limit = timezone.now() - timedelta(days=settings.LEAD_DAYS)
    return Lead.objects.filter(agreed_at__lt=limit).delete()[0]
