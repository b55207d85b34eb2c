"""What was learnt from ratings, one click back; and what it says of conversations."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from analytics.satisfaction.learning import roll_back, try_anew
from analytics.satisfaction.models import Fit, Forecast
from analytics.satisfaction.words import reason_in_words
from conversations.admin_links import link_to
from conversations.errors import Refused

_MAY = "satisfaction.change_fit"


class ReadOnly(ModelAdmin):
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Fit)
class FitAdmin(ReadOnly):
    list_display = (
        "purpose",
        "shown_state",
        "judged",
        "gain",
        "shown_auc",
        "shown_error",
        "made_at",
    )
    list_filter = ("purpose", "state")
    fields = (
        ("purpose", "state"), ("made_at", "since", "decided_by"), ("judged", "gain"),
        ("shown_auc", "shown_error"), "columns", "before",
    )  # fmt: skip
    readonly_fields = (
        "purpose", "state", "made_at", "since", "decided_by", "judged", "gain", "shown_auc",
        "shown_error", "columns", "before",
    )  # fmt: skip
    actions_list = ("learn_satisfied", "learn_answers")
    actions_detail = ("go_back",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Fit]:
        found: QuerySet[Fit] = super().get_queryset(request)
        return found.defer("arrays", "held_out")

    @display(description="state", ordering="state", label={"live": "success", "lost": "info", "back": "danger"})  # fmt: skip
    def shown_state(self, fit: Fit) -> tuple[str, str]:
        return fit.state, fit.get_state_display()

    @display(description="judged on")
    def judged(self, fit: Fit) -> str:
        return f"{fit.figures['judged_on']} newer conversations"

    @display(description="gain over the plain rate (95 %)")
    def gain(self, fit: Fit) -> str:
        low, high = fit.figures["interval"]
        return f"{fit.figures['gain']:+.4f} ({low:+.4f} to {high:+.4f}) log loss"

    @display(description="AUC")
    def shown_auc(self, fit: Fit) -> str:
        return f"{fit.figures['auc']:.3f}"

    @display(description="calibration error")
    def shown_error(self, fit: Fit) -> str:
        return f"{fit.figures['ece']:.3f}"

    @display(description="learnt from")
    def columns(self, fit: Fit) -> str:
        return ", ".join(fit.sheet["card"]["columns"])

    def has_learn_permission(self, request: HttpRequest, *_: Any) -> bool:
        return bool(request.user.has_perm(_MAY))

    @action(description="Learn satisfaction now", permissions=["learn"])
    def learn_satisfied(self, request: HttpRequest) -> HttpResponse:
        return self._learn(request, Fit.Purpose.SATISFIED)

    @action(description="Learn who answers now", permissions=["learn"])
    def learn_answers(self, request: HttpRequest) -> HttpResponse:
        return self._learn(request, Fit.Purpose.ANSWERS)

    @action(description="Roll it back", permissions=["learn"])
    def go_back(self, request: HttpRequest, object_id: int) -> HttpResponse:
        try:
            before = roll_back(
                key=Fit.objects.get(pk=object_id).uuid,
                by_id=int(request.user.pk or 0),
                at=timezone.now(),
            )
        except Refused as refused:
            messages.warning(request, refused.detail)
        else:
            said = f"{before} is live again." if before else "Nothing is forecast now."
            messages.success(
                request, f"Rolled back. {said} Nothing goes live by itself for a month."
            )
        return redirect(reverse("admin:satisfaction_fit_changelist"))

    def _learn(self, request: HttpRequest, purpose: str) -> HttpResponse:
        try:
            fit = try_anew(purpose=purpose, by_id=request.user.pk, at=timezone.now())
        except Refused as refused:
            messages.warning(request, refused.detail)
        else:
            won = fit.state == Fit.State.LIVE
            messages.success(request, "It wins, and is live." if won else "It does not win.")
        return redirect(reverse("admin:satisfaction_fit_changelist"))


@admin.register(Forecast)
class ForecastAdmin(ReadOnly):
    list_display = ("shown_chance", "shown_rating", "customer", "talk", "why", "made_at")
    list_filter = ("fit__state", "made_at")
    list_select_related = ("conversation__customer", "conversation__rating")
    ordering = ("chance",)
    fields = ("shown_chance", "shown_rating", "customer", "talk", "why", "made_at")
    readonly_fields = ("shown_chance", "shown_rating", "customer", "talk", "why", "made_at")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(
            "conversations.see_all_conversations"
        ) and super().has_view_permission(request, obj)

    @display(description="satisfied", ordering="chance")
    def shown_chance(self, forecast: Forecast) -> str:
        return str(forecast)

    @display(description="said")
    def shown_rating(self, forecast: Forecast) -> str:
        rating = getattr(forecast.conversation, "rating", None)
        return f"{rating.score} of 5" if rating else "–"

    @display(description="customer")
    def customer(self, forecast: Forecast) -> str:
        return str(forecast.conversation.customer)

    @display(description="conversation")
    def talk(self, forecast: Forecast) -> str:
        return link_to(forecast.conversation)

    @display(description="why")
    def why(self, forecast: Forecast) -> str:
        return "; ".join(map(reason_in_words, forecast.reasons)) or "–"
