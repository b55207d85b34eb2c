"""How messages read, in the admin: what people say against it is decided on, and weeks are compared."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from bots.access import may_see_conversations
from bots.actions.appeals import decide, label
from bots.models import FeelingAppeal
from bots.models.feeling import Label
from bots.reads.doubtful import doubtful
from bots.reads.feelings import drift
from bots.sentiment.card import read_card
from conversations.errors import Refused


@admin.register(FeelingAppeal)
class FeelingAppealAdmin(ModelAdmin):
    """Only for those who may see every conversation: it shows what customers wrote."""

    list_display = ("said", "read_as", "says", "shown_state", "by", "at")
    list_filter = ("state", "says")
    list_select_related = ("feeling__message", "by")
    list_per_page = 50
    actions = ("accept_all", "refuse_all")
    fields = ()
    when_empty = "Where an agent reads a message otherwise than the estimate, it appears here."
    list_before_template = "admin/bots/_feelings.html"

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may_see_conversations(request.user) and super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        now = timezone.now()
        extra = {
            "weeks": drift(at=now),
            "card": read_card(),
            "doubts": doubtful(at=now) if self.has_change_permission(request) else [],
            "labels": Label.choices,
        }
        answer: HttpResponse = super().changelist_view(request, {**extra, **(extra_context or {})})
        return answer

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.labelled))
        own = path("label/<int:message>/", view, name="bots_feelingappeal_label")
        return [own, *super().get_urls()]

    def labelled(self, request: HttpRequest, message: int) -> HttpResponse:
        if not (self.has_view_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        says = request.POST.get("says", "")
        try:
            label(message=message, says=says, by_id=request.user.pk or 0, at=timezone.now())
            messages.success(request, f"Kept as {says}: the next training learns from it.")
        except Refused as refused:
            messages.warning(request, refused.detail)
        return redirect("admin:bots_feelingappeal_changelist")

    @display(description="message")
    def said(self, one: FeelingAppeal) -> str:
        return one.feeling.message.text[:120]

    @display(description="read as")
    def read_as(self, one: FeelingAppeal) -> str:
        return f"{one.feeling.get_label_display()}, {one.feeling.chance:.0%}"

    @display(
        description="state",
        label={"open": "warning", "accepted": "success", "refused": "info"},
    )
    def shown_state(self, one: FeelingAppeal) -> tuple[str, str]:
        return one.state, one.get_state_display()

    @action(description="The person is right: learn from it", permissions=["change"])
    def accept_all(self, request: HttpRequest, chosen: QuerySet[FeelingAppeal]) -> None:
        self._all(request, chosen, accepted=True)

    @action(description="The estimate stands", permissions=["change"])
    def refuse_all(self, request: HttpRequest, chosen: QuerySet[FeelingAppeal]) -> None:
        self._all(request, chosen, accepted=False)

    def _all(
        self, request: HttpRequest, chosen: QuerySet[FeelingAppeal], *, accepted: bool
    ) -> None:
        done = 0
        for key in list(chosen.values_list("uuid", flat=True)):
            try:
                decide(appeal=key, accepted=accepted, by_id=request.user.pk or 0, at=timezone.now())
                done += 1
            except Refused as refused:
                messages.warning(request, refused.detail)
        messages.success(request, f"Decided: {done}.")
