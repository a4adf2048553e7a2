"""Whether consents cover pieces of content at all, in any channel: what keeps them standing, or ends them."""

from datetime import date, datetime, time

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from references.models import CaseStudy, Consent, Testimonial
from references.querysets import USABLE_CONTENT
from references.rights import ASSET_ACTIVITIES, Use, asset_of
from references.wording import Written, about, noun_of


def is_covered(row: Written, on: date, channel: str = "") -> bool:
    """Whether any consent covers a piece on a day, in a channel (any where empty) and whatever region."""
    covering = Use(on=on, channel=channel).consents([asset_of(row)]).covering_pieces(noun_of(row))
    return type(row)._default_manager.filter(covering, pk=row.pk).exists()


def uncovered(on: date) -> tuple[QuerySet[CaseStudy], QuerySet[Testimonial]]:
    """Approved and published content that no consent covers on a day, though its customer once gave one for such."""
    stories, quotes = Use(on=on).consents(["case_study"]), Use(on=on).consents(ASSET_ACTIVITIES)
    return (
        CaseStudy.objects.filter(_once_allowed(Value("case_study")), status__in=USABLE_CONTENT).exclude(
            stories.covering_pieces("case_study")
        ),
        Testimonial.objects.filter(_once_allowed(OuterRef("kind")), status__in=USABLE_CONTENT).exclude(
            quotes.covering_pieces("testimonial")
        ),
    )


def consents_about(row: Written) -> QuerySet[Consent]:
    """Every consent that ever covered a piece: for itself, of its person, of its customer; not superseded ones."""
    general = Q(case_study__isnull=True, testimonial__isnull=True)
    whose = Q(contact__isnull=True) | Q(contact__isnull=False, contact=row.contact_id)
    return Consent.objects.filter(
        Q(**about(row)) | (general & whose),
        customer=row.customer_id,
        activity=asset_of(row),
        superseded_by__isnull=True,
    )


def ended_by(row: Written, today: date) -> Consent | None:
    """The consent whose end was the last, where none covers a piece any more and none is to come; else None."""
    consents = list(consents_about(row))
    coming = {each.valid_from for each in consents if each.revoked_at is None and each.valid_from > today}
    if any(is_covered(row, day) for day in [today, *sorted(coming)]):
        return None
    over = [(end, each.pk, each) for each in consents if (end := end_of(each)) is not None and each.valid_from <= today]
    return max(over)[2] if over else None


def end_of(consent: Consent) -> datetime | None:
    """The moment from which a consent holds no more; None where there is none."""
    lapsed = None
    if consent.valid_until is not None:
        lapsed = timezone.make_aware(datetime.combine(consent.valid_until, time.max))
    ends = [each for each in (consent.revoked_at, lapsed) if each is not None]
    return min(ends) if ends else None


def _once_allowed(activity: Value | OuterRef) -> Exists:
    return Exists(Consent.objects.filter(customer=OuterRef("customer"), activity=activity))
