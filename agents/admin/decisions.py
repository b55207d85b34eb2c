"""What routing decided and what agents did all day: to be read, with the reasons."""

from datetime import timedelta
from uuid import UUID

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.decorators import display

from agents.admin.read_only import ReadOnly
from agents.admin.tables import lasted, why_table
from agents.models import Assignment, Offer, PresenceChange


def _talk(conversation: Model) -> str:
    address = reverse("admin:conversations_conversation_change", args=[conversation.pk])
    return format_html('<a class="way" href="{}">{}</a>', address, conversation)


def _lasted(time: timedelta | None) -> str:
    if time is None:
        return "still on"
    return lasted(time.total_seconds())


class Decisions(ReadOnly):
    show_full_result_count = False
    list_per_page = 50
    list_select_related = ("agent", "conversation__customer")
    search_fields = ("agent__username", "agent__display_name")
    search_help_text = "An agent's name, or a conversation's id."

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Model], search_term: str
    ) -> tuple[QuerySet[Model], bool]:
        try:
            return queryset.filter(conversation__uuid=UUID(search_term.strip())), False
        except ValueError:
            found: tuple[QuerySet[Model], bool] = super().get_search_results(
                request, queryset, search_term
            )
            return found

    @display(description="conversation")
    def talk(self, row: Offer | Assignment) -> str:
        return _talk(row.conversation)

    @display(description="why")
    def explained(self, row: Offer | Assignment) -> str:
        return why_table(row.why)

    @display(description="out of")
    def out_of(self, row: Offer | Assignment) -> str:
        if "eligible" not in row.why:
            return "–"
        return f"{row.why['eligible']} of {row.why.get('online', '?')}"


@admin.register(Offer)
class OfferAdmin(Decisions):
    """Who was asked, what they said, and why it was them."""

    list_display = ("created_at", "agent", "talk", "result", "took", "out_of")
    list_display_links = ("created_at",)
    list_filter = ("outcome", "agent", "conversation__queue", "created_at")
    date_hierarchy = "created_at"
    fields = (("agent", "talk"), ("created_at", "result"), ("took", "uuid"), "explained")
    readonly_fields = ("talk", "result", "took", "explained")

    @display(
        description="answer",
        label={"Accepted": "success", "Declined": "warning", "Not answered in time": "danger"},
    )
    def result(self, offer: Offer) -> str:
        return offer.get_outcome_display() or "Open"

    @display(description="after")
    def took(self, offer: Offer) -> str:
        return _lasted(offer.ended_at - offer.created_at if offer.ended_at else None)


@admin.register(Assignment)
class AssignmentAdmin(Decisions):
    """Who held what, from when to when, and how it came to them."""

    list_display = ("started_at", "agent", "talk", "how", "lasted", "out_of")
    list_display_links = ("started_at",)
    list_filter = ("how", "agent", "conversation__queue", "started_at")
    date_hierarchy = "started_at"
    fields = (("agent", "talk"), ("started_at", "ended_at"), ("how", "lasted"), "explained")
    readonly_fields = ("talk", "lasted", "explained")

    @display(description="for")
    def lasted(self, row: Assignment) -> str:
        return _lasted(row.ended_at - row.started_at if row.ended_at else None)


@admin.register(PresenceChange)
class PresenceChangeAdmin(ReadOnly):
    """An agent's day: choose the agent and the date on the right."""

    list_display = ("since", "agent", "state", "reason", "until", "lasted", "set_by")
    list_display_links = ("since",)
    list_filter = ("agent", "status", "reason", "since")
    list_select_related = ("agent", "set_by")
    search_fields = ("agent__username", "agent__display_name", "reason")
    date_hierarchy = "since"
    show_full_result_count = False
    list_per_page = 50
    fields = (("agent", "state"), "reason", ("since", "until"), "lasted", "set_by")
    readonly_fields = ("state", "lasted")

    @display(description="was", label={"online": "success", "away": "warning"})
    def state(self, change: PresenceChange) -> str:
        return change.status

    @display(description="for")
    def lasted(self, change: PresenceChange) -> str:
        return _lasted((change.until or timezone.now()) - change.since)
