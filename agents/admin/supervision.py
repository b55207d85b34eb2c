"""Who listened to which conversation, and what they did there: to be read by those who answer for it."""

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from unfold.decorators import display

from agents.admin.read_only import ReadOnly
from agents.models import SupervisionSession

_STEPS = {
    "watch": "began to watch",
    "whisper": "whispered to the agent",
    "barge": "spoke to the customer",
    "take_over": "took it over",
    "stop": "stopped",
}


@admin.register(SupervisionSession)
class SupervisionSessionAdmin(ReadOnly):
    list_display = (
        "supervisor", "talk", "agent", "mode", "visible", "started_at", "ended_at", "ended",
    )  # fmt: skip
    list_filter = ("mode", "ended", "visible")
    list_select_related = ("supervisor", "agent", "conversation__customer")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("supervisor__username", "supervisor__display_name", "agent__username")
    search_help_text = "A supervisor's or an agent's name."
    date_hierarchy = "started_at"
    fields = (
        ("supervisor", "agent"), "talk", ("mode", "visible"), ("started_at", "ended_at", "ended"),
        "told",
    )  # fmt: skip
    readonly_fields = ("talk", "told")

    @display(description="conversation")
    def talk(self, row: SupervisionSession) -> str:
        address = reverse("admin:conversations_conversation_change", args=[row.conversation_id])
        return format_html('<a class="way" href="{}">{}</a>', address, row.conversation)

    @display(description="steps")
    def told(self, row: SupervisionSession) -> str:
        lines: list[Any] = [(one["at"], _STEPS.get(one["step"], one["step"])) for one in row.steps]
        return format_html_join("", '<p><time datetime="{0}">{0}</time> {1}</p>', lines)
