"""What is offered to whom, in the admin: products and services, segments, offer rules."""

import json
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.forms import Script
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from agents.recommendations.models import Item, OfferRules, Segment
from agents.recommendations.reads.segments import customers_in
from agents.recommendations.rules.segment_words import form, in_words
from agents.recommendations.rules.segments import BadSegment, parse

_CHOICES = 300  # more are not chosen from a list
_LONGEST = 20_000


@admin.register(Item)
class ItemAdmin(ModelAdmin):
    list_display = ("name", "kind", "category", "price", "segment", "is_active")
    list_filter = ("kind", "category", "is_active", "segment")
    list_select_related = ("segment",)
    search_fields = ("name", "key")
    fields = (
        ("key", "kind"), "name", "description", ("category", "url"), ("price", "currency"),
        ("inbox", "segment"), ("again", "most_shown"), "starts_at", "ends_at", "is_active",
    )  # fmt: skip
    when_empty = "What the business sells. It may send them by the API or as a table, too."

    def save_model(self, request: HttpRequest, obj: Item, form: Any, change: bool) -> None:  # noqa: FBT001
        obj.updated_at = timezone.now()
        super().save_model(request, obj, form, change)


class SegmentForm(forms.ModelForm):  # type: ignore[type-arg]
    class Media:
        js = (Script("js/admin/segments.js", type="module"),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "conditions" in self.fields:  # not for who may only look
            field = self.fields["conditions"]
            field.help_text = "Who belongs is asked when it matters; nobody is put on a list."
            field.widget = UnfoldAdminTextareaWidget(
                attrs={
                    "rows": 8,
                    "class": "segment-conditions rule-value",
                    "spellcheck": "false",
                    "data-form": json.dumps(form(*_catalogue())),
                    "data-check": reverse("admin:recommendations_segment_check"),
                }
            )

    def clean_conditions(self) -> Any:
        tree = self.cleaned_data["conditions"] or {}
        try:
            parse(tree)
        except BadSegment as problem:
            raise forms.ValidationError(str(problem)) from None
        return tree


def _catalogue() -> tuple[list[dict[str, str]], list[str]]:
    """Items and categories to choose from; too many items are written by their keys."""
    items = list(Item.objects.order_by("name").values_list("key", "name")[: _CHOICES + 1])
    kinds = (
        Item.objects.exclude(category="").order_by("category").values_list("category", flat=True)
    )
    chosen = [] if len(items) > _CHOICES else items
    return [{"value": key, "label": name} for key, name in chosen], list(
        kinds.distinct()[:_CHOICES]
    )


@admin.register(Segment)
class SegmentAdmin(ModelAdmin):
    form = SegmentForm
    list_display = ("name", "who", "description", "customers", "is_active")
    fields = ("name", "description", "conditions", "is_active")
    search_fields = ("name",)
    when_empty = "A segment names customers by what is known of them: an audience for offers."

    def save_model(self, request: HttpRequest, obj: Segment, form: Any, change: bool) -> None:  # noqa: FBT001
        if not change:
            obj.created_at = timezone.now()
        super().save_model(request, obj, form, change)

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "check/",
            self.admin_site.admin_view(self.check_conditions),
            name="recommendations_segment_check",
        )
        return [own, *super().get_urls()]

    def check_conditions(self, request: HttpRequest) -> HttpResponse:
        """POST conditions as JSON: how many they are and in words, or what is wrong."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            tree = json.loads(request.POST.get("value", "").strip()[:_LONGEST] or "{}")
            many = customers_in(tree, at=timezone.now()).count()
        except BadSegment as problem:
            return JsonResponse({"problem": str(problem)})
        except (ValueError, RecursionError):
            return JsonResponse({"problem": "This is not JSON."})
        people = "customer belongs" if many == 1 else "customers belong"
        return JsonResponse({"says": f"{many:,} {people} to it now: {in_words(parse(tree))}."})

    @display(description="who")
    def who(self, row: Segment) -> str:
        try:
            return in_words(parse(row.conditions))
        except BadSegment:  # what an older version could say
            return "–"

    @display(description="customers now")
    def customers(self, row: Segment) -> int | None:
        try:
            return customers_in(row.conditions, at=timezone.now()).count()
        except BadSegment:
            return None


@admin.register(OfferRules)
class OfferRulesAdmin(ModelAdmin):
    list_display = ("__str__", "console", "widget", "many", "control_percent", "explore_percent", "most_a_week")  # fmt: skip
    list_select_related = ("inbox",)
    fields = (
        "inbox", ("console", "widget"), "many", ("control_percent", "explore_percent"),
        ("most_a_week", "busy_from"),
    )  # fmt: skip
    when_empty = "Agents are shown three items, customers none; a row changes that for one inbox, or for all others."
