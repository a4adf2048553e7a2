"""Speakers: promoters who consent to an activity, their rights, what stands against asking, and when they are free."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.cards import PromoterCardSerializer, day
from api.v1.refusals import RefusalSerializer
from api.v1.usable import KeptFilterBackend, RightSerializer
from api.v1.views import ScopedView
from matching.eligibility import Question, explain_refusals, find_next_free
from matching.results import Refusal
from references import activities
from references.blinding import may_see_person
from references.circumstances import read_circumstances
from references.filters import SpeakerFilter
from references.models import Contact
from references.pool.cards import build_cards
from references.pool.index import current_snapshot
from references.pool.readiness import Readiness
from references.pool.result import PromoterCard
from references.rights import Right, rights_of, usable_until
from users.enums import Scope
from users.models import User


@dataclass(frozen=True, slots=True)
class Speaker:
    """A promoter for one activity on one day: rights, what stands against asking, and the next free day."""

    card: PromoterCard
    activity: str
    rights: Sequence[Right]
    is_attributed: bool
    usable_until: date | None
    refusals: tuple[Refusal, ...]
    next_free: date | None


def read_speakers(contacts: Sequence[Contact], activity: str, on: date, user: User) -> list[Speaker]:
    """Tell what `user` may know of contacts whose rights are loaded; a constant number of queries."""
    policy = current_snapshot().policy
    standings = Readiness(activity, on).of([contact.pk for contact in contacts])
    cards = build_cards(user, {pk: each.usage for pk, each in standings.items()}, policy)
    circumstances = read_circumstances(contacts, activity)
    question = Question(activity, on, timezone.now(), policy)
    found = []
    for contact in contacts:
        card = cards.get(contact.pk)
        if card is None:  # written since the index was read
            continue
        rights = rights_of(contact, activity)
        is_attributed = all(right.is_attributed for right in rights)
        if may_see_person(user, contact, is_attributed=is_attributed):
            card = replace(card, promoter_name=contact.name)
        codes, theirs = standings[contact.pk].broken, circumstances[contact.pk]
        found.append(
            Speaker(
                card=card,
                activity=activity,
                rights=rights,
                is_attributed=is_attributed,
                usable_until=usable_until(rights),
                refusals=explain_refusals(question, codes, contact, theirs, {}),
                next_free=find_next_free(question, codes, theirs),
            )
        )
    return found


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


@extend_schema_view(list=extend_schema(summary="List speakers"), retrieve=extend_schema(summary="Read a speaker"))
class SpeakerViewSet(ScopedView, viewsets.ReadOnlyModelViewSet[Any]):
    """Promoters for a stage, a webinar, the press or any other activity: only those whose consent covers it.

    Those who are tired or used up are listed with what stands against asking them; `available_on` leaves them out.
    """

    scope = Scope.CONTENT_READ
    queryset = Contact.objects.none()
    serializer_class = SpeakerSerializer
    filterset_class = SpeakerFilter
    filter_backends = (KeptFilterBackend,)
    lookup_value_converter = "int"
    filterset: SpeakerFilter

    def get_queryset(self) -> QuerySet[Contact]:
        return Contact.objects.visible_to(self.user).select_related("customer")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        assert page is not None  # noqa: S101  every list is paged
        return self.get_paginated_response(self._show(page))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        shown = self._show([self.get_object()])
        if not shown:
            raise NotFound  # erased since the index was read
        return Response(shown[0])

    def _show(self, contacts: Sequence[Contact]) -> Any:
        speakers = read_speakers(contacts, self.filterset.wanted_activity, self.filterset.use.on, self.user)
        return SpeakerSerializer(speakers, many=True).data
