"""How campaigns, invitations and answers of surveys are told."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.v1.people import PersonSerializer, hide_names_in
from api.v1.scores import ScoreSerializer, tell_score
from references.loyalty import classify_score
from surveys.enums import InvitationStatus
from surveys.filters import CLASSES
from surveys.models import Campaign, Invitation, Response, Topic
from surveys.scores import Tally, tally_scores


class TagRefSerializer(serializers.Serializer[Any]):
    """A word of the vocabulary."""

    slug = serializers.CharField()
    name = serializers.CharField()


class AskedSerializer(serializers.Serializer[Any]):
    """How many invitations stand where; `rate` is answered of asked, null where nobody was asked."""

    asked = serializers.IntegerField(help_text="All that went out, answered or not.")
    answered = serializers.IntegerField()
    waiting = serializers.IntegerField()
    not_asked = serializers.IntegerField()
    failed = serializers.IntegerField()
    rate = serializers.FloatField(allow_null=True, help_text="From 0 to 1.")


class SurveyCampaignSerializer(serializers.ModelSerializer[Campaign]):
    """One survey: what is asked, of whom, and how it stands."""

    product = TagRefSerializer(allow_null=True)
    texts = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField()),
        help_text="By language: question, why, thanks, invitation; ours where it says nothing.",
    )
    widget_origins = serializers.ListField(child=serializers.CharField(), help_text="Sites that may show the widget.")
    owner_name = serializers.CharField(source="owner", allow_null=True)
    score = serializers.SerializerMethodField(help_text="Of all its answers.")
    invitations = serializers.SerializerMethodField()

    class Meta:
        model = Campaign
        fields = [
            "id", "name", "status", "product", "subject_name", "texts", "audience", "sample_size", "rest_days",
            "reminder_days", "most_reminders", "opens_on", "closes_on", "asks_consent", "shows_review_sites",
            "welcomes_at_once", "pauses_on_fall", "opens_plays", "widget_origins", "owner", "owner_name", "score",
            "invitations", "started_at", "closed_at", "created_at", "updated_at",
        ]  # fmt: skip

    @extend_schema_field(ScoreSerializer)
    def get_score(self, row: Campaign) -> Any:
        return tell_score(self.context["tallies"].get(row.pk, Tally()))

    @extend_schema_field(AskedSerializer)
    def get_invitations(self, row: Campaign) -> Any:
        return self.context["asked"].get(row.pk) or _tell_asked({})


class SurveyInvitationSerializer(serializers.ModelSerializer[Invitation]):
    """One person was asked to answer a survey, or was not, and why."""

    person = PersonSerializer(source="contact")

    class Meta:
        model = Invitation
        fields = [
            "id", "campaign", "person", "channel", "status", "skipped_because", "sent_at", "reminders", "reminded_at",
            "calls", "call_again_on", "created_at",
        ]  # fmt: skip


class TopicSerializer(serializers.ModelSerializer[Topic]):
    """A word under which comments are kept together."""

    class Meta:
        model = Topic
        fields = ["id", "name"]


class SurveyResponseSerializer(serializers.ModelSerializer[Response]):
    """One answer. `person` is null where nobody knows whose it is; the comment names nobody you may not know."""

    person = PersonSerializer(source="contact", allow_null=True)
    score_class = serializers.SerializerMethodField()
    comment = serializers.SerializerMethodField()
    product = TagRefSerializer(allow_null=True)
    attributes = serializers.DictField(child=serializers.CharField(), help_text="What else came with it.")
    topics = TopicSerializer(many=True)

    class Meta:
        model = Response
        fields = [
            "id", "campaign", "person", "score", "score_class", "comment", "channel", "product", "language",
            "answered_on", "attributes", "topics", "recorded_at", "amended_at",
        ]  # fmt: skip

    @extend_schema_field({"type": "string", "enum": [code for code, _label in CLASSES]})
    def get_score_class(self, row: Response) -> str:
        return classify_score(row.score).value

    def get_comment(self, row: Response) -> str:
        return hide_names_in(self.context, row.contact, row.comment)


def read_campaign_scores(campaigns: Iterable[Campaign]) -> dict[int, Tally]:
    """The tally of each campaign over all its answers; one query."""
    counts: dict[int, dict[int, int]] = defaultdict(dict)
    rows = Response.objects.filter(campaign__in=list(campaigns)).order_by().values_list("campaign", "score")
    for campaign_id, score, number in rows.annotate(n=Count("pk")):
        counts[campaign_id][score] = number
    return {pk: tally_scores(found) for pk, found in counts.items()}


def read_campaign_invitations(campaigns: Iterable[Campaign]) -> dict[int, dict[str, Any]]:
    """How the invitations of each campaign stand, as `AskedSerializer` shows it; one query."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Invitation.objects.filter(campaign__in=list(campaigns)).order_by().values_list("campaign", "status")
    for campaign_id, status, number in rows.annotate(n=Count("pk")):
        counts[campaign_id][status] = number
    return {pk: _tell_asked(found) for pk, found in counts.items()}


def _tell_asked(counts: dict[str, int]) -> dict[str, Any]:
    of, status = counts.get, InvitationStatus
    answered = of(status.ANSWERED, 0)
    asked = of(status.SENT, 0) + answered + of(status.NO_ANSWER, 0)
    return {
        "asked": asked,
        "answered": answered,
        "waiting": of(status.WAITING, 0),
        "not_asked": of(status.SKIPPED, 0),
        "failed": of(status.FAILED, 0),
        "rate": answered / asked if asked else None,
    }
