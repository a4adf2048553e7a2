"""Speaking slots: stages for which a speaker is wanted, or found."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, viewsets

from api.v1.tags import TagsField
from api.v1.views import ScopedView
from references.blinding import may_see_person
from references.filters import DEFAULT_ACTIVITY, SpeakingSlotFilter
from references.models import Contact, SpeakingSlot
from references.rights import Use, rights_of, usable_speakers
from users.enums import Scope


class SlotSpeakerSerializer(serializers.Serializer[Any]):
    """Who speaks; read more at `speakers/{id}/`."""

    id = serializers.IntegerField()
    name = serializers.CharField(allow_null=True, help_text="Null where you may not see it.")


class SpeakingSlotSerializer(serializers.ModelSerializer[SpeakingSlot]):
    """A place on a stage. `speaker` is null unless consent covers the day and you may know of them."""

    region = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True, allow_null=True)
    tags = TagsField(source="tags.all")
    speaker = serializers.SerializerMethodField()

    class Meta:
        model = SpeakingSlot
        fields = [
            "id", "event", "topic", "starts_at", "time_zone", "place", "region", "format", "audience", "language",
            "deadline", "status", "speaker", "tags",
        ]  # fmt: skip

    @extend_schema_field(SlotSpeakerSerializer(allow_null=True))
    def get_speaker(self, slot: SpeakingSlot) -> dict[str, Any] | None:
        contact = slot.speaker
        if contact is None:
            return None
        rights = rights_of(contact, DEFAULT_ACTIVITY)
        if not any(right.until is None or right.until >= slot.starts_at.date() for right in rights):
            return None
        is_attributed = all(right.is_attributed for right in rights)
        is_known = may_see_person(self.context["request"].user, contact, is_attributed=is_attributed)
        return {"id": contact.pk, "name": contact.name if is_known else None}


@extend_schema_view(
    list=extend_schema(summary="List speaking slots"), retrieve=extend_schema(summary="Read a speaking slot")
)
class SpeakingSlotViewSet(ScopedView, viewsets.ReadOnlyModelViewSet[SpeakingSlot]):
    """Stages, panels and microphones, with their dates, deadlines and audiences."""

    scope = Scope.CONTENT_READ
    queryset = SpeakingSlot.objects.none()
    serializer_class = SpeakingSlotSerializer
    filterset_class = SpeakingSlotFilter
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[SpeakingSlot]:
        people = Contact.objects.visible_to(self.user).select_related("customer")
        speakers = usable_speakers(people, DEFAULT_ACTIVITY, Use(on=timezone.localdate()))
        rows = SpeakingSlot.objects.visible_to(self.user).select_related("region")
        return rows.prefetch_related("tags", Prefetch("speaker", queryset=speakers))
