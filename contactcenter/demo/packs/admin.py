"""The demo businesses in the admin: which are open, what weather their interfaces have, and their books."""

from typing import Any, Final

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from agents.admin.read_only import ReadOnly
from contactcenter.demo.packs.models import Business


@admin.register(Business)
class BusinessAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("pack", "weather", "opened_at")
    readonly_fields = ("pack", "opened_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """`seed_demo --pack NAME` opens one, with all that belongs to it."""
        return False


class BookAdmin(ReadOnly):
    """A page of a business's books: to look what its bot did."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Where the business is open."""
        pack = self.opts.app_label.removeprefix("demo_")
        return bool(super().has_view_permission(request, obj)) and pack in _open_packs(request)


def _open_packs(request: HttpRequest) -> set[str]:
    """Asked once for a page, whose side bar has all the books."""
    if not hasattr(request, "open_packs"):
        request.open_packs = set(Business.objects.values_list("pack", flat=True))  # type: ignore[attr-defined] # ours
    found: set[str] = request.open_packs  # type: ignore[attr-defined] # set above
    return found


# model → columns, what is searched, what is filtered by
BOOKS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]] = {
    "demo_retail.Return": (
        ("number", "line", "count", "reason", "refund", "status", "made_at"),
        ("number", "line__order__number"),
        ("status", "reason"),
    ),
    "demo_banking.Card": (
        ("__str__", "account", "kind", "status", "blocked_at", "reference"),
        ("last_four", "account__client__name", "account__client__number"),
        ("status", "kind"),
    ),
    "demo_banking.LoanApplication": (
        ("number", "client", "amount", "months", "purpose", "status", "at"),
        ("number", "client__name"),
        ("status",),
    ),
    "demo_telecom.Subscriber": (
        ("number", "name", "plan", "next_plan", "changes_on", "reference"),
        ("number", "name"),
        ("plan",),
    ),
    "demo_telecom.FaultReport": (
        ("number", "postcode", "service", "since", "at"),
        ("number", "postcode"),
        ("service",),
    ),
    "demo_telecom.Complaint": (
        ("number", "topic", "wish", "email", "at", "answer_by"),
        ("number", "email"),
        ("topic",),
    ),
    "demo_health.Appointment": (
        ("number", "name", "doctor", "starts_at", "status"),
        ("number", "name"),
        ("doctor", "is_cancelled"),
    ),
    "demo_health.Refill": (
        ("number", "medicine", "status", "at", "ready_on"),
        ("number",),
        ("status",),
    ),
    "demo_travel.Booking": (
        ("number", "name", "flight", "day", "travellers", "fare", "price", "status"),
        ("number", "name", "email"),
        ("status", "fare"),
    ),
    "demo_restaurant.Reservation": (
        ("number", "name", "day", "time", "people", "table", "status"),
        ("number", "name", "email"),
        ("status",),
    ),
    "demo_restaurant.FoodOrder": (
        ("number", "name", "how", "total", "status", "due_at"),
        ("number", "name", "email"),
        ("status", "how"),
    ),
}
for _name, (_columns, _searched, _filters) in BOOKS.items():
    admin.site.register(
        apps.get_model(_name),
        type(
            f"{_name.replace('.', '')}Admin",
            (BookAdmin,),
            {"list_display": _columns, "search_fields": _searched, "list_filter": _filters},
        ),
    )
