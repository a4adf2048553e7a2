"""Answers to surveys: read as far as they may be, brought in from other tools, amended, and put under topics."""

import hashlib
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response as Answer

from api.v1.creating import creation_key
from api.v1.errors import refused_with
from api.v1.nouns import NounViewSet, require
from api.v1.survey_bodies import AmendedResponseSerializer, NewSurveyResponseSerializer, TopicsSerializer
from api.v1.survey_rows import SurveyResponseSerializer
from api.v1.tables import FIELDS
from references.errors import DomainError
from references.models import Contact
from references.permissions import owns
from surveys.enums import AnswerChannel
from surveys.filters import ResponseFilter
from surveys.linking import find_people
from surveys.models import Campaign, Response
from surveys.querysets import runs_surveys
from surveys.reading import Who
from surveys.services.answering import amend_response, record_response
from surveys.services.topics import find_topic, tag_responses
from users.enums import Scope
from users.models import User

AMENDABLE = frozenset({AnswerChannel.API, AnswerChannel.PHONE})
"""What a person said by their own link, or in the product, is theirs to amend."""


@extend_schema_view(
    list=extend_schema(summary="List answers", parameters=[FIELDS]),
    retrieve=extend_schema(summary="Read an answer", parameters=[FIELDS]),
)
class SurveyResponseViewSet(NounViewSet):
    """Scores of 0 to 10 and why: all for marketers and managers, nameless; else of the customers you own."""

    scope = Scope.SURVEYS_READ
    write_scope = Scope.SURVEYS_WRITE
    queryset = Response.objects.none()
    serializer_class = SurveyResponseSerializer
    filterset_class = ResponseFilter
    table = "survey-responses"
    noun = "survey-response"

    def get_queryset(self) -> QuerySet[Response]:
        rows = Response.objects.visible_to(self.user).select_related("contact__customer", "campaign", "product")
        return rows.prefetch_related("topics") if self.action != "list" or self.wants("topics") else rows

    @extend_schema(
        summary="Record an answer",
        request=NewSurveyResponseSerializer,
        responses={201: SurveyResponseSerializer, **refused_with(409, 422)},
    )
    def create(self, request: Request) -> Answer:
        """Bring in an answer that was given elsewhere, with all that follows from it: class, nomination, recovery.

        Whose it is, `contact` says, or an address or CRM id on file; with none that is known nobody knows. With
        `Idempotency-Key` it is recorded once; the same `external_id` again amends it. For marketers and managers, and
        for account owners about their own customers' people. Codes: `not_allowed`, `not_running`, `date_ahead`,
        `erased`, `key_taken`.
        """
        given = self.read(NewSurveyResponseSerializer)
        campaign: Campaign = given.pop("campaign")
        contact = _find_person(given)
        require(_may_record(self.user, contact), "Answers are brought in by managers, marketers and account owners.")
        external_id = given.pop("external_id", "")
        source = _source_of(self.user, external_id) if external_id else creation_key(request)
        there = Response.objects.filter(source=source).first()
        if there is not None and (there.campaign_id, there.contact_id) != (campaign.pk, contact and contact.pk):
            raise DomainError("key_taken", "This id belongs to another answer.", "external_id")
        row = record_response(
            campaign=campaign, contact=contact, source=source, channel=AnswerChannel.API, interviewer=self.user, **given
        )
        return self.tell(row.pk, 201)

    @extend_schema(
        summary="Amend an answer",
        request=AmendedResponseSerializer,
        responses={200: SurveyResponseSerializer, **refused_with(422)},
    )
    def partial_update(self, request: Request, pk: int) -> Answer:
        """Correct an answer that came by the API or by telephone, while its survey runs; what it said is kept.

        Codes: `not_allowed`, `not_running`.
        """
        row = self.get_object()
        require(
            row.channel in AMENDABLE and _may_record(self.user, row.contact),
            "What somebody answered themselves is theirs to amend.",
        )
        amend_response(response=row, **self.read(AmendedResponseSerializer))
        return self.tell(row.pk)

    @extend_schema(
        summary="Put an answer under topics",
        request=TopicsSerializer,
        responses={200: SurveyResponseSerializer, **refused_with(422)},
    )
    @action(detail=True, methods=["post"])
    def topics(self, request: Request, pk: int) -> Answer:
        """Put words on an answer and take words off it; a new word is made. For marketers and managers.

        Codes: `not_allowed`.
        """
        row = self.get_object()
        require(runs_surveys(self.user), "Topics are kept by managers and marketers.")
        given = self.read(TopicsSerializer)
        for takes_off, names in ((False, given["add"]), (True, given["remove"])):
            for name in names:
                tag_responses(ids=[row.pk], topic=find_topic(name), by=self.user, takes_off=takes_off)
        return self.tell(row.pk)


def _find_person(given: dict[str, Any]) -> Contact | None:
    """Whose an answer is: the contact named, else whoever is on file with what was told of them; None for nobody."""
    contact: Contact | None = given.pop("contact")
    who = Who(email=given.pop("email", "").lower(), external_id=given.pop("contact_external_id", ""))
    return contact or find_people([who]).get(who)


def _may_record(user: User, contact: Contact | None) -> bool:
    return runs_surveys(user) or (contact is not None and owns(user, contact.customer.account_owner_id))


def _source_of(user: User, external_id: str) -> str:
    return f"api:{user.pk}:{hashlib.sha256(external_id.encode()).hexdigest()}"
