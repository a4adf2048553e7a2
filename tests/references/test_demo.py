"""The demonstration program: its size, that it is alive, the same each time, and loaded once."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Count, Q
from django.test import Client

from delivery.models import SignedLink
from references.caps import COUNTED, check_caps
from references.demo.cast import PASSWORD
from references.demo.loading import DemoReport, load_demo
from references.enums import AskAnswer, Channel, ContentStatus, PublicEvent, ReviewStatus, TestimonialKind
from references.fatigue import Touch, band, score, total_load
from references.handouts import PURPOSE, read_picked
from references.ledger import read_touches
from references.models import (
    BasketItem,
    Blackout,
    CaseStudy,
    Consent,
    ConsentAsk,
    Contact,
    ContactTag,
    ContentReview,
    ContentUse,
    Customer,
    CustomerTag,
    Embed,
    Engagement,
    EngagementChange,
    Handout,
    Lead,
    PoolRevision,
    ProofPoint,
    PublicCount,
    ReviewLine,
    SpeakingSlot,
    Tag,
    Testimonial,
)
from references.policy import ProgramPolicy
from references.querysets import USABLE_CONTENT
from references.rights import Use, usable_case_studies, usable_proof_points, usable_testimonials
from references.rights_standing import ended_by, uncovered
from references.text import fold
from references.wording import words_of
from users.enums import Role
from users.models import User

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def report(django_db_setup: None, django_db_blocker: Any) -> Any:
    """The program, loaded once for this module and removed after it."""
    with django_db_blocker.unblock():
        yield load_demo(today=TODAY)
        call_command("flush", interactive=False, verbosity=0)


def read_ledger() -> tuple[dict[int, list[Touch]], dict[int, list[Touch]]]:
    """The touches by contact, and by customer."""
    own, customers = defaultdict(list), defaultdict(list)
    for customer_id, touch in read_touches(list(Customer.objects.values_list("pk", flat=True))):
        own[touch.contact_id].append(touch)
        customers[customer_id].append(touch)
    return own, customers


def test_demo_has_its_size(report: DemoReport) -> None:
    promoters = Contact.objects.filter(status="active").count()
    assert 380 <= report.counts["customers"] <= 420
    assert 860 <= promoters <= 960
    assert 5_500 <= report.counts["touches"] <= 6_600
    assert (report.counts["case studies"], report.counts["testimonials"], report.counts["speaking slots"]) == (
        150,
        300,
        40,
    )
    assert Engagement.objects.filter(on__lt=TODAY - timedelta(days=900)).exists()
    assert {login.role for login in report.logins} == set(Role.values)
    assert Tag.objects.filter(facet="product").annotate(words=Count("synonyms")).filter(words__gt=0).count() == 6


def test_demo_uses_accepted_tags_of_which_some_are_old(report: DemoReport) -> None:
    assert not Tag.objects.exclude(status="accepted").exists()
    for facet in ("industry", "product", "region"):
        assert not Customer.objects.exclude(tags__facet=facet).exists()
    assert not Contact.objects.exclude(tags__facet="role").exists()
    for rows in (CustomerTag.objects.all(), ContactTag.objects.all()):
        assert rows.filter(verified_on__lt=TODAY - timedelta(days=365)).exists()
        assert not rows.filter(verified_on__gt=TODAY).exists()


def test_demo_has_rested_worn_out_and_never_asked(report: DemoReport) -> None:
    own, customers = read_ledger()
    policy = ProgramPolicy()
    bands: Counter[str] = Counter()
    never = 0
    for person in Contact.objects.filter(status="active"):
        colleagues = [touch for touch in customers[person.customer_id] if touch.contact_id != person.pk]
        load = total_load(own[person.pk], colleagues, TODAY, policy.fatigue, known_at=NOW)
        bands[band(score(load, person.sensitivity, policy.fatigue), policy.fatigue)] += 1
        never += all(touch.is_light for touch in own[person.pk])
    assert bands["stop"] >= 5
    assert bands["approval"] + bands["soft"] >= 20
    assert bands["fresh"] > 700
    assert 150 <= never <= 400


def test_demo_respects_caps_mostly(report: DemoReport) -> None:
    own, _ = read_ledger()
    crowded = 0
    for touches in own.values():
        days = sorted(touch.on for touch in touches if not touch.is_light and touch.status in COUNTED)
        crowded += any(sum(0 <= (other - day).days <= 90 for other in days) > 2 for day in days)
    assert 3 <= crowded <= 15


def test_demo_load_is_concentrated_on_favorites(report: DemoReport) -> None:
    done = Q(engagements__status="completed", engagements__on__gt=TODAY - timedelta(days=365))
    done &= ~Q(engagements__activity__in=["survey", "share", "logo", "quote"])
    counts = sorted(Contact.objects.annotate(done=Count("engagements", filter=done)).values_list("done", flat=True))
    assert counts[-1] >= 15
    assert sum(counts[-10:]) / sum(counts) > 0.12


def test_demo_has_work_under_way(report: DemoReport) -> None:
    own, customers = read_ledger()
    assert Engagement.objects.filter(status="asked").count() >= 15
    assert Engagement.objects.filter(status="held", hold_expires_at__gt=NOW).count() >= 5
    assert Engagement.objects.filter(status="planned", on__gte=TODAY).count() >= 30
    limits, blocked = ProgramPolicy().caps, Counter[str]()
    for person in Contact.objects.filter(status="active"):
        breaches = check_caps(own[person.pk], customers[person.customer_id], "call", TODAY, NOW, limits)
        blocked.update(breach.code for breach in breaches)
    assert {"rest", "per_quarter", "customer_per_quarter", "ask_outstanding", "declined_recently", "misses"} <= set(
        blocked
    )


def test_demo_has_one_healthcare_cfo_who_can_be_asked(report: DemoReport) -> None:
    healthcare = Tag.objects.get(facet="industry", slug="healthcare")
    care = Q(customer__tags__parent=healthcare) | Q(customer__tags=healthcare)
    officer = Contact.objects.filter(care, status="active", seniority="c_level", tags__slug="finance-accounting").get()
    assert officer.customer.health != "red"
    assert "call" in officer.activities


def test_demo_has_gaps(report: DemoReport) -> None:
    for tag in (("industry", "mining-quarrying"), ("region", "japan")):
        there = Customer.objects.filter(tags__facet=tag[0], tags__slug=tag[1])
        assert there.exists()
        assert not Contact.objects.filter(customer__in=there, status="active").exists()


def test_demo_has_every_hindrance(report: DemoReport) -> None:
    soon = TODAY + timedelta(days=30)
    assert Contact.objects.filter(status="paused", paused_until__gt=TODAY).exists()
    assert Contact.objects.filter(has_opted_out=True).exists()
    assert Blackout.objects.filter(starts_on__lte=TODAY, ends_on__gte=TODAY).exists()
    assert Customer.objects.filter(health="red").exists()
    assert Customer.objects.filter(has_open_escalation=True).exists()
    assert Customer.objects.filter(is_renewal_sensitive=True, renewal_date__range=(TODAY, soon)).exists()
    assert Customer.objects.filter(is_named=False).exists()
    assert Customer.objects.exclude(exclusions=[]).exists()
    assert Consent.objects.filter(valid_until__range=(TODAY, soon)).exists()
    assert Consent.objects.filter(valid_until__lt=TODAY, superseded_by=None).exists()
    assert Consent.objects.filter(revoked_at__isnull=False).exists()
    assert Consent.objects.filter(superseded_by__isnull=False).exists()
    assert Consent.objects.filter(is_attributed=False).exists()


def test_demo_content_is_varied_usable_and_finished(report: DemoReport) -> None:
    texts = [story.challenge + story.solution_text + story.results for story in CaseStudy.objects.all()]
    assert len(set(texts)) == 150
    assert len(set(Testimonial.objects.values_list("text", flat=True))) == 300
    words = [
        *texts,
        *CaseStudy.objects.values_list("title", flat=True),
        *Testimonial.objects.values_list("text", flat=True),
    ]
    assert not any(mark in text for text in words for mark in ("{", "}", "  "))
    assert usable_case_studies(CaseStudy.objects.all(), Use(TODAY)).count() > 90
    assert usable_testimonials(Testimonial.objects.filter(kind="quote"), Use(TODAY)).count() > 150
    assert not CaseStudy.objects.exclude(tags__facet="product").exists()


def test_demo_pieces_are_of_every_kind_and_in_every_state(report: DemoReport) -> None:
    shown = usable_testimonials(Testimonial.objects.all(), Use(on=TODAY, channel=Channel.WEB))
    assert set(shown.values_list("kind", flat=True)) == set(TestimonialKind.values)
    assert {True, False} == set(shown.values_list("may_be_named", flat=True))  # type: ignore[misc]  # annotated
    assert not shown.filter(kind__in=["video", "webinar"], transcript="").exists()
    assert not shown.filter(kind="review", review_site="").exists()
    for model in (CaseStudy, Testimonial):
        assert set(model._default_manager.values_list("status", flat=True)) == set(ContentStatus.values)
        assert not model._default_manager.filter(owner=None).exists()
    numbers = usable_proof_points(ProofPoint.objects.exclude(how_measured=""), Use(on=TODAY, channel=Channel.WEB))
    assert numbers.filter(case_study__isnull=False, amount__gt=0).exclude(unit="").exists()
    assert numbers.filter(testimonial__isnull=False).exists()
    assert numbers.filter(case_study=None, testimonial=None).exists()


def test_demo_consents_are_of_every_sort(report: DemoReport) -> None:
    standing = Consent.objects.in_force(on=TODAY)
    soon = standing.filter(valid_until__lte=TODAY + timedelta(days=30))
    for rows in (soon, standing.filter(is_attributed=False), standing.exclude(region=None)):
        assert rows.filter(activity="quote").exists()
    assert standing.exclude(testimonial=None).exists()
    assert standing.exclude(case_study=None).exists()
    assert set(ConsentAsk.objects.values_list("answer", flat=True)) == {"", AskAnswer.GIVEN, AskAnswer.DECLINED}
    given = ConsentAsk.objects.get(answer=AskAnswer.GIVEN)
    assert given.consent is not None
    assert (given.consent.contact, given.consent.activity) == (given.contact, given.activity)


def test_demo_drafts_are_with_customers_and_were_answered(report: DemoReport) -> None:
    for model, noun in ((CaseStudy, "case_study"), (Testimonial, "testimonial")):
        away = set(model._default_manager.filter(status=ContentStatus.WITH_CUSTOMER).values_list("pk", flat=True))
        waiting = ContentReview.objects.filter(status=ReviewStatus.WAITING).exclude(**{noun: None})
        assert set(waiting.values_list(noun, flat=True)) == away != set()
    assert not ContentReview.objects.filter(lines=None).exists()
    wished = ContentReview.objects.filter(status=ReviewStatus.CHANGES)
    assert ReviewLine.objects.filter(review__in=wished).exclude(suggestion="").count() == wished.count() == 2
    for review in ContentReview.objects.filter(status=ReviewStatus.APPROVED):
        assert review.consent is not None
        assert review.consent.contact == review.contact
        assert review.version.values == words_of(review.piece)
    recalled = ContentUse.objects.filter(ended_at=None, testimonial__status=ContentStatus.RECALLED)
    assert recalled.count() == 2


def test_demo_is_shown_to_visitors_and_on_a_handout(report: DemoReport) -> None:
    days = PublicCount.objects.filter(event=PublicEvent.VIEW, place="").values_list("day", flat=True)
    assert (min(days), max(days)) == (TODAY - timedelta(days=29), TODAY)
    wall = Embed.objects.get(has_lead_form=True)
    assert PublicCount.objects.filter(event=PublicEvent.LEAD).count() == Lead.objects.count() == 2
    assert PublicCount.objects.get(event=PublicEvent.LEAD, place=wall.pk.hex).day == TODAY - timedelta(days=4)
    assert not Lead.objects.exclude(email__endswith=".example").exists()
    handout = Handout.objects.get()
    use = Use(on=TODAY, channel=handout.channel)
    picked = read_picked(
        list(handout.items.all()), use, User.objects.get(role=Role.MARKETER), ProgramPolicy(), is_blinded=False
    )
    assert [each.is_gone for each in picked] == [False] * 6
    assert SignedLink.objects.get().purpose == PURPOSE
    assert not BasketItem.objects.exists()


def test_demo_has_nothing_left_that_the_daily_look_would_end(report: DemoReport) -> None:
    ended = [row for rows in uncovered(TODAY) for row in rows if ended_by(row, TODAY) is not None]
    assert ended == []
    over = {"expires_on__lt": TODAY, "status__in": USABLE_CONTENT}
    assert not CaseStudy.objects.filter(**over).exists()


def test_demo_slots_are_past_and_coming(report: DemoReport) -> None:
    assert SpeakingSlot.objects.filter(status="delivered", starts_at__lt=NOW, speaker__isnull=False).exists()
    coming = SpeakingSlot.objects.filter(status="open", starts_at__gt=NOW)
    assert coming.filter(deadline__gt=TODAY).count() >= 8


def test_demo_history_is_in_order(report: DemoReport) -> None:
    last: dict[int, tuple[datetime, str]] = {}
    for change in EngagementChange.objects.order_by("engagement", "id"):
        if change.engagement_id in last:
            assert last[change.engagement_id][0] <= change.at
        last[change.engagement_id] = (change.at, change.status)
    for row in Engagement.objects.all():
        assert last[row.pk][1] == row.status
        assert row.recorded_at <= last[row.pk][0] <= NOW


def test_demo_people_and_names_are_invented_addresses(report: DemoReport) -> None:
    assert not Customer.objects.exclude(domain__endswith=".example").exists()
    assert not Contact.objects.exclude(email__endswith=".example").exists()
    assert Contact.objects.values("email").distinct().count() == Contact.objects.count()
    known = Contact.objects.filter(status="known")
    assert not known.exclude(activities=[]).exists()
    titles = Contact.objects.select_related("customer")
    assert any(fold(each.customer.name) in fold(each.title) for each in titles)  # for blinding to hide


def test_demo_logs_in(report: DemoReport) -> None:
    for user in report.logins:
        assert user.check_password(PASSWORD)
    assert User.objects.get(email="sales@demo.example").owned_customers.exists()
    assert Client().get("/admin/login/").status_code == 200


def test_demo_twice_changes_nothing(report: DemoReport) -> None:
    before = (
        Customer.objects.count(),
        Engagement.objects.count(),
        Consent.objects.count(),
        PoolRevision.objects.get().value,
    )
    assert load_demo(today=TODAY + timedelta(days=40)).counts == {}
    assert before == (
        Customer.objects.count(),
        Engagement.objects.count(),
        Consent.objects.count(),
        PoolRevision.objects.get().value,
    )
