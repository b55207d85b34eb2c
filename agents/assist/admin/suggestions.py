"""The log of suggestions in the admin: to be read by those who may see every conversation."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import display

from agents.assist.models import Suggestion

_SEE_ALL = "conversations.see_all_conversations"


@admin.register(Suggestion)
class SuggestionAdmin(ModelAdmin):
    list_display = ("when", "agent", "words", "by", "shown_chance", "outcome", "shown_likeness")
    list_filter = ("outcome", "by", "turn__inbox")
    list_select_related = ("agent",)
    list_per_page = 50
    show_full_result_count = False
    when_empty = "When a customer writes to an agent, what is suggested is noted here by itself."
    fields = (
        "conversation", "agent", "text", "sources", "by", "model", "confidence", "at", "shown_at",
        "inserted_at", "decided_at", "outcome", "distance", "likeness",
    )  # fmt: skip

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm(_SEE_ALL) and super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Suggestion]:
        rows: QuerySet[Suggestion] = super().get_queryset(request)
        return rows.select_related("conversation")

    @display(description="when", ordering="at")
    def when(self, row: Suggestion) -> str:
        return f"{row.at:%Y-%m-%d %H:%M}"

    @display(description="suggested")
    def words(self, row: Suggestion) -> str:
        return f"{row.text[:80]}…" if len(row.text) > 80 else row.text or "–"

    @display(description="chance", ordering="confidence")
    def shown_chance(self, row: Suggestion) -> str:
        return f"{100 * row.confidence:.0f} %"

    @display(description="stayed", ordering="likeness")
    def shown_likeness(self, row: Suggestion) -> Any:
        return "–" if row.likeness is None else f"{100 * row.likeness:.0f} %"
