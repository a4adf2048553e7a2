"""What the endpoints for sourcing share: the filter that checks rights first, and how rights are shown."""

from typing import Any

from django.db.models import QuerySet
from django_filters import FilterSet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import serializers
from rest_framework.request import Request

from api.v1.cards import day
from references.enums import Channel


class KeptFilterBackend(DjangoFilterBackend):  # type: ignore[misc]
    """Leaves the FilterSet it made with the view, which tells from it what use was asked about."""

    def get_filterset(self, request: Request, queryset: QuerySet[Any], view: Any) -> FilterSet:
        view.filterset = super().get_filterset(request, queryset, view)
        return view.filterset


class RightSerializer(serializers.Serializer[Any]):
    """One consent in force."""

    activity = serializers.CharField(help_text="The activity or asset it is for.")
    channel = serializers.ChoiceField(choices=Channel.choices, help_text="`any` covers every channel.")
    region = serializers.CharField(allow_null=True, help_text="Slug of the region it is limited to; null for none.")
    attributed = serializers.BooleanField(source="is_attributed", help_text="Whether it may carry the name.")
    usable_until = day("The last day; null where it has no end.", source="until")
