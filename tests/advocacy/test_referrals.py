"""A referral from coming in to won or lost: checks, ledger, points, letters, and the lead's own say."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from advocacy.enums import FlagStatus, ReferralStatus
from advocacy.models import FraudFlag, PointsAccount, PointsRule, Referral
from advocacy.referral_lookup import is_paid_for
from advocacy.services.flags import decide_flag
from advocacy.services.referral_links import (
    close_personal_link,
    find_personal_link,
    personal_link,
    read_personal_link,
    show_name,
)
from advocacy.services.referrals import (
    LeadData,
    Won,
    disclose_lead,
    forget_old_leads,
    move_referral,
    refer,
    set_owner,
    settle_checks,
)
from delivery.links import LinkError, link_token
from delivery.models import OutboxMessage, SignedLink
from references.enums import EngagementStatus
from references.errors import DomainError
from references.models import Contact, Customer, Engagement, StateChange
from references.personal_words import ERASED_NAME
from references.pool.writing import pool_write
from tests.factories import make_contact, make_customer
from users.models import User

pytestmark = pytest.mark.django_db
_F = ReferralStatus


@pytest.fixture
def person(rep: User) -> Contact:
    PointsRule.objects.create(activity="referral", points=500)
    customer = make_customer("Fjordbank", domain="fjordbank.example", account_owner=rep)
    return make_contact(customer, "Pia Promoter", email="pia@fjordbank.example")


def lead(**fields: object) -> LeadData:
    given = {"name": "Otto Ost", "company": "Osterholm Works", "email": "otto@osterholm.example", **fields}
    return LeadData(**given)  # type: ignore[arg-type]


def balance() -> int:
    return PointsAccount.objects.get().balance if PointsAccount.objects.exists() else 0


def letters() -> list[str]:
    return list(OutboxMessage.objects.filter(kind="mail").values_list("payload__letter", flat=True))


def test_a_referral_is_paid_stage_by_stage_and_becomes_a_customer(person: Contact, manager: User, rep: User) -> None:
    row = refer(referrer=person, lead=lead(), creation_key="k")
    assert (row.owner, row.warnings, row.duplicate_of) == (rep, [], None)
    assert Engagement.objects.get(source=row.source).status == EngagementStatus.COMPLETED
    assert balance() == 50
    move_referral(referral=row, to=_F.QUALIFIED, by=manager)
    assert balance() == 350
    won = Won(value=Decimal(12_000), currency="eur", new_customer="Osterholm Works")
    move_referral(referral=row, to=_F.WON, by=manager, won=won)
    assert balance() == 500
    assert (row.currency, row.became.name if row.became else "") == ("EUR", "Osterholm Works")
    assert "advocacy_referral_ended" in letters()


def test_the_same_key_is_one_referral_and_another_persons_key_is_refused(person: Contact) -> None:
    first = refer(referrer=person, lead=lead(), creation_key="k")
    assert refer(referrer=person, lead=lead(), creation_key="k") == first
    with pytest.raises(DomainError) as refused:
        refer(referrer=make_contact(), lead=lead(), creation_key="k")
    assert refused.value.code == "key_taken"
    assert Referral.objects.count() == 1


def test_a_duplicate_is_kept_and_marked_and_never_paid(person: Contact, manager: User) -> None:
    first = refer(referrer=person, lead=lead(), creation_key="1")
    other = make_contact()
    second = refer(referrer=other, lead=lead(email="OTTO+x@osterholm.example"), creation_key="2")
    assert second.duplicate_of == first
    move_referral(referral=second, to=_F.WON, by=manager)
    assert not PointsAccount.objects.filter(contact=other).exists()
    assert not Engagement.objects.filter(source=second.source).exists()


def test_one_of_two_that_came_in_at_once_is_found_when_it_is_qualified(person: Contact, manager: User) -> None:
    other = make_contact()
    first = refer(referrer=person, lead=lead(), creation_key="1")
    second = refer(referrer=other, lead=lead(email="anna@elsewhere.example", name="Anna"), creation_key="2")
    Referral.objects.filter(pk=second.pk).update(lead_email=first.lead_email)
    move_referral(referral=second, to=_F.QUALIFIED, by=manager)
    assert second.duplicate_of == first
    assert PointsAccount.objects.get(contact=other).balance == 0


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"email": "pia+me@fjordbank.example"}, "self_email"),
        ({"email": "someone@fjordbank.example"}, "self_domain"),
        ({"company": "Fjordbank AG", "email": ""}, "self_employer"),
    ],
)
def test_ones_own_house_is_kept_and_never_paid(person: Contact, fields: dict[str, str], code: str) -> None:
    row = refer(referrer=person, lead=lead(**fields), creation_key="k")
    assert code in [each["code"] for each in row.warnings]
    assert not is_paid_for(row)
    assert balance() == 0


def test_a_manager_lets_one_count_in_spite_of_a_check(person: Contact, manager: User, marketer: User) -> None:
    make_customer("Osterholm Works")
    row = refer(referrer=person, lead=lead(), creation_key="k")
    assert balance() == 0
    with pytest.raises(DomainError) as refused:
        settle_checks(referral=row, by=marketer, why="Another division.")
    assert refused.value.code == "not_allowed"
    settle_checks(referral=row, by=manager, why="Another division.")
    assert balance() == 50
    with pytest.raises(DomainError):
        settle_checks(referral=row, by=manager, why="Again.")


def test_what_is_disqualified_is_taken_back(person: Contact, manager: User) -> None:
    row = refer(referrer=person, lead=lead(), creation_key="k")
    move_referral(referral=row, to=_F.QUALIFIED, by=manager)
    with pytest.raises(DomainError) as refused:
        move_referral(referral=row, to=_F.DISQUALIFIED, by=manager)
    assert refused.value.code == "why_required"
    move_referral(referral=row, to=_F.DISQUALIFIED, by=manager, why="Never heard of them.")
    assert balance() == 0
    assert Engagement.objects.get(source=row.source).status == EngagementStatus.RELEASED
    move_referral(referral=row, to=_F.NEW, by=manager)
    assert balance() == 0  # taken back stays taken back


def test_one_lead_is_not_paid_twice_though_the_first_was_disqualified_for_a_while(
    person: Contact, manager: User
) -> None:
    first = refer(referrer=person, lead=lead(), creation_key="k")
    move_referral(referral=first, to=_F.DISQUALIFIED, by=manager, why="Not now.")
    other = make_contact(name="Olga Other")
    second = refer(referrer=other, lead=lead(), creation_key="l")
    assert is_paid_for(second)
    for to in (_F.NEW, _F.QUALIFIED):
        move_referral(referral=first, to=to, by=manager)
    assert (is_paid_for(first), first.duplicate_of_id) == (False, second.pk)
    assert PointsAccount.objects.get(contact=person).balance == 0


def test_what_is_lost_keeps_what_it_earned(person: Contact, manager: User) -> None:
    row = refer(referrer=person, lead=lead(), creation_key="k")
    won = Won(became=make_customer("Osterholm Works"))
    move_referral(referral=row, to=_F.WON, by=manager, won=won)
    move_referral(referral=row, to=_F.LOST, by=manager, why="The deal fell through.")
    assert (balance(), row.became) == (500, None)


def test_won_needs_a_currency_and_another_house(person: Contact, manager: User, rep: User) -> None:
    row = refer(referrer=person, lead=lead(), creation_key="k")
    for won, by, code in (
        (Won(value=Decimal(5)), manager, "currency_required"),
        (Won(became=person.customer), manager, "own_customer"),
        (Won(new_customer="Osterholm"), rep, "not_allowed"),
    ):
        with pytest.raises(DomainError) as refused:
            move_referral(referral=row, to=_F.WON, by=by, won=won)
        assert refused.value.code == code
    assert not Customer.objects.filter(name="Osterholm").exists()


def test_nobody_who_left_refers_and_nobody_refers_endlessly(person: Contact) -> None:
    for number in range(20):
        refer(
            referrer=person, lead=lead(name=f"N {number}", company=f"Co {number}", email=""), creation_key=str(number)
        )
    with pytest.raises(DomainError) as refused:
        refer(referrer=person, lead=lead(), creation_key="more")
    assert refused.value.code == "too_many"
    with pytest.raises(DomainError) as refused:
        refer(referrer=make_contact(has_opted_out=True), lead=lead(), creation_key="gone")
    assert refused.value.code == "has_opted_out"


def test_a_lead_is_written_to_once_and_only_having_agreed(person: Contact) -> None:
    refer(referrer=person, lead=lead(), creation_key="1")
    assert "advocacy_referral_lead" not in letters()
    other = lead(name="Uma", company="Umber", email="uma@umber.example", agreed=True)
    refer(referrer=person, lead=other, creation_key="2")
    refer(referrer=make_contact(), lead=other, creation_key="3")
    assert letters().count("advocacy_referral_lead") == 1


def test_lead_data_are_given_to_few_and_every_look_is_kept(
    person: Contact, rep: User, marketer: User, outsider: User
) -> None:
    row = refer(referrer=person, lead=lead(), creation_key="k")
    assert disclose_lead(user=rep, referral=row, why="To call them.")[0] == "otto@osterholm.example"
    assert StateChange.objects.filter(subject=f"referral:{row.pk}", by=rep, why__contains="To call them.").exists()
    set_owner(referral=row, owner=marketer, by=rep)
    with pytest.raises(DomainError):
        disclose_lead(user=rep, referral=row, why="To call them.")  # the account owner, not the lead's
    with pytest.raises(DomainError):
        disclose_lead(user=outsider, referral=row, why="Curious.")


def test_old_leads_are_forgotten_and_their_worth_stays(person: Contact, manager: User) -> None:
    over = refer(referrer=person, lead=lead(), creation_key="1")
    move_referral(referral=over, to=_F.LOST, by=manager, why="No budget.")
    fresh = refer(referrer=person, lead=lead(name="Uma", company="Umber", email="uma@umber.example"), creation_key="2")
    assert forget_old_leads() == 0
    Referral.objects.filter(pk=over.pk).update(ended_at=timezone.now() - timedelta(days=400))
    assert (forget_old_leads(), forget_old_leads()) == (1, 0)
    over.refresh_from_db()
    fresh.refresh_from_db()
    assert (over.lead_name, over.lead_email, over.company) == (ERASED_NAME, "", "Osterholm Works")
    assert fresh.lead_name == "Uma"


def test_a_personal_link_keeps_its_address_whatever_name_it_shows(person: Contact) -> None:
    link = personal_link(contact=person)
    token = link_token(link)
    assert link_token(show_name(contact=person, is_shown=True)) == token
    assert read_personal_link(token)[1].purpose == "refer_named"
    assert SignedLink.objects.count() == 1
    assert close_personal_link(contact=person) == 1
    assert find_personal_link(person) is None
    with pytest.raises(LinkError) as closed:
        read_personal_link(token)
    assert closed.value.code == "revoked"


def test_a_link_opens_nothing_once_its_person_has_left(person: Contact) -> None:
    token = link_token(personal_link(contact=person))
    with pool_write() as touched:
        Contact.objects.filter(pk=person.pk).update(has_opted_out=True)
        touched.add(person.customer_id)
    with pytest.raises(LinkError):
        read_personal_link(token)


def test_signs_are_raised_once_and_points_go_only_when_somebody_says_so(person: Contact, manager: User) -> None:
    for number in range(4):
        given = lead(name=f"N {number}", email=f"n{number}@osterholm.example")
        refer(referrer=person, lead=given, creation_key=str(number))
    flag = FraudFlag.objects.get()
    assert (flag.code, flag.contact, balance()) == ("same_domain", person, 200)
    with pytest.raises(DomainError) as refused:
        decide_flag(flag=flag, to=FlagStatus.CLEARED, by=manager, note="Fine.", takes_points=True)
    assert refused.value.code == "points_stay"
    decide_flag(flag=flag, to=FlagStatus.CONFIRMED, by=manager, note="One and the same.", takes_points=True)
    assert balance() == 0
    row = Referral.objects.get(creation_key="3")
    move_referral(referral=row, to=_F.WON, by=manager)
    assert balance() == 0  # nor do stages to come earn anything
