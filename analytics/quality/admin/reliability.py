"""How far the machine agrees with people, question by question and version by version of the judges."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import display

from analytics.quality.models import Reliability

_STATES = {"reliable": "success", "unreliable": "danger", "unmeasured": "info"}


@admin.register(Reliability)
class ReliabilityAdmin(ModelAdmin):
    list_display = ("code", "card", "against", "judges", "pairs", "shown_kappa", "shown_state")
    list_filter = ("card", "against", "state", "judges")
    list_select_related = ("card",)
    show_full_result_count = False
    when_empty = (
        "Once people have scored what was drawn for them, agreement is measured here every hour."
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @display(description="kappa", ordering="kappa")
    def shown_kappa(self, row: Reliability) -> str:
        if row.kappa is None:
            return "–"
        if row.low is None or row.high is None:
            return f"{row.kappa:.2f}"
        return f"{row.kappa:.2f} ({row.low:.2f} to {row.high:.2f})"

    @display(description="state", ordering="state", label=_STATES)
    def shown_state(self, row: Reliability) -> tuple[str, str]:
        return row.state, row.get_state_display()
