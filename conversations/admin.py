"""Conversations in the admin: to be read, with everything that ever happened in them.

Nothing here can break a promise: messages and the log are never edited or deleted. Only those
who may see every conversation come in; whoever serves a queue has the console.
"""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from unfold.admin import ModelAdmin
from unfold.decorators import display

from conversations import case_admin  # noqa: F401 -- registered beside these
from conversations.actions.standing import block, unblock
from conversations.admin_links import link_to
from conversations.log_words import in_words
from conversations.models import Callback, Conversation, Customer, Event, Handoff, Rating

_SEE_ALL = "conversations.see_all_conversations"
_LOG_SHOWN = 1000
_STATE_COLOURS = {
    Conversation.State.BOT: "info",
    Conversation.State.QUEUED: "warning",
    Conversation.State.ASSIGNED: "success",
    Conversation.State.SNOOZED: "primary",
}


class OnlyForThoseWhoSeeAll(ModelAdmin):
    """Rows of conversations: nobody adds or deletes one here."""

    show_full_result_count = False
    list_per_page = 50

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm(_SEE_ALL) and super().has_view_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm(_SEE_ALL) and super().has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReasonFilter(admin.SimpleListFilter):
    title = "reason for a person"
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, str(label)) for value, label in Handoff.Reason.choices]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Conversation]
    ) -> QuerySet[Conversation]:
        if not self.value():
            return queryset
        handed = Handoff.objects.filter(reason=self.value())
        return queryset.filter(pk__in=handed.values("conversation"))


@admin.register(Conversation)
class ConversationAdmin(OnlyForThoseWhoSeeAll):
    list_display = (
        "who", "shown_state", "last_words", "queue", "assignee", "score", "last_message_at",
    )  # fmt: skip
    list_display_links = ("who", "last_words")
    list_filter: tuple[Any, ...] = (
        "state", "inbox", "queue", "language", ReasonFilter, "rating__score", "opened_at",
    )  # fmt: skip
    list_select_related = ("customer", "inbox", "queue", "assignee", "rating")
    search_fields = ("customer__name", "customer__email", "preview")
    search_help_text = "A customer's name or e-mail, words of the last message, or the id."
    ordering = ("-last_message_at", "-pk")
    change_form_outer_after_template = "admin/conversations/conversation/log.html"
    fieldsets = (
        (None, {"fields": (
            ("who_link", "state"), ("inbox", "language"), ("queue", "assignee"),
            ("opened_at", "resolved_at"), ("priority", "labelled"), ("score", "uuid"),
        )}),
    )  # fmt: skip
    readonly_fields = ("who_link", "score", "labelled", "uuid")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Conversation], search_term: str
    ) -> tuple[QuerySet[Conversation], bool]:
        try:
            return queryset.filter(uuid=UUID(search_term.strip())), False
        except ValueError:
            found: tuple[QuerySet[Conversation], bool] = super().get_search_results(
                request, queryset, search_term
            )
            return found

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        log = self._log(object_id) if object_id.isdecimal() else []
        extra = {"log": in_words(log[-_LOG_SHOWN:]), "log_is_longer": len(log) > _LOG_SHOWN}
        answer: HttpResponse = super().change_view(
            request, object_id, form_url, {**extra, **(extra_context or {})}
        )
        return answer

    @staticmethod
    def _log(object_id: str) -> list[Event]:
        """The latest lines, oldest first; one more than is shown tells that there are more."""
        lines = (
            Event.objects.filter(conversation_id=int(object_id[:18]))
            .select_related("message", "agent")
            .order_by("-offset")[: _LOG_SHOWN + 1]
        )
        return list(reversed(lines))

    @display(description="last words", empty_value="–")
    def last_words(self, conversation: Conversation) -> str | None:
        """One line of a list; the whole talk is a click away."""
        return Truncator(conversation.preview).chars(60) or None

    @display(description="customer", ordering="customer__name")
    def who(self, conversation: Conversation) -> str:
        return str(conversation.customer)

    @display(description="customer")
    def who_link(self, conversation: Conversation) -> str:
        address = reverse("admin:conversations_customer_change", args=[conversation.customer_id])
        return format_html('<a class="way" href="{}">{}</a>', address, conversation.customer)

    @display(description="state", ordering="state", label=_STATE_COLOURS)
    def shown_state(self, conversation: Conversation) -> tuple[str, str]:
        return conversation.state, conversation.get_state_display()

    @display(description="labels", empty_value="–")
    def labelled(self, conversation: Conversation) -> str | None:
        return ", ".join(conversation.labels) or None

    @display(description="rating", empty_value="–", ordering="rating__score")
    def score(self, conversation: Conversation) -> str | None:
        rating = getattr(conversation, "rating", None)
        return f"{rating.score} of 5" if rating else None


