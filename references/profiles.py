"""The profile of one promoter as one viewer may see it: facts, rights, ledger, fatigue then and to come, free dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db.models import Q, QuerySet
from django.utils import timezone

from references import fatigue
from references.activities import ACTIVITIES
from references.availability import Circumstances, Range, next_free_date
from references.blinding import blind_title, headline, hide_names, may_see_customer_name, may_see_granted_person
from references.caps import OwnLimits
from references.compiled import Compiled
from references.enums import ContactStatus, Facet, Health, TagOrigin
from references.fatigue import Band, CurvePoint, Touch
from references.ledger import LedgerLine, read_lines, read_touches
from references.models import (
    Blackout,
    CaseStudy,
    Consent,
    Contact,
    ContactTag,
    CustomerTag,
    Disclosure,
    Testimonial,
)
from references.permissions import may_edit_contact, may_log_content, may_run_program
from references.policy import ProgramPolicy
from references.program import current_policy
from references.proof_lines import NumberLine, read_numbers
from references.rights import Use, coverable_case_studies, coverable_testimonials
from users.models import User

PAST_DAYS = 364
AHEAD_DAYS = 126
STEP_DAYS = 2
RENEWAL_QUIET_DAYS = 30
_FACETS = tuple(Facet.values)


@dataclass(frozen=True, slots=True)
class TagLine:
    """One tag: carried by the person, or by their customer; stale once nobody has verified it for the policy's time.

    An inferred one was read in the customer's stories, nobody gave it.
    """

    facet: str
    slug: str
    name: str
    verified_on: date
    is_own: bool
    is_stale: bool
    is_inferred: bool


@dataclass(frozen=True, slots=True)
class FreeDate:
    """One activity: whether the person agreed and consent covers it, and the next day they may do it."""

    activity: str
    label: str
    is_agreed: bool
    has_consent: bool
    next_free: date | None


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One consent; `state` is in_force, to_come, over, superseded or revoked. Evidence only for those who may edit."""

    id: int
    activity: str
    channel: str
    region: str
    is_attributed: bool
    is_whole_customer: bool
    valid_from: date
    valid_until: date | None
    state: str
    evidence: str


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One story or testimonial by this person or about their customer; `is_usable` where rights hold today."""

    kind: str
    id: int
    title: str
    status: str
    is_usable: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """Fatigue Φ over the past year and the months ahead, with the thresholds of the policy."""

    points: tuple[CurvePoint, ...]
    today: date
    soft: float
    needs_approval: float
    stop: float


@dataclass(frozen=True, slots=True)
class Profile:
    """A promoter for one viewer. Names are None where the viewer may not see them; contact data is never in here.

    `looks` counts how often that data was shown, for managers.
    """

    contact_id: int
    customer_id: int
    headline: str
    promoter_name: str | None
    customer_name: str | None
    title: str
    status: str
    sensitivity: str
    max_per_quarter: int | None
    loyalty: str
    nps_score: int | None
    nps_on: date | None
    nps_comment: str
    verified_on: date | None
    account_owner: str
    notices: tuple[str, ...]
    tags: tuple[tuple[str, tuple[TagLine, ...]], ...]
    free_dates: tuple[FreeDate, ...]
    blackouts: tuple[tuple[date, date], ...]
    consents: tuple[ConsentLine, ...]
    ledger: tuple[LedgerLine, ...]
    curve: Curve
    phi: float
    band: Band
    stories: tuple[StoryLine, ...]
    proof_points: tuple[NumberLine, ...]
    may_edit: bool
    may_log_content: bool
    may_see_contact_data: bool
    may_open_customer: bool
    looks: int | None


def read_profile(*, user: User, contact_id: int, now: datetime | None = None) -> Profile:
    """Read a promoter's profile for `user`; a constant number of queries.

    Raises Contact.DoesNotExist for one that does not exist or that this user may not see.
    """
    now = now or timezone.now()
    contact = Contact.objects.visible_to(user).select_related("customer", "customer__account_owner").get(pk=contact_id)
    policy = current_policy()
    may_edit = may_edit_contact(user, contact)
    sees_person = may_see_granted_person(user, contact)
    opens_customer = may_see_customer_name(user, contact.customer, policy)
    sees_customer = opens_customer or sees_person
    today = timezone.localdate(now)
    touches = [touch for _, touch in read_touches([contact.customer_id])]
    own = [touch for touch in touches if touch.contact_id == contact.pk]
    colleagues = [touch for touch in touches if touch.contact_id != contact.pk]
    curve = _read_curve(own, colleagues, contact, policy, now)
    phi = next(point.phi for point in curve.points if point.on == today)
    consents = list(_consents_of(contact))
    blackouts = list(Blackout.objects.filter(contact=contact, ends_on__gte=today))
    tags = _read_tags(contact, today, policy)
    hidden = _hidden_names(contact, sees_person=sees_person, sees_customer=sees_customer)
    return Profile(
        contact_id=contact.pk,
        customer_id=contact.customer_id,
        headline=_describe(contact, dict(tags), hidden),
        promoter_name=contact.name if sees_person else None,
        customer_name=contact.customer.name if sees_customer else None,
        title=blind_title(contact.title, hidden),
        status=contact.status,
        sensitivity=contact.sensitivity,
        max_per_quarter=contact.max_per_quarter,
        loyalty=contact.loyalty,
        nps_score=contact.nps_score,
        nps_on=contact.nps_on,
        nps_comment=contact.nps_comment if may_edit else "",
        verified_on=contact.verified_on,
        account_owner=str(contact.customer.account_owner or ""),
        notices=_notices(contact, today),
        tags=tags,
        free_dates=_free_dates(contact, own, colleagues, consents, blackouts, policy, now),
        blackouts=tuple((row.starts_on, row.ends_on) for row in blackouts),
        consents=tuple(_consent_line(row, today, may_edit) for row in consents),
        ledger=read_lines(contact, user, now),
        curve=curve,
        phi=phi,
        band=fatigue.band(phi, policy.fatigue),
        stories=_read_stories(user, contact, today, hidden, names_customer=sees_customer),
        proof_points=read_numbers(user, contact.customer, on=today, names_customer=sees_customer, hidden=hidden),
        may_edit=may_edit,
        may_log_content=may_log_content(user, contact.customer),
        may_see_contact_data=sees_person,  # the same people: managers, the account owner, holders of a grant
        may_open_customer=opens_customer,
        looks=Disclosure.objects.filter(contact=contact).count() if may_run_program(user) else None,
    )


def _hidden_names(contact: Contact, *, sees_person: bool, sees_customer: bool) -> tuple[str, ...]:
    """What must show nowhere in this profile."""
    customer = contact.customer
    return (*(() if sees_person else (contact.name,)), *(() if sees_customer else (customer.name, customer.domain)))


def _describe(contact: Contact, tags: Mapping[str, Sequence[TagLine]], hidden: Sequence[str]) -> str:
    def names(facet: str) -> list[str]:
        return [line.name for line in tags.get(facet, ())]

    return headline(
        title=contact.title,
        roles=names(Facet.ROLE),
        seniority=contact.seniority,
        industries=names(Facet.INDUSTRY),
        regions=names(Facet.REGION),
        size=contact.customer.size_band,
        hidden=hidden,
    )


def _read_curve(
    own: Sequence[Touch], colleagues: Sequence[Touch], contact: Contact, policy: ProgramPolicy, now: datetime
) -> Curve:
    moment = timezone.localtime(now)
    today = moment.date()
    points = fatigue.curve(
        own,
        colleagues,
        contact.sensitivity,
        policy.fatigue,
        start=today - timedelta(days=PAST_DAYS),
        end=today + timedelta(days=AHEAD_DAYS),
        now=moment,
        step_days=STEP_DAYS,
    )
    limits = policy.fatigue
    return Curve(tuple(points), today, limits.soft, limits.needs_approval, limits.stop)


def _read_tags(contact: Contact, today: date, policy: ProgramPolicy) -> tuple[tuple[str, tuple[TagLine, ...]], ...]:
    """The person's tags and the customer's by facet, each tag once, the person's own verification first."""
    lines: dict[tuple[str, str], TagLine] = {}
    stale_before = today - timedelta(days=policy.ranking.verified_days)
    own = ContactTag.objects.filter(contact=contact).select_related("tag")
    theirs = CustomerTag.objects.filter(customer=contact.customer_id).select_related("tag")
    rows: list[ContactTag | CustomerTag] = [*own, *theirs]
    for row in rows:
        tag, is_own = row.tag, isinstance(row, ContactTag)
        is_inferred = isinstance(row, CustomerTag) and row.origin == TagOrigin.INFERRED
        is_stale = row.verified_on < stale_before and not is_inferred
        line = TagLine(tag.facet, tag.slug, tag.name, row.verified_on, is_own, is_stale, is_inferred)
        lines.setdefault((tag.facet, tag.slug), line)
    ordered = sorted(lines.values(), key=lambda line: (_FACETS.index(line.facet), line.name))
    return tuple(
        (facet, tuple(line for line in ordered if line.facet == facet))
        for facet in dict.fromkeys(line.facet for line in ordered)
    )


