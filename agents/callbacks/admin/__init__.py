"""Calls in the admin: the rules to be edited, the calls to be read, and what was learnt from them."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from agents.callbacks.admin import learnt  # noqa: F401 -- registered
from agents.callbacks.models import Attempt, Call, CallRules

_SEE_ALL = "conversations.see_all_conversations"


class _ReadOnly:
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm(_SEE_ALL)


class AttemptInline(_ReadOnly, TabularInline):
    model = Attempt
    fields = ("number", "agent", "at", "ended_at", "outcome")
    extra = 0


@admin.register(Call)
class CallAdmin(_ReadOnly, ModelAdmin):
    list_display = (
        "customer", "phone", "state", "queue", "place_from", "due_at", "attempts", "agent",
    )  # fmt: skip
    list_filter = ("state", "queue")
    list_select_related = ("wish__conversation__customer", "queue", "agent")
    list_per_page = 50
    show_full_result_count = False
    inlines = (AttemptInline,)

    @display(description="customer")
    def customer(self, call: Call) -> str:
        return str(call.wish.conversation.customer)

    @display(description="phone")
    def phone(self, call: Call) -> str:
        return call.wish.phone


@admin.register(CallRules)
class CallRulesAdmin(ModelAdmin):
    list_display = ("__str__", "quiet_from", "quiet_until", "most_attempts", "expires_hours")
    when_empty = "The usual rules hold: nobody is called between 20:00 and 9:00, three attempts, 72 hours. Add your own to change them."

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not CallRules.objects.exists()
