"""Referrals: leads that promoters brought, how they went on, and the chains they make."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from advocacy.enums import ReferralStatus, ReferralVia
from advocacy.models import Referral
from advocacy.permissions import may_refer_for, may_see_lead, may_work_on_referral
from advocacy.referral_filters import ReferralFilter
from advocacy.referral_lookup import is_paid_for
from advocacy.referral_values import read_forest
from advocacy.services.referrals import LeadData, Won, disclose_lead, move_referral, refer, settle_checks
from api.v1.bodies import StrictSerializer, money_field, text_field
from api.v1.creating import VisibleField, creation_key
from api.v1.errors import refused_with
from api.v1.nouns import NounViewSet, require
from api.v1.people import PersonSerializer, whose_row
from api.v1.promoters import ContactDataSerializer, DisclosureRequestSerializer
from api.v1.tables import FIELDS
from api.v1.views import ScopedView
from references.blinding import HIDDEN, hide_full_name, may_see_customer_name
from references.models import Contact, Customer
from users.authentication import require_scope
from users.enums import Scope


class ReferralSerializer(serializers.ModelSerializer[Referral]):
    """One lead; who it is, only those who work on it read, and how to reach them nowhere but by `contact-data/`."""

    referrer = PersonSerializer()
    lead_name = serializers.SerializerMethodField(help_text="Null where you do not work on it.")
    note = serializers.SerializerMethodField()
    reason = serializers.SerializerMethodField()
    checks = serializers.SerializerMethodField(help_text="Codes of what was found about it.")
    counts = serializers.SerializerMethodField(help_text="Whether it earns points.")

    class Meta:
        model = Referral
        fields = [
            "id", "referrer", "company", "lead_name", "lead_agreed", "note", "status", "via", "owner", "value",
            "currency", "deal_id", "became", "duplicate_of", "checks", "counts", "reason", "created_at",
            "qualified_at", "ended_at",
        ]  # fmt: skip

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_lead_name(self, row: Referral) -> str | None:
        return row.lead_name if may_see_lead(self.context["request"].user, row) else None

    def get_note(self, row: Referral) -> str:
        return self._hide(row, row.note)

    def get_reason(self, row: Referral) -> str:
        return self._hide(row, row.reason)

    def get_checks(self, row: Referral) -> list[str]:
        return [str(each["code"]) for each in row.warnings]

    def get_counts(self, row: Referral) -> bool:
        return is_paid_for(row)

    def _hide(self, row: Referral, text: str) -> str:
        text = whose_row(self.context, row.referrer).hide(text) if text else text
        if not text or may_see_lead(self.context["request"].user, row):
            return text
        return hide_full_name(text, row.lead_name, instead=HIDDEN)


class NewReferralSerializer(StrictSerializer):
    """Whom a promoter referred."""

    referrer = VisibleField(queryset=Contact.objects.none(), help_text="Id of the promoter.")
    name = serializers.CharField(max_length=200, help_text="Of the lead.")
    company = serializers.CharField(max_length=200)
    email = serializers.EmailField(allow_blank=True, default="", help_text="Kept, and in no list.")
    phone = text_field(60)
    note = text_field(2_000, "What they need.")
    agreed = serializers.BooleanField(default=False, help_text="The lead agreed to hear from us.")


class WonSerializer(StrictSerializer):
    """What it brought."""

    value = money_field(required=False, allow_null=True)
    currency = text_field(3)
    deal_id = text_field(120)
    became = VisibleField(queryset=Customer.objects.none(), required=False, allow_null=True, help_text="Id.")


class ReferralNoteSerializer(StrictSerializer):
    """A word on it."""

    why = text_field(300)


class ReferralWhySerializer(StrictSerializer):
    """Why."""

    why = serializers.CharField(max_length=300)


class BranchSerializer(serializers.Serializer[Any]):
    """One node of a chain: a customer, or a lead that is none yet. `label` is null where it may not be named."""

    node = serializers.CharField(help_text="customer:7, or lead:12 with the id of its referral.")
    label = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    depth = serializers.IntegerField()
    parent = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    referral = serializers.IntegerField(allow_null=True)
    children = serializers.IntegerField()
    below = serializers.IntegerField(help_text="All that followed.")
    value_below = serializers.DictField(child=serializers.DecimalField(max_digits=20, decimal_places=2))


class ChainsSerializer(serializers.Serializer[Any]):
    """All chains of the referrals you see, each from its top down."""

    deepest = serializers.IntegerField()
    branches = BranchSerializer(many=True)


_MOVED: dict[int, Any] = {200: ReferralSerializer, **refused_with(409, 422)}


@extend_schema_view(
    list=extend_schema(summary="List referrals", parameters=[FIELDS]),
    retrieve=extend_schema(summary="Read a referral", parameters=[FIELDS]),
)
class ReferralViewSet(NounViewSet):
    """Leads that promoters brought: all for marketers and managers, else your own and those of customers you own."""

    scope = Scope.ADVOCACY_READ
    write_scope = Scope.ADVOCACY_WRITE
    queryset = Referral.objects.none()
    serializer_class = ReferralSerializer
    filterset_class = ReferralFilter
    table = "referrals"
    noun = "referral"

    def get_queryset(self) -> QuerySet[Referral]:
        return Referral.objects.visible_to(self.user).select_related("referrer__customer")

    @extend_schema(
        summary="Note a referral",
        request=NewReferralSerializer,
        responses={201: ReferralSerializer, **refused_with(409, 422)},
    )
    def create(self, request: Request) -> Response:
        """Take a lead in, with what the checks find; with `Idempotency-Key` once.

        For marketers, managers and the account owner. Codes: `not_allowed`, `has_opted_out`, `too_many`, `key_taken`.
        """
        given = self.read(NewReferralSerializer)
        referrer: Contact = given.pop("referrer")
        require(may_refer_for(self.user, referrer), "That is noted by managers, marketers and the account owner.")
        row = refer(
            referrer=referrer,
            lead=LeadData(**given),
            creation_key=creation_key(request),
            via=ReferralVia.API,
            by=self.user,
        )
        return self.tell(row.pk, 201)

    @extend_schema(summary="Qualify a referral", request=ReferralNoteSerializer, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def qualify(self, request: Request, pk: int) -> Response:
        """Say that it is a lead. For its owner, marketers and managers. Codes: `not_allowed`, `move_not_allowed`."""
        return self._move(ReferralStatus.QUALIFIED, ReferralNoteSerializer)

    @extend_schema(summary="Win a referral", request=WonSerializer, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def win(self, request: Request, pk: int) -> Response:
        """Say what it brought, and which customer it became. For its owner, marketers and managers.

        Codes: `not_allowed`, `move_not_allowed`, `currency_required`, `own_customer`.
        """
        row = self._find()
        move_referral(referral=row, to=ReferralStatus.WON, by=self.user, won=Won(**self.read(WonSerializer)))
        return self.tell(row.pk)

    @extend_schema(summary="Lose a referral", request=ReferralWhySerializer, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def lose(self, request: Request, pk: int) -> Response:
        """Say why it was lost. For its owner, marketers and managers. Codes: `not_allowed`, `move_not_allowed`."""
        return self._move(ReferralStatus.LOST, ReferralWhySerializer)

    @extend_schema(summary="Disqualify a referral", request=ReferralWhySerializer, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def disqualify(self, request: Request, pk: int) -> Response:
        """Say why it is no lead. For its owner, marketers and managers. Codes: `not_allowed`, `move_not_allowed`."""
        return self._move(ReferralStatus.DISQUALIFIED, ReferralWhySerializer)

    @extend_schema(summary="Let a referral count", request=ReferralWhySerializer, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: int) -> Response:
        """Let it count in spite of what the checks found. For managers. Codes: `not_allowed`, `nothing_to_settle`."""
        row = self.get_object()
        settle_checks(referral=row, by=self.user, **self.read(ReferralWhySerializer))
        return self.tell(row.pk)

    @extend_schema(
        operation_id="referrals_chains_retrieve", summary="Read chains of referrals", responses=ChainsSerializer
    )
    @action(detail=False, pagination_class=None, filterset_class=None)
    def chains(self, request: Request) -> Response:
        """Give who brought whom, how deep it goes, and what came of it below."""
        forest, customers, leads = read_forest(Referral.objects.visible_to(self.user))
        branches = [
            {
                "node": each.node,
                "label": self._label(customers.get(each.node), leads.get(each.node)),
                "depth": each.depth,
                "parent": each.parent,
                "referral": each.link,
                "children": each.children,
                "below": each.below,
                "value_below": dict(each.value_below),
            }
            for each in forest.branches
        ]
        return Response(ChainsSerializer({"deepest": forest.depth, "branches": branches}).data)

    def _label(self, customer: Customer | None, lead: Referral | None) -> str | None:
        if customer is not None:
            return customer.name if may_see_customer_name(self.user, customer, self.policy) else None
        return None if lead is None else lead.company

    def _find(self) -> Referral:
        row: Referral = self.get_object()
        require(may_work_on_referral(self.user, row), "It is worked on by its owner, marketers and managers.")
        return row

    def _move(self, to: str, body: type[serializers.Serializer[Any]]) -> Response:
        row = self._find()
        move_referral(referral=row, to=to, by=self.user, **self.read(body))
        return self.tell(row.pk)


class LeadContactDataView(ScopedView, viewsets.GenericViewSet[Referral]):
    """A lead's e-mail and phone; its answers are kept nowhere."""

    scope = Scope.ADVOCACY_READ
    queryset = Referral.objects.none()
    serializer_class = ContactDataSerializer

    @extend_schema(
        operation_id="referrals_contact_data_create",
        summary="See a lead's e-mail and phone",
        request=DisclosureRequestSerializer,
        responses={200: ContactDataSerializer, **refused_with(422)},
    )
    def disclose(self, request: Request, pk: int) -> Response:
        """Give them to whoever works on the referral. Each look is recorded with its reason.

        A key also needs the scope `contacts:read`. Codes: `not_disclosed`, `reason_required`.
        """
        require_scope(request, Scope.CONTACTS_READ)
        asked = DisclosureRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        row = get_object_or_404(Referral.objects.visible_to(self.user), pk=pk)
        email, phone = disclose_lead(user=self.user, referral=row, why=asked.validated_data["why"])
        return Response(ContactDataSerializer({"email": email, "phone": phone}).data)
