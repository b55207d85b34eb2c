"""What agents choose from: how a talk ended, and why they are away."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import display

from agents.models import StateReason, WrapUpCode


@admin.register(WrapUpCode)
class WrapUpCodeAdmin(ModelAdmin):
    list_display = ("name", "code", "where", "is_default", "is_active", "position")
    list_editable = ("is_active", "position")
    list_filter = ("is_active", "is_default", "queues")
    search_fields = ("code", "name")
    autocomplete_fields = ("queues",)
    fields = (("name", "code"), "queues", ("is_default", "is_active"), "position")

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else {"code": ("name",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[WrapUpCode]:
        rows: QuerySet[WrapUpCode] = super().get_queryset(request)
        return rows.prefetch_related("queues")

    @display(description="queues")
    def where(self, code: WrapUpCode) -> str:
        return ", ".join(queue.name for queue in code.queues.all()) or "Every queue"


class ReasonForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    class Meta:
        model = StateReason
        fields = ("name", "status", "is_work", "is_active")


@admin.register(StateReason)
class StateReasonAdmin(ModelAdmin):
    form = ReasonForm
    list_display = ("name", "status", "is_work", "is_active")
    list_editable = ("is_work", "is_active")
    list_filter = ("status", "is_work", "is_active")
    search_fields = ("name",)
    fields = (("name", "status"), ("is_work", "is_active"))
