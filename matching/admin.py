"""Django's admin of requests and what becomes of them: seen here, changed by the pages and the API alone."""

from django.contrib import admin

from delivery.admin import Seen
from matching.models import Approval, Feedback, Match, Outcome, RecruitingTask, Request, UnmetDemand


@admin.register(Request)
class RequestAdmin(Seen, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("id", "deal", "owner", "activity", "status", "urgency", "submitted_at", "due_at", "ended_at")
    list_filter = ("status", "activity", "urgency", "via")
    list_select_related = ("owner",)
    search_fields = ("deal", "deal_id")
    show_full_result_count = False


@admin.register(Match)
class MatchAdmin(Seen, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("id", "request", "slot", "headline", "status", "chosen_by", "band", "policy_version", "created_at")
    list_filter = ("status", "chosen_by", "activity")
    list_select_related = ("request",)
    search_fields = ("request__deal", "headline")
    show_full_result_count = False


@admin.register(Approval)
class ApprovalAdmin(Seen, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("id", "match", "step", "status", "assignee", "due_at", "decided_by", "decided_at")
    list_filter = ("step", "status")
    list_select_related = ("match", "assignee", "decided_by")
    show_full_result_count = False


@admin.register(Outcome)
class OutcomeAdmin(Seen, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("id", "request", "result", "value", "currency", "via", "reported_by", "at")
    list_filter = ("result", "via")
    list_select_related = ("request", "reported_by")
    show_full_result_count = False


@admin.register(Feedback)
class FeedbackAdmin(Seen, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("id", "match", "side", "happened", "helpful", "hours", "again", "at")
    list_filter = ("side", "happened", "helpful")
    list_select_related = ("match",)
    show_full_result_count = False


@admin.register(UnmetDemand)
class UnmetDemandAdmin(Seen, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("id", "label", "request", "missing", "deal_value", "currency", "noted_at", "met_at")
    list_filter = ("activity", ("met_at", admin.EmptyFieldListFilter))
    list_select_related = ("request",)
    search_fields = ("label",)
    show_full_result_count = False


@admin.register(RecruitingTask)
class RecruitingTaskAdmin(Seen, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("id", "demand", "status", "assignee", "created_at", "ended_at")
    list_filter = ("status",)
    list_select_related = ("demand", "assignee")
    show_full_result_count = False
