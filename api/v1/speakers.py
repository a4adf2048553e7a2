"""Speakers: promoters who consent to an activity, their rights, what stands against asking, and when they are free."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from api.v1.cards import PromoterCardSerializer, day
from api.v1.refusals import RefusalSerializer
from api.v1.tables import FIELDS, TableViewSet
from api.v1.usable import KeptFilterBackend, RightSerializer
from matching.speakers import Speaker, read_speakers
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
    updated_at = serializers.SerializerMethodField(
        help_text="When the person or their rights last changed; what they were asked for changes availability alone."
    )

    def get_updated_at(self, speaker: Speaker) -> datetime:
        moment: datetime = self.context["updated"][speaker.card.contact_id]
        return moment


@extend_schema_view(
    list=extend_schema(summary="List speakers", parameters=[FIELDS]),
    retrieve=extend_schema(summary="Read a speaker", parameters=[FIELDS]),
)
class SpeakerViewSet(TableViewSet):
    """Promoters for a stage, a webinar, the press or any other activity: only those whose consent covers it.

    Those who are tired or used up are listed with what stands against asking them; `available_on` leaves them out, and
    `available_from` with `available_until` those who are free on none of these days.
    """

    scope = Scope.CONTENT_READ
    queryset = Contact.objects.none()
    serializer_class = SpeakerSerializer
    filterset_class = SpeakerFilter
    filter_backends = (KeptFilterBackend,)
    table = "speakers"
    filterset: SpeakerFilter

    def get_queryset(self) -> QuerySet[Contact]:
        return Contact.objects.visible_to(self.user).select_related("customer")

    def show(self, rows: Sequence[Contact]) -> Sequence[Mapping[str, Any]]:
        speakers = read_speakers(rows, self.filterset.wanted_activity, self.filterset.use.on, self.user)
        return self.cut(updated={row.pk: row.updated_at for row in rows}).to_representation(speakers)  # type: ignore[no-any-return]
