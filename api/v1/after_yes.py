"""What a promoter's yes opens: their e-mail and phone, each look recorded, and the calendar file of the meeting."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request as Call
from rest_framework.response import Response

from api.v1.bodies import StrictSerializer
from api.v1.errors import refused_with
from api.v1.promoters import ContactDataSerializer, DisclosureRequestSerializer
from api.v1.request_matches import find_match
from api.v1.views import ScopedView
from matching.calendar_file import MIME_TYPE, write_calendar
from matching.preparation import meeting_of
from references.errors import DomainError
from references.services.disclosures import disclose_contact
from users.authentication import require_scope
from users.enums import Scope


class StrictDisclosureSerializer(StrictSerializer, DisclosureRequestSerializer):
    """Why you need the contact data."""


class MatchContactDataView(ScopedView):
    """Contact data of a match; it takes no Idempotency-Key, since answers under one are kept."""

    scope = Scope.REQUESTS_READ
    write_scope = Scope.REQUESTS_READ

    @extend_schema(
        summary="See the promoter's e-mail and phone",
        operation_id="requests_matches_contact_data",
        request=StrictDisclosureSerializer,
        responses={200: ContactDataSerializer, **refused_with(422)},
    )
    def post(self, request: Call, pk: int, match_id: int) -> Response:
        """Give contact data to whom the promoter said yes, to managers and the account owner; each look is recorded.

        A key also needs the scope `contacts:read`. Codes: `not_disclosed` before the yes,
        and for all others, `reason_required`.
        """
        require_scope(request, Scope.CONTACTS_READ)
        asked = StrictDisclosureSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        contact = find_match(self.user, pk, match_id).match.contact
        data = disclose_contact(user=self.user, contact=contact, why=asked.validated_data["why"])
        return Response(ContactDataSerializer(data).data)


class FirstRenderer(BaseContentNegotiation):
    """Answers refusals in JSON whatever was asked for; the calendar file itself is not negotiated."""

    def select_parser(self, request: Call, parsers: Iterable[BaseParser]) -> BaseParser:
        return next(iter(parsers))

    def select_renderer(
        self, request: Call, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        first = next(iter(renderers))
        return first, str(first.media_type)


class MatchCalendarView(ScopedView):
    """The calendar file of a meeting."""

    scope = Scope.REQUESTS_READ
    content_negotiation_class = FirstRenderer

    @extend_schema(
        summary="Get the calendar file",
        operation_id="requests_matches_calendar",
        responses={(200, "text/calendar"): OpenApiTypes.STR, **refused_with(409)},
    )
    def get(self, request: Call, pk: int, match_id: int) -> HttpResponse:
        """The meeting as iCalendar, for those who run it. Codes: `not_allowed`, `not_scheduled`."""
        shown = find_match(self.user, pk, match_id)
        if not (shown.may_run or shown.has_seen_person):
            raise DomainError("not_allowed", "Only those concerned get the calendar file.")
        meeting = meeting_of(shown)
        if meeting is None:
            raise DomainError("not_scheduled", "No time is set.")
        answer = HttpResponse(write_calendar(meeting, stamp=timezone.now()), content_type=MIME_TYPE)
        answer["Content-Disposition"] = f'attachment; filename="reference-{shown.match.pk}.ics"'
        return answer
