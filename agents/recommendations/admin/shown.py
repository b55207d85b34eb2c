"""What was shown, what came of it, and what it was worth, in the admin: to be read, not written."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from agents.recommendations.models import Showing, Shown
from agents.recommendations.reads.worth import worth

_SEE_ALL = "conversations.see_all_conversations"
DAYS = 90


class ShownInline(TabularInline):  # type: ignore[misc]
    model = Shown
    fields = readonly_fields = ("position", "item", "because", "score", "propensity", "outcome", "outcome_at")  # fmt: skip
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.has_perm("recommendations.view_showing"))


@admin.register(Showing)
class ShowingAdmin(ModelAdmin):
    list_display = ("when", "place", "what", "shown_silent", "clicked_at", "bought_at")
    list_filter = ("place", "silent", "control")
    list_per_page = 50
    show_full_result_count = False
    list_before_template = "admin/recommendations/_worth.html"
    inlines = (ShownInline,)
    fields = (
        "conversation", "customer", "place", "silent", ("control", "control_percent"), "candidates", "before",
        "model", ("at", "seen_at"), ("clicked_at", "bought_at", "settled_at"),
    )  # fmt: skip
    when_empty = "When something is recommended in a conversation, or is not and why, it is noted here by itself."

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.has_perm(_SEE_ALL) and super().has_view_permission(request, obj))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("items__item")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        found = worth(since=timezone.now() - timedelta(days=DAYS))
        labels = dict(Showing.Silent.choices) | {"control": "Drawn to have none", "shown": "Shown"}
        lift = found.uplift
        context = {
            **(extra_context or {}),
            "worth": found,
            "days": DAYS,
            "shares": [_percent(lift.share_shown), _percent(lift.share_control)],
            "plain": _points(lift.plain),
            "adjusted": _points(lift.adjusted),
            "silent": sorted(((labels.get(why, why), many) for why, many in found.silent.items()), key=lambda one: -one[1]),
        }  # fmt: skip
        answer: HttpResponse = super().changelist_view(request, context)
        return answer

    @display(description="when", ordering="at")
    def when(self, row: Showing) -> str:
        return f"{row.at:%Y-%m-%d %H:%M}"

    @display(description="items")
    def what(self, row: Showing) -> str:
        return ", ".join(one.item.name for one in row.items.all()) or "–"

    @display(description="silent because")
    def shown_silent(self, row: Showing) -> str:
        return "drawn to have none" if row.control else Showing.Silent(row.silent).label


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def _points(found: tuple[float, float, float] | None) -> str:
    if found is None:
        return ""
    middle, low, high = (100 * one for one in found)
    return f"{middle:+.1f} points ({low:+.1f} to {high:+.1f})"
