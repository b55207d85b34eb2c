"""Queues and teams in the admin: where customers wait, who serves there, by which rules."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import display

from agents.admin.policies import rules_of
from agents.admin.tables import rules_table
from agents.models import Queue, Team
from agents.queries import number_of
from agents.reads.setup import in_force, place_of_queue
from conversations.lifecycle import WAITING
from conversations.models import Conversation


@admin.register(Team)
class TeamAdmin(ModelAdmin):
    list_display = ("name", "above", "people")
    list_select_related = ("above",)
    search_fields = ("name", "members__username", "members__display_name")
    autocomplete_fields = ("members", "leads", "above")
    readonly_fields = ("uuid",)
    fieldsets = (
        (None, {"fields": (("name", "above"),)}),
        ("Who serves", {"fields": ("members",)}),
        ("Who supervises", {
            "description": "Leads need the role lead, or another one that may supervise.",
            "fields": ("leads", "uuid"),
        }),
    )  # fmt: skip
    inlines = (rules_of("team"),)

    def get_inlines(self, request: HttpRequest, obj: Team | None) -> Any:
        return self.inlines if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        rows: QuerySet[Team] = super().get_queryset(request)
        return rows.annotate(size=Count("members", distinct=True))

    @display(description="members", ordering="size")
    def people(self, team: Team) -> int:
        return int(getattr(team, "size", 0))


@admin.register(Queue)
class QueueAdmin(ModelAdmin):
    list_display = ("name", "is_default", "team", "waiting", "offer_seconds", "target_seconds")
    list_filter = ("is_default", "team")
    search_fields = ("name",)
    autocomplete_fields = ("inboxes", "members")
    readonly_fields = ("uuid", "rules_in_force")
    fieldsets = (
        (None, {"fields": (("name", "is_default"),)}),
        ("What comes in", {"fields": ("inboxes",)}),
        ("Who serves", {"fields": ("team", "members")}),
        ("How soon", {"fields": (("offer_seconds", "target_seconds"), "uuid")}),
        ("What holds here", {
            "description": "Each rule as it is in force in this queue, and where that was said.",
            "fields": ("rules_in_force",),
            "classes": ("collapse",),
        }),
    )  # fmt: skip
    inlines = (rules_of("queue"),)

    def get_inlines(self, request: HttpRequest, obj: Queue | None) -> Any:
        return self.inlines if obj else ()

    def get_fieldsets(self, request: HttpRequest, obj: Queue | None = None) -> Any:
        return self.fieldsets if obj else self.fieldsets[:-1]

    @display(description="in force")
    def rules_in_force(self, queue: Queue) -> str:
        return rules_table(in_force(place_of_queue(queue)))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Queue]:
        rows: QuerySet[Queue] = super().get_queryset(request)
        queued = Conversation.objects.filter(state__in=WAITING)
        return rows.annotate(queued=number_of(queued, by="queue"))

    def has_delete_permission(self, request: HttpRequest, obj: Queue | None = None) -> bool:
        """The default queue takes what nobody else does; a used one is part of the history."""
        allowed: bool = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not (obj.is_default or obj.conversations.exists()))

    @display(description="waiting now", ordering="queued")
    def waiting(self, queue: Queue) -> int:
        return int(getattr(queue, "queued", 0))
