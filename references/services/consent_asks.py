"""Asks promoters for consents, by a letter and on their own page, and takes their word: as asked, narrower, or no."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from delivery.links import issue_link, revoke_links
from delivery.mails import send_later
from references import activities
from references.enums import Actor, AskAnswer, Channel, ContactStatus, Facet
from references.errors import DomainError
from references.models import Blackout, CaseStudy, Consent, ConsentAsk, Contact, Tag, Testimonial
from references.pool.writing import pool_write
from references.rights import asset_of
from references.services.consents import record_consent, supersede_by
from references.services.own_page import EVIDENCE
from users.models import User

CONSENT_LINK = "consent"
"""The purpose of signed links by which a promoter answers an ask for a consent."""
LETTER_ASK = "consent_ask"
LETTER_ANSWERED = "consent_answered"
OPEN_FOR = timedelta(days=30)
"""How long an ask, and the link to it, waits for an answer."""
REST = timedelta(days=30)
"""How long nobody asks again for what a promoter declined."""
MOST_OPEN = 3
Piece = CaseStudy | Testimonial


def ask_subject(ask_id: int) -> str:
    """Subject of the link to one ask: "ask:12"."""
    return f"ask:{ask_id}"


def open_asks() -> QuerySet[ConsentAsk]:
    """The asks that wait for an answer; one that nobody answered within 30 days waits no more."""
    return ConsentAsk.objects.filter(answer=AskAnswer.WAITING, asked_at__gt=timezone.now() - OPEN_FOR)


def ask_consent(
    *,
    contact: Contact,
    activity: str,
    piece: Piece | None = None,
    channel: str = Channel.ANY,
    region: Tag | None = None,
    is_attributed: bool = True,
    valid_until: date | None = None,
    why: str = "",
    by: User,
) -> ConsentAsk:
    """Ask a promoter for a consent: a letter in their language with a signed link goes out.

    Raises DomainError: has_opted_out, is_paused, has_days_off, no_address, unknown_activity, wrong_customer,
    wrong_piece, not_a_region, until_in_past, stands_already, already_asked, declined_lately, too_many_asks.
    """
    ask = ConsentAsk(
        contact=contact,
        activity=activity,
        case_study=piece if isinstance(piece, CaseStudy) else None,
        testimonial=piece if isinstance(piece, Testimonial) else None,
        channel=channel,
        region=region,
        is_attributed=is_attributed,
        valid_until=valid_until,
        why=why.strip(),
        asked_by=by,
    )
    with transaction.atomic():
        ask.contact = _lock_contact(contact)
        _check_person(ask.contact)
        _check_scope(ask, piece)
        _check_asked_before(ask)
        ask.save()
        link = issue_link(purpose=CONSENT_LINK, subject=ask_subject(ask.pk), lifetime=OPEN_FOR)
        payload = {"ask": ask.pk, "link": str(link.pk)}
        send_later(kind=LETTER_ASK, key=f"{LETTER_ASK}:{ask.pk}", payload=payload)
    return ask


def ask_to_renew(*, consent: Consent, by: User, until: date | None = None, why: str = "") -> ConsentAsk:
    """Ask for the same as a consent that ends, a year longer unless `until` says otherwise; their yes supersedes it.

    Raises DomainError: nobody_to_ask for a customer's own, consent_over, and what `ask_consent` does.
    """
    if consent.contact is None:
        raise DomainError("nobody_to_ask", "The whole customer gave this consent: ask somebody there, and record it.")
    if consent.revoked_at is not None or consent.superseded_by_id is not None:
        raise DomainError("consent_over", "This consent has been revoked or superseded already.")
    if until is None:
        until = max(consent.valid_until or timezone.localdate(), timezone.localdate()) + timedelta(days=365)
    return ask_consent(
        contact=consent.contact,
        activity=consent.activity,
        piece=consent.case_study or consent.testimonial,
        channel=consent.channel,
        region=consent.region,
        is_attributed=consent.is_attributed,
        valid_until=until,
        why=why,
        by=by,
    )


def take_back_ask(*, ask: ConsentAsk) -> ConsentAsk:
    """Take an ask back before it was answered, its link closed; raises DomainError(ask_over)."""
    with transaction.atomic():
        row = _lock_open(ask)
        row.answer, row.answered_at = AskAnswer.WITHDRAWN, timezone.now()
        row.save(update_fields=["answer", "answered_at"])
        revoke_links(subject=ask_subject(row.pk))
    return row


def give_consent(
    *,
    ask: ConsentAsk,
    channel: str | None = None,
    is_attributed: bool | None = None,
    valid_until: date | None = None,
) -> Consent:
    """Give what was asked for, or less of it; what stood for the same scope is superseded, and the asker is told.

    `valid_until` None means as asked. Raises DomainError: ask_over, wider_than_asked, until_in_past, has_opted_out.
    """
    with pool_write():
        row = _lock_open(ask)
        channel = row.channel if channel is None else channel
        is_attributed = row.is_attributed if is_attributed is None else is_attributed
        valid_until = valid_until or row.valid_until
        _check_narrower(row, channel, is_attributed, valid_until)
        consent = record_consent(
            contact=row.contact,
            activity=row.activity,
            piece=row.case_study or row.testimonial,
            channel=channel,
            region=row.region,
            is_attributed=is_attributed,
            valid_until=valid_until,
            evidence=EVIDENCE,
            actor=Actor.PROMOTER,
        )
        standing = _standing(row).exclude(pk=consent.pk)
        supersede_by(new=consent, consents=standing, actor=Actor.PROMOTER)
        _answer(row, AskAnswer.GIVEN, consent)
    return consent


def decline_ask(*, ask: ConsentAsk) -> ConsentAsk:
    """Say no; what was given before stays as it is, and the asker is told. Raises DomainError(ask_over)."""
    with transaction.atomic():
        row = _lock_open(ask)
        _answer(row, AskAnswer.DECLINED)
    return row


def _answer(row: ConsentAsk, answer: str, consent: Consent | None = None) -> None:
    row.answer, row.answered_at, row.consent = answer, timezone.now(), consent
    row.save(update_fields=["answer", "answered_at", "consent"])
    if row.asked_by is not None and row.asked_by.is_active:
        send_later(kind=LETTER_ANSWERED, key=f"{LETTER_ANSWERED}:{row.pk}", payload={"ask": row.pk})


def _lock_contact(contact: Contact) -> Contact:
    rows = Contact.objects.select_for_update(of=("self",), no_key=True).select_related("customer")
    return rows.get(pk=contact.pk)


def _lock_open(ask: ConsentAsk) -> ConsentAsk:
    """The ask, its person's row locked first; raises DomainError(ask_over) where it waits no more."""
    contact = _lock_contact(ask.contact)
    rows = open_asks().select_related("case_study", "testimonial", "region", "asked_by")
    row = rows.filter(pk=ask.pk).first()
    if row is None:
        raise DomainError("ask_over", "This has been answered, or is not needed any more.")
    row.contact = contact
    return row


