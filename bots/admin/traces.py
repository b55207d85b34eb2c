"""The bots' turns in the admin: to be read, by those who may see every conversation."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.admin import ModelAdmin
from unfold.decorators import display

from bots.models import BotTrace
from bots.reads.traces import reason_in_words, shown

_SEE_ALL = "conversations.see_all_conversations"


@admin.register(BotTrace)
class BotTraceAdmin(ModelAdmin):
    list_display = (
        "when", "inbox", "outcome", "why", "by", "step", "shown_chance", "took", "tokens",
    )  # fmt: skip
    list_filter = ("outcome", "step", "by", "inbox")
    list_select_related = ("inbox",)
    list_per_page = 50
    show_full_result_count = False
    when_empty = "Each turn that the bot takes is noted here by itself."
    fields = ()
    change_form_template = "admin/bots/bottrace/turn.html"

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm(_SEE_ALL) and super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[BotTrace]:
        rows: QuerySet[BotTrace] = super().get_queryset(request)
        return rows.select_related("conversation").defer("data")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        turn = self.get_object(request, object_id)
        extra = {"shown": shown(turn)} if turn and self.has_view_permission(request, turn) else {}
        answer: HttpResponse = super().change_view(
            request, object_id, form_url, {**extra, **(extra_context or {})}
        )
        return answer

    @display(description="when", ordering="at")
    def when(self, turn: BotTrace) -> str:
        return f"{turn.at:%Y-%m-%d %H:%M}"

    @display(description="chance", ordering="chance")
    def shown_chance(self, turn: BotTrace) -> str:
        return "–" if turn.chance is None else f"{100 * turn.chance:.0f} %"

    @display(description="seconds", ordering="seconds")
    def took(self, turn: BotTrace) -> str:
        return f"{turn.seconds:.1f}"

    @display(description="why")
    def why(self, turn: BotTrace) -> str:
        return reason_in_words(turn.reason) if turn.reason else "–"
