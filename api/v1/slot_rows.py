"""How speaking slots are told: with their speaker where you may know of them, and how the search for one stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.v1.cards import day
from api.v1.tags import TagsField
from matching.enums import LIVE, MatchStatus, RequestStatus
from matching.models import Match, Request
from references import activities
from references.blinding import may_see_person
from references.models import Contact, SpeakingSlot
from references.permissions import may_edit_slots
from references.rights import Use, rights_of, usable_speakers, usable_until
from users.models import User


class SlotSpeakerSerializer(serializers.Serializer[Any]):
    """Who speaks; read more at `speakers/{id}/`."""

    id = serializers.IntegerField()
    name = serializers.CharField(allow_null=True, help_text="Null where you may not see it.")
    attributed = serializers.BooleanField(help_text="Whether the event may name them.")
    usable_until = day("The last day some right of theirs holds; null for no end.")


class SourcingSerializer(serializers.Serializer[Any]):
    """How the search for a speaker stands; read more at `requests/{id}/`."""

    request = serializers.IntegerField()
    request_status = serializers.ChoiceField(choices=RequestStatus.choices)
    match = serializers.IntegerField(allow_null=True, help_text="Null while nobody is put forward.")
    match_status = serializers.ChoiceField(choices=MatchStatus.choices, allow_null=True)


@dataclass(frozen=True, slots=True)
class SlotFacts:
    """What one viewer may know beside the rows: speakers by activity and id, and the search by slot."""

    user: User
    speakers: Mapping[tuple[str, int], Contact]
    sourcing: Mapping[int, Mapping[str, Any]]


def read_slots(user: User, rows: Sequence[SpeakingSlot]) -> SlotFacts:
    """Read what belongs to a page of slots; queries grow with the activities on it, never with the rows."""
    wanted: dict[str, set[int]] = {}
    for row in rows:
        if row.speaker_id is not None:
            wanted.setdefault(row.activity, set()).add(row.speaker_id)
    speakers = {}
    for activity, ids in wanted.items():
        people = Contact.objects.visible_to(user).select_related("customer").filter(pk__in=ids)
        for contact in usable_speakers(people, activity, Use(on=timezone.localdate())):
            speakers[activity, contact.pk] = contact
    return SlotFacts(user, speakers, _read_sourcing(rows) if may_edit_slots(user) else {})


def _read_sourcing(rows: Sequence[SpeakingSlot]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for request in Request.objects.filter(speaking_slot__in=[row.pk for row in rows]).order_by("pk"):
        assert request.speaking_slot_id is not None  # noqa: S101  filtered by it
        found[request.speaking_slot_id] = {
            "request": request.pk,
            "request_status": request.status,
            "match": None,
            "match_status": None,
        }
    slots = {each["request"]: each for each in found.values()}
    for match in Match.objects.filter(request__in=slots, status__in=LIVE).order_by("pk"):
        slots[match.request_id] |= {"match": match.pk, "match_status": match.status}
    return found


class SpeakingSlotSerializer(serializers.ModelSerializer[SpeakingSlot]):
    """A place on a stage. `speaker` is null unless consent covers the day and you may know of them."""

    activity = serializers.ChoiceField(choices=activities.CHOICES)
    region = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True, allow_null=True)
    url = serializers.CharField(help_text="Empty where there is none.")
    tags = TagsField(source="tags.all")
    speaker = serializers.SerializerMethodField()
    sourcing = serializers.SerializerMethodField(
        help_text="Null where nobody has been looked for; for marketers and managers."
    )

    class Meta:
        model = SpeakingSlot
        fields = [
            "id", "activity", "event", "topic", "starts_at", "minutes", "time_zone", "place", "region", "format",
            "audience", "language", "deadline", "travel", "url", "status", "speaker", "sourcing", "tags",
            "external_id", "updated_at",
        ]  # fmt: skip

    @extend_schema_field(SlotSpeakerSerializer(allow_null=True))
    def get_speaker(self, slot: SpeakingSlot) -> dict[str, Any] | None:
        facts: SlotFacts = self.context["facts"]
        contact = facts.speakers.get((slot.activity, slot.speaker_id or 0))
        if contact is None:
            return None
        rights = rights_of(contact, slot.activity)
        if not any(right.until is None or right.until >= slot.starts_at.date() for right in rights):
            return None
        is_attributed = all(right.is_attributed for right in rights)
        is_known = may_see_person(facts.user, contact, is_attributed=is_attributed)
        return {
            "id": contact.pk,
            "name": contact.name if is_known else None,
            "attributed": is_attributed,
            "usable_until": usable_until(rights),
        }

    @extend_schema_field(SourcingSerializer(allow_null=True))
    def get_sourcing(self, slot: SpeakingSlot) -> Mapping[str, Any] | None:
        facts: SlotFacts = self.context["facts"]
        return facts.sourcing.get(slot.pk)
