"""The tables of requests that can be exported: requests, matches and unmet demand, blinded as their pages are."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from matching.enums import MatchStatus
from matching.filters import DemandFilter
from matching.models import Match, Outcome, Request, UnmetDemand
from matching.showing import ShownMatch, hide_from, load_matches, next_step_of, show_matches
from matching.whose import WhoseRequestFilter
from references import activities
from references.program import current_policy
from references.record_filters import REPEAT, IdFilter
from references.spreadsheets import Cell
from references.tables.table import Column, Table, Tell, register_table
from users.enums import Scope
from users.models import User


def _begin_requests(user: User) -> Tell:
    policy = current_policy()

    def tell(rows: Sequence[Request]) -> Iterator[Sequence[Cell]]:
        pks = [row.pk for row in rows]
        shown: dict[int, list[ShownMatch]] = defaultdict(list)
        for each in show_matches(user, load_matches(Match.objects.filter(request__in=pks)), policy):
            shown[each.match.request_id].append(each)
        outcomes = {each.request_id: each for each in Outcome.objects.filter(request__in=pks)}
        for row in rows:
            yield _tell_request(row, shown[row.pk], outcomes.get(row.pk))

    return tell


def _tell_request(row: Request, shown: Sequence[ShownMatch], outcome: Outcome | None) -> list[Cell]:
    ended: list[Cell] = [None] * 4
    if outcome is not None:
        ended = [outcome.result, outcome.value, outcome.currency, hide_from(shown, outcome.note)]
    return [
        row.pk, row.status, next_step_of(row, shown).code, row.deal, row.deal_id, row.deal_stage, row.deal_value,
        row.currency, [str(each) for each in row.prospects], row.activity, row.quantity, row.needed_by, row.urgency,
        str(row.owner), row.via, hide_from(shown, row.brief), hide_from(shown, row.why),
        hide_from(shown, row.questions), hide_from(shown, row.needs_manager), row.submitted_at, row.due_at,
        row.ended_at, *ended, row.created_at, row.updated_at,
    ]  # fmt: skip


REQUESTS = Table(
    name="requests",
    title=_("Requests"),
    about=_("The requests you see, with what each waits for and how its deal ended."),
    scope=Scope.REQUESTS_READ,
    columns=(
        Column("id", _("Id")),
        Column("status", _("Status")),
        Column("next_step", _("Waits for")),
        Column("deal", _("Deal")),
        Column("deal_id", _("Deal in the CRM")),
        Column("deal_stage", _("Stage of the deal")),
        Column("deal_value", _("Deal value")),
        Column("currency", _("Currency")),
        Column("prospects", _("Prospects")),
        Column("activity", _("Activity")),
        Column("quantity", _("How many")),
        Column("needed_by", _("Needed by")),
        Column("urgency", _("Urgency")),
        Column("owner", _("Owner")),
        Column("via", _("Came in by")),
        Column("brief", _("Brief")),
        Column("why", _("Why it matters")),
        Column("questions", _("Questions")),
        Column("needs_manager", _("Why a manager is needed")),
        Column("submitted_at", _("Submitted")),
        Column("due_at", _("Due")),
        Column("ended_at", _("Ended")),
        Column("result", _("Result")),
        Column("result_value", _("Value won or lost")),
        Column("result_currency", _("Its currency")),
        Column("result_note", _("Note on the result")),
        Column("created_at", _("Created")),
        Column("updated_at", _("Changed")),
    ),
    filterset=WhoseRequestFilter,
    rows=lambda user: Request.objects.visible_to(user).select_related("owner"),
    begin=_begin_requests,
)


class MatchFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds matches by request, person, activity and state."""

    request = IdFilter(field_name="request", help_text="Id of a request.")
    contact = IdFilter(field_name="contact", help_text="Id of a promoter.")
    status = django_filters.MultipleChoiceFilter(choices=MatchStatus.choices, help_text=REPEAT)
    activity = django_filters.MultipleChoiceFilter(choices=activities.CHOICES, help_text=REPEAT)

    class Meta:
        model = Match
        fields: ClassVar[list[str]] = []


