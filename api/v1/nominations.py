"""Nominations: a moment that speaks for somebody, brought in, read and decided."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.creating import VisibleField, creation_key
from api.v1.errors import ErrorResponseSerializer
from api.v1.idempotency import RetoldCreates
from references import activities
from references.enums import NominationStatus, NominationVia
from references.errors import DomainError
from references.models import Contact, Customer, Nomination
from references.record_filters import NominationFilter
from references.services.nominations import move_nomination, nominate
from users.enums import Scope


class NominationSerializer(serializers.ModelSerializer[Nomination]):
    """A nomination. The e-mail address of someone new is in no answer."""

    activities = serializers.ListField(
        child=serializers.ChoiceField(choices=activities.CHOICES), help_text="What it would suit; binds nobody."
    )
    nominated_by_name = serializers.CharField(source="nominated_by", allow_null=True)

    class Meta:
        model = Nomination
        fields = [
            "id", "status", "via", "customer", "contact", "person_name", "person_title", "moment", "activities",
            "nominated_by", "nominated_by_name", "suggested_by", "note", "decided_by", "decided_at", "created_at",
            "updated_at",
        ]  # fmt: skip


class NewNominationSerializer(serializers.Serializer[Any]):
    """Whom a moment speaks for: a promoter, or someone new at a customer."""

    contact = VisibleField(queryset=Contact.objects.none(), allow_null=True, default=None)
    customer = VisibleField(
        queryset=Customer.objects.none(), allow_null=True, default=None, help_text="Needed where no contact is given."
    )
    person_name = serializers.CharField(max_length=200, allow_blank=True, default="")
    person_title = serializers.CharField(max_length=200, allow_blank=True, default="")
    person_email = serializers.EmailField(allow_blank=True, default="", help_text="Kept, and never shown again.")
    moment = serializers.CharField(max_length=4_000, help_text="What they said or did, in their words.")
    activities = serializers.ListField(
        child=serializers.ChoiceField(choices=activities.CHOICES), default=list, max_length=len(activities.CHOICES)
    )
    is_draft = serializers.BooleanField(default=False, help_text="Seen by nobody else until it is submitted.")


class NoteSerializer(serializers.Serializer[Any]):
    """What whoever nominated should know."""

    note = serializers.CharField(max_length=500, allow_blank=True, default="")


class ApprovalSerializer(NoteSerializer):
    """A yes to a nomination."""

    activate = serializers.BooleanField(default=False, help_text="Make the person an active promoter at once.")


_REFUSED = {409: OpenApiResponse(ErrorResponseSerializer), 422: OpenApiResponse(ErrorResponseSerializer)}
_MOVED = {200: NominationSerializer, **_REFUSED}


@extend_schema_view(list=extend_schema(summary="List nominations"), retrieve=extend_schema(summary="Read a nomination"))
class NominationViewSet(RetoldCreates, viewsets.ReadOnlyModelViewSet[Nomination]):
    """Moments that speak for somebody: your own, those about your customers, and for managers all that were sent."""

    scope = Scope.REQUESTS_READ
    write_scope = Scope.REQUESTS_WRITE
    lookup_value_converter = "int"
    queryset = Nomination.objects.none()
    serializer_class = NominationSerializer
    filterset_class = NominationFilter

    def get_queryset(self) -> QuerySet[Nomination]:
        return Nomination.objects.visible_to(self.user).select_related("nominated_by")

    @extend_schema(
        summary="Nominate somebody", request=NewNominationSerializer, responses={201: NominationSerializer, **_REFUSED}
    )
    def create(self, request: Request) -> Response:
        """Bring in a moment: about a promoter you see, or someone new at a customer you see.

        With `Idempotency-Key` it is made once, however often it is sent. Codes: `customer_required`, `who_required`,
        `wrong_customer`, `has_opted_out`, `moment_required`.
        """
        given = NewNominationSerializer(data=request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        contact: Contact | None = values.pop("contact")
        customer: Customer | None = values.pop("customer") or (contact.customer if contact else None)
        if customer is None:
            raise DomainError("customer_required", "Say at which customer, or name a contact.", "customer")
        row = nominate(
            customer=customer,
            contact=contact,
            by=self.user,
            via=NominationVia.API,
            creation_key=creation_key(request),
            status=NominationStatus.DRAFT if values.pop("is_draft") else NominationStatus.NEW,
            **values,
        )
        return Response(NominationSerializer(row).data, status=201)

    @extend_schema(summary="Send a draft", request=None, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: int) -> Response:
        """Send a draft of your own to those who decide. Codes: `not_allowed`, `move_not_allowed`."""
        return self._move(NominationStatus.NEW)

    @extend_schema(summary="Take a nomination up", request=NoteSerializer, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: int) -> Response:
        """Say that somebody is at it; also takes up again what was declined. For managers.

        Codes: `not_allowed`, `move_not_allowed`.
        """
        return self._move(NominationStatus.IN_PROGRESS, NoteSerializer)

    @extend_schema(summary="Approve a nomination", request=ApprovalSerializer, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: int) -> Response:
        """Make the person a nominated contact, or with `activate` an active promoter. For managers.

        Codes: `not_allowed`, `move_not_allowed`, `duplicate_contact`, `has_opted_out`, `who_required`.
        """
        return self._move(NominationStatus.APPROVED, ApprovalSerializer)

    @extend_schema(summary="Decline a nomination", request=NoteSerializer, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: int) -> Response:
        """Do not approve it, with a note saying why. For managers.

        Codes: `not_allowed`, `move_not_allowed`, `note_required`.
        """
        return self._move(NominationStatus.NOT_APPROVED, NoteSerializer)

    def retell(self, pk: int, status: int) -> Response:
        return Response(NominationSerializer(get_object_or_404(self.get_queryset(), pk=pk)).data, status=status)

    def _move(self, to: str, body: type[serializers.Serializer[Any]] = serializers.Serializer) -> Response:
        row = self.get_object()
        given = body(data=self.request.data)
        given.is_valid(raise_exception=True)
        move_nomination(nomination=row, to=to, by=self.user, **given.validated_data)
        return Response(NominationSerializer(row).data)