def _check_person(contact: Contact) -> None:
    if contact.has_opted_out or contact.status == ContactStatus.RETIRED:
        raise DomainError("has_opted_out", "This person has left or opted out.", "contact")
    if contact.status == ContactStatus.PAUSED:
        raise DomainError("is_paused", "This person takes a pause and is asked for nothing until it ends.", "contact")
    today = timezone.localdate()
    if Blackout.objects.filter(contact=contact, starts_on__lte=today, ends_on__gte=today).exists():
        raise DomainError("has_days_off", "This person is not to be asked on these days.", "contact")
    if not contact.email:
        raise DomainError("no_address", "There is no e-mail address on file.", "contact")


def _check_scope(ask: ConsentAsk, piece: Piece | None) -> None:
    if ask.activity not in activities.BY_CODE:
        raise DomainError("unknown_activity", f"There is no activity '{ask.activity}'.", "activity")
    if ask.channel not in Channel.values:
        raise DomainError("unknown_channel", f"There is no channel '{ask.channel}'.", "channel")
    if piece is not None and piece.customer_id != ask.contact.customer_id:
        raise DomainError("wrong_customer", "This content belongs to another customer.", "piece")
    if piece is not None and ask.activity != asset_of(piece):
        raise DomainError("wrong_piece", f"Consent for this piece is for '{asset_of(piece)}'.", "activity")
    if ask.region is not None and ask.region.facet != Facet.REGION:
        raise DomainError("not_a_region", f"'{ask.region.name}' is not a region.", "region")
    if ask.valid_until is not None and ask.valid_until <= timezone.localdate():
        raise DomainError("until_in_past", "Give a day to come.", "valid_until")