def _consents_of(contact: Contact) -> QuerySet[Consent]:
    mine = Q(contact=contact) | Q(contact__isnull=True, customer=contact.customer_id)
    return Consent.objects.filter(mine).select_related("region").order_by("activity", "-valid_from", "-pk")


def _consent_line(row: Consent, today: date, shows_evidence: bool) -> ConsentLine:
    if row.revoked_at is not None:
        state = "revoked"
    elif row.superseded_by_id is not None:
        state = "superseded"
    elif row.valid_until is not None and row.valid_until < today:
        state = "over"
    else:
        state = "in_force" if row.valid_from <= today else "to_come"
    return ConsentLine(
        id=row.pk,
        activity=row.activity,
        channel=row.get_channel_display(),
        region=row.region.name if row.region else "",
        is_attributed=row.is_attributed,
        is_whole_customer=row.contact_id is None,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        state=state,
        evidence=row.evidence if shows_evidence else "",
    )


def _free_dates(
    contact: Contact,
    own: Sequence[Touch],
    colleagues: Sequence[Touch],
    consents: Sequence[Consent],
    blackouts: Sequence[Blackout],
    policy: ProgramPolicy,
    now: datetime,
) -> tuple[FreeDate, ...]:
    """The next free day for every activity agreed to or consented; None while something lasting forbids it."""
    today = timezone.localdate(now)
    closed = [(row.starts_on, row.ends_on) for row in blackouts] + _closed_by_state(contact, today)
    lines: list[FreeDate] = []
    for activity in ACTIVITIES:
        spans = tuple(
            (row.valid_from, row.valid_until)
            for row in consents
            if row.activity == activity.code and row.revoked_at is None and row.superseded_by_id is None
        )
        is_agreed = activity.code in contact.activities
        if not is_agreed and not spans:
            continue
        circumstances = Circumstances(
            own=tuple(own),
            colleagues=tuple(colleagues),
            sensitivity=contact.sensitivity,
            own_limits=OwnLimits(contact.max_per_quarter, frozenset(contact.activities)),
            blackouts=tuple(closed),
            consents=spans,
        )
        free = next_free_date(circumstances, activity.code, from_=today, now=timezone.localtime(now), policy=policy)
        has_consent = any(start <= today and (end is None or today <= end) for start, end in spans)
        lines.append(FreeDate(activity.code, activity.label, is_agreed, has_consent, free))
    return tuple(lines)


