"""Removals: what a system that keeps copies of speakers and content must delete."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.bodies import MomentField, StrictSerializer
from api.v1.paging import PageNumberPaging
from api.v1.views import ScopedView
from api.v1.vocabulary import require_tag
from references import activities
from references.enums import Facet
from references.filtering import CHANNELS
from references.filters import DEFAULT_ACTIVITY
from references.pool.index import current_snapshot
from references.removals import NOUNS, WHY, Removals
from references.rights import Use
from users.enums import Scope

OVERLAP = timedelta(minutes=1)
"""How far `as_of` lies back: what is being written while the answer is made is told the next time."""


class RegionOfUseField(serializers.CharField):
    """The slug of a region; becomes the ids of it and of all above it."""

    def to_internal_value(self, data: Any) -> Any:
        slug, vocabulary = super().to_internal_value(data), current_snapshot().vocabulary
        require_tag(vocabulary, Facet.REGION, slug)
        region = vocabulary.slugs[Facet.REGION, slug]
        return frozenset({region, *vocabulary.ancestors(region)})


class RemovalQuerySerializer(StrictSerializer):
    """Since when, of what, and for which use the copies are kept."""

    unknown_code = "unknown_parameter"
    since = MomentField(help_text="A moment with its offset: the `as_of` of the last answer.")
    noun = serializers.MultipleChoiceField(choices=NOUNS, required=False, help_text="All of them unless given.")
    channel = serializers.ChoiceField(
        choices=CHANNELS, required=False, help_text="Where copies appear: what may not appear there any more is gone."
    )
    used_in = RegionOfUseField(required=False, help_text="Slug of the region where they are used.")
    activity = serializers.ChoiceField(
        choices=activities.CHOICES, default=DEFAULT_ACTIVITY, help_text="What speakers are kept for."
    )
    page = serializers.IntegerField(min_value=1, max_value=1_000_000, default=1)
    page_size = serializers.IntegerField(min_value=1, default=25, help_text="At most 200.")


class RemovalSerializer(serializers.Serializer[Any]):
    """A row to delete; an id is unique within its noun."""

    noun = serializers.ChoiceField(choices=NOUNS)
    id = serializers.IntegerField()
    gone_at = serializers.DateTimeField()
    why = serializers.ChoiceField(
        choices=WHY,
        help_text="`expired` came to its end, `recalled` was recalled, `consent_ended`: no consent covers the use, "
        "`withdrawn`: the person or the customer is no reference any more, `deleted`.",
    )


class RemovalPageSerializer(serializers.Serializer[Any]):
    """One page of removals, the oldest first."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    as_of = serializers.DateTimeField(help_text="Send it as `since`, and as `updated_since`, the next time.")
    results = RemovalSerializer(many=True)


class RemovalsView(ScopedView):
    """What copies kept elsewhere must lose."""

    scope = Scope.CONTENT_READ

    @extend_schema(
        summary="List what must be deleted from copies",
        operation_id="removals_list",
        parameters=[RemovalQuerySerializer],
        responses=forced_singular_serializer(RemovalPageSerializer),  # type: ignore[no-untyped-call]
    )
    def get(self, request: Request) -> Response:
        """Tell which speakers, stories, testimonials and proof points may not be used any more, since a moment.

        Read it beside every pull by `updated_since`. With the `channel` and `used_in` that your copies are kept for, it
        tells as well what may be used elsewhere but not there. Ids that you do not hold may be among them.
        """
        as_of = timezone.now() - OVERLAP
        query = RemovalQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        use = Use(
            on=timezone.localdate(),
            channel=asked.get("channel", ""),
            regions=asked.get("used_in", frozenset()),
        )
        removals = Removals(since=asked["since"], use=use, activity=asked["activity"])
        pager = PageNumberPaging()
        page = pager.paginate_queryset(removals.of(asked.get("noun") or NOUNS), request, self)
        answer = pager.get_paginated_response(RemovalSerializer(page, many=True).data)
        return Response(_with_moment(answer.data, as_of))


def _with_moment(page: Any, as_of: datetime) -> dict[str, Any]:
    moment = serializers.DateTimeField().to_representation(as_of)
    return {**{key: page[key] for key in ("count", "next", "previous")}, "as_of": moment, "results": page["results"]}