def _check_asked_before(ask: ConsentAsk) -> None:
    """No ask for what stands, one open ask per scope, few at once, and a rest after a no."""
    if any(_covers(consent, ask) for consent in _same_use(ask)):
        raise DomainError("stands_already", "A consent in force allows this already, at least as long.")
    waiting = open_asks().filter(contact=ask.contact)
    if waiting.filter(_scope(ask)).exists():
        raise DomainError("already_asked", "They have been asked for this already, and have time to answer.")
    if waiting.count() >= MOST_OPEN:
        raise DomainError("too_many_asks", f"{MOST_OPEN} asks wait for this person already: let them answer first.")
    of_same = ConsentAsk.objects.filter(contact=ask.contact, activity=ask.activity, answer=AskAnswer.DECLINED)
    last = of_same.filter(answered_at__gt=timezone.now() - REST).order_by("-answered_at").first()
    if last is not None and last.answered_at is not None:
        again = timezone.localdate(last.answered_at + REST)
        raise DomainError("declined_lately", f"They said no to this lately: ask again from {again:%Y-%m-%d}.")


def _check_narrower(ask: ConsentAsk, channel: str, is_attributed: bool, valid_until: date | None) -> None:
    if channel not in Channel.values or ask.channel not in {Channel.ANY, channel}:
        raise DomainError("wider_than_asked", "That is more than was asked for.", "channel")
    if is_attributed and not ask.is_attributed:
        raise DomainError("wider_than_asked", "That is more than was asked for.", "is_attributed")
    if ask.valid_until is not None and valid_until is not None and valid_until > ask.valid_until:
        raise DomainError("wider_than_asked", "That is longer than was asked for.", "valid_until")
    if valid_until is not None and valid_until < timezone.localdate():
        raise DomainError("until_in_past", "Give a day to come.", "valid_until")


def _covers(consent: Consent, ask: ConsentAsk) -> bool:
    """Whether a consent of the same use gives all that an ask is for, at least as long."""
    is_long = consent.valid_until is None or (ask.valid_until is not None and consent.valid_until >= ask.valid_until)
    return (
        is_long
        and consent.channel in {Channel.ANY, ask.channel}
        and consent.region_id in {None, ask.region_id}
        and (consent.is_attributed or not ask.is_attributed)
    )


def _same_use(ask: ConsentAsk) -> QuerySet[Consent]:
    """The person's consents in force for the same activity, or the same piece alone."""
    piece = {"case_study": ask.case_study, "testimonial": ask.testimonial}
    rows = Consent.objects.in_force(ask.activity, on=timezone.localdate())
    return rows.filter(Q(**{name: None if row is None else row.pk for name, row in piece.items()}), contact=ask.contact)


def _standing(ask: ConsentAsk) -> QuerySet[Consent]:
    """What stands for the very scope of an ask: same use, same channel, same region."""
    return _same_use(ask).filter(channel=ask.channel, region=ask.region_id)


def _scope(ask: ConsentAsk) -> Q:
    names = ("activity", "case_study_id", "testimonial_id", "channel", "region_id")
    return Q(**{name: getattr(ask, name) for name in names})
