"""Requests: opened from a deal, changed, sent, called off, talked about, and closed with how the deal ended."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request as Call
from rest_framework.response import Response
from rest_framework.reverse import reverse

from api.v1.concurrency import (
    ETAG,
    IF_MATCH,
    IF_MATCH_REQUIRED,
    IF_NONE_MATCH,
    etag_of,
    expected_version,
    is_known,
)
from api.v1.creating import creation_key
from api.v1.errors import Refusal, refused_with
from api.v1.idempotency import RetoldCreates
from api.v1.request_bodies import (
    CommentSerializer,
    DealClosedSerializer,
    DealReportSerializer,
    NewRequestSerializer,
    ReportSerializer,
    RequestFieldsSerializer,
    SubmitSerializer,
    WatchingSerializer,
    WhySerializer,
)
from api.v1.request_rows import RequestRowSerializer, RequestSerializer, show_requests, tell_request
from matching.enums import RequestStatus, Via
from matching.filters import RequestFilter
from matching.models import Request, RequestComment
from matching.permissions import may_edit_request
from matching.services.closing import report_outcome
from matching.services.filling import fill_request
from matching.services.opening import DuplicateRequestError, open_request, owner_by_email
from matching.services.requests import (
    cancel_request,
    comment_request,
    duplicate_request,
    edit_request,
    reopen_request,
    submit_request,
    watch_request,
)
from references.errors import DomainError
from references.models import Contact
from users.enums import Scope
from users.models import User

_MOVED: dict[int, Any] = {200: RequestSerializer, **refused_with(409, 412, 422)}


class CommentLineSerializer(serializers.ModelSerializer[RequestComment]):
    """A comment; it also stands in the time line."""

    author_name = serializers.CharField(source="author", allow_null=True)

    class Meta:
        model = RequestComment
        fields = ["id", "author", "author_name", "text", "at"]


class RequestViewSet(RetoldCreates, viewsets.ReadOnlyModelViewSet[Request]):
    """Requests for references: your own, your team's, those you watch, those about your customers; all for managers."""

    scope = Scope.REQUESTS_READ
    write_scope = Scope.REQUESTS_WRITE
    lookup_value_converter = "int"
    queryset = Request.objects.none()
    serializer_class = RequestSerializer
    filterset_class = RequestFilter

    def get_queryset(self) -> QuerySet[Request]:
        return Request.objects.visible_to(self.user).select_related("owner")

    @extend_schema(summary="List requests", responses=RequestRowSerializer(many=True))
    def list(self, request: Call) -> Response:
        """Requests that you see, with what comes next on each."""
        page: list[Request] = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        rows = RequestRowSerializer(page, many=True, context=show_requests(self.user, page))
        return self.get_paginated_response(rows.data)

    @extend_schema(
        summary="Read a request",
        parameters=[IF_NONE_MATCH, ETAG],
        responses={200: RequestSerializer, 304: OpenApiResponse(description="What you hold is current.")},
    )
    def retrieve(self, request: Call, pk: int) -> Response:
        """A request with its matches, its time line and what comes next."""
        row = self.get_object()
        if is_known(request, row):
            return Response(status=304, headers={"ETag": etag_of(row)})
        return self._tell(row)

    @extend_schema(
        summary="Open a request",
        request=NewRequestSerializer,
        parameters=[ETAG],
        responses={201: RequestSerializer, **refused_with(409, 422)},
    )
    def create(self, request: Call) -> Response:
        """Open a request from a deal: it is sent at once, and whoever fits best is put forward for each place.

        With `Idempotency-Key` it is opened once, however often it is sent. While a request of the same `deal_id` with
        the same brief goes on, another one is refused with `duplicate_request`, unless `allow_duplicate`. Managers open
        one for somebody else by `owner_email` (`unknown_owner`). Other codes: `deal_required`, `several_prospects`,
        `currency_required`, `rush_budget`.
        """
        given = self._read(NewRequestSerializer)
        submit, chosen = given.pop("submit"), visible_contacts(self.user, given.pop("contacts", []))
        owner = owner_by_email(given.pop("owner_email", self.user.email), by=self.user)
        allow_duplicate = given.pop("allow_duplicate")
        try:
            row = open_request(
                owner=owner,
                by=self.user,
                data=given,  # type: ignore[arg-type] # the fields that are left are its fields
                via=Via.API,
                creation_key=creation_key(request),
                submit=submit,
                chosen=chosen,
                allow_duplicate=allow_duplicate,
            )
        except DuplicateRequestError as error:
            raise Refusal(error, request=error.request_id) from error
        return self._tell(row, status=201)

    @extend_schema(
        summary="Change a request",
        request=RequestFieldsSerializer,
        parameters=[IF_MATCH_REQUIRED, ETAG],
        responses={**_MOVED, **refused_with(428)},
    )
    def partial_update(self, request: Call, pk: int) -> Response:
        """Change a draft wholly; of an open request its words, value and stage, and how many more are wanted.

        Codes: `precondition_required` without If-Match, `changed_meanwhile` with an old one, `asked_already`,
        `request_over`, and those of opening one: `deal_required`, `several_prospects`, `currency_required`.
        """
        row = self._editable()
        expected = expected_version(request, row, required=True)
        given = self._read(RequestFieldsSerializer, partial=True)
        if "contacts" in given:
            given["chosen"] = visible_contacts(self.user, given.pop("contacts"))
        edit_request(request=row, data=given, by=self.user, expected_version=expected)  # type: ignore[arg-type]
        fill_request(request=row, by=self.user)  # one more may be wanted
        return self._tell(row)

    @extend_schema(summary="Send a draft", request=SubmitSerializer, parameters=[IF_MATCH, ETAG], responses=_MOVED)
    @action(detail=True, methods=["post"])
    def submit(self, request: Call, pk: int) -> Response:
        """Open a draft: whoever fits best is put forward at once. Codes: `move_not_allowed`, `rush_budget`."""
        row = self._editable()
        expected = expected_version(request, row)
        chosen = visible_contacts(self.user, self._read(SubmitSerializer)["contacts"])
        submit_request(request=row, by=self.user, chosen=chosen, expected_version=expected)
        fill_request(request=row, by=self.user)
        return self._tell(row)

    @extend_schema(summary="Call a request off", request=WhySerializer, parameters=[IF_MATCH, ETAG], responses=_MOVED)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Call, pk: int) -> Response:
        """Release whoever is held, and tell whoever was asked that they are not needed. Codes: `move_not_allowed`."""
        row = self._editable()
        expected = expected_version(request, row)
        cancel_request(request=row, by=self.user, expected_version=expected, **self._read(WhySerializer))
        return self._tell(row)

    @extend_schema(summary="Try an unmet request again", request=WhySerializer, parameters=[ETAG], responses=_MOVED)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Call, pk: int) -> Response:
        """Look again, in the pool as it is now. Codes: `move_not_allowed`."""
        row = self._editable()
        reopen_request(request=row, by=self.user, **self._read(WhySerializer))
        fill_request(request=row, by=self.user)
        return self._tell(row)

    @extend_schema(
        summary="Copy a request",
        request=None,
        parameters=[ETAG],
        responses={201: RequestSerializer, **refused_with(409, 422)},
    )
    @action(detail=True, methods=["post"])
    def duplicate(self, request: Call, pk: int) -> Response:
        """Make a draft of your own from a request that you see; its matches and outcome stay behind."""
        key = creation_key(request)
        return self._tell(duplicate_request(request=self.get_object(), by=self.user, creation_key=key), status=201)

    @extend_schema(summary="Comment on a request", request=CommentSerializer, responses={201: CommentLineSerializer})
    @action(detail=True, methods=["post"])
    def comments(self, request: Call, pk: int) -> Response:
        """Say something to everybody who sees the request; promoters never do."""
        row, text = self.get_object(), self._read(CommentSerializer)["text"]
        comment = comment_request(request=row, author=self.user, text=text, creation_key=creation_key(request))
        return Response(CommentLineSerializer(comment).data, status=201)

    @extend_schema(summary="Watch a request", request=None, responses=WatchingSerializer)
    @action(detail=True, methods=["post"])
    def watch(self, request: Call, pk: int) -> Response:
        """Hear of a request that you see, as its owner does."""
        watch_request(request=self.get_object(), user=self.user, is_watching=True)
        return Response({"is_watching": True})

    @extend_schema(summary="Stop watching a request", request=None, responses=WatchingSerializer)
    @action(detail=True, methods=["post"])
    def unwatch(self, request: Call, pk: int) -> Response:
        """Hear no more of a request; one that you saw only because you watched it is hidden again."""
        watch_request(request=self.get_object(), user=self.user, is_watching=False)
        return Response({"is_watching": False})

    @extend_schema(summary="Report how the deal ended", request=ReportSerializer, parameters=[ETAG], responses=_MOVED)
    @action(detail=True, methods=["post"])
    def outcome(self, request: Call, pk: int) -> Response:
        """Close a request with won or lost: every promoter who helped is told. The same result again changes nothing.

        Codes: `currency_required`, `reported_already`, `request_not_open` for a draft.
        """
        row = self._editable()
        report_outcome(request=row, by=self.user, via=Via.API, **self._read(ReportSerializer))
        return self._tell(row)

    @extend_schema(
        summary="Report how a deal of the CRM ended",
        operation_id="requests_deal_outcome",
        request=DealReportSerializer,
        responses={200: DealClosedSerializer, **refused_with(409, 422)},
        filters=False,
    )
    @action(detail=False, methods=["post"], url_path="outcome", url_name="deal-outcome")
    def report_deal(self, request: Call) -> Response:
        """Close every request of a deal that you may change; drafts stay. A deal without any is nothing to do.

        Each is closed by itself: those that were reported otherwise before are told under `refused`. Codes:
        `currency_required`.
        """
        given = self._read(DealReportSerializer)
        deal_id = given.pop("deal_id")
        rows = Request.objects.editable_by(self.user).filter(deal_id=deal_id).exclude(status=RequestStatus.DRAFT)
        closed, refused = [], []
        for row in rows.order_by("id"):
            try:
                report_outcome(request=row, by=self.user, via=Via.API, **given)
            except DomainError as error:
                if error.field not in {None, "result"}:  # the report itself is no good
                    raise
                refused.append({"id": row.pk, "code": error.code, "detail": error.message})
            else:
                row.refresh_from_db(fields=["status"])
                closed.append({"id": row.pk, "status": row.status})
        return Response({"deal_id": deal_id, "closed": closed, "refused": refused})

    def retell(self, pk: int, status: int) -> Response:
        if self.action == "comments":
            comment = get_object_or_404(RequestComment, request=self.get_object(), pk=pk)
            return Response(CommentLineSerializer(comment).data, status=status)
        return self._tell(get_object_or_404(self.get_queryset(), pk=pk), status)

    def _read(self, body: type[serializers.Serializer[Any]], *, partial: bool = False) -> dict[str, Any]:
        given = body(data=self.request.data, partial=partial, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def _editable(self) -> Request:
        row = self.get_object()
        if not may_edit_request(self.user, row):
            raise DomainError("not_allowed", "Only whoever asked, their team and managers change a request.")
        return row

    def _tell(self, row: Request, status: int = 200) -> Response:
        row = Request.objects.select_related("owner").get(pk=row.pk)
        headers = {"ETag": etag_of(row)}
        if status == 201:
            headers["Location"] = reverse("api:v1:request-detail", kwargs={"pk": row.pk}, request=self.request)
        return Response(tell_request(self.user, row), status=status, headers=headers)


def visible_contacts(user: User, ids: Sequence[int]) -> Sequence[int]:
    """Give the ids back; raises ValidationError(does_not_exist) for people whom the user does not see."""
    unknown = set(ids) - set(Contact.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    if unknown:
        message = f"There is no promoter {min(unknown)}."
        raise serializers.ValidationError({"contacts": [message]}, code="does_not_exist")
    return ids
