"""Tokens and the log of changes in the admin."""

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.decorators import action, display

from agents.admin.read_only import ReadOnly
from agents.models import ApiToken


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnly):
    """Who has a token, and until when. The token itself is nowhere."""

    list_display = ("agent", "created_at", "expires_at", "revoked_at")
    list_filter = ("agent", "revoked_at")
    list_select_related = ("agent",)
    search_fields = ("agent__username",)
    fields = ("agent", "created_at", "expires_at", "revoked_at")
    actions = ("revoke",)

    @action(description="Revoke")
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        if not request.user.has_perm("agents.change_apitoken"):
            self.message_user(request, "You may only look at tokens.", "error")
            return
        for token in queryset.filter(revoked_at=None):
            token.revoked_at = timezone.now()
            token.save(update_fields=["revoked_at"])
            self.log_change(request, token, "Revoked.")
        self.message_user(request, "Revoked.")


@admin.register(LogEntry)
class ChangeLogAdmin(ReadOnly):
    """Who changed what in these pages, and when. Nobody changes this."""

    list_display = ("action_time", "user", "what", "content_type", "object_repr", "change")
    list_display_links = ("action_time",)
    list_filter = ("action_flag", "user", "content_type", "action_time")
    list_select_related = ("user", "content_type")
    search_fields = ("object_repr", "change_message", "user__username")
    date_hierarchy = "action_time"
    show_full_result_count = False
    fields = (
        "action_time", "user", "what", "content_type", "object_repr", "object_id", "change",
    )  # fmt: skip

    @display(description="did", label={"added": "success", "changed": "info", "deleted": "danger"})
    def what(self, entry: LogEntry) -> str:
        return {1: "added", 2: "changed", 3: "deleted"}.get(entry.action_flag, "did")

    @display(description="change")
    def change(self, entry: LogEntry) -> str:
        return entry.get_change_message()
