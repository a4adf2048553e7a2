"""Asks of the ladder, review sites, campaigns of asks, and whom to ask for what next and why."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from advocacy.audience import find_audience, moments_first, read_audience
from advocacy.filters import AskCampaignFilter, AskFilter
from advocacy.models import Ask, AskCampaign, ReviewSite
from advocacy.next_asks import Suggestion
from advocacy.permissions import may_keep_asks
from advocacy.services.ask_campaigns import close_campaign, preview_campaign, save_campaign, start_campaign
from advocacy.suggestions import read_next_asks
from api.v1.bodies import StrictSerializer, text_field
from api.v1.creating import creation_key
from api.v1.errors import refused_with
from api.v1.nouns import NounViewSet, require
from api.v1.people import PersonSerializer
from api.v1.tables import FIELDS
from api.v1.views import ScopedView
from references.models import Contact
from references.program import current_policy
from users.enums import Scope

MOST_JUDGED = 3_000
MOST_SUGGESTED = 200


class ReviewSiteSerializer(serializers.ModelSerializer[ReviewSite]):
    """A site where customers review us."""

    class Meta:
        model = ReviewSite
        fields = ["id", "name", "url", "is_active"]


class AskSerializer(serializers.ModelSerializer[Ask]):
    """What a person can be asked for, on a rung of the ladder."""

    url = serializers.CharField(help_text="Where it is done; empty for nowhere on the web.")

    class Meta:
        model = Ask
        fields = [
            "id", "name", "activity", "rung", "text", "url", "review_site", "minutes", "points", "cool_down_days",
            "needs_evidence", "disclosure", "is_active", "updated_at",
        ]  # fmt: skip


@extend_schema_view(
    list=extend_schema(summary="List asks", parameters=[FIELDS]),
    retrieve=extend_schema(summary="Read an ask", parameters=[FIELDS]),
)
class AskViewSet(NounViewSet):
    """The asks of the ladder, from a survey to a referral."""

    scope = Scope.ADVOCACY_READ
    queryset = Ask.objects.all()
    serializer_class = AskSerializer
    filterset_class = AskFilter
    table = "asks"
    noun = "ask"


@extend_schema_view(
    list=extend_schema(summary="List review sites", parameters=[FIELDS]),
    retrieve=extend_schema(summary="Read a review site", parameters=[FIELDS]),
)
class ReviewSiteViewSet(NounViewSet):
    """The sites where customers review us."""

    scope = Scope.ADVOCACY_READ
    queryset = ReviewSite.objects.all()
    serializer_class = ReviewSiteSerializer
    table = "review-sites"
    noun = "review-site"


class ActiveAskField(serializers.PrimaryKeyRelatedField[Ask]):
    """The id of an ask."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Ask.objects.all(), pk_field=serializers.IntegerField(), **options)


class AskCampaignSerializer(serializers.ModelSerializer[AskCampaign]):
    """One ask of many people; `left_out` counts by reason who was not asked."""

    owner_name = serializers.CharField(source="owner", allow_null=True)
    left_out = serializers.DictField(child=serializers.IntegerField())

    class Meta:
        model = AskCampaign
        fields = [
            "id", "name", "ask", "audience", "most_people", "note", "status", "owner", "owner_name", "left_out",
            "started_at", "closed_at", "created_at",
        ]  # fmt: skip


class AskCampaignFieldsSerializer(StrictSerializer):
    """What is asked, and of whom. Nobody is picked by a score."""

    name = serializers.CharField(max_length=120)
    ask = ActiveAskField(help_text="Id of an ask.")
    audience = text_field(2_000, 'A filter of the pool: "f=industry:banking&q=payments"; empty is everybody.')
    most_people = serializers.IntegerField(min_value=1, max_value=5_000, required=False)
    note = text_field(1_000, "Our words in each letter.")


