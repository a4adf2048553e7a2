"""Speakers: promoters who consent to an activity, their rights, what stands against asking, and when they are free."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.cards import PromoterCardSerializer, day
from api.v1.refusals import RefusalSerializer
from api.v1.usable import KeptFilterBackend, RightSerializer
from api.v1.views import ScopedView
from matching.speakers import read_speakers
from references import activities
from references.filters import SpeakerFilter
from references.models import Contact
from users.enums import Scope


class SpeakerSerializer(serializers.Serializer[Any]):
    """A promoter who consents to the activity asked about."""

    id = serializers.IntegerField(source="card.contact_id")
    promoter = PromoterCardSerializer(source="card")
    activity = serializers.ChoiceField(choices=activities.CHOICES)
    rights = RightSerializer(many=True)
    attributed = serializers.BooleanField(source="is_attributed", help_text="Whether the person may be named.")
    usable_until = day("The last day on which some right holds; null for no end.")
    refusals = RefusalSerializer(many=True, help_text="Rules that stand against asking for that day; none: free.")
    next_free = day("The first day, from the one asked about, on which every rule passes; null where time opens none.")


@extend_schema_view(list=extend_schema(summary="List speakers"), retrieve=extend_schema(summary="Read a speaker"))
class SpeakerViewSet(ScopedView, viewsets.ReadOnlyModelViewSet[Any]):
    """Promoters for a stage, a webinar, the press or any other activity: only those whose consent covers it.

    Those who are tired or used up are listed with what stands against asking them; `available_on` leaves them out.
    """

    scope = Scope.CONTENT_READ
    queryset = Contact.objects.none()
    serializer_class = SpeakerSerializer
    filterset_class = SpeakerFilter
    filter_backends = (KeptFilterBackend,)
    lookup_value_converter = "int"
    filterset: SpeakerFilter

    def get_queryset(self) -> QuerySet[Contact]:
        return Contact.objects.visible_to(self.user).select_related("customer")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        assert page is not None  # noqa: S101  every list is paged
        return self.get_paginated_response(self._show(page))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        shown = self._show([self.get_object()])
        if not shown:
            raise NotFound  # erased since the index was read
        return Response(shown[0])

    def _show(self, contacts: Sequence[Contact]) -> Any:
        speakers = read_speakers(contacts, self.filterset.wanted_activity, self.filterset.use.on, self.user)
        return SpeakerSerializer(speakers, many=True).data
