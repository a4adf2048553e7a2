"""Django's admin of surveys: seen here, changed by the pages and the API alone."""

from django.contrib import admin

from delivery.admin import Seen
from surveys.models import Benchmark, Campaign, Invitation, Response


class SeenRows(Seen, admin.ModelAdmin):  # type: ignore[type-arg]
    show_full_result_count = False
    list_per_page = 50


@admin.register(Campaign)
class CampaignAdmin(SeenRows):
    list_display = ("id", "name", "status", "product", "owner", "opens_on", "closes_on", "started_at", "closed_at")
    list_filter = ("status",)
    list_select_related = ("product", "owner")
    search_fields = ("name",)


@admin.register(Invitation)
class InvitationAdmin(SeenRows):
    list_display = ("id", "campaign", "contact_id", "channel", "status", "skipped_because", "sent_at", "reminders")
    list_filter = ("status", "channel", "campaign")
    list_select_related = ("campaign",)


@admin.register(Response)
class ResponseAdmin(SeenRows):
    list_display = ("id", "campaign", "contact_id", "score", "channel", "answered_on", "recorded_at", "amended_at")
    list_filter = ("score", "channel", "campaign")
    list_select_related = ("campaign",)


@admin.register(Benchmark)
class BenchmarkAdmin(SeenRows):
    list_display = ("id", "name", "kind", "nps", "on", "origin")
    list_filter = ("kind",)
