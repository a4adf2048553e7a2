"""A promoter's profile as a read model: who sees what, what is in force, and when the person is free."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from references.enums import ContactStatus
from references.fatigue import Band
from references.models import Contact
from references.profiles import AHEAD_DAYS, PAST_DAYS, STEP_DAYS, FreeDate, Profile, read_profile
from references.services.customers import save_customer
from tests.factories import (
    make_blackout,
    make_case_study,
    make_consent,
    make_contact,
    make_customer,
    make_engagement,
    make_proof_point,
    make_tag,
    make_testimonial,
)
from users.models import User

NOW = timezone.now


def free_of(profile: Profile, activity: str) -> FreeDate:
    return next(each for each in profile.free_dates if each.activity == activity)


def today() -> date:
    return timezone.localdate()


@pytest.fixture
def contact(db: None) -> Contact:
    customer = make_customer("Fjordbank", tags=[make_tag("industry", "Banking")], domain="fjordbank.example")
    return make_contact(customer, "Nora Lindqvist", title="CFO at Fjordbank", consents=["call"], notes="private")


def test_profile_of_a_stranger_is_not_there(contact: Contact, rep: User) -> None:
    save_customer(customer=contact.customer, data={"is_referenceable": False})
    with pytest.raises(Contact.DoesNotExist):
        read_profile(user=rep, contact_id=contact.pk)


def test_profile_names_nobody_to_a_requester(contact: Contact, rep: User) -> None:
    save_customer(customer=contact.customer, data={"is_named": False})
    make_testimonial(contact, "Nora of Fjordbank closed in two days.")
    make_consent(contact, "quote")
    profile = read_profile(user=rep, contact_id=contact.pk)
    assert (profile.promoter_name, profile.customer_name) == (None, None)
    assert profile.headline == "CFO · Banking"
    assert profile.title == "CFO"
    assert [story.title for story in profile.stories] == ["… of … closed in two days."]


def test_profile_names_everyone_to_the_account_owner(contact: Contact, rep: User) -> None:
    save_customer(customer=contact.customer, data={"is_named": False, "account_owner": rep})
    profile = read_profile(user=rep, contact_id=contact.pk)
    assert (profile.promoter_name, profile.customer_name) == ("Nora Lindqvist", "Fjordbank")
    assert profile.may_edit


def test_profile_keeps_notes_and_evidence_from_those_who_only_read(contact: Contact, rep: User, manager: User) -> None:
    make_consent(contact, "quote", evidence="mail of May")
    make_engagement(contact, note="met their board")
    seen = {user.role: read_profile(user=user, contact_id=contact.pk) for user in (rep, manager)}
    assert {line.evidence for line in seen["sales"].consents} == {""}
    assert {line.note for line in seen["sales"].ledger} == {""}
    assert "mail of May" in {line.evidence for line in seen["manager"].consents}
    assert "met their board" in {line.note for line in seen["manager"].ledger}


def test_tags_carry_their_age_and_the_person_s_own_come_first(contact: Contact, manager: User) -> None:
    old = today() - timedelta(days=800)
    tag = make_tag("product", "Ledger")
    customer = make_customer("Alder", tags=[tag], verified_on=old)
    both = make_contact(customer, tags=[tag])
    only_theirs = make_contact(customer)
    lines = dict(read_profile(user=manager, contact_id=both.pk).tags)["product"]
    assert [(line.name, line.is_own, line.is_stale) for line in lines] == [("Ledger", True, False)]
    lines = dict(read_profile(user=manager, contact_id=only_theirs.pk).tags)["product"]
    assert [(line.name, line.is_own, line.is_stale) for line in lines] == [("Ledger", False, True)]


def test_consents_say_whether_they_hold(contact: Contact, manager: User) -> None:
    day = timedelta(days=1)
    make_consent(contact, "quote", valid_until=today() - day)
    make_consent(contact, "video", valid_from=today() + day)
    make_consent(contact, "press", revoked_at=NOW())
    make_consent(contact, "logo", superseded_by=make_consent(contact.customer, "logo"))
    states = {(line.activity, line.is_whole_customer): line.state for line in read_profile(
        user=manager, contact_id=contact.pk).consents}  # fmt: skip
    assert states == {
        ("call", False): "in_force",
        ("quote", False): "over",
        ("video", False): "to_come",
        ("press", False): "revoked",
        ("logo", False): "superseded",
        ("logo", True): "in_force",
    }


def test_free_next_counts_lead_time_and_rest(contact: Contact, manager: User) -> None:
    assert free_of(read_profile(user=manager, contact_id=contact.pk), "call").next_free == today() + timedelta(days=3)
    make_engagement(contact, "call", on=today() - timedelta(days=10))
    rested = today() + timedelta(days=21)
    assert free_of(read_profile(user=manager, contact_id=contact.pk), "call").next_free == rested


def test_free_next_waits_for_blackouts_and_pauses(contact: Contact, manager: User) -> None:
    make_blackout(contact, today(), today() + timedelta(days=9))
    assert free_of(read_profile(user=manager, contact_id=contact.pk), "call").next_free == today() + timedelta(days=10)
    paused = make_contact(
        contact.customer, "Aksel", consents=["call"], status=ContactStatus.PAUSED,
        paused_until=today() + timedelta(days=40),
    )  # fmt: skip
    profile = read_profile(user=manager, contact_id=paused.pk)
    assert free_of(profile, "call").next_free == today() + timedelta(days=40)
    assert profile.notices == ("paused",)


def test_free_next_is_nowhere_without_consent_or_agreement(contact: Contact, manager: User) -> None:
    speaking = free_of(read_profile(user=manager, contact_id=contact.pk), "speaking")
    assert (speaking.is_agreed, speaking.has_consent, speaking.next_free) == (True, False, None)
    unwilling = make_contact(contact.customer, "Aksel", consents=["call"], activities=["quote"])
    call = free_of(read_profile(user=manager, contact_id=unwilling.pk), "call")
    assert (call.is_agreed, call.has_consent, call.next_free) == (False, True, None)


@pytest.mark.parametrize(
    ("fields", "notice"),
    [
        ({"has_open_escalation": True}, "escalation"),
        ({"health": "red"}, "red_health"),
        ({"is_referenceable": False}, "not_referenceable"),
    ],
)
def test_free_next_is_nowhere_while_the_customer_is_unwell(
    contact: Contact, manager: User, fields: dict[str, object], notice: str
) -> None:
    save_customer(customer=contact.customer, data=fields)  # type: ignore[arg-type]
    profile = read_profile(user=manager, contact_id=contact.pk)
    assert profile.notices == (notice,)
    assert free_of(profile, "call").next_free is None


def test_free_next_steps_around_a_quiet_renewal(contact: Contact, manager: User) -> None:
    renewal = today() + timedelta(days=5)
    save_customer(customer=contact.customer, data={"renewal_date": renewal, "is_renewal_sensitive": True})
    profile = read_profile(user=manager, contact_id=contact.pk)
    assert profile.notices == ("renewal",)
    assert free_of(profile, "call").next_free == renewal + timedelta(days=31)


def test_curve_covers_the_year_behind_and_the_months_ahead(contact: Contact, manager: User) -> None:
    make_engagement(contact, "call", on=today())
    profile = read_profile(user=manager, contact_id=contact.pk)
    points = profile.curve.points
    assert (points[0].on, points[-1].on) == (today() - timedelta(days=PAST_DAYS), today() + timedelta(days=AHEAD_DAYS))
    assert PAST_DAYS % STEP_DAYS == 0
    assert profile.phi == pytest.approx(0.2421, abs=1e-3)  # one call: .24
    assert points[-1].phi < profile.phi
    fresh: Band = "fresh"
    assert profile.band == fresh


def test_curve_takes_in_what_colleagues_did(contact: Contact, manager: User) -> None:
    make_engagement(make_contact(contact.customer, "Aksel"), "site_visit", on=today())
    assert 0 < read_profile(user=manager, contact_id=contact.pk).phi < 0.3


def test_stories_are_those_of_the_person_and_of_the_customer_as_a_whole(contact: Contact, manager: User) -> None:
    make_case_study(contact.customer, "Theirs")
    make_testimonial(contact, "Mine")
    make_testimonial(make_contact(contact.customer, "Aksel"), "A colleague’s")
    stories = read_profile(user=manager, contact_id=contact.pk).stories
    assert {(story.title, story.is_usable) for story in stories} == {("Theirs", False), ("Mine", False)}


def test_requesters_see_usable_stories_only(contact: Contact, rep: User) -> None:
    make_testimonial(contact, "Not yet")
    assert read_profile(user=rep, contact_id=contact.pk).stories == ()
    make_consent(contact, "quote")
    assert [story.is_usable for story in read_profile(user=rep, contact_id=contact.pk).stories] == [True]


def test_numbers_without_consent_are_told_to_those_who_keep_content_alone(
    contact: Contact, manager: User, marketer: User, rep: User
) -> None:
    make_proof_point(contact.customer, metric="Days to close", before="11", after="2")
    for keeper in (manager, marketer):
        (line,) = read_profile(user=keeper, contact_id=contact.pk).proof_points
        assert (line.metric, line.before, line.after, line.is_usable) == ("Days to close", "11", "2", False)
    assert read_profile(user=rep, contact_id=contact.pk).proof_points == ()
    make_consent(contact.customer, "case_study")
    assert [line.is_usable for line in read_profile(user=rep, contact_id=contact.pk).proof_points] == [True]


def test_profile_can_be_read_as_of_a_moment(contact: Contact, manager: User) -> None:
    make_engagement(contact, "call", on=today())
    later = NOW() + timedelta(days=45)
    assert isinstance(later, datetime)
    assert read_profile(user=manager, contact_id=contact.pk, now=later).phi == pytest.approx(0.1294, abs=1e-3)
