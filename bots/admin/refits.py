"""Refits in the admin: what the clock has fitted to the centre's own outcomes, one click live, one click back."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin
from unfold.decorators import display

from bots.access import may_adopt
from bots.actions.refit import LEAST_LATER, adopt, roll_back, standing, stop, try_anew
from bots.admin.learned import Decided
from bots.models import Refit
from conversations.errors import Refused

SHOWN = (
    ("log_loss", "Log loss a turn", "less is better"),
    ("brier", "Brier score", "less is better"),
    ("ece", "Calibration error", "less is better"),
    ("first", "The right article comes first", ""),
    ("mrr", "Mean reciprocal rank", ""),
)
_JUDGES = {
    "bilingual": "Questions and articles in English",
    "alone": "In another language, both the same",
    "foreign": "Question and article in two languages",
}
_DONE = {
    "adopt": "It is live: every process weighs by it from its next question on.",
    "stop": "It is not tried any more.",
    "back": "Rolled back. Nothing goes live by itself for a month.",
}


@admin.register(Refit)
class RefitAdmin(Decided):
    when_empty = (
        "When enough of the bot's turns were resolved, or not, weights are fitted to them once a day. What is"
        " tried appears here, with its figures, whether it wins or not."
    )
    list_display = ("kind", "shown_state", "turns", "gain", "made_at", "since", "decided_by")
    list_filter = ("kind", "state")
    list_select_related = ("decided_by",)
    list_before_template = "admin/bots/_refits.html"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {
            **(extra_context or {}),
            "kinds": [self._standing(kind) for kind in Refit.Kind],
            "may_change": self.has_change_permission(request),
            "try_refit": reverse("admin:bots_refit_try"),
        }
        answer: HttpResponse = ModelAdmin.changelist_view(self, request, context)
        return answer

    def _standing(self, kind: Refit.Kind) -> dict[str, Any]:
        found, needed = standing(kind, at=timezone.now())
        rows = Refit.objects.filter(kind=kind)
        return {
            "kind": kind.value,
            "label": kind.label,
            "found": found,
            "needed": needed,
            "live": rows.filter(state=Refit.State.LIVE).first(),
            "tried": rows.filter(state=Refit.State.SHADOW).first(),
        }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Refit]:
        found: QuerySet[Refit] = super().get_queryset(request)
        return found.defer("weights").select_related("before")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_adopt(request.user)

    @display(description="state", ordering="state", label={"live": "success", "shadow": "warning", "lost": "info", "back": "danger"})  # fmt: skip
    def shown_state(self, refit: Refit) -> tuple[str, str]:
        return refit.state, refit.get_state_display()

    @display(description="judged on")
    def turns(self, refit: Refit) -> str:
        return f"{refit.figures['turns']} turns"

    @display(description="gain (95 %)")
    def gain(self, refit: Refit) -> str:
        low, high = refit.figures["interval"]
        return f"{refit.figures['gain']:+.4f} ({low:+.4f} to {high:+.4f})"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.try_now))
        return [path("try/", view, name="bots_refit_try"), *super().get_urls()]

    def try_now(self, request: HttpRequest) -> HttpResponse:
        """Without waiting for the clock."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        kind = request.POST.get("kind", "")
        if kind not in Refit.Kind.values:
            raise Http404
        try:
            row = try_anew(kind=kind, by_id=request.user.pk, at=timezone.now())
        except Refused as refused:
            messages.warning(request, refused.detail)
            return self.to_list()
        won = row is not None and row.state == Refit.State.SHADOW
        messages.success(
            request, "It wins, and is tried from now on." if won else "It does not win."
        )
        return self.to_list()

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        refit, context = self.page(request, object_id)
        context |= {
            "title": str(refit),
            "parts": [
                ("On later conversations than it was fitted to", shown(refit.figures)),
                ("Beside what answers, since it was made", shown(refit.beside)),
            ],
            "least": LEAST_LATER,
            "weights": _changed(refit),
        }
        return render(request, "admin/bots/refit.html", context)

    def decided(self, request: HttpRequest, row: Refit) -> HttpResponse:
        wanted, at, who = request.POST.get("do", ""), timezone.now(), request.user.pk
        if wanted == "adopt":
            adopt(refit=row.uuid, by_id=who, at=at)
        elif wanted == "stop":
            stop(refit=row.uuid, by_id=who, at=at)
        elif wanted == "back":
            roll_back(refit=row.uuid, by_id=who, at=at)
        else:
            raise Http404
        messages.success(request, _DONE[wanted])
        return self.to_list()


def shown(found: dict[str, Any]) -> dict[str, Any] | None:
    """Figures for the page; None where there are none yet."""
    if not found.get("turns"):
        return None
    before, after = found["before"], found["after"]
    return {
        **found,
        "rows": [
            (told, note, before[name], after[name]) for name, told, note in SHOWN if name in after
        ],
    }


def _changed(refit: Refit) -> list[tuple[str, list[tuple[str, float]]]]:
    """Who judges, and how much each signal counts there."""
    found = []
    for judge, weights in refit.weights.items():
        terms = weights.get("terms")
        told = {name: three[2] for name, three in terms.items()} if terms else weights
        found.append(
            (_JUDGES.get(judge, judge), sorted(told.items(), key=lambda one: -abs(one[1])))
        )
    return found
