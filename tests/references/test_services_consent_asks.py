"""Asks for consents: once per scope, never to whoever wants rest, answered as asked, with less, or with no."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from delivery.mails import deliver_letter
from delivery.models import OutboxMessage, SignedLink
from references.errors import DomainError
from references.models import Consent, ConsentAsk, Contact, StateChange
from references.services.consent_asks import (
    ask_consent,
    ask_subject,
    ask_to_renew,
    decline_ask,
    give_consent,
    open_asks,
    take_back_ask,
)
from references.services.consents import revoke_consent
from references.services.erasing import erase_contact
from references.services.own_page import EVIDENCE, opt_out
from tests.factories import (
    make_blackout,
    make_case_study,
    make_consent,
    make_contact,
    make_customer,
    make_tag,
    make_testimonial,
)
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def nora() -> Contact:
    return make_contact(make_customer("Fjordbank"), "Nora Lindqvist", email="nora@fjordbank.example", title="CFO")


def ask(contact: Contact, by: User, **options: Any) -> ConsentAsk:
    return ask_consent(contact=contact, by=by, **{"activity": "quote", "channel": "web", **options})


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def letters() -> list[str]:
    """Give the texts of the mails since the last call; whatever is promised is sent once it is committed."""
    assert not OutboxMessage.objects.filter(kind="mail", delivered_at=None).exists()
    texts = [f"{each.to[0]}: {each.subject}\n{each.body}" for each in mail.outbox]
    mail.outbox.clear()
    return texts


def test_an_ask_is_a_letter_with_a_link_in_their_language(nora: Contact, marketer: User) -> None:
    quote = make_testimonial(nora, "We closed the books in two days.")
    row = ask(nora, marketer, piece=quote, valid_until=in_days(400), why="Our page on core banking")
    link = SignedLink.objects.get(purpose="consent", subject=ask_subject(row.pk))
    [letter] = letters()
    assert letter.startswith("nora@fjordbank.example: Nora, may we? Quote")
    for words in ("We closed the books", "Web", "with your name", "Our page on core banking", "Mara Marketer"):
        assert words in letter
    assert link.pk.hex in letter


def test_given_as_asked_it_is_a_consent_of_theirs_and_the_asker_is_told(nora: Contact, marketer: User) -> None:
    row = ask(nora, marketer, valid_until=in_days(400))
    letters()
    consent = give_consent(ask=row)
    assert (consent.contact, consent.channel, consent.valid_until, consent.evidence) == (
        nora,
        "web",
        in_days(400),
        EVIDENCE,
    )
    row.refresh_from_db()
    assert (row.answer, row.consent) == ("given", consent)
    assert StateChange.objects.get(subject=f"consent:{consent.pk}").actor == "promoter"
    [letter] = letters()
    assert letter.startswith("marketer@example.test: Nora Lindqvist said yes: Quote")
    assert "less than you asked" not in letter


def test_less_may_be_given(nora: Contact, marketer: User) -> None:
    row = ask(nora, marketer, channel="any", valid_until=in_days(400))
    letters()
    consent = give_consent(ask=row, channel="web", is_attributed=False, valid_until=in_days(30))
    assert (consent.channel, consent.is_attributed, consent.valid_until) == ("web", False, in_days(30))
    [letter] = letters()
    assert "less than you asked" in letter
    assert "Nora" not in letter  # without a name for marketers too
    assert "CFO said yes" in letter


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ({"channel": "web"}, {"channel": "any"}),
        ({"channel": "web"}, {"channel": "print"}),
        ({"channel": "web"}, {"channel": "nonsense"}),
        ({"is_attributed": False}, {"is_attributed": True}),
        ({"valid_until": timezone.localdate() + timedelta(days=9)}, {"valid_until": date(2099, 1, 1)}),
    ],
)
def test_more_than_was_asked_is_not_taken(
    nora: Contact, marketer: User, asked: dict[str, Any], given: dict[str, Any]
) -> None:
    row = ask(nora, marketer, **asked)
    with pytest.raises(DomainError) as refused:
        give_consent(ask=row, **given)
    assert refused.value.code == "wider_than_asked"
    assert not Consent.objects.exists()


def test_what_stood_for_the_same_scope_is_superseded_and_nothing_else(nora: Contact, marketer: User) -> None:
    region = make_tag("region", "Norway")
    old = make_consent(nora, "quote", channel="web", valid_until=in_days(20))
    others = [
        make_consent(nora, "quote", channel="print"),
        make_consent(nora, "quote", channel="web", region=region),
        make_consent(nora, "video", channel="web"),
        make_consent(nora.customer, "quote", channel="web", valid_until=in_days(5)),
        make_consent(nora, "quote", channel="web", testimonial=make_testimonial(nora)),
    ]
    consent = give_consent(ask=ask_to_renew(consent=old, by=marketer))
    old.refresh_from_db()
    assert old.superseded_by == consent
    assert consent.valid_until == in_days(20 + 365)
    assert set(Consent.objects.filter(superseded_by=None)) == {consent, *others}


def test_no_is_an_answer_that_leaves_what_stood_and_is_respected_a_while(nora: Contact, marketer: User) -> None:
    old = make_consent(nora, "quote", channel="web", valid_until=in_days(20))
    row = ask(nora, marketer, valid_until=in_days(400))
    letters()
    decline_ask(ask=row)
    old.refresh_from_db()
    assert old.superseded_by is None
    [letter] = letters()
    assert "said no: Quote" in letter
    with pytest.raises(DomainError) as refused:
        ask(nora, marketer, channel="print")
    assert refused.value.code == "declined_lately"
    ask(nora, marketer, activity="video")  # something else
    ConsentAsk.objects.filter(pk=row.pk).update(answered_at=timezone.now() - timedelta(days=31))
    ask(nora, marketer, channel="print")


def test_one_ask_waits_per_scope(nora: Contact, marketer: User, manager: User) -> None:
    row = ask(nora, marketer)
    with pytest.raises(DomainError) as refused:
        ask(nora, manager, why="again")
    assert refused.value.code == "already_asked"
    ask(nora, manager, channel="print")
    ConsentAsk.objects.filter(pk=row.pk).update(asked_at=timezone.now() - timedelta(days=31))
    assert row not in open_asks()
    ask(nora, manager)


def test_few_asks_wait_at_once(nora: Contact, marketer: User) -> None:
    for channel in ("web", "print", "social"):
        ask(nora, marketer, channel=channel)
    with pytest.raises(DomainError) as refused:
        ask(nora, marketer, channel="event")
    assert refused.value.code == "too_many_asks"


def test_nobody_is_asked_for_what_stands(nora: Contact, marketer: User) -> None:
    make_consent(nora, "quote", channel="any", valid_until=in_days(100))
    with pytest.raises(DomainError) as refused:
        ask(nora, marketer, valid_until=in_days(50))
    assert refused.value.code == "stands_already"
    ask(nora, marketer, valid_until=in_days(200))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"has_opted_out": True}, "has_opted_out"),
        ({"status": "retired"}, "has_opted_out"),
        ({"status": "paused"}, "is_paused"),
        ({"email": ""}, "no_address"),
    ],
)
def test_whoever_wants_peace_is_not_asked(marketer: User, fields: dict[str, Any], code: str) -> None:
    contact = make_contact(**{"email": "a@b.example", **fields})
    with pytest.raises(DomainError) as refused:
        ask(contact, marketer)
    assert refused.value.code == code
    assert not OutboxMessage.objects.exists()


def test_nobody_is_asked_on_their_days_off(nora: Contact, marketer: User) -> None:
    make_blackout(nora, in_days(-1), in_days(1))
    with pytest.raises(DomainError) as refused:
        ask(nora, marketer)
    assert refused.value.code == "has_days_off"


def test_an_ask_makes_sense(nora: Contact, marketer: User) -> None:
    elsewhere, story = make_case_study(), make_case_study(nora.customer)
    for options, code in (
        ({"activity": "nonsense"}, "unknown_activity"),
        ({"channel": "nonsense"}, "unknown_channel"),
        ({"piece": elsewhere}, "wrong_customer"),
        ({"piece": story}, "wrong_piece"),
        ({"region": make_tag("industry", "Banking")}, "not_a_region"),
        ({"valid_until": in_days(0)}, "until_in_past"),
    ):
        with pytest.raises(DomainError) as refused:
            ask(nora, marketer, **options)
        assert refused.value.code == code


def test_an_ask_that_is_over_takes_no_answer(nora: Contact, marketer: User) -> None:
    row = ask(nora, marketer)
    letters()
    take_back_ask(ask=row)
    assert SignedLink.objects.get(subject=ask_subject(row.pk)).revoked_at is not None
    deliver_letter(OutboxMessage.objects.get(kind="mail").payload)
    assert not letters()  # a letter that comes late is needed no more
    for answer in (give_consent, decline_ask, take_back_ask):
        with pytest.raises(DomainError) as refused:
            answer(ask=row)
        assert refused.value.code == "ask_over"


def test_who_has_left_meanwhile_gives_nothing(nora: Contact, marketer: User) -> None:
    row = ask(nora, marketer)
    opt_out(contact=nora)
    with pytest.raises(DomainError) as refused:
        give_consent(ask=row)
    assert refused.value.code == "has_opted_out"


def test_what_a_whole_customer_gave_or_what_is_over_is_not_renewed(nora: Contact, marketer: User) -> None:
    with pytest.raises(DomainError) as refused:
        ask_to_renew(consent=make_consent(nora.customer, "quote"), by=marketer)
    assert refused.value.code == "nobody_to_ask"
    old = make_consent(nora, "quote")
    revoke_consent(consent=old)
    with pytest.raises(DomainError) as refused:
        ask_to_renew(consent=old, by=marketer)
    assert refused.value.code == "consent_over"


def test_asks_go_with_an_erased_person(nora: Contact, marketer: User) -> None:
    row = ask(nora, marketer)
    erase_contact(contact=nora)
    assert not ConsentAsk.objects.exists()
    assert SignedLink.objects.get(subject=ask_subject(row.pk)).revoked_at is not None
