"""Promoters: the pool, searched by its index; one person's profile; and contact data, each look recorded."""

from collections.abc import Mapping
from typing import Any, ClassVar

from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from api.v1.cards import BANDS, FacetCountSerializer, PromoterCardSerializer, facet_counts
from api.v1.errors import ErrorResponseSerializer
from api.v1.profiles import ProfileSerializer
from api.v1.views import ScopedView
from api.v1.vocabulary import SlugsField
from references import activities
from references.enums import ContactStatus, Facet
from references.models import Contact
from references.pool.search import SORTS, search_pool
from references.profiles import read_profile
from references.services.disclosures import disclose_contact
from users.authentication import require_scope
from users.enums import Scope


class PromoterQuerySerializer(serializers.Serializer[Any]):
    """What to find, in which order, and which page of it."""

    search = serializers.CharField(
        required=False, default="", help_text="Words: titles, tags, stories, and the names you may see."
    )
    industry = SlugsField(facet=Facet.INDUSTRY)
    product = SlugsField(facet=Facet.PRODUCT)
    solution = SlugsField(facet=Facet.SOLUTION)
    region = SlugsField(facet=Facet.REGION)
    role = SlugsField(facet=Facet.ROLE)
    seniority = SlugsField(facet=Facet.SENIORITY)
    size = SlugsField(facet=Facet.SIZE)
    language = SlugsField(facet=Facet.LANGUAGE)
    technology = SlugsField(facet=Facet.TECHNOLOGY)
    competitor = SlugsField(facet=Facet.COMPETITOR)
    persona = SlugsField(facet=Facet.PERSONA)
    status = serializers.MultipleChoiceField(choices=ContactStatus.choices, required=False)
    band = serializers.MultipleChoiceField(choices=BANDS, required=False, help_text="Bands of fatigue.")
    activity = serializers.MultipleChoiceField(
        choices=activities.CHOICES, required=False, help_text="What the person agreed to be asked for."
    )
    ordering = serializers.ChoiceField(
        choices=SORTS, required=False, help_text="By relevance where words are given, else by name of the customer."
    )
    page = serializers.IntegerField(min_value=1, max_value=100_000, default=1)
    page_size = serializers.IntegerField(min_value=1, max_value=200, default=25)

    NOT_FACETS: ClassVar[frozenset[str]] = frozenset({"search", "ordering", "page", "page_size"})

    @property
    def chosen(self) -> dict[str, tuple[str, ...]]:
        """What is chosen of each facet."""
        given: Mapping[str, Any] = self.validated_data
        return {name: tuple(values) for name, values in given.items() if name not in self.NOT_FACETS and values}


class PromoterPageSerializer(serializers.Serializer[Any]):
    """One page of the pool."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = PromoterCardSerializer(many=True)
    facets = facet_counts()
    revision = serializers.CharField(help_text="The state of the pool that this shows.")
    elapsed_ms = serializers.FloatField()


class DisclosureRequestSerializer(serializers.Serializer[Any]):
    """Why you need the contact data."""

    why = serializers.CharField(max_length=200)


class ContactDataSerializer(serializers.Serializer[Any]):
    """How to reach a person; either may be empty."""

    email = serializers.CharField()
    phone = serializers.CharField()


class PromoterViewSet(ScopedView, viewsets.GenericViewSet[Any]):
    """The pool."""

    scope = Scope.POOL_READ
    lookup_value_converter = "int"
    queryset = Contact.objects.none()
    filter_backends = ()
    pagination_class = None
    serializer_class = PromoterCardSerializer

    @extend_schema(
        summary="Search promoters",
        operation_id="promoters_list",
        parameters=[PromoterQuerySerializer],
        responses=forced_singular_serializer(PromoterPageSerializer),  # type: ignore[no-untyped-call]
    )
    def list(self, request: Request) -> Response:
        """Find promoters by words and facets, served by the pool index.

        Several values of one facet widen the result, several facets narrow it, and a tag stands for everything below
        it. Names are given only where you may see them.
        """
        query = PromoterQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        page, size, text = asked["page"], asked["page_size"], asked["search"]
        found = search_pool(
            user=self.user,
            text=text,
            chosen=query.chosen,
            sort=asked.get("ordering") or ("relevance" if text.strip() else "name"),
            page=page,
            page_size=size,
        )
        if page > 1 and not found.cards:
            raise NotFound("Invalid page.")
        url = request.build_absolute_uri()
        return Response(
            {
                "count": found.total,
                "next": replace_query_param(url, "page", page + 1) if page * size < found.total else None,
                "previous": replace_query_param(url, "page", page - 1) if page > 1 else None,
                "results": PromoterCardSerializer(found.cards, many=True).data,
                "facets": {
                    facet: FacetCountSerializer(counts, many=True).data for facet, counts in found.facets.items()
                },
                "revision": found.revision,
                "elapsed_ms": round(found.elapsed_ms, 3),
            }
        )

    @extend_schema(summary="Read a promoter's profile", responses=ProfileSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        """Give one promoter's facts, rights, ledger, fatigue and free dates, as far as you may see them."""
        try:
            profile = read_profile(user=self.user, contact_id=pk)
        except Contact.DoesNotExist as error:
            raise NotFound from error
        return Response(ProfileSerializer(profile).data)

    @extend_schema(
        summary="See a promoter's e-mail and phone",
        request=DisclosureRequestSerializer,
        responses={200: ContactDataSerializer, 422: OpenApiResponse(ErrorResponseSerializer)},
    )
    @action(detail=True, methods=["post"], url_path="contact-data")
    def contact_data(self, request: Request, pk: int) -> Response:
        """Give contact data to managers and the account owner. Each look is recorded with its reason.

        A key also needs the scope `contacts:read`. Codes: `not_disclosed`, `reason_required`.
        """
        require_scope(request, Scope.CONTACTS_READ)
        asked = DisclosureRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        contact = Contact.objects.visible_to(self.user).select_related("customer").filter(pk=pk).first()
        if contact is None:
            raise NotFound
        data = disclose_contact(user=self.user, contact=contact, why=asked.validated_data["why"])
        return Response(ContactDataSerializer(data).data)
