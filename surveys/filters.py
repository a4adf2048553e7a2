"""The filters of campaigns, invitations and answers, for pages and the API."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from references.enums import Loyalty
from references.filtering import StableOrderingFilter, WordsFilter
from references.record_filters import REPEAT, IdFilter
from surveys.calling import keep_due
from surveys.enums import AnswerChannel, CampaignStatus, InvitationChannel, InvitationStatus
from surveys.models import Campaign, Invitation, Response
from surveys.segment_rows import keep_segment

CLASSES = [choice for choice in Loyalty.choices if choice[0] != Loyalty.UNKNOWN]
_SCORES = {Loyalty.PROMOTER: (9, 10), Loyalty.PASSIVE: (7, 8), Loyalty.DETRACTOR: (0, 6)}
BETWEEN = "="
DUE = [("now", _("to be called now")), ("later", _("later"))]


class CampaignFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds campaigns by state, product and word."""

    status = django_filters.ChoiceFilter(choices=CampaignStatus.choices, help_text="How it stands.")
    product = IdFilter(field_name="product", help_text="Id of the tag of a product.")
    search = WordsFilter(label="Words", help_text="Words of the name, or of what is recommended.")
    ordering = StableOrderingFilter("name", "status", "opens_on", "closes_on", "created_at", default="-created_at")

    class Meta:
        model = Campaign
        fields: ClassVar[list[str]] = []

    def containing(self, word: str) -> Q:
        """In the name, or in what is recommended."""
        return Q(name__icontains=word) | Q(subject_name__icontains=word)


class InvitationFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds invitations by campaign, state, way, and why somebody was not asked."""

    campaign = IdFilter(field_name="campaign", help_text="Id of a survey campaign.")
    contact = IdFilter(field_name="contact", help_text="Id of a person.")
    status = django_filters.MultipleChoiceFilter(choices=InvitationStatus.choices, help_text=REPEAT)
    channel = django_filters.ChoiceFilter(choices=InvitationChannel.choices, help_text="By mail or by telephone.")
    skipped_because = django_filters.CharFilter(help_text="Code of why somebody was not asked.")
    ordering = StableOrderingFilter("status", "sent_at", "reminders", "created_at", default="-created_at")

    class Meta:
        model = Invitation
        fields: ClassVar[list[str]] = []


class CallFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds whom to call by whether it is time, and by word."""

    due = django_filters.ChoiceFilter(
        choices=DUE, method="keep_in_time", help_text="now, or later: called before, and to be called again."
    )
    search = WordsFilter(label="Words", help_text="Words of the name, the job title or the customer's name.")
    ordering = StableOrderingFilter("call_again_on", "calls", "created_at", default="call_again_on")

    class Meta:
        model = Invitation
        fields: ClassVar[list[str]] = []

    def keep_in_time(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Narrow to those who may be called today, or to the others."""
        due = keep_due(rows, timezone.localdate())
        return due if value == "now" else rows.exclude(pk__in=due.order_by().values("pk"))

    def containing(self, word: str) -> Q:
        """In the name, the title or the customer's name: whoever calls may see them."""
        of_person = Q(contact__name__icontains=word) | Q(contact__title__icontains=word)
        return of_person | Q(contact__customer__name__icontains=word)


class ResponseFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds answers by survey, score, day, way, what they say and an attribute that came with them."""

    campaign = IdFilter(field_name="campaign", help_text="Id of a survey campaign.")
    contact = IdFilter(field_name="contact", help_text="Id of the person who answered.")
    customer = IdFilter(field_name="contact__customer", help_text="Id of the customer of who answered.")
    score_class = django_filters.ChoiceFilter(
        choices=CLASSES, method="keep_class", help_text="promoter (9–10), passive (7–8) or detractor (0–6)."
    )
    score = django_filters.MultipleChoiceFilter(choices=[(n, str(n)) for n in range(11)], help_text=REPEAT)
    channel = django_filters.MultipleChoiceFilter(choices=AnswerChannel.choices, help_text=REPEAT)
    product = IdFilter(field_name="product", help_text="Id of the tag of a product.")
    on_after = django_filters.DateFilter(field_name="answered_on", lookup_expr="gte", help_text="First day.")
    on_before = django_filters.DateFilter(field_name="answered_on", lookup_expr="lte", help_text="Last day.")
    has_comment = django_filters.BooleanFilter(method="keep_commented", help_text="With a comment, or without one.")
    is_known = django_filters.BooleanFilter(
        field_name="contact", lookup_expr="isnull", exclude=True, help_text="Of somebody known, or of nobody known."
    )
    topic = IdFilter(field_name="topics", help_text="Id of a topic.")
    segment = django_filters.CharFilter(
        method="keep_segment",
        help_text="An attribute or a segment and its value, as plan=Enterprise or industry=Banking; “(blank)” is none.",
    )
    search = WordsFilter(label="Words", help_text="Words of the comment.")
    ordering = StableOrderingFilter("answered_on", "score", "recorded_at", default="-recorded_at")

    class Meta:
        model = Response
        fields: ClassVar[list[str]] = []

    def keep_class(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Narrow to the scores of a class."""
        return rows.filter(score__range=_SCORES[Loyalty(value)])

    def keep_commented(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Narrow to what has a comment, or to what has none."""
        return rows.exclude(comment="") if value else rows.filter(comment="")

    def keep_segment(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Narrow to one value of an attribute or a segment; what has no “=” in it narrows nothing."""
        key, between, wanted = value.partition(BETWEEN)
        return keep_segment(rows, key, wanted) if between else rows

    def containing(self, word: str) -> Q:
        """In the comment."""
        return Q(comment__icontains=word)