@admin.register(Customer)
class CustomerAdmin(OnlyForThoseWhoSeeAll):
    list_display = (
        "__str__", "company", "email", "phone", "language", "is_blocked", "created_at",
    )  # fmt: skip
    list_select_related = ("company",)
    list_filter = ("is_blocked", "language", "created_at")
    search_fields = ("name", "email", "phone", "identities__external_id")
    search_help_text = "A name, an e-mail, a phone number or an external id."
    fields = (
        ("name", "language"), ("email", "phone"), ("company", "owner"), "is_blocked", "known_as",
        "attributes",
        "talks", ("created_at", "uuid"),
    )  # fmt: skip
    readonly_fields = ("known_as", "attributes", "talks", "created_at", "uuid")
    autocomplete_fields = ("company", "owner")

    def save_model(self, request: HttpRequest, obj: Customer, form: Any, change: Any) -> None:
        """Blocking is more than a tick: what is open with them ends."""
        wanted = obj.is_blocked
        obj.is_blocked = bool(form.initial.get("is_blocked", False))
        super().save_model(request, obj, form, change)
        by: dict[str, Any] = {"agent_id": request.user.pk, "at": timezone.now()}
        if wanted:
            block(customer_id=obj.pk, reason="", **by)
        else:
            unblock(customer_id=obj.pk, **by)

    @display(description="signed identities", empty_value="–")
    def known_as(self, customer: Customer) -> str | None:
        known = customer.identities.values_list("external_id", flat=True)
        return ", ".join(known) or None

    @display(description="conversations")
    def talks(self, customer: Customer) -> str:
        address = reverse("admin:conversations_conversation_changelist")
        return format_html(
            '<a class="way" href="{}?customer__id__exact={}">{}</a>',
            address, customer.pk, customer.conversations.count(),
        )  # fmt: skip


@admin.register(Callback)
class CallbackAdmin(OnlyForThoseWhoSeeAll):
    """Who wants to be called. The state is ours to set; the rest is what the customer said."""

    list_display = ("customer", "phone", "call_at", "state", "created_at", "talk")
    list_editable = ("state",)
    list_filter = ("state", "call_at", "created_at")
    list_select_related = ("conversation__customer",)
    search_fields = ("phone", "conversation__customer__name")
    fields = ("state", "phone", "call_at", "created_at", "talk")
    readonly_fields = ("phone", "call_at", "created_at", "talk")

    @display(description="customer")
    def customer(self, callback: Callback) -> str:
        return str(callback.conversation.customer)

    @display(description="conversation")
    def talk(self, callback: Callback) -> str:
        return link_to(callback.conversation)


@admin.register(Rating)
class RatingAdmin(OnlyForThoseWhoSeeAll):
    list_display = ("shown_score", "comment", "customer", "talk", "rated_at")
    list_filter = ("score", "conversation__inbox", "rated_at")
    list_select_related = ("conversation__customer",)
    search_fields = ("comment", "conversation__customer__name")
    ordering = ("-rated_at", "-pk")
    fields = ("shown_score", "comment", "customer", "talk", "rated_at")
    readonly_fields = ("shown_score", "customer", "talk")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @display(description="score", ordering="score")
    def shown_score(self, rating: Rating) -> str:
        return f"{rating.score} of 5"

    @display(description="customer")
    def customer(self, rating: Rating) -> str:
        return str(rating.conversation.customer)

    @display(description="conversation")
    def talk(self, rating: Rating) -> str:
        return link_to(rating.conversation)