class AskPreviewSerializer(serializers.Serializer[Any]):
    """Whom a campaign would ask today, as numbers."""

    found = serializers.IntegerField()
    asked = serializers.IntegerField()
    reasons = serializers.DictField(child=serializers.IntegerField(), help_text="How many are left out, by reason.")


_CAMPAIGN: dict[int, Any] = {200: AskCampaignSerializer, **refused_with(409, 422)}


@extend_schema_view(
    list=extend_schema(summary="List campaigns of asks", parameters=[FIELDS]),
    retrieve=extend_schema(summary="Read a campaign of asks", parameters=[FIELDS]),
)
class AskCampaignViewSet(NounViewSet):
    """Campaigns that put one ask to many; kept by marketers and managers."""

    scope = Scope.ADVOCACY_READ
    write_scope = Scope.ADVOCACY_WRITE
    queryset = AskCampaign.objects.none()
    serializer_class = AskCampaignSerializer
    filterset_class = AskCampaignFilter
    table = "ask-campaigns"
    noun = "ask-campaign"

    def get_queryset(self) -> QuerySet[AskCampaign]:
        return AskCampaign.objects.select_related("owner", "ask")

    @extend_schema(
        summary="Draft a campaign of asks",
        request=AskCampaignFieldsSerializer,
        responses={201: AskCampaignSerializer, **refused_with(409, 422)},
    )
    def create(self, request: Request) -> Response:
        """Make a draft; nobody is asked before it is started. For marketers and managers.

        Codes: `not_allowed`, `unique`, `gating`, `unknown_filter`.
        """
        self._require_keeper()
        given: Any = self.read(AskCampaignFieldsSerializer)
        row = save_campaign(data=given, by=self.user, creation_key=creation_key(request))
        return self.tell(row.pk, 201)

    @extend_schema(summary="Change a campaign of asks", request=AskCampaignFieldsSerializer, responses=_CAMPAIGN)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change a draft. Codes: `not_allowed`, `not_a_draft`, `unique`, `gating`, `unknown_filter`."""
        row = self.get_object()
        self._require_keeper()
        given: Any = self.read(AskCampaignFieldsSerializer, partial=True)
        save_campaign(campaign=row, data=given, by=self.user)
        return self.tell(row.pk)

    @extend_schema(summary="Start a campaign of asks", request=StrictSerializer, responses=_CAMPAIGN)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: int) -> Response:
        """Ask its people, one after the other. Codes: `not_allowed`, `move_not_allowed`, `nobody_to_ask`, `gating`."""
        row = self.get_object()
        self._require_keeper()
        self.read(StrictSerializer)
        start_campaign(campaign=row, by=self.user)
        return self.tell(row.pk)

    @extend_schema(summary="Close a campaign of asks", request=StrictSerializer, responses=_CAMPAIGN)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: int) -> Response:
        """Ask nobody more; whoever was asked can still answer. Codes: `not_allowed`, `move_not_allowed`."""
        row = self.get_object()
        self._require_keeper()
        self.read(StrictSerializer)
        close_campaign(campaign=row, by=self.user)
        return self.tell(row.pk)

    @extend_schema(
        summary="Preview whom a campaign would ask",
        responses={200: AskPreviewSerializer, **refused_with(422)},
        filters=False,
    )
    @action(detail=True, pagination_class=None, filterset_class=None)
    def preview(self, request: Request, pk: int) -> Response:
        """Count whom it would ask today, and whom not and why. For marketers and managers.

        Codes: `not_allowed`, `gating`, `unknown_filter`.
        """
        row = self.get_object()
        self._require_keeper()
        found = preview_campaign(row, self.user)
        told = {"found": found.found, "asked": len(found.chosen), "reasons": found.reasons}
        return Response(AskPreviewSerializer(told).data)

    def _require_keeper(self) -> None:
        require(may_keep_asks(self.user), "Campaigns of asks are kept by managers and marketers.")


class AskSuggestionSerializer(serializers.Serializer[Any]):
    """What somebody may be asked next, and why; `others` counts asks that would do as well."""

    person = PersonSerializer()
    ask = serializers.IntegerField()
    ask_name = serializers.CharField()
    activity = serializers.CharField()
    rung = serializers.IntegerField()
    follows_moment = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField())
    others = serializers.IntegerField()


class AskSuggestionsSerializer(serializers.Serializer[Any]):
    """The best next ask of each; `found` people fit, of whom `judged` were looked at, those after a moment first."""

    found = serializers.IntegerField()
    judged = serializers.IntegerField()
    suggestions = AskSuggestionSerializer(many=True)


class AskSuggestionsView(ScopedView, viewsets.GenericViewSet[Contact]):
    """Whom to ask for what next: anybody for marketers and managers, else people of customers you own."""

    scope = Scope.ADVOCACY_READ
    queryset = Contact.objects.none()
    serializer_class = AskSuggestionsSerializer
    filter_backends = ()
    pagination_class = None

    @extend_schema(
        operation_id="ask_suggestions_retrieve",
        summary="Suggest asks",
        parameters=[
            OpenApiParameter("audience", str, description='A filter of the pool: "f=industry:banking&q=payments".'),
            OpenApiParameter("ask", {"type": "integer", "minimum": 1}, description="Id of an ask, that one alone."),
            OpenApiParameter(
                "limit",
                {"type": "integer", "minimum": 1, "maximum": MOST_SUGGESTED, "default": 25},
                description="How many people at most.",
            ),
        ],
        responses={200: AskSuggestionsSerializer, **refused_with(422)},
    )
    def suggest(self, request: Request) -> Response:
        """Say whom to ask for what today, and why. Nobody is picked by a score. Codes: `gating`, `unknown_filter`."""
        asked = _SuggestionQuery(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        asks = {ask.pk: ask for ask in Ask.objects.filter(is_active=True)}
        wanted = [ask for ask in asks.values() if given["ask"] in {None, ask.pk}]
        found = find_audience(read_audience(given["audience"]), self.user)
        if not may_keep_asks(self.user):
            own = Contact.objects.filter(pk__in=found, customer__account_owner=self.user)
            found = list(own.order_by("pk").values_list("pk", flat=True))
        judged = moments_first(found, timezone.localdate())[: MOST_JUDGED // max(1, len(wanted))]
        next_asks = read_next_asks(judged, asks=wanted) if wanted else {}
        best = [(each.best, pk, len(each.suggestions) - 1) for pk, each in next_asks.items() if each.best is not None]
        best.sort(key=lambda each: (each[0].rank, each[1]))
        chosen = best[: given["limit"]]
        people = Contact.objects.select_related("customer").in_bulk([pk for _best, pk, _n in chosen])
        told = {
            "found": len(found),
            "judged": len(judged),
            "suggestions": [
                _tell(suggestion, people[pk], asks[suggestion.ask.id], others) for suggestion, pk, others in chosen
            ],
        }
        context = {**self.get_serializer_context(), "policy": current_policy()}
        return Response(AskSuggestionsSerializer(told, context=context).data)


class _SuggestionQuery(StrictSerializer):
    unknown_code = "unknown_parameter"
    audience = serializers.CharField(max_length=2_000, allow_blank=True, default="")
    ask = serializers.IntegerField(min_value=1, default=None, allow_null=True)
    limit = serializers.IntegerField(min_value=1, max_value=MOST_SUGGESTED, default=25)


def _tell(found: Suggestion, person: Contact, ask: Ask, others: int) -> dict[str, Any]:
    return {
        "person": person,
        "ask": ask.pk,
        "ask_name": ask.name,
        "activity": ask.activity,
        "rung": ask.rung,
        "follows_moment": found.follows_moment,
        "reasons": [reason.text for reason in found.reasons],
        "others": others,
    }
