"""What was learnt from calls in the admin: tried now, or one click back."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from agents.callbacks.actions.learning import roll_back, standing, try_anew
from agents.callbacks.models import CallFit
from conversations.errors import Refused

_MAY = "callbacks.change_callfit"
_LIST = "admin:callbacks_callfit_changelist"


@admin.register(CallFit)
class CallFitAdmin(ModelAdmin):
    list_display = (
        "purpose", "shown_state", "judged", "gain", "shown_auc", "shown_error", "made_at",
    )  # fmt: skip
    list_filter = ("purpose", "state")
    list_per_page = 50
    show_full_result_count = False
    fields = (
        ("purpose", "state"), ("made_at", "since", "decided_by"), ("judged", "gain"),
        ("shown_auc", "shown_error"), "columns", "before",
    )  # fmt: skip
    readonly_fields = (
        "purpose", "state", "made_at", "since", "decided_by", "judged", "gain", "shown_auc",
        "shown_error", "columns", "before",
    )  # fmt: skip
    actions_list = ("learn_answers", "learn_needs", "how_far")
    actions_detail = ("go_back",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_learn_permission(self, request: HttpRequest, *_: Any) -> bool:
        return bool(request.user.has_perm(_MAY))

    def get_queryset(self, request: HttpRequest) -> QuerySet[CallFit]:
        found: QuerySet[CallFit] = super().get_queryset(request)
        return found.defer("arrays")

    @display(description="state", ordering="state", label={"live": "success", "lost": "info", "back": "danger"})  # fmt: skip
    def shown_state(self, fit: CallFit) -> tuple[str, str]:
        return fit.state, fit.get_state_display()

    @display(description="judged on")
    def judged(self, fit: CallFit) -> str:
        return f"{fit.figures['judged_on']} newer ones, against {fit.figures['against']}"

    @display(description="gain (95 %)")
    def gain(self, fit: CallFit) -> str:
        low, high = fit.figures["interval"]
        return f"{fit.figures['gain']:+.4f} ({low:+.4f} to {high:+.4f}) log loss"

    @display(description="AUC")
    def shown_auc(self, fit: CallFit) -> str:
        return f"{fit.figures['auc']:.3f}"

    @display(description="calibration error")
    def shown_error(self, fit: CallFit) -> str:
        return f"{fit.figures['ece']:.3f}"

    @display(description="learnt from")
    def columns(self, fit: CallFit) -> str:
        return ", ".join(fit.sheet["card"]["columns"])

    @action(description="Learn who answers now", permissions=["learn"])
    def learn_answers(self, request: HttpRequest) -> HttpResponse:
        return self._learn(request, CallFit.Purpose.ANSWERS)

    @action(description="Learn who needs a call now", permissions=["learn"])
    def learn_needs(self, request: HttpRequest) -> HttpResponse:
        return self._learn(request, CallFit.Purpose.NEEDS)

    @action(description="How far is it?", permissions=["learn"])
    def how_far(self, request: HttpRequest) -> HttpResponse:
        for purpose in CallFit.Purpose:
            found = standing(purpose, at=timezone.now())
            messages.info(
                request,
                f"{purpose.label} {found['outcomes']} of {found['needed']} outcomes, {found['rarer']} of "
                f"{found['rarer_needed']} of the rarer kind. Until it wins nothing is foretold.",
            )
        return redirect(reverse(_LIST))

    @action(description="Roll it back", permissions=["learn"])
    def go_back(self, request: HttpRequest, object_id: int) -> HttpResponse:
        fit = CallFit.objects.defer("arrays", "sheet").filter(pk=object_id).first()
        try:
            before = (
                roll_back(key=fit.uuid, by_id=int(request.user.pk or 0), at=timezone.now())
                if fit
                else None
            )
        except Refused as refused:
            messages.warning(request, refused.detail)
        else:
            said = f"{before} is live again." if before else "Nothing is foretold now."
            messages.success(
                request, f"Rolled back. {said} Nothing goes live by itself for a month."
            )
        return redirect(reverse(_LIST))

    def _learn(self, request: HttpRequest, purpose: str) -> HttpResponse:
        try:
            fit = try_anew(purpose=purpose, by_id=request.user.pk, at=timezone.now())
        except Refused as refused:
            messages.warning(request, refused.detail)
        else:
            won = fit.state == CallFit.State.LIVE
            messages.success(request, "It wins, and is live." if won else "It does not win.")
        return redirect(reverse(_LIST))
