"""The matches of a request: proposed, decided on, answered for, met, and told how it went."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.exceptions import NotFound
from rest_framework.request import Request as Call
from rest_framework.response import Response

from api.v1.concurrency import ETAG, IF_MATCH, etag_of, expected_version
from api.v1.errors import Refusal, refused_with
from api.v1.idempotency import RetoldCreates
from api.v1.match_bodies import (
    AcceptSerializer,
    CompleteSerializer,
    DeclineSerializer,
    FeedbackSerializer,
    NewMatchSerializer,
    NoShowSerializer,
    ReasonSerializer,
    RejectionSerializer,
    ScheduleSerializer,
    SwapSerializer,
)
from api.v1.match_rows import MatchSerializer
from api.v1.refusals import RefusalSerializer
from api.v1.request_bodies import WhySerializer
from matching.filters import MatchFilter
from matching.models import Match, Request
from matching.querysets import MatchQuerySet
from matching.refusing import explain_refused_hold
from matching.services.answering import accept_match, cancel_by_customer, decline_match
from matching.services.approving import approve_match, reject_match, swap_match
from matching.services.closing import FeedbackData, give_feedback
from matching.services.filling import fill_request, propose_person
from matching.services.meeting import complete_match, note_no_show, schedule_match
from matching.showing import ShownMatch, load_matches, show_matches
from references.errors import DomainError
from references.models import Contact
from references.permissions import may_run_program
from references.program import current_policy
from references.services.holds import HoldRefusedError
from users.enums import Scope
from users.models import User

_DONE: dict[int, Any] = {200: MatchSerializer, **refused_with(409, 412, 422)}


def find_request(user: User, pk: int) -> Request:
    """A request that the user sees; raises NotFound."""
    row = Request.objects.visible_to(user).select_related("owner").filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def find_match(user: User, request_id: int, match_id: int) -> ShownMatch:
    """One match of a request that the user sees, as they see it; raises NotFound."""
    shown = _show_all(user, find_request(user, request_id).matches.all())
    if match_id not in shown:
        raise NotFound
    return shown[match_id]


def _show_all(user: User, matches: "MatchQuerySet[Match]") -> dict[int, ShownMatch]:
    """The matches of a request by id: shown together, since what was written about one may name another."""
    return {each.match.pk: each for each in show_matches(user, load_matches(matches), current_policy())}


@contextmanager
def explained(request: Request, contact: Contact) -> Iterator[None]:
    """Say of a refused hold every rule that stands against the person, in sentences."""
    try:
        yield
    except HoldRefusedError as error:
        refusals = explain_refused_hold(error.broken, request=request, contact=contact)
        raise Refusal(error, refusals=RefusalSerializer(refusals, many=True).data) from error


class RequestMatchViewSet(RetoldCreates, viewsets.GenericViewSet[Match]):
    """The people put forward for a request. Whoever sees the request reads them, blinded as on its page."""

    scope = Scope.REQUESTS_READ
    write_scope = Scope.REQUESTS_WRITE
    queryset = Match.objects.none()
    serializer_class = MatchSerializer
    filterset_class = MatchFilter

    def get_queryset(self) -> QuerySet[Match]:
        return find_request(self.user, self.kwargs["pk"]).matches.all()

    @extend_schema(summary="List the matches of a request", responses=MatchSerializer(many=True))
    def list(self, request: Call, pk: int) -> Response:
        """Everybody who was ever put forward, by place, the latest of a place last."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        shown = _show_all(self.user, Match.objects.filter(request=pk))
        return self.get_paginated_response(MatchSerializer([shown[match.pk] for match in page], many=True).data)

    @extend_schema(summary="Read a match", parameters=[ETAG], responses=MatchSerializer)
    def retrieve(self, request: Call, pk: int, match_id: int) -> Response:
        """One person put forward, with approvals, answers and feedback, and what you can do now."""
        return self._tell(match_id)

    @extend_schema(
        summary="Put somebody forward",
        request=NewMatchSerializer,
        parameters=[ETAG],
        responses={201: MatchSerializer, **refused_with(409, 422)},
    )
    def create(self, request: Call, pk: int) -> Response:
        """Put a person of your choice forward for an empty place. For managers.

        Codes: `hold_refused` with every rule under `refusals`, `not_in_pool`, `no_empty_slot`, `slot_taken`,
        `request_not_open`.
        """
        row = find_request(self.user, pk)
        if not may_run_program(self.user):
            raise DomainError("not_allowed", "Only managers put somebody forward by hand.")
        given = self._read(NewMatchSerializer)
        contact: Contact = given.pop("contact")
        with explained(row, contact):
            match = propose_person(request=row, contact_id=contact.pk, by=self.user, **given)
        return self._tell(match.pk, status=201)

    @extend_schema(summary="Approve a match", request=ReasonSerializer, parameters=[IF_MATCH, ETAG], responses=_DONE)
    def approve(self, request: Call, pk: int, match_id: int) -> Response:
        """Say yes at the step the match stands at; the last yes asks the promoter.

        Codes: `not_waiting`, `not_allowed`, `reason_required` for a tired promoter, `hold_refused`.
        """
        match, expected = self._find(match_id)
        with explained(match.request, match.contact):
            approve_match(match=match, by=self.user, expected_version=expected, **self._read(ReasonSerializer))
        return self._tell(match_id)

    @extend_schema(summary="Reject a match", request=RejectionSerializer, parameters=[IF_MATCH, ETAG], responses=_DONE)
    def reject(self, request: Call, pk: int, match_id: int) -> Response:
        """Say no with a reason: the next best is put forward. Codes: `not_waiting`, `not_allowed`."""
        match, expected = self._find(match_id)
        reject_match(match=match, by=self.user, expected_version=expected, **self._read(RejectionSerializer))
        return self._refill(match)

    @extend_schema(
        summary="Swap a match",
        request=SwapSerializer,
        parameters=[IF_MATCH, ETAG],
        responses={201: MatchSerializer, **refused_with(409, 412, 422)},
    )
    def swap(self, request: Call, pk: int, match_id: int) -> Response:
        """Put somebody else forward instead, before the promoter is asked; answers with the new match.

        For managers and the account owner. Codes: `asked_already`, `not_allowed`, `hold_refused`, `not_in_pool`.
        """
        match, expected = self._find(match_id)
        given = self._read(SwapSerializer)
        contact: Contact = given.pop("contact")
        with explained(match.request, contact):
            new = swap_match(match=match, by=self.user, contact_id=contact.pk, expected_version=expected, **given)
        return self._tell(new.pk, status=201)

    @extend_schema(summary="Record a yes", request=AcceptSerializer, parameters=[IF_MATCH, ETAG], responses=_DONE)
    def accept(self, request: Call, pk: int, match_id: int) -> Response:
        """Record a yes given by telephone; where the limits are full by now the match is withdrawn: see `status`.

        For managers and the account owner. Codes: `not_waiting`, `not_allowed`, `time_over`, `far_date`.
        """
        match, expected = self._find(match_id)
        accept_match(match=match, by=self.user, expected_version=expected, **self._read(AcceptSerializer))
        return self._refill(match)

    @extend_schema(summary="Record a no", request=DeclineSerializer, parameters=[IF_MATCH, ETAG], responses=_DONE)
    def decline(self, request: Call, pk: int, match_id: int) -> Response:
        """Record a no given by telephone: the next best is put forward.

        For managers and the account owner. Codes: `not_waiting`, `not_allowed`, `date_over`.
        """
        match, expected = self._find(match_id)
        decline_match(match=match, by=self.user, expected_version=expected, **self._read(DeclineSerializer))
        return self._refill(match)

    @extend_schema(summary="Set a time", request=ScheduleSerializer, parameters=[IF_MATCH, ETAG], responses=_DONE)
    def schedule(self, request: Call, pk: int, match_id: int) -> Response:
        """Set, or move, the time of a yes; both sides get a calendar file.

        Codes: `not_accepted`, `not_allowed`, `time_over`, `far_date`, `hold_refused` where that day has no room.
        """
        match, expected = self._find(match_id)
        with explained(match.request, match.contact):
            schedule_match(match=match, by=self.user, expected_version=expected, **self._read(ScheduleSerializer))
        return self._tell(match_id)

    @extend_schema(
        summary="Say that it took place", request=CompleteSerializer, parameters=[IF_MATCH, ETAG], responses=_DONE
    )
    def complete(self, request: Call, pk: int, match_id: int) -> Response:
        """Note that it took place: the promoter is thanked, both sides are asked how it went.

        Codes: `not_accepted`, `not_allowed`, `date_ahead`.
        """
        match, expected = self._find(match_id)
        complete_match(match=match, by=self.user, expected_version=expected, **self._read(CompleteSerializer))
        return self._tell(match_id)

    @extend_schema(
        summary="Say that it fell through", request=NoShowSerializer, parameters=[IF_MATCH, ETAG], responses=_DONE
    )
    def no_show(self, request: Call, pk: int, match_id: int) -> Response:
        """Note which side did not come: the next best is put forward. Codes: `move_not_allowed`, `not_allowed`."""
        match, expected = self._find(match_id)
        note_no_show(match=match, by=self.user, expected_version=expected, **self._read(NoShowSerializer))
        return self._refill(match)

    @extend_schema(summary="Take a yes back", request=WhySerializer, parameters=[IF_MATCH, ETAG], responses=_DONE)
    def cancel(self, request: Call, pk: int, match_id: int) -> Response:
        """Record that the customer takes their yes back: the next best is put forward.

        For managers and the account owner. Codes: `move_not_allowed`, `not_allowed`.
        """
        match, expected = self._find(match_id)
        cancel_by_customer(match=match, by=self.user, expected_version=expected, **self._read(WhySerializer))
        return self._refill(match)

    @extend_schema(summary="Give feedback", request=FeedbackSerializer, parameters=[IF_MATCH, ETAG], responses=_DONE)
    def feedback(self, request: Call, pk: int, match_id: int) -> Response:
        """Say how it went, once for each side; a second time is the first. It also says whether it took place.

        Codes: `not_accepted`, `not_allowed`.
        """
        match, expected = self._find(match_id)
        given = self._read(FeedbackSerializer)
        side, data = given.pop("side"), FeedbackData(**given)  # type: ignore[typeddict-item] # the rest are its fields
        give_feedback(match=match, side=side, data=data, by=self.user, expected_version=expected)
        return self._refill(match)

    def retell(self, pk: int, status: int) -> Response:
        return self._tell(pk, status)

    def _read(self, body: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        given = body(data=self.request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def _find(self, match_id: int) -> tuple[Match, int | None]:
        """The match to act on, and the version that the caller insists on."""
        match = find_match(self.user, self.kwargs["pk"], match_id).match
        return match, expected_version(self.request, match)

    def _refill(self, match: Match) -> Response:
        """Fill the place that may be empty now, so that the caller finds the next best; then answer."""
        fill_request(request=match.request, by=self.user)
        return self._tell(match.pk)

    def _tell(self, match_id: int, status: int = 200) -> Response:
        shown = find_match(self.user, self.kwargs["pk"], match_id)
        return Response(MatchSerializer(shown).data, status=status, headers={"ETag": etag_of(shown.match)})