def _begin_matches(user: User) -> Tell:
    policy = current_policy()

    def tell(rows: Sequence[Match]) -> Iterator[Sequence[Cell]]:
        # Nothing written about one names any other of its request, so they are shown together.
        beside = load_matches(Match.objects.filter(request__in={row.request_id for row in rows}))
        shown = {each.match.pk: each for each in show_matches(user, beside, policy)}
        for row in rows:
            yield _tell_match(shown[row.pk])

    return tell


def _tell_match(shown: ShownMatch) -> list[Cell]:
    row = shown.match
    return [
        row.pk, row.request_id, row.slot, row.status, row.contact_id, row.headline, shown.person,
        row.contact.customer_id, shown.customer, row.activity, row.on, row.chosen_by, row.rank, round(row.score, 4),
        round(row.fit, 2), row.band, row.override_codes, shown.override_reason, row.invited_at, row.answered_at,
        row.scheduled_at, row.minutes, row.completed_at, row.decline_reason, shown.decline_note, row.created_at,
        row.updated_at,
    ]  # fmt: skip


MATCHES = Table(
    name="matches",
    title=_("Matches"),
    about=_("Who was put forward for the requests you see, without names until they say yes."),
    scope=Scope.REQUESTS_READ,
    columns=(
        Column("id", _("Id")),
        Column("request", _("Id of the request")),
        Column("slot", _("Place")),
        Column("status", _("Status")),
        Column("contact", _("Id of the person")),
        Column("headline", _("Who, without names")),
        Column("name", _("Name")),
        Column("customer_id", _("Id of the customer")),
        Column("customer", _("Customer")),
        Column("activity", _("Activity")),
        Column("on", _("Date")),
        Column("chosen_by", _("Chosen by")),
        Column("rank", _("Rank")),
        Column("score", _("Score")),
        Column("fit", _("Fit, 0 to 100")),
        Column("band", _("Band of fatigue")),
        Column("overridden", _("Rules set aside")),
        Column("override_reason", _("Why set aside")),
        Column("invited_at", _("Invited")),
        Column("answered_at", _("Answered")),
        Column("scheduled_at", _("Scheduled for")),
        Column("minutes", _("Minutes")),
        Column("completed_at", _("Completed")),
        Column("decline_reason", _("Reason of the no")),
        Column("decline_note", _("Words of the no")),
        Column("created_at", _("Created")),
        Column("updated_at", _("Changed")),
    ),
    filterset=MatchFilter,
    rows=lambda user: Match.objects.visible_to(user).order_by("request", "slot", "pk"),
    begin=_begin_matches,
)


def _begin_demand(user: User) -> Tell:
    def tell(rows: Sequence[UnmetDemand]) -> Iterator[Sequence[Cell]]:
        for row in rows:
            task = getattr(row, "task", None)
            segment = [f"{facet}: {', '.join(names)}" for facet, names in row.segment.items()]
            yield [
                row.pk, row.request_id, row.activity, row.label, segment, row.missing, row.deal_value, row.currency,
                row.noted_at, row.met_at, task.status if task else "", str(task.assignee or "") if task else "",
            ]  # fmt: skip

    return tell


def _demand(user: User) -> QuerySet[UnmetDemand]:
    rows: QuerySet[UnmetDemand] = UnmetDemand.objects.visible_to(user)
    return rows.select_related("task__assignee")


DEMAND = Table(
    name="unmet-demand",
    title=_("Unmet demand"),
    about=_("What was asked for and could not be had, with what it would have been worth."),
    scope=Scope.REQUESTS_READ,
    columns=(
        Column("id", _("Id")),
        Column("request", _("Id of the request")),
        Column("activity", _("Activity")),
        Column("label", _("Segment in words")),
        Column("segment", _("Segment")),
        Column("missing", _("References missing")),
        Column("deal_value", _("Deal value")),
        Column("currency", _("Currency")),
        Column("noted_at", _("Noted")),
        Column("met_at", _("Met after all")),
        Column("task_status", _("Recruiting task")),
        Column("task_assignee", _("At it")),
    ),
    filterset=DemandFilter,
    rows=_demand,
    begin=_begin_demand,
)


def register_tables() -> None:
    """Let the tables of requests be exported."""
    for table in (REQUESTS, MATCHES, DEMAND):
        register_table(table)
