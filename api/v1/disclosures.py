"""Disclosures: who saw whose contact data, when and why. Read, never written."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from api.v1.views import ScopedView
from references.models import Disclosure
from references.record_filters import DisclosureFilter
from users.enums import Scope


class DisclosureSerializer(serializers.ModelSerializer[Disclosure]):
    """One look at one person's e-mail and phone; `contact` is their id."""

    user_name = serializers.CharField(source="user", allow_null=True)

    class Meta:
        model = Disclosure
        fields = ["id", "contact", "user", "user_name", "at", "why"]


@extend_schema_view(list=extend_schema(summary="List looks"), retrieve=extend_schema(summary="Read a look"))
class DisclosureViewSet(ScopedView, viewsets.ReadOnlyModelViewSet[Disclosure]):
    """Who saw whose contact data, when and why: managers see every look, others their own."""

    scope = Scope.CONTACTS_READ
    lookup_value_converter = "int"
    queryset = Disclosure.objects.none()
    serializer_class = DisclosureSerializer
    filterset_class = DisclosureFilter

    def get_queryset(self) -> QuerySet[Disclosure]:
        return Disclosure.objects.visible_to(self.user).select_related("user")