def _closed_by_state(contact: Contact, today: date) -> list[Range]:
    """Days closed by the state of the person or the customer; without an end where only people can open them."""
    customer = contact.customer
    is_pausing = contact.status == ContactStatus.PAUSED
    closed: list[Range] = []
    if is_pausing and contact.paused_until is not None:
        closed.append((today, max(today, contact.paused_until - timedelta(days=1))))
    lasting = (
        contact.has_opted_out
        or not customer.is_referenceable
        or customer.has_open_escalation
        or customer.health == Health.RED
        or (contact.status != ContactStatus.ACTIVE and not (is_pausing and contact.paused_until))
    )
    if lasting:
        closed.append((today, None))
    if customer.is_renewal_sensitive and customer.renewal_date:
        quiet = timedelta(days=RENEWAL_QUIET_DAYS)
        closed.append((customer.renewal_date - quiet, customer.renewal_date + quiet))
    return closed


def _notices(contact: Contact, today: date) -> tuple[str, ...]:
    """Codes of what stands in the way of asking this person for anything."""
    customer = contact.customer
    renewal = customer.renewal_date if customer.is_renewal_sensitive else None
    found = {
        "opted_out": contact.has_opted_out,
        "not_active": contact.status not in {ContactStatus.ACTIVE, ContactStatus.PAUSED},
        "paused": contact.status == ContactStatus.PAUSED,
        "not_referenceable": not customer.is_referenceable,
        "escalation": customer.has_open_escalation,
        "red_health": customer.health == Health.RED,
        "renewal": renewal is not None and abs((renewal - today).days) <= RENEWAL_QUIET_DAYS,
    }
    return tuple(code for code, holds in found.items() if holds)


@lru_cache(maxsize=4)
def _usable(use: Use) -> tuple[Compiled[tuple[int, bool]], Compiled[tuple[int, bool]]]:
    """Which of some stories and quotes may be used so, and whether with names."""
    stories = coverable_case_studies(CaseStudy.objects.all(), use).values_list("pk", "may_be_named")  # type: ignore[misc]
    quotes = coverable_testimonials(Testimonial.objects.all(), use).values_list("pk", "may_be_named")  # type: ignore[misc]
    return Compiled(stories), Compiled(quotes)


def _read_stories(
    user: User, contact: Contact, today: date, hidden: Sequence[str], *, names_customer: bool
) -> tuple[StoryLine, ...]:
    """What this person said and what tells of their customer; usable pieces alone for those who may not log content.

    To them a piece that may carry no name is not told on a page that names the customer.
    """
    whose = Q(customer=contact.customer_id) & (Q(contact=contact) | Q(contact__isnull=True))
    studies, quotes = list(CaseStudy.objects.filter(whose)), list(Testimonial.objects.filter(whose))
    usable_studies, usable_quotes = _usable(Use(on=today))
    rights = {("case_study", pk): is_named for pk, is_named in usable_studies.among([row.pk for row in studies])}
    rights |= {("testimonial", pk): is_named for pk, is_named in usable_quotes.among([row.pk for row in quotes])}
    lines = [
        *(StoryLine("case_study", row.pk, row.title, row.status, ("case_study", row.pk) in rights) for row in studies),
        *(StoryLine("testimonial", row.pk, row.text, row.status, ("testimonial", row.pk) in rights) for row in quotes),
    ]
    shown = lines
    if not may_log_content(user, contact.customer):
        told = {key for key, is_named in rights.items() if is_named or not names_customer}
        shown = [line for line in lines if (line.kind, line.id) in told]
    return tuple(
        StoryLine(line.kind, line.id, hide_names(line.title, hidden), line.status, line.is_usable) for line in shown
    )
