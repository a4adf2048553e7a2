"""The tables of advocacy that can be exported: referrals, asks, points, redemptions and recovery plays, blinded."""

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from advocacy.filters import AssignmentFilter
from advocacy.models import AskAssignment, PointsEntry, RecoveryPlay, Redemption, Referral
from advocacy.permissions import may_see_lead
from advocacy.play_filters import PlayFilter
from advocacy.points_filters import PointsEntryFilter, RedemptionFilter
from advocacy.referral_filters import ReferralFilter
from advocacy.referral_lookup import is_paid_for
from references.blinding import HIDDEN, hide_full_name
from references.consent_view import Whose, tell_whose
from references.models import Contact
from references.policy import ProgramPolicy
from references.program import current_policy
from references.spreadsheets import Cell
from references.tables.table import Column, Table, Tell, register_table
from users.enums import Scope
from users.models import User

PERSON = (
    Column("contact", _("Id of the person")),
    Column("who", _("Who, without names you may not see")),
    Column("customer_id", _("Id of the customer")),
    Column("customer", _("Customer")),
)


def _person(contact: Contact, whose: Whose) -> list[Cell]:
    return [contact.pk, whose.who, contact.customer_id, whose.customer]


def _whose(user: User, contact: Contact, policy: ProgramPolicy) -> Whose:
    return tell_whose(user, contact, contact.customer, policy)


def _begin_referrals(user: User) -> Tell:
    policy = current_policy()

    def tell(rows: Sequence[Referral]) -> Iterator[Sequence[Cell]]:
        for row in rows:
            whose, sees_lead = _whose(user, row.referrer, policy), may_see_lead(user, row)
            reason = whose.hide(row.reason)
            if not sees_lead and row.lead_name:
                reason = hide_full_name(reason, row.lead_name, instead=HIDDEN)
            yield [
                row.pk, row.status, row.company, row.lead_name if sees_lead else "", *_person(row.referrer, whose),
                row.via, row.lead_agreed, is_paid_for(row), [str(each["code"]) for each in row.warnings],
                row.duplicate_of_id, str(row.owner or ""), row.value, row.currency, row.deal_id, row.became_id,
                reason, row.created_at, row.qualified_at, row.ended_at,
            ]  # fmt: skip

    return tell


def _referrals(user: User) -> QuerySet[Referral]:
    rows: QuerySet[Referral] = Referral.objects.visible_to(user)
    return rows.select_related("referrer__customer", "owner")


REFERRALS = Table(
    name="referrals",
    title=_("Referrals"),
    about=_("Whom promoters brought and what came of it; how to reach a lead is never in it."),
    scope=Scope.ADVOCACY_READ,
    columns=(
        Column("id", _("Id")),
        Column("status", _("Status")),
        Column("company", _("Company")),
        Column("lead", _("Name of the lead")),
        *PERSON,
        Column("via", _("Came in by")),
        Column("lead_agreed", _("The lead agreed")),
        Column("counts", _("Counts")),
        Column("checks", _("What the checks found")),
        Column("duplicate_of", _("The same as")),
        Column("owner", _("Followed up by")),
        Column("value", _("Value")),
        Column("currency", _("Currency")),
        Column("deal_id", _("Deal in the CRM")),
        Column("became", _("Id of the customer it became")),
        Column("reason", _("Why")),
        Column("created_at", _("Referred")),
        Column("qualified_at", _("Qualified")),
        Column("ended_at", _("Ended")),
    ),
    filterset=ReferralFilter,
    rows=_referrals,
    begin=_begin_referrals,
)


def _begin_assignments(user: User) -> Tell:
    policy = current_policy()

    def tell(rows: Sequence[AskAssignment]) -> Iterator[Sequence[Cell]]:
        for row in rows:
            whose = _whose(user, row.contact, policy)
            yield [
                row.pk, row.status, row.ask.name, row.ask.activity, row.ask.rung, *_person(row.contact, whose),
                row.points, str(row.asked_by or ""), row.asked_at, row.answer_by, row.scheduled_on, row.done_at,
                row.confirmed_at, whose.hide(row.decline_reason),
            ]  # fmt: skip

    return tell


def _assignments(user: User) -> QuerySet[AskAssignment]:
    rows: QuerySet[AskAssignment] = AskAssignment.objects.visible_to(user)
    return rows.select_related("contact__customer", "ask", "asked_by")


ASSIGNMENTS = Table(
    name="assignments",
    title=_("Asks of promoters"),
    about=_("Who was asked for what, and what came of it."),
    scope=Scope.ADVOCACY_READ,
    columns=(
        Column("id", _("Id")),
        Column("status", _("Status")),
        Column("ask", _("Ask")),
        Column("activity", _("Activity")),
        Column("rung", _("Rung")),
        *PERSON,
        Column("points", _("Points")),
        Column("asked_by", _("Asked by")),
        Column("asked_at", _("Asked")),
        Column("answer_by", _("Answer by")),
        Column("scheduled_on", _("Planned for")),
        Column("done_at", _("Done")),
        Column("confirmed_at", _("Confirmed")),
        Column("decline_reason", _("Why not")),
    ),
    filterset=AssignmentFilter,
    rows=_assignments,
    begin=_begin_assignments,
)


