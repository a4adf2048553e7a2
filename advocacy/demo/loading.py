"""Puts the advocacy of the demonstration into the database: once, in one write, without a mail to anybody."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Max

from advocacy.demo.adopters import tell_programs
from advocacy.demo.asks import tell_asks
from advocacy.demo.points import tell_points
from advocacy.demo.referrals import tell_referrals
from advocacy.demo.rewards import tell_rewards
from advocacy.demo.stage import set_stage
from advocacy.models import AdvocacySettings, AskCampaign
from advocacy.services.starting import load_starter
from delivery.models import OutboxMessage, SignedLink
from references.demo import PREFIX
from references.pool.writing import pool_write


def load_advocacy(*, today: date) -> Mapping[str, int]:
    """Write all of it, unless it is there; gives the rows per kind.

    The services promise letters and links as they do for everybody; what was promised for the past is taken back in the
    same transaction, before any worker can see it.
    """
    if AskCampaign.objects.filter(creation_key__startswith=PREFIX).exists():
        return {}
    with pool_write() as touched:
        last = OutboxMessage.objects.aggregate(last=Max("pk"))["last"] or 0
        links = set(SignedLink.objects.values_list("pk", flat=True))
        load_starter()
        _set_terms()
        counts = dict(tell_points(today=today))
        stage = set_stage(today)
        for tell in (tell_asks, tell_rewards, tell_referrals, tell_programs):
            counts.update(tell(stage))
        OutboxMessage.objects.filter(pk__gt=last).delete()
        SignedLink.objects.exclude(pk__in=links).delete()
        touched.add(everything=True)
    return counts


def _set_terms() -> None:
    """In which money referrals are valued, and what one saves; a program that has settings keeps them."""
    values = {"currency": "EUR", "acquisition_saved": Decimal(6_000)}
    row, is_new = AdvocacySettings.objects.get_or_create(pk=1, defaults=values)
    if not is_new and row.currency == AdvocacySettings._meta.get_field("currency").default:
        AdvocacySettings.objects.filter(pk=1).update(**values)
