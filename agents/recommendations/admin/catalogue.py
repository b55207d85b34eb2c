"""What is offered to whom, in the admin: products and services, segments, offer rules."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import display

from agents.recommendations.models import Item, OfferRules, Segment
from agents.recommendations.reads.segments import customers_in
from agents.recommendations.rules.segments import FIELDS, BadSegment, parse


@admin.register(Item)
class ItemAdmin(ModelAdmin):
    list_display = ("name", "kind", "category", "price", "segment", "is_active")
    list_filter = ("kind", "category", "is_active", "segment")
    list_select_related = ("segment",)
    search_fields = ("name", "key")
    fields = (
        ("key", "kind"), "name", "description", ("category", "url"), ("price", "currency"),
        ("inbox", "segment"), ("again", "most_shown"), ("starts_at", "ends_at"), "is_active",
    )  # fmt: skip
    when_empty = "What the business sells. It may send them by the API or as a table, too."

    def save_model(self, request: HttpRequest, obj: Item, form: Any, change: bool) -> None:  # noqa: FBT001
        obj.updated_at = timezone.now()
        super().save_model(request, obj, form, change)


class SegmentForm(forms.ModelForm):  # type: ignore[type-arg]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "conditions" in self.fields:
            told = ", ".join(f"{field} ({', '.join(ops)})" for field, ops in FIELDS.items())
            self.fields["conditions"].help_text += f" Fields: {told}; attributes.NAME."

    def clean_conditions(self) -> Any:
        tree = self.cleaned_data["conditions"] or {}
        try:
            parse(tree)
        except BadSegment as problem:
            raise forms.ValidationError(str(problem)) from None
        return tree


@admin.register(Segment)
class SegmentAdmin(ModelAdmin):
    form = SegmentForm
    list_display = ("name", "description", "customers", "is_active")
    fields = ("name", "description", "conditions", "is_active")
    search_fields = ("name",)
    when_empty = "A segment names customers by what is known of them: an audience for offers."

    def save_model(self, request: HttpRequest, obj: Segment, form: Any, change: bool) -> None:  # noqa: FBT001
        if not change:
            obj.created_at = timezone.now()
        super().save_model(request, obj, form, change)

    @display(description="customers now")
    def customers(self, row: Segment) -> int:
        return customers_in(row.conditions, at=timezone.now()).count()


@admin.register(OfferRules)
class OfferRulesAdmin(ModelAdmin):
    list_display = ("__str__", "console", "widget", "many", "control_percent", "explore_percent", "most_a_week")  # fmt: skip
    list_select_related = ("inbox",)
    fields = (
        "inbox", ("console", "widget"), "many", ("control_percent", "explore_percent"),
        ("most_a_week", "busy_from"),
    )  # fmt: skip
    when_empty = "Agents are shown three items, customers none; a row changes that for one inbox, or for all others."
