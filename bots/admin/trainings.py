"""Trainings in the admin: what one would use, a button, how it goes, and an end to it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from bots.access import may_adopt
from bots.actions.training import ask, cancel, plan
from bots.admin.learned import Decided
from bots.models import TrainingRun
from bots.tasks import train
from conversations.errors import Refused
from conversations.later import queue_task

_REFRESH = "3"  # seconds
WIDE, HIGH = 600.0, 200.0


class TrainingForm(forms.Form):
    """How long and how much; what comes along does well with the defaults."""

    minutes = forms.IntegerField(
        min_value=1, max_value=24 * 60, initial=60, widget=UnfoldAdminIntegerFieldWidget(),
        help_text="Of training at most.",
    )  # fmt: skip
    epochs = forms.IntegerField(
        min_value=1, max_value=20, initial=3, label="Passes", widget=UnfoldAdminIntegerFieldWidget(),
        help_text="Over all examples.",
    )  # fmt: skip
    rank = forms.IntegerField(
        min_value=1, max_value=64, initial=8, widget=UnfoldAdminIntegerFieldWidget(),
        help_text="Of the adapter: more holds more.",
    )  # fmt: skip


@admin.register(TrainingRun)
class TrainingRunAdmin(Decided):
    when_empty = (
        "A training makes an adapter of the accepted training examples. It computes on one core, behind"
        " everything else, and goes on by itself after a restart."
    )
    list_display = ("name", "shown_state", "examples", "progress", "asked_at", "asked_by")
    list_filter = ("state",)
    list_before_template = "admin/bots/_trainings.html"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {**(extra_context or {}), **self._start(request, TrainingForm())}
        answer: HttpResponse = ModelAdmin.changelist_view(self, request, context)
        return answer

    def get_queryset(self, request: HttpRequest) -> QuerySet[TrainingRun]:
        found: QuerySet[TrainingRun] = super().get_queryset(request)
        return found.select_related("asked_by", "adapter").defer("adapter__weights")

    def _start(self, request: HttpRequest, form: TrainingForm) -> dict[str, Any]:
        return {
            "plan": plan(),
            "form": form,
            "open_run": TrainingRun.objects.filter(is_open=True).first(),
            "may_change": self.has_change_permission(request),
            "ask": reverse("admin:bots_trainingrun_ask"),
        }

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_adopt(request.user)

    @display(description="state", ordering="state", label={"done": "success", "running": "primary", "waiting": "info", "failed": "danger", "cancelled": "warning"})  # fmt: skip
    def shown_state(self, run: TrainingRun) -> tuple[str, str]:
        return run.state, run.get_state_display()

    @display(description="progress")
    def progress(self, run: TrainingRun) -> str:
        return f"{run.stage} {run.done} of {run.total}" if run.is_open and run.total else ""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.asked))
        return [path("ask/", view, name="bots_trainingrun_ask"), *super().get_urls()]

    def asked(self, request: HttpRequest) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        form = TrainingForm(request.POST)
        if not form.is_valid():
            messages.warning(
                request, "Minutes, passes and rank must be whole numbers in their bounds."
            )
            return self.to_list()
        try:
            run = ask(**form.cleaned_data, by_id=request.user.pk, at=timezone.now())
        except Refused as refused:
            messages.warning(request, refused.detail)
            return self.to_list()
        queue_task(train)  # the worker looks by itself, too, a few seconds later
        return redirect("admin:bots_trainingrun_change", run.pk)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        run, context = self.page(request, object_id)
        context |= {
            "title": run.name,
            "percent": 100 * run.done // max(1, run.total),
            "drawn": drawn(run.curve),
            "minutes_spent": run.seconds / 60,
        }
        response = render(request, "admin/bots/training.html", context)
        if run.is_open:
            response["Refresh"] = _REFRESH
        return response

    def decided(self, request: HttpRequest, row: TrainingRun) -> HttpResponse:
        if request.POST.get("do") != "cancel":
            raise Http404
        cancel(run=row.uuid, at=timezone.now())
        messages.success(request, "Cancelled. What it had done is removed.")
        return self.to_list()


def drawn(curve: Sequence[Mapping[str, float]]) -> dict[str, Any] | None:
    """The losses as points of two lines, and what stands at their ends."""
    most = max((one[k] for one in curve for k in ("loss", "eval_loss") if k in one), default=0.0)
    steps = max((one["step"] for one in curve), default=0)
    if not most or not steps:
        return None
    found: dict[str, Any] = {"steps": steps, "most": most}
    for name in ("loss", "eval_loss"):
        points = [(one["step"], one[name]) for one in curve if name in one]
        found[name] = " ".join(
            f"{WIDE * step / steps:.1f},{HIGH * (1 - value / most):.1f}" for step, value in points
        )
        found[f"{name}_last"] = points[-1][1] if points else None
        found[f"{name}_first"] = points[0][1] if points else None
    return found
