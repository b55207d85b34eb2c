"""What was learnt from ratings, one click back; and what it says of conversations."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.decorators import action, display

from agents.admin.learnt import LearntAdmin
from agents.admin.read_only import ReadOnly
from agents.models.fit import TableFit
from analytics.satisfaction import learning
from analytics.satisfaction.models import Fit, Forecast
from analytics.satisfaction.words import reason_in_words
from conversations.admin_links import link_to


@admin.register(Fit)
class FitAdmin(LearntAdmin):
    try_anew = staticmethod(learning.try_anew)
    roll_back = staticmethod(learning.roll_back)
    standing = staticmethod(learning.standing)
    gone = "Nothing is forecast now."
    rows = "conversations"
    actions_list = ("learn_satisfied", "learn_answers", "how_far")

    def get_queryset(self, request: HttpRequest) -> QuerySet[TableFit]:
        return super().get_queryset(request).defer("arrays", "held_out")  # type: ignore[misc]

    @action(description="Learn satisfaction now", permissions=["learn"])
    def learn_satisfied(self, request: HttpRequest) -> HttpResponse:
        return self.learn(request, Fit.Purpose.SATISFIED)

    @action(description="Learn who answers now", permissions=["learn"])
    def learn_answers(self, request: HttpRequest) -> HttpResponse:
        return self.learn(request, Fit.Purpose.ANSWERS)


@admin.register(Forecast)
class ForecastAdmin(ReadOnly):
    list_per_page = 50
    show_full_result_count = False
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