def _begin_points(user: User) -> Tell:
    policy = current_policy()

    def tell(rows: Sequence[PointsEntry]) -> Iterator[Sequence[Cell]]:
        for row in rows:
            person = row.account.contact
            whose = _whose(user, person, policy)
            yield [
                row.pk, *_person(person, whose), row.amount, row.kind, row.stage, row.activity, row.source, row.on,
                row.expires_on, row.shortfall, str(row.by or ""), whose.hide(row.note), row.recorded_at,
            ]  # fmt: skip

    return tell


def _points(user: User) -> QuerySet[PointsEntry]:
    rows = PointsEntry.objects.filter(account__contact__customer__account_owner=user)
    if user.is_manager or user.is_marketer:
        rows = PointsEntry.objects.all()
    return rows.select_related("account__contact__customer", "by")


POINTS = Table(
    name="points",
    title=_("Points"),
    about=_("The points ledger, entry by entry."),
    scope=Scope.ADVOCACY_READ,
    columns=(
        Column("id", _("Id")),
        *PERSON,
        Column("amount", _("Points")),
        Column("kind", _("Kind")),
        Column("stage", _("Stage")),
        Column("activity", _("Activity")),
        Column("source", _("Source")),
        Column("on", _("Date")),
        Column("expires_on", _("Lapses")),
        Column("shortfall", _("Could not be taken back")),
        Column("by", _("By")),
        Column("note", _("Note")),
        Column("recorded_at", _("Recorded")),
    ),
    filterset=PointsEntryFilter,
    rows=_points,
    begin=_begin_points,
)


def _begin_redemptions(user: User) -> Tell:
    policy = current_policy()

    def tell(rows: Sequence[Redemption]) -> Iterator[Sequence[Cell]]:
        for row in rows:
            person = row.account.contact
            whose = _whose(user, person, policy)
            yield [
                row.pk, row.status, row.reward.name, *_person(person, whose), row.cost, row.value, row.currency,
                whose.hide(row.wish), whose.hide(row.note), row.requested_at, str(row.decided_by or ""), row.decided_at,
            ]  # fmt: skip

    return tell


def _redemptions(user: User) -> QuerySet[Redemption]:
    rows: QuerySet[Redemption] = Redemption.objects.visible_to(user)
    return rows.select_related("account__contact__customer", "reward", "decided_by")


REDEMPTIONS = Table(
    name="redemptions",
    title=_("Redemptions"),
    about=_("Which rewards were asked for, and what they cost."),
    scope=Scope.ADVOCACY_READ,
    columns=(
        Column("id", _("Id")),
        Column("status", _("Status")),
        Column("reward", _("Reward")),
        *PERSON,
        Column("cost", _("Cost in points")),
        Column("value", _("Worth in money")),
        Column("currency", _("Currency")),
        Column("wish", _("A wish")),
        Column("note", _("Note")),
        Column("requested_at", _("Asked for")),
        Column("decided_by", _("Decided by")),
        Column("decided_at", _("Decided")),
    ),
    filterset=RedemptionFilter,
    rows=_redemptions,
    begin=_begin_redemptions,
)


def _begin_plays(user: User) -> Tell:
    policy = current_policy()

    def tell(rows: Sequence[RecoveryPlay]) -> Iterator[Sequence[Cell]]:
        for row in rows:
            whose = _whose(user, row.contact, policy)
            yield [
                row.pk, row.status, row.name, row.kind, *_person(row.contact, whose), whose.hide(row.why), row.score,
                row.score_on, str(row.owner or ""), row.due_on, whose.hide(row.outcome), row.next_score,
                row.next_score_on, row.result, row.opened_at, row.ended_at,
            ]  # fmt: skip

    return tell


def _plays(user: User) -> QuerySet[RecoveryPlay]:
    rows: QuerySet[RecoveryPlay] = RecoveryPlay.objects.visible_to(user)
    return rows.select_related("contact__customer", "owner")


PLAYS = Table(
    name="recovery-plays",
    title=_("Recovery plays"),
    about=_("Whom we try to win back, how, and what the next score said."),
    scope=Scope.ADVOCACY_READ,
    columns=(
        Column("id", _("Id")),
        Column("status", _("Status")),
        Column("name", _("Play")),
        Column("kind", _("Kind")),
        *PERSON,
        Column("why", _("Why")),
        Column("score", _("Score")),
        Column("score_on", _("Score of")),
        Column("owner", _("Owner")),
        Column("due_on", _("Due")),
        Column("outcome", _("What came of it")),
        Column("next_score", _("Next score")),
        Column("next_score_on", _("Answered on")),
        Column("result", _("Result")),
        Column("opened_at", _("Opened")),
        Column("ended_at", _("Ended")),
    ),
    filterset=PlayFilter,
    rows=_plays,
    begin=_begin_plays,
)


def register_tables() -> None:
    """Let the tables of advocacy be exported."""
    for table in (REFERRALS, ASSIGNMENTS, POINTS, REDEMPTIONS, PLAYS):
        register_table(table)
