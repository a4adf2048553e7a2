"""What is picked shows under the rights of the moment: gone without a word, named only where everything lets it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from delivery.links import LinkError
from references.errors import DomainError
from references.handouts import find_shared, read_basket, read_handout, read_shares
from references.models import BasketItem, Consent, Contact, Handout
from references.services.consents import revoke_consent
from references.services.sharing import (
    add_to_basket,
    change_handout,
    count_view,
    make_handout,
    remove_from_basket,
    renew_handout,
    revoke_handout,
)
from tests.factories import (
    make_case_study,
    make_consent,
    make_contact,
    make_customer,
    make_policy,
    make_proof_point,
    make_testimonial,
)
from users.models import User

pytestmark = pytest.mark.django_db
SAID = {"title": "For you", "intro": "", "channel": "sales", "is_blinded": False}


@pytest.fixture
def nora() -> Contact:
    """Somebody at a customer that may be named, with a quote, a story, a number, and a wish to speak at events."""
    customer = make_customer("Fjordbank", size_band="10001+")
    contact = make_contact(customer, "Nora Lindqvist", title="CFO of Fjordbank", consents=["quote"])
    make_consent(contact, "speaking", channel="event")
    make_consent(customer, "case_study", channel="sales")
    make_testimonial(contact, "Fjordbank closed in two days, says Nora Lindqvist.")
    make_case_study(customer, "How Fjordbank closes", results="Fjordbank closes in two days.")
    make_proof_point(customer, "Days to close", "2", before="9", unit="days")
    return contact


def fill(user: User, contact: Contact) -> list[int]:
    """Put everything of a contact into a basket; gives the ids of its items in order."""
    customer = contact.customer
    wanted = [
        ("testimonial", contact.testimonial_set.get().pk, ""),
        ("case_study", customer.casestudy_set.get().pk, ""),
        ("proof_point", customer.proof_points.get().pk, ""),
        ("contact", contact.pk, "speaking"),
    ]
    return [add_to_basket(user=user, noun=noun, pk=pk, activity=activity).pk for noun, pk, activity in wanted]


def hand_out(user: User, contact: Contact, **said: object) -> Handout:
    return make_handout(user=user, data={**SAID, **said}, order=fill(user, contact))  # type: ignore[typeddict-item]


def words(handout: Handout) -> str:
    return repr([(each.piece, each.person) for each in read_handout(handout)])


def test_handout_shows_what_its_channel_allows(nora: Contact, marketer: User) -> None:
    for_sales, for_events = hand_out(marketer, nora), hand_out(marketer, nora, channel="event")
    assert [each.is_gone for each in read_handout(for_sales)] == [False, False, False, True]
    assert [each.is_gone for each in read_handout(for_events)] == [False, True, True, False]
    piece = read_handout(for_sales)[2].piece
    assert piece is not None
    assert (piece.title, piece.text, piece.customer_name) == ("Days to close", "9 → 2 days", "Fjordbank")
    person = read_handout(for_events)[3].person
    assert person is not None
    assert (person.name, person.customer_name) == ("Nora Lindqvist", "Fjordbank")


def test_what_is_revoked_or_has_lapsed_is_gone_without_a_word(nora: Contact, marketer: User) -> None:
    handout = hand_out(marketer, nora)
    consent = Consent.objects.get(activity="quote")
    revoke_consent(consent=consent)
    assert read_handout(handout)[0].is_gone
    assert "two days, says" not in words(handout)
    assert Handout.objects.get().items.count() == 4


def test_handout_is_blinded_by_wish_by_policy_and_by_consent(nora: Contact, marketer: User, manager: User) -> None:
    named = hand_out(marketer, nora, channel="event")
    wished = hand_out(marketer, nora, channel="event", is_blinded=True)
    assert "Nora" in words(named)
    for name in ("Fjordbank", "Nora", "Lindqvist"):
        assert name not in words(wished)
    make_policy({"show_customer_name": False})
    assert "Fjordbank" not in words(named)
    forced = hand_out(marketer, nora)
    assert forced.is_blinded
    assert "Fjordbank" in words(hand_out(manager, nora))
    make_consent(nora.customer, "quote", is_attributed=False)
    shown = read_handout(hand_out(manager, nora))[0].piece
    assert shown is not None
    assert not shown.is_named
    assert "Nora" not in repr(shown)


def test_person_is_named_only_by_those_who_see_names(nora: Contact, rep: User) -> None:
    handout = hand_out(rep, nora, channel="event")
    person = read_handout(handout)[3].person
    assert person is not None
    assert person.name is None
    assert "Nora" not in person.headline
    assert "Fjordbank" not in person.headline


def test_handout_of_somebody_who_left_carries_no_names(nora: Contact, marketer: User) -> None:
    handout = hand_out(marketer, nora)
    User.objects.filter(pk=marketer.pk).update(is_active=False)
    assert "Fjordbank" not in words(Handout.objects.select_related("made_by").get(pk=handout.pk))
    User.objects.filter(pk=marketer.pk).delete()
    assert "Fjordbank" not in words(Handout.objects.get(pk=handout.pk))


def test_basket_takes_only_what_may_be_used_and_each_once(nora: Contact, marketer: User, rep: User) -> None:
    fill(marketer, nora)
    fill(marketer, nora)
    assert len(read_basket(marketer)) == 4
    assert read_basket(rep) == []
    draft = make_testimonial(nora, "Not yet", status="draft")
    for noun, pk, activity, code in [
        ("testimonial", draft.pk, "", "not_usable"),
        ("case_study", 0, "", "not_usable"),
        ("contact", nora.pk, "press", "not_usable"),
        ("contact", nora.pk, "", "unknown_activity"),
        ("testimonial", draft.pk, "speaking", "unknown_activity"),
        ("wish", 1, "", "unknown_noun"),
    ]:
        with pytest.raises(DomainError) as caught:
            add_to_basket(user=marketer, noun=noun, pk=pk, activity=activity)
        assert caught.value.code == code
    assert remove_from_basket(user=marketer, noun="contact", pk=nora.pk)
    assert not remove_from_basket(user=marketer, noun="contact", pk=nora.pk)


def test_basket_says_what_is_gone(nora: Contact, marketer: User) -> None:
    fill(marketer, nora)
    for consent in Consent.objects.filter(activity="speaking"):
        revoke_consent(consent=consent)
    assert [each.is_gone for each in read_basket(marketer)] == [False, False, False, True]


def test_order_is_kept_and_can_be_changed(nora: Contact, marketer: User) -> None:
    ids = fill(marketer, nora)
    handout = make_handout(user=marketer, data=SAID, order=[ids[2], ids[0], ids[2]])  # type: ignore[arg-type]
    assert not BasketItem.objects.exists()
    items = list(handout.items.all())
    assert [item.proof_point_id is not None for item in items] == [True, False]
    change_handout(handout=handout, data=SAID, order=[items[1].pk], by=marketer)  # type: ignore[arg-type]
    assert [item.pk for item in handout.items.all()] == [items[1].pk]
    with pytest.raises(DomainError, match="Keep at least one"):
        change_handout(handout=handout, data=SAID, order=[], by=marketer)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "said,days,code",
    [
        ({"title": " "}, 30, "blank"),
        ({"channel": "any"}, 30, "unknown_channel"),
        ({}, 0, "bad_days"),
        ({}, 400, "bad_days"),
    ],
)
def test_what_makes_no_sense_makes_no_handout(
    said: dict[str, object], days: int, code: str, nora: Contact, marketer: User
) -> None:
    order = fill(marketer, nora)
    with pytest.raises(DomainError) as caught:
        make_handout(user=marketer, data={**SAID, **said}, order=order, days=days)  # type: ignore[typeddict-item]
    assert caught.value.code == code
    assert not Handout.objects.exists()
    assert BasketItem.objects.count() == 4


def test_empty_basket_makes_no_handout(marketer: User) -> None:
    with pytest.raises(DomainError, match="basket first"):
        make_handout(user=marketer, data=SAID, order=[1])  # type: ignore[arg-type]


def test_link_opens_is_revoked_and_renewed(nora: Contact, marketer: User) -> None:
    handout = hand_out(marketer, nora)
    share = read_shares([handout])[handout.pk]
    assert share.is_open
    assert find_shared(share.token) == handout
    renew_handout(handout=handout, days=90)
    renewed = read_shares([handout])[handout.pk]
    assert renewed.token == share.token
    assert renewed.until is not None
    assert renewed.until > timezone.now() + timedelta(days=89)
    assert revoke_handout(handout=handout)
    assert not revoke_handout(handout=handout)
    assert read_shares([handout])[handout.pk].path == ""
    with pytest.raises(LinkError, match="revoked"):
        find_shared(share.token)
    renew_handout(handout=handout)
    again = read_shares([handout])[handout.pk]
    assert again.is_open
    assert again.token != share.token


def test_views_are_counted_and_others_see_only_their_own(
    nora: Contact, marketer: User, rep: User, manager: User
) -> None:
    handout = hand_out(marketer, nora)
    count_view(handout=handout)
    count_view(handout=handout)
    assert Handout.objects.get().views == 2
    seen = {user.role: list(Handout.objects.visible_to(user)) for user in (marketer, rep, manager)}
    assert seen == {"marketer": [handout], "sales": [], "manager": [handout]}
