"""Recommenders in the admin: what was trained on the centre's own log, and one click back."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import display

from agents.recommendations.actions.training import roll_back, standing
from agents.recommendations.models import ServedModel
from bots.admin.learned import Decided
from bots.recommendation.card import TOLD

_ADOPT = "recommendations.adopt_recommender"


@admin.register(ServedModel)
class ServedModelAdmin(Decided):
    when_empty = (
        "When customers have bought, looked at or asked about enough, a recommender is trained once a day. It goes"
        " live if it wins; until then what is popular is recommended."
    )
    list_display = (
        "made_at",
        "shown_state",
        "learnt_from",
        "served",
        "ndcg",
        "since",
        "decided_by",
    )
    list_filter = ("state",)
    list_select_related = ("decided_by",)
    list_before_template = "admin/recommendations/_standing.html"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(_ADOPT))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        found, needed = standing()
        live = ServedModel.objects.filter(state=ServedModel.State.LIVE).first()
        context = {**(extra_context or {}), "found": found, "needed": needed, "live": live}
        answer: HttpResponse = ModelAdmin.changelist_view(self, request, context)
        return answer

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row, context = self.page(request, object_id)
        figures = row.card.get("figures", {})
        ways = sorted(figures.items(), key=lambda one: -one[1]["ndcg@10"])
        context |= {
            "title": str(row),
            "data": row.card.get("data", {}),
            "ways": [
                (TOLD.get(name, name), one["hr@10"], one["ndcg@10"], one["recall@10"], name == row.card.get("served"))
                for name, one in ways
            ],
        }  # fmt: skip
        return render(request, "admin/recommendations/model.html", context)

    def decided(self, request: HttpRequest, row: ServedModel) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.POST.get("do") != "back":
            raise Http404
        before = roll_back(key=row.uuid, by_id=request.user.pk, at=timezone.now())
        what = "The one before it is live again." if before else "What is popular is recommended."
        messages.success(request, f"Rolled back. {what} Nothing is trained by itself for a month.")
        return self.to_list()

    @display(description="state", ordering="state", label={"live": "success", "lost": "info", "back": "danger"})  # fmt: skip
    def shown_state(self, row: ServedModel) -> tuple[str, str]:
        return row.state, row.get_state_display()

    @display(description="learnt from")
    def learnt_from(self, row: ServedModel) -> str:
        data = row.card.get("data", {})
        return f"{data.get('events', 0):,} events of {data.get('customers', 0):,} people"

    @display(description="serves")
    def served(self, row: ServedModel) -> str:
        return TOLD.get(row.card.get("served", ""), "–")

    @display(description="NDCG@10 (popularity)")
    def ndcg(self, row: ServedModel) -> str:
        figures = row.card.get("figures", {})
        mine, popular = figures.get(row.card.get("served", "")), figures.get("popular")
        return f"{mine['ndcg@10']:.3f} ({popular['ndcg@10']:.3f})" if mine and popular else "–"
