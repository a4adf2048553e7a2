"""Django's admin of the outbox and of jobs: seen here, and tried again where delivery was given up."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from delivery.models import Job, OutboxMessage
from delivery.resending import try_again


class Seen:
    """Rows that the program writes and nobody edits."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False


@admin.register(OutboxMessage)
class OutboxMessageAdmin(Seen, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("id", "kind", "key", "due", "attempts", "delivered_at", "gave_up_at")
    list_filter = ("kind", ("delivered_at", admin.EmptyFieldListFilter), ("gave_up_at", admin.EmptyFieldListFilter))
    search_fields = ("key", "last_error")
    show_full_result_count = False
    actions = ("try_again",)

    @admin.action(description=_("Try again those that were given up"), permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[OutboxMessage]) -> None:
        """Let the sweeper deliver the chosen messages that were given up."""
        count = try_again(OutboxMessage.objects.filter(pk__in=queryset.values("pk")))
        text = ngettext("%(count)d message will be tried again.", "%(count)d messages will be tried again.", count)
        self.message_user(request, text % {"count": count})


@admin.register(Job)
class JobAdmin(Seen, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("id", "kind", "title", "status", "done", "total", "requested_by", "created_at", "finished_at")
    list_filter = ("kind", "status")
    list_select_related = ("requested_by",)
    search_fields = ("title",)
    show_full_result_count = False
