"""Survey campaigns: drafted, started, closed and opened again; whom they asked, and whom not and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response as Answer

from api.v1.bodies import StrictSerializer
from api.v1.creating import creation_key
from api.v1.errors import refused_with
from api.v1.nouns import NounViewSet, require
from api.v1.survey_bodies import ClosingSerializer, ReopeningSerializer, SurveyCampaignFieldsSerializer
from api.v1.survey_rows import (
    SurveyCampaignSerializer,
    SurveyInvitationSerializer,
    read_campaign_invitations,
    read_campaign_scores,
)
from api.v1.tables import FIELDS
from surveys.filters import CampaignFilter, InvitationFilter
from surveys.models import Campaign, Invitation
from surveys.querysets import runs_surveys
from surveys.services.audience import find_audience
from surveys.services.campaigns import close_campaign, invite_rest, reopen_campaign, save_campaign, start_campaign
from users.enums import Scope

_MOVED: dict[int, Any] = {200: SurveyCampaignSerializer, **refused_with(409, 422)}


class AudienceSerializer(serializers.Serializer[Any]):
    """Whom a survey would ask today, as numbers."""

    found = serializers.IntegerField(help_text="Whom its filter or list names, and who was not looked at before.")
    asked = serializers.IntegerField()
    by_mail = serializers.IntegerField()
    by_phone = serializers.IntegerField(help_text="Those without an address.")
    reasons = serializers.DictField(child=serializers.IntegerField(), help_text="How many are not asked, by reason.")


@extend_schema_view(
    list=extend_schema(summary="List surveys", parameters=[FIELDS]),
    retrieve=extend_schema(summary="Read a survey", parameters=[FIELDS]),
)
class SurveyCampaignViewSet(NounViewSet):
    """Surveys with their scores and how many answered; run by marketers and managers."""

    scope = Scope.SURVEYS_READ
    write_scope = Scope.SURVEYS_WRITE
    queryset = Campaign.objects.none()
    serializer_class = SurveyCampaignSerializer
    filterset_class = CampaignFilter
    table = "survey-campaigns"
    noun = "survey-campaign"

    def get_queryset(self) -> QuerySet[Campaign]:
        return Campaign.objects.visible_to(self.user).select_related("product", "owner")

    def show(self, rows: Sequence[Campaign]) -> Sequence[Mapping[str, Any]]:
        tallies = read_campaign_scores(rows) if self.wants("score") else {}
        asked = read_campaign_invitations(rows) if self.wants("invitations") else {}
        return self.cut(tallies=tallies, asked=asked).to_representation(rows)  # type: ignore[no-any-return]

    @extend_schema(
        summary="Draft a survey",
        request=SurveyCampaignFieldsSerializer,
        responses={201: SurveyCampaignSerializer, **refused_with(409, 422)},
    )
    def create(self, request: Request) -> Answer:
        """Make a draft; nobody is asked before it is started. For marketers and managers.

        With `Idempotency-Key` it is made once, however often it is sent. Codes: `not_allowed`, `unique`,
        `bad_audience`, `unknown_language`, `unknown_text`, `bad_site`, `campaign_closes_after_it_opens`.
        """
        self._require_runner()
        given = self.read(SurveyCampaignFieldsSerializer)
        row = save_campaign(data=given, by=self.user, creation_key=creation_key(request))  # type: ignore[arg-type]
        return self.tell(row.pk, 201)

    @extend_schema(summary="Change a survey", request=SurveyCampaignFieldsSerializer, responses=_MOVED)
    def partial_update(self, request: Request, pk: int) -> Answer:
        """Change a draft; of one that runs, its name, words, last day and reminders.

        Codes: `not_allowed`, `not_editable`, `unique`, `bad_audience`, `unknown_language`, `unknown_text`, `bad_site`.
        """
        row = self.get_object()
        self._require_runner()
        given = self.read(SurveyCampaignFieldsSerializer, partial=True)
        save_campaign(campaign=row, data=given, by=self.user)  # type: ignore[arg-type]
        return self.tell(row.pk)

    @extend_schema(summary="Start a survey", request=StrictSerializer, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: int) -> Answer:
        """Let a draft run: its audience is invited by mail, now or on the day it opens.

        Codes: `not_allowed`, `move_not_allowed`, `closes_over`, `audience_required`, `bad_audience`.
        """
        row = self.get_object()
        self.read(StrictSerializer)
        start_campaign(campaign=row, by=self.user)
        return self.tell(row.pk)

    @extend_schema(summary="Close a survey", request=ClosingSerializer, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: int) -> Answer:
        """Take no answer any more; who has not answered counts as no answer.

        Codes: `not_allowed`, `move_not_allowed`.
        """
        row = self.get_object()
        close_campaign(campaign=row, by=self.user, **self.read(ClosingSerializer))
        return self.tell(row.pk)

    @extend_schema(summary="Open a survey again", request=ReopeningSerializer, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: int) -> Answer:
        """Take answers again; nobody is written to a second time.

        Codes: `not_allowed`, `move_not_allowed`, `closes_over`.
        """
        row = self.get_object()
        reopen_campaign(campaign=row, by=self.user, **self.read(ReopeningSerializer))
        return self.tell(row.pk)

    @extend_schema(
        summary="Invite who fits by now", request=StrictSerializer, responses={202: SurveyCampaignSerializer,
                                                                             **refused_with(422)}
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    def invite(self, request: Request, pk: int) -> Answer:
        """Invite whoever fits the audience of a running survey by now, and was not looked at before.

        Codes: `not_allowed`, `not_running`.
        """
        row = self.get_object()
        self.read(StrictSerializer)
        invite_rest(campaign=row, by=self.user, key=creation_key(request))
        return self.tell(row.pk, 202)

    @extend_schema(summary="Preview whom a survey would ask", responses=AudienceSerializer, filters=False)
    @action(detail=True, pagination_class=None, filterset_class=None)
    def audience(self, request: Request, pk: int) -> Answer:
        """Count whom it would ask today and whom not, by reason; nothing is written. For marketers and managers.

        Codes: `not_allowed`.
        """
        row = self.get_object()
        self._require_runner()
        found = find_audience(row)
        told = {
            "found": found.found,
            "asked": found.asked,
            "by_mail": len(found.mailed),
            "by_phone": len(found.called),
            "reasons": found.reasons,
        }
        return Answer(AudienceSerializer(told).data)

    def _require_runner(self) -> None:
        require(runs_surveys(self.user), "Surveys are run by managers and marketers.")


@extend_schema_view(
    list=extend_schema(summary="List survey invitations", parameters=[FIELDS]),
    retrieve=extend_schema(summary="Read a survey invitation", parameters=[FIELDS]),
)
class SurveyInvitationViewSet(NounViewSet):
    """Whom surveys asked: all of it for marketers and managers, else of the customers you own."""

    scope = Scope.SURVEYS_READ
    queryset = Invitation.objects.none()
    serializer_class = SurveyInvitationSerializer
    filterset_class = InvitationFilter
    table = "survey-invitations"
    noun = "survey-invitation"

    def get_queryset(self) -> QuerySet[Invitation]:
        return Invitation.objects.visible_to(self.user).select_related("contact__customer")
