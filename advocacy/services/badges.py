"""Writes badges, and awards them: each once, by what the ledger says somebody did; what is awarded stays."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TypedDict

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from advocacy.badge_rules import BadgeProgress, BadgeTerms, Record, earned_badges, measure_badges
from advocacy.enums import ReferralStatus
from advocacy.models import Badge, BadgeAward, PointsAccount, Referral
from references.activities import BY_CODE
from references.enums import EngagementStatus
from references.errors import DomainError
from references.models import Contact, Engagement
from references.services.saving import assign, save_checked

SURVEY = "survey"
AT_ONCE = 500
_FIELDS = ("name", "about", "rule", "count", "activity", "is_active")


class BadgeData(TypedDict, total=False):
    """The fields of a badge."""

    name: str
    about: str
    rule: str
    count: int
    activity: str
    is_active: bool


@transaction.atomic
def save_badge(*, data: BadgeData, badge: Badge | None = None) -> Badge:
    """Add a badge, or change one: who has earned it is awarded it by the next sweep; who has it keeps it.

    Raises DomainError: no_badge_for_survey, or a field's own code.
    """
    row = Badge() if badge is None else Badge.objects.select_for_update(no_key=True).get(pk=badge.pk)
    assign(row, data, _FIELDS)
    if row.activity == SURVEY:
        raise DomainError("no_badge_for_survey", _("Nobody is awarded for answering a survey."), "activity")
    save_checked(row)
    return row


def terms_of(badge: Badge) -> BadgeTerms:
    """A badge as the pure rules take it."""
    return BadgeTerms(badge.pk, badge.rule, max(1, badge.count), badge.activity)


def measure_person(account: PointsAccount, badges: Iterable[Badge]) -> dict[int, BadgeProgress]:
    """How far somebody is with badges, by badge id; three queries."""
    [record] = read_records([account.contact_id]).values()
    found = measure_badges(map(terms_of, badges), record, today=timezone.localdate())
    return {each.terms.id: each for each in found}


def read_records(contact_ids: Iterable[int]) -> dict[int, Record]:
    """What people have done, by contact: completed acts but surveys, referrals won that count; three queries."""
    ids = list(contact_ids)
    acts: dict[int, Counter[str]] = defaultdict(Counter)
    first = dict(PointsAccount.objects.filter(contact__in=ids).values_list("contact", "opened_at"))
    since = {contact: timezone.localdate(at) for contact, at in first.items()}
    done = Engagement.objects.filter(contact__in=ids, status=EngagementStatus.COMPLETED).exclude(activity=SURVEY)
    rows = done.order_by().values_list("contact", "activity", "on")
    for contact, activity, on in rows:
        acts[contact][activity] += 1
        since[contact] = min(since.get(contact, on), on)
    won: Counter[int] = Counter(
        Referral.objects.filter(referrer__in=ids, status=ReferralStatus.WON, duplicate_of=None).values_list(
            "referrer", flat=True
        )
    )
    return {
        contact: Record(
            acts=dict(acts[contact]),
            highest_rung=max((BY_CODE[code].rung for code in acts[contact]), default=0),
            referrals_won=won[contact],
            member_since=since.get(contact),
        )
        for contact in ids
    }


@transaction.atomic
def award_badges(*, contact_ids: Iterable[int]) -> int:
    """Award people whatever they have earned and do not have yet, accounts opened as needed; gives how many."""
    badges = list(Badge.objects.filter(is_active=True))
    people = Contact.objects.filter(pk__in=list(contact_ids), has_opted_out=False)
    ids = list(people.values_list("pk", flat=True))
    if not badges or not ids:
        return 0
    rules, today = [terms_of(badge) for badge in badges], timezone.localdate()
    earned = {
        contact: {each.terms.id for each in earned_badges(rules, record, today=today)}
        for contact, record in read_records(ids).items()
    }
    have: dict[int, set[int]] = defaultdict(set)
    for contact, badge in BadgeAward.objects.filter(account__contact__in=ids).values_list("account__contact", "badge"):
        have[contact].add(badge)
    new = {contact: found - have[contact] for contact, found in earned.items() if found - have[contact]}
    PointsAccount.objects.bulk_create([PointsAccount(contact_id=each) for each in new], ignore_conflicts=True)
    accounts = dict(PointsAccount.objects.filter(contact__in=list(new)).values_list("contact", "pk"))
    awards = [BadgeAward(account_id=accounts[who], badge_id=badge) for who, found in new.items() for badge in found]
    BadgeAward.objects.bulk_create(awards, ignore_conflicts=True)
    return len(awards)


def sweep_badges() -> int:
    """Award whatever was earned by now, years above all: everybody who ever did something; gives how many."""
    done = Engagement.objects.filter(status=EngagementStatus.COMPLETED).exclude(activity=SURVEY)
    referred = Referral.objects.filter(status=ReferralStatus.WON).values("referrer")
    people = {*done.order_by().values_list("contact", flat=True).distinct()}
    people |= {*PointsAccount.objects.values_list("contact", flat=True)}
    people |= {*referred.values_list("referrer", flat=True)}
    ids = sorted(people)
    return sum(award_badges(contact_ids=ids[start : start + AT_ONCE]) for start in range(0, len(ids), AT_ONCE))
