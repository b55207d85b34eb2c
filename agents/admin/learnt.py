"""What was learnt from tables, in the admin: tried now, and one click back."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth import get_permission_codename
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action, display

from agents.admin.read_only import ReadOnly
from agents.models.fit import TableFit
from conversations.errors import Refused


class LearntAdmin(ReadOnly):
    """A page gives `try_anew`, `roll_back` and `standing` of its room, an action for each purpose, and `gone`: what is
    so when nothing is live any more. Whoever may change the model may learn and roll back."""

    try_anew: ClassVar[Callable[..., TableFit]]
    roll_back: ClassVar[Callable[..., TableFit | None]]
    standing: ClassVar[Callable[..., dict[str, int]]]
    gone: ClassVar[str]
    rows: ClassVar[str]

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
    actions_detail = ("go_back",)
    when_empty = (
        "The clock learns once there are enough outcomes of both kinds; “How far is it?” says how many there are. "
        "Until something wins, nothing is forecast."
    )

    def has_learn_permission(self, request: HttpRequest, *_: Any) -> bool:
        may = get_permission_codename("change", self.opts)
        return bool(request.user.has_perm(f"{self.opts.app_label}.{may}"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[TableFit]:
        found: QuerySet[TableFit] = super().get_queryset(request)
        return found.defer("arrays")

    @display(description="state", ordering="state", label={"live": "success", "lost": "info", "back": "danger"})  # fmt: skip
    def shown_state(self, fit: TableFit) -> tuple[str, str]:
        return fit.state, fit.get_state_display()

    @display(description="judged on")
    def judged(self, fit: TableFit) -> str:
        against = fit.figures.get("against", "the plain rate")
        return f"{fit.figures['judged_on']} newer {self.rows}, against {against}"

    @display(description="gain (95 %)")
    def gain(self, fit: TableFit) -> str:
        low, high = fit.figures["interval"]
        return f"{fit.figures['gain']:+.4f} ({low:+.4f} to {high:+.4f}) log loss"

    @display(description="AUC")
    def shown_auc(self, fit: TableFit) -> str:
        return f"{fit.figures['auc']:.3f}"

    @display(description="calibration error")
    def shown_error(self, fit: TableFit) -> str:
        return f"{fit.figures['ece']:.3f}"

    @display(description="learnt from")
    def columns(self, fit: TableFit) -> str:
        return ", ".join(fit.sheet["card"]["columns"])

    @action(description="How far is it?", permissions=["learn"])
    def how_far(self, request: HttpRequest) -> HttpResponse:
        for key, label in self.model._meta.get_field("purpose").choices:  # noqa: SLF001 -- Django's public name
            found = type(self).standing(key, at=timezone.now())
            messages.info(
                request,
                f"{label} {found['outcomes']} of {found['needed']} outcomes, {found['rarer']} of "
                f"{found['rarer_needed']} of the rarer kind. Until it wins nothing is forecast.",
            )
        return self._to_the_list()

    @action(description="Roll it back", permissions=["learn"])
    def go_back(self, request: HttpRequest, object_id: int) -> HttpResponse:
        if request.method != "POST":
            return self._are_you_sure(
                request,
                "Roll it back",
                "What was live before it is live again. Nothing goes live by itself for a month.",
            )
        fit = self.get_queryset(request).filter(pk=object_id).first()
        try:
            before = fit and type(self).roll_back(
                key=fit.uuid, by_id=request.user.pk, at=timezone.now()
            )
        except Refused as refused:
            messages.warning(request, refused.detail)
        else:
            said = f"{before} is live again." if before else self.gone
            messages.success(
                request, f"Rolled back. {said} Nothing goes live by itself for a month."
            )
        return self._to_the_list()

    def learn(self, request: HttpRequest, purpose: str) -> HttpResponse:
        if request.method != "POST":
            return self._are_you_sure(
                request,
                "Learn now",
                "From the older outcomes, judged on the newer ones: it goes live only if it wins. It takes a moment.",
            )
        try:
            fit = type(self).try_anew(purpose=purpose, by_id=request.user.pk, at=timezone.now())
        except Refused as refused:
            messages.warning(request, refused.detail)
        else:
            won = fit.state == TableFit.State.LIVE
            messages.success(request, "It wins, and is live." if won else "It does not win.")
        return self._to_the_list()

    def _are_you_sure(self, request: HttpRequest, title: str, words: str) -> HttpResponse:
        """The admin's buttons are links, and somebody else's page or message may lead there, too."""
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "words": words,
            "opts": self.opts,
            "back": self._list(),
        }
        return TemplateResponse(request, "admin/sure.html", context)

    def _to_the_list(self) -> HttpResponse:
        return redirect(self._list())

    def _list(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
