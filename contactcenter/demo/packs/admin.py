"""The demo businesses in the admin: which are open, and what weather their interfaces have."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from contactcenter.demo.packs.models import Business


@admin.register(Business)
class BusinessAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("pack", "weather", "opened_at")
    readonly_fields = ("pack", "opened_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """`seed_demo --pack NAME` opens one, with all that belongs to it."""
        return False
