"""Speaking slots: stages for which a speaker is wanted, or found; kept, sourced and called off."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request as Call
from rest_framework.response import Response
from rest_framework.reverse import reverse

from api.v1.concurrency import ETAG, IF_MATCH, IF_MATCH_REQUIRED, etag_of, expected_version
from api.v1.creating import creation_key
from api.v1.errors import Refusal, refused_with
from api.v1.idempotency import RetoldCreates
from api.v1.refusals import RefusalSerializer
from api.v1.slot_bodies import (
    DeliverySerializer,
    HoldSerializer,
    SlotFieldsSerializer,
    SlotReasonSerializer,
    SlotWhySerializer,
    SourceSerializer,
)
from api.v1.slot_rows import SpeakingSlotSerializer, read_slots
from api.v1.tables import FIELDS, TableViewSet
from matching.enums import Via
from matching.services.sourcing import (
    cancel_slot,
    change_slot,
    deliver_slot,
    explain_speaker_refusal,
    hold_speaker,
    release_hold,
    source_slot,
)
from references.errors import DomainError
from references.filters import SpeakingSlotFilter
from references.models import Contact, SpeakingSlot
from references.permissions import may_edit_slots
from references.services.holds import HoldRefusedError
from references.services.slots import save_slot
from users.enums import Scope

_MOVED: dict[int, Any] = {200: SpeakingSlotSerializer, **refused_with(409, 412, 422)}
_MADE: dict[int, Any] = {201: SpeakingSlotSerializer, **refused_with(409, 422)}


@contextmanager
def explained(slot: SpeakingSlot, contact: Contact) -> Iterator[None]:
    """Say of a refused hold every rule that stands against the person, in sentences."""
    try:
        yield
    except HoldRefusedError as error:
        refusals = explain_speaker_refusal(error, slot, contact)
        raise Refusal(error, refusals=RefusalSerializer(refusals, many=True).data) from error


@extend_schema_view(list=extend_schema(summary="List speaking slots", parameters=[FIELDS]))
class SpeakingSlotViewSet(RetoldCreates, TableViewSet):
    """Stages, panels, microphones and interviews, with their dates, deadlines and audiences."""

    scope = Scope.CONTENT_READ
    write_scope = Scope.CONTENT_WRITE
    queryset = SpeakingSlot.objects.none()
    serializer_class = SpeakingSlotSerializer
    filterset_class = SpeakingSlotFilter
    table = "speaking-slots"

    def get_queryset(self) -> QuerySet[SpeakingSlot]:
        rows = SpeakingSlot.objects.visible_to(self.user).select_related("region")
        return rows.prefetch_related("tags") if self.action != "list" or self.wants("tags") else rows

    def show(self, rows: Sequence[SpeakingSlot]) -> Sequence[Mapping[str, Any]]:
        has_more = self.wants("speaker", "sourcing")
        return self.cut(facts=read_slots(self.user, rows if has_more else [])).to_representation(rows)  # type: ignore[no-any-return]

    @extend_schema(summary="Read a speaking slot", parameters=[FIELDS, ETAG], responses=SpeakingSlotSerializer)
    def retrieve(self, request: Call, pk: int) -> Response:
        """A slot with its speaker, and how the search for one stands."""
        row = self.get_object()
        return Response(self.show([row])[0], headers={"ETag": etag_of(row)})

    @extend_schema(summary="Make a speaking slot", request=SlotFieldsSerializer, parameters=[ETAG], responses=_MADE)
    def create(self, request: Call) -> Response:
        """Make an open slot; nobody is asked for it yet. For marketers and managers.

        With `Idempotency-Key` it is made once, however often it is sent. Codes: `not_allowed`,
        `deadline_after_start`, `unknown_time_zone`.
        """
        self._require_editor()
        given = self._read(SlotFieldsSerializer)
        tags = given.pop("tags", None)
        row = save_slot(data={**given, "owner": self.user}, tags=tags, by=self.user)  # type: ignore[typeddict-item]
        return self._tell(row, status=201)

    @extend_schema(
        summary="Change a speaking slot",
        request=SlotFieldsSerializer,
        parameters=[IF_MATCH_REQUIRED, ETAG],
        responses={**_MOVED, **refused_with(428)},
    )
    def partial_update(self, request: Call, pk: int) -> Response:
        """Change what is said of a slot; its state moves by the calls below alone, and whoever said yes hears of it.

        Codes: `precondition_required` without If-Match, `changed_meanwhile` with an old one, `not_allowed`,
        `slot_over`, `asked_already`, and those of making one: `deadline_after_start`, `unknown_time_zone`.
        """
        row = self.get_object()
        expected = expected_version(request, row, required=True)
        given = self._read(SlotFieldsSerializer, partial=True)
        tags = given.pop("tags", None)
        change_slot(slot=row, data=given, tags=tags, by=self.user, expected_version=expected)  # type: ignore[arg-type]
        return self._tell(row)

    @extend_schema(
        summary="Hold a speaker for a slot",
        request=HoldSerializer,
        parameters=[ETAG],
        responses={201: SpeakingSlotSerializer, **refused_with(409, 422)},
    )
    @action(detail=True, methods=["post"])
    def hold(self, request: Call, pk: int) -> Response:
        """Put one person forward: their caps count it at once, and they are asked when whoever must has said yes.

        With `Idempotency-Key` it is done once; the same person again is the hold that stands. `sourcing` tells the
        request and the match to follow. Codes: `hold_refused` with every rule under `refusals`, `slot_taken`,
        `slot_not_open`, `slot_over`, `enough_asked`, `not_in_pool`, `not_allowed`.
        """
        row, given = self.get_object(), self._read(HoldSerializer)
        contact: Contact = given.pop("speaker")
        with explained(row, contact):
            hold_speaker(
                slot=row, contact=contact, by=self.user, via=Via.API, creation_key=creation_key(request), **given
            )
        return self._tell(row, status=201)

    @extend_schema(summary="Look for a speaker", request=SourceSerializer, parameters=[ETAG], responses=_MOVED)
    @action(detail=True, methods=["post"])
    def source(self, request: Call, pk: int) -> Response:
        """Ask the best of the ranking, or those named, one after the other until somebody says yes.

        Codes: `slot_not_open`, `slot_over`, `enough_asked`, `not_allowed`.
        """
        row, given = self.get_object(), self._read(SourceSerializer)
        chosen = [contact.pk for contact in given["speakers"]]
        source_slot(slot=row, by=self.user, chosen=chosen, via=Via.API, creation_key=creation_key(request))
        return self._tell(row)

    @extend_schema(
        summary="Release a held speaker", request=SlotWhySerializer, parameters=[IF_MATCH, ETAG], responses=_MOVED
    )
    @action(detail=True, methods=["post"])
    def release(self, request: Call, pk: int) -> Response:
        """Give up whoever is held, asked or confirmed; the slot is open again. Codes: `nobody_held`, `not_allowed`."""
        row = self.get_object()
        expected_version(request, row)
        release_hold(slot=row, by=self.user, **self._read(SlotWhySerializer))
        return self._tell(row)

    @extend_schema(
        summary="Call a speaking slot off",
        request=SlotReasonSerializer,
        parameters=[IF_MATCH, ETAG],
        responses=_MOVED,
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request: Call, pk: int) -> Response:
        """The event does not take place, or without us: whoever was asked is told. Codes: `move_not_allowed`."""
        row = self.get_object()
        expected_version(request, row)
        cancel_slot(slot=row, by=self.user, **self._read(SlotReasonSerializer))
        return self._tell(row)

    @extend_schema(
        summary="Note that a speaking slot took place",
        request=DeliverySerializer,
        parameters=[IF_MATCH, ETAG],
        responses=_MOVED,
    )
    @action(detail=True, methods=["post"])
    def deliver(self, request: Call, pk: int) -> Response:
        """The speaker was there: the ledger takes it, and they are thanked. Codes: `date_ahead`, `move_not_allowed`."""
        row = self.get_object()
        expected_version(request, row)
        deliver_slot(slot=row, by=self.user, **self._read(DeliverySerializer))
        return self._tell(row)

    def retell(self, pk: int, status: int) -> Response:
        return self._tell(get_object_or_404(self.get_queryset(), pk=pk), status)

    def _require_editor(self) -> None:
        if not may_edit_slots(self.user):
            raise DomainError("not_allowed", "Marketers and managers keep speaking slots.")

    def _read(self, body: type[serializers.Serializer[Any]], *, partial: bool = False) -> dict[str, Any]:
        given = body(data=self.request.data, partial=partial, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def _tell(self, row: SpeakingSlot, status: int = 200) -> Response:
        row = self.get_queryset().get(pk=row.pk)
        headers = {"ETag": etag_of(row)}
        if status == 201:
            headers["Location"] = reverse("api:v1:speaking-slot-detail", kwargs={"pk": row.pk}, request=self.request)
        return Response(self.show([row])[0], status=status, headers=headers)
