"""Django's admin of advocacy: seen here, changed by the pages and the API alone."""

from django.contrib import admin

from advocacy.models import (
    AdopterProgram,
    AdopterSeat,
    Ask,
    AskAssignment,
    AskCampaign,
    FraudFlag,
    GiftRule,
    PointsAccount,
    PointsEntry,
    RecoveryPlay,
    Redemption,
    Referral,
    Reward,
)
from delivery.admin import Seen


class SeenRows(Seen, admin.ModelAdmin):  # type: ignore[type-arg]
    show_full_result_count = False
    list_per_page = 50


@admin.register(Ask)
class AskAdmin(SeenRows):
    list_display = ("id", "name", "activity", "rung", "points", "cool_down_days", "is_active")
    list_filter = ("activity", "is_active")
    search_fields = ("name",)


@admin.register(AskCampaign)
class AskCampaignAdmin(SeenRows):
    list_display = ("id", "name", "ask", "status", "most_people", "owner", "started_at", "closed_at")
    list_filter = ("status",)
    list_select_related = ("ask", "owner")
    search_fields = ("name",)


@admin.register(AskAssignment)
class AskAssignmentAdmin(SeenRows):
    list_display = ("id", "ask", "contact_id", "status", "points", "asked_at", "answer_by", "done_at", "confirmed_at")
    list_filter = ("status", "ask")
    list_select_related = ("ask",)


@admin.register(PointsAccount)
class PointsAccountAdmin(SeenRows):
    list_display = ("id", "contact_id", "balance", "lifetime", "is_on_leaderboard", "opened_at")
    list_filter = ("is_on_leaderboard",)


@admin.register(PointsEntry)
class PointsEntryAdmin(SeenRows):
    list_display = ("id", "account_id", "amount", "kind", "stage", "activity", "on", "expires_on", "source")
    list_filter = ("kind", "stage", "activity")
    search_fields = ("source",)


@admin.register(Reward)
class RewardAdmin(SeenRows):
    list_display = ("id", "name", "kind", "cost", "value", "currency", "stock", "needs_approval", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("name",)


@admin.register(GiftRule)
class GiftRuleAdmin(SeenRows):
    list_display = ("id", "region", "customer", "is_forbidden", "most_per_gift", "most_per_year", "currency")
    list_select_related = ("region", "customer")


@admin.register(Redemption)
class RedemptionAdmin(SeenRows):
    list_display = ("id", "reward", "account_id", "status", "cost", "value", "currency", "requested_at", "decided_at")
    list_filter = ("status",)
    list_select_related = ("reward",)


@admin.register(Referral)
class ReferralAdmin(SeenRows):
    list_display = ("id", "referrer_id", "company", "status", "via", "owner", "value", "currency", "created_at")
    list_filter = ("status", "via")
    list_select_related = ("owner",)
    search_fields = ("company",)


@admin.register(RecoveryPlay)
class RecoveryPlayAdmin(SeenRows):
    list_display = ("id", "name", "contact_id", "status", "score", "owner", "due_on", "next_score", "result")
    list_filter = ("status", "kind", "result")
    list_select_related = ("owner",)


@admin.register(AdopterProgram)
class AdopterProgramAdmin(SeenRows):
    list_display = ("id", "name", "product", "status", "seats", "starts_on", "ends_on", "owner")
    list_filter = ("status",)
    list_select_related = ("product", "owner")


@admin.register(AdopterSeat)
class AdopterSeatAdmin(SeenRows):
    list_display = ("id", "program", "contact_id", "status", "agreed_at", "adopted")
    list_filter = ("status",)
    list_select_related = ("program",)


@admin.register(FraudFlag)
class FraudFlagAdmin(SeenRows):
    list_display = ("id", "code", "contact_id", "status", "raised_at", "decided_by", "decided_at")
    list_filter = ("status", "code")
    list_select_related = ("decided_by",)
