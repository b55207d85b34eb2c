"""Adapters of the language model in the admin: their cards, how one does beside the live one, one click."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import display

from bots.access import may_adopt
from bots.actions.adapters import adopt, roll_back, stop_trying, try_beside
from bots.admin.learned import Decided
from bots.models import Adapter
from bots.reads.adapters import compared
from bots.training.card import SHOWN, picture

_DONE = {
    "try": "It writes beside the live one from now on. Nobody hears it.",
    "stop": "It is not tried any more.",
    "adopt": "It is live: the workers take it within half a minute, without a restart.",
    "back": "Rolled back. The workers follow within half a minute.",
}


@admin.register(Adapter)
class AdapterAdmin(Decided):
    when_empty = "What “train_bot --adopt” or “add_adapter” has made appears here, with its card."
    list_display = ("name", "digest", "shown_state", "verdict", "created_at", "since")
    list_filter = ("state",)
    search_fields = ("name", "digest")
    search_help_text = "A name, or the beginning of a digest."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Adapter]:
        found: QuerySet[Adapter] = super().get_queryset(request)
        return found.defer("weights").select_related("before")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        answer: HttpResponse = ModelAdmin.changelist_view(self, request, extra_context)
        return answer

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_adopt(request.user)

    @display(description="state", ordering="state", label={"live": "success", "shadow": "warning", "trained": "info"})  # fmt: skip
    def shown_state(self, adapter: Adapter) -> tuple[str, str]:
        return adapter.state, adapter.get_state_display()

    @display(description="on held-out answers", label={"wins": "success", "loses": "danger"})
    def verdict(self, adapter: Adapter) -> tuple[str, str]:
        return ("loses", "does not win") if adapter.card["objections"] else ("wins", "wins")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.card_picture)
        return [path("<int:pk>/card.svg", view, name="bots_adapter_card"), *super().get_urls()]

    def card_picture(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Drawn from the card's figures, so that nothing of a file is sent to a browser."""
        adapter = self.get_object(request, str(pk))
        if adapter is None:
            raise Http404
        if not self.has_view_permission(request, adapter):
            raise PermissionDenied
        return HttpResponse(picture(adapter.card), content_type="image/svg+xml")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        adapter, context = self.page(request, object_id)
        card, beside = adapter.card, compared(adapter)
        context |= {
            "title": adapter.name,
            "card": card,
            "figures": [(told, card["before"][name], card["after"][name]) for name, told in SHOWN],
            "left_out": sorted(card["data"]["left_out"].items()),
            "beside": beside,
            "against": beside.objections(),
            "picture": reverse("admin:bots_adapter_card", args=[adapter.pk]),
        }
        return render(request, "admin/bots/adapter.html", context)

    def decided(self, request: HttpRequest, row: Adapter) -> HttpResponse:
        wanted, at, who = request.POST.get("do", ""), timezone.now(), request.user.pk
        if wanted == "try":
            try_beside(adapter=row.uuid, share=row.share, by_id=who, at=at)
        elif wanted == "stop":
            stop_trying(adapter=row.uuid, by_id=who, at=at)
        elif wanted == "adopt":
            adopt(adapter=row.uuid, by_id=who, at=at)
        elif wanted == "back" and row.state == Adapter.State.LIVE:
            roll_back(by_id=who, at=at)
        else:
            raise Http404
        messages.success(request, _DONE[wanted])
        return self.to_list()
